"""The heads in numpy: from token states to logits. The same arithmetic as `cxnlp/learn/network.py`."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from cxnlp.errors import ModelError
from cxnlp.label.model_folder import HeadCodes

OTHER_QUERIES = 3  # demand, sentiment, and the item as a whole


@dataclass(frozen=True)
class Logits:
    """Logits for b items, t touchpoints and d told domains."""

    found: np.ndarray  # (b, t + d + 3, width): what each query found
    first: np.ndarray  # (b, t + 1); the last is "no mention"
    presence: np.ndarray  # (b, t)
    stage: np.ndarray  # (b, t, stages)
    mention_sentiment: np.ndarray  # (b, t, 5)
    sentiment: np.ndarray  # (b, 5)
    demand: np.ndarray  # (b, demands)
    domain: np.ndarray  # (b, d + 1); the last is none
    cause: np.ndarray  # (b, causes)


class Heads:
    """Weights of all heads by name; every linear layer is kept as it was trained, (out, in)."""

    def __init__(self, weights: dict[str, np.ndarray], codes: HeadCodes) -> None:
        self._w = weights
        self._n_touchpoints, self._n_told = len(codes.touchpoints), len(codes.domains) - 1
        self._cause_domains = [codes.domains.index(cause.split("/")[0]) for cause in codes.causes]

    @classmethod
    def load(cls, path: Path, codes: HeadCodes) -> "Heads":
        """Read `heads.safetensors`.

        :raises ModelError: where the heads do not fit the codes.
        """
        weights = load_file(path)
        n_queries = len(codes.touchpoints) + len(codes.domains) - 1 + OTHER_QUERIES
        found = weights["queries"].shape[0] if "queries" in weights else 0
        if found != n_queries:
            raise ModelError(
                f"{path}: heads have {found} queries, the codes of config.yaml want {n_queries}; restore it"
            )
        return cls(weights, codes)

    def pool(self, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What each query finds in one text, and the text's mean.

        :param states: (n, width) token states.
        :returns: (queries, width) and (width,).
        """
        attention = softmax(states @ self._w["queries"].T, axis=0)  # (n, queries)
        return attention.T @ states, states.mean(axis=0)

    def answer(self, pooled: np.ndarray, means: np.ndarray) -> Logits:
        """Logits of b items.

        :param pooled: (b, queries, width); :param means: (b, width).
        """
        n_items, n_queries, width = pooled.shape
        mixed = self._linear("found_layer", pooled.reshape(-1, width)).reshape(n_items, n_queries, width)
        mixed = mixed + self._linear("item_layer", means)[:, None, :] + self._w["query_bias"]
        found = self._norm(gelu(mixed))
        touched = found[:, : self._n_touchpoints]
        told = found[:, self._n_touchpoints : self._n_touchpoints + self._n_told]
        demand, sentiment, whole = (found[:, n_queries - OTHER_QUERIES + i] for i in range(OTHER_QUERIES))
        first, domain = self._linear("first_item", whole), self._linear("domain_item", whole)
        first[:, :-1] += np.einsum("btw,tw->bt", touched, self._w["first_own"])
        domain[:, :-1] += np.einsum("bdw,dw->bd", told, self._w["domain_own"])
        own_presence = np.einsum("btw,tw->bt", touched, self._w["presence_own"])
        own_cause = np.einsum("bcw,cw->bc", told[:, self._cause_domains], self._w["cause_own"])
        return Logits(
            found=found,
            first=first,
            presence=self._linear("presence_item", whole) + own_presence,
            stage=self._linear("stage_layer", touched) + self._w["stage_bias"],
            mention_sentiment=self._linear("mention_sentiment_layer", touched),
            sentiment=self._linear("sentiment_layer", sentiment),
            demand=self._linear("demand_layer", demand),
            domain=domain,
            cause=self._linear("cause_item", whole) + own_cause,
        )

    def point(self, states: np.ndarray, found: np.ndarray) -> np.ndarray:
        """Start and end logits (2, n) of a quote in one text.

        :param states: (n, width); :param found: (width,), what the query of the quote's code found.
        """
        wanted = self._linear("found_pointer", found).reshape(2, -1)  # (2, pointer width)
        weight, bias = self._w["token_pointer.weight"], self._w["token_pointer.bias"]
        half = weight.shape[0] // 2
        sides = [wanted[i] @ weight[i * half : (i + 1) * half] for i in range(2)]  # (width,) each
        shifts = np.array([[wanted[i] @ bias[i * half : (i + 1) * half]] for i in range(2)])
        return (np.stack(sides) @ states.T + shifts) / half**0.5

    def _linear(self, name: str, values: np.ndarray) -> np.ndarray:
        return values @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"]

    def _norm(self, values: np.ndarray) -> np.ndarray:
        centred = values - values.mean(axis=-1, keepdims=True)
        spread = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + 1e-5)
        return centred / spread * self._w["norm.weight"] + self._w["norm.bias"]


def softmax(logits: np.ndarray, axis: int = -1) -> np.ndarray:
    """Shares that sum to 1 along `axis`."""
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Share for each logit alone."""
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def gelu(values: np.ndarray) -> np.ndarray:
    """x times the normal distribution function, with the error function by Abramowitz and Stegun (1964), 7.1.26.

    Off by at most 1.5e-7, and without SciPy, whose import is slow.
    """
    size = np.abs(values) * np.float32(2**-0.5)
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    tail = (series * np.exp(-size * size)).astype(values.dtype)
    return values * np.where(values > 0, 1 - tail / 2, tail / 2)
