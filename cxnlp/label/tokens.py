"""Text into the ids that the encoder reads, with the place of every token in the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from cxnlp.errors import ModelError

SOURCE_KINDS = ("survey", "ticket", "social", "review", "chat", "call")  # kinds that the default model was trained on
SURROGATE = re.compile(r"[\ud800-\udfff]")


def readable(text: str) -> str:
    """`text` with every lone surrogate, which no encoding and no table can hold, as U+FFFD; offsets stay true."""
    return SURROGATE.sub("\ufffd", text)


@dataclass(frozen=True)
class TokenizedText:
    """One text as tokens, special ones left out.

    `ids` (n,) are vocabulary ids; `starts` and `ends` (n,) are character offsets into the text as given.
    """

    ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


class TextTokenizer:
    """The tokenizer file of the model folder, without truncation: long texts are windowed by the caller."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._start, self._stop = _id_of(tokenizer, "[CLS]"), _id_of(tokenizer, "[SEP]")
        self._kind_ids = {kind: _id_of(tokenizer, kind) for kind in SOURCE_KINDS}

    @classmethod
    def load(cls, path: Path) -> "TextTokenizer":
        """Read `tokenizer.json`.

        :raises ModelError: where the file is missing or not a tokenizer.
        """
        if not path.is_file():
            raise ModelError(f"{path}: no such tokenizer file; is the model folder whole?")
        return cls(Tokenizer.from_file(str(path)))

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Tokens of each text."""
        encodings = self._tokenizer.encode_batch([readable(t) for t in texts], add_special_tokens=False)
        tokenized = []
        for encoding in encodings:
            offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
            tokenized.append(TokenizedText(np.array(encoding.ids, dtype=np.int64), offsets[:, 0], offsets[:, 1]))
        return tokenized

    def prefix(self, source_kind: str | None) -> list[int]:
        """Ids before the text: the start mark and, where the kind is known to the model, its word and a separator."""
        known = self._kind_ids.get(source_kind) if source_kind else None
        return [self._start] if known is None else [self._start, known, self._stop]

    @property
    def suffix(self) -> list[int]:
        """Ids after the text."""
        return [self._stop]


def _id_of(tokenizer: Tokenizer, token: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ModelError(f"tokenizer.json: no token {token!r}; it belongs to another model")
    return found
