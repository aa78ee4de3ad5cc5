"""Must-show 5: on labelled items with words only, is an upstream fault charged to service, or anyone without a quote?

    python -m benchmarks.trace.blame GOLD.jsonl

Each failure item of the gold set is taken as a contact of its own customer with no events.
"""

import json
import sys
from pathlib import Path

import pandas as pd

from benchmarks.trace.results import write_results
from cxnlp.config import Costs, Trace
from cxnlp.label.labeler import Labeler
from cxnlp.label.rows import to_rows
from cxnlp.tables import CONTACTS
from cxnlp.trace.happened import nothing_happened
from cxnlp.trace.join import trace_contacts

HERE = Path(__file__).parent
MODEL = Path("models/default")
SETTINGS = Trace(owners={}, costs=Costs(currency="EUR", per_contact={}, other=1, source="made up"))
NOT_UPSTREAM = ("service", "external", "none")


def main() -> None:
    """Trace the gold items by their words alone and write the shares."""
    gold = pd.DataFrame([json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()])
    labeler = Labeler.load(MODEL)
    feedback = pd.DataFrame(
        {"item_id": gold["id"].astype("str"), "text": gold["text"], "source": "gold", "text_hash": ""}
    )
    items = to_rows(labeler.label(feedback), feedback, labeler.model_id, "gold").items
    base = items.assign(chain_id=items["item_id"], contact_no=0, is_repeat=False, demand="failure", cost=1.0)
    traces = trace_contacts(CONTACTS.typed(base), items, nothing_happened(), SETTINGS).set_index("item_id")
    true = pd.Series([b["domain"] for b in gold["breakdown"]], index=gold["id"].astype("str"))
    found = traces["domain"].reindex(true.index)
    upstream = ~true.isin(NOT_UPSTREAM)
    charged = ~found.isin(["cannot_tell"])
    row = {
        "items": len(gold),
        "blame-service error": float((found[upstream] == "service").mean()),
        "n upstream": int(upstream.sum()),
        "recall of service": float((found[true == "service"] == "service").mean()),
        "n service": int((true == "service").sum()),
        "charged without quote": int((charged & traces["quote"].reindex(true.index).isna()).sum()),
        "nothing broke, yet charged": float(charged[true == "none"].mean()),
    }
    write_results(HERE / "blame", "Blame-service error, words only", pd.DataFrame([row]), labeler.model_id)


if __name__ == "__main__":
    main()
