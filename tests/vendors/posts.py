"""Posts of a social network, which vendors tell of in their own fields."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.vendors.server import Vendor


@dataclass
class Post:
    """One post.

    :ivar at: seconds since 1970.
    :ivar edited_at: the same; None where it never was edited.
    """

    number: int
    author: str
    words: str
    at: int
    edited_at: int | None = None
    is_deleted: bool = False


@dataclass
class Timeline:
    """Posts by number.

    :ivar clock_skew: seconds by which the vendor's clock is ahead.
    :ivar renamed: fields that have another name since yesterday.
    """

    posts: dict[int, Post] = field(default_factory=dict)
    clock_skew: int = 0
    renamed: dict[str, str] = field(default_factory=dict)

    def put(self, post: Post) -> None:
        """A new post."""
        self.posts[post.number] = post

    def edit(self, number: int, words: str, at: int) -> None:
        """Other words for a post."""
        self.posts[number].words, self.posts[number].edited_at = words, at

    def delete(self, number: int) -> None:
        """Take a post away, as its author does."""
        self.posts[number].is_deleted = True

    def newest_first(self) -> list[Post]:
        """Posts that are there, as timelines tell of them."""
        there = [post for post in self.posts.values() if not post.is_deleted]
        return sorted(there, key=lambda post: (post.at, post.number), reverse=True)

    def iso(self, at: int | None) -> str | None:
        """A time as APIs write it."""
        if at is None:
            return None
        return datetime.fromtimestamp(at + self.clock_skew, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def told(self, fields: dict) -> dict:
        """An object of the API with today's names of its fields."""
        return {self.renamed.get(name, name): value for name, value in fields.items()}


class SocialVendor(Vendor):
    """A network with the posts that a test puts in; `page_size` of them are on a page at most.

    :ivar repeat_page: whether the next page but the first is that before it once more.
    """

    def __init__(self, page_size: int = 3) -> None:
        super().__init__()
        self.timeline = Timeline()
        self.page_size = page_size
        self.repeat_page = False
        self.secret = self.password

    password = "social-secret-1"
    has_edits = True
