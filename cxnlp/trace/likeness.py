"""How alike the words of two contacts are: cosine of hashed TF-IDF vectors of words and word pairs.

Hashing needs no vocabulary, so the same two texts are as alike tomorrow as today but for the weight of rare words
(Weinberger et al., 2009, Feature hashing for large scale multitask learning).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

FEATURES = 2**18
MOST_CHARACTERS = 4_000


class Likeness:
    """Vectors of n texts, ready to be compared pair by pair."""

    def __init__(self, texts: pd.Series) -> None:
        """:param texts: n texts; a missing one is like none."""
        hashed = HashingVectorizer(n_features=FEATURES, ngram_range=(1, 2), alternate_sign=False, norm=None)
        counts = hashed.transform(texts.fillna("").astype("str").str.slice(0, MOST_CHARACTERS))
        self._vectors: sparse.csr_matrix = TfidfTransformer(sublinear_tf=True).fit_transform(counts)

    def of_pairs(self, one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Cosine, 0 .. 1, of the texts at positions `one` and `other`."""
        product = self._vectors[one].multiply(self._vectors[other])
        return np.asarray(product.sum(axis=1)).ravel()
