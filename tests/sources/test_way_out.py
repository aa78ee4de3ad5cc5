"""The way out: credentials, redirects, next-page links and large answers against a server that is hostile."""

import gzip

import pytest

from cxnlp.collect.web.pages import read_pages
from cxnlp.collect.web.points import Point
from cxnlp.environment import read_environment
from cxnlp.errors import CxnlpError
from cxnlp.web_settings import Api
from tests.vendors.server import Answer, Asked, Vendor

TOKEN = "planted-token-4711"
QUICK = {"attempts": 2, "backoff_seconds": 0, "timeout_seconds": 1.0}


class Hostile(Vendor):
    """Answers as a test says, by path."""

    def __init__(self, **answers: Answer) -> None:
        super().__init__()
        self.answers = answers

    def answer(self, asked: Asked) -> Answer:
        return self.answers[asked.path.strip("/")]


@pytest.fixture(autouse=True)
def _token(monkeypatch):
    monkeypatch.setenv("TOKEN", TOKEN)


def settings(url, path="items", auth=None, bounds=QUICK, hosts=(), **more):
    return Api.model_validate(
        {
            "base_url": url,
            "path": path,
            "auth": auth or {"kind": "bearer", "token": {"env": "TOKEN"}},
            "records": "items",
            "paginator": {"kind": "json_link", "path": "next"},
            "hosts": hosts,
            "bounds": bounds,
            **more,
        }
    )


def read(api, read_secret=read_environment):
    point = Point("items", api.cursor, "iso", "UTC", None)
    return [record for page in read_pages("items", api, read_secret, point) for record in page.records]


def test_a_next_page_link_to_another_host_is_refused_and_nothing_is_sent_there():
    with Hostile(two=Answer({"items": []})).serving() as stranger:
        page = Answer({"items": [{"id": 1}], "next": f"{stranger.url}/two"})
        with Hostile(items=page).serving() as vendor, pytest.raises(CxnlpError, match="does not name"):
            read(settings(vendor.url))
        assert stranger.asked == []


def test_credentials_do_not_go_to_another_host_even_where_it_is_named():
    with Hostile(two=Answer({"items": [{"id": 2}], "next": None})).serving() as other:
        page = Answer({"items": [{"id": 1}], "next": f"{other.url}/two"})
        with Hostile(items=page).serving() as vendor:
            api = settings(vendor.url, hosts=[other.url.removeprefix("http://")])
            assert [record["id"] for record in read(api)] == [1, 2]
            assert vendor.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
        assert TOKEN not in str(other.asked)


@pytest.mark.parametrize("place", ["header", "query"])
def test_a_redirect_to_another_host_is_refused_with_its_credentials(place):
    auth = {"kind": "api_key", "key": {"env": "TOKEN"}, "place": place, "field": "api_key"}
    with Hostile(two=Answer({"items": []})).serving() as stranger:
        moved = Answer(b"", 302, {"Location": f"{stranger.url}/two"})
        with (
            Hostile(items=moved).serving() as vendor,
            pytest.raises(CxnlpError, match="sends on to another host") as told,
        ):
            read(settings(vendor.url, auth=auth, hosts=[stranger.url.removeprefix("http://")]))
        assert stranger.asked == []
        assert TOKEN not in str(told.value)


def test_a_redirect_within_the_host_is_followed():
    moved = Answer(b"", 302, {"Location": "/two"})
    with Hostile(items=moved, two=Answer({"items": [{"id": 7}], "next": None})).serving() as vendor:
        assert read(settings(vendor.url)) == [{"id": 7}]


def test_a_key_in_the_query_stands_in_no_message():
    auth = {"kind": "api_key", "key": {"env": "TOKEN"}, "place": "query", "field": "api_key"}
    refusal = pytest.raises(CxnlpError, match="answered 403; may this credential read it")
    with Hostile(items=Answer({"error": "no"}, 403)).serving() as vendor, refusal as told:
        read(settings(vendor.url, auth=auth))
    chain = [told.value, told.value.__cause__]
    assert TOKEN not in repr(chain)
    assert told.value.__suppress_context__


def test_a_server_that_is_not_there_is_told_without_the_key():
    auth = {"kind": "api_key", "key": {"env": "TOKEN"}, "place": "query", "field": "api_key"}
    with pytest.raises(CxnlpError, match="no answer from 127.0.0.1") as told:
        read(settings("http://127.0.0.1:9", auth=auth))
    assert TOKEN not in str(told.value)


def test_oauth2_asks_for_a_token_once_and_again_when_it_expired(monkeypatch):
    class Guarded(Hostile):
        tokens = 0

        def answer(self, asked):
            if asked.path == "/token":
                self.tokens += 1
                return Answer({"access_token": f"t{self.tokens}", "expires_in": 3600})
            if asked.headers["authorization"] != "Bearer t2":
                return Answer({"error": "expired"}, 401)
            return Answer({"items": [{"id": 1}], "next": None})

    monkeypatch.setenv("CLIENT", "c1")
    with Guarded().serving() as vendor:
        auth = {
            "kind": "oauth2",
            "token_url": f"{vendor.url}/token",
            "client_id": {"env": "CLIENT"},
            "client_secret": {"env": "TOKEN"},
        }
        assert read(settings(vendor.url, auth=auth)) == [{"id": 1}]
        assert vendor.tokens == 2
        assert [TOKEN in str(asked.body) for asked in vendor.asked] == [True, False, True, False]


def test_a_page_that_leads_to_itself_has_an_end():
    class Round(Hostile):
        def answer(self, asked):
            return Answer({"items": [{"id": 1}], "next": f"{self.url}/items"})

    with Round().serving() as vendor, pytest.raises(CxnlpError, match="leads back to one before"):
        read(settings(vendor.url))


def test_more_pages_than_the_bounds_allow_are_refused():
    class Endless(Hostile):
        def answer(self, asked):
            return Answer({"items": [{"id": 1}], "next": f"{self.url}/items?page={len(self.asked)}"})

    with Endless().serving() as vendor, pytest.raises(CxnlpError, match="more than 5 pages"):
        read(settings(vendor.url, bounds={**QUICK, "pages": 5}))


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b'{"items": ["' + b"x" * 2_000_000 + b'"]}'),
        Answer(gzip.compress(b'{"items": ["' + b"x" * 2_000_000 + b'"]}'), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["plain", "gzip"],
)
def test_an_answer_longer_than_the_bounds_is_refused(answer):
    with Hostile(items=answer).serving() as vendor, pytest.raises(CxnlpError, match="longer than 1,000,000 bytes"):
        read(settings(vendor.url, bounds={**QUICK, "response_bytes": 1_000_000}))


def test_an_answer_packed_twice_is_refused():
    packed = Answer(gzip.compress(gzip.compress(b"{}")), headers={"Content-Encoding": "gzip, gzip"})
    with Hostile(items=packed).serving() as vendor, pytest.raises(CxnlpError, match="packed in a way"):
        read(settings(vendor.url))


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"items": [', b"\xff\xfe\x00", b""])
def test_an_answer_that_is_not_json_is_refused(body):
    with Hostile(items=Answer(body)).serving() as vendor, pytest.raises(CxnlpError, match="is not JSON"):
        read(settings(vendor.url))


def test_half_characters_and_nan_are_made_sound():
    body = b'{"items": [{"id": 1, "text": "half \\ud800 of it", "stars": NaN}], "next": null}'
    with Hostile(items=Answer(body)).serving() as vendor:
        assert read(settings(vendor.url)) == [{"id": 1, "text": "half \ufffd of it", "stars": None}]


def test_retry_after_is_waited_for_but_no_longer_than_the_bounds_say(monkeypatch):
    waited = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    with Hostile(items=Answer({"items": [], "next": None})).serving() as vendor:
        vendor.retry_after = "7"
        vendor.strike("429")
        read(settings(vendor.url))
        vendor.retry_after = "100000"
        vendor.strike("429")
        read(settings(vendor.url, bounds={**QUICK, "wait_seconds": 30}))
    assert waited == [7, 30]


def test_the_environment_gives_no_proxy_and_no_credentials(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login planted password planted\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with Hostile(items=Answer({"items": [], "next": None})).serving() as vendor:
        read(settings(vendor.url))
        assert vendor.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
