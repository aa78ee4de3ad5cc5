"""Postal addresses of a street: house number and street in the orders of several countries, and postcodes.

A town alone names nobody and stays. Street types that are everyday words (way, park, court) count only when written
as names are.
"""

import re

from cxnlp.clean.finder import Finder, compact

HOUSE = r"\d{1,5}(?:[A-Za-z](?![A-Za-z])|[-/]\d{1,4}[A-Za-z]?)?"
# Words that stand before a street type in other sentences: "2 hours on the road", "5 star drive".
NO_STREET = (
    r"(?!(?:a|an|the|in|on|at|of|to|for|from|by|with|and|or|is|it|my|your|our|this|that|days?|weeks?|hours?"
    r"|hrs?|mins?|minutes?|months?"
    r"|years?|miles?|km|stars?|times?|people|items?|more|other|different|different|cars?|kids|boxes|pieces"
    r"|percent|per|people|pages?"
    r"|yards?|feet|meters?|metres?|i|can|could|will|would|you|we|they|he|she|down|off|across|along|blocks?|into|was|were|no|not|drivers?|stores?|shops?"
    r"|left|calls?)\b)"
)
NAME = rf"{NO_STREET}[^\W\d_][\w'\u2019.-]{{0,24}}"
CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'\u2019.-]{0,24}"
CAPITAL_ENGLISH = r"(?-i:[A-Z])[\w'\u2019.-]{0,24}"
SURE = (
    r"(?:street|str|road|rd|avenue|ave|av|lane|ln|boulevard|blvd|crescent|cres|terrace|mews|close|marg|highway"
    r"|hwy|parkway|pkwy|drive|nagar|salai)"
)
EVERYDAY = (
    r"(?-i:Way|Place|Pl|Court|Ct|Square|Sq|Gardens?|Gdns|Grove|Hill|Park|Row|Walk|Parade|Circle|Cir|Trail|Green"
    r"|Rise|View|Loop|Point|St|Dr|Quay|Wharf|Street|Road|Close|Drive|Lane|Bend|Heights|Fields|End|Croft|Vale)"
)
UNIT = r"(?:flat|apartment|apt|unit|suite|ste|plot|house|door|h|block|room)\.?(?: ?no\.?)? ?#?\d{0,5}[A-Za-z]?"
UK_POSTCODE = r"(?:[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?|[A-PR-UWYZ]\d[A-HJKPSTUW]) ?\d[ABD-HJLNP-UW-Z]{2}"
SPACED_POSTCODE = UK_POSTCODE.replace(" ?", " ")
CANADIAN = r"[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d"
STATE = (
    r"(?-i:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V"
    r"[AT]|W[AIVY]|NSW|VIC|QLD|ACT|TAS|Calif\.?|Texas|Ontario|ON|BC|QC|AB)"
)
TAIL = (
    rf"(?:[,.]? {{0,2}}\n?(?:#|{UNIT})[ ]?\w{{0,5}}(?=[\s,.]))?"
    rf"(?:,? ?\n?(?:{CAPITAL_ENGLISH}(?:,? |,?\n)){{0,6}}"
    rf"(?:{STATE},? )?(?:{UK_POSTCODE}|{CANADIAN}|\d{{5}}(?:-\d{{4}})?|\d{{6}}|\d{{4}}(?: ?(?-i:[A-Z]{{2}}))?)(?![\w-])"
    rf"|,? (?:(?:{CAPITAL_ENGLISH})(?: {CAPITAL_ENGLISH})?,? ){{1,2}}{STATE}\b)?"
)
CONTINENTAL_TAIL = (
    rf"(?:,? ?\n?(?:[A-Z]{{1,2}}-)?\d{{2}}[- ]?\d{{2,3}}(?: ?(?-i:[A-Z]{{2}}))?(?: {CAPITAL_ENGLISH}){{0,3}})?"
)

ENGLISH = (
    rf"(?:{UNIT}[, ]{{1,2}}(?:{CAPITAL_ENGLISH} (?:Towers?|House|Heights|Apartments|Building|Residency|Court"
    rf"|Enclave),? )?)?"
    rf"(?:{HOUSE},? (?:{NAME} ){{1,4}}?{SURE}\b(?! (?:to|in|with|off|time))\.?|{HOUSE},? "
    rf"(?:{CAPITAL_ENGLISH} ){{1,3}}?{EVERYDAY}\b\.?)"
    rf"(?:,? (?:apt|apartment|flat|unit|suite|ste|#)\.? ?#?\w{{1,5}})?{TAIL}"
)
ENGLISH_UNIT = (
    rf"{UNIT}, (?:{CAPITAL_ENGLISH} ){{1,3}}(?:Road|Street|Towers|House|Marg|Nagar|Lane|Avenue|Cross|Main|Colony"
    rf"|Layout|Sector|Court|Enclave)[\w ]{{0,8}}{TAIL}"
)
GERMANIC = (
    r"(?:(?-i:[A-ZÄÖÜ])[\w.-]{0,24}[ -])?[^\W\d_][\w.-]{0,24}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse"
    r"|damm|ufer|straat|laan|plein|gracht"
    rf"|kade|dijk|gatan|v[aä]gen|vej|gade|veien) \d{{1,4}}(?: ?[a-z]\b|-\d{{1,4}})?{CONTINENTAL_TAIL}"
)
FRENCH = (
    r"\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\.|boulevard|bd\.?|place|chemin|all[ée]e|impasse|quai|route|cours) "
    rf"(?:(?:de la|de l'|des|du|de|d')[ ]?)?[^\W\d_][\w'\u2019-]{{1,24}}(?: [^\W\d_]"
    rf"[\w'\u2019-]{{1,24}}){{0,2}}?(?=[,.\s]|$)"
    rf"(?:(?: {CAPITAL_ENGLISH}){{0,2}},? ?\d{{5}}(?: {CAPITAL_ENGLISH}){{0,2}})?"
)
SOUTHERN = (
    r"(?:calle|c/|avenida|avda\.?|av\.|paseo|plaza|via|viale|piazza|corso|rua|travessa|ul\.|ulica|al\.|os\.) ?"
    rf"(?:(?:de la|del|de|da|do|dos|della|dei|di|y) )?{CAPITAL_ENGLISH}(?: {CAPITAL_ENGLISH}){{0,3}},? ?(?:n"
    rf"[º°.]? ?)?\d{{1,4}}(?:[-/ ]?[A-Z0-9]{{1,3}}\b)?(?:, \d{{5}}-\d{{3}})?"
    rf"(?:,? \d ?[º°ªa-z]{{1,2}}(?: [A-Za-z])?\b)?{CONTINENTAL_TAIL}"
)
BOX = rf"p\.? ?o\.? ?box \d{{1,6}}{TAIL}"
ALONE = rf"(?-i:{SPACED_POSTCODE}|{CANADIAN}|{STATE} \d{{5}}(?:-\d{{4}})?)"

ADDRESS = re.compile(
    rf"(?<![\w/=#@$£€.,:+-])(?<!\d )(?:{ENGLISH}|{ENGLISH_UNIT}|{FRENCH}|{BOX}|{ALONE}(?![\w-]))|(?<!"
    rf"[\w/=#@-])(?:{GERMANIC}|{SOUTHERN})",
    re.IGNORECASE,
)
SIGN = re.compile(r"\d")


def _address(found: re.Match[str]) -> str | None:
    return compact(found.group())


ADDRESSES = Finder("ADDRESS", SIGN, ADDRESS, _address)
