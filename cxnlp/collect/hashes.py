"""Hashes that say whether a record changed."""

import json
from collections.abc import Sequence
from hashlib import sha256

CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str)


def canonical(values: Sequence[object]) -> str:
    """Values as JSON that is the same for the same content, whatever the order of keys in it."""
    return CANONICAL.encode(values)


def raw_hash(mapping: str, canonical_values: str) -> str:
    """SHA-256 of a record's mapped values and of the mapping that reads them, 64 hex digits."""
    return sha256(f"{mapping}\n{canonical_values}".encode()).hexdigest()


def content_id(canonical_values: str) -> str:
    """An id for a record whose source gives none: 16 hex digits of its content."""
    return sha256(canonical_values.encode()).hexdigest()[:16]
