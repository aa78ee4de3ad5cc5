"""Lists in records made objects by what names their entries, so that a mapping can say which it means."""

from collections.abc import Iterable

from cxnlp.collect.paths import at_path, has_path
from cxnlp.web_settings import Keyed


def key_lists(records: Iterable[dict[str, object]], settings: tuple[Keyed, ...]) -> None:
    """Add the object of each list to each record that has the list; of entries of one name the first stays."""
    for keyed in settings:
        first_step = keyed.list.split(".")[0]
        for record in records:
            if has_path(record, first_step):
                record[keyed.into] = _by_key(_entries(record, keyed.list), keyed.key)


def _by_key(entries: list[object], key: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for entry in entries:
        name = at_path(entry, key) if isinstance(entry, dict) else None
        if isinstance(name, str | int):
            found.setdefault(str(name), entry)
    return found


def _entries(value: object, path: str) -> list[object]:
    """Entries of the list at a dotted path; a list on the way is gone through entry by entry."""
    found = [value]
    for step in path.split("."):
        inner = [each.get(step) for each in found if isinstance(each, dict)]
        found = [entry for each in inner for entry in (each if isinstance(each, list) else [each])]
    return found
