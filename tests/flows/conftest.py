"""A small company for whole nights: three feedback files of two sources, events, customers; 30 items."""

import json
from pathlib import Path

import pytest

MODEL = Path("models/default").resolve()
TAXONOMY = Path("pipelines/taxonomy.yaml").resolve()
NIGHT = "2026-05-24"

PIPELINE = f"""
lake: data/lake
marts: data/marts/cxnlp.duckdb
reports: data/reports
taxonomy: {TAXONOMY}
model: {MODEL}
pseudonym_key_env: CXNLP_KEY
company: {{name: Tarnlink, handles: ["@Tarnlink"]}}
feedback:
  - name: nps
    source_kind: survey
    files: inbox/nps_*.csv
    format: csv
    date_format: "%d/%m/%Y %H:%M"
    columns: {{source_id: id, created_at: at, customer_id: customer, nps: score, text: comment}}
    constants: {{channel: survey}}
    segments: {{region: region}}
  - name: chats
    source_kind: chat
    files: inbox/chats.jsonl
    format: jsonl
    columns: {{source_id: id, created_at: at, customer_id: customer}}
    turns: {{path: turns, speaker: from, text: text, customer: [customer]}}
    constants: {{channel: chat}}
events:
  - name: billing
    files: inbox/events.csv
    format: csv
    columns: {{event_id: id, at: at, kind: kind, customer_id: customer}}
    attributes: [amount]
customers:
  - name: crm
    files: inbox/customers.csv
    format: csv
    columns: {{customer_id: customer, churned: left}}
    segments: {{region: region}}
trace:
  owners: {{marketing: M, sales: S, billing: B, product: P, documentation: P, fulfilment: F, digital: D, policy: O,
           frontline: R, service: C, external: nobody, cannot_tell: not known}}
  costs: {{currency: GBP, per_contact: {{chat: 5.0}}, other: 4.0, source: made up}}
"""

COMMENTS = [
    "Charged twice in April and still waiting for the second payment to come back",
    "brilliant speed since the upgrade, kids stopped moaning",
    "The parcel with my phone was marked delivered, it was not",
    "meh",
    "Price went up again. Third year running!",
    "Engineer was lovely and tidy but the router drops every evening",
    "",
    "App will not let me log in since the update",
    "I love the new app",
    "They told me half price for two years, it is six months.",
]
CHATS = [
    ["hi, my bill has been taken twice", "Let me look", "it is 22 pounds, I need that back"],
    ["where is my router, order from last monday", "It left the depot", "that is what you said on friday"],
    ["can I keep my number if I move to pocket", "Yes", "great thanks"],
    ["no internet since seven this morning in the whole street", "There is an outage", "ok when is it back"],
]


def write_inbox(inbox: Path) -> None:
    """Write the feeds; one date and one JSON line are broken."""
    inbox.mkdir(parents=True)
    for month in (4, 5):
        rows = [
            f'{month}-{n},{1 + n:02d}/{month:02d}/2026 10:{n:02d},C{n % 7},North,{n % 11},"{comment}"'
            for n, comment in enumerate(COMMENTS)
        ]
        rows += [f'{month}-x,2026-31-12,C1,North,5,"a date in the wrong order"']
        (inbox / f"nps_{month}.csv").write_text("\n".join(["id,at,customer,region,score,comment", *rows]) + "\n")
    lines = [
        json.dumps(
            {
                "id": f"c{n}",
                "at": f"2026-05-{3 + n:02d}T09:00:00Z",
                "customer": f"C{n % 5}",
                "turns": [{"from": "customer" if k % 2 == 0 else "agent", "text": t} for k, t in enumerate(chat)],
            }
        )
        for n, chat in enumerate(CHATS * 3)
    ]
    (inbox / "chats.jsonl").write_text("\n".join([*lines, '{"id": "torn', ""]))
    events = [f"e{n},2026-05-{1 + n:02d},invoice_issued,C{n % 7},{20 + n}.00" for n in range(20)]
    (inbox / "events.csv").write_text("\n".join(["id,at,kind,customer,amount", *events]) + "\n")
    people = [f"C{n},{'North' if n % 2 else 'Coast'},{'yes' if n == 3 else 'no'}" for n in range(7)]
    (inbox / "customers.csv").write_text("\n".join(["customer,region,left", *people]) + "\n")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with feeds and pipeline.yaml, which is also the folder the test stands in."""
    folder = tmp_path / "project"
    write_inbox(folder / "inbox")
    (folder / "pipeline.yaml").write_text(PIPELINE)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CXNLP_KEY", "a key for tests only, not secret")
    return folder
