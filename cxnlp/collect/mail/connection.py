"""A connection to a mail server: to the host that the pipeline file names, at the address of one look-up, bounded."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from cxnlp.collect.web.hosts import Hosts, Origin
from cxnlp.environment import SecretReader
from cxnlp.errors import SourceError
from cxnlp.mail_settings import Mail

ROOM = 1_000_000  # bytes of an answer beside the message


class MailFault(Exception):
    """A fault that may pass: the connection was cut, slow or refused."""


class _Bounded(imaplib.IMAP4):
    """An IMAP connection to one address that takes no answer longer than it may be."""

    def __init__(self, mail: Mail, address: str) -> None:
        self._mail = mail
        self._address = address
        super().__init__(mail.host, mail.port, mail.timeout_seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._address, self._mail.port), timeout)
        if self._mail.encryption != "tls":
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self._mail.host)

    def read(self, size: int) -> bytes:
        """
        :raises SourceError: where the server announces more than a message may have.
        """
        if size > self._mail.max_message_bytes + ROOM:
            raise SourceError(f"the mail server sends {size:,} bytes at once, which is more than was asked for")
        return super().read(size)


@contextmanager
def open_mailbox(source_name: str, mail: Mail, read_secret: SecretReader) -> Iterator[imaplib.IMAP4]:
    """A signed-in connection, closed at the end.

    :raises SourceError: where the host is refused, or the sign-in.
    :raises ConfigError: where a secret is missing, naming it.
    :raises MailFault: where the connection fails.
    """
    username, password = read_secret(mail.username), read_secret(mail.password)
    port = mail.port if "port" in mail.model_fields_set else None
    hosts = Hosts(source_name, frozenset({(mail.host.lower(), port)}))
    scheme = "http" if mail.encryption == "none" else "https"
    try:
        connection = _Bounded(mail, hosts.address(Origin(scheme, mail.host.lower(), mail.port)))
        try:
            _sign_in(source_name, connection, mail, username, password)
            yield connection
        finally:
            connection.shutdown()
    except (imaplib.IMAP4.abort, OSError) as error:
        raise MailFault(type(error).__name__) from None


def _sign_in(source_name: str, connection: imaplib.IMAP4, mail: Mail, username: str, password: str) -> None:
    if mail.encryption == "starttls":
        connection.starttls(ssl.create_default_context())
    try:
        connection.login(username, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise SourceError(
            f"source {source_name}: {mail.host} refused the sign-in; are user and (app) password right, is IMAP "
            "switched on?"
        ) from None
