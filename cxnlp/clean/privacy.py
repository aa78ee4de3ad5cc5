"""Personal data out of the text, each value under one placeholder of its item; join keys first, as keyed hashes.

Join keys go first, so that an order number is never taken for a phone number; links before what stands in them;
what a check digit proves before what only a word tells; names last. Every pattern is bounded and starts only where a
run starts, so that time grows with the length of the text.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cxnlp.clean import (
    address_patterns,
    birth_patterns,
    contact_patterns,
    device_patterns,
    handles,
    id_patterns,
    money_patterns,
)
from cxnlp.clean.finder import Finder
from cxnlp.clean.keys import FoundKey, JoinKeys, compile_keys
from cxnlp.clean.names import NameFinder, load_names
from cxnlp.clean.numbering import Numbering
from cxnlp.config import Company
from cxnlp.privacy_settings import JoinKey
from cxnlp.pseudonym import Pseudonyms

ROLES = re.compile("support|help|(?:customer)?care|(?:customer)?services?|info|contact|sales|billing|hello")
DIGIT = re.compile(r"\d")
WITHOUT_DIGITS = (contact_patterns.URLS, contact_patterns.EMAILS, contact_patterns.SPELT_EMAILS)
# MAC addresses hold colons and so come before IPv6; what a word names comes before what a shape suggests.
WITH_DIGITS = (
    device_patterns.MACS,
    device_patterns.IPS,
    money_patterns.IBANS,
    money_patterns.CARDS,
    id_patterns.NATIONAL_IDS,
    id_patterns.NAMED_IDS,
    birth_patterns.BIRTH_DATES,
    money_patterns.ACCOUNTS,
    id_patterns.PLATES,
    id_patterns.NAMED_PLATES,
    contact_patterns.PHONES,
    address_patterns.ADDRESSES,
)


@dataclass(frozen=True)
class Redacted:
    """Texts of one item without personal data, its join keys, and how many values of each kind were replaced."""

    texts: list[str]
    keys: tuple[FoundKey, ...]
    count_by_kind: dict[str, int]


@dataclass(frozen=True)
class Redactor:
    """Takes personal data out of texts.

    :param company: its own names, handles and service addresses stay.
    :param keys: join keys of the pipeline file.
    :param names: recognises names of people.
    """

    company: Company
    keys: JoinKeys
    names: NameFinder

    @cached_property
    def own(self) -> frozenset[str]:
        """The company's names and handles as they are compared."""
        return handles.own_names(self.company.name, self.company.handles)

    @cached_property
    def handle_finder(self) -> Finder:
        """Finds other people's handles."""
        return handles.handle_finder(self.own)

    def redact(self, texts: Sequence[str]) -> Redacted:
        """Each text of one item with placeholders, numbered over all of them.

        :param texts: question and turns, or question and text, in reading order.
        """
        numbering, keys = Numbering(texts), dict[str, FoundKey]()
        patterned = [self._patterns(text, numbering, keys) for text in texts]
        redacted = self.names.replace(patterned, numbering)
        return Redacted(redacted, tuple(keys.values()), numbering.count_by_kind())

    def _patterns(self, text: str, numbering: Numbering, keys: dict[str, FoundKey]) -> str:
        has_digit = bool(DIGIT.search(text))
        if has_digit:
            text = self.keys.replace(text, numbering, keys)
        for finder in WITHOUT_DIGITS:
            text = self._replace(text, finder, numbering)
        text = self._replace(text, self.handle_finder, numbering)
        if has_digit:
            for finder in WITH_DIGITS:
                text = self._replace(text, finder, numbering)
        return text

    def _replace(self, text: str, finder: Finder, numbering: Numbering) -> str:
        if not finder.trigger.search(text):
            return text
        return finder.pattern.sub(self._replacement(finder, numbering), text)

    def _replacement(self, finder: Finder, numbering: Numbering) -> Callable[[re.Match[str]], str]:
        def replace(found: re.Match[str]) -> str:
            value = finder.judge(found)
            if value is None or (finder.kind == "EMAIL" and self._is_own_address(value)):
                return found.group()
            placeholder = numbering.placeholder(finder.kind, value)
            if "value" not in (found.re.groupindex or {}):
                return placeholder
            start = found.start("value") - found.start()
            return found.group()[:start] + placeholder

        return replace

    def _is_own_address(self, address: str) -> bool:
        role, _, domain = address.partition("@")
        labels = {label.upper() for label in domain.replace("-", "").split(".")}
        return bool(ROLES.fullmatch(role)) and not self.own.isdisjoint(labels)


def load_redactor(company: Company, join_keys: Iterable[JoinKey], pseudonyms: Pseudonyms | None) -> Redactor:
    """The redactor of a company.

    :param pseudonyms: hashes join keys; without them keys become placeholders only.
    """
    names = load_names((company.name, *company.handles))
    return Redactor(company, compile_keys(join_keys, pseudonyms), names)
