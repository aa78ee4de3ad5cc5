"""Settings of privacy: join keys to keep as hashes, and how long feedback is kept."""

import re

from pydantic import Field, field_validator, model_validator

from cxnlp.strict import Name, Strict

MAX_PATTERN = 200
NESTED = re.compile(r"[+*}]\)[+*{]")  # a repetition of a repetition can take time that doubles with each character
BACK_REFERENCE = re.compile(r"\\[1-9]|\(\?P=")
LONGEST_RUN = re.compile(r"(?<!\\)[+*](?!\+)|\{\d*,\}")


def _checked_pattern(pattern: str) -> str:
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"a pattern has at most {MAX_PATTERN} characters")
    if NESTED.search(pattern) or BACK_REFERENCE.search(pattern) or LONGEST_RUN.search(pattern):
        raise ValueError(r"a pattern repeats with bounds only, such as \d{4,10}, and refers to nothing found before")
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    if compiled.match(""):
        raise ValueError("a pattern that matches nothing at all would match everywhere")
    return pattern


class JoinKey(Strict):
    """One kind of number by which feedback and events belong together; it is stored as a keyed hash only."""

    kind: Name = Field(description="order, invoice, ticket, contract, tracking, flight, campaign, ...")
    pattern: str = Field(
        description="Regular expression of the whole number as customers write it; case does not matter. A group named "
        "`number` is the key itself, where people leave out the letters before it."
    )
    bare: str | None = Field(default=None, description="The number without its letters; taken after a cue only.")
    cues: tuple[str, ...] = Field(default=(), description="Words that stand before a bare number, such as order.")

    @field_validator("pattern", "bare")
    @classmethod
    def _is_linear(cls, pattern: str | None) -> str | None:
        return None if pattern is None else _checked_pattern(pattern)

    @model_validator(mode="after")
    def _has_cues(self) -> "JoinKey":
        if self.bare and not self.cues:
            raise ValueError("a bare number is taken after a cue only: name the cues")
        return self


class Retention(Strict):
    """Days that feedback is kept, by kind of source; kept for good where not given."""

    survey: int | None = Field(default=None, gt=0)
    ticket: int | None = Field(default=None, gt=0)
    social: int | None = Field(default=None, gt=0)
    review: int | None = Field(default=None, gt=0)
    chat: int | None = Field(default=None, gt=0)
    call: int | None = Field(default=None, gt=0)
    note: int | None = Field(default=None, gt=0)

    def days(self) -> dict[str, int]:
        """Kind of source -> days, of the kinds that have an end."""
        return {kind: days for kind, days in self.model_dump().items() if days is not None}
