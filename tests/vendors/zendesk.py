"""Zendesk Support: incremental ticket export by cursor, side-loaded users and metric sets, comments of a ticket.

As in Zendesk's API reference, "Incremental Exports" and "Ticket Comments": the first request names start_time, later
ones the cursor; the page names after_cursor and after_url even where end_of_stream is true; a ticket comes again when
it changes, a deleted one with status deleted; the comments of a deleted ticket are not found; merging closes a ticket
with the tag closed_by_merge; at most 1,000 tickets a page.
"""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.vendors.server import Answer, Asked, Vendor

USERNAME = "reader@tarnlink.example/token"
PASSWORD = "zd-secret-1"
AGENT = 9001


@dataclass
class Ticket:
    """One ticket and its history."""

    id: int
    requester_id: int
    subject: str
    created_at: int
    updated_at: int
    comments: list[dict]
    status: str = "open"
    tags: list[str] = field(default_factory=list)
    reopens: int = 0
    group_stations: int = 1
    channel: str = "email"
    change: int = 0


class Zendesk(Vendor):
    """A help desk with the tickets that a test puts in."""

    name = "zendesk"
    credentials = f"ZENDESK_USER={USERNAME} ZENDESK_TOKEN={PASSWORD}"
    pages = ("/api/v2/incremental/",)

    def __init__(self, page_size: int = 3) -> None:
        super().__init__()
        self.tickets: dict[int, Ticket] = {}
        self.page_size = page_size
        self.changes = 0
        self.renamed: dict[str, str] = {}
        self.repeat_page = False
        self.password = PASSWORD
        self.clock_skew = 0
        self._ordered: list[Ticket] = []
        self._ordered_at = -1

    def put(self, ticket: Ticket) -> None:
        """A new ticket, or a change to one: it comes last in the export."""
        self.changes += 1
        ticket.change = self.changes
        self.tickets[ticket.id] = ticket

    def say(self, ticket_id: int, author_id: int, words: str, at: int, public: bool = True) -> None:
        """Add a comment."""
        ticket = self.tickets[ticket_id]
        ticket.comments.append(comment(author_id, words, at, public))
        ticket.updated_at = at
        self.put(ticket)

    def reopen(self, ticket_id: int, at: int) -> None:
        """Open a solved ticket again."""
        ticket = self.tickets[ticket_id]
        ticket.status, ticket.reopens, ticket.updated_at = "open", ticket.reopens + 1, at
        self.put(ticket)

    def merge(self, ticket_id: int, into: int, at: int) -> None:
        """Close a ticket into another, as agents do with doubles."""
        ticket = self.tickets[ticket_id]
        ticket.status, ticket.updated_at = "closed", at
        ticket.tags.append("closed_by_merge")
        self.say(ticket_id, AGENT, f"Closed and merged into request #{into}.", at, public=False)
        self.say(into, AGENT, f"Request #{ticket_id} was closed and merged into this one.", at, public=False)

    def delete(self, ticket_id: int, at: int) -> None:
        """Delete a ticket: the export tells so once more."""
        ticket = self.tickets[ticket_id]
        ticket.status, ticket.updated_at = "deleted", at
        self.put(ticket)

    def is_allowed(self, asked: Asked) -> bool:
        return asked.basic == f"{USERNAME}:{self.password}"

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/api/v2/incremental/tickets/cursor":
            return self._export(asked)
        if asked.path.startswith("/api/v2/tickets/") and asked.path.endswith("/comments"):
            return self._comments(int(asked.path.split("/")[4]))
        return Answer({"error": "InvalidEndpoint"}, 404)

    def _export(self, asked: Asked) -> Answer:
        if "cursor" in asked.query:
            after = int(base64.b64decode(asked.query["cursor"]))
            since = 0
        elif "start_time" in asked.query:
            after, since = 0, int(asked.query["start_time"])
        else:
            return Answer({"error": "start_time: is required"}, 400)
        known = self._changed_since(since)
        page = [ticket for ticket in known if ticket.change > after][: self.page_size]
        if self.repeat_page and after:
            page, self.repeat_page = [t for t in known if t.change <= after][-self.page_size :], False
            end = after
        else:
            end = page[-1].change if page else after
        cursor = base64.b64encode(str(end).encode()).decode()
        include = asked.query.get("include", "")
        body: dict[str, object] = {
            "tickets": [self._ticket(ticket) for ticket in page],
            "after_url": f"{self.url}/api/v2/incremental/tickets/cursor?cursor={cursor}&include={include}",
            "after_cursor": cursor,
            "before_url": None,
            "before_cursor": None,
            "end_of_stream": not any(ticket.change > end for ticket in known),
        }
        if "users" in include:
            body["users"] = [user(ticket.requester_id) for ticket in page]
        if "metric_sets" in include:
            body["metric_sets"] = [
                {"ticket_id": t.id, "reopens": t.reopens, "replies": 1, "group_stations": t.group_stations}
                for t in page
            ]
        return Answer({self.renamed.get(name, name): value for name, value in body.items()})

    def _changed_since(self, since: int) -> list[Ticket]:
        """Tickets in the order of their changes, which a dictionary of them does not keep."""
        if self._ordered_at != self.changes:
            self._ordered = sorted(self.tickets.values(), key=lambda ticket: ticket.change)
            self._ordered_at = self.changes
        return [ticket for ticket in self._ordered if ticket.updated_at >= since]

    def _ticket(self, ticket: Ticket) -> dict:
        words = ticket.comments[0]["plain_body"] if ticket.comments else ""
        told = {
            "id": ticket.id,
            "external_id": None,
            "via": {"channel": ticket.channel},
            "created_at": self._time(ticket.created_at),
            "updated_at": self._time(ticket.updated_at),
            "subject": ticket.subject,
            "description": words,
            "priority": "normal",
            "status": ticket.status,
            "requester_id": ticket.requester_id,
            "submitter_id": ticket.requester_id,
            "assignee_id": AGENT,
            "group_id": 71,
            "tags": ticket.tags,
            "custom_fields": [{"id": 27642, "value": "745"}],
            "satisfaction_rating": {"score": "unoffered"},
        }
        return {self.renamed.get(name, name): value for name, value in told.items()}

    def _comments(self, ticket_id: int) -> Answer:
        ticket = self.tickets.get(ticket_id)
        if ticket is None or ticket.status == "deleted":
            return Answer({"error": "RecordNotFound", "description": "Not found"}, 404)
        authors = sorted({entry["author_id"] for entry in ticket.comments})
        comments = [{**entry, "created_at": self._time(entry["created_at"])} for entry in ticket.comments]
        users = [user(author) for author in authors]
        return Answer({"comments": comments, "users": users, "meta": {"has_more": False}, "links": {"next": None}})

    def _time(self, at: int) -> str:
        return datetime.fromtimestamp(at + self.clock_skew, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def user(user_id: int) -> dict:
    """A user as the API tells of one: agents have the ids from 9,001 to 9,999 here."""
    role = "agent" if AGENT <= user_id <= 9_999 else "end-user"
    return {"id": user_id, "name": f"User {user_id}", "role": role, "external_id": f"C{user_id}", "time_zone": "London"}


def comment(author_id: int, words: str, at: int, public: bool = True) -> dict:
    """A comment as the API tells of one."""
    return {
        "id": at * 10 + author_id % 10,
        "type": "Comment",
        "author_id": author_id,
        "body": words,
        "html_body": f"<div class='zd-comment'>{words}</div>",
        "plain_body": words,
        "public": public,
        "attachments": [],
        "via": {"channel": "email"},
        "created_at": at,
    }
