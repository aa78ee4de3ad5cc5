"""Dotted paths into nested records."""

from cxnlp.collect.rows import Row, Wanted


def select(record: Row, wanted: Wanted) -> Row:
    """The row with the mapped paths only."""
    return Row(record.position, {path: at_path(record.fields, path) for path in wanted.paths})


def at_path(fields: dict[str, object], path: str) -> object:
    """Value at a dotted path; None where there is none. A key that holds the dots itself comes first."""
    if path in fields or "." not in path:
        return fields.get(path)
    value: object = fields
    for step in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def has_path(fields: dict[str, object], path: str) -> bool:
    """Whether the record knows the path at all, null or not."""
    if path in fields:
        return True
    *parents, last = path.split(".")
    parent = at_path(fields, ".".join(parents)) if parents else fields
    return isinstance(parent, dict) and last in parent
