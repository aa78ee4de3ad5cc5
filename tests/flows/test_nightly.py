"""Whole nights through Prefect."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from prefect.testing.utilities import prefect_test_harness

from cxnlp.errors import RunRefused
from cxnlp.lake import Lake
from cxnlp.night.lock import hold
from cxnlp.tables import CONTACTS, CURSORS, DROPPED, FEEDBACK, ITEMS, QUARANTINE, RUNS
from flows.backfill import backfill, split_days
from flows.nightly import missed_nights, nightly
from flows.run import SourcesFailed
from tests.flows.conftest import NIGHT
from tests.flows.plain import table_hashes


@pytest.fixture(scope="module", autouse=True)
def prefect():
    with prefect_test_harness(server_startup_timeout=120):
        yield


def test_a_night_makes_every_table_the_marts_the_report_and_a_row_in_runs(project):
    summary = nightly("pipeline.yaml", NIGHT)
    lake = Lake(project / "data" / "lake")
    assert (len(lake.read(FEEDBACK)), len(lake.read(QUARANTINE)), len(lake.read(DROPPED))) == (30, 3, 2)
    assert set(lake.read(QUARANTINE)["reason"]) == {"bad_date", "not_json"}
    assert set(lake.read(DROPPED)["reason"]) == {"empty_text"}
    assert len(lake.read(ITEMS)) == 30
    assert len(lake.read(CONTACTS)) > 0
    runs = lake.read(RUNS)
    counts = runs[["record_count", "item_count", "dropped_count", "quarantined_count", "labelled_count"]]
    assert counts.iloc[0].tolist() == [35, 30, 2, 3, 30]
    assert runs["status"].tolist() == ["done"]
    assert Path(summary.report).read_text().startswith("<!doctype html>")
    with duckdb.connect(project / "data" / "marts" / "cxnlp.duckdb", read_only=True) as marts:
        assert marts.sql("select count(*) from core_feedback").fetchone() == (30,)


def test_the_same_night_twice_gives_the_same_tables_and_labels_nothing_anew(project):
    nightly("pipeline.yaml", NIGHT)
    before = table_hashes(project / "data" / "lake")
    summary = nightly("pipeline.yaml", NIGHT)
    assert summary.labelled == 0
    assert table_hashes(project / "data" / "lake") == before


def test_a_source_that_fails_does_not_stop_the_others_and_is_caught_up(project):
    shutil.move(project / "inbox" / "chats.jsonl", project / "chats.jsonl")
    with pytest.raises(SourcesFailed, match=r"1 source\(s\) failed: source chats: "):
        nightly("pipeline.yaml", NIGHT)
    lake = Lake(project / "data" / "lake")
    assert lake.read(RUNS)["status"].tolist() == ["source_failed"]
    assert set(lake.read(FEEDBACK)["source"]) == {"nps"}
    shutil.move(project / "chats.jsonl", project / "inbox" / "chats.jsonl")
    nightly("pipeline.yaml", "2026-05-25")
    assert set(lake.read(FEEDBACK)["source"]) == {"nps", "chats"}


def test_a_backfill_of_the_same_days_changes_nothing(project):
    nightly("pipeline.yaml", NIGHT)
    before = table_hashes(project / "data" / "lake")
    summaries = backfill("2026-04-01", "2026-05-24", "pipeline.yaml", 30)
    assert [summary.labelled for summary in summaries] == [0, 0]
    after = table_hashes(project / "data" / "lake")
    assert {name for name in before if before[name] != after[name]} <= {"mart_change"}  # of another night


def test_an_edited_record_is_labelled_again_and_keeps_its_old_label(project):
    nightly("pipeline.yaml", NIGHT)
    path = project / "inbox" / "nps_4.csv"
    path.write_text(path.read_text().replace("I love the new app", "I hate the new app, it crashes"))
    assert nightly("pipeline.yaml", "2026-05-25").labelled == 1
    lake = Lake(project / "data" / "lake")
    versions = lake.read(ITEMS, where={"item_id": ["nps-4-8"]})
    assert sorted(v.rsplit("@", 1)[1] for v in versions["label_version"]) == [NIGHT, "2026-05-25"]


def test_of_two_files_that_tell_of_one_item_the_later_named_has_the_say(project):
    nightly("pipeline.yaml", NIGHT)
    correction = "id,at,customer,region,score,comment\n4-8,09/04/2026 10:08,C1,North,8,It is fine after all\n"
    (project / "inbox" / "nps_6.csv").write_text(correction)
    nightly("pipeline.yaml", NIGHT)
    lake = Lake(project / "data" / "lake")
    item = lake.read(FEEDBACK, where={"item_id": ["nps-4-8"]}).iloc[0]
    assert (item["text"], item["file"]) == ("It is fine after all", "nps_6.csv")
    superseded = lake.read(DROPPED).query("reason == 'superseded'")
    assert superseded[["item_id", "file"]].to_numpy().tolist() == [["nps-4-8", "nps_4.csv"]]


def test_a_held_lake_refuses_the_run(project):
    with hold(project / "data" / "lake", "other"), pytest.raises(RunRefused, match="run other on"):
        nightly("pipeline.yaml", NIGHT)


def test_a_run_that_died_is_marked_by_the_next_one(project):
    nightly("pipeline.yaml", NIGHT)
    lake = Lake(project / "data" / "lake")
    lake.upsert(RUNS, lake.read(RUNS).assign(run_id="killed", status="running"))
    nightly("pipeline.yaml", NIGHT)
    assert lake.read(RUNS).set_index("run_id").loc["killed", "status"] == "died"


def test_missed_nights_are_counted_from_the_last_one_done(project):
    nightly("pipeline.yaml", NIGHT)
    from datetime import date

    lake = Lake(project / "data" / "lake")
    assert missed_nights(lake, date(2026, 5, 25)) == 0
    assert missed_nights(lake, date(2026, 5, 28)) == 3


def test_days_are_split_into_ranges_that_cover_them_once():
    from datetime import date

    days = split_days(date(2026, 4, 1), date(2026, 4, 10), 4)
    assert [(a.day, b.day) for a, b in days] == [(1, 4), (5, 8), (9, 10)]
    with pytest.raises(ValueError, match="no days"):
        split_days(date(2026, 4, 2), date(2026, 4, 1), 4)


def test_two_runs_at_once_one_is_refused_with_exit_code_4_and_the_tables_are_right(project, tmp_path):
    env = {**os.environ, "PREFECT_HOME": str(tmp_path / "prefect")}
    command = [sys.executable, "-m", "cxnlp.cli", "run", "pipeline.yaml", "--night", NIGHT]
    with hold(project / "data" / "lake", "first"):
        second = subprocess.run(command, env=env, capture_output=True, text=True, cwd=project, check=False)
    assert second.returncode == 4
    assert "run first on" in second.stderr
    assert "Traceback" not in second.stderr
    alone = subprocess.run(command, env=env, capture_output=True, text=True, cwd=project, check=False)
    assert alone.returncode == 0, alone.stderr
    assert len(Lake(project / "data" / "lake").read(CURSORS)) == 5
