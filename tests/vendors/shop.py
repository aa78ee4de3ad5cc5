"""A shop's database with orders, invoices, shipments and campaigns, in any database that SQLAlchemy knows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Column, Date, DateTime, Engine, Integer, MetaData, Numeric, Table, Text

MAY = datetime(2026, 5, 18, 8, tzinfo=UTC)
METADATA = MetaData()
CHANGED = DateTime(timezone=True)
ORDERS = Table(
    "orders",
    METADATA,
    Column("order_id", Integer, primary_key=True),
    Column("customer_id", Text),
    Column("ordered_at", CHANGED),
    Column("total", Numeric(10, 2)),
    Column("currency", Text),
    Column("updated_at", CHANGED),
)
INVOICES = Table(
    "invoices",
    METADATA,
    Column("invoice_id", Text, primary_key=True),
    Column("order_id", Integer),
    Column("customer_id", Text),
    Column("issued_on", Date),
    Column("amount", Numeric(10, 2)),
    Column("updated_at", CHANGED),
)
SHIPMENTS = Table(
    "shipments",
    METADATA,
    Column("shipment_id", Integer, primary_key=True),
    Column("order_id", Integer),
    Column("customer_id", Text),
    Column("status", Text),
    Column("changed_at", CHANGED),
    Column("carrier", Text),
    Column("updated_at", CHANGED),
)
CAMPAIGNS = Table(
    "campaigns",
    METADATA,
    Column("campaign_id", Integer, primary_key=True),
    Column("name", Text),
    Column("segment", Text),
    Column("sent_at", CHANGED),
    Column("updated_at", CHANGED),
)


def fill(engine: Engine) -> None:
    """Make the tables: six orders with their invoices and shipments, and one campaign."""
    METADATA.drop_all(engine)
    METADATA.create_all(engine)
    for number in range(1, 7):
        add_order(engine, number)
    with engine.begin() as connection:
        row = {"campaign_id": 1, "name": "Spring", "segment": "fibre", "sent_at": MAY, "updated_at": MAY}
        connection.execute(CAMPAIGNS.insert().values(**row))


def add_order(engine: Engine, number: int) -> None:
    """An order, its invoice and its shipment, `number` hours after the beginning."""
    at = MAY + timedelta(hours=number)
    known = {"customer_id": f"C{number % 3}", "updated_at": at}
    with engine.begin() as connection:
        order = {"order_id": number, "ordered_at": at, "total": Decimal("19.90"), "currency": "GBP"}
        connection.execute(ORDERS.insert().values(**order, **known))
        invoice = {
            "invoice_id": f"I-{number}",
            "order_id": number,
            "issued_on": date(2026, 5, 19),
            "amount": Decimal(20),
        }
        connection.execute(INVOICES.insert().values(**invoice, **known))
        shipment = {
            "shipment_id": number,
            "order_id": number,
            "status": "dispatched",
            "changed_at": at,
            "carrier": "Post",
        }
        connection.execute(SHIPMENTS.insert().values(**shipment, **known))


def change_shipment(engine: Engine, number: int, status: str, hours: int) -> None:
    """A shipment goes on."""
    at = MAY + timedelta(hours=hours)
    with engine.begin() as connection:
        which = SHIPMENTS.update().where(SHIPMENTS.c.shipment_id == number)
        connection.execute(which.values(status=status, changed_at=at, updated_at=at))
