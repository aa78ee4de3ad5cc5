"""Payment cards, IBANs and account numbers."""

import re

from cxnlp.clean import checksums
from cxnlp.clean.finder import Finder, before, compact, digits_of

DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){5}")
# Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay, Maestro (ISO/IEC 7812 issuer ranges).
ISSUER = re.compile(r"4|5[0-8]|2[2-7]|3[04-9]|6[0-9]")
CARD = re.compile(r"(?<![\w/=#@$£€.,-])(?<!\d )\d(?:[ -]?\d){12,18}(?![\w-])")
IBAN_START = re.compile(r"[A-Za-z]{2}\d\d ?[A-Za-z0-9]{4}")
# Length of an IBAN by country (SWIFT IBAN registry).
IBAN_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK|FI|FO|GL|NL",
    19: "MK|SI",
    20: "AT|BA|EE|KZ|LT|LU|XK",
    21: "CH|HR|LI|LV",
    22: "BG|BH|CR|DE|GB|GE|IE|ME|RS|VA",
    23: "AE|GI|IL|IQ|OM|TL",
    24: "AD|CZ|ES|MD|PK|RO|SA|SE|SK|TN|VG",
    25: "LY|PT|ST",
    26: "IS|TR",
    27: "FR|GR|IT|MC|MR|SM",
    28: "AL|AZ|BY|CY|DO|GT|HU|LB|PL",
    29: "BR|EG|PS|QA|UA",
    30: "JO|KW|MU",
    31: "MT|SC",
}
BY_LENGTH = "|".join(rf"(?:{who})\d\d(?:[ -]?[A-Z0-9]){{{length - 4}}}" for length, who in IBAN_LENGTHS.items())
IBAN = re.compile(rf"(?<![\w-])(?:{BY_LENGTH})(?![\w-])", re.IGNORECASE)
OTHER_THING = re.compile(
    r"\b(?:imei|serial|isbn|iccid|sim|tracking|parcel|order|meid|esn|barcode)\b[^\n\d]{0,16}$", re.IGNORECASE
)
ACCOUNT = re.compile(
    r"(?<![\w/=#@$£€.,-])(?:(?P<sort>\d\d[- ]\d\d[- ]\d\d)(?:[ ,;/]{1,3}(?:and )?(?:account |acc |a/c |number"
    r" |no\.? |nr\.? )*\d{7,8})?"
    r"|(?P<number>[A-Za-z]{0,3}\d(?:[ -]?[\dxX*]){4,17}))(?![\w-]|[.,]\d)"
)
ACCOUNT_WORD = re.compile(
    r"\b(?:account|acct|acc|a/c|bank|routing|sort ?code|aba|bsb|ifsc|konto|kontonummer|cuenta|compte|conto"
    r"|iban|clabe|giro)s?"
    r"(?:[ .:#]{1,3}(?:number|numbers|no|nr|num|is|was|ending(?: in)?|id|code|details|my|for|the|are"
    r"|customer))*[^\n\w]{0,4}$",
    re.IGNORECASE,
)
SORT_WORD = re.compile(r"\bsort ?code[^\n\d]{0,12}$", re.IGNORECASE)


def _card(found: re.Match[str]) -> str | None:
    digits = digits_of(found.group())
    is_card = ISSUER.match(digits) and checksums.luhn(digits) and not OTHER_THING.search(before(found, 30))
    return digits if is_card else None


def _iban(found: re.Match[str]) -> str | None:
    whole = compact(found.group())
    return whole if checksums.iban(whole) else None


def _account(found: re.Match[str]) -> str | None:
    words = before(found, 50)
    if found["sort"]:
        is_pair = len(digits_of(found.group())) > 6
        return digits_of(found.group()) if is_pair or SORT_WORD.search(words) else None
    return compact(found.group()) if ACCOUNT_WORD.search(words) else None


CARDS = Finder("CARD", DIGITS, CARD, _card)
IBANS = Finder("IBAN", IBAN_START, IBAN, _iban)
ACCOUNTS = Finder("ACCOUNT", DIGITS, ACCOUNT, _account)
