"""Feedback items as nine systems of Tarnlink export them, one file per month or per feed."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

import bad
from customers import SHOP_REGION, Customer
from event_files import LONDON
from written import Item

ID_PREFIX = {
    "tickets": "TCK-",
    "chats": "CHT-",
    "calls": "CL-",
    "call_transcripts": "REC-",
    "frontline": "FN-",
    "nps": "NPS-",
    "csat": "CS-",
    "social": "SOC-",
    "app_reviews": "AR-",
    "product_reviews": "PR-",
}
ROLES = {"customer": "visitor", "agent": "agent", "bot": "bot"}
VERSIONS = ((datetime(2026, 5, 4), "7.3"), (datetime(2026, 3, 24), "7.2"), (datetime(2026, 1, 1), "7.1"))
PRODUCTS = {
    "dot": "Tarn Dots",
    "disc": "Tarn Dots",
    "mesh": "Tarn Dots",
    "hub": "Tarn Hub",
    "router": "Tarn Hub",
    "tablet": "tablet",
    "phone": "phone",
}
SUBJECT_CHARACTERS = 48
NOTE_COLUMN = 5
ZIP_TIME = (2026, 5, 25, 0, 0, 0)
Customers = dict[str, Customer]


def source_of(item: Item) -> str:
    """Name of the source that an item comes by: recorded calls come apart from the notes of others."""
    return "call_transcripts" if item.feed == "calls" and item.turns else item.feed


def source_id(item: Item) -> str:
    """The id that the source itself gives to an item."""
    return f"{ID_PREFIX[source_of(item)]}{item.number}"


def write_feeds(items: Iterable[Item], customers: Customers, folder: Path) -> None:
    """Write every feed's files: by source, and by month where the system exports by month."""
    grouped: dict[tuple[str, str], list[Item]] = {}
    for item in sorted(items, key=lambda item: (item.at, item.number)):
        grouped.setdefault((source_of(item), f"{item.at:%Y-%m}"), []).append(item)
    csat = [item for (source, _), group in sorted(grouped.items()) if source == "csat" for item in group]
    _write_csat(csat, folder / "csat.parquet")
    for (source, month), group in grouped.items():
        if source in WRITERS:
            WRITERS[source](group, customers, folder / f"{source}_{month}")
    april = grouped["tickets", "2026-04"][: bad.DOUBLE_EXPORT_TICKETS]
    _write_tickets(april, customers, folder / "tickets_2026-04_second_export")


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=LONDON).astimezone(UTC)


def _lot(item: Item, count: int) -> int:
    """A number from 0 that hangs on the item's id alone."""
    return hashlib.sha256(item.id.encode()).digest()[0] % count


def _write_lines(path: Path, records: Iterable[dict[str, object]], more: bytes = b"") -> None:
    lines = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    path.with_suffix(".jsonl").write_bytes(lines.encode("utf-8") + more)


def _table(rows: Iterable[Iterable[object]], separator: str = ",", line_end: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def _write_tickets(items: list[Item], customers: Customers, path: Path) -> None:
    _write_lines(path, (_ticket(item, customers) for item in items))


def _ticket(item: Item, customers: Customers) -> dict[str, object]:
    customer = customers.get(item.customer_id or "")
    first = " ".join(item.thread[0].text.split())
    subject = first if len(first) <= SUBJECT_CHARACTERS else f"{first[:SUBJECT_CHARACTERS].rsplit(' ', 1)[0]}..."
    return {
        "ticket": source_id(item),
        "subject": subject,
        "opened": item.at.replace(tzinfo=LONDON).isoformat(),
        "channel": "web_form" if item.turns else "email",
        "requester": {"customer": item.customer_id, "region": customer.region if customer else None},
        "messages": [{"author": turn.speaker, "body": turn.text} for turn in item.thread],
    }


def _write_chats(items: list[Item], customers: Customers, path: Path) -> None:
    copies = [_chat(item, customers, "CHT-9050") for item in bad.thread_copies()]
    _write_lines(
        path, [*(_chat(item, customers, source_id(item)) for item in items), *(copies if _is_may(path) else [])]
    )


def _chat(item: Item, customers: Customers, chat_id: str) -> dict[str, object]:
    customer = customers.get(item.customer_id or "")
    return {
        "chat_id": chat_id,
        "started": f"{_utc(item.at):%Y-%m-%dT%H:%M:%SZ}",
        "visitor": {"customer_no": item.customer_id, "plan": customer.plan if customer else None},
        "transcript": [{"role": ROLES[turn.speaker], "message": turn.text} for turn in item.thread],
    }


def _write_calls(items: list[Item], customers: Customers, path: Path) -> None:
    header = ("Call ref", "Started", "Customer No", "Region", "Team", "Note")
    rows = [
        (
            source_id(i),
            f"{i.at:%d/%m/%Y %H:%M:%S}",
            i.customer_id,
            _region(i, customers),
            f"Inbound {1 + _lot(i, 4)}",
            i.text,
        )
        for i in items
    ]
    wrong = f"{bad.CALL_TOO_MANY_CELLS}\r\n" if _is_may(path) else ""
    text = _table([header, *rows], ";", "\r\n") + wrong
    path.with_suffix(".csv").write_bytes(text.encode("cp1252", errors="replace"))


def _region(item: Item, customers: Customers) -> str | None:
    return customers[item.customer_id].region if item.customer_id else None


def _write_transcripts(items: list[Item], customers: Customers, path: Path) -> None:
    records = (
        {
            "recording": source_id(item),
            "began": int(_utc(item.at).timestamp() * 1000),
            "caller": item.customer_id,
            "utterances": [
                {"speaker": "caller" if t.speaker == "customer" else t.speaker, "words": t.text} for t in item.turns
            ],
        }
        for item in items
    )
    _write_lines(path, records)


def _write_frontline(items: list[Item], customers: Customers, path: Path) -> None:
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.created, book.properties.modified = (
        "Tarnlink shops",
        *[datetime(*ZIP_TIME)] * 2,
    )
    book.active.title = "About"
    book.active.append(["Notes of shop and field staff. One row a note; customer number where the customer gave it."])
    sheet = book.create_sheet("Notes")
    sheet.append(["Note", "Date", "Shop", "Customer no.", "What happened"])
    for item in items:
        sheet.append([source_id(item), item.at, _shop(item), item.customer_id, item.text.removeprefix("'")])
        if item.text.startswith("'="):  # typed as text, as a person does by an apostrophe; else "=" makes a formula
            sheet.cell(sheet.max_row, NOTE_COLUMN).data_type = "s"
    packed = io.BytesIO()
    book.save(packed)
    _write_timeless_zip(packed, path.with_suffix(".xlsx"))


def _shop(item: Item) -> str:
    named = [shop for shop in SHOP_REGION if shop in item.text.lower()]
    return (named or list(SHOP_REGION)[_lot(item, 5) :])[0].title()


def _write_timeless_zip(packed: io.BytesIO, path: Path) -> None:
    """Write a workbook again without the clock of this machine, so that the same items give the same bytes."""
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                head, _, tail = content.partition(b"<dcterms:modified")
                content = (
                    head
                    + b'<dcterms:modified xsi:type="dcterms:W3CDTF">2026-05-25T00:00:00Z'
                    + tail[tail.index(b"</dcterms:modified>") :]
                )
            new.writestr(zipfile.ZipInfo(name, ZIP_TIME), content, zipfile.ZIP_DEFLATED)


def _write_nps(items: list[Item], customers: Customers, path: Path) -> None:
    header = ("Response ID", "Date submitted", "Customer ID", "Score (0-10)", "Main reason", "Region", "Plan")
    rows = [_nps_row(item, customers) for item in items]
    content = _table([header, *rows]).encode("utf-8")
    if _is_may(path):
        wrong = [(id_, day, "", score, reason, "", "") for id_, day, score, reason in bad.NPS_ROWS]
        content += _table(wrong).encode("utf-8") + bad.NPS_WRONG_ENCODING + b"\n" + bad.NPS_NUL + b"\n"
    path.with_suffix(".csv").write_bytes(content)


def _nps_row(item: Item, customers: Customers) -> tuple[object, ...]:
    customer = customers.get(item.customer_id or "")
    segments = (customer.region, customer.plan) if customer else (None, None)
    return (source_id(item), f"{item.at:%d/%m/%Y %H:%M}", item.customer_id, item.score, item.text, *segments)


def _write_csat(items: list[Item], path: Path) -> None:
    columns = {
        "response": pa.array([source_id(item) for item in items]),
        "submitted": pa.array([_utc(item.at) for item in items], pa.timestamp("ms", tz="UTC")),
        "customer": pa.array([item.customer_id for item in items], pa.string()),
        "question": pa.array([item.question for item in items], pa.string()),
        "rating": pa.array([item.score for item in items], pa.int64()),
        "comment": pa.array([item.text for item in items], pa.string()),
    }
    pq.write_table(pa.table(columns), path, row_group_size=50)


def _write_social(items: list[Item], customers: Customers, path: Path) -> None:
    records = (
        {
            "id": source_id(item),
            "created": int(_utc(item.at).timestamp()),
            "text": item.text,
            "user": {"crm": {"customer_no": item.customer_id}, "followers": 3 * _lot(item, 250)},
        }
        for item in items
    )
    _write_lines(path, records, bad.SOCIAL_HALF_LINE if _is_may(path) else b"")


def _write_app_reviews(items: list[Item], customers: Customers, path: Path) -> None:
    rows = [(source_id(i), f"{i.at:%d-%b-%y}", _store(i), _version(i), i.score, i.text) for i in items]
    text = _table([("Review", "Date", "Store", "App version", "Stars", "Review text"), *rows], "\t")
    path.with_suffix(".tsv").write_text(text, encoding="utf-8-sig")


def _store(item: Item) -> str:
    is_apple = any(word in item.text.lower() for word in ("face", "iphone", "ipad", "ios"))
    return "ios" if is_apple or _lot(item, 5) < 2 else "android"


def _version(item: Item) -> str:
    return next(version for released, version in VERSIONS if item.at >= released)


def _write_product_reviews(items: list[Item], customers: Customers, path: Path) -> None:
    rows = [(source_id(i), f"{i.at:%B %d, %Y}", i.customer_id, _product(i.text), i.score, i.text) for i in items]
    if path.name.endswith("2026-03"):
        rows.append(_review_again(bad.REVIEW_FIRST, "March 28, 2026"))
    if _is_may(path):
        rows.append(_review_again(bad.REVIEW_LATER_EDIT, "May 09, 2026"))
    text = _table([("review_id", "posted", "customer", "product", "rating", "body"), *rows])
    path.with_suffix(".csv").write_text(text, encoding="utf-8")


def _review_again(review: tuple[str, str, int], posted: str) -> tuple[object, ...]:
    review_id, body, rating = review
    return (review_id, posted, None, "Tarn Hub", rating, body)


def _product(text: str) -> str:
    return next((product for word, product in PRODUCTS.items() if word in text.lower()), "not given")


def _is_may(path: Path) -> bool:
    """Whether it is the last month's file, which holds the broken lines."""
    return path.name.endswith("2026-05")


WRITERS: dict[str, Callable[[list[Item], Customers, Path], None]] = {
    "tickets": _write_tickets,
    "chats": _write_chats,
    "calls": _write_calls,
    "call_transcripts": _write_transcripts,
    "frontline": _write_frontline,
    "nps": _write_nps,
    "social": _write_social,
    "app_reviews": _write_app_reviews,
    "product_reviews": _write_product_reviews,
}
