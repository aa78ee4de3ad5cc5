"""The labeler: feedback in, items and mentions out, one encoder pass a text."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd

from cxnlp.label.encoder import OnnxEncoder, TokenStates
from cxnlp.label.frames import Labelled, to_labelled
from cxnlp.label.heads import Heads, Logits
from cxnlp.label.model_folder import ENCODER_FILE, HEADS_FILE, TOKENIZER_FILE, ModelConfig, read_model_config
from cxnlp.label.reading import Probabilities, Reader, Reading, calibrate
from cxnlp.label.tokens import TextTokenizer, TokenizedText, readable

TEXTS_A_TASK = 32
MOST_CHARACTERS = 20_000  # of one text; what comes after is not read


@dataclass(frozen=True)
class Text:
    """What is labelled: equal texts of one kind are labelled once."""

    words: str
    source_kind: str | None


@dataclass(frozen=True)
class Judged:
    """A reading with the probabilities it was made from; None for a text without a word."""

    reading: Reading
    chances: Probabilities | None


class Labeler:
    """A model folder, loaded. Answers are the same for any order, neighbours and number of threads."""

    def __init__(
        self, config: ModelConfig, tokenizer: TextTokenizer, encoder: OnnxEncoder, heads: Heads, threads: int
    ) -> None:
        self.config = config
        self._tokenizer = tokenizer
        self._encoder = encoder
        self._heads = heads
        self._reader = Reader(config, heads)
        self._threads = threads

    @classmethod
    def load(cls, path: Path, threads: int | None = None) -> "Labeler":
        """Load a model folder.

        :param threads: texts that are read at once; one for each core where not given.
        :raises ModelError: where the folder is missing, damaged or foreign.
        """
        config = read_model_config(path)
        tokenizer = TextTokenizer.load(path / TOKENIZER_FILE)
        encoder = OnnxEncoder.load(path / ENCODER_FILE, tokenizer, config.window_tokens)
        heads = Heads.load(path / HEADS_FILE, config.codes)
        return cls(config, tokenizer, encoder, heads, threads or os.cpu_count() or 1)

    @property
    def model_id(self) -> str:
        """Id of the model, part of the label version."""
        return self.config.model_id

    def label(self, feedback: pd.DataFrame) -> Labelled:
        """Label items.

        :param feedback: columns `item_id` and `text`, and `source_kind` where known.
        :returns: one row of `items` for each row of `feedback`, in its order, and their mentions.
        """
        kinds = feedback["source_kind"] if "source_kind" in feedback else pd.Series(None, index=feedback.index)
        known = kinds.astype("object").where(kinds.notna(), None)
        texts = [
            Text("" if pd.isna(words) else words, kind) for words, kind in zip(feedback["text"], known, strict=True)
        ]
        distinct = list(dict.fromkeys(texts))
        readings = dict(zip(distinct, self.read(distinct), strict=True))
        return to_labelled(
            feedback["item_id"].tolist(), [t.words for t in texts], [readings[t] for t in texts], self.config
        )

    def label_texts(self, texts: Sequence[str]) -> Labelled:
        """Label bare texts; item ids are their positions."""
        return self.label(
            pd.DataFrame({"item_id": [str(n) for n in range(len(texts))], "text": [readable(text) for text in texts]})
        )

    def read(self, texts: Sequence[Text]) -> list[Reading]:
        """A reading of each text."""
        return [judged.reading for judged in self.judge(texts)]

    def judge(self, texts: Sequence[Text]) -> list[Judged]:
        """A reading of each text with all its probabilities."""
        by_length = sorted(range(len(texts)), key=lambda n: -len(texts[n].words))  # long ones first: no thread idles
        tasks = [by_length[n : n + TEXTS_A_TASK] for n in range(0, len(by_length), TEXTS_A_TASK)]
        judged: dict[int, Judged] = {}
        with ThreadPoolExecutor(self._threads) as pool:
            for task, answers in zip(tasks, pool.map(lambda t: self._judge([texts[n] for n in t]), tasks), strict=True):
                judged.update(zip(task, answers, strict=True))
        return [judged[n] for n in range(len(texts))]

    def logits(self, texts: Sequence[Text]) -> Logits:
        """Raw answers for texts of at least one word each, in order: what calibration is fitted on."""
        tasks = [texts[n : n + TEXTS_A_TASK] for n in range(0, len(texts), TEXTS_A_TASK)]
        parts = [answered.logits for answered in map(self._answer, tasks) if answered]
        return Logits(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Logits)))

    def _judge(self, texts: Sequence[Text]) -> list[Judged]:
        answered = self._answer(texts)
        judged = [Judged(self._reader.silent(), None)] * len(texts)
        if answered:
            chances = calibrate(answered.logits, self.config)
            for row, n in enumerate(answered.told):
                own = (answered.states[row], answered.tokens[row], texts[n].words[:MOST_CHARACTERS])
                judged[n] = Judged(self._reader.read(row, answered.logits, chances, *own), chances.of(row))
        return judged

    def _answer(self, texts: Sequence[Text]) -> "_Answered | None":
        every = self._tokenizer.tokenize([text.words[:MOST_CHARACTERS] for text in texts])
        told = [n for n, tokens in enumerate(every) if len(tokens.ids)]
        if not told:
            return None
        states = [self._encoder.encode(every[n], texts[n].source_kind) for n in told]
        pooled, means = zip(*(self._heads.pool(one.states) for one in states), strict=True)
        logits = self._heads.answer(np.stack(pooled), np.stack(means))
        return _Answered(told, [every[n] for n in told], [_own(one) for one in states], logits)


@dataclass(frozen=True)
class _Answered:
    """A task's texts that hold a word: their positions, tokens, the states of their own tokens, and logits."""

    told: list[int]
    tokens: list[TokenizedText]
    states: list[np.ndarray]
    logits: Logits


def _own(states: TokenStates) -> np.ndarray:
    """States of the text's own tokens, without prefix and end mark."""
    return states.states[states.shift : states.shift + states.n_read]
