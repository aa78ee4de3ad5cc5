"""Join keys: order, invoice and other numbers by the company's own patterns, kept as keyed hashes.

What stands in a text is `<ORDER_1>`; what joins it to an event is the hash of the number, which the event's own
attributes hold in place of the number. Two spellings of one number have one hash.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from cxnlp.clean.finder import compact
from cxnlp.clean.numbering import Numbering
from cxnlp.config import JoinKey
from cxnlp.pseudonym import Pseudonyms

CUE_TAIL = r"(?:[ .:#]{1,3}(?:number|numbers|no|nr|num|id|ref|reference|code|is|was|my|the))*[^\n\w]{0,4}$"
CUE_CHARACTERS = 48
NUMBER = "number"  # group of a pattern that is the key itself, where it can be written without its letters


@dataclass(frozen=True)
class FoundKey:
    """A join key of an item: its kind, keyed hash and the placeholder that stands for it in the text."""

    kind: str
    key_hash: str
    placeholder: str


@dataclass(frozen=True)
class KeyPattern:
    """One kind of join key, ready to look for."""

    kind: str
    pattern: re.Pattern[str]
    bare: re.Pattern[str] | None
    cue: re.Pattern[str] | None


@dataclass(frozen=True)
class JoinKeys:
    """Finds join keys of every kind of the pipeline file and hashes them."""

    patterns: tuple[KeyPattern, ...]
    pseudonyms: Pseudonyms | None = field(default=None, repr=False)

    def replace(self, text: str, numbering: Numbering, found: dict[str, FoundKey]) -> str:
        """The text with placeholders for its join keys.

        :param found: placeholder -> key; what is found here is added.
        """
        for kind in self.patterns:
            text = kind.pattern.sub(self._replacement(kind, numbering, found), text)
            if kind.bare and kind.cue:
                text = kind.bare.sub(self._replacement(kind, numbering, found, kind.cue), text)
        return text

    def hash_value(self, value: str) -> str | None:
        """Hash of a value that is wholly a join key; None where it is none."""
        if self.pseudonyms is None:
            return None
        for kind in self.patterns:
            if whole := kind.pattern.fullmatch(value.strip()):
                return self.pseudonyms.key_hash(kind.kind, _value(whole))
        return None

    def hash_attributes(self, attributes: str) -> str:
        """An event's attributes (JSON object) with hashes in place of join keys."""
        values = json.loads(attributes)
        hashed = {name: self.hash_value(value) for name, value in values.items() if isinstance(value, str)}
        changed = {name: value for name, value in hashed.items() if value is not None}
        return json.dumps({**values, **changed}, ensure_ascii=False, sort_keys=True) if changed else attributes

    def _replacement(
        self, kind: KeyPattern, numbering: Numbering, found: dict[str, FoundKey], cue: re.Pattern[str] | None = None
    ) -> Callable[[re.Match[str]], str]:
        def replace(match: re.Match[str]) -> str:
            if cue and not cue.search(match.string[max(0, match.start() - CUE_CHARACTERS) : match.start()]):
                return match.group()
            value = _value(match)
            placeholder = numbering.placeholder(kind.kind.upper(), value)
            if self.pseudonyms:
                found[placeholder] = FoundKey(kind.kind, self.pseudonyms.key_hash(kind.kind, value), placeholder)
            return placeholder

        return replace


def compile_keys(join_keys: Iterable[JoinKey], pseudonyms: Pseudonyms | None) -> JoinKeys:
    """The patterns of a pipeline file, ready to look for.

    :param pseudonyms: hashes the keys; without them keys become placeholders only.
    """
    return JoinKeys(tuple(_compile(key) for key in join_keys), pseudonyms)


def _compile(key: JoinKey) -> KeyPattern:
    cues = "|".join(re.escape(cue) for cue in key.cues)
    return KeyPattern(
        kind=key.kind,
        pattern=re.compile(rf"(?<![\w-])(?:{key.pattern})(?![\w-])", re.IGNORECASE),
        bare=re.compile(rf"(?<![\w.,$£€/-])(?P<{NUMBER}>{key.bare})(?![\w-]|[.,]\d)") if key.bare else None,
        cue=re.compile(rf"\b(?:{cues})s?\b{CUE_TAIL}", re.IGNORECASE) if cues else None,
    )


def _value(found: re.Match[str]) -> str:
    """What is hashed: the group `number` where the pattern has one, else the whole, letters and digits only."""
    return compact(found.groupdict().get(NUMBER) or found.group())
