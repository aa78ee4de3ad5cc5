"""A shop's PostgreSQL as journey events: full pull, increment, changes, faults, bounds."""

import json

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import DBAPIError

from cxnlp.collect.sql.database import read_table
from cxnlp.collect.sql.engine import open_engine
from cxnlp.collect.web.points import Point
from cxnlp.environment import read_environment
from cxnlp.errors import CxnlpError
from cxnlp.night.connecting import try_sources
from cxnlp.sql_settings import Sql
from cxnlp.tables import EVENTS
from tests.services.postgres import DATABASE, PASSWORD, USER, postgres_server
from tests.services.test_schedule import free_port
from tests.sources.bench import Bench, read_source, same_tables
from tests.sources.test_sql import FEEDBACK_FILES, TABLES
from tests.vendors.shop import add_order, change_shipment, fill

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def port():
    port = free_port()
    with postgres_server(port):
        with admin(port, "postgres").connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(f"CREATE DATABASE {DATABASE}"))
        yield port


def admin(port, database=DATABASE):
    url = URL.create("postgresql+psycopg", USER, PASSWORD, "127.0.0.1", port, database)
    return create_engine(url)


@pytest.fixture
def engine(port):
    engine = admin(port)
    fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch):
    monkeypatch.setenv("SHOP_DB_USER", USER)
    monkeypatch.setenv("SHOP_DB_PASSWORD", PASSWORD)


@pytest.fixture
def bench(tmp_path, port, engine):
    return bench_of(tmp_path, port)


def bench_of(folder, port, **options):
    def change(entry):
        here = {"host": "127.0.0.1", "port": port, "options": {}, "rows_at_once": 2, "backoff_seconds": 0}
        entry["sql"] = {**entry["sql"], **here, **options}

    feedback = [{**FEEDBACK_FILES, "columns": {"source_id": "id", "text": "text"}}]
    return Bench(folder, {"feedback": feedback, "events": read_source("sql", change)["events"]})


def pull_all(bench):
    return [bench.pull(name).items for name in TABLES]


def test_orders_invoices_shipments_and_campaigns_become_events(bench, engine):
    assert pull_all(bench) == [6, 6, 6, 1]
    rows = bench.lake.read(EVENTS).set_index("event_id")
    assert rows.loc["orders-2", "at"].isoformat() == "2026-05-18T10:00:00+00:00"
    assert json.loads(rows.loc["orders-2", "attributes"]) == {"currency": "GBP", "order_id": 2, "total": 19.9}
    before, version = bench.tables(), bench.lake.version(EVENTS)
    assert pull_all(bench) == [0, 0, 0, 0]
    assert bench.lake.version(EVENTS) == version
    same_tables(bench.tables(), before)
    add_order(engine, 7)
    change_shipment(engine, 1, "delivered", hours=9)
    assert pull_all(bench) == [1, 1, 2, 0]


def test_a_connection_that_the_server_ends_leaves_no_mark(tmp_path, bench, engine, port):
    pull_all(bench)
    ended = []

    def end_once(page):
        if not ended:
            ended.append(page)
            with engine.begin() as connection:
                others = "datname = 'shop' AND pid <> pg_backend_pid()"
                connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
        return page

    other = bench_of(tmp_path / "other", port)
    point = Point("orders", other.settings.events[0].sql.cursor, "iso", "UTC", None)
    pages = [end_once(page) for page in read_table("orders", other.settings.events[0].sql, read_environment, point)]
    assert {record["order_id"] for page in pages for record in page.records} == set(range(1, 7))
    pull_all(other)
    same_tables(other.tables(), bench.tables())


def test_a_wrong_password_is_told_without_it(bench, monkeypatch):
    monkeypatch.setenv("SHOP_DB_PASSWORD", "planted-wrong")
    with pytest.raises(CxnlpError, match="orders cannot be read") as told:
        bench.pull("orders")
    assert "planted" not in str(told.value)
    assert told.value.__suppress_context__


def test_nothing_can_be_written(port, engine):
    secrets = {"username": {"env": "SHOP_DB_USER"}, "password": {"env": "SHOP_DB_PASSWORD"}}
    place = {"driver": "postgresql+psycopg", "host": "127.0.0.1", "port": port, "database": DATABASE}
    sql = Sql.model_validate({**place, **secrets, "table": "orders", "key": "order_id"})
    with (
        open_engine("orders", sql, read_environment) as reader,
        pytest.raises(DBAPIError, match="read-only transaction"),
        reader.begin() as connection,
    ):
        connection.execute(text("DELETE FROM orders"))


def test_a_private_address_is_refused_unless_its_port_is_named(tmp_path, port, engine):
    with pytest.raises(CxnlpError, match="address that is not public"):
        bench_of(tmp_path, None).pull("orders")


def test_the_database_is_tried_before_anything_runs(bench):
    reached = {each.source: each.told for each in try_sources(bench.settings, bench.folder, read_environment)}
    assert reached["orders"] == "orders has 6 columns"
