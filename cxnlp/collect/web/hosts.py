"""Which hosts a source may talk to, and the address that each of their names stands for.

A next-page link, a redirect or a name server may point anywhere: into the company's own network (SSRF), or to a
stranger who wants the credentials. So only the hosts that the pipeline file names are asked, each name is looked up
once and its address kept (against DNS rebinding), and an address that is not public is refused unless the file
names that very host and port.
"""

import ipaddress
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cxnlp.errors import SourceError
from cxnlp.web_settings import Api

DEFAULT_PORTS = {"http": 80, "https": 443}
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 inside IPv6 (RFC 6052)


class HostRefused(SourceError):
    """A request to a host or address that the pipeline file does not name."""


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port of an address: what credentials belong to."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin":
        """
        :raises HostRefused: where the address is not one of HTTP.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise HostRefused("an address in the response is not a URL; it is not followed") from error
        if not port or not parts.hostname or parts.username is not None:
            raise HostRefused(f"an address with scheme {parts.scheme[:10]!r} is refused; wanted https://host/path")
        return cls(parts.scheme, parts.hostname.lower().rstrip("."), port)


@dataclass(frozen=True)
class Hosts:
    """Hosts that one source may talk to.

    :ivar named: host and port; the port is None where the pipeline file gives none, which means that of https.
    """

    source_name: str
    named: frozenset[tuple[str, int | None]]
    _addresses: dict[tuple[str, int], str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, source_name: str, api: Api) -> "Hosts":
        """The hosts that a source's settings name."""
        urls = [api.base_url, *([api.auth.token_url] if api.auth and api.auth.token_url else [])]
        return cls(source_name, frozenset([_named(url) for url in urls] + [_named(f"//{host}") for host in api.hosts]))

    def check(self, url: str) -> Origin:
        """The origin of an address that may be asked.

        :raises HostRefused: where it may not.
        """
        origin = Origin.of(url)
        is_plainly_named = (origin.host, None) in self.named and (origin.scheme, origin.port) == ("https", 443)
        if not is_plainly_named and (origin.host, origin.port) not in self.named:
            raise HostRefused(
                f"source {self.source_name}: refused to ask {origin.host[:100]}:{origin.port}, which the pipeline file "
                "does not name; if it is the vendor's, add it to the source's `hosts`"
            )
        return origin

    def address(self, origin: Origin) -> str:
        """The address to connect to: that of the first look-up.

        :raises HostRefused: where it is not public and host and port are not named, or is public and not encrypted.
        :raises OSError: where the name is not known.
        """
        key = (origin.host, origin.port)
        if key not in self._addresses:
            self._addresses[key] = self._looked_up(origin)
        return self._addresses[key]

    def _looked_up(self, origin: Origin) -> str:
        found = [info[4][0] for info in socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)]
        addresses = [str(address) for address in found]
        private = [address for address in addresses if not is_public(address)]
        if private and (origin.host, origin.port) not in self.named:
            raise HostRefused(
                f"source {self.source_name}: {origin.host} stands for an address that is not public; if it is meant, "
                f"name {origin.host}:{origin.port} in the source's `hosts`"
            )
        if origin.scheme == "http" and len(private) < len(addresses):
            raise HostRefused(f"source {self.source_name}: {origin.host} is asked without encryption; wanted https")
        return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet; IPv4 inside IPv6 counts as what it is."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in TRANSLATED:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _named(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    return (parts.hostname or "").lower().rstrip("."), parts.port
