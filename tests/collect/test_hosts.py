"""Which hosts a source may talk to, and at which address."""

import socket

import pytest

from cxnlp.collect.web.hosts import HostRefused, Hosts, Origin, is_public
from cxnlp.web_settings import Api


def hosts(base_url="https://vendor.example/api/", *further):
    api = Api.model_validate(
        {"base_url": base_url, "path": "x", "records": "$", "paginator": {"kind": "single_page"}, "hosts": further}
    )
    return Hosts.of("tickets", api)


def answers(monkeypatch, *addresses):
    """Let the name server give these addresses, one a look-up, the last for ever."""
    left = list(addresses)

    def look_up(host, port, **_):
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/api/",
        "https://vendor.example.evil.example/",
        "https://vendor.example:8443/",
        "http://vendor.example/",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:4200/api/",
        "http://[::1]/",
        "file:///etc/passwd",
        "ftp://vendor.example/",
        "https://vendor.example@other.example/",
        "https://user:word@vendor.example/",
        "https://vendor.example:99999/",
        "//vendor.example/",
    ],
)
def test_what_the_pipeline_file_does_not_name_is_refused(url):
    with pytest.raises(HostRefused):
        hosts().check(url)


@pytest.mark.parametrize(
    "url", ["https://vendor.example/page/2", "https://VENDOR.example:443/", "https://vendor.example./x"]
)
def test_what_it_names_may_be_asked(url):
    assert hosts().check(url).host == "vendor.example"


def test_further_hosts_are_those_listed():
    assert hosts("https://vendor.example/", "files.vendor.example").check("https://files.vendor.example/a").port == 443


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"],
)
def test_a_name_that_stands_for_a_private_address_is_refused(monkeypatch, address):
    answers(monkeypatch, address)
    with pytest.raises(HostRefused, match="an address that is not public; if it is meant, name vendor.example:443"):
        hosts().address(Origin.of("https://vendor.example/"))


def test_a_private_address_is_asked_where_host_and_port_are_named(monkeypatch):
    answers(monkeypatch, "10.1.2.3")
    named = hosts("https://desk.internal:8443/api/")
    assert named.address(Origin.of("https://desk.internal:8443/")) == "10.1.2.3"


def test_a_name_is_looked_up_once_so_that_a_second_answer_changes_nothing(monkeypatch):
    answers(monkeypatch, "93.184.215.14", "127.0.0.1")
    named, origin = hosts(), Origin.of("https://vendor.example/")
    assert [named.address(origin), named.address(origin)] == ["93.184.215.14"] * 2


def test_a_public_host_is_not_asked_without_encryption(monkeypatch):
    answers(monkeypatch, "93.184.215.14")
    named = hosts("http://vendor.example:80/")
    with pytest.raises(HostRefused, match="without encryption"):
        named.address(Origin.of("http://vendor.example:80/"))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07::1", True),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::1", False),
    ],
)
def test_ipv4_inside_ipv6_counts_as_what_it_is(address, public):
    assert is_public(address) is public
