"""The night of the sample company, as `make demo` runs it: what the README says, and the planted incidents."""

import json
from pathlib import Path

import pandas as pd
import pytest

from cxnlp.lake import Lake
from cxnlp.tables import DROPPED, FEEDBACK, ITEMS, LEDGER_WEEK, QUARANTINE
from tests.flows.plain import run_tasks
from tests.readme_blocks import BLOCK, README, refreshed

NIGHT = "2026-05-24"
REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the lake, marts and report of the sample night."""
    made = tmp_path_factory.mktemp("sample")
    text = (REPOSITORY / "pipelines" / "sample.yaml").read_text()
    for name in ("data/lake", "data/marts", "data/reports"):
        text = text.replace(f" {name}", f" {made / name}")
    (made / "sample.yaml").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(REPOSITORY)
        patch.setenv("CXNLP_KEY", "a key for tests only, not secret")
        run_tasks(str(made / "sample.yaml"), NIGHT)
    return made


@pytest.fixture(scope="module")
def lake(folder):
    return Lake(folder / "data" / "lake")


def test_the_answers_in_the_readme_are_those_of_the_sample(folder):
    text = README.read_text()
    assert len(BLOCK.findall(text)) >= 5
    assert refreshed(text, folder / "data" / "marts" / "cxnlp.duckdb") == text


def test_every_record_of_the_sample_is_an_item_quarantined_or_dropped(lake):
    counts = (len(lake.read(FEEDBACK)), len(lake.read(QUARANTINE, where={"source": FEEDBACK_SOURCES})))
    dropped = lake.read(DROPPED)
    assert sum(counts) + int((dropped["stage"] == "clean").sum()) == 1_082


FEEDBACK_SOURCES = [
    "tickets",
    "chats",
    "calls",
    "call_transcripts",
    "frontline",
    "nps",
    "csat",
    "social",
    "app_reviews",
    "product_reviews",
]


@pytest.mark.parametrize(
    ("domain", "first", "last"),
    [
        ("marketing", "2026-03-16", "2026-04-13"),
        ("sales", "2026-04-06", "2026-05-11"),
        ("billing", "2026-04-13", "2026-05-11"),
        ("fulfilment", "2026-04-27", "2026-05-18"),
    ],
)
def test_each_planted_incident_is_in_the_ledger_of_its_weeks(lake, domain, first, last):
    ledger = lake.read(LEDGER_WEEK).query("domain == @domain")
    inside = ledger["week"].between(first, last)
    weeks_inside = len(pd.date_range(first, last, freq="7D"))
    rate_inside = ledger.loc[inside, "contacts"].sum() / weeks_inside
    rate_outside = ledger.loc[~inside, "contacts"].sum() / (12 - weeks_inside)
    assert rate_inside > 2 * rate_outside


def test_quotes_stand_word_for_word_in_their_texts(lake):
    items = lake.read(ITEMS).merge(lake.read(FEEDBACK, ["item_id", "text"]), on="item_id")
    told = items.dropna(subset=["breakdown_quote"])
    assert len(told) > 200
    assert all(
        text[start:end] == quote
        for text, start, end, quote in zip(
            told["text"], told["breakdown_start"], told["breakdown_end"], told["breakdown_quote"], strict=True
        )
    )


def test_posteriors_over_domains_sum_to_one(lake):
    sums = [sum(json.loads(posterior).values()) for posterior in lake.read(ITEMS)["domain_posterior"]]
    assert min(sums) > 0.99
    assert max(sums) < 1.01
