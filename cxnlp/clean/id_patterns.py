"""National ids of the larger countries, by shape and check digit or by the word before them, and licence plates."""

import re
from collections.abc import Callable

from cxnlp.clean import checksums
from cxnlp.clean.contact_patterns import NUMBERED_THING
from cxnlp.clean.finder import Finder, after, before, compact, digits_of

SOME_DIGITS = re.compile(r"\d[^\n]{0,8}\d[^\n]{0,8}\d")
EDGE, END = r"(?<![\w/=#@$£€.,+-])", r"(?![\w-]|[.,]\d)"
NINO = r"[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?\d\d ?\d\d ?\d\d ?[A-Da-d]"
CODICE = r"[A-Za-z]{6}\d\d[A-EHLMPRSTa-ehlmprst]\d\d[A-Za-z]\d{3}[A-Za-z]"
NATIONAL = re.compile(
    EDGE + r"(?:"
    r"(?P<ssn>(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4})"
    rf"|(?P<nino>{NINO})"
    rf"|(?P<codice>{CODICE})"
    r"|(?P<dni>(?:\d{8}|[XYZxyz]-?\d{7})[- ]?[A-Za-z])"
    r"|(?P<pan>[A-Z]{3}[PCHFATBLJG][A-Z]\d{4}[A-Z])"
    r"|(?P<cpf>\d{3}\.\d{3}\.\d{3}-\d\d)"
    r"|(?P<nir>[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d[\dABab] ?\d{3} ?\d{3} ?\d\d)"
    r"|(?P<personnummer>\d\d(?:\d\d)?(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[-+]\d{4})"
    r"|(?P<aadhaar>[2-9]\d{3}[ -]\d{4}[ -]\d{4})"
    r"|(?P<eleven>[1-9]\d{10}|\d\d \d{3} \d{3} \d{3})"
    r")" + END
)
NAMED_ID = re.compile(
    r"\b(?:ssn|social(?: security)?(?: number| no)?|nino|ni number|national insurance|nhs (?:number|no)"
    r"|passport|reisepass|pasaporte"
    r"|driv(?:er'?s?|ing) licen[cs]e|licen[cs]e (?:number|no)|aadhaar|aadhar|pan(?: card)?|pesel|bsn|dni|nie"
    r"|nif|steuer-?id|tax id|tfn"
    r"|tax file|medicare|codice fiscale|cpf|sin|personnummer|national id|id card|identity card|ausweis"
    r"|personalausweis|insee"
    r"|s[eé]curit[eé] sociale)\b(?:[ .:#]{1,3}(?:number|no|nr|num|card|is|was|it's|of|my|mine|ending|id))*"
    r"[^\n\w]{1,4}(?:mine is |it is )?"
    r"(?P<value>(?=[A-Za-z]{0,6}[ .-]?\d[^\n]{0,12}\d)[A-Za-z0-9]{1,16}(?:[ ./-](?=[A-Za-z]{0,2}\d)"
    r"[A-Za-z0-9]{1,8}){0,5})(?![\w-])",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"ssn|social|nino|ni num|national|nhs n|passp|pasap|reisep|licen|aad?har|\bpan\b|pesel|bsn|dni|\bnie\b"
    r"|nif|steuer|tax|tfn|medic|codice"
    r"|cpf|\bsin\b|personn|id card|identity|auswei|insee|curit",
    re.IGNORECASE,
)
CHECKS: dict[str, Callable[[str], bool]] = {
    "codice": checksums.codice_fiscale,
    "dni": checksums.dni,
    "cpf": lambda value: checksums.cpf(digits_of(value)),
    "nir": lambda value: checksums.nir(digits_of(value)),
    "personnummer": lambda value: checksums.luhn(digits_of(value)[-10:]),
    "aadhaar": lambda value: checksums.aadhaar(digits_of(value)),
    "eleven": lambda value: checksums.pesel(digits_of(value)) or checksums.steuer_id(digits_of(value)),
}
OTHER_NUMBER = re.compile(
    r"\b(?:order|ref|reference|case|ticket|invoice|tracking|serial|booking|parcel|consignment|model|part|sku"
    r"|item|code|phone"
    r"|call|mobile|number is|ring|text|tel)\b[^\n\d]{0,16}$",
    re.IGNORECASE,
)

PLATE = re.compile(
    r"(?<![\w/=#@$£€.,+-])(?:"
    r"(?P<british>[A-Z]{2}\d\d ?[A-Z]{3})"
    r"|(?P<german>[A-ZÄÖÜ]{1,3}[- ](?:[A-Z]{1,2} ?|-)\d{1,4}[EH]?)"
    r"|(?P<french>[A-Z]{2}-\d{3}-[A-Z]{2})"
    r"|(?P<spanish>\d{4} ?[BCDFGHJ-NPR-TV-Z]{3})"
    r"|(?P<indian>[A-Z]{2}[ -]?\d\d[ -]?[A-Z]{1,2}[ -]?\d{4})"
    r")(?![\w-]|[.,]\d)"
)
NAMED_PLATE = re.compile(
    r"\b(?:plates?|number ?plate|licen[cs]e plates?|reg(?:istration)?(?: number| no| plate)?|vrm|matr[ií]cula"
    r"|kennzeichen|targa|kenteken"
    r"|immatriculation|tag number|rego)\b(?:[ .:#]{1,3}(?:is|was|number|no|my|our|the|car|van|marked|reads|vehicle))*"
    r"[^\n\w]{1,4}(?P<value>(?=[A-Za-z -]{0,8}\d)(?=[\d -]{0,8}[A-Za-z])[A-Za-z0-9]{1,5}(?:[ -][A-Za-z0-9]{1,5}){0,2}"
    r"|[A-Z0-9]{5,8})(?![\w-])",
    re.IGNORECASE,
)
PLATE_SIGN = re.compile(r"\bplate|\breg|vrm|matr|kennz|targa|kentek|tag num", re.IGNORECASE)
VEHICLE = re.compile(
    r"\b(?:car|van|vehicle|truck|driver|bike|motorbike|taxi|park(?:ed|ing)?|toll|garage|fine|drove|scratched"
    r"|tow(?:ed)?|bmw|audi|ford|golf|tesla|hire)\b",
    re.IGNORECASE,
)
PLATE_NOUN = re.compile(r" ?\(?(?:is )?(?:the |my |his |her )?(?:number )?(?:plate|registration|reg)\b", re.IGNORECASE)


def _national(found: re.Match[str]) -> str | None:
    shape = str(found.lastgroup)
    value = compact(found.group())
    if shape in CHECKS and not CHECKS[shape](value):
        return None
    if OTHER_NUMBER.search(before(found, 40)) and shape not in ("ssn", "nino", "codice", "cpf"):
        return None
    return value


def _plate(found: re.Match[str]) -> str | None:
    if PLATE_NOUN.match(after(found, 24)):
        return compact(found.group())
    if found.lastgroup in ("british", "french", "indian"):
        return None if NUMBERED_THING.search(before(found, 40)) else compact(found.group())
    near = before(found, 60) + after(found, 40)
    return compact(found.group()) if VEHICLE.search(near) and not NUMBERED_THING.search(before(found, 40)) else None


def _named_plate(found: re.Match[str]) -> str | None:
    """A registration has a digit; the word before may also name a plate to eat from."""
    value = compact(found["value"])
    has_words = any(len(part) > 3 for part in re.findall("[A-Za-z]+", found["value"]))
    return value if any(map(str.isdecimal, value)) and len(value) >= 4 and not has_words else None


NATIONAL_IDS = Finder("NATIONAL_ID", SOME_DIGITS, NATIONAL, _national)
NAMED_IDS = Finder("NATIONAL_ID", NAMED, NAMED_ID, lambda found: compact(found["value"]))
PLATES = Finder("PLATE", re.compile(r"[A-Za-z]{1,3}[ -]?\d|\d[ -]?[A-Za-z]{2}"), PLATE, _plate)
NAMED_PLATES = Finder("PLATE", PLATE_SIGN, NAMED_PLATE, _named_plate)
