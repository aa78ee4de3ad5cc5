"""Sarcasm, mixed feelings, faults that service gets the blame for: what the model gets wrong is what its card says."""

import json
from pathlib import Path

from cxnlp.learn.traps import find_misses

TRAPS = Path(__file__).parent / "traps.jsonl"


def test_the_card_tells_every_hard_sentence_that_is_read_wrong(labeler, model_folder):
    told = json.loads((model_folder / "metrics.json").read_text())["missed_traps"]
    misses = find_misses(labeler, TRAPS)
    assert {(miss.trap_id, miss.axis) for miss in misses} == {(miss["trap_id"], miss["axis"]) for miss in told}
    card = (model_folder / "card.md").read_text()
    assert all(miss.text in card for miss in misses)
