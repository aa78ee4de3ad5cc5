"""Birth dates: a date that the words around it call one."""

import re

from cxnlp.clean.finder import Finder, after, before, compact

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct"
    r"(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|januar|februar|m[aä]rz|mai|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo"
    r"|junio|julio|agosto"
    r"|septiembre|octubre|noviembre|diciembre|janvier|f[eé]vrier|mars|avril|juin|juillet|ao[uû]t|septembre"
    r"|octobre|novembre"
    r"|d[eé]cembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre)"
)
DATE = re.compile(
    r"(?<![\w/.])(?<!\w-)(?:"
    r"\d{1,2}[/. -]\d{1,2}[/. -](?:19|20)?\d\d"
    r"|(?:19|20)\d\d[/.-]\d{1,2}[/.-]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?(?: of| de)?[ -]{MONTH}\.?(?:,? (?:de |of )?'?\d{{2,4}}|-\d{{2,4}})?"
    rf"|{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? '?(?:19|20)?\d\d)?"
    r"|\d{8}"
    r")(?![\w/-])",
    re.IGNORECASE,
)
BIRTH_WORD = re.compile(
    r"(?:\b(?:born|d\.?o\.?b|date of birth|birth ?date|birthday|bday|b-day|geboren|geb|geburtsdatum|n[eé]e?"
    r" le|naissance|nacid[oa]"
    r"|nacimiento|nat[oa] il|data di nascita|nascita|geboortedatum|urodzon[ay]|nascimento|birth))\b"
    r"(?:[^\n\w]{0,3}\b(?:is|was|on|the|in|of|as|am|date|given|his|her|my|el|le|il|op|which|falls|be|number|a"
    r"|number|was given as))*[^\n\w]{0,4}$",
    re.IGNORECASE,
)
BIRTH_NOUN = re.compile(
    r"[^\n\w]{0,3}(?:is |was |as |being |\()?(?:my |his |her |the |your |our )?(?:dob|date of birth|birth"
    r" ?date|birthday|d\.o\.b)\b",
    re.IGNORECASE,
)
SIGN = re.compile(r"birth|born|\bb-?day|d\.?o\.?b|geb|n[eé]e? le|naiss|nasc|naci|nat[oa] il|urodz", re.IGNORECASE)


def _birth_date(found: re.Match[str]) -> str | None:
    if BIRTH_WORD.search(before(found, 60)) or BIRTH_NOUN.match(after(found, 30)):
        return compact(found.group())
    return None


BIRTH_DATES = Finder("BIRTH_DATE", SIGN, DATE, _birth_date)
