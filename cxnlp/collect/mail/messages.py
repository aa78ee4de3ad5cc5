"""A message's headers and words; whatever is wrong with it, it is read as far as it can be."""

import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from cxnlp.collect.web.pages import Record

MAX_PARTS = 200
MAX_HEADER_CHARACTERS = 2_000
NULS = str.maketrans({"\0": "\ufffd"})
REFERENCE = re.compile(r"<[^<>\s]{1,250}>")


def read_message(raw: bytes, number: str) -> Record:
    """Fields of a message: message_id, thread, from, to, subject, date, text, is_automatic.

    :param number: stands for the id of a message that has none.
    """
    try:
        message = message_from_bytes(raw)
        text = _words(message)
    except RecursionError:  # parts within parts without end
        message, text = Message(), ""
    message_id = _header(message, "Message-ID") or number
    references = REFERENCE.findall(_header(message, "References") + _header(message, "In-Reply-To"))
    automatic = _header(message, "Auto-Submitted").lower() or "no"
    return {
        "message_id": message_id,
        "thread": references[0] if references else message_id,
        "from": parseaddr(_header(message, "From"))[1].lower() or None,
        "to": parseaddr(_header(message, "To"))[1].lower() or None,
        "subject": _header(message, "Subject"),
        "date": _date(_header(message, "Date")),
        "text": text,
        "is_automatic": automatic != "no" or _header(message, "Precedence").lower() in ("bulk", "list", "junk"),
    }


def _words(message: Message) -> str:
    """The plain parts; where there are none, those in HTML. Attachments are left out."""
    for kind in ("text/plain", "text/html"):
        parts = [_decoded(part) for part in _parts(message) if part.get_content_type() == kind]
        found = "\n".join(part for part in parts if part.strip())
        if found:
            return found
    return ""


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MAX_PARTS:
            return
        if not part.is_multipart() and part.get_content_disposition() != "attachment":
            yield part


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        text = content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):  # a charset that nobody knows
        text = content.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").translate(NULS)


def _header(message: Message, name: str) -> str:
    """A header as text, encoded words opened."""
    value = str(message.get(name, ""))[:MAX_HEADER_CHARACTERS]
    with suppress(HeaderParseError, LookupError, ValueError):  # it stays as it was written
        value = str(make_header(decode_header(value)))
    told = value.encode("utf-8", "replace").decode("utf-8").translate(NULS)
    return " ".join(told.split())


def _date(value: str) -> str | None:
    """The sender's date; None where it is none."""
    try:
        return parsedate_to_datetime(value).isoformat() if value else None
    except (ValueError, OverflowError, TypeError):
        return None
