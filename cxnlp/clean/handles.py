"""Handles of people on social networks; the company's own stay, since who is addressed decides what is a contact."""

import re
from collections.abc import Iterable

from cxnlp.clean.finder import Finder, compact

AT = re.compile("@")
HANDLE = re.compile(
    r"(?<![\w@/.>])@(?=\w{0,29}[A-Za-z])\w{2,30}(?:\.\w{1,20})?(?!\w|@)|(?<![\w/])u/[A-Za-z][\w-]{2,20}(?![\w-])"
)
SHORTEST_NAME = 4  # a shorter company name begins too many handles


def own_names(company_name: str, handles: Iterable[str]) -> frozenset[str]:
    """The company's name and handles as they are compared."""
    return frozenset(compact(name) for name in (company_name, *handles))


def handle_finder(own: frozenset[str]) -> Finder:
    """A finder of handles that leaves alone those of the company, or beginning with its name.

    A handle of digits only is what data sets put in place of one, and stays.
    """
    long_names = tuple(name for name in own if len(name) >= SHORTEST_NAME)

    def judge(found: re.Match[str]) -> str | None:
        handle = compact(found.group().removeprefix("u/"))
        return None if handle in own or handle.startswith(long_names) else handle

    return Finder("HANDLE", re.compile("@|u/"), HANDLE, judge)
