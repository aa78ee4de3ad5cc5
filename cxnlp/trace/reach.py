"""Events to the customers they reached: a company-wide event (outage, release, campaign) hits an area or everybody.

A kind may be split by an attribute (courier, seller, billing system), because "a parcel was shipped" harms nobody
but "a parcel was shipped by the new courier" may.
"""

import json
from collections.abc import Iterable

import pandas as pd

from cxnlp.config import Trace

NO_ATTRIBUTES: dict[str, object] = {}


def reach_customers(events: pd.DataFrame, customers: pd.DataFrame, keys: pd.Index, settings: Trace) -> pd.DataFrame:
    """Each event once for every customer it reached.

    :param events: rows of `core_events`: `event_id`, `customer_key` (null for a company-wide event), `kind`, `at`,
        `attributes`.
    :param customers: `customer_key` and `segments` (JSON object).
    :param keys: customers that matter (those who contacted us); events of others are left out.
    :returns: `event_id`, `customer_key`, `kind` (split where the settings say so), `at`, `dose` (null where none).
        A company-wide event reaches the customers whose segment fields equal its attributes: those that
        `reach` names, else the attributes that are called like a segment field; all customers where there is none.
    """
    own = events[events["customer_key"].isin(keys)]
    wide = events[events["customer_key"].isna()]
    segments = _segments(customers[customers["customer_key"].isin(keys)], keys)
    reached = [_spread(event, segments, settings) for event in _records(wide)]
    joined = pd.concat([own, *reached], ignore_index=True) if reached else own
    return _detailed(joined, settings)


def _records(events: pd.DataFrame) -> Iterable[pd.Series]:
    return (event for _, event in events.iterrows())


def _spread(event: pd.Series, segments: pd.DataFrame, settings: Trace) -> pd.DataFrame:
    """One company-wide event for each customer of its area."""
    attributes = read_attributes(event["attributes"])
    kind = settings.event_kinds.get(event["kind"])
    same = {name: name for name in attributes if name in segments.columns}
    fields = dict(kind.reach) if kind is not None and kind.reach else same
    hit = pd.Series(True, index=segments.index)
    for attribute, field in fields.items():
        wanted = attributes.get(attribute)
        values = [str(value) for value in wanted] if isinstance(wanted, list) else [str(wanted)]
        if wanted is not None:
            known = segments[field] if field in segments.columns else pd.Series(None, index=segments.index, dtype="str")
            hit &= known.isin(values)
    names = [name for name in ("event_id", "kind", "at", "attributes") if name in event.index]
    return pd.DataFrame({"customer_key": segments.index[hit]}).assign(**{name: event[name] for name in names})


def _segments(customers: pd.DataFrame, keys: pd.Index) -> pd.DataFrame:
    """Segment fields as columns, one row for each of `keys`."""
    fields = pd.DataFrame([read_attributes(text) for text in customers["segments"]], index=customers["customer_key"])
    return fields.reindex(keys)


def segment_of(customers: pd.DataFrame, keys: pd.Index, field: str | None) -> pd.Series:
    """Value of one segment field for each of `keys`; one value for all where no field is named."""
    if field is None:
        return pd.Series("", index=keys)
    segments = _segments(customers, keys)
    if field not in segments.columns:
        return pd.Series("", index=keys)
    return segments[field].astype("str").fillna("")


def _detailed(events: pd.DataFrame, settings: Trace) -> pd.DataFrame:
    """Kinds split and doses read, where the settings name an attribute for it."""
    detailed = events[["event_id", "customer_key", "kind", "at"]].assign(dose=float("nan"))
    for name, kind in settings.event_kinds.items():
        rows = events["kind"] == name
        if not rows.any() or (kind.dose is None and kind.split_by is None):
            continue
        read = events.loc[rows, "attributes"].map(read_attributes)
        if kind.dose is not None:
            dose = read.map(lambda fields, wanted=kind.dose: fields.get(wanted))
            detailed.loc[rows, "dose"] = pd.to_numeric(dose, errors="coerce").astype(float)
        if kind.split_by is not None:
            value = read.map(lambda fields, wanted=kind.split_by: fields.get(wanted))
            detailed.loc[rows, "kind"] = [_split_name(name, kind.split_by, part) for part in value]
    return detailed


def _split_name(kind: str, attribute: str, value: object) -> str:
    return kind if value is None else f"{kind} {attribute}={str(value).lower()}"


def plain_kind(kind: str) -> str:
    """The kind as the source names it, of a kind that may be split."""
    return kind.split(" ", 1)[0]


def read_attributes(text: object) -> dict[str, object]:
    """The JSON object in a cell; empty where the cell is."""
    return json.loads(text) if isinstance(text, str) and text else NO_ATTRIBUTES
