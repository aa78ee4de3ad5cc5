"""A Prefect server of one's own on the loopback address, for as long as a schedule is served."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from cxnlp.errors import CxnlpError

HOST = "127.0.0.1"
WAIT_SECONDS = 90


@contextmanager
def server_if_needed(port: int) -> Iterator[None]:
    """Start a server on loopback and point Prefect at it, unless `PREFECT_API_URL` names one already.

    :raises CxnlpError: where the port is taken or the server does not come up.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise CxnlpError(f"port {port} is taken; give another --port, or name its server in PREFECT_API_URL")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"
    try:
        _wait_until_healthy(server, port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_until_healthy(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/api/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise CxnlpError(f"the Prefect server on port {port} did not come up; try `prefect server start` to see why")
