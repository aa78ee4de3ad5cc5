"""Settings of a source that is a mailbox, asked over IMAP."""

from datetime import date
from typing import Literal

from pydantic import Field

from cxnlp.strict import Strict
from cxnlp.web_settings import Secret


class Mail(Strict):
    """One folder of a mailbox; it is opened for reading only, no message is marked as seen."""

    host: str = Field(pattern=r"^[A-Za-z0-9.\-:]+$", description="Name of the IMAP server.")
    port: int = Field(
        default=993, gt=0, lt=65_536, description="Where it is given, the server may have a private address."
    )
    encryption: Literal["tls", "starttls", "none"] = Field(
        default="tls", description="none is for a server of a private address only."
    )
    username: Secret
    password: Secret
    folder: str = Field(default="INBOX", pattern=r'^[^"\\\r\n]+$')
    initial: date = Field(description="Messages that came in earlier are left out.")
    max_message_bytes: int = Field(default=5_000_000, gt=0, description="What is longer is read so far.")
    attempts: int = Field(default=5, ge=1, description="Connections without a message between them.")
    backoff_seconds: float = Field(default=1.0, ge=0, description="Wait before the second attempt; it doubles.")
    timeout_seconds: float = Field(default=60.0, gt=0, description="Without a byte from the server.")
