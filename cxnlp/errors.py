"""What a user can mend: every error says where, what was found, what was wanted and what to do."""

from collections.abc import Collection
from difflib import get_close_matches


class CxnlpError(Exception):
    """A fault that a user can mend: a file, a label, a setting."""


class ConfigError(CxnlpError):
    """A pipeline file, taxonomy or command that asks for what cannot be."""


class SourceError(CxnlpError):
    """A source that cannot be read at all; the other sources go on."""


class SchemaError(CxnlpError):
    """A frame that does not fit its declared table."""


class LakeError(CxnlpError):
    """A lake folder that cannot be read or written."""


class ModelError(CxnlpError):
    """A model folder that is missing, damaged or foreign."""


class QueryError(CxnlpError):
    """A query that is refused, wrong or too long."""


class RunRefused(CxnlpError):
    """A run that must not start now, because another holds the lake."""


class UnknownCode(CxnlpError):
    """A code that the taxonomy does not have."""

    def __init__(self, kind: str, code: str, where: str, known: Collection[str]) -> None:
        super().__init__(f"{where}: no {kind} {code!r} in the taxonomy; {nearest(code, known)}")


def nearest(word: str, known: Collection[str]) -> str:
    """The remedy for a misspelt word: the likeliest one meant, or all there are."""
    near = get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}"
