"""Mastodon: hashtag timeline, mentions, one status.

As in Mastodon's API documentation ("timelines", "notifications", "statuses", "Rate limits"): an array, newest first;
the Link header leads on with max_id; ids grow with the time; content is HTML; edited_at is null until a status is
edited; a status that was deleted is not found; 429 tells the end of the period in X-RateLimit-Reset, no Retry-After.
"""

from tests.vendors.posts import Post, SocialVendor
from tests.vendors.server import Answer, Asked

TOKEN = "social-secret-1"


class Mastodon(SocialVendor):
    """A server on which people write about #tarnlink and to @tarnlink."""

    name = "mastodon"
    credentials = f"MASTODON_TOKEN={TOKEN}"
    pages = ("/api/v1/timelines/", "/api/v1/notifications")

    def is_allowed(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {self.secret}"

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/api/v1/timelines/tag/tarnlink":
            return self._page(asked, [(status_id(post), self._status(post)) for post in self.timeline.newest_first()])
        if asked.path == "/api/v1/notifications" and asked.query.get("types[]") == "mention":
            return self._page(asked, [(status_id(post), self._mention(post)) for post in self.timeline.newest_first()])
        if asked.path.startswith("/api/v1/statuses/"):
            wanted = asked.path.rpartition("/")[2]
            found = [self._status(post) for post in self.timeline.newest_first() if str(status_id(post)) == wanted]
            return Answer(found[0]) if found else Answer({"error": "Record not found"}, 404)
        return Answer({"error": "Not found"}, 404)

    def _page(self, asked: Asked, known: list[tuple[int, dict]]) -> Answer:
        below = int(asked.query.get("max_id", 1 << 63))
        later = [(number, each) for number, each in known if number < below]
        if self.repeat_page and "max_id" in asked.query:
            later, self.repeat_page = [(number, each) for number, each in known if number >= below], False
        page = later[: min(self.page_size, int(asked.query.get("limit", 20)))]
        headers = {}
        if len(later) > len(page) or (page and page[-1][0] >= below):
            query = "".join(
                f"&{name}={value}" for name, value in asked.query.items() if name not in ("max_id", "limit")
            )
            following = f"{self.url}{asked.path}?limit={self.page_size}&max_id={page[-1][0]}{query}"
            headers["Link"] = f'<{following}>; rel="next", <{self.url}{asked.path}?min_id={page[0][0]}>; rel="prev"'
        return Answer([each for _, each in page], headers=headers)

    def _status(self, post: Post) -> dict:
        fields = {
            "id": str(status_id(post)),
            "created_at": self.timeline.iso(post.at),
            "edited_at": self.timeline.iso(post.edited_at),
            "in_reply_to_id": None,
            "visibility": "public",
            "language": "en",
            "url": f"https://social.example/@{post.author}/{status_id(post)}",
            "content": f'<p>{post.words} <a href="https://social.example/tags/tarnlink">#<span>tarnlink</span></a></p>',
            "account": {"id": f"9{post.author}", "acct": post.author, "bot": False},
            "tags": [{"name": "tarnlink"}],
        }
        return self.timeline.told(fields)

    def _mention(self, post: Post) -> dict:
        status = self._status(post)
        fields = {
            "id": str(status_id(post)),
            "type": "mention",
            "created_at": self.timeline.iso(post.at),
            "account": {"id": f"9{post.author}", "acct": post.author},
        }
        return {**self.timeline.told(fields), "status": status}


def status_id(post: Post) -> int:
    """Milliseconds since 1970, then 16 bits."""
    return (post.at * 1000 << 16) + post.number
