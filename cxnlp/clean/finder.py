"""What finds one kind of personal data: a pattern, and a judge that says whether what it found is one."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Judge = Callable[[re.Match[str]], str | None]


@dataclass(frozen=True)
class Finder:
    """Finds values of one kind.

    :param trigger: without a match of it no value can stand in a text; cheaper than `pattern`.
    :param judge: gives the value as it is compared (one number in two spellings is one value), or None where the
        match only looks like the kind.
    """

    kind: str
    trigger: re.Pattern[str]
    pattern: re.Pattern[str]
    judge: Judge


def digits_of(text: str) -> str:
    """The digits of a text, in order."""
    return "".join(character for character in text if character.isdecimal())


def compact(text: str) -> str:
    """Letters and digits only, in upper case."""
    return "".join(character for character in text if character.isalnum()).upper()


def as_it_stands(found: re.Match[str]) -> str:
    """A judge that takes every match; the value is compared without case and signs."""
    return compact(found.group())


def before(found: re.Match[str], characters: int) -> str:
    """Words just before a match."""
    return found.string[max(0, found.start() - characters) : found.start()]


def after(found: re.Match[str], characters: int) -> str:
    """Words just after a match."""
    return found.string[found.end() : found.end() + characters]
