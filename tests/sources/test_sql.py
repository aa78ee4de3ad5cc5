"""Tables of a database as journey events, on SQLite; tests/services does the same on PostgreSQL."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine

from cxnlp.environment import read_environment
from cxnlp.errors import CxnlpError
from cxnlp.lake import Lake
from cxnlp.night.connecting import try_sources
from cxnlp.night.context import Window
from cxnlp.tables import CURSORS, EVENTS, QUARANTINE
from tests.sources.bench import Bench, read_source, same_tables
from tests.vendors.shop import MAY, ORDERS, add_order, change_shipment, fill

FEEDBACK_FILES = {"name": "none", "files": "none/*.csv", "format": "csv", "source_kind": "note"}
TABLES = ("orders", "invoices", "shipments", "campaigns")


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def bench(tmp_path, engine):
    return bench_of(tmp_path, tmp_path / "shop.db")


def bench_of(folder, database, **options):
    def change(entry):
        sql = {name: value for name, value in entry["sql"].items() if name in ("table", "key", "cursor")}
        here = {"driver": "sqlite", "database": str(database), "backoff_seconds": 0, "rows_at_once": 2}
        entry["sql"] = {**sql, **here, **options}

    feedback = [{**FEEDBACK_FILES, "columns": {"source_id": "id", "text": "text"}}]
    return Bench(folder, {"feedback": feedback, "events": read_source("sql", change)["events"]})


def pull_all(bench):
    return [bench.pull(name).records for name in TABLES]


def test_every_table_becomes_events(bench):
    assert pull_all(bench) == [6, 6, 6, 1]
    rows = bench.lake.read(EVENTS).set_index("event_id")
    assert rows["kind"].value_counts().to_dict() == {"order": 6, "invoice": 6, "dispatched": 6, "campaign": 1}
    order = rows.loc["orders-2"]
    assert (order["at"].isoformat(), order["position"]) == ("2026-05-18T10:00:00+00:00", "orders:2")
    assert json.loads(order["attributes"]) == {"currency": "GBP", "order_id": 2, "total": 19.9}
    assert rows.loc["invoices-I-2", "at"].isoformat() == "2026-05-19T00:00:00+00:00"
    assert rows.loc["orders-1", "customer_key"] == rows.loc["shipments-4", "customer_key"]


def test_a_second_pull_changes_nothing(bench):
    pull_all(bench)
    before, version = bench.tables(), bench.lake.version(EVENTS)
    assert pull_all(bench) == [2, 2, 2, 1]  # the overlap of an hour
    assert bench.lake.version(EVENTS) == version
    same_tables(bench.tables(), before)


def test_an_increment_takes_what_is_new_and_what_changed(bench, engine):
    pull_all(bench)
    add_order(engine, 7)
    change_shipment(engine, 1, "delivered", hours=9)
    assert [bench.pull(name).items for name in TABLES] == [1, 1, 2, 0]
    rows = bench.lake.read(EVENTS).set_index("event_id")
    assert (rows.loc["shipments-1", "kind"], len(rows)) == ("delivered", 22)


def test_a_transaction_that_took_long_is_within_the_overlap(bench, engine):
    pull_all(bench)
    with engine.begin() as connection:
        at = MAY + timedelta(hours=5, minutes=30)
        connection.execute(ORDERS.insert().values(order_id=9, customer_id="C1", ordered_at=at, updated_at=at))
    assert bench.pull("orders").items == 1


def test_a_row_without_a_time_of_change_is_read_every_night(bench, engine):
    with engine.begin() as connection:
        connection.execute(ORDERS.insert().values(order_id=9, customer_id="C1", ordered_at=MAY, updated_at=None))
    assert [bench.pull("orders").items for _ in range(2)] == [7, 0]


def test_a_bad_row_goes_to_quarantine(bench, engine):
    with engine.begin() as connection:
        connection.execute(ORDERS.insert().values(order_id=9, ordered_at=None, updated_at=MAY))
    bench.pull("orders")
    quarantined = bench.lake.read(QUARANTINE)
    assert quarantined[["position", "reason"]].values.tolist() == [["orders:9", "missing_date"]]


def test_a_pull_that_is_killed_goes_on_from_what_was_committed(bench, monkeypatch):
    monkeypatch.setattr("cxnlp.collect.web.rows.BATCH_RECORDS", 2)
    committed = []
    upsert = Lake.upsert

    def commit_and_die(lake, table, rows):
        upsert(lake, table, rows)
        committed.append(table)
        if committed.count(EVENTS) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Lake, "upsert", commit_and_die)
    with pytest.raises(KeyboardInterrupt):
        bench.pull("orders")
    monkeypatch.undo()
    assert bench.lake.read(CURSORS)["value"].tolist() == ["2026-05-18T10:00:00+00:00"]
    bench.pull("orders")
    assert len(bench.lake.read(EVENTS)) == 6


def test_a_table_or_column_that_is_not_there_is_told(tmp_path, engine):
    with pytest.raises(CxnlpError, match=r"table nothing cannot be read \(NoSuchTableError\)"):
        bench_of(tmp_path / "a", tmp_path / "shop.db", table="nothing").pull("orders")
    with pytest.raises(CxnlpError, match="orders has no 'order'; did you mean .order_id."):
        bench_of(tmp_path / "b", tmp_path / "shop.db", key="order").pull("orders")
    with pytest.raises(CxnlpError, match="no file"):
        bench_of(tmp_path / "c", tmp_path / "gone.db").pull("orders")


def test_a_backfill_over_the_same_days_changes_nothing(bench):
    pull_all(bench)
    before, cursors = bench.tables(), bench.lake.read(CURSORS)
    bench.pull("orders", window=Window(date(2026, 5, 1), date(2026, 5, 31)))
    same_tables(bench.tables(), before)
    assert bench.lake.read(CURSORS).equals(cursors)


def test_a_table_can_be_feedback_with_deletions(tmp_path, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (id INTEGER, said TEXT, at TEXT, is_gone BOOLEAN)")
        connection.exec_driver_sql("INSERT INTO notes VALUES (1, 'It is late.', '2026-05-18 08:00:00', 0)")
    sql = {"driver": "sqlite", "database": str(tmp_path / "shop.db"), "table": "notes", "key": "id"}
    columns = {"source_id": "id", "text": "said", "created_at": "at"}
    notes = {"name": "notes", "source_kind": "note", "sql": sql, "columns": columns}
    bench = Bench(tmp_path, {"feedback": [{**notes, "deleted": {"column": "is_gone", "values": ["1", "true"]}}]})
    bench.pull("notes")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE notes SET is_gone = 1")
    bench.pull("notes")
    assert bench.feedback("text", "is_deleted_at_source") == [("It is late.", True)]


def test_the_database_is_tried_before_anything_runs(bench):
    reached = {each.source: each.told for each in try_sources(bench.settings, bench.folder, read_environment)}
    assert reached["orders"] == "orders has 6 columns"


def test_a_missing_driver_is_named(tmp_path):
    options = {"driver": "mssql+nothing", "host": "127.0.0.1", "port": 9}
    with pytest.raises(CxnlpError, match="no driver 'mssql\\+nothing'"):
        bench_of(tmp_path, "shop", **options).pull("orders")
