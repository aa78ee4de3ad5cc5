import json
from datetime import date
from pathlib import Path

import pytest

from cxnlp.lake import content_hash
from cxnlp.night.context import open_context
from cxnlp.night.erasing import erase
from cxnlp.night.searching import search_files
from cxnlp.tables import CUSTOMERS, DROPPED, FEEDBACK, TABLES, TOMBSTONES
from flows import steps
from flows.steps import Order
from tests.flows.conftest import NIGHT, project

__all__ = ["project"]
SAID = "the ferret ate my router and the second bill came anyway"


def collect(*sources: str) -> None:
    for source in sources:
        steps.collect.fn(Order("pipeline.yaml", NIGHT), source)


@pytest.fixture
def filled(project):
    """A lake with one person's words among others', a report and a label file that quote them."""
    feed = project / "inbox" / "nps_4.csv"
    feed.write_text(feed.read_text() + f'4-p,02/04/2026 10:00,C-PERSON-77,North,1,"{SAID}"\n')
    people = project / "inbox" / "customers.csv"
    people.write_text(people.read_text() + "C-PERSON-77,North,no\n")
    collect("crm", "billing", "nps", "chats")
    (project / "data" / "reports").mkdir(parents=True)
    figure = '<figure class="quote"><blockquote>{}</blockquote><span class="id">{}</span></figure>'
    page = figure.format(f"<mark>{SAID[:20]}</mark>{SAID[20:]}", "nps-4-p") + figure.format("other words", "nps-4-1")
    (project / "data" / "reports" / "2026-05-24.html").write_text(f"<html>{page}</html>")
    labels = project / "labels.jsonl"
    labels.write_text("".join(json.dumps({"id": name}) + "\n" for name in ("nps-4-p", "nps-4-1")))
    return project


def erase_person(folder: Path, dry_run: bool = False):
    context = open_context(Path("pipeline.yaml"), date(2026, 5, 24))
    return context, erase(context, "C-PERSON-77", [folder / "labels.jsonl"], [], dry_run)


def test_nothing_of_the_person_is_left_and_every_other_row_is_equal(filled):
    context = open_context(Path("pipeline.yaml"), date(2026, 5, 24))
    before = {name: context.lake.read(table) for name, table in TABLES.items()}
    key = context.pseudonyms.customer_key("C-PERSON-77")
    context, receipt = erase_person(filled)
    assert receipt.rows_by_table == {"core_feedback": 1, "core_customers": 1}
    assert (receipt.quotes_by_report, receipt.lines_by_label_file) == ({"2026-05-24.html": 1}, {"labels.jsonl": 1})
    assert receipt.still_found_in == ()
    for name in (FEEDBACK.name, CUSTOMERS.name):
        others = before[name][before[name]["customer_key"] != key]
        assert content_hash(context.lake.read(TABLES[name])) == content_hash(others)
    places = [filled / "data", filled / "labels.jsonl"]
    assert search_files(places, [SAID, "nps-4-p", key], filled / "data" / "lake" / TOMBSTONES.name).found_in == ()
    assert (filled / "labels.jsonl").read_text() == '{"id": "nps-4-1"}\n'
    assert "other words" in (filled / "data" / "reports" / "2026-05-24.html").read_text()


def test_the_tombstone_stops_the_return(filled):
    erase_person(filled)
    feed = filled / "inbox" / "nps_4.csv"
    feed.write_text(feed.read_text() + '4-n,03/04/2026 10:00,C-PERSON-77,North,1,"I am back"\n')
    people = filled / "inbox" / "customers.csv"
    people.write_text(people.read_text() + "C9,North,no\n")
    collect("nps", "crm")
    context = open_context(Path("pipeline.yaml"), date(2026, 5, 24))
    key = context.pseudonyms.customer_key("C-PERSON-77")
    assert key not in set(context.lake.read(FEEDBACK)["customer_key"])
    assert key not in set(context.lake.read(CUSTOMERS)["customer_key"])
    dropped = context.lake.read(DROPPED)
    assert dropped.loc[dropped["reason"] == "erased", "item_id"].isna().tolist() == [True, True]


def test_a_dry_run_counts_and_changes_nothing(filled):
    context = open_context(Path("pipeline.yaml"), date(2026, 5, 24))
    before = {name: content_hash(context.lake.read(table)) for name, table in TABLES.items()}
    context, receipt = erase_person(filled, dry_run=True)
    assert receipt.is_dry_run
    assert receipt.rows_by_table == {"core_feedback": 1, "core_customers": 1}
    assert {name: content_hash(context.lake.read(table)) for name, table in TABLES.items()} == before


def test_the_search_looks_into_packed_files(tmp_path):
    import gzip

    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "a.gz").write_bytes(gzip.compress(b"the words looked for"))
    pq.write_table(pa.table({"text": ["x" * 100, "the words looked for"]}), tmp_path / "b.parquet", compression="zstd")
    (tmp_path / "c.txt").write_text("nothing")
    searched = search_files([tmp_path], ["words looked"])
    assert [Path(path).name for path in searched.found_in] == ["a.gz", "b.parquet"]
    assert searched.n_files == 3
