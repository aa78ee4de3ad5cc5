"""Mail habits off a ticket: quoted earlier mail, signatures, disclaimers. Linear, line by line.

Libraries for this are dead or take seconds on ordinary sentences; the cases are theirs (talon, mail-parser-reply).
"""

import re

SIGNATURE_LINES = 12  # a signature or disclaimer begins in the last lines
CLOSER_LINES = 5  # lines after "Kind regards": name, role, company, phone, address
NAME_CHARACTERS = 60
HEADER_CHARACTERS = 240
HEADER_LINES = 5

WROTE = re.compile(
    r"^(?:on|le|am|el|il|em)\b.*\d.*\b(?:wrote|a écrit|schrieb|escribió|ha scritto|escreveu)\b[^:]{0,80}:$", re.I
)
ORIGINAL = re.compile(r"^[-_ ]{2,}(?:original message|forwarded message|original appointment)[-_ ]{2,}$", re.I)
FROM = re.compile(r"^\W{0,3}from:\W{0,3}\S", re.I)
MAIL_FIELD = re.compile(r"^\W{0,3}(?:sent|date|to|subject|cc):", re.I)
SENT_FROM = re.compile(
    r"^(?:sent (?:from|via|using) (?:my |the |yahoo|outlook|mail|gmail|samsung|proton).{0,60}"
    r"|get outlook for .{2,20})$",
    re.I,
)
CLOSER = re.compile(
    r"^(?:(?:(?:with )?(?:kind|kindest|best|warm|warmest|many|yours|with)(?: and best)? )?(?:regards|wishes)"
    r"|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|rgds|kr)[,.! ]{0,3}$",
    re.I,
)
DISCLAIMER = re.compile(
    r"^\W{0,3}(?:(?:confidentiality|privileged|legal) (?:notice|disclaimer)|disclaimer:"
    r"|this (?:e-?mail|message|communication)\b.{0,120}\b(?:confidential|intended (?:only|solely)|privileged)"
    r"|the information (?:contained )?in this (?:e-?mail|message)"
    r"|please consider the environment before printing|if you are not the intended recipient)",
    re.I,
)


def strip_mail(text: str) -> str:
    """What the customer wrote this time, without earlier mail below it and without what every mail carries.

    Nothing is taken where it would leave nothing: a ticket that is only a forwarded mail keeps it.

    :param text: cleaned text with its line breaks.
    """
    lines = text.strip().split("\n")
    for step in (_without_quotes, _without_tail):
        kept = step(lines)
        if any(line.strip() for line in kept):
            lines = kept
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_quotes(lines: list[str]) -> list[str]:
    """Leave out quoted lines; after a header whose mail is not marked line by line, all that follows."""
    kept: list[str] = []
    at = 0
    while at < len(lines):
        header = _header_length(lines, at)
        run = _quoted_run(lines, at + header) if header or lines[at].startswith(">") else 0
        if header and not run:
            return kept if any(kept) else [*kept, *lines[at:]]
        if header or run > 1:
            at += header + run
            continue
        kept.append(lines[at])
        at += 1
    return kept


def _header_length(lines: list[str], at: int) -> int:
    """Number of lines of the reply header that begins at line `at`; 0 where none does."""
    line = lines[at][:HEADER_CHARACTERS]
    if ORIGINAL.match(line):
        return 1
    if FROM.match(line):
        fields = sum(bool(MAIL_FIELD.match(field)) for field in lines[at + 1 : at + HEADER_LINES])
        return 1 + fields if fields >= 2 else 0
    if line[:3].lower() not in {"on ", "le ", "am ", "el ", "il ", "em "}:
        return 0
    for length in (1, 2):
        if WROTE.match(" ".join(lines[at : at + length])[:HEADER_CHARACTERS]):
            return length
    return 0


def _quoted_run(lines: list[str], at: int) -> int:
    """Number of lines from `at` that begin with `>`, empty lines between them included."""
    end = at
    for number in range(at, len(lines)):
        if lines[number].startswith(">"):
            end = number + 1
        elif lines[number]:
            break
    return end - at if end > at else 0


def _without_tail(lines: list[str]) -> list[str]:
    """Take signatures and disclaimers off the end until none is seen in the last lines."""
    end = len(lines)
    while True:
        first = max(1, end - SIGNATURE_LINES)
        cut = next((at for at in range(first, end) if _is_tail(lines[at:end])), None)
        if cut is None or not any(lines[max(0, cut - SIGNATURE_LINES) : cut]):
            return lines[:end]
        end = cut


def _is_tail(lines: list[str]) -> bool:
    """Whether `lines`, the last of a text, are a signature or disclaimer."""
    line = lines[0]
    if line in {"--", "-- "} or DISCLAIMER.match(line[:HEADER_CHARACTERS]):
        return True
    after = [later for later in lines[1:] if later]
    if SENT_FROM.match(line[:HEADER_CHARACTERS]):
        return len(after) <= 1
    return bool(CLOSER.match(line[:NAME_CHARACTERS])) and len(after) <= CLOSER_LINES and all(map(_is_name_line, after))


def _is_name_line(line: str) -> bool:
    """Whether a line under a greeting is a name, role, number or address and not a sentence."""
    is_short = len(line) <= NAME_CHARACTERS and len(line.split()) <= 6
    return is_short and not line.rstrip().endswith((".", "!", "?")) and not line.lower().startswith(("ps", "p.s"))
