"""What training makes small: one sum over all answers, each weighed by how much the judge cares for it."""

import torch
from torch import Tensor
from torch.nn import functional

from cxnlp.learn.batches import NOWHERE, Batch
from cxnlp.learn.network import Answers, JourneyNetwork

SMOOTHING = 0.05  # train labels come from one reading; about one in twenty is off


def total_loss(network: JourneyNetwork, answers: Answers, batch: Batch, domain_weights: Tensor) -> Tensor:
    """Weighted mean over the items of a batch.

    :param domain_weights: (domains,) weight of each breakdown domain, mean 1 over the training items.
    """
    n_items = len(batch.weight)
    breakdown_weight = batch.weight * (batch.domain @ domain_weights)
    presence = functional.binary_cross_entropy_with_logits(answers.presence, batch.presence, reduction="none")
    per_item = (
        1.0 * _cross_entropy(answers.first, batch.first)
        + 0.6 * presence.sum(1)
        + 1.0 * _ordinal(answers.sentiment, batch.sentiment)
        + 1.0 * _cross_entropy(answers.demand, batch.demand)
    ) * batch.weight
    broken = (
        1.0 * _cross_entropy(answers.domain, batch.domain)
        + 0.8 * _cause_loss(network, answers, batch)
        + 0.4 * _evidence_loss(network, answers, batch)
    ) * breakdown_weight
    return ((per_item + broken).sum() + _mention_loss(network, answers, batch)) / n_items


def _cross_entropy(logits: Tensor, shares: Tensor) -> Tensor:
    """Cross entropy against shares (n, codes), moved a little towards even ones."""
    smooth = (1 - SMOOTHING) * shares + SMOOTHING * shares.sum(1, keepdim=True) / shares.shape[1]
    return -(smooth * functional.log_softmax(logits, dim=1)).sum(1)


def _ordinal(logits: Tensor, shares: Tensor) -> Tensor:
    """Cross entropy plus the squared distance of cumulative shares (Hou et al., 2016), which costs far misses more."""
    distance = (logits.softmax(1).cumsum(1) - shares.cumsum(1)).square().sum(1)
    return 0.7 * _cross_entropy(logits, shares) + 1.0 * distance


def _cause_loss(network: JourneyNetwork, answers: Answers, batch: Batch) -> Tensor:
    """Cross entropy of each cause among the causes of its own domain: cause given domain."""
    owners = network.heads.cause_domains
    top = answers.cause.max(dim=1, keepdim=True).values.detach()
    totals = torch.zeros_like(batch.domain).index_add(1, owners, (answers.cause - top).exp())
    within = answers.cause - top - totals[:, owners].clamp_min(1e-8).log()
    return -(batch.cause * within).sum(1)


def _evidence_loss(network: JourneyNetwork, answers: Answers, batch: Batch) -> Tensor:
    """Loss of the breakdown's first and last token, asked of the query of the told domain."""
    loss = torch.zeros(len(batch.told))
    rows = torch.nonzero(batch.evidence[:, 0] != NOWHERE).flatten()
    if len(rows) == 0:
        return loss
    queries = network.heads.n_touchpoints + batch.told[rows]
    return loss.index_add(0, rows, _place_loss(network, answers, batch, rows, queries, batch.evidence[rows]))


def _mention_loss(network: JourneyNetwork, answers: Answers, batch: Batch) -> Tensor:
    """Summed loss of stage, sentiment and quote of the mentions, each asked of its own touchpoint's query."""
    rows, touchpoints = batch.mention_item, batch.mention_touchpoint
    if len(rows) == 0:
        return answers.first.new_zeros(())
    stages = functional.one_hot(batch.mention_stage, answers.stage.shape[2]).float()
    sentiments = functional.one_hot(batch.mention_sentiment, answers.mention_sentiment.shape[2]).float()
    loss = 0.8 * _cross_entropy(answers.stage[rows, touchpoints], stages)
    loss = loss + 0.7 * _ordinal(answers.mention_sentiment[rows, touchpoints], sentiments)
    loss = loss + 0.3 * _place_loss(network, answers, batch, rows, touchpoints, batch.mention_place)
    return (loss * batch.weight[rows]).sum()


def _place_loss(
    network: JourneyNetwork, answers: Answers, batch: Batch, rows: Tensor, queries: Tensor, place: Tensor
) -> Tensor:
    """Half the summed loss of first and last token of k quotes; 0 for a quote past the limit."""
    logits = network.heads.pointers(answers, rows, queries).masked_fill(~batch.mask[rows][:, None, :], -1e4)
    return functional.cross_entropy(logits.transpose(1, 2), place, reduction="none", ignore_index=NOWHERE).sum(1) / 2
