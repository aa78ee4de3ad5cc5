"""Probabilities over breakdown domains as one matrix, and how they stand in a table: a JSON object a row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

NONE = "none"
SERVICE = "service"
CANNOT_TELL = "cannot_tell"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Posteriors:
    """Probability of each code for each of n rows.

    :ivar matrix: (n, codes); each row sums to 1.
    """

    codes: tuple[str, ...]
    matrix: Floats

    def of(self, code: str) -> Floats:
        """Probability of one code for each row; 0 where the code is not among the codes."""
        return self.matrix[:, self.codes.index(code)] if code in self.codes else np.zeros(len(self.matrix))

    def take(self, rows: npt.NDArray[np.int64]) -> "Posteriors":
        """Some of the rows."""
        return Posteriors(self.codes, self.matrix[rows])

    def to_json(self) -> list[str]:
        """A JSON object for each row: code -> probability, 4 decimals, what is below them left out."""
        rounded = np.round(self.matrix, 4)
        return [
            json.dumps({code: float(p) for code, p in zip(self.codes, row, strict=True) if p > 0}) for row in rounded
        ]


def read_posteriors(texts: pd.Series, always: Sequence[str] = (NONE,)) -> Posteriors:
    """Posteriors from JSON objects; a row without one says nothing: all of it is `none`.

    :param always: codes that the result has in any case.
    """
    rows: list[dict[str, float]] = [json.loads(text) if isinstance(text, str) else {} for text in texts]
    codes = tuple(sorted({code for row in rows for code in row} | set(always)))
    place = {code: number for number, code in enumerate(codes)}
    matrix = np.zeros((len(rows), len(codes)))
    for number, row in enumerate(rows):
        for code, probability in row.items():
            matrix[number, place[code]] = probability
    total = matrix.sum(axis=1)
    matrix[total <= 0, place[NONE]] = 1.0
    return Posteriors(codes, matrix / np.where(total > 0, total, 1.0)[:, None])
