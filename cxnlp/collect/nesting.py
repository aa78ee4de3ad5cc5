"""How deeply JSON is nested: deeper than any export means it is refused before it is worked on."""

MAX_DEPTH = 64


def is_too_deep(value: object) -> bool:
    """Whether lists and objects stand more than 64 levels within each other."""
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inner(outer)]
        if not level:
            return False
    return True


def _inner(value: object) -> list[object]:
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [inner for inner in values if isinstance(inner, dict | list)]
