"""Keyed hashes: what joins rows of one customer, or a text and an order, without saying which.

A hash begins with the id of its key. A new key is applied over the old hash, because what was hashed is gone: with
keys 1 and 2 a hash is HMAC(key 2, HMAC(key 1, value)), so both keys are needed for good, and neither alone tells.
"""

import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cxnlp.errors import ConfigError

MIN_KEY_CHARACTERS = 16
KEYED = re.compile(r"k([0-9a-f]{8})-([0-9a-f]{32})")


@dataclass(frozen=True)
class Pseudonyms:
    """Hashes values with HMAC-SHA256 (RFC 2104) under a secret key, and under each later key on top of it."""

    key: bytes = field(repr=False)
    later_keys: tuple[bytes, ...] = field(default=(), repr=False)

    @cached_property
    def key_ids(self) -> tuple[str, ...]:
        """Ids of the keys, oldest first: 8 hex digits that do not tell the key."""
        chain = (self.key, *self.later_keys)
        return tuple(hmac.new(key, b"key id", sha256).hexdigest()[:8] for key in chain)

    @property
    def key_id(self) -> str:
        """Id of the key in use, the newest."""
        return self.key_ids[-1]

    def customer_key(self, customer_id: str) -> str:
        """Keyed hash of a customer id; the same id always gives the same hash under the same keys."""
        return self._hash(f"customer:{customer_id.strip()}")

    def key_hash(self, kind: str, value: str) -> str:
        """Keyed hash of a join key; one number as an order and as an invoice has two hashes."""
        return self._hash(f"{kind}:{value}")

    def renewed(self, hashed: str) -> str:
        """A stored hash under the newest key; unchanged where it is under it already.

        :raises ConfigError: where it was made under a key that is not known here.
        """
        found = KEYED.fullmatch(hashed)
        if found is None or found[1] not in self.key_ids:
            raise ConfigError(
                f"the lake holds hashes under key {found[1] if found else '(none)'}, and the environment has "
                f"{', '.join(self.key_ids)}; set the key the lake was written with"
            )
        return self._over(found[2], self.key_ids.index(found[1]) + 1)

    def _hash(self, value: str) -> str:
        return self._over(hmac.new(self.key, value.encode(), sha256).hexdigest()[:32], 1)

    def _over(self, hashed: str, n_applied: int) -> str:
        """Apply the keys after the first `n_applied` ones."""
        for key in self.later_keys[n_applied - 1 :]:
            hashed = hmac.new(key, hashed.encode(), sha256).hexdigest()[:32]
        return f"k{self.key_id}-{hashed}"


def key_id_of(hashed: str) -> str:
    """Id of the key that a hash was made with."""
    found = KEYED.fullmatch(hashed)
    if found is None:
        raise ValueError("not a keyed hash")
    return found[1]


def load_pseudonyms(variable: str) -> Pseudonyms:
    """The keys from the environment, or from the file `.env` of the folder the run is started in.

    :param variable: holds the first key; the same name with _2, _3, ... the keys that were applied over it.
    :raises ConfigError: where the variable is not set or a key is too short to be a secret.
    """
    known = {**_from_env_file(Path(".env")), **{name: key for name, key in os.environ.items() if key}}
    names = [variable]
    while f"{variable}_{len(names) + 1}" in known:
        names.append(f"{variable}_{len(names) + 1}")
    first, *later = (_checked(known.get(name, ""), name).encode() for name in names)
    return Pseudonyms(first, tuple(later))


def _checked(key: str, variable: str) -> str:
    if len(key) < MIN_KEY_CHARACTERS:
        state = "is not set" if not key else f"has {len(key)} characters"
        raise ConfigError(
            f"environment variable {variable} {state}: it keys the hashes of customer ids and needs at least "
            f"{MIN_KEY_CHARACTERS} characters; `cxnlp init` writes a random one into .env"
        )
    return key


def _from_env_file(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}
