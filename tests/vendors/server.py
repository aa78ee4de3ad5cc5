"""A vendor's API on the loopback address: routes, credentials, and faults that are switched on for the next answers."""

import base64
import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qs, urlsplit

FAULTS = ("429", "500", "503", "slow", "cut", "cut_gzip", "expired_token", "not_json", "redirect", "bomb")


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict:
        """The body as JSON; empty where there is none."""
        return json.loads(self.body or b"{}")

    @property
    def basic(self) -> str:
        """user:password of a basic authorisation."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        return base64.b64decode(value).decode() if kind == "Basic" else ""


@dataclass
class Answer:
    """One response: JSON, or bytes as they are."""

    body: object
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Vendor:
    """Base of a vendor's server: `answer` says what the documentation says; the rest is here.

    A vendor overrides `answer` and `is_allowed`, and lists in `pages` the path beginnings on which faults strike.
    `faults` maps a fault to the number of answers it strikes; `on_answer` is called before each answer (edit a
    record between two pages there).
    """

    name = "vendor"
    credentials = ""
    pages: tuple[str, ...] = ("/",)

    def __init__(self) -> None:
        self.faults: dict[str, int] = {}
        self.after = 0
        self.asked: list[Asked] = []
        self.on_answer: Callable[[Asked], None] = lambda asked: None
        self.redirect_to = "http://169.254.169.254/latest/meta-data/"
        self.retry_after = "0"
        self.slow_seconds = 5.0
        self.url = ""
        self.lock = Lock()

    def answer(self, asked: Asked) -> Answer:
        """What the vendor says to one request."""
        raise NotImplementedError

    def is_allowed(self, asked: Asked) -> bool:
        """Whether the request says who asks."""
        return True

    def strike(self, fault: str, times: int = 1, after: int = 0) -> None:
        """Switch a fault on for so many answers, after so many sound ones."""
        if fault not in FAULTS:
            raise ValueError(f"no fault {fault}; known: {', '.join(FAULTS)}")
        self.faults[fault] = times
        self.after = after

    def expire(self) -> None:
        """Let the credentials of now be refused until they are asked for or read anew."""

    def fault(self, asked: Asked) -> str | None:
        """The fault that strikes this request."""
        if not asked.path.startswith(self.pages):
            return None
        with self.lock:
            if self.after > 0:
                self.after -= 1
                return None
            struck = next((fault for fault, left in self.faults.items() if left > 0), None)
            if struck is not None:
                self.faults[struck] -= 1
        return struck

    @contextmanager
    def serving(self, port: int = 0) -> Iterator["Vendor"]:
        """Serve on 127.0.0.1 until the block ends."""
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


def _handler(vendor: Vendor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            asked = Asked(self.command, parts.path, query, headers, body)
            if parts.path == "/_control":
                self._control(asked)
                return
            with vendor.lock:
                vendor.asked.append(asked)
            self._answer(asked)

        do_GET = do_POST = _serve

        def _control(self, asked: Asked) -> None:
            """POST /_control {"fault": "429", "times": 2, "after": 1}."""
            wanted = asked.json()
            vendor.strike(wanted["fault"], wanted.get("times", 1), wanted.get("after", 0))
            self._send(Answer({"faults": vendor.faults}))

        def _answer(self, asked: Asked) -> None:
            fault = vendor.fault(asked)
            if fault == "expired_token":
                vendor.expire()
            if fault == "429":
                self._send(Answer({"error": "rate limit"}, 429, {"Retry-After": vendor.retry_after}))
            elif fault in ("500", "503"):
                self._send(Answer({"error": "server"}, int(fault)))
            elif fault == "redirect":
                self._send(Answer(b"", 302, {"Location": vendor.redirect_to}))
            elif fault == "not_json":
                self._send(Answer(b"<html>sign in</html>", 200, {"Content-Type": "text/html"}))
            elif fault == "bomb":
                self._send(Answer(gzip.compress(b"[" + b" " * 200_000_000 + b"]"), 200, {"Content-Encoding": "gzip"}))
            elif not vendor.is_allowed(asked):
                self._send(Answer({"error": "Couldn't authenticate you"}, 401))
            else:
                if fault == "slow":
                    time.sleep(vendor.slow_seconds)
                vendor.on_answer(asked)
                self._send(vendor.answer(asked), fault)

        def _send(self, answer: Answer, fault: str | None = None) -> None:
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            headers = {"Content-Type": "application/json; charset=utf-8", **answer.headers}
            if fault == "cut_gzip":
                body = gzip.compress(body)
                body, headers["Content-Encoding"] = body[: len(body) // 2], "gzip"
            self.send_response(answer.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if fault == "cut":
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
                return
            try:
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client would not read so much

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler
