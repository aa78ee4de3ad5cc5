"""What the recogniser of names sees of a word: its shape, the lists it stands in and the words around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cxnlp.clean.name_lists import NameLists

# Words in one piece; placeholders are taken whole, so that nothing in them is a word.
WORD = re.compile(r"<[A-Z][A-Z_]{1,30}_\d{1,6}>|[@#]\w+|https?:\S+|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
CUES_TEXT = """
is am i'm im name named called mr mrs ms miss dr sir agent rep representative advisor adviser operator
assistant manager engineer technician driver supervisor colleague clerk host guide instructor seller installer
nurse doctor officer captain professor with to by from thanks thank thx ty regards cheers sincerely wishes hi
hello hey dear ask asked husband wife son daughter mum mom dad mother father brother sister friend boss
boyfriend girlfriend grandson granddaughter neighbour neighbor landlord and lady guy man woman bloke gentleman
girl chap patient passenger caller cust cx customer holder told tell spoke cardholder signed under its it's it
this man's uncle aunt cousin partner tech señor herr frau madame was for or
"""
CUES = frozenset(CUES_TEXT.split())
# Capitals inside a word, or only capitals: an acronym or a brand, unless it is a listed name.
ODD_CASE = re.compile(r"(?!Mc|Mac|De|Le|La|Van|O['\u2019])[^\W\d_][a-z\u00df-\u00ff]+[A-Z]|^[A-Z]{2,}")
MONTHS = frozenset(["april", "may", "june", "august", "summer", "autumn"])  # far oftener the month than a person
CONTRACTION = re.compile("['\u2019](?:m|ve|ll|d|re|t|s)$")


HELPERS_TEXT = """
is was are were has had have does did do will would can could should must might may said says told asked never
just also wants needs knows seems went came got gave took made kept tried who and
"""
HELPERS = frozenset(HELPERS_TEXT.split())


@dataclass(frozen=True)
class Word:
    """One word of a text, without the 's of a possessive."""

    text: str
    low: str
    start: int
    end: int
    before: str  # signs between it and the word before
    is_possessive: bool


def words_of(text: str) -> list[Word]:
    """Every word, placeholder and handle of a text, in order."""
    words: list[Word] = []
    last = 0
    for found in WORD.finditer(text):
        piece, end = found.group(), found.end()
        is_possessive = len(piece) > 3 and piece[-2:] in ("'s", "\u2019s", "'S")
        if is_possessive:
            piece, end = piece[:-2], end - 2
        words.append(
            Word(piece, piece.lower(), found.start(), end, _signs(text[last : found.start()], not words), is_possessive)
        )
        last = end
    return words


def is_candidate(words: Sequence[Word], place: int, was_name: bool, lists: NameLists) -> bool:
    """The cheap gate: whether a word could be a name at all.

    :param was_name: whether the word before was taken for one.
    """
    word = words[place]
    low = word.low
    if not low[0].isalpha() or low.startswith("http") or CONTRACTION.search(low) or not low.strip("x"):
        return False
    if len(low) == 1:
        return was_name or (
            word.text.isupper() and low not in "ai" and place + 1 < len(words) and len(words[place + 1].low) > 1
        )
    if low in MONTHS:
        return was_name
    is_listed, is_known = lists.is_listed(low), _is_known(low, lists)
    if not is_listed and not was_name and ODD_CASE.search(word.text):
        return False
    if word.text[0].isupper():
        return is_listed or not is_known or was_name
    if is_known:
        return is_listed and (was_name or (place > 0 and words[place - 1].low in CUES and low in lists.first))
    return is_listed or was_name or (place > 0 and words[place - 1].low in CUES)


def features(words: Sequence[Word], place: int, was_name: bool, n_in_name: int, lists: NameLists) -> list[str]:
    """What decides whether a word is (part of) a name; each a short text that the weights are keyed by.

    :param n_in_name: words of the name so far, where the word before is one.
    """
    word = words[place]
    low = word.low
    shape = _shape(word.text)
    known = f"{low in lists.first:d}{low in lists.last:d}{low in lists.words:d}{low in lists.things:d}"
    is_first = place == 0
    is_end = place + 1 == len(words)
    one = "^" if is_first else words[place - 1].low
    two = "^" if place < 2 else words[place - 2].low
    after = "$" if is_end else words[place + 1].low
    later = "$" if place + 2 >= len(words) else words[place + 2].low
    gap = word.before
    follows = "$" if is_end else words[place + 1].before
    next_known = "$" if is_end else _known(words[place + 1], lists)
    before_known = "^" if is_first else _known(words[place - 1], lists)
    tag = f"{was_name:d}{min(n_in_name, 3)}"
    return [
        "bias",
        f"s={shape}",
        f"k={known}",
        f"sk={shape}{known}",
        f"t={tag}",
        f"tk={tag}{known}{gap}",
        f"ts={tag}{shape}",
        f"1={one}",
        f"1g={one}{gap}",
        f"1k={one}|{known}",
        f"1s={one}|{shape}",
        f"21={two} {one}",
        f"2={two}",
        f"a={after}",
        f"ak={after}|{known}",
        f"al={after} {later}",
        f"as={after[-2:]}|{shape}{known}|{follows}",
        f"h={after in HELPERS:d}{known}{shape}{was_name:d}",
        f"g={gap}",
        f"gk={gap}{known}{shape}",
        f"f={follows}",
        f"fg={gap}{follows}{known}",
        f"nk={next_known}",
        f"nkk={next_known}{known}{shape}{follows}",
        f"bk={before_known}{gap}",
        f"bkk={before_known}{known}{shape}{gap}",
        f"p={word.is_possessive:d}{known}",
        f"x={low[-3:]}",
        f"w={low}",
        f"n={min(len(low), 12)}",
        f"e={is_first:d}{is_end:d}{known}{shape}",
        f"len={min(len(words), 4)}{known}{shape}",
    ]


def _is_known(low: str, lists: NameLists) -> bool:
    """Whether a word, or every part of a compound, is an everyday one."""
    return low in lists.words or ("-" in low and all(part in lists.words for part in low.split("-")))


def _known(word: Word, lists: NameLists) -> str:
    low = word.low
    return f"{_shape(word.text)}{lists.is_listed(low):d}{low in lists.words:d}{low in lists.things:d}"


def _shape(text: str) -> str:
    if not text[0].isalpha():
        return text[0]
    if text.islower():
        return "x"
    if text.isupper():
        return "X" if len(text) == 1 else "XX"
    return "Xx" if text[0].isupper() else "xX"


def _signs(gap: str, is_first: bool) -> str:
    """The signs before a word as one letter."""
    if "\n" in gap:
        return "n"
    marks = gap.strip()
    if not marks:
        return "^" if is_first else ("_" if gap else "0")
    return "d" if marks[-1].isdecimal() else marks[-1]
