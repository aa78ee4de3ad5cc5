import json

import pandas as pd
import pytest

from cxnlp.config import Costs, Trace

SETTINGS = Trace(
    owners={"billing": "Finance", "service": "Care", "sales": "Sales", "cannot_tell": "not known"},
    costs=Costs(currency="GBP", per_contact={"phone": 7.0}, other=5.0, source="made up"),
)


@pytest.fixture
def settings():
    return SETTINGS


@pytest.fixture
def items():
    rows = [
        # item, customer, channel, day, demand, domain, probability, cause, quote
        ("a", "anna", "phone", "2026-04-16", "failure", "billing", 0.7, "incorrect_charge", "charged twice"),
        ("b", "anna", "email", "2026-04-18", "failure", "service", 0.9, "unreachable", "on hold for an hour"),
        ("c", "ben", "phone", "2026-04-18", "failure", "service", 0.8, "agent_conduct", "hung up on me"),
        ("d", "cleo", "chat", "2026-04-18", "failure", "none", 0.9, "none", None),
        ("e", "dora", "chat", "2026-04-18", "value", "none", 0.9, "none", None),
        ("f", "emil", "chat", "2026-04-18", "none", "billing", 0.9, "incorrect_charge", "a pound too much"),
        ("g", "finn", "chat", "2026-04-18", "failure", "sales", 0.6, None, "told me it was free"),
    ]
    names = ["item_id", "customer_key", "channel", "created_at", "demand", "domain", "domain_probability"]
    frame = pd.DataFrame(rows, columns=[*names, "cause", "breakdown_quote"])
    return frame.assign(
        created_at=pd.to_datetime(frame["created_at"], utc=True),
        demand_probability=0.9,
        text=frame["breakdown_quote"],
        breakdown_start=0,
        breakdown_end=frame["breakdown_quote"].str.len().astype("Int64"),
        domain_posterior=[
            posterior(domain, probability)
            for domain, probability in zip(frame["domain"], frame["domain_probability"], strict=True)
        ],
    )


def posterior(domain, probability):
    """What the labeler says: the rest over the others."""
    others = [code for code in ("billing", "fulfilment", "none", "sales", "service") if code != domain]
    return json.dumps({domain: probability, **dict.fromkeys(others, (1 - probability) / 4)})


@pytest.fixture
def no_keys():
    return pd.DataFrame({"item_id": [], "key": []}).astype("str")
