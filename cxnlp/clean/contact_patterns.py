"""Ways to reach a person: e-mail addresses, phone numbers, links that carry a token or a profile."""

import re

import phonenumbers

from cxnlp.clean.finder import Finder, before, digits_of

AT = re.compile("@")
DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){5}")
LINK = re.compile(r"https?:|www\.|\.(?:com|net|org|io|me)/", re.IGNORECASE)

EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w-])")
SPELT_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}(?: dot [\w-]{1,30})? ?(?:\(at\)|\[at\]| at ) ?[\w-]{2,63} ?(?:\(dot\)"
    r"|\[dot\]| dot ) ?(?:com|net|org|co|uk|de)\b",
    re.IGNORECASE,
)
SPELT = re.compile(r"\bat\b[^\n]{1,70}\bdot\b", re.IGNORECASE)
URL = re.compile(
    r"(?<![\w@/.])(?:https?://|www\.)?(?:[\w-]{1,63}[.:@]){1,6}[\w-]{2,24}(?::\d{1,5})?[/?][^\s<>\"']{1,2000}"
)
TOKEN_FIELD = re.compile(
    r"[?&;/#](?:[a-z_-]{0,20}(?:token|key|sig|signature|auth|session|sid|reset|otp|pwd|password|secret|jwt"
    r"|email|e-?mail"
    r"|user|uid|customer|account|phone|code|hash|invite|magic|confirm|verify|login)[a-z_-]{0,8})[=/][^\s&]{4,}",
    re.IGNORECASE,
)
LONG_TOKEN = re.compile(
    r"[/=](?=[\w.~-]{0,60}\d)(?=[\w.~-]{0,60}[A-Za-z])[A-Za-z0-9_.~-]{24,}(?![\w-]*\.(?:html?|jpe?g|png))"
)
WORDS_IN_PATH = re.compile(r"[a-z]{3,}[-_][a-z]{2,}[-_]", re.IGNORECASE)
USER_IN_URL = re.compile(r"//[^/\s@]{1,100}@")
PROFILE = re.compile(
    r"(?:facebook|instagram|twitter|tiktok|linkedin|(?<![\w-])x)\.com/(?:in/|@)?(?!p/|status|share|hashtag"
    r"|search|i/)[\w.-]{3,}",
    re.IGNORECASE,
)

PHONE = re.compile(
    r"(?<![\w/=#@$£€%&?.,:+-])(?:"
    r"(?P<international>(?:\+|00(?=[1-9]))\d(?:[ .()/-]{0,2}\d){6,14})"
    r"|(?P<american>(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4})"
    r"|(?P<trunk>(?:\(0\d{1,5}\)|0\d)(?:[ ./-]{0,2}\d){4,12})"
    r"|(?P<grouped>\(\d{2}\) ?9?\d{4}-\d{4}|[6-9]\d{4}[ -]\d{5}|[67]\d\d[ -]\d{3}[ -]\d{3}|[67]\d\d(?: \d\d){3})"
    r"|(?P<bare>\d{3}[ -]\d{4}|\d{2,4}(?:[ -]\d{2,4}){2,4}|\d{7,15})"
    r")(?![\w/-]|[.,:]\d)(?! ?(?:GBP|EUR|USD|kg|km|mb)\b)"
)
DATE = re.compile(r"0?\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)?\d\d\b|0\d[-./ ](?:19|20)\d\d\b")
CALLING_WORD = re.compile(
    r"\b(?:phone|tel|telephone|calls?|called|calling|mobile|mob|cell|whatsapp|text|ring|landline|handy|movil"
    r"|m[oó]vil|telefono"
    r"|contact|reach|number is|my number|number(?= ?:)|num is|fax|no is|sms|callback|call back|ph|extension"
    r"|line)\b[^\n\d]{0,20}$",
    re.IGNORECASE,
)
NUMBERED_THING = re.compile(
    r"\b(?:order|ref|reference|case|ticket|invoice|account|acct|a/c|policy|confirmation|tracking|serial"
    r"|booking|flight|claim"
    r"|loan|parcel|imei|receipt|transaction|complaint|id|part|model|sku|isbn|barcode|ean|consignment|job|batch|po|code"
    r"|version|build|voucher|coupon|item|article|product|meter|router|sim|iccid|contract|membership|ssn|pin)"
    r"\b(?: (?:number|no|nr|num|code|id|is|was|called|of))*[^\n\w]{0,4}$",
    re.IGNORECASE,
)
CONTEXT_CHARACTERS = 40


def _email(found: re.Match[str]) -> str | None:
    is_masked = not found.group().partition("@")[0].strip("x*X")
    return None if is_masked else found.group().lower()


def _url(found: re.Match[str]) -> str | None:
    """A link that says who opens it: a token, a sign-in, a profile."""
    link = found.group()
    long_token = LONG_TOKEN.search(link)
    is_personal = (
        TOKEN_FIELD.search(link)
        or USER_IN_URL.search(link)
        or PROFILE.search(link)
        or (long_token and not WORDS_IN_PATH.search(long_token.group()))
    )
    return link if is_personal else None


def _phone(found: re.Match[str]) -> str | None:
    """Whether a number in the shape of a phone number is one: by its country code, its plan or the words before."""
    words, digits = before(found, CONTEXT_CHARACTERS), digits_of(found.group())
    if found["international"]:
        return digits.removeprefix("00") if _is_possible(digits.removeprefix("00")) else None
    if NUMBERED_THING.search(words) or (len(digits) <= 8 and DATE.match(found.group())):
        return None
    is_called = bool(CALLING_WORD.search(words))
    if found["bare"]:
        return digits if is_called and 7 <= len(digits) <= 15 else None
    if found["grouped"]:
        is_sure = found["grouped"].startswith("(") or " " in found["grouped"] or is_called
        return digits if is_sure else None
    if found["trunk"]:
        return digits if 10 <= len(digits) <= 12 or (is_called and len(digits) >= 7) else None
    return digits[-10:]


def _is_possible(digits: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse("+" + digits))
    except phonenumbers.NumberParseException:  # no country has that code
        return False


URLS = Finder("URL", LINK, URL, _url)
EMAILS = Finder("EMAIL", AT, EMAIL, _email)
SPELT_EMAILS = Finder("EMAIL", SPELT, SPELT_EMAIL, lambda found: found.group().lower())
PHONES = Finder("PHONE", DIGITS, PHONE, _phone)
