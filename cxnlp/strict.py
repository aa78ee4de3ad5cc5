"""What all settings share: unknown keys are refused, and names, zones and encodings are checked."""

import codecs
import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict

NAME = re.compile(r"^[a-z][a-z0-9_]{0,63}$")


def _checked_name(name: str) -> str:
    if not NAME.match(name):
        raise ValueError("a name is lower-case letters, digits and underscores, beginning with a letter, at most 64")
    return name


def _checked_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"no IANA time zone {name!r}; one is Europe/London") from error
    return name


def _checked_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise ValueError(f"python knows no encoding {name!r}; utf-8, latin-1 and cp1252 are common") from error
    return name


Name = Annotated[str, AfterValidator(_checked_name)]
TimeZone = Annotated[str, AfterValidator(_checked_zone)]
Encoding = Annotated[str, AfterValidator(_checked_encoding)]


class Strict(BaseModel):
    """Base of all settings: unknown keys are refused, nothing can be changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)
