import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cxnlp.errors import LakeError
from cxnlp.lake import Lake
from cxnlp.publish.marts import build_marts
from cxnlp.publish.views import PUBLISHED, VIEWS
from cxnlp.tables import FEEDBACK, ITEMS
from tests.publish.oakline import NIGHT, build_lake


def _rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_holds_every_table_but_the_cursors_and_every_view(marts):
    found = {name for (name,) in _rows(marts, "SELECT table_name FROM information_schema.tables")}
    assert found == {table.name for table in PUBLISHED} | {view.name for view in VIEWS}
    assert "cursors" not in found


def test_every_table_view_and_column_has_its_comment(marts):
    relations = "SELECT comment FROM duckdb_tables() UNION ALL SELECT comment FROM duckdb_views() WHERE NOT internal"
    assert all(comment for (comment,) in _rows(marts, relations))
    assert (
        _rows(marts, "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal")
        == []
    )
    told = _rows(
        marts, "SELECT comment FROM duckdb_columns() WHERE table_name = 'current_items' AND column_name = 'ces'"
    )
    assert told == [("Effort score, where asked. Unit: 1 .. 7.",)]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_views_columns_are_those_declared_in_their_order(marts, view):
    sql = f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{view.name}' ORDER BY column_index"
    assert [name for (name,) in _rows(marts, sql)] == [c.name for c in view.described(("plan", "region"))]


def test_every_share_stands_beside_its_interval_and_method(marts):
    shares = "SELECT table_name FROM duckdb_columns() WHERE column_name = 'share' AND table_name LIKE 'mart_%'"
    for (name,) in _rows(marts, shares):
        beside = {c for (c,) in _rows(marts, f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{name}'")}
        assert {"share_low", "share_high", "method"} <= beside


def test_current_items_is_one_wide_row_per_item(marts):
    found = _rows(
        marts,
        "SELECT item_id, source_kind, week, sentiment, demand, cause, duplicate_of, seg_region, seg_plan "
        "FROM current_items WHERE item_id IN ('tickets-01', 'social-26') ORDER BY item_id",
    )
    assert found == [
        ("social-26", "social", "2026-05-18", -2, "failure", "lost_or_missing", "social-25", "north", None),
        ("tickets-01", "ticket", "2026-05-18", -1, "failure", "lost_or_missing", None, "north", "club"),
    ]
    assert _rows(marts, "SELECT count(*), count(DISTINCT item_id) FROM current_items") == [(39, 39)]


def _relabelled(lake: Lake, item_id: str, **changes: object) -> None:
    row = lake.read(ITEMS, where={"item_id": [item_id]}).tail(1)
    lake.upsert(ITEMS, ITEMS.typed(row.assign(**changes)))


def test_the_current_label_is_that_of_the_latest_night_whatever_the_models_name(tmp_path):
    lake = build_lake(tmp_path / "lake")
    _relabelled(lake, "tickets-00", label_version="zebra-9@2026-04-01", model="zebra-9", sentiment=2)
    _relabelled(lake, "tickets-00", label_version="alpha-2@2026-05-25", model="alpha-2", sentiment=1)
    path = build_marts(lake, tmp_path / "marts.duckdb", "UTC").path
    sql = "SELECT label_version, sentiment FROM current_items WHERE item_id = 'tickets-00'"
    assert _rows(path, sql) == [("alpha-2@2026-05-25", 1)]


def test_a_text_that_changed_since_its_label_has_no_current_label(tmp_path):
    lake = build_lake(tmp_path / "lake")
    row = lake.read(FEEDBACK, where={"item_id": ["tickets-00"]})
    lake.upsert(FEEDBACK, FEEDBACK.typed(row.assign(text="All is well now.", text_hash="new")))
    path = build_marts(lake, tmp_path / "marts.duckdb", "UTC").path
    sql = "SELECT text, label_version FROM current_items WHERE item_id = 'tickets-00'"
    assert _rows(path, sql) == [("All is well now.", None)]
    assert _rows(path, "SELECT count(*) FROM current_mentions WHERE item_id = 'tickets-00'") == [(0,)]


def test_a_customers_journey_is_in_the_order_of_time(marts):
    found = _rows(
        marts,
        """SELECT CAST("at" AS DATE)::VARCHAR, what, event_id, item_id FROM journey
        WHERE customer_key = 'c02'""",
    )
    assert found == [
        ("2026-05-01", "order_placed", "orders-0", None),
        ("2026-05-12", "parcel_delivered", "orders-1", None),
        ("2026-05-15", "ticket", None, "tickets-02"),
        ("2026-05-22", "ticket", None, "tickets-01"),
    ]


def test_contacts_carry_trace_owner_cost_and_words(marts):
    sql = "SELECT domain, cause, owner, cost, quote, text FROM contacts WHERE item_id = 'tickets-02'"
    assert _rows(marts, sql) == [
        (
            "fulfilment",
            "lost_or_missing",
            "Logistics",
            5.5,
            "arrived without legs",
            "Hello, the oak table arrived without legs.",
        )
    ]


def test_quarantine_is_summed_up_by_source_file_and_reason(marts):
    assert _rows(marts, "SELECT * FROM quarantine_summary") == [
        (
            "chats",
            "chats.csv",
            "bad_date",
            2,
            "chats.csv:9",
            "found 99.99.9999, wanted %Y-%m-%d",
            "2026-05-24",
            "2026-05-24",
        )
    ]


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]
)
def test_wilson_in_sql_agrees_with_newcombe_1998(marts, hits, trials, low, high):
    found = _rows(marts, f"SELECT wilson_low({hits}, {trials}), wilson_high({hits}, {trials})")
    assert found[0] == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_no_trials_is_null(marts):
    assert _rows(marts, "SELECT wilson_low(0, 0), wilson_high(0, 0)") == [(None, None)]


def test_times_are_plain_utc_so_that_no_readers_zone_moves_them(marts):
    types = {t for (t,) in _rows(marts, "SELECT DISTINCT data_type FROM duckdb_columns() WHERE NOT internal")}
    assert types == {"VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP"}


def test_weeks_begin_in_the_companys_own_zone(tmp_path):
    lake = build_lake(tmp_path / "lake")
    row = lake.read(FEEDBACK, where={"item_id": ["tickets-00"]})
    late = pd.Timestamp("2026-05-24T23:30", tz="UTC")  # Monday already in London
    lake.upsert(FEEDBACK, FEEDBACK.typed(row.assign(created_at=late)))
    sql = "SELECT week FROM current_items WHERE item_id = 'tickets-00'"
    assert _rows(build_marts(lake, tmp_path / "a.duckdb", "Europe/London").path, sql) == [("2026-05-25",)]
    assert _rows(build_marts(lake, tmp_path / "b.duckdb", "UTC").path, sql) == [("2026-05-18",)]


def test_a_reader_of_the_old_file_is_not_disturbed_by_the_swap(tmp_path):
    lake = build_lake(tmp_path / "lake")
    path = build_marts(lake, tmp_path / "marts.duckdb", "UTC").path
    with duckdb.connect(path, read_only=True) as reader:
        before = reader.execute("SELECT count(*) FROM current_items").fetchone()
        lake.replace_all(FEEDBACK, FEEDBACK.empty())
        build_marts(lake, path, "UTC")
        assert reader.execute("SELECT count(*) FROM current_items").fetchone() == before == (39,)
    assert _rows(path, "SELECT count(*) FROM current_items") == [(0,)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["lake", "marts.duckdb"]


def test_equal_lakes_give_equal_contents_in_equal_order(oakline_lake, marts, tmp_path):
    again = build_marts(oakline_lake, tmp_path / "marts.duckdb", "Europe/London").path
    for name in [*(table.name for table in PUBLISHED), *(view.name for view in VIEWS)]:
        assert _rows(again, f"SELECT * FROM {name}") == _rows(marts, f"SELECT * FROM {name}")


def test_a_half_built_file_of_a_killed_run_is_no_hindrance(oakline_lake, tmp_path):
    (tmp_path / "marts.duckdb.new").write_bytes(b"half")
    assert build_marts(oakline_lake, tmp_path / "marts.duckdb", "UTC").row_counts["core_feedback"] == 39


def test_an_empty_lake_gives_empty_tables_and_working_views(tmp_path):
    path = build_marts(Lake(tmp_path / "lake"), tmp_path / "marts.duckdb", "UTC").path
    for view in VIEWS:
        assert _rows(path, f"SELECT * FROM {view.name}") == []


def test_a_segment_name_that_is_no_plain_name_becomes_no_column(tmp_path):
    lake = build_lake(tmp_path / "lake")
    row = lake.read(FEEDBACK, where={"item_id": ["tickets-00"]})
    hostile = json.dumps({"x'); DROP TABLE core_items; --": "1", "plan": "gold"})
    lake.upsert(FEEDBACK, FEEDBACK.typed(row.assign(segments=hostile, night=NIGHT.isoformat())))
    marts = build_marts(lake, tmp_path / "marts.duckdb", "UTC")
    assert marts.segments == ("plan", "region")
    assert marts.row_counts["core_items"] == 39


def test_a_zone_that_is_no_plain_name_is_refused(oakline_lake, tmp_path):
    with pytest.raises(ValueError, match="time zone"):
        build_marts(oakline_lake, tmp_path / "marts.duckdb", "UTC'); DROP TABLE runs; --")


def test_a_folder_that_is_a_file_is_told_in_one_line(oakline_lake, tmp_path):
    (tmp_path / "marts").write_text("a file")
    with pytest.raises(LakeError, match="cannot be written.*is the folder writable"):
        build_marts(oakline_lake, tmp_path / "marts" / "marts.duckdb", "UTC")
