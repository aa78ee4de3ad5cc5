"""App Store: the feed of an app's customer reviews.

As the feed gives them (no documentation of Apple's describes its fields; these are the ones it bears): the page's
number stands in the path; ten pages of at most 50 reviews, a later one answers 400; every value is an object with a
label; a page without reviews has no entry at all, one with a single review an entry that is no list; an edited review
keeps its id and comes first again.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from tests.vendors.server import Answer, Asked, Vendor

PATH = re.compile(r"/gb/rss/customerreviews/page=(\d+)/id=YOURAPP/sortby=mostrecent/json")
LAST_PAGE = 10
CUPERTINO = timezone(timedelta(hours=-7))


@dataclass
class Review:
    """One review."""

    number: int
    at: int
    stars: int
    title: str
    text: str


class AppStore(Vendor):
    """An app with the reviews that a test puts in.

    :ivar tells_app: whether the first page begins with the app itself, as older feeds do.
    """

    name = "app_store"
    pages = ("/gb/",)

    def __init__(self, page_size: int = 3) -> None:
        super().__init__()
        self.page_size = page_size
        self.reviews: dict[int, Review] = {}
        self.renamed: dict[str, str] = {}
        self.tells_app = False
        self.repeat_page = False
        self.clock_skew = 0

    def put(self, review: Review) -> None:
        """A new review, or an edited one."""
        self.reviews[review.number] = review

    def answer(self, asked: Asked) -> Answer:
        found = PATH.fullmatch(asked.path)
        if not found:
            return Answer(b"Not found", 404, {"Content-Type": "text/plain"})
        number = int(found[1])
        if not 1 <= number <= LAST_PAGE:
            return Answer(b"CustomerReviews RSS page depth is limited to 10", 400, {"Content-Type": "text/plain"})
        if number > 1 and self.repeat_page:
            number, self.repeat_page = number - 1, False
        newest = sorted(self.reviews.values(), key=lambda review: review.at, reverse=True)
        entries = [self._entry(review) for review in newest[(number - 1) * self.page_size : number * self.page_size]]
        if self.tells_app and number == 1:
            entries.insert(0, _app())
        feed = {
            "author": {"name": {"label": "iTunes Store"}, "uri": {"label": "http://www.apple.com/uk/itunes/"}},
            "updated": {"label": "2026-05-24T01:02:03-07:00"},
            "title": {"label": "iTunes Store: Customer Reviews"},
            "id": {"label": f"https://itunes.apple.com{asked.path}"},
            **({self.renamed.get("entry", "entry"): entries[0] if len(entries) == 1 else entries} if entries else {}),
        }
        return Answer({"feed": feed})

    def _entry(self, review: Review) -> dict:
        at = datetime.fromtimestamp(review.at + self.clock_skew, UTC).astimezone(CUPERTINO).isoformat()
        told = {
            "author": {
                "uri": {"label": f"https://itunes.apple.com/gb/reviews/id{900 + review.number}"},
                "name": {"label": f"reader{review.number}"},
                "label": "",
            },
            "updated": {"label": at},
            "im:rating": {"label": str(review.stars)},
            "im:version": {"label": "7.2.1"},
            "id": {"label": str(11_000_000_000 + review.number)},
            "title": {"label": review.title},
            "content": {"label": review.text, "attributes": {"type": "text"}},
            "link": {"attributes": {"rel": "related", "href": "https://itunes.apple.com/gb/review?id=1"}},
            "im:voteSum": {"label": "0"},
            "im:contentType": {"attributes": {"term": "Application", "label": "Application"}},
            "im:voteCount": {"label": "0"},
        }
        return {self.renamed.get(name, name): value for name, value in told.items()}


def _app() -> dict:
    return {
        "im:name": {"label": "Tarnlink"},
        "title": {"label": "Tarnlink - Tarnlink Ltd"},
        "id": {"label": "https://apps.apple.com/gb/app/tarnlink/id1", "attributes": {"im:id": "1"}},
        "im:releaseDate": {"label": "2019-03-01T00:00:00-07:00"},
    }
