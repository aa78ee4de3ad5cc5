"""Typeform: responses of one form.

As in Typeform's developer documentation, "Retrieve responses": a bearer token; page_size up to 1,000; since and until
by submission, inclusive, in UTC to the second; before and after are tokens, exclusive; included_response_ids asks for
some responses only; the newest comes first; each answer names its field's id, type and ref and holds its value under
its own type; items of an empty page are an empty list.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from tests.vendors.server import Answer, Asked, Vendor

TOKEN = "tfp_secret_1"
FORM = "YOURFORM"
NOT_A_TIME = Answer({"code": "VALIDATION_ERROR", "description": "since is not a time"}, 400)


@dataclass
class Response:
    """One person's answers."""

    number: int
    submitted_at: int
    score: int
    why: str | None
    customer_id: str = ""


class Typeform(Vendor):
    """A form with the responses that a test puts in."""

    name = "typeform"
    credentials = f"TYPEFORM_TOKEN={TOKEN}"
    pages = (f"/forms/{FORM}/",)

    def __init__(self, page_size: int = 3) -> None:
        super().__init__()
        self.page_size = page_size
        self.responses: dict[int, Response] = {}
        self.token = TOKEN
        self.renamed: dict[str, str] = {}
        self.repeat_page = False
        self.clock_skew = 0
        self._last_page: list[Response] = []

    def put(self, response: Response) -> None:
        """A new response, or what became of one."""
        self.responses[response.number] = response

    def is_allowed(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {self.token}"

    def answer(self, asked: Asked) -> Answer:
        if asked.path != f"/forms/{FORM}/responses":
            return Answer({"code": "FORM_NOT_FOUND", "description": "Form not found"}, 404)
        try:
            since = datetime.strptime(asked.query.get("since", "1970-01-01T00:00:00"), "%Y-%m-%dT%H:%M:%S")
        except ValueError:
            return NOT_A_TIME
        known = [r for r in self.responses.values() if r.submitted_at >= since.replace(tzinfo=UTC).timestamp()]
        if "included_response_ids" in asked.query:
            wanted = asked.query["included_response_ids"].split(",")
            known = [response for response in known if _token(response) in wanted]
        known.sort(key=lambda response: response.submitted_at, reverse=True)
        page = self._page(known, asked)
        body = {
            "total_items": len(known),
            "page_count": -(-len(known) // self.page_size),
            "items": [self._item(response) for response in page],
        }
        return Answer({self.renamed.get(name, name): value for name, value in body.items()})

    def _page(self, known: list[Response], asked: Asked) -> list[Response]:
        size = min(int(asked.query.get("page_size", 25)), self.page_size)
        before = asked.query.get("before")
        if before and self.repeat_page:
            self.repeat_page = False
            return self._last_page
        if before:
            places = [place for place, response in enumerate(known) if _token(response) == before]
            known = known[places[0] + 1 :] if places else []
        self._last_page = known[:size]
        return self._last_page

    def _item(self, response: Response) -> dict:
        at = datetime.fromtimestamp(response.submitted_at + self.clock_skew, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        answers: list[dict] = [
            {
                "field": {"id": "hVONkQcnSNRj", "ref": "recommend", "type": "opinion_scale"},
                "type": "number",
                "number": response.score,
            }
        ]
        if response.why is not None:
            answers.append(
                {
                    "field": {"id": "RUqkXSeXBXSd", "ref": "why", "type": "long_text"},
                    "type": "text",
                    "text": response.why,
                }
            )
        told = {
            "landing_id": _token(response),
            "token": _token(response),
            "response_id": _token(response),
            "response_type": "completed",
            "landed_at": at,
            "submitted_at": at,
            "metadata": {"platform": "mobile", "referer": "https://tarnlink.example", "browser": "default"},
            "hidden": {"customer_id": response.customer_id, "plan": "gold"},
            "calculated": {"score": 0},
            "answers": answers,
        }
        return {self.renamed.get(name, name): value for name, value in told.items()}


def _token(response: Response) -> str:
    return f"21085286190ffad1248d17c4135ee56{response.number:03}"
