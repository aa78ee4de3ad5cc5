"""Intercom: conversations searched by their last change, and each conversation with its parts.

As in Intercom's API reference, "Search conversations" and "Retrieve a conversation" (version 2.11): a POST whose query
names field, operator and value; at most 150 a page; pages.next.starting_after goes into pagination.starting_after and
is left out on the last page; times are unix seconds; parts come only with the single conversation, and
display_as=plaintext takes the markup off; a deleted conversation is listed no more and not found.
"""

from dataclasses import dataclass, field

from tests.vendors.server import Answer, Asked, Vendor

TOKEN = "ic-secret-1"


@dataclass
class Conversation:
    """One conversation."""

    id: str
    customer: str
    words: str
    created_at: int
    updated_at: int
    state: str = "open"
    reopens: int = 0
    assignments: int = 1
    opened_by: str = "user"
    parts: list[dict] = field(default_factory=list)


class Intercom(Vendor):
    """A workspace with the conversations that a test puts in."""

    name = "intercom"
    credentials = f"INTERCOM_TOKEN={TOKEN}"
    pages = ("/conversations/search",)

    def __init__(self, page_size: int = 3) -> None:
        super().__init__()
        self.conversations: dict[str, Conversation] = {}
        self.page_size = page_size
        self.token = TOKEN
        self.renamed: dict[str, str] = {}
        self.repeat_page = False
        self.clock_skew = 0

    def put(self, conversation: Conversation) -> None:
        """A new conversation."""
        self.conversations[conversation.id] = conversation

    def say(self, conversation_id: str, who: str, words: str, at: int, part_type: str = "comment") -> None:
        """Add a part."""
        conversation = self.conversations[conversation_id]
        conversation.updated_at = at
        conversation.parts.append(
            {
                "type": "conversation_part",
                "id": str(at),
                "part_type": part_type,
                "body": words,
                "created_at": at,
                "updated_at": at,
                "author": {"type": who, "id": "274", "name": "Somebody"},
                "attachments": [],
                "redacted": False,
            }
        )

    def redact(self, conversation_id: str, number: int, at: int) -> None:
        """Blank a part's words, as Intercom does on request."""
        conversation = self.conversations[conversation_id]
        conversation.parts[number] |= {"body": "<i>This message was deleted</i>", "redacted": True}
        conversation.updated_at = at

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation: it is not found any more."""
        del self.conversations[conversation_id]

    def is_allowed(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {self.token}"

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/conversations/search" and asked.method == "POST":
            return self._search(asked.json())
        conversation = self.conversations.get(asked.path.removeprefix("/conversations/"))
        if conversation is None:
            return Answer({"type": "error.list", "errors": [{"code": "not_found"}]}, 404)
        parts = {"type": "conversation_part.list", "conversation_parts": self._parts(conversation)}
        return Answer({**self._told(conversation), "conversation_parts": parts})

    def _search(self, query: dict) -> Answer:
        condition = query["query"]["value"][0]
        since = int(condition["value"]) - self.clock_skew
        if condition["field"] != "updated_at" or condition["operator"] != ">":
            return Answer({"type": "error.list", "errors": [{"code": "parameter_invalid"}]}, 400)
        found = [each for each in self.conversations.values() if each.updated_at > since]
        found.sort(key=lambda each: (each.updated_at, each.id))
        begin = int(query.get("pagination", {}).get("starting_after") or 0)
        end = begin + self.page_size
        pages: dict[str, object] = {"type": "pages", "page": 1, "per_page": self.page_size, "total_pages": 9}
        if self.repeat_page and begin:
            self.repeat_page = False
            begin, end = begin - self.page_size, begin
        if end < len(found):
            pages["next"] = {"per_page": self.page_size, "starting_after": str(end)}
        shown = [self._told(each) for each in found[begin:end]]
        body = {"type": "conversation.list", "pages": pages, "total_count": len(found), "conversations": shown}
        return Answer({self.renamed.get(name, name): value for name, value in body.items()})

    def _told(self, conversation: Conversation) -> dict:
        told = {
            "type": "conversation",
            "id": conversation.id,
            "created_at": conversation.created_at + self.clock_skew,
            "updated_at": conversation.updated_at + self.clock_skew,
            "source": {
                "type": "conversation",
                "id": f"s{conversation.id}",
                "delivered_as": "customer_initiated",
                "subject": "",
                "body": conversation.words,
                "author": {"type": conversation.opened_by, "id": conversation.customer, "email": "a@example.com"},
            },
            "contacts": {
                "type": "contact.list",
                "contacts": [{"type": "contact", "id": "c1", "external_id": conversation.customer}],
            },
            "open": conversation.state == "open",
            "state": conversation.state,
            "priority": "not_priority",
            "statistics": {
                "type": "conversation_statistics",
                "count_reopens": conversation.reopens,
                "count_assignments": conversation.assignments,
            },
            "tags": {"type": "tag.list", "tags": []},
        }
        return {self.renamed.get(name, name): value for name, value in told.items()}

    def _parts(self, conversation: Conversation) -> list[dict]:
        skew = self.clock_skew
        return [{**part, "created_at": part["created_at"] + skew} for part in conversation.parts]
