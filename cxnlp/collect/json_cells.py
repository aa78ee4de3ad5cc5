"""JSON as cells hold it: read without surprises, written the same way for the same content."""

import json


def _no_number(_: str) -> None:
    """NaN and Infinity, which JSON does not know but exports write, are nulls."""


DECODER = json.JSONDecoder(parse_constant=_no_number)
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def read_json(text: str) -> object:
    """What a JSON text says; NaN and Infinity are nulls.

    :raises ValueError: where it is not JSON.
    :raises RecursionError: where it is nested too deeply to be read.
    """
    return DECODER.decode(text)


def write_json(value: object) -> str:
    """JSON with sorted keys and words as they are."""
    return ENCODER.encode(value)
