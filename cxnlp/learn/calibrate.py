"""Temperatures and thresholds from held-out items, fitted on the exported model: what runs is what is calibrated."""

from collections.abc import Callable

import numpy as np

from cxnlp.label.heads import Logits, sigmoid, softmax
from cxnlp.label.model_folder import HeadCodes, ModelThresholds, Temperatures
from cxnlp.label.reading import Probabilities
from cxnlp.learn.labels import LabelledItem

TEMPERATURES = np.geomspace(0.4, 4.0, 93)
GRID = np.linspace(0.0, 0.95, 96)
LOWEST, FEWEST = 1e-9, 20


def fit_temperatures(logits: Logits, items: list[LabelledItem], codes: HeadCodes) -> Temperatures:
    """Temperature of each head by least log loss (Guo et al., 2017).

    :param logits: raw answers of the exported model for `items`, in their order.
    """
    mentions = [(row, mention) for row, item in enumerate(items) for mention in item.mentions]
    rows = np.array([row for row, _ in mentions])
    touchpoints = np.array([codes.touchpoints.index(m.touchpoint) for _, m in mentions])
    stages = np.array([codes.stages.index(m.stage) for _, m in mentions])
    sentiments = np.array([m.sentiment + 2 for _, m in mentions])
    presence = presence_targets(items, codes)
    return Temperatures(
        first=_softmax_temperature(logits.first, first_targets(items, codes)),
        presence=_least(lambda t: _binary_loss(logits.presence / t, presence)),
        stage=_softmax_temperature(logits.stage[rows, touchpoints], stages),
        mention_sentiment=_softmax_temperature(logits.mention_sentiment[rows, touchpoints], sentiments),
        sentiment=_softmax_temperature(logits.sentiment, np.array([i.sentiment + 2 for i in items])),
        demand=_softmax_temperature(logits.demand, np.array([codes.demands.index(i.demand) for i in items])),
        domain=_softmax_temperature(logits.domain, domain_targets(items, codes)),
        cause=_cause_temperature(logits, items, codes),
    )


def first_targets(items: list[LabelledItem], codes: HeadCodes) -> np.ndarray:
    """Row of the first touchpoint of each item; one past the last where nothing is mentioned."""
    none = len(codes.touchpoints)
    return np.array([codes.touchpoints.index(i.mentions[0].touchpoint) if i.mentions else none for i in items])


def presence_targets(items: list[LabelledItem], codes: HeadCodes) -> np.ndarray:
    """(items, touchpoints), 1.0 where the touchpoint is mentioned."""
    present = np.zeros((len(items), len(codes.touchpoints)))
    for row, item in enumerate(items):
        present[row, [codes.touchpoints.index(m.touchpoint) for m in item.mentions]] = 1.0
    return present


def domain_targets(items: list[LabelledItem], codes: HeadCodes) -> np.ndarray:
    """Row of the breakdown domain of each item."""
    return np.array([codes.domains.index(i.domain) for i in items])


def choose_thresholds(
    chances: Probabilities, items: list[LabelledItem], codes: HeadCodes, wrong_cost: float
) -> ModelThresholds:
    """Thresholds of least cost on held-out items, where a wrong answer costs `wrong_cost` times what none costs.

    The threshold of further mentions is the one of best micro-F1 of the touchpoint sets.
    """
    rows = np.arange(len(items))
    mentions = [(row, mention) for row, item in enumerate(items) for mention in item.mentions]
    owners = np.array([row for row, _ in mentions])
    touchpoints = np.array([codes.touchpoints.index(m.touchpoint) for _, m in mentions])
    stages = chances.stage[owners, touchpoints]
    sentiments = chances.mention_sentiment[owners, touchpoints]
    domains, first = domain_targets(items, codes), chances.first[:, :-1].argmax(1)
    presence = presence_targets(items, codes)
    causes = chances.cause * chances.domain[:, [codes.domains.index(c.split("/")[0]) for c in codes.causes]]
    true_cause = np.array([codes.causes.index(f"{i.domain}/{i.cause}") if i.evidence else -1 for i in items])
    told = chances.domain.argmax(1) < len(codes.domains) - 1
    right_stage = stages.argmax(1) == [codes.stages.index(m.stage) for _, m in mentions]
    right_sentiment = sentiments.argmax(1) == [m.sentiment + 2 for _, m in mentions]

    def least_cost(probability: np.ndarray, right: np.ndarray) -> float:
        return _least_cost(probability, right, wrong_cost)

    return ModelThresholds(
        mention=_best_mention_threshold(chances, presence),
        touchpoint=least_cost(chances.presence[rows, first], presence[rows, first] == 1),
        stage=least_cost(stages.max(1), right_stage),
        mention_sentiment=least_cost(sentiments.max(1), right_sentiment),
        sentiment=least_cost(chances.sentiment.max(1), chances.sentiment.argmax(1) == [i.sentiment + 2 for i in items]),
        demand=least_cost(
            chances.demand.max(1), chances.demand.argmax(1) == [codes.demands.index(i.demand) for i in items]
        ),
        domain=least_cost(chances.domain.max(1), chances.domain.argmax(1) == domains),
        cause=least_cost(causes.max(1)[told], (causes.argmax(1) == true_cause)[told]),
    )


def _least_cost(probability: np.ndarray, right: np.ndarray, wrong_cost: float) -> float:
    """Threshold under which abstaining costs least.

    Where fewer than twenty items are less sure than calibrated probabilities would ask for, the held-out items cannot
    tell, and the threshold is what theory says: 1 - 1 / `wrong_cost`.
    """
    theory = 1 - 1 / wrong_cost
    if (probability < theory).sum() < FEWEST:
        return round(theory, 3)
    tried = [t for t in GRID if t == 0 or (probability < t).sum() >= FEWEST]
    costs = [np.where(probability < t, 1.0, np.where(right, 0.0, wrong_cost)).mean() for t in tried]
    return round(float(tried[int(np.argmin(costs))]), 3)


def _best_mention_threshold(chances: Probabilities, presence: np.ndarray) -> float:
    first = chances.first.argmax(1)
    spoken = first < presence.shape[1]
    leads = np.zeros_like(presence, dtype=bool)
    leads[np.flatnonzero(spoken), first[spoken]] = True

    def micro_f1(threshold: float) -> float:
        told = leads | (chances.presence >= threshold)
        return float(2 * (told * presence).sum() / (told.sum() + presence.sum()))

    return round(float(max(GRID[10:], key=micro_f1)), 3)


def _cause_temperature(logits: Logits, items: list[LabelledItem], codes: HeadCodes) -> float:
    rows = [row for row, item in enumerate(items) if item.evidence]
    targets = np.array([codes.causes.index(f"{items[row].domain}/{items[row].cause}") for row in rows])
    own = [[cause.split("/")[0] == items[row].domain for cause in codes.causes] for row in rows]
    return _softmax_temperature(np.where(own, logits.cause[rows], -1e4), targets)


def _softmax_temperature(logits: np.ndarray, targets: np.ndarray) -> float:
    rows = np.arange(len(targets))
    return _least(lambda t: -np.log(softmax(logits / t)[rows, targets] + LOWEST).mean())


def _binary_loss(logits: np.ndarray, targets: np.ndarray) -> float:
    chance = sigmoid(logits)
    return float(-(targets * np.log(chance + LOWEST) + (1 - targets) * np.log(1 - chance + LOWEST)).mean())


def _least(loss: Callable[[float], float]) -> float:
    return round(float(min(TEMPERATURES, key=loss)), 4)
