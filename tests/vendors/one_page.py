"""A vendor of whom nothing is known but one page of its documentation: it gives that page, then an empty one."""

from copy import deepcopy

from tests.vendors.server import Answer, Asked, Vendor

TOKEN = "a-token-of-an-hour"


class OnePage(Vendor):
    """Gives one example response to whoever asks for its path, and a token to whoever asks for one.

    :param path: of the API, as `base_url` and `path` of the source make it.
    :param page: the example.
    :param records: dotted path of the records in it.
    """

    name = "one_page"

    def __init__(self, path: str, page: dict, records: str) -> None:
        super().__init__()
        self.path = path
        self.page = page
        self.records = records

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            return Answer({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600})
        if asked.path != self.path:
            return Answer({"message": "no such path"}, 404)
        is_first = sum(each.path == self.path for each in self.asked) == 1
        return Answer(self.page if is_first else self._emptied())

    def _emptied(self) -> dict:
        page = deepcopy(self.page)
        *parents, last = self.records.split(".")
        around = page
        for step in parents:
            around = around[step]
        around[last] = []
        return page
