"""Records of a dlt resource of one's own, which the pipeline file names and allows."""

from collections.abc import Iterator
from importlib import import_module

from cxnlp.collect.web.pages import Page
from cxnlp.collect.web.points import Point
from cxnlp.errors import SourceError
from cxnlp.web_settings import Resource

PAGE_RECORDS = 500


def read_resource(source_name: str, resource: Resource, point: Point) -> Iterator[Page]:
    """Iterate a dlt resource (or any function that yields objects or lists of them) directly; nothing is landed.

    :raises SourceError: where the function is not there or gives something else than objects.
    """
    module_name, function_name = resource.function.split(":")
    try:
        function = getattr(import_module(module_name), function_name)
    except (ImportError, AttributeError) as error:
        raise SourceError(
            f"source {source_name}: no function {resource.function}; is it on the Python path?"
        ) from error
    cursor = {"cursor": point.begin()} if resource.cursor is not None else {}
    held: list[dict[str, object]] = []
    for item in function(**resource.arguments, **cursor):
        for record in item if isinstance(item, list) else [item]:
            if not isinstance(record, dict):
                raise SourceError(
                    f"source {source_name}: {resource.function} gave a {type(record).__name__}, no object"
                )
            held.append(record)
        if len(held) >= PAGE_RECORDS:
            point.move({}, held)
            yield Page(held, point.value if resource.cursor is not None and resource.cursor.ascending else None)
            held = []
    point.move({}, held)
    yield Page(held, point.value)
