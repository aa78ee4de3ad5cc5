"""Half characters, which JSON can write and no table can hold."""

import json
import re
from typing import TypeVar

Json = TypeVar("Json")
SURROGATE_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def holds_surrogates(json_text: str) -> bool:
    """Whether a JSON text writes half a character."""
    return SURROGATE.search(json_text) is not None and SURROGATE.search(SURROGATE_PAIR.sub("", json_text)) is not None


def without_surrogates(found: Json) -> Json:
    """The same with U+FFFD in place of half characters."""
    text = json.dumps(found, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(text)
