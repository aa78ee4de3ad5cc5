"""A real IMAP server (pymap, in memory) on the loopback address, and a line to it that can be cut."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

USER = "reader@tarnlink.example"
PASSWORD = "mail-secret-1"
WAIT_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def mail_server() -> Iterator[int]:
    """Serve an empty mailbox until the block ends; gives the port."""
    port = free_port()
    command = [sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--no-tls", "dict", "--demo-user", USER, "--demo-password", PASSWORD]
    served = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        served.kill()
        served.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError, imaplib.IMAP4.error), imaplib.IMAP4("127.0.0.1", port, 5):
            return
        time.sleep(0.1)
    raise TimeoutError("the mail server did not start")


class Mailbox:
    """Puts messages into the server's inbox, as a delivery would."""

    def __init__(self, port: int) -> None:
        self.port = port

    def put(self, raw: bytes, received: float) -> None:
        """Deliver a message."""
        with self._signed_in() as connection:
            connection.append("INBOX", None, imaplib.Time2Internaldate(received), raw)

    def empty(self) -> None:
        """Take all messages away."""
        with self._signed_in() as connection:
            connection.select("INBOX")
            connection.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
            connection.expunge()

    def start_anew(self) -> None:
        """Put an empty folder of the same name in place of the inbox: its numbers do not hold any more."""
        with self._signed_in() as connection:
            connection.rename("INBOX", f"Old-{time.monotonic_ns()}")

    @contextmanager
    def _signed_in(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, 20) as connection:
            connection.login(USER, PASSWORD)
            yield connection


class Line:
    """A TCP line to a server that can be cut after so many bytes, or hold what is sent.

    :ivar cuts: bytes after which each of the next connections is cut.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.cuts: list[int] = []
        self.port = 0
        self.connections = 0

    @contextmanager
    def serving(self) -> Iterator["Line"]:
        """Listen until the block ends."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        Thread(target=self._accept, args=(listener,), daemon=True).start()
        try:
            yield self
        finally:
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                self.connections += 1
                limit = self.cuts.pop(0) if self.cuts else 1 << 40
                server = socket.create_connection(("127.0.0.1", self.target))
                Thread(target=_carry, args=(client, server, 1 << 40), daemon=True).start()
                Thread(target=_carry, args=(server, client, limit), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket, limit: int) -> None:
    """Pass bytes on until there are none, or there were enough."""
    passed = 0
    with suppress(OSError):
        while passed < limit and (some := source.recv(min(65_536, limit - passed))):
            target.sendall(some)
            passed += len(some)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
