"""Shares corrected for the labeler's errors: adjusted count from its confusion on held-out labels.

The labeler finds code j among items of true code k with a probability that held-out labels tell. The shares of true
codes are those that make the predicted counts likeliest (Forman, 2008, Data Mining and Knowledge Discovery
17:164-206, for two codes; many codes by maximum likelihood, which never leaves 0 .. 1). The confusion must hold for
the new items: shares may shift, the way a code is spoken of may not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

METHOD = "adjusted count from held-out confusion, 95 % bootstrap of labels and items"
DRAWS = 300
STEPS = 300
PRIOR = 0.02  # added to every cell of the confusion: no code is impossible

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Confusion:
    """How often each true code was predicted as each code, on labels that the model never saw.

    :ivar counts: (true codes, predicted codes).
    """

    codes: tuple[str, ...]
    predicted_codes: tuple[str, ...]
    counts: Floats

    @classmethod
    def of(cls, human: pd.Series, predicted: pd.Series, codes: Sequence[str]) -> "Confusion":
        """From held-out items: what people said and what the model said; the model may have further codes (unsure)."""
        further = sorted(set(predicted.dropna()) - set(codes))
        names = (*codes, *further)
        table = pd.crosstab(human.to_numpy(), predicted.to_numpy())
        return cls(
            tuple(codes), names, table.reindex(index=list(codes), columns=list(names), fill_value=0).to_numpy(float)
        )


def adjusted_shares(predicted: pd.Series, confusion: Confusion, seed: int = 20080101) -> pd.DataFrame:
    """Shares of the true codes among items of which only predictions are known.

    :param predicted: one code per item, of `confusion.predicted_codes`; at least one item.
    :returns: one row per true code: `code`, `share` with `share_low` and `share_high`, `plain_share` (as predicted),
        `base` (items) and `method`.
    :raises ValueError: where a prediction is none of the codes.
    """
    strange = set(predicted) - set(confusion.predicted_codes)
    if strange:
        raise ValueError(f"predictions {sorted(map(str, strange))} are not among the codes of the confusion")
    found = predicted.value_counts().reindex(list(confusion.predicted_codes), fill_value=0)
    counts = np.asarray(found, dtype=np.float64)
    shares = likeliest_shares(counts[None, :], _rates(confusion.counts)[None])[0]
    low, high = np.quantile(_bootstrap(counts, confusion.counts, seed), [0.025, 0.975], axis=0)
    plain = counts[: len(confusion.codes)] / counts.sum()
    return pd.DataFrame(
        {
            "code": pd.Series(confusion.codes, dtype="str"),
            "share": shares,
            "share_low": np.minimum(low, shares),
            "share_high": np.maximum(high, shares),
            "plain_share": plain,
            "base": int(counts.sum()),
            "method": METHOD,
        }
    )


def likeliest_shares(counts: Floats, rates: Floats) -> Floats:
    """Maximum likelihood of the shares by expectation and maximisation, for many draws at once.

    :param counts: (draws, predicted codes).
    :param rates: (draws, true codes, predicted codes): probability of each prediction given the true code.
    :returns: (draws, true codes), rows that sum to 1.
    """
    shares = np.full((len(counts), rates.shape[1]), 1.0 / rates.shape[1])
    total = counts.sum(axis=1, keepdims=True)
    for _ in range(STEPS):
        mixed = np.einsum("dt,dtp->dp", shares, rates)
        moved = shares * np.einsum("dtp,dp->dt", rates, counts / mixed) / total
        if np.abs(moved - shares).max() < 1e-6:
            return moved
        shares = moved
    return shares


def _rates(counts: Floats) -> Floats:
    smoothed = counts + PRIOR
    return smoothed / smoothed.sum(axis=-1, keepdims=True)


def _bootstrap(counts: Floats, confusion: Floats, seed: int) -> Floats:
    """Shares with both the held-out labels and the items drawn anew: (draws, true codes)."""
    random = np.random.default_rng(seed)
    items = random.multinomial(int(counts.sum()), counts / counts.sum(), size=DRAWS).astype(float)
    labels = np.stack(
        [random.multinomial(int(row.sum()), _rates(row), size=DRAWS) for row in confusion], axis=1
    ).astype(float)
    return likeliest_shares(items, _rates(labels))
