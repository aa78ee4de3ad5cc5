"""Ids seen: in a file the same id with other content is a fault, in an API it is a change."""

from dataclasses import dataclass, field
from typing import Protocol

from cxnlp.collect.hashes import content_id
from cxnlp.collect.rows import BadCell


class Ids(Protocol):
    """What is known of the ids read so far."""

    def is_repeat(self, source_id: str, hashed: str, column: str) -> bool: ...

    def refuse_repeat(self, source_id: str, hashed: str, column: str) -> None: ...

    def made_from(self, canonical_values: str) -> str: ...


class ChangingIds:
    """Ids of a source that gives a record again when it changed: a known id is no fault, the later version holds."""

    def is_repeat(self, source_id: str, hashed: str, column: str) -> bool:
        """Never: whether the record is known is for the lake to say."""
        return False

    def refuse_repeat(self, source_id: str, hashed: str, column: str) -> None:
        """Nothing is refused."""

    def made_from(self, canonical_values: str) -> str:
        """An id made from the record's content."""
        return content_id(canonical_values)


@dataclass
class SeenIds:
    """Remembers the ids of one file and what stood under them."""

    _hash_by_id: dict[str, str] = field(default_factory=dict)
    _count_by_content: dict[str, int] = field(default_factory=dict)

    def is_repeat(self, source_id: str, hashed: str, column: str) -> bool:
        """Whether the id was seen with this very content; it is remembered.

        :raises BadCell: where it was seen with other content.
        """
        before = self._hash_by_id.setdefault(source_id, hashed)
        if before != hashed:
            raise BadCell("duplicate_id", f"{column} stands in the file before, with other content; the first is kept")
        return before is not hashed

    def refuse_repeat(self, source_id: str, hashed: str, column: str) -> None:
        """Remember an id that may stand in the file only once.

        :raises BadCell: where it was seen, with this content or other.
        """
        if self.is_repeat(source_id, hashed, column):
            raise BadCell("repeated_record", f"the same record, by {column}, stands in the file before")

    def made_from(self, canonical_values: str) -> str:
        """An id for a record whose source gives none; the second of equal records ends in -2, the third in -3."""
        made = content_id(canonical_values)
        count = self._count_by_content[made] = self._count_by_content.get(made, 0) + 1
        return made if count == 1 else f"{made}-{count}"
