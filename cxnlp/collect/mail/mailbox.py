"""Messages of a folder, by their number, from where the last pull ended.

A folder numbers its messages in the order they come in (UID) and says by another number (UIDVALIDITY) whether the
numbers still hold (RFC 9051, 2.3.1.1); the cursor is both. Where they do not hold, all messages are read anew: items
are known by their Message-ID, so nothing doubles.
"""

import imaplib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cxnlp.collect.mail.connection import MailFault, open_mailbox
from cxnlp.collect.mail.messages import read_message
from cxnlp.collect.web.pages import Page, Record
from cxnlp.environment import SecretReader
from cxnlp.errors import SourceError
from cxnlp.mail_settings import Mail

PAGE_BYTES = 20_000_000
PAGE_MESSAGES = 200
NUMBERS_AT_ONCE = 50_000  # so that the answer of a search stays a short line
SIZE = re.compile(rb"UID (\d+)\b.*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)\b.*?UID (\d+)")
NUMBER = re.compile(rb"UID (\d+)\b")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass
class Place:
    """How far a pull has come: the last message taken of a folder whose numbers hold."""

    validity: int = 0
    number: int = 0

    @classmethod
    def of(cls, stored: str | None) -> "Place":
        """From a cursor."""
        validity, _, number = (stored or "0:0").partition(":")
        return cls(int(validity), int(number))

    def __str__(self) -> str:
        return f"{self.validity}:{self.number}"


def read_mail(
    source_name: str, mail: Mail, read_secret: SecretReader, stored: str | None, since: date | None = None
) -> Iterator[Page]:
    """Messages with numbers over that of the cursor, oldest first; the cursor may move with every page.

    :param stored: cursor of the last pull.
    :param since: where given, messages that came in from that day on, whatever the cursor.
    :raises SourceError: where the mailbox cannot be read.
    :raises ConfigError: where a secret is missing, naming it.
    """
    place = Place.of(stored if since is None else None)
    attempt = 1
    while True:
        try:
            for page in _pages(source_name, mail, read_secret, place, since or mail.initial):
                attempt = 1
                yield page
            yield Page([], str(place))
            return
        except MailFault as fault:
            if attempt >= mail.attempts:
                raise SourceError(
                    f"source {source_name}: no answer from {mail.host}:{mail.port} ({fault}); "
                    "are host, port and encryption right?"
                ) from None
            time.sleep(mail.backoff_seconds * 2 ** (attempt - 1))
            attempt += 1


def count_messages(source_name: str, mail: Mail, read_secret: SecretReader) -> int:
    """Messages in the folder, to see whether the mailbox answers.

    :raises SourceError: where it does not.
    """
    try:
        with open_mailbox(source_name, mail, read_secret) as connection:
            return _select(source_name, mail, connection)
    except MailFault as fault:
        raise SourceError(f"source {source_name}: no answer from {mail.host}:{mail.port} ({fault})") from None


def _pages(source_name: str, mail: Mail, read_secret: SecretReader, place: Place, since: date) -> Iterator[Page]:
    with open_mailbox(source_name, mail, read_secret) as connection:
        _select(source_name, mail, connection)
        validity = _told(connection, "UIDVALIDITY")
        if validity != place.validity:
            place.validity, place.number = validity, 0
        for numbers in _new_numbers(connection, place.number, since):
            for group in _groups(mail, connection, numbers):
                records = [_record(mail, place, number, raw) for number, raw in _fetch(mail, connection, group)]
                place.number = group[-1]
                yield Page(records, str(place))


def _select(source_name: str, mail: Mail, connection: imaplib.IMAP4) -> int:
    """Open the folder for reading; returns the messages in it."""
    answer, data = connection.select(f'"{mail.folder}"', readonly=True)
    if answer != "OK":
        raise SourceError(f"source {source_name}: no folder {mail.folder!r} on {mail.host}; mend `folder`")
    return int(data[0] or 0)


def _told(connection: imaplib.IMAP4, name: str) -> int:
    """A number that the server told when the folder was opened; 0 where it did not."""
    data = connection.response(name)[1]
    return int(data[0]) if data and data[0] else 0


def _new_numbers(connection: imaplib.IMAP4, last: int, since: date) -> Iterator[list[int]]:
    """Numbers over `last` of messages that came in since a day, ascending."""
    following = _told(connection, "UIDNEXT")
    day = f"{since.day}-{MONTHS[since.month - 1]}-{since.year}"
    for begin in range(last + 1, following, NUMBERS_AT_ONCE):
        end = min(begin + NUMBERS_AT_ONCE, following) - 1
        data = connection.uid("SEARCH", f"UID {begin}:{end} SINCE {day} UNDELETED")[1]
        numbers = sorted(int(number) for number in (data[0] or b"").split())
        yield [number for number in numbers if begin <= number <= end]


def _groups(mail: Mail, connection: imaplib.IMAP4, numbers: list[int]) -> Iterator[list[int]]:
    """Numbers in groups that fit into memory together."""
    for begin in range(0, len(numbers), PAGE_MESSAGES):
        some = numbers[begin : begin + PAGE_MESSAGES]
        data = connection.uid("FETCH", _as_set(some), "(UID RFC822.SIZE)")[1]
        found = [SIZE.search(line) for line in data if isinstance(line, bytes)]
        sizes = {int(each[1] or each[4]): int(each[2] or each[3]) for each in found if each}
        group: list[int] = []
        total = 0
        for number in some:
            size = min(sizes.get(number, mail.max_message_bytes), mail.max_message_bytes)
            if group and total + size > PAGE_BYTES:
                yield group
                group, total = [], 0
            group.append(number)
            total += size
        yield group


def _fetch(mail: Mail, connection: imaplib.IMAP4, numbers: list[int]) -> list[tuple[int, tuple[bytes, bytes]]]:
    """Messages as they came: what the server says of each, and its bytes; one that is gone is left out."""
    asked = f"(UID INTERNALDATE BODY.PEEK[]<0.{mail.max_message_bytes}>)"
    data = connection.uid("FETCH", _as_set(numbers), asked)[1]
    found: list[tuple[int, tuple[bytes, bytes]]] = []
    for place, part in enumerate(data):
        if isinstance(part, tuple):
            rest = data[place + 1] if place + 1 < len(data) and isinstance(data[place + 1], bytes) else b""
            number = NUMBER.search(part[0] + b" " + rest)
            if number:
                found.append((int(number[1]), (part[0] + b" " + rest, part[1])))
    return found


def _record(mail: Mail, place: Place, number: int, raw: tuple[bytes, bytes]) -> Record:
    told, message = raw
    received = imaplib.Internaldate2tuple(told)
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.mktime(received))) if received else None
    named = {"uid": number, "folder": mail.folder, "received": at, "numbered": f"{place.validity}-{number}"}
    return {**read_message(message, f"{mail.folder}-{place.validity}-{number}"), **named}


def _as_set(numbers: list[int]) -> str:
    return ",".join(map(str, numbers))
