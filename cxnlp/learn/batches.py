"""Labelled items as padded tensors, grouped by length so that little is spent on padding."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from cxnlp.label.tokens import TextTokenizer, TokenizedText
from cxnlp.learn.codes import Codes
from cxnlp.learn.labels import LabelledItem

NOWHERE = -100  # target that the loss leaves out


@dataclass(frozen=True)
class SoftTargets:
    """A teacher's probabilities for one item, in place of the hard codes of its labels."""

    first: np.ndarray  # (touchpoints + 1,)
    presence: np.ndarray  # (touchpoints,)
    sentiment: np.ndarray  # (5,)
    demand: np.ndarray  # (demands,)
    domain: np.ndarray  # (domains,)
    cause: np.ndarray  # (causes,), of domain and cause together


@dataclass(frozen=True)
class Example:
    """One item ready to learn from; `soft` is None where a person labelled it."""

    item: LabelledItem
    tokens: TokenizedText
    weight: float
    soft: SoftTargets | None = None


@dataclass(frozen=True)
class Batch:
    """Tensors of b items and their k mentions; `mention_item` says which item a mention belongs to."""

    ids: Tensor  # (b, n)
    mask: Tensor  # (b, n)
    weight: Tensor  # (b,)
    first: Tensor  # (b, touchpoints + 1), shares; so all down to cause
    presence: Tensor  # (b, touchpoints)
    sentiment: Tensor  # (b, 5)
    demand: Tensor  # (b, demands)
    domain: Tensor  # (b, domains)
    cause: Tensor  # (b, causes), of domain and cause together: all 0 where nothing broke
    told: Tensor  # (b,), the domain whose evidence is asked for
    evidence: Tensor  # (b, 2), start and end token
    mention_item: Tensor  # (k,)
    mention_touchpoint: Tensor  # (k,)
    mention_stage: Tensor  # (k,)
    mention_sentiment: Tensor  # (k,)
    mention_place: Tensor  # (k, 2)


def group_by_length(lengths: list[int], budget: int, most: int, order: np.ndarray) -> list[list[int]]:
    """Positions in batches of like length: at most `most` items and `budget` padded tokens each.

    :param order: a shuffled order; items are sorted by length only within stretches of 32 batches of it, so that
        batches differ from epoch to epoch.
    """
    batches: list[list[int]] = []
    for begin in range(0, len(order), 32 * most):
        stretch = sorted(order[begin : begin + 32 * most], key=lambda position: lengths[position])
        current: list[int] = []
        for position in stretch:
            if current and (len(current) == most or (len(current) + 1) * lengths[position] > budget):
                batches.append(current)
                current = []
            current.append(int(position))
        batches.append(current)
    return batches


def make_batch(
    examples: list[Example], tokenizer: TextTokenizer, codes: Codes, limit: int, without_kind: np.ndarray
) -> Batch:
    """Pad and index a batch.

    :param limit: tokens of an item that are read; the rest is left out.
    :param without_kind: (b,) True where the source kind is withheld, so that the model also works without.
    """
    prefixes = [
        tokenizer.prefix(None if hidden else example.item.source_kind)
        for example, hidden in zip(examples, without_kind, strict=True)
    ]
    rows = [
        [*prefix, *example.tokens.ids[:limit], *tokenizer.suffix]
        for prefix, example in zip(prefixes, examples, strict=True)
    ]
    width = max(map(len, rows))
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
    mask = torch.arange(width)[None, :] < torch.tensor([len(row) for row in rows])[:, None]
    items = [example.item for example in examples]
    mentions = [(number, mention) for number, item in enumerate(items) for mention in item.mentions]
    targets = [example.soft or hard_targets(example.item, codes) for example in examples]
    return Batch(
        ids=ids,
        mask=mask,
        weight=torch.tensor([example.weight for example in examples], dtype=torch.float32),
        **{name: _stack(targets, name) for name in ("first", "presence", "sentiment", "demand", "domain", "cause")},
        told=torch.tensor([codes.domains.index(item.domain) for item in items]),
        evidence=torch.tensor(
            [_place(e, i.evidence, len(p), limit) for e, i, p in zip(examples, items, prefixes, strict=True)]
        ),
        mention_item=torch.tensor([number for number, _ in mentions], dtype=torch.long),
        mention_touchpoint=torch.tensor([codes.touchpoints.index(m.touchpoint) for _, m in mentions], dtype=torch.long),
        mention_stage=torch.tensor([codes.stages.index(m.stage) for _, m in mentions], dtype=torch.long),
        mention_sentiment=torch.tensor([m.sentiment + 2 for _, m in mentions], dtype=torch.long),
        mention_place=torch.tensor(
            [_place(examples[n], (m.start, m.end), len(prefixes[n]), limit) for n, m in mentions], dtype=torch.long
        ).reshape(-1, 2),
    )


def hard_targets(item: LabelledItem, codes: Codes) -> SoftTargets:
    """A person's labels as probabilities of 0 and 1."""
    touchpoints = [codes.touchpoints.index(mention.touchpoint) for mention in item.mentions]
    cause = codes.causes.index(f"{item.domain}/{item.cause}") if item.evidence else None
    return SoftTargets(
        first=_ones(len(codes.touchpoints) + 1, touchpoints[:1] or [len(codes.touchpoints)]),
        presence=_ones(len(codes.touchpoints), touchpoints),
        sentiment=_ones(5, [item.sentiment + 2]),
        demand=_ones(len(codes.demands), [codes.demands.index(item.demand)]),
        domain=_ones(len(codes.domains), [codes.domains.index(item.domain)]),
        cause=_ones(len(codes.causes), [] if cause is None else [cause]),
    )


def _ones(size: int, places: list[int]) -> np.ndarray:
    shares = np.zeros(size, dtype=np.float32)
    shares[places] = 1.0
    return shares


def _stack(targets: list[SoftTargets], name: str) -> Tensor:
    return torch.tensor(np.stack([getattr(target, name) for target in targets]), dtype=torch.float32)


def _place(example: Example, span: tuple[int, int] | None, shift: int, limit: int) -> tuple[int, int]:
    """First and last token of a quote, moved by the prefix; NOWHERE where it lies past the limit."""
    if span is None:
        return NOWHERE, NOWHERE
    inside = np.flatnonzero((example.tokens.ends > span[0]) & (example.tokens.starts < span[1]))
    if len(inside) == 0 or inside[-1] >= limit:
        return NOWHERE, NOWHERE
    return int(inside[0]) + shift, int(inside[-1]) + shift
