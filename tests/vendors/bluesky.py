"""Bluesky: sign-in with an app password, search of posts, mentions.

As in the lexicons com.atproto.server.createSession, app.bsky.feed.searchPosts, app.bsky.feed.getPosts and
app.bsky.notification.listNotifications: a token (accessJwt) for identifier and password, told to be expired with status
400 and the error ExpiredToken; posts newest first; a cursor in each page but the last; at most 100 a page; a post that
was deleted is left out of getPosts; the words of a post cannot be changed.
"""

from datetime import datetime

from tests.vendors.posts import Post, SocialVendor
from tests.vendors.server import Answer, Asked

HANDLE = "tarnlink.example"
PASSWORD = "social-secret-1"
COLLECTION = "app.bsky.feed.post"


class Bluesky(SocialVendor):
    """A server on which people write about Tarnlink and to it."""

    name = "bluesky"
    credentials = f"BLUESKY_HANDLE={HANDLE} BLUESKY_APP_PASSWORD={PASSWORD}"
    pages = ("/xrpc/app.bsky.feed.searchPosts", "/xrpc/app.bsky.notification.")
    has_edits = False

    def __init__(self, page_size: int = 3) -> None:
        super().__init__(page_size)
        self.sessions = 0

    def expire(self) -> None:
        self.sessions += 1

    def is_allowed(self, asked: Asked) -> bool:
        return True  # told in `answer`: with status 400 where a token has expired

    def answer(self, asked: Asked) -> Answer:
        method = asked.path.removeprefix("/xrpc/")
        if method == "com.atproto.server.createSession":
            return self._sign_in(asked.json())
        if asked.headers.get("authorization") != f"Bearer jwt-{self.sessions}":
            return Answer({"error": "ExpiredToken", "message": "Token has expired"}, 400)
        if method == "app.bsky.feed.searchPosts":
            return self._search(asked)
        if method == "app.bsky.notification.listNotifications":
            return self._page(asked, "notifications", [self._mention(post) for post in self.timeline.newest_first()])
        if method == "app.bsky.feed.getPosts":
            there = [self._view(post) for post in self.timeline.newest_first()]
            return Answer({"posts": [view for view in there if view.get("uri") == asked.query["uris"]]})
        return Answer({"error": "MethodNotImplemented"}, 501)

    def _sign_in(self, body: dict) -> Answer:
        if body != {"identifier": HANDLE, "password": self.secret}:
            return Answer({"error": "AuthenticationRequired", "message": "Invalid identifier or password"}, 401)
        self.sessions += 1
        token = f"jwt-{self.sessions}"
        return Answer({"accessJwt": token, "refreshJwt": "r", "handle": HANDLE, "did": "did:plc:tarnlink"})

    def _search(self, asked: Asked) -> Answer:
        if asked.query.get("q") != "tarnlink" or asked.query.get("sort") != "latest":
            return Answer({"error": "InvalidRequest"}, 400)
        since = datetime.fromisoformat(asked.query["since"]).timestamp()
        there = [post for post in self.timeline.newest_first() if post.at + self.timeline.clock_skew >= since]
        return self._page(asked, "posts", [self._view(post) for post in there], {"hitsTotal": len(there)})

    def _page(self, asked: Asked, field: str, known: list[dict], more: dict | None = None) -> Answer:
        begin = int(asked.query.get("cursor", 0))
        if self.repeat_page and begin:
            begin, self.repeat_page = begin - self.page_size, False
        page = known[begin : begin + min(self.page_size, int(asked.query.get("limit", 25)))]
        end = begin + len(page)
        cursor = {"cursor": str(end)} if end < len(known) else {}
        return Answer({self.timeline.renamed.get(field, field): page, **cursor, **(more or {})})

    def _view(self, post: Post) -> dict:
        fields = {
            "uri": f"at://did:plc:{post.author}/{COLLECTION}/3k{post.number}",
            "cid": f"bafy{post.number}",
            "author": {"did": f"did:plc:{post.author}", "handle": f"{post.author}.example"},
            "record": self._record(post),
            "replyCount": 0,
            "likeCount": 0,
            "indexedAt": self.timeline.iso(post.at),
            "labels": [],
        }
        return self.timeline.told(fields)

    def _mention(self, post: Post) -> dict:
        view = self._view(post)
        return {name: view[name] for name in view if not name.endswith("Count")} | {
            "reason": "mention",
            "isRead": False,
        }

    def _record(self, post: Post) -> dict:
        return {"$type": COLLECTION, "text": post.words, "createdAt": self.timeline.iso(post.at), "langs": ["en"]}
