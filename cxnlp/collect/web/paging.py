"""From page to page: dlt's paginators, as a pipeline file names them."""

from collections.abc import Callable

import requests
from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    HeaderCursorPaginator,
    HeaderLinkPaginator,
    JSONLinkPaginator,
    JSONResponseCursorPaginator,
    OffsetPaginator,
    PageNumberPaginator,
    SinglePagePaginator,
)

from cxnlp.collect.web.bodies import value_at
from cxnlp.web_settings import PAGE, Paginator

BUILDERS: dict[str, Callable[[Paginator], BasePaginator]] = {
    "single_page": lambda settings: SinglePagePaginator(),
    "json_link": lambda settings: JSONLinkPaginator(next_url_path=settings.path or "next"),
    "header_link": lambda settings: HeaderLinkPaginator(links_next_key=settings.path or "next"),
    "cursor": lambda settings: JSONResponseCursorPaginator(
        cursor_path=settings.path or "", cursor_param=settings.field, cursor_body_path=settings.body_path
    ),
    "header_cursor": lambda settings: HeaderCursorPaginator(
        cursor_key=settings.path or "", cursor_param=settings.field or "cursor"
    ),
    "offset": lambda settings: OffsetPaginator(
        limit=settings.limit or 100,
        offset_param=settings.field or "offset",
        limit_param=settings.limit_field or "limit",
        total_path=settings.total_path,
    ),
    "page_number": lambda settings: PageNumberPaginator(
        base_page=settings.first_page, page_param=settings.field or "page", total_path=settings.total_path
    ),
    "page_in_path": lambda settings: PathPaginator(settings.first_page, settings.last_page),
}


def build_paginator(settings: Paginator) -> BasePaginator:
    """A paginator for one walk through the pages."""
    paginator = BUILDERS[settings.kind](settings)
    if settings.end_path or settings.more_path:
        return FlaggedPaginator(paginator, settings.end_path, settings.more_path)
    return paginator


class FlaggedPaginator(BasePaginator):
    """A paginator that ends where the page says so, though it names a next page all the same."""

    def __init__(self, inner: BasePaginator, end_path: str | None, more_path: str | None) -> None:
        super().__init__()
        self._inner = inner
        self._end_path = end_path
        self._more_path = more_path
        self._is_ended = False

    @property
    def has_next_page(self) -> bool:
        return self._inner.has_next_page and not self._is_ended

    def init_request(self, request: requests.Request) -> None:
        self._inner.init_request(request)

    def update_state(self, response: requests.Response, data: list[object] | None = None) -> None:
        self._inner.update_state(response, data)
        body = response.json()
        says_end = self._end_path is not None and bool(value_at(body, self._end_path))
        says_no_more = self._more_path is not None and not value_at(body, self._more_path)
        self._is_ended = says_end or says_no_more

    def update_request(self, request: requests.Request) -> None:
        if self.has_next_page:
            self._inner.update_request(request)


class PathPaginator(BasePaginator):
    """A paginator that counts in the path, where {page} stands; an empty page or the last one ends it."""

    def __init__(self, first_page: int, last_page: int | None) -> None:
        super().__init__()
        self._number = first_page
        self._last_page = last_page
        self._pattern = ""

    def init_request(self, request: requests.Request) -> None:
        self._pattern = str(request.url)
        self.update_request(request)

    def update_state(self, response: requests.Response, data: list[object] | None = None) -> None:
        self._has_next_page = bool(data) and self._number != self._last_page
        self._number += 1

    def update_request(self, request: requests.Request) -> None:
        request.url = self._pattern.replace(PAGE, str(self._number))
