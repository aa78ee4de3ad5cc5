"""Keyed hashes: what joins rows of one customer without saying who it is."""

import hmac
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cxnlp.errors import ConfigError

MIN_KEY_CHARACTERS = 16


@dataclass(frozen=True)
class Pseudonyms:
    """Hashes ids with HMAC-SHA256 under one secret key (RFC 2104)."""

    key: bytes = field(repr=False)

    def customer_key(self, customer_id: str) -> str:
        """Keyed hash of a customer id, 32 hex digits; the same id always gives the same hash under one key."""
        return hmac.new(self.key, f"customer:{customer_id.strip()}".encode(), sha256).hexdigest()[:32]


def load_pseudonyms(variable: str) -> Pseudonyms:
    """The key from the environment, or from the file `.env` of the folder the run is started in.

    :raises ConfigError: where the variable is not set or too short to be a secret.
    """
    key = os.environ.get(variable) or _from_env_file(Path(".env"), variable)
    if len(key) < MIN_KEY_CHARACTERS:
        state = "is not set" if not key else f"has {len(key)} characters"
        raise ConfigError(
            f"environment variable {variable} {state}: it keys the hashes of customer ids and needs at least "
            f"{MIN_KEY_CHARACTERS} characters; `cxnlp init` writes a random one into .env"
        )
    return Pseudonyms(key.encode())


def _from_env_file(path: Path, variable: str) -> str:
    if not path.is_file():
        return ""
    pairs = (line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}.get(variable, "")
