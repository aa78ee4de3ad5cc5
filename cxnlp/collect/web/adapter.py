"""The one way out to the network: named hosts, kept addresses, bounded responses."""

import time
from functools import cache
from typing import BinaryIO, cast

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError
from urllib3 import HTTPResponse, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError as ConnectionFault

from cxnlp.collect.streams import CHUNK_BYTES, GzipStream, PlainStream
from cxnlp.collect.web.bodies import read_body
from cxnlp.collect.web.hosts import HostRefused, Hosts, Origin
from cxnlp.collect.web.patience import tell_wait
from cxnlp.errors import SourceError
from cxnlp.web_settings import Bounds

SIZE_REASONS = {"too_large": "opens to more than it may", "damaged_gzip": "is damaged", "truncated": "ends too early"}


class BoundedAdapter(HTTPAdapter):
    """Sends requests for one source, to its hosts only, and reads each response whole within its bounds.

    :ivar deadline: monotonic time at which the pull must end.
    """

    def __init__(self, hosts: Hosts, bounds: Bounds) -> None:
        self.hosts = hosts
        self.bounds = bounds
        self.deadline = time.monotonic() + bounds.seconds
        super().__init__(pool_maxsize=32)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **settings: object) -> None:
        """Pools whose connections go to the address that `hosts` keeps for a name."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block)
        self.poolmanager.pool_classes_by_scheme = _pools(self.hosts)

    def send(self, request: requests.PreparedRequest, **settings: object) -> requests.Response:  # type: ignore[override]
        """
        :raises HostRefused: where the pipeline file does not name the host.
        :raises SourceError: where the response is too large.
        """
        origin = self.hosts.check(request.url or "")
        if time.monotonic() > self.deadline:
            raise SourceError(
                f"source {self.hosts.source_name}: the pull took more than {self.bounds.seconds} s (bounds.seconds); "
                "what was committed stays, the next run goes on"
            )
        response = super().send(request, **{**settings, "stream": True})  # type: ignore[arg-type]
        self._read(response)
        tell_wait(response)
        self._refuse_other_origin(response, origin)
        return response

    def _read(self, response: requests.Response) -> None:
        """Take the body in; a cut one raises, so that the request is made again."""
        try:
            body = self._bounded(response.raw, response.headers.get("Content-Encoding", "identity").strip().lower())
        except ConnectionFault as error:
            raise ChunkedEncodingError(f"the response was cut: {type(error).__name__}") from error
        finally:
            response.raw.release_conn()
        response._content = body
        response._content_consumed = True
        response.json = cache(lambda: read_body(self.hosts.source_name, body))  # type: ignore[method-assign]

    def _bounded(self, raw: HTTPResponse, encoding: str) -> bytes:
        if encoding not in ("identity", "gzip", ""):
            raise SourceError(f"source {self.hosts.source_name}: a response is packed in a way that was not asked for")
        handle = cast(BinaryIO, _Undecoded(raw))
        stream = GzipStream(handle) if encoding == "gzip" else PlainStream(handle)
        body, limit = bytearray(), self.bounds.response_bytes
        while chunk := stream.read(CHUNK_BYTES):
            body += chunk
            if len(body) > limit or time.monotonic() > self.deadline:
                raw.close()
                raise SourceError(
                    f"source {self.hosts.source_name}: a response is longer than {limit:,} bytes or comes too slowly; "
                    "ask for smaller pages, or raise bounds.response_bytes"
                )
        if stream.ending:
            if stream.ending.reason == "too_large":
                raise SourceError(f"source {self.hosts.source_name}: a response {SIZE_REASONS['too_large']}")
            raise ChunkedEncodingError(f"the response {SIZE_REASONS[stream.ending.reason]}")
        return bytes(body)

    def _refuse_other_origin(self, response: requests.Response, origin: Origin) -> None:
        """A redirect may lead to another path of the same origin, nowhere else: headers would go with it."""
        if not response.is_redirect:
            return
        target = requests.compat.urljoin(response.url, response.headers["location"])
        if Origin.of(target) != origin:
            raise HostRefused(
                f"source {self.hosts.source_name}: {origin.host} sends on to another host, which is refused; "
                "if the API has moved, mend base_url"
            )


class _Undecoded:
    """A response's bytes as they came, unpacked by nobody yet."""

    def __init__(self, raw: HTTPResponse) -> None:
        self._raw = raw

    def read(self, wanted: int) -> bytes:
        return self._raw.read(wanted, decode_content=False)

    def close(self) -> None:
        """The connection is given back by the adapter."""


def _pools(hosts: Hosts) -> dict[str, type[HTTPConnectionPool]]:
    """Pool classes whose connections go to kept addresses; certificates are still checked against the name."""

    class Plain(HTTPConnection):
        def _new_conn(self):  # type: ignore[no-untyped-def]
            self._dns_host = hosts.address(Origin("http", self.host, self.port))
            return super()._new_conn()

    class Encrypted(HTTPSConnection):
        def _new_conn(self):  # type: ignore[no-untyped-def]
            self._dns_host = hosts.address(Origin("https", self.host, self.port))
            return super()._new_conn()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}
