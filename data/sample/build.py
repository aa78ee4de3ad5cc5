"""Build the feeds and labels of the sample company from what people wrote under written/.

usage: python data/sample/build.py [--out FOLDER]

Seeded: the same written items give the same files, byte for byte.
"""

import argparse
import json
import shutil
from pathlib import Path

from bad import bad_items
from customers import make_customers
from event_files import numbered, write_customers, write_events
from feeds import source_id, source_of, write_feeds
from journeys import company_events, make_journey
from written import Item, read_items, read_stories


def build(out: Path) -> None:
    """Write feeds/ and labels.jsonl into `out`; what feeds/ held before is gone."""
    items = read_items()
    customers = make_customers(items, read_stories())
    journeys = [make_journey(customer) for customer in customers]
    feeds = out / "feeds"
    shutil.rmtree(feeds, ignore_errors=True)
    feeds.mkdir(parents=True)
    spoilt = bad_items({item.id: item for item in items})
    write_feeds([*items, *spoilt], {customer.id: customer for customer in customers}, feeds)
    write_customers(journeys, feeds / "customers.csv")
    write_events([*numbered(journeys), *company_events()], feeds)
    write_labels(items, out / "labels.jsonl")


def write_labels(items: list[Item], path: Path) -> None:
    """Write the readers' labels in the annotation guide's form, under the ids that the pipeline gives."""
    records = ({"id": f"{source_of(item)}-{source_id(item)}", "story": item.story, **item.label} for item in items)
    path.write_text("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    build(parser.parse_args().out)
