"""Reddit: a token for id and secret, listings of a subreddit's posts and comments.

As in Reddit's API documentation and its OAuth2 wiki page: the token request bears id and secret in its header and
grant_type=client_credentials; listings are newest first, at most 100 things a page and 1,000 in all; `after` names the
last thing, null at the end; times are seconds since 1970; edited is false or a time; what its author deleted is
left out of listings and told by api/info with the author [deleted].
"""

from tests.vendors.posts import Post, SocialVendor
from tests.vendors.server import Answer, Asked

CLIENT = "tarnlink-app"
SECRET = "social-secret-1"
MAX_LISTED = 1_000


class Reddit(SocialVendor):
    """A subreddit about Tarnlink."""

    name = "reddit"
    credentials = f"REDDIT_CLIENT_ID={CLIENT} REDDIT_CLIENT_SECRET={SECRET}"
    pages = ("/r/",)

    def __init__(self, page_size: int = 3) -> None:
        super().__init__(page_size)
        self.tokens = 0

    def expire(self) -> None:
        self.tokens += 1

    def is_allowed(self, asked: Asked) -> bool:
        if asked.path == "/api/v1/access_token":
            return asked.basic == f"{CLIENT}:{self.secret}"
        return asked.headers.get("authorization") == f"Bearer {self.tokens}"

    def answer(self, asked: Asked) -> Answer:
        if not asked.headers.get("user-agent", "").startswith("cxnlp:"):
            return Answer({"message": "Too Many Requests", "error": 429}, 429)  # unnamed clients are held off
        if asked.path == "/api/v1/access_token":
            return self._token(asked)
        if asked.path == "/r/tarnlink/new":
            return self._listing(asked, [self._thing(post, "t3") for post in self.timeline.newest_first()])
        if asked.path == "/r/tarnlink/comments":
            return self._listing(asked, [self._thing(post, "t1") for post in self.timeline.newest_first()])
        if asked.path == "/api/info":
            kind, _, number = asked.query["id"].partition("_")
            return self._answer_listing([self._thing(self.timeline.posts[int(number, 36)], kind)], None)
        return Answer({"message": "Not Found", "error": 404}, 404)

    def _token(self, asked: Asked) -> Answer:
        if asked.body != b"grant_type=client_credentials":
            return Answer({"error": "unsupported_grant_type"})
        self.tokens += 1
        return Answer({"access_token": str(self.tokens), "token_type": "bearer", "expires_in": 86_400, "scope": "*"})

    def _listing(self, asked: Asked, known: list[dict]) -> Answer:
        names = [each["data"].get("name") for each in known]
        begin = names.index(asked.query["after"]) + 1 if "after" in asked.query else 0
        if self.repeat_page and begin:
            begin, self.repeat_page = begin - self.page_size, False
        limit = min(self.page_size, int(asked.query.get("limit", 25)))
        page = known[begin:MAX_LISTED][:limit]
        is_last = begin + len(page) >= min(len(known), MAX_LISTED)
        return self._answer_listing(page, None if is_last else page[-1]["data"].get("name"))

    def _answer_listing(self, children: list[dict], after: str | None) -> Answer:
        data = {self.timeline.renamed.get("children", "children"): children, "after": after, "before": None}
        return Answer({"kind": "Listing", "data": {**data, "dist": len(children)}})

    def _thing(self, post: Post, kind: str) -> dict:
        words = "[deleted]" if post.is_deleted else post.words
        at = post.edited_at
        fields = {
            "name": f"{kind}_{base36(post.number)}",
            "id": base36(post.number),
            "subreddit": "tarnlink",
            "author": "[deleted]" if post.is_deleted else post.author,
            "author_fullname": None if post.is_deleted else f"t2_{post.author}",
            "created_utc": float(post.at + self.timeline.clock_skew),
            "edited": False if at is None else float(at + self.timeline.clock_skew),
            "score": 3,
            **({"title": "Tarnlink", "selftext": words, "num_comments": 0} if kind == "t3" else {"body": words}),
        }
        return {"kind": kind, "data": self.timeline.told(fields)}


def base36(number: int) -> str:
    """A number as Reddit's ids write it."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"
