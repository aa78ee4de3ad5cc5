"""E-mail addresses, phone and card numbers out of the text, each value under one placeholder of its item.

Only what a pattern can tell; names, addresses and account numbers need the privacy step that will stand here.
Every pattern is bounded and starts only where a run starts, so that time grows with the length of the text.
"""

import re
from collections.abc import Callable, Sequence

import phonenumbers

from cxnlp.config import Company

EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w-])")
CARD = re.compile(r"(?<![\w/=#@$£€.,-])(?<!\d )\d(?:[ -]?\d){12,18}(?![\w-])")
ENOUGH_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")
PHONE = re.compile(
    r"(?<![\w/=#@$£€%&?.,:+-])(?:"
    r"(?P<international>\+\d(?:[ .()-]{0,2}\d){6,14})"
    r"|(?P<american>(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4})"
    r"|(?P<trunk>(?:\(0\d{1,5}\)|0\d)(?:[ -]{0,2}\d){4,12})"
    r"|(?P<bare>\d{3}[ -]\d{4}|\d{7,15})"
    r")(?![\w/-]|[.,:]\d)"
)
PLACEHOLDER = re.compile(r"<(EMAIL|PHONE|CARD)_(\d{1,6})>")
DATE = re.compile(r"^0?\d{1,2}[- ]\d{1,2}[- ](?:19|20)?\d\d\b|^0?\d{1,2}[- ](?:19|20)\d\d\b")
CALLING_WORD = re.compile(
    r"\b(?:phone|tel|telephone|call(?:ed|ing)?(?: me)?|mobile|mob|cell|whatsapp|text(?: me)?|ring|landline"
    r"|contact(?: me)?|reach(?: me)?|number is|my number|fax)\b[^\n\d]{0,20}$",
    re.IGNORECASE,
)
NUMBERED_THING = re.compile(
    r"\b(?:order|ref|reference|case|ticket|invoice|account|acct|a/c|policy|confirmation|tracking|serial|booking|flight|claim"
    r"|loan|parcel|imei|receipt|transaction|complaint|id)\b[^\n\d]{0,20}$",
    re.IGNORECASE,
)
CONTEXT_CHARACTERS = 40
ROLES = re.compile("support|help|(?:customer)?care|(?:customer)?services?|info|contact|sales|billing|hello")
# Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay, Maestro (ISO/IEC 7812 issuer ranges).
ISSUER = re.compile(r"4|5[0-8]|2[2-7]|3[04-9]|6[0-9]")
DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def redact(texts: Sequence[str], company: Company) -> list[str]:
    """Each text of one item with placeholders for personal data, numbered over all of them.

    :param texts: question and turns, or question and text, in reading order.
    :param company: its own service addresses stay: who is addressed decides what is a contact.
    """
    numbering = _Numbering(texts)
    return [_redact_one(text, numbering, company) for text in texts]


def _redact_one(text: str, numbering: "_Numbering", company: Company) -> str:
    if "@" in text:
        text = EMAIL.sub(lambda found: _address(found.group(), numbering, company), text)
    if ENOUGH_DIGITS.search(text):
        text = CARD.sub(_where(_is_card, "CARD", numbering), text)
        text = PHONE.sub(_where(_is_phone, "PHONE", numbering), text)
    return text


class _Numbering:
    """Gives each value of one item its placeholder; numbers already in the text are not used again."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._placeholder_by_value: dict[tuple[str, str], str] = {}
        self._last = {"EMAIL": 0, "PHONE": 0, "CARD": 0}
        for text in texts:
            for kind, number in PLACEHOLDER.findall(text) if "<" in text else ():
                self._last[kind] = max(self._last[kind], int(number))

    def placeholder(self, kind: str, value: str) -> str:
        """The placeholder of a value, the same each time."""
        if (kind, value) not in self._placeholder_by_value:
            self._last[kind] += 1
            self._placeholder_by_value[kind, value] = f"<{kind}_{self._last[kind]}>"
        return self._placeholder_by_value[kind, value]


def _where(
    is_kind: Callable[[re.Match[str]], bool], kind: str, numbering: _Numbering
) -> Callable[[re.Match[str]], str]:
    """A replacement that leaves alone what only looks like `kind`."""

    def replace(found: re.Match[str]) -> str:
        return numbering.placeholder(kind, _digits(found.group())) if is_kind(found) else found.group()

    return replace


def _address(address: str, numbering: _Numbering, company: Company) -> str:
    role, _, domain = address.lower().partition("@")
    names = {re.sub(r"\W", "", name.lower()) for name in (company.name, *company.handles)}
    is_masked = not role.strip("x*")
    is_own = bool(ROLES.fullmatch(role)) and not names.isdisjoint(domain.replace("-", "").split("."))
    return address if is_own or is_masked else numbering.placeholder("EMAIL", address.lower())


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _is_card(found: re.Match[str]) -> bool:
    """Issuer range and check digit (Luhn, 1960, US patent 2,950,048; ISO/IEC 7812-1)."""
    digits = _digits(found.group())
    doubled = sum(DOUBLED[int(digit)] for digit in digits[-2::-2])
    return bool(ISSUER.match(digits)) and (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0


def _is_phone(found: re.Match[str]) -> bool:
    """Whether a number in the shape of a phone number is one: by its country code, its plan or the words before."""
    before = found.string[max(0, found.start() - CONTEXT_CHARACTERS) : found.start()]
    if NUMBERED_THING.search(before) and not found["international"]:
        return False
    if found["bare"]:
        return bool(CALLING_WORD.search(before))
    if found["american"]:
        return True
    if found["trunk"]:
        return not DATE.match(found.group()) and 10 <= len(_digits(found.group())) <= 12
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse("+" + _digits(found.group())))
    except phonenumbers.NumberParseException:  # no country has that code
        return False
