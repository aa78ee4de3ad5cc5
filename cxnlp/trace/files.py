"""Files for `cxnlp trace`: feedback and events in, traces and the excess of event kinds out; docs/tracing.md."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cxnlp.errors import SourceError, nearest
from cxnlp.tables import CUSTOMERS, EVENTS

FEEDBACK_COLUMNS = ("id", "customer_id", "created_at", "channel", "text")
EVENT_COLUMNS = ("event_id", "kind", "at")
OPTIONAL = ("source_kind", "segment")
OUT_COLUMNS = ("item_id", "domain", "cause", "probability", "evidence", "quote", "event_id", "chain_id")
FURTHER_COLUMNS = (
    "demand",
    "said_domain",
    "said_probability",
    "happened_domain",
    "happened_probability",
    "event_kind",
    "contact_no",
    "owner",
    "posterior",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class TraceInput:
    """What `cxnlp trace` reads, in the forms of the tables.

    :ivar feedback: `item_id`, `customer_key`, `created_at`, `channel`, `text`, `source_kind`.
    :ivar events: rows of `core_events`; `customers`: rows of `core_customers` with the segments that are known.
    """

    feedback: pd.DataFrame
    events: pd.DataFrame
    customers: pd.DataFrame


def read_input(feedback: Path, events: Path, customers: Path | None = None) -> TraceInput:
    """Read the files.

    :param customers: `customer_id` and any columns that say which segments (area, product) a customer is in.
    :raises SourceError: where a file is missing, is of no known kind, or lacks a column, or an id repeats.
    """
    items = _read(feedback, FEEDBACK_COLUMNS)
    known = _read(customers, ("customer_id",)) if customers else pd.DataFrame({"customer_id": []}).astype("str")
    return TraceInput(
        _feedback(items, feedback), _events(_read(events, EVENT_COLUMNS), events), _customers(items, known)
    )


def write_table(rows: pd.DataFrame, path: Path) -> None:
    """Write a frame as CSV, JSON lines or Parquet, by the ending of the name; formulas are neutralised in CSV.

    :raises SourceError: where the ending is another one.
    """
    kind = path.suffix.lower()
    part = path.with_name(f".{path.name}.part")
    if kind == ".csv":
        rows.map(_safe_cell).to_csv(part, index=False)
    elif kind in (".jsonl", ".ndjson"):
        rows.to_json(part, orient="records", lines=True, date_format="iso", force_ascii=False)
    elif kind == ".parquet":
        rows.to_parquet(part, index=False)
    else:
        raise SourceError(f"{path}: ends in {kind or 'nothing'}; .csv, .jsonl or .parquet is wanted")
    part.replace(path)


def _safe_cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _read(path: Path, wanted: Sequence[str]) -> pd.DataFrame:
    if not path.is_file():
        raise SourceError(f"{path}: no such file; a CSV, JSON-lines or Parquet file is wanted")
    rows = _read_kind(path)
    if "id" in wanted and "id" not in rows and "item_id" in rows:
        rows = rows.rename(columns={"item_id": "id"})
    missing = [name for name in wanted if name not in rows.columns]
    if missing:
        hint = nearest(missing[0], [str(name) for name in rows.columns])
        raise SourceError(f"{path}: no column {', '.join(missing)}; {hint}")
    return rows


def _read_kind(path: Path) -> pd.DataFrame:
    kind = path.suffix.lower()
    try:
        if kind in (".csv", ".tsv"):
            return pd.read_csv(path, dtype="str", sep="\t" if kind == ".tsv" else ",", encoding="utf-8-sig")
        if kind in (".jsonl", ".ndjson"):
            return pd.read_json(path, lines=True, dtype=False, convert_dates=False)
        if kind == ".parquet":
            return pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise SourceError(f"{path}: cannot be read as {kind[1:]}; is it whole?") from error
    raise SourceError(f"{path}: ends in {kind or 'nothing'}; .csv, .tsv, .jsonl or .parquet is wanted")


def _feedback(rows: pd.DataFrame, path: Path) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "item_id": _ids(rows["id"], path),
            "customer_key": _texts(rows["customer_id"]),
            "created_at": _times(rows["created_at"], path, "created_at"),
            "channel": _texts(rows["channel"]),
            "text": _texts(rows["text"]).fillna(""),
            "source_kind": _texts(rows["source_kind"]) if "source_kind" in rows else None,
        }
    )


def _events(rows: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Events; columns that are not known become attributes, and so does the segment of an event without a customer."""
    known = (*EVENT_COLUMNS, "customer_id", "attributes")
    extra = [name for name in rows.columns if name not in known]
    given = rows["attributes"] if "attributes" in rows else pd.Series(None, index=rows.index)
    attributes = [_object(value) for value in given]
    for name in extra:
        for fields, value in zip(attributes, rows[name], strict=True):
            if not pd.isna(value):
                fields[str(name)] = value if isinstance(value, str | int | float | bool) else str(value)
    customer = rows["customer_id"] if "customer_id" in rows else pd.Series(None, index=rows.index)
    return EVENTS.typed(
        pd.DataFrame(
            {
                "event_id": _ids(rows["event_id"], path),
                "customer_key": _texts(customer),
                "kind": _texts(rows["kind"]),
                "at": _times(rows["at"], path, "at"),
                "attributes": [json.dumps(fields, sort_keys=True, default=str) for fields in attributes],
            }
        )
    )


def _object(value: object) -> dict[str, object]:
    """The attributes of an event: a JSON object, or one that Parquet or JSON lines hold as such."""
    if isinstance(value, str) and value.strip():
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return {"attributes": value}
    return {str(name): field for name, field in value.items() if field is not None} if isinstance(value, dict) else {}


def _customers(items: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Customers of the customers' file, and those of the feedback with the `segment` it gives them."""
    named = known.drop_duplicates("customer_id")
    fields = [name for name in named.columns if name != "customer_id"]
    segments = {
        str(customer): {name: str(value) for name, value in zip(fields, values, strict=True) if not pd.isna(value)}
        for customer, values in zip(named["customer_id"], named[fields].itertuples(index=False), strict=True)
    }
    if "segment" in items:
        told = items[["customer_id", "segment"]].dropna().astype("str")
        for customer, segment in zip(told["customer_id"], told["segment"], strict=True):
            segments.setdefault(customer, {}).setdefault("segment", segment)
    return CUSTOMERS.typed(
        pd.DataFrame({"customer_key": list(segments), "segments": [json.dumps(s) for s in segments.values()]})
    )


def _ids(values: pd.Series, path: Path) -> pd.Series:
    ids = _texts(values)
    if ids.isna().any():
        raise SourceError(f"{path}: {int(ids.isna().sum())} rows have no {values.name}; each row wants one")
    if ids.duplicated().any():
        raise SourceError(f"{path}: {int(ids.duplicated().sum())} rows repeat an {values.name}; each may stand once")
    return ids


def _texts(values: pd.Series) -> pd.Series:
    texts = values.astype("str").where(values.notna()).astype("str")
    return texts.mask(texts.str.strip() == "")


def _times(values: pd.Series, path: Path, name: str) -> pd.Series:
    """Times with offset or in UTC; a column in which none can be read is refused, one that cannot be read is null."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        times = pd.to_datetime(values, unit="s", utc=True, errors="coerce")
    else:
        times = pd.to_datetime(values, utc=True, errors="coerce", format="ISO8601")
    if len(values) and times.isna().all():
        raise SourceError(f"{path}: no time in column {name} can be read; ISO 8601 is wanted (2026-04-15T09:30:00Z)")
    return times.astype("datetime64[us, UTC]")
