"""Dotted paths into nested records."""

from cxnlp.collect.rows import Row, Wanted


def select(record: Row, wanted: Wanted) -> Row:
    """The row with the mapped paths only."""
    return Row(record.position, {path: at_path(record.fields, path) for path in wanted.paths})


def at_path(fields: dict[str, object], path: str) -> object:
    """Value at a dotted path; None where there is none. A key that holds the dots itself comes first.

    A number is an entry of a list: comments.0.text.
    """
    if path in fields or "." not in path:
        return fields.get(path)
    value: object = fields
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif _is_entry(value, step):
            value = value[int(step)]  # type: ignore[index]
        else:
            return None
    return value


def has_path(fields: dict[str, object], path: str) -> bool:
    """Whether the record knows the path at all, null or not."""
    if path in fields:
        return True
    *parents, last = path.split(".")
    parent = at_path(fields, ".".join(parents)) if parents else fields
    return (isinstance(parent, dict) and last in parent) or _is_entry(parent, last)


def _is_entry(value: object, step: str) -> bool:
    return isinstance(value, list) and step.isascii() and step.isdecimal() and int(step) < len(value)
