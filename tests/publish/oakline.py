"""The fixture lake: forty items of a made-up furniture shop, their labels, contacts, traces and marts."""

import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from cxnlp.config import Pipeline
from cxnlp.lake import Lake
from cxnlp.tables import (
    CHANGE,
    CONTACTS,
    CUSTOMERS,
    DROPPED,
    DUPLICATES,
    EVENTS,
    FEEDBACK,
    ITEMS,
    LEDGER_WEEK,
    MENTIONS,
    QUARANTINE,
    RUNS,
    SEGMENT_STAGE,
    SOURCE_WEEK,
    STAGE_TOUCHPOINT,
    TRACES,
    Table,
)
from cxnlp.taxonomy import load_taxonomy
from tests.publish.stories import STORIES, Story

NIGHT = date(2026, 5, 24)  # a Sunday
MONDAYS = [(NIGHT - timedelta(days=6 + 7 * back)).isoformat() for back in range(11, -1, -1)]
TAXONOMY = load_taxonomy(Path(__file__).parents[2] / "pipelines" / "taxonomy.yaml")
OWNERS = {
    "fulfilment": "Logistics",
    "billing": "Finance",
    "marketing": "Marketing",
    "digital": "Web and app",
    "documentation": "Product",
    "product": "Product",
    "sales": "Shops",
    "service": "Customer service",
    "cannot_tell": "Nobody yet",
}
PRICES = {"email": 5.5, "phone": 7.2, "chat": 4.1}
# contacts a week over twelve weeks
LEDGER = {
    ("fulfilment", "lost_or_missing"): (4, 5, 3, 4, 6, 4, 5, 4, 6, 5, 12, 31),
    ("fulfilment", "damaged_or_wrong"): (3, 2, 4, 3, 2, 3, 5, 2, 3, 4, 3, 4),
    ("fulfilment", "late"): (9, 8, 7, 8, 6, 7, 5, 6, 4, 5, 4, 3),
    ("billing", "incorrect_charge"): (6, 5, 7, 6, 5, 6, 4, 7, 6, 5, 9, 19),
    ("billing", "refund_problem"): (2, 3, 2, 1, 3, 2, 2, 4, 3, 2, 4, 3),
    ("marketing", "misleading_claim"): (1, 0, 2, 14, 22, 18, 9, 4, 2, 1, 0, 1),
    ("digital", "access_problem"): (3, 4, 2, 3, 4, 3, 2, 4, 5, 8, 6, 5),
    ("documentation", "unclear_instructions"): (2, 2, 1, 3, 2, 1, 2, 2, 3, 1, 2, 2),
    ("product", "defect"): (1, 2, 1, 0, 2, 1, 1, 2, 0, 1, 2, 1),
    ("sales", "mis_selling"): (0, 1, 0, 0, 2, 1, 0, 1, 0, 0, 1, 0),
    ("service", "unreachable"): (3, 2, 3, 4, 5, 4, 3, 2, 3, 2, 3, 4),
    ("cannot_tell", "unsure"): (5, 4, 6, 5, 7, 6, 5, 6, 5, 6, 8, 9),
}
# contacts in seven days, in the 28 before, ratio, low, high, q
CHANGES = {
    ("fulfilment", "lost_or_missing"): (28, 24, 4.67, 2.72, 8.0, 0.0001),
    ("billing", "incorrect_charge"): (17, 22, 3.09, 1.65, 5.8, 0.012),
    ("digital", "access_problem"): (5, 21, 0.95, 0.36, 2.5, 0.93),
    ("fulfilment", "late"): (3, 20, 0.6, 0.18, 2.0, 0.71),
    ("marketing", "misleading_claim"): (1, 16, 0.25, 0.04, 0.6, 0.04),
}


def build_lake(folder: Path, stories: tuple[Story, ...] = STORIES) -> Lake:
    """A whole lake as a night leaves it."""
    lake = Lake(folder)
    rows = {
        FEEDBACK: [_feedback(number, story) for number, story in enumerate(stories)],
        ITEMS: [_item(number, story) for number, story in enumerate(stories)],
        MENTIONS: [row for number, story in enumerate(stories) for row in _mentions(number, story)],
        CONTACTS: [_contact(n, s) for n, s in enumerate(stories) if s.demand != "none" and not _copied(s)],
        TRACES: [_trace(n, s) for n, s in enumerate(stories) if s.demand == "failure" and not _copied(s)],
        STAGE_TOUCHPOINT: _map_rows(stories),
        LEDGER_WEEK: _ledger_rows(),
        CHANGE: _change_rows(),
        SOURCE_WEEK: _week_rows(),
        SEGMENT_STAGE: _segment_rows(),
        **OTHERS,
    }
    for table, values in rows.items():
        lake.replace_all(table, typed(table, values))
    return lake


def typed(table: Table, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows of a table with its dtypes; what a row does not name is null."""
    return table.typed(pd.DataFrame(rows)) if rows else table.empty()


def pipeline(folder: Path) -> Pipeline:
    """Oakline's settings."""
    return Pipeline.model_validate(
        {
            "lake": folder / "lake",
            "marts": folder / "marts.duckdb",
            "reports": folder / "reports",
            "taxonomy": "pipelines/taxonomy.yaml",
            "model": "models/default",
            "pseudonym_key_env": "OAKLINE_KEY",
            "company": {"name": "Oakline"},
            "feedback": [
                {
                    "name": "tickets",
                    "files": "x.csv",
                    "format": "csv",
                    "source_kind": "ticket",
                    "columns": {"text": "body"},
                }
            ],
            "trace": {
                "owners": OWNERS,
                "costs": {
                    "currency": "GBP",
                    "per_contact": PRICES,
                    "other": 5.0,
                    "source": "Oakline's own figures of 2025, overhead included.",
                },
            },
        }
    )


def item_id(number: int, story: Story) -> str:
    """Id of the n-th story."""
    return f"{story.source}-{number:02d}"


def _said_at(story: Story) -> pd.Timestamp:
    return pd.Timestamp(NIGHT, tz="UTC") - pd.Timedelta(days=story.days) + pd.Timedelta(hours=9)


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def _copied(story: Story) -> bool:
    return story.text.startswith("RT ")


def _feedback(number: int, story: Story) -> dict[str, object]:
    return {
        "item_id": item_id(number, story),
        "source": story.source,
        "source_id": f"{number:02d}",
        "source_kind": story.kind,
        "channel": story.channel,
        "created_at": _said_at(story),
        "customer_key": story.customer,
        "segments": json.dumps({"region": story.region}),
        "text": story.text,
        "language": "en",
        "language_probability": 0.99,
        "is_analysed": True,
        "text_hash": _hash(story.text),
        "raw_hash": _hash(story.text),
        "position": f"{story.source}.csv:{number + 2}",
        "file": f"{story.source}.csv",
        "night": NIGHT.isoformat() if story.days < 7 else "2026-05-17",
    }


def _item(number: int, story: Story) -> dict[str, object]:
    domain, _, cause = story.cause.partition("/")
    service = [said.sentiment for said in story.said if said.stage == "support"]
    others = [said.sentiment for said in story.said if said.stage != "support"]
    quote = story.said[0].quote if story.said and domain not in ("none", "cannot_tell") else None
    start = story.text.find(quote) if quote else None
    return {
        "item_id": item_id(number, story),
        "label_version": "toy-1@2026-05-24",
        "source": story.source,
        "model": "toy-1",
        "text_hash": _hash(story.text),
        "sentiment": story.sentiment,
        "sentiment_probability": 0.8,
        "service_sentiment": sum(service) / len(service) if service else None,
        "experience_sentiment": sum(others) / len(others) if others else None,
        "demand": story.demand,
        "demand_probability": 0.9,
        "domain": None if domain == "cannot_tell" else domain,
        "domain_probability": 0.75,
        "cause": None if domain == "cannot_tell" else cause,
        "cause_probability": 0.6,
        "breakdown_quote": quote,
        "breakdown_start": start,
        "breakdown_end": start + len(quote) if quote and start is not None else None,
        "domain_posterior": json.dumps({domain: 1.0}),
        "n_clauses": 1 + story.text.count("."),
    }


def _mentions(number: int, story: Story) -> list[dict[str, object]]:
    return [
        {
            "item_id": item_id(number, story),
            "mention_no": place,
            "label_version": "toy-1@2026-05-24",
            "source": story.source,
            "model": "toy-1",
            "quote": said.quote,
            "quote_start": max(story.text.find(said.quote), 0),
            "quote_end": max(story.text.find(said.quote), 0) + len(said.quote),
            "stage": said.stage,
            "stage_probability": 0.8,
            "touchpoint": said.touchpoint,
            "touchpoint_probability": 0.7,
            "sentiment": said.sentiment,
            "sentiment_probability": 0.8,
            "weight": 1 / len(story.said),
        }
        for place, said in enumerate(story.said)
    ]


def _contact(number: int, story: Story) -> dict[str, object]:
    return {
        "item_id": item_id(number, story),
        "chain_id": story.customer or item_id(number, story),
        "contact_no": 0,
        "is_repeat": False,
        "customer_key": story.customer,
        "channel": story.channel,
        "created_at": _said_at(story),
        "demand": story.demand,
        "demand_probability": 0.9,
        "cost": PRICES.get(story.channel or "", 5.0),
    }


def _trace(number: int, story: Story) -> dict[str, object]:
    domain, _, cause = story.cause.partition("/")
    is_told = domain != "cannot_tell"
    return {
        "item_id": item_id(number, story),
        "chain_id": story.customer or item_id(number, story),
        "domain": domain,
        "cause": cause if is_told else None,
        "probability": 0.75,
        "evidence": "said" if is_told else "none",
        "quote": story.said[0].quote if is_told else None,
        "quote_item_id": item_id(number, story) if is_told else None,
        "owner": OWNERS.get(domain, "Product"),
        "cost": PRICES.get(story.channel or "", 5.0),
    }


def _share(hits: float, trials: float) -> dict[str, object]:
    low, high = proportion_confint(hits, trials, method="wilson")
    method = "Wilson 95 %; sampling error only"
    return {"share": hits / trials, "share_low": float(low), "share_high": float(high), "method": method}


def _map_rows(stories: tuple[Story, ...]) -> list[dict[str, object]]:
    cells: dict[tuple[str, str], list[int]] = {}
    for story in stories:
        for said in story.said:
            cells.setdefault((said.stage, said.touchpoint), []).append(said.sentiment)
    return [
        {
            "stage": stage,
            "touchpoint": touchpoint,
            "mention_count": len(sentiments),
            "item_count": len(sentiments),
            "sentiment_mean": sum(sentiments) / len(sentiments),
            "negative_count": sum(s < 0 for s in sentiments),
            **_share(sum(s < 0 for s in sentiments), len(sentiments)),
        }
        for (stage, touchpoint), sentiments in cells.items()
    ]


def _ledger_rows() -> list[dict[str, object]]:
    return [
        {
            "week": week,
            "owner": OWNERS[domain],
            "domain": domain,
            "cause": cause,
            "contacts": counts[number],
            "chains": counts[number],
            "repeats": counts[number] // 5,
            "cost": counts[number] * 5.5,
            "base": sum(row[number] for row in LEDGER.values()),
            **_share(counts[number], sum(row[number] for row in LEDGER.values())),
        }
        for (domain, cause), counts in LEDGER.items()
        for number, week in enumerate(MONDAYS)
        if counts[number]
    ]


def _change_rows() -> list[dict[str, object]]:
    return [
        {
            "owner": OWNERS[domain],
            "domain": domain,
            "cause": cause,
            "week_end": NIGHT.isoformat(),
            "contacts": values[0],
            "contacts_before": values[1],
            "rate_ratio": values[2],
            "rate_ratio_low": values[3],
            "rate_ratio_high": values[4],
            "p_value": values[5],
            "q_value": values[5],
            "cost": values[0] * 6.0,
            "method": "mid-P test of two Poisson rates; sampling error only",
        }
        for (domain, cause), values in CHANGES.items()
    ]


def _week_rows() -> list[dict[str, object]]:
    return [
        {
            "week": week,
            "source": source,
            "base": base,
            "negative_count": base // 3 + number,
            "failure_count": base // 5 + number,
            "sentiment_mean": -0.2,
            **_share(base // 3 + number, base),
        }
        for number, week in enumerate(MONDAYS)
        for source, base in (("tickets", 60), ("chats", 45), ("nps", 80))
    ]


def _segment_rows() -> list[dict[str, object]]:
    counted = (("north", "onboarding", 41, 30), ("south", "payment", 25, 14), ("south", "onboarding", 33, 9))
    return [
        {
            "segment": "region",
            "value": value,
            "stage": stage,
            "item_count": items,
            "negative_count": negative,
            "sentiment_mean": -0.8,
            **_share(negative, items),
        }
        for value, stage, items, negative in counted
    ]


OTHERS: dict[Table, list[dict[str, object]]] = {
    DUPLICATES: [{"item_id": "social-26", "duplicate_of": "social-25", "duplicate_kind": "near", "likeness": 0.9}],
    DROPPED: [
        {
            "source": "nps",
            "position": "nps.csv:90",
            "file": "nps.csv",
            "stage": "clean",
            "item_id": "nps-88",
            "reason": "empty_text",
            "night": NIGHT.isoformat(),
        }
    ],
    QUARANTINE: [
        {
            "source": "chats",
            "position": f"chats.csv:{line}",
            "file": "chats.csv",
            "reason": "bad_date",
            "detail": "found 99.99.9999, wanted %Y-%m-%d",
            "night": NIGHT.isoformat(),
        }
        for line in (9, 10)
    ],
    EVENTS: [
        {
            "event_id": f"orders-{number}",
            "source": "orders",
            "customer_key": customer,
            "kind": kind,
            "stage": stage,
            "at": pd.Timestamp(at, tz="UTC"),
            "attributes": json.dumps({"courier": "swift"}),
            "raw_hash": "0",
            "position": f"orders.csv:{number}",
            "file": "orders.csv",
            "night": NIGHT.isoformat(),
        }
        for number, (customer, kind, stage, at) in enumerate(
            [
                ("c02", "order_placed", "purchase", "2026-05-01T10:00"),
                ("c02", "parcel_delivered", "onboarding", "2026-05-12T10:00"),
                (None, "outage", "usage", "2026-05-02T10:00"),
            ]
        )
    ],
    CUSTOMERS: [
        {
            "customer_key": "c02",
            "source": "crm",
            "segments": json.dumps({"region": "west", "plan": "club"}),
            "raw_hash": "0",
            "position": "crm.csv:2",
            "file": "crm.csv",
            "night": NIGHT.isoformat(),
        }
    ],
    RUNS: [
        {
            "run_id": "r1",
            "flow": "nightly",
            "night": NIGHT.isoformat(),
            "pipeline": "oakline",
            "status": "source_failed",
            "started_at": pd.Timestamp("2026-05-25T02:00", tz="UTC"),
            "seconds": 12.5,
            "seconds_by_stage": "{}",
            "record_count": 61,
            "item_count": 14,
            "unchanged_count": 44,
            "dropped_count": 1,
            "quarantined_count": 2,
            "labelled_count": 14,
            "failed_sources": json.dumps({"stores": "stores/*.xlsx: no file matches; is the folder mounted?"}),
            "model": "toy-1",
            "code_version": "0.1.0",
        }
    ],
}
