"""Pages of an API: records with the objects that belong to them, and the cursor after each page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import requests

from cxnlp.collect.deleted import says_deleted
from cxnlp.collect.paths import at_path, has_path
from cxnlp.collect.web.bodies import leaves_out, list_at, plain_names
from cxnlp.collect.web.keyed import key_lists
from cxnlp.collect.web.points import Point
from cxnlp.collect.web.qualtrics import export_bodies, one_response
from cxnlp.environment import SecretReader
from cxnlp.errors import SourceError, nearest
from cxnlp.web_settings import Api, Deleted, Detail, Join, Recheck

if TYPE_CHECKING:
    from dlt.sources.helpers.rest_client.client import RESTClient

Record = dict[str, object]
GONE = frozenset({404, 410})
MAX_DETAILS = 20_000
MAX_REPEATS = 3  # a page may come twice; one that leads to itself has no end
FIELD = re.compile(r"\{([\w.]+)\}")


@dataclass(frozen=True)
class Page:
    """Records of one page.

    :ivar cursor: where a later pull may go on once these records are committed; None where it may not yet.
    """

    records: list[Record]
    cursor: str | None


def read_pages(source_name: str, api: Api, read_secret: SecretReader, point: Point) -> Iterator[Page]:
    """Walk through the pages of an API.

    :raises SourceError: where the API cannot be reached, refuses, or answers something else.
    :raises ConfigError: where a secret is missing, naming it.
    """
    from cxnlp.collect.web.client import open_client, told

    with told(source_name):
        client = open_client(source_name, api, read_secret)
        for walk in (api, *(api.model_copy(update={"params": {**api.params, **more}}) for more in api.also)):
            yield from _walk(source_name, walk, client, point)
        yield Page([], point.value)


def _walk(source_name: str, api: Api, client: "RESTClient", point: Point) -> Iterator[Page]:
    """Pages of one walk, with what belongs to their records."""
    for body in _bodies(source_name, api, client, point):
        records = _records(source_name, body, api)
        _join(source_name, records, body, api.joins)
        key_lists(records, api.keyed)
        point.move(body, records)
        is_passed = point.is_passed_by(records)
        for detail in api.details:
            records = _add_details(source_name, detail, client, records)
        yield Page(records, point.value if _moves_by_page(api) else None)
        if is_passed:
            break


def _moves_by_page(api: Api) -> bool:
    """Whether the cursor may move with every page: what comes later is newer, and there is no other walk."""
    return api.cursor is not None and not api.also and (api.cursor.from_page is not None or api.cursor.ascending)


def still_there(
    source_name: str,
    api: Api,
    read_secret: SecretReader,
    recheck: Recheck,
    source_ids: Sequence[str],
    deleted: Deleted | None = None,
) -> dict[str, bool]:
    """Whether records can still be asked for, by id.

    :param deleted: what a record says that is there only to tell of its deletion.
    :raises SourceError: where the API answers neither that they are there nor that they are gone.
    """
    from cxnlp.collect.web.client import open_client, told

    with told(source_name), ThreadPoolExecutor(max_workers=4) as pool:
        client = open_client(source_name, api, read_secret)

        def ask(source_id: str) -> bool:
            response = client.get(recheck.path.replace("{source_id}", quote(source_id, safe="")))
            if response.status_code in GONE:
                return False
            response.raise_for_status()
            found = list_at(source_name, response.json(), recheck.records) if recheck.records else []
            return recheck.records is None or any(_is_living(record, deleted) for record in found)

        return dict(zip(source_ids, pool.map(ask, source_ids), strict=True))


def _is_living(record: object, deleted: Deleted | None) -> bool:
    if not isinstance(record, dict):
        return False
    return deleted is None or not says_deleted(at_path(record, deleted.column), deleted)


def first_page(source_name: str, api: Api, read_secret: SecretReader, point: Point) -> int:
    """Ask for one page, to see whether the API answers; returns the records on it.

    :raises SourceError: where it does not.
    :raises ConfigError: where a secret is missing, naming it.
    """
    from cxnlp.collect.web.client import open_client, told

    with told(source_name):
        api = one_response(api) if api.exchange == "qualtrics" else api
        bodies = _bodies(source_name, api, open_client(source_name, api, read_secret), point)
        return len(_records(source_name, next(iter(bodies)), api))


def _bodies(source_name: str, api: Api, client: "RESTClient", point: Point) -> Iterator[object]:
    """Bodies of the pages in their order, so many as the bounds allow."""
    from cxnlp.collect.web.paging import build_paginator

    asked = point.ask(api.params, api.body)
    if api.exchange is not None:
        yield from export_bodies(source_name, api, client, asked)
        return
    times_named: Counter[str] = Counter()
    for number, page in enumerate(
        client.paginate(
            api.path,
            method=api.method,
            params=asked.params,
            json=asked.body,
            paginator=build_paginator(api.paginator),
            data_selector=api.records,
        ),
        start=1,
    ):
        yield page.response.json()
        following = repr((page.request.url, page.request.params, page.request.json))
        times_named[following] += 1
        if page.paginator.has_next_page and times_named[following] > MAX_REPEATS:
            raise SourceError(f"source {source_name}: page {number} leads back to one before; is `paginator` right?")
        if page.paginator.has_next_page and number >= api.bounds.pages:
            raise SourceError(
                f"source {source_name}: more than {number:,} pages (bounds.pages); what was committed stays"
            )


def _records(source_name: str, body: object, api: Api) -> list[Record]:
    if api.records_left_out and leaves_out(body, api.records):
        return []
    return [record for record in list_at(source_name, body, api.records) if isinstance(record, dict)]


def _join(source_name: str, records: list[Record], body: object, joins: tuple[Join, ...]) -> None:
    """Put the objects that the page carries into the records that name them."""
    for join in joins:
        if not isinstance(body, dict) or not has_path(body, join.list):
            continue
        objects = [each for each in list_at(source_name, body, join.list) if isinstance(each, dict)]
        by_key = {str(each.get(join.key)): each for each in objects}
        for record in records:
            found = by_key.get(str(at_path(record, join.of)))
            if found is not None:
                record.setdefault(join.into, found)


def _add_details(source_name: str, detail: Detail, client: "RESTClient", records: list[Record]) -> list[Record]:
    """The records with what one more request for each of them gives.

    A record that is gone when it is asked about is left out: it was deleted since, which a later pull tells.
    """

    def ask(record: Record) -> list[object] | None:
        return _detail(source_name, detail, client, record)

    with ThreadPoolExecutor(max_workers=detail.at_once) as pool:
        found = list(pool.map(ask, records))
    return [{**record, detail.into: each} for record, each in zip(records, found, strict=True) if each is not None]


def _detail(source_name: str, detail: Detail, client: "RESTClient", record: Record) -> list[object] | None:
    from cxnlp.collect.web.paging import build_paginator

    if detail.unless is not None and says_deleted(at_path(record, detail.unless.column), detail.unless):
        return []
    path = FIELD.sub(lambda field: quote(_named(source_name, record, field[1]), safe=""), detail.path)
    paginator = build_paginator(detail.paginator)
    taken: list[object] = []
    try:
        for page in client.paginate(
            path, params=dict(detail.params), paginator=paginator, data_selector=detail.records
        ):
            body = page.response.json()
            found = list_at(source_name, body, detail.records)
            _join(source_name, [each for each in found if isinstance(each, dict)], body, detail.joins)
            taken += found
            if len(taken) > MAX_DETAILS:
                raise SourceError(f"source {source_name}: more than {MAX_DETAILS:,} entries at {detail.path}")
    except requests.HTTPError as error:
        if error.response is not None and error.response.status_code in GONE:
            return None
        raise
    return taken


def _named(source_name: str, record: Record, field: str) -> str:
    """A field of a record that a request names it by."""
    value = at_path(record, field)
    if value is None:
        raise SourceError(
            f"source {source_name}: missing_column: no {field!r} in a record; {nearest(field, plain_names(record))}"
        )
    return str(value)
