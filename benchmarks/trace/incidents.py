"""Must-show 4: are the four planted incidents of the sample company in the ledger, at the right owner, with evidence?

    python -m benchmarks.trace.incidents data/marts/cxnlp.duckdb

Reads the marts of a night over data/sample (`cxnlp run pipelines/sample.yaml --night 2026-05-24`).
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.trace.results import write_results
from cxnlp.publish.query import connect
from cxnlp.publish.story import tell_story

HERE = Path(__file__).parent
LEDGER = """
SELECT week, sum(contacts) AS contacts, sum(said_contacts) AS said, sum(happened_contacts) AS happened,
    sum(both_contacts) AS both, any_value(top_quote_item_id) AS quote_item, any_value(top_event_id) AS event,
    any_value(owner) AS owner
FROM mart_ledger_week WHERE domain = $domain AND week BETWEEN $first AND $last GROUP BY week ORDER BY week
"""
RANK = """
SELECT rank FROM (
    SELECT domain, rank() OVER (ORDER BY sum(contacts) DESC) AS rank FROM mart_ledger_week
    WHERE week BETWEEN $first AND $last AND domain <> 'cannot_tell' GROUP BY domain
) WHERE domain = $domain
"""
EXAMPLE = """
SELECT t.item_id FROM core_traces AS t JOIN core_contacts AS c USING (item_id)
JOIN core_events AS e ON e.event_id = t.event_id
WHERE t.domain = $domain AND t.evidence IN ('both', 'happened') AND t.event_kind LIKE $kind
ORDER BY t.evidence, t.probability DESC, t.item_id LIMIT 1
"""


@dataclass(frozen=True)
class Incident:
    """A planted incident: domain, first and last Monday of its contacts, and the kind of event behind it."""

    name: str
    domain: str
    first: str
    last: str
    kind: str


INCIDENTS = (
    Incident("promo", "marketing", "2026-03-16", "2026-04-13", "%spring-double%"),
    Incident("missell", "sales", "2026-03-30", "2026-05-04", "%kestrel%"),
    Incident("billing", "billing", "2026-04-13", "2026-05-11", "%taken_twice=true%"),
    Incident("courier", "fulfilment", "2026-04-27", "2026-05-18", "%swiftlane%"),
)


def main() -> None:
    """Print and write the ledger of each incident and one story of each."""
    marts = Path(sys.argv[1])
    rows, stories = [], []
    with connect(marts) as connection:
        for incident in INCIDENTS:
            span = {"domain": incident.domain, "first": incident.first, "last": incident.last}
            weeks = connection.execute(LEDGER, span).df()
            rank = connection.execute(RANK, span).fetchone()
            example = connection.execute(EXAMPLE, {"domain": incident.domain, "kind": incident.kind}).fetchone()
            stories.append(example[0] if example else None)
            rows.append(
                {
                    "incident": incident.name,
                    "owner": weeks["owner"].iloc[0] if len(weeks) else None,
                    "rank of its weeks": rank[0] if rank else None,
                    "contacts": int(weeks["contacts"].sum()),
                    "said": int(weeks["said"].sum()),
                    "happened": int(weeks["happened"].sum()),
                    "both": int(weeks["both"].sum()),
                    "by week": " ".join(str(int(n)) for n in weeks["contacts"]),
                }
            )
    told = [f"## {i.name}\n\n```\n{tell_story(marts, s)}\n```" for i, s in zip(INCIDENTS, stories, strict=True) if s]
    title = "The four planted incidents in the ledger"
    write_results(HERE / "incidents", title, pd.DataFrame(rows), "", "\n\n".join(told))


if __name__ == "__main__":
    main()
