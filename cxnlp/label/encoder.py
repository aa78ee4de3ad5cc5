"""Token states of a text from the ONNX encoder; the only file that knows ONNX Runtime.

Each text is a run of its own. The int8 encoder takes the scale of its activations from what it is given, so a text
that shared a run with others would get answers that depend on them; alone it has no padding either. Two threads that
each run one text at a time keep two cores as busy as a batch would.
"""

from pathlib import Path

import numpy as np
import onnxruntime

from cxnlp.errors import ModelError
from cxnlp.label.tokens import TextTokenizer, TokenizedText

OVERLAP = 32  # tokens that a window reads again from the one before, for context only
MOST_TOKENS = 2048  # of one text; what comes after is not read


class TokenStates:
    """States (n, width) of all tokens of a text; text token i stands at row `shift` + i, `n_read` of them were read."""

    def __init__(self, states: np.ndarray, shift: int, n_read: int) -> None:
        self.states = states
        self.shift = shift
        self.n_read = n_read


class OnnxEncoder:
    """An encoder file loaded for single-threaded runs; safe to call from several threads."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: TextTokenizer, window_tokens: int) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._window = window_tokens

    @classmethod
    def load(cls, path: Path, tokenizer: TextTokenizer, window_tokens: int) -> "OnnxEncoder":
        """Open an encoder file.

        :param window_tokens: text tokens of one run; a longer text is read in windows.
        :raises ModelError: where ONNX Runtime cannot read the file.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except onnxruntime.capi.onnxruntime_pybind11_state.InvalidProtobuf as error:
            raise ModelError(f"{path}: not an ONNX file; restore the model folder") from error
        return cls(session, tokenizer, window_tokens)

    def encode(self, tokens: TokenizedText, source_kind: str | None) -> TokenStates:
        """Read one text; windows overlap, and a token's state is taken from the first window that holds it."""
        prefix, suffix = self._tokenizer.prefix(source_kind), self._tokenizer.suffix
        ids = tokens.ids[:MOST_TOKENS]
        pieces: list[np.ndarray] = []
        for begin in range(0, max(1, len(ids) - OVERLAP), self._window - OVERLAP):
            states = self._run([*prefix, *ids[begin : begin + self._window], *suffix])
            skip = len(prefix) + OVERLAP if pieces else 0
            last = begin + self._window >= len(ids)
            pieces.append(states[skip:] if last else states[skip : -len(suffix)])
        return TokenStates(np.concatenate(pieces), len(prefix), len(ids))

    def _run(self, ids: list[int]) -> np.ndarray:
        return self._session.run(["states"], {"ids": np.array([ids], dtype=np.int64)})[0][0]
