"""Words and names that the recogniser of names knows: public lists, see data/README.md."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True)
class NameLists:
    """Lower-cased first names, surnames, everyday words, and names that are no person's (places, months, brands)."""

    first: frozenset[str]
    last: frozenset[str]
    words: frozenset[str]
    things: frozenset[str]

    def is_listed(self, word: str) -> bool:
        """Whether somebody is called so."""
        return word in self.first or word in self.last


@lru_cache(1)
def load_lists() -> NameLists:
    """The lists that are shipped."""
    first, last, words = (_words(name) for name in ("first_names", "surnames", "words"))
    return NameLists(first, last, words, _words("things") | load_places())


def load_places() -> frozenset[str]:
    """Words of the names of cities."""
    return _words("places")


def _words(name: str) -> frozenset[str]:
    text = (files("cxnlp") / "clean" / "data" / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
