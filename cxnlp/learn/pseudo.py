"""Unlabelled texts read by a trained model: examples for a student that learns from far more text than people labelled.

Self-training with soft targets (Xie et al., 2020, CVPR; Hinton et al., 2015): the teacher's calibrated probabilities
carry what it is unsure of; stages, mention sentiments and quotes are taken as it reads them.
"""

import logging
from collections.abc import Sequence

import numpy as np

from cxnlp.label.labeler import Labeler, Text
from cxnlp.label.reading import Probabilities, Reading
from cxnlp.label.tokens import TextTokenizer
from cxnlp.learn.batches import Example, SoftTargets
from cxnlp.learn.labels import LabelledItem, LabelledMention

LOG = logging.getLogger(__name__)
BLOCK = 2_048


def read_unlabelled(teacher: Labeler, texts: Sequence[Text], tokenizer: TextTokenizer, weight: float) -> list[Example]:
    """Examples from texts; those without a word are left out.

    :param weight: of each example, beside 1 for an item that a person labelled.
    """
    codes = teacher.config.codes
    domain_of_cause = np.array([codes.domains.index(cause.split("/")[0]) for cause in codes.causes])
    examples = []
    for begin in range(0, len(texts), BLOCK):
        block = texts[begin : begin + BLOCK]
        tokens = tokenizer.tokenize([text.words for text in block])
        for number, judged in enumerate(teacher.judge(block)):
            if judged.chances is not None:
                item = _as_item(block[number], judged.reading, begin + number)
                examples.append(Example(item, tokens[number], weight, _soft(judged.chances, domain_of_cause)))
        LOG.info("read %d of %d unlabelled texts", begin + len(block), len(texts))
    return examples


def _soft(chances: Probabilities, domain_of_cause: np.ndarray) -> SoftTargets:
    return SoftTargets(
        first=chances.first,
        presence=chances.presence,
        sentiment=chances.sentiment,
        demand=chances.demand,
        domain=chances.domain,
        cause=chances.cause * chances.domain[domain_of_cause],
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
