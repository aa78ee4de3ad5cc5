"""What the model reads in one item: codes, probabilities and quotes, from the logits of the heads."""

from dataclasses import dataclass, fields

import numpy as np

from cxnlp.label.heads import Heads, Logits, sigmoid, softmax
from cxnlp.label.model_folder import ModelConfig
from cxnlp.label.quotes import best_quote
from cxnlp.label.tokens import TokenizedText
from cxnlp.taxonomy import NONE, SENTIMENTS

MOST_MENTIONS = 4


@dataclass(frozen=True)
class Guess:
    """Best code and its calibrated probability."""

    code: str
    probability: float


@dataclass(frozen=True)
class Mention:
    """One touchpoint talked about; `start` and `end` are characters, `weight` its share of the item's mentions."""

    touchpoint: Guess
    stage: Guess
    sentiment: int
    sentiment_probability: float
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Reading:
    """Everything read in one item; `evidence` is the (start, end) of the breakdown's quote, None where none."""

    sentiment: int
    sentiment_probability: float
    demand: Guess
    domain: Guess
    cause: Guess
    evidence: tuple[int, int] | None
    posterior: tuple[float, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class Probabilities:
    """Calibrated probabilities of b items; shapes as in `Logits`, `cause` given its domain."""

    first: np.ndarray
    presence: np.ndarray
    stage: np.ndarray
    mention_sentiment: np.ndarray
    sentiment: np.ndarray
    demand: np.ndarray
    domain: np.ndarray
    cause: np.ndarray

    def of(self, row: int) -> "Probabilities":
        """Those of one item, without the first axis."""
        return Probabilities(*(getattr(self, field.name)[row] for field in fields(self)))


def calibrate(logits: Logits, config: ModelConfig) -> Probabilities:
    """Softmax at the fitted temperatures; causes within each domain."""
    by = config.temperatures
    codes = config.codes
    cause = np.zeros_like(logits.cause)
    domain_of_cause = np.array([codes.domains.index(c.split("/")[0]) for c in codes.causes])
    for domain in range(len(codes.domains) - 1):
        own = domain_of_cause == domain
        cause[:, own] = softmax(logits.cause[:, own] / by.cause)
    return Probabilities(
        first=softmax(logits.first / by.first),
        presence=sigmoid(logits.presence / by.presence),
        stage=softmax(logits.stage / by.stage),
        mention_sentiment=softmax(logits.mention_sentiment / by.mention_sentiment),
        sentiment=softmax(logits.sentiment / by.sentiment),
        demand=softmax(logits.demand / by.demand),
        domain=softmax(logits.domain / by.domain),
        cause=cause,
    )


class Reader:
    """Turns the answers of the heads about one item into a `Reading`."""

    def __init__(self, config: ModelConfig, heads: Heads) -> None:
        self._config = config
        self._heads = heads
        self._causes_by_domain = {
            domain: [n for n, cause in enumerate(config.codes.causes) if cause.split("/")[0] == domain]
            for domain in config.codes.domains
        }

    def silent(self) -> Reading:
        """The reading of a text without a word: nothing said, nothing broke."""
        codes = self._config.codes
        posterior = tuple(float(domain == NONE) for domain in codes.domains)
        nothing = Guess(NONE, 1.0)
        return Reading(0, 1.0, nothing, nothing, nothing, None, posterior, ())

    def read(
        self, row: int, answers: Logits, chances: Probabilities, states: np.ndarray, tokens: TokenizedText, text: str
    ) -> Reading:
        """Read item `row` of a batch.

        :param states: (n, width) states of the text's own tokens, n >= 1, without prefix.
        """
        codes = self._config.codes
        sentiment = int(chances.sentiment[row].argmax())
        demand = int(chances.demand[row].argmax())
        domain = self._best_domain(chances.domain[row])
        told = codes.domains[domain] != NONE
        evidence = None
        if told:
            found = answers.found[row, len(codes.touchpoints) + domain]
            evidence = best_quote(self._heads.point(states, found), tokens, text)
        return Reading(
            sentiment=SENTIMENTS[sentiment],
            sentiment_probability=float(chances.sentiment[row, sentiment]),
            demand=Guess(codes.demands[demand], float(chances.demand[row, demand])),
            domain=Guess(codes.domains[domain], float(chances.domain[row, domain])),
            cause=self._cause(domain, chances, row),
            evidence=evidence,
            posterior=tuple(float(p) for p in chances.domain[row]),
            mentions=self._mentions(row, answers, chances, states, tokens, text),
        )

    def _best_domain(self, chances: np.ndarray) -> int:
        return int(chances.argmax())

    def _cause(self, domain: int, chances: Probabilities, row: int) -> Guess:
        """The likeliest cause of the domain, with the probability of both."""
        code = self._config.codes.domains[domain]
        if code == NONE:
            return Guess(NONE, float(chances.domain[row, domain]))
        own = self._causes_by_domain[code]
        best = max(own, key=lambda n: chances.cause[row, n])
        joint = float(chances.domain[row, domain] * chances.cause[row, best])
        return Guess(self._config.codes.causes[best].split("/")[1], joint)

    def _mentions(
        self, row: int, answers: Logits, chances: Probabilities, states: np.ndarray, tokens: TokenizedText, text: str
    ) -> tuple[Mention, ...]:
        """The likeliest first touchpoint and every other that is present, by weight."""
        first, presence = chances.first[row], chances.presence[row]
        chosen = set(np.flatnonzero(presence >= self._config.thresholds.mention).tolist())
        best = int(first.argmax())
        if best < len(presence):
            chosen.add(best)
        ranked = sorted(chosen, key=lambda t: -first[t])[:MOST_MENTIONS]
        total = sum(float(first[t]) for t in ranked)
        return tuple(
            self._mention(row, t, float(first[t]) / total, answers, chances, states, tokens, text) for t in ranked
        )

    def _mention(
        self,
        row: int,
        touchpoint: int,
        weight: float,
        answers: Logits,
        chances: Probabilities,
        states: np.ndarray,
        tokens: TokenizedText,
        text: str,
    ) -> Mention:
        codes = self._config.codes
        stages, sentiments = chances.stage[row, touchpoint], chances.mention_sentiment[row, touchpoint]
        stage, sentiment = int(stages.argmax()), int(sentiments.argmax())
        start, end = best_quote(self._heads.point(states, answers.found[row, touchpoint]), tokens, text)
        return Mention(
            touchpoint=Guess(codes.touchpoints[touchpoint], float(chances.presence[row, touchpoint])),
            stage=Guess(codes.stages[stage], float(stages[stage])),
            sentiment=SENTIMENTS[sentiment],
            sentiment_probability=float(sentiments[sentiment]),
            start=start,
            end=end,
            weight=weight,
        )
