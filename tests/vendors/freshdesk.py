"""Freshdesk: tickets changed since a time, with requester and stats, the Link header, and conversations.

As in Freshdesk's API documentation, "List All Tickets" and "List All Conversations of a Ticket": basic authorisation
with the API key as user and any word as password; pages of at most 100, the next one in the Link header, which the
last page leaves out; tickets that were deleted come only with filter=deleted; conversations say incoming for the
customer's and private for notes; 429 carries Retry-After.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.vendors.server import Answer, Asked, Vendor

KEY = "fd-secret-1"
EMAIL, PORTAL, PHONE = 1, 2, 3


@dataclass
class Ticket:
    """One ticket and its conversation after the description."""

    id: int
    requester_id: int
    description: str
    created_at: int
    updated_at: int
    source: int = EMAIL
    status: int = 2
    deleted: bool = False
    conversations: list[dict] = field(default_factory=list)


class Freshdesk(Vendor):
    """A help desk with the tickets that a test puts in."""

    name = "freshdesk"
    credentials = f"FRESHDESK_KEY={KEY}"
    pages = ("/api/v2/tickets",)

    def __init__(self, page_size: int = 3) -> None:
        super().__init__()
        self.tickets: dict[int, Ticket] = {}
        self.page_size = page_size
        self.key = KEY
        self.renamed: dict[str, str] = {}
        self.repeat_page = False
        self.clock_skew = 0

    def put(self, ticket: Ticket) -> None:
        """A new ticket."""
        self.tickets[ticket.id] = ticket

    def say(self, ticket_id: int, words: str, at: int, incoming: bool, private: bool = False) -> None:
        """Add to the conversation."""
        ticket = self.tickets[ticket_id]
        ticket.updated_at = at
        ticket.conversations.append(
            {
                "id": at,
                "ticket_id": ticket_id,
                "body": f"<div>{words}</div>",
                "body_text": words,
                "incoming": incoming,
                "private": private,
                "user_id": ticket.requester_id if incoming else 5,
                "support_email": None,
                "source": 0,
                "created_at": at,
                "updated_at": at,
                "attachments": [],
            }
        )

    def delete(self, ticket_id: int, at: int) -> None:
        """Move a ticket to the trash."""
        ticket = self.tickets[ticket_id]
        ticket.deleted, ticket.updated_at = True, at

    def is_allowed(self, asked: Asked) -> bool:
        return asked.basic.split(":")[0] == self.key

    def answer(self, asked: Asked) -> Answer:
        parts = asked.path.strip("/").split("/")
        if parts[2:] == ["tickets"]:
            return self._tickets(asked)
        if len(parts) == 5 and parts[4] == "conversations":
            return self._conversations(asked, int(parts[3]))
        return Answer({"message": "not found"}, 404)

    def _tickets(self, asked: Asked) -> Answer:
        since = datetime.fromisoformat(asked.query["updated_since"]).timestamp() - self.clock_skew
        wanted = asked.query.get("filter") == "deleted"
        found = [t for t in self.tickets.values() if t.deleted == wanted and t.updated_at >= since]
        found.sort(key=lambda ticket: ticket.updated_at)
        return self._paged(asked, [self._ticket(ticket) for ticket in found], "")

    def _conversations(self, asked: Asked, ticket_id: int) -> Answer:
        ticket = self.tickets.get(ticket_id)
        if ticket is None or ticket.deleted:
            return Answer({"message": "not found"}, 404)
        entries = [{**entry, "created_at": self._time(entry["created_at"])} for entry in ticket.conversations]
        return self._paged(asked, entries, f"/{ticket_id}/conversations")

    def _paged(self, asked: Asked, entries: list[dict], path: str) -> Answer:
        number = int(asked.query.get("page", 1))
        shown = number
        if self.repeat_page and number == 2 and not path:
            shown, self.repeat_page = 1, False
        size = self.page_size
        is_more = number * size < len(entries) or shown != number
        query = "&".join(f"{name}={value}" for name, value in asked.query.items() if name != "page")
        following = f"{self.url}/api/v2/tickets{path}?{query}&page={number + (shown == number)}"
        headers = {"Link": f'<{following}>; rel="next"'} if is_more else {}
        return Answer(entries[(shown - 1) * size : shown * size], 200, headers)

    def _ticket(self, ticket: Ticket) -> dict:
        told = {
            "id": ticket.id,
            "subject": "Help",
            "description": f"<div>{ticket.description}</div>",
            "description_text": ticket.description,
            "status": ticket.status,
            "priority": 1,
            "source": ticket.source,
            "requester_id": ticket.requester_id,
            "requester": {"id": ticket.requester_id, "name": "A Person", "email": "a.person@example.com"},
            "responder_id": 5,
            "group_id": None,
            "tags": [],
            "custom_fields": {},
            "stats": {"reopened_at": None, "closed_at": None},
            "created_at": self._time(ticket.created_at),
            "updated_at": self._time(ticket.updated_at),
        }
        if ticket.deleted:
            told["deleted"] = True
        return {self.renamed.get(name, name): value for name, value in told.items()}

    def _time(self, at: int) -> str:
        return datetime.fromtimestamp(at + self.clock_skew, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
