"""One text out of what a source gave: sound Unicode, no markup, folded white space, bounded length."""

import re
import unicodedata

import ftfy
from ftfy.badness import is_bad

from cxnlp.clean.markup import disarm_markup, strip_markup

ROUNDS = 4  # text that still changes after so many rounds was nested on purpose
RAW_FACTOR = 20  # raw text is read up to this many times the wanted length: mark-up is longer than its words
WORD_CHARACTERS = 100  # a cut goes back at most so far for white space

SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
SURROGATE = re.compile("[\ud800-\udfff]")
LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufff9-\ufffb\ufffe\uffff]")
# Soft hyphen, zero-width and bidi marks, variation selectors other than the emoji one.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0e\ufeff\uffa0\U000e0100-\U000e01ef]"
)
# A joiner or emoji mark stands only after a sign that can carry it; tag letters only in a flag.
LOOSE_JOINER = re.compile(
    "(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)
LOOSE_EMOJI_MARK = re.compile("(?<![#*0-9\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff])\ufe0f")
FLAG_OR_TAG = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)|[\U000e0000-\U000e007f]")
PILED_MARKS = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")
BLANKS = re.compile(r"[^\S\n]+")
BLANK_AT_BREAK = re.compile(" ?\n ?")
BREAKS = re.compile("\n{3,}")


def clean_text(text: str, max_characters: int) -> str:
    """Plain text that a person would read on the screen; cleaning it again changes nothing.

    Steps are repeated until the text rests, since one can uncover work for another (an entity that hides a
    tag, mojibake that hides a space).

    :param text: any string, lone surrogates and NUL included.
    :param max_characters: at least 1; longer text is cut at a word.
    :returns: text of at most `max_characters`; empty where nothing readable was left.
    """
    text = text[: RAW_FACTOR * max_characters]
    for _ in range(ROUNDS):
        cleaned = _cut(_fold(strip_markup(_sound(text))), max_characters)
        if cleaned == text:
            return cleaned
        text = cleaned
    return _cut(_fold(_plain(disarm_markup(text))), max_characters)


def _sound(text: str) -> str:
    """Characters as they were meant; the costly repair only where its signs are seen."""
    if text.isascii():
        return CONTROL.sub("", LINE_BREAK.sub("\n", text))
    text = SURROGATE.sub("", SURROGATE_PAIR.sub(_joined, text))
    if is_bad(text):
        text = SURROGATE.sub("", ftfy.fix_encoding(text))
    return _plain(text)


def _joined(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")


def _plain(text: str) -> str:
    """Composed characters without controls, unseen marks and piles of accents."""
    text = CONTROL.sub("", LINE_BREAK.sub("\n", text))
    text = FLAG_OR_TAG.sub(r"\1", UNSEEN.sub("", text))
    text = LOOSE_EMOJI_MARK.sub("", LOOSE_JOINER.sub("", text))
    return PILED_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))


def _fold(text: str) -> str:
    """One blank between words, at most one empty line between paragraphs."""
    return BREAKS.sub("\n\n", BLANK_AT_BREAK.sub("\n", BLANKS.sub(" ", text))).strip()


def _cut(text: str, max_characters: int) -> str:
    """The first `max_characters`, back to the last word that is whole where one ends near."""
    if len(text) <= max_characters:
        return text
    kept = text[:max_characters]
    if text[max_characters].isspace():
        return kept.rstrip()
    start = max(0, max_characters - WORD_CHARACTERS)
    blank = max(kept.rfind(" ", start), kept.rfind("\n", start))
    return (kept[:blank] if blank > 0 else kept).rstrip()
