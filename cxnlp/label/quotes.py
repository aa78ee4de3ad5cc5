"""From start and end logits to a short quote: the run of words that best matches what might be meant."""

import numpy as np

from cxnlp.label.heads import softmax
from cxnlp.label.tokens import TokenizedText

MOST_WORDS = 15
CANDIDATES = 10  # starts and ends that are paired


def best_quote(pointer: np.ndarray, tokens: TokenizedText, text: str) -> tuple[int, int]:
    """Offsets of the quote with the highest expected word overlap, not of the likeliest pair of ends.

    Where the ends are unsure, a run in the middle of the likely ones overlaps more with the true one (minimum Bayes
    risk: Kumar and Byrne, 2004, NAACL).

    :param pointer: (2, n) logits of first and last token; n >= 1 tokens were read.
    :returns: start and end characters; `text[start:end]` is 1 to 15 whole words.
    """
    n_tokens = pointer.shape[1]
    words = np.concatenate([[0], np.cumsum(tokens.starts[1:n_tokens] > tokens.ends[: n_tokens - 1])])
    starts = np.sort(np.argsort(-pointer[0], kind="stable")[:CANDIDATES])
    ends = np.sort(np.argsort(-pointer[1], kind="stable")[:CANDIDATES])
    first, last = (axis.ravel() for axis in np.meshgrid(starts, ends, indexing="ij"))
    fits = (first <= last) & (words[last] - words[first] < MOST_WORDS)
    if not fits.any():
        first = last = np.array([starts[np.argmax(pointer[0][starts])]])
    else:
        first, last = first[fits], last[fits]
    share = softmax(pointer[0][first] + pointer[1][last])
    best = int(np.argmax(_overlap(words[first], words[last]) @ share))
    return _whole_words(text, int(tokens.starts[first[best]]), int(tokens.ends[last[best]]))


def _overlap(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """F1 of the words of each run against each other run, (k, k)."""
    shared = np.minimum.outer(last, last) - np.maximum.outer(first, first) + 1
    size = last - first + 1
    return 2 * np.maximum(shared, 0) / np.add.outer(size, size)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end
