"""A PostgreSQL server of the test's own, on the loopback address; Debian's package is installed by install.sh."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "cxnlp_reader"
PASSWORD = "pg-secret-1"
DATABASE = "shop"


@contextmanager
def postgres_server(port: int) -> Iterator[None]:
    """Serve an empty database `shop` until the block ends; sign-ins want a password."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        _own(Path(folder))
        (Path(folder) / "password").write_text(PASSWORD, encoding="utf-8")
        options = ["--auth=scram-sha-256", f"--username={USER}", f"--pwfile={folder}/password", "--encoding=UTF8"]
        _run([f"{binaries}/initdb", "-D", f"{folder}/data", "--no-sync", *options])
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        control = [f"{binaries}/pg_ctl", "-D", f"{folder}/data", "-w", "-t", "120"]
        _run([*control, "-l", f"{folder}/log", "-o", settings, "start"])
        try:
            yield
        finally:
            _run([*control, "-m", "immediate", "stop"])


def _own(folder: Path) -> None:
    """PostgreSQL refuses to run as root: there its package's user does."""
    if os.geteuid() == 0:
        subprocess.run(["chown", "postgres", folder], check=True)


def _run(command: list[str]) -> None:
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
