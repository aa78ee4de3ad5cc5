"""Sources that are not proved: each reads the one example response of its vendor's documentation."""

import json
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cxnlp.tables import DROPPED, FEEDBACK
from tests.sources.bench import QUICK, SOURCES, Bench, read_source
from tests.vendors.one_page import TOKEN, OnePage

EXAMPLES = Path(__file__).parent / "further"
VARIABLES = (
    *("SURVEYMONKEY_TOKEN", "GOOGLE_TOKEN", "HUBSPOT_TOKEN", "X_BEARER_TOKEN", "YOUTUBE_KEY", "DISCOURSE_KEY"),
    *("SALESFORCE_ID", "SALESFORCE_SECRET", "JIRA_USER", "JIRA_TOKEN", "TRUSTPILOT_KEY", "TRUSTPILOT_SECRET"),
)
CREATED, UPDATED = "2026-05-01T08:00:00+00:00", "2026-05-02T09:30:00+00:00"


@dataclass(frozen=True)
class Case:
    """What the example of one vendor gives.

    :ivar credential: header or query field that says who asks, and its value.
    :ivar asked: part of the first request for records: of its query, or of its body.
    :ivar others: further columns of the item.
    """

    name: str
    source_id: str
    text: str
    credential: tuple[str, str]
    asked: str = ""
    updated_at: str = UPDATED
    others: tuple[tuple[str, object], ...] = ()


def bearer(token: str) -> tuple[str, str]:
    return "authorization", f"Bearer {token}"


CASES = (
    Case(
        "surveymonkey",
        "5007154325",
        "The engineer came a week late.",
        bearer("secret-of-SURVEYMONKEY_TOKEN"),
        "2026-01-01T00:00:00",
        "2026-05-01T08:02:24+00:00",
        (("question", "What went wrong?"), ("csat", 2), ("channel", "survey")),
    ),
    Case(
        "google_forms",
        "ACYDBNhQ1",
        "Tell me when the engineer comes.",
        bearer("secret-of-GOOGLE_TOKEN"),
        "timestamp >= 2026-01-01T00:00:00Z",
        "2026-05-01T08:02:24.123456+00:00",
        (("csat", 3), ("question", "What should we do better?")),
    ),
    Case(
        "salesforce",
        "500RO0000035WQgYAM",
        "The router you sent does not start.\nYes, it stays dark.",
        bearer(TOKEN),
        "WHERE SystemModstamp >= 2026-01-01T00:00:00Z ORDER BY SystemModstamp",
        others=(("channel", "Email"), ("segments", '{"status": "New"}')),
    ),
    Case(
        "hubspot",
        "1347",
        "My bill has a plan on it that I never ordered.\nWrong plan",
        bearer("secret-of-HUBSPOT_TOKEN"),
        '"value": 1767225600000',
        others=(("channel", "EMAIL"), ("segments", '{"status": "1"}')),
    ),
    Case(
        "jira_service_management",
        "10002",
        "The portal shows me the bill of somebody else.\nIt is still there.",
        ("authorization", "Basic " + b64encode(b"secret-of-JIRA_USER:secret-of-JIRA_TOKEN").decode()),
        'updated >= "2026-01-01 00:00" ORDER BY updated ASC',
        others=(("segments", '{"status": "Waiting for support"}'),),
    ),
    Case(
        "x",
        "1234567890123456789",
        "Three days without internet and the hotline hangs up on me",
        bearer("secret-of-X_BEARER_TOKEN"),
        "-is:retweet",
        "",
        (("channel", "x"),),
    ),
    Case(
        "youtube",
        "UgyA1",
        "The manual says nothing of this screen.",
        ("key", "secret-of-YOUTUBE_KEY"),
        "YOURCHANNEL",
        others=(("segments", '{"video": "v1"}'),),
    ),
    Case(
        "discourse",
        "812",
        "The app forgets my address.\nAddress lost",
        ("api-key", "secret-of-DISCOURSE_KEY"),
        others=(("segments", '{"is_staff": "false"}'),),
    ),
    Case(
        "google_play",
        "12345678",
        "Signs me out every day.",
        bearer("secret-of-GOOGLE_TOKEN"),
        "100",
        CREATED,
        (("stars", 2), ("segments", '{"app_version": "1.2.3", "device": "trltecan"}')),
    ),
    Case(
        "trustpilot",
        "507f191e810c19729de860ea",
        "Half price for a year was half price for a month.\nNever again",
        bearer(TOKEN),
        "createdat.desc",
        others=(("stars", 1), ("segments", '{"language": "en"}')),
    ),
)


@pytest.fixture(autouse=True)
def _credentials(monkeypatch):
    for variable in VARIABLES:
        monkeypatch.setenv(variable, f"secret-of-{variable}")


def serve(name: str) -> tuple[OnePage, dict]:
    """The example's server, and the source that asks it."""
    vendor = OnePage("", json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8")), "")

    def change(entry: dict) -> None:
        api = entry["api"]
        base = urlsplit(api["base_url"]).path
        vendor.path, vendor.records = f"{base}{api['path']}", api["records"]
        api["base_url"], api["bounds"] = base, QUICK

    return vendor, read_source(name, change)


def point_at(vendor: OnePage, parts: dict) -> dict:
    """The source's feedback, led to where the server listens."""
    api = parts["feedback"][0]["api"]
    api["base_url"] = vendor.url + api["base_url"]
    if "token_url" in api["auth"]:
        api["auth"]["token_url"] = f"{vendor.url}/token"
    return {"feedback": parts["feedback"]}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_documented_example_becomes_one_item(tmp_path, case):
    vendor, parts = serve(case.name)
    with vendor.serving():
        bench = Bench(tmp_path, point_at(vendor, parts), vendor)
        receipt = bench.pull(case.name)
        again = bench.pull(case.name)
    assert (receipt.items, receipt.quarantined, again.items) == (1, 0, 0)
    row = bench.lake.read(FEEDBACK).iloc[0]
    assert (row["source_id"], row["text"]) == (case.source_id, case.text)
    assert row["created_at"].isoformat()[:19] == CREATED[:19]
    assert ("" if row.isna()["source_updated_at"] else row["source_updated_at"].isoformat()) == case.updated_at
    assert {name: row[name] for name, _ in case.others} == dict(case.others)
    first = next(asked for asked in vendor.asked if asked.path == vendor.path)
    assert {**first.headers, **first.query}[case.credential[0]] == case.credential[1]
    assert case.asked in " ".join([*first.query.values(), first.body.decode()])


def test_a_deleted_case_of_salesforce_is_noted(tmp_path):
    vendor, parts = serve("salesforce")
    with vendor.serving():
        bench = Bench(tmp_path, point_at(vendor, parts), vendor)
        bench.pull("salesforce")
    dropped = bench.lake.read(DROPPED)[["position", "reason"]].values.tolist()
    assert dropped == [["services/data/v61.0/queryAll:500RO0000035WQhYAM", "deleted_at_source"]]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_yaml_says_that_it_is_not_proved(case):
    assert "Not proved" in (SOURCES / f"{case.name}.yaml").read_text(encoding="utf-8")
