"""Unlabelled texts read by a trained model: examples for a student that learns from far more text than people labelled.

Self-training with soft targets (Xie et al., 2020, CVPR; Hinton et al., 2015): the teacher's calibrated probabilities
carry what it is unsure of; stages, mention sentiments and quotes are taken as it reads them.
"""

from collections.abc import Sequence

import numpy as np

from cxnlp.label.labeler import Labeler, Text
from cxnlp.label.reading import Probabilities, Reading, calibrate
from cxnlp.label.tokens import TextTokenizer
from cxnlp.learn.batches import Example, SoftTargets
from cxnlp.learn.labels import LabelledItem, LabelledMention

BLOCK = 512


def read_unlabelled(teacher: Labeler, texts: Sequence[Text], tokenizer: TextTokenizer, weight: float) -> list[Example]:
    """Examples from texts of at least one word each.

    :param weight: of each example, beside 1 for an item that a person labelled.
    """
    domains = [teacher.config.codes.domains.index(c.split("/")[0]) for c in teacher.config.codes.causes]
    examples = []
    for begin in range(0, len(texts), BLOCK):
        block = texts[begin : begin + BLOCK]
        chances = calibrate(teacher.logits(block), teacher.config)
        tokens = tokenizer.tokenize([text.words for text in block])
        for row, reading in enumerate(teacher.read(block)):
            item = _as_item(block[row], reading, begin + row)
            examples.append(Example(item, tokens[row], weight, _soft(chances, row, domains)))
    return examples


def _soft(chances: Probabilities, row: int, domain_of_cause: list[int]) -> SoftTargets:
    return SoftTargets(
        first=chances.first[row],
        presence=chances.presence[row],
        sentiment=chances.sentiment[row],
        demand=chances.demand[row],
        domain=chances.domain[row],
        cause=chances.cause[row] * chances.domain[row][np.array(domain_of_cause)],
    )


def _as_item(text: Text, reading: Reading, number: int) -> LabelledItem:
    mentions = tuple(
        LabelledMention(m.stage.code, m.touchpoint.code, m.sentiment, m.start, m.end) for m in reading.mentions
    )
    return LabelledItem(
        item_id=f"unlabelled-{number}",
        text=text.words,
        source_kind=text.source_kind,
        dataset="unlabelled",
        sentiment=reading.sentiment,
        demand=reading.demand.code,
        domain=reading.domain.code,
        cause=reading.cause.code,
        evidence=reading.evidence,
        mentions=mentions,
    )
