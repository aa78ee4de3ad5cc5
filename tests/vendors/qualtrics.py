"""Qualtrics: the asynchronous export of a survey's responses.

As in Qualtrics' developer documentation, "Response Export API": the token stands in X-API-TOKEN; a POST names a
progressId with status inProgress; asked for, the progress names a fileId once its status is complete (or says failed);
the file is a zip with one JSON file, whose responses hold a responseId, values and labels; with
sortByLastModifiedDate, startDate goes by the time of the last change. A single response is asked for by its id, one
that was deleted is not found.
"""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.vendors.server import Answer, Asked, Vendor

TOKEN = "qx-secret-1"
SURVEY = "SV_YOURSURVEY"
EXPORTS = f"/API/v3/surveys/{SURVEY}/export-responses"
RESPONSES = f"/API/v3/surveys/{SURVEY}/responses/"


@dataclass
class Response:
    """One person's answers."""

    number: int
    recorded_at: int
    score: int
    why: str | None
    customer_id: str = ""
    status: int = 0
    modified_at: int = 0


@dataclass
class Export:
    """An export under way: what it was asked for, and how often it will still say that it is not ready."""

    since: float
    questions_left: int
    limit: int | None


class Qualtrics(Vendor):
    """A survey with the responses that a test puts in.

    :ivar failing: exports that end as failed.
    :ivar twice: whether a file holds each response twice.
    """

    name = "qualtrics"
    credentials = f"QUALTRICS_TOKEN={TOKEN}"
    pages = (EXPORTS,)

    def __init__(self) -> None:
        super().__init__()
        self.responses: dict[int, Response] = {}
        self.exports: dict[str, Export] = {}
        self.token = TOKEN
        self.failing = 0
        self.twice = False
        self.clock_skew = 0
        self.renamed: dict[str, str] = {}
        self.members = 1
        self.damaged = False

    def put(self, response: Response) -> None:
        """A new response, or what became of one."""
        response.modified_at = max(response.modified_at, response.recorded_at)
        self.responses[response.number] = response

    def is_allowed(self, asked: Asked) -> bool:
        return asked.headers.get("x-api-token") == self.token

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith(RESPONSES):
            return self._one(asked.path[len(RESPONSES) :])
        if not asked.path.startswith(EXPORTS):
            return _told({}, 404, "404 - Not Found")
        steps = asked.path[len(EXPORTS) :].strip("/").split("/")
        if asked.method == "POST":
            return self._start(asked)
        if steps[-1] == "file" and steps[0].startswith("file-") and steps[0][5:] in self.exports:
            return self._file(self.exports[steps[0][5:]])
        if steps[0] in self.exports:
            return self._progress(steps[0])
        return _told({}, 404, "404 - Not Found")

    def _start(self, asked: Asked) -> Answer:
        wanted = asked.json()
        if wanted.get("format") != "json" or not wanted.get("sortByLastModifiedDate"):
            return _told({}, 400, "400 - Bad Request")
        try:
            since = datetime.strptime(wanted["startDate"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
        except (KeyError, ValueError):
            return _told({}, 400, "400 - Bad Request")
        progress_id = f"ES_{len(self.exports) + 1:04}"
        self.exports[progress_id] = Export(since, questions_left=2, limit=wanted.get("limit"))
        return _told({"progressId": progress_id, "percentComplete": 0.0, "status": "inProgress"})

    def _progress(self, progress_id: str) -> Answer:
        export = self.exports[progress_id]
        if export.questions_left:
            export.questions_left -= 1
            return _told({"percentComplete": 40.0, "status": "inProgress"})
        if self.failing:
            self.failing -= 1
            return _told({"fileId": None, "percentComplete": 100.0, "status": "failed"})
        return _told({"fileId": f"file-{progress_id}", "percentComplete": 100.0, "status": "complete"})

    def _file(self, export: Export) -> Answer:
        found = [self._response(each) for each in self.responses.values() if each.modified_at >= export.since]
        known = found[: export.limit]
        body = {self.renamed.get("responses", "responses"): known * 2 if self.twice else known}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(self.members):
                archive.writestr(f"Contract survey {number}.json", json.dumps(body))
        content = packed.getvalue()
        return Answer(
            content[: len(content) // 2] if self.damaged else content, 200, {"Content-Type": "application/zip"}
        )

    def _one(self, response_id: str) -> Answer:
        known = {f"R_{number:03}": response for number, response in self.responses.items()}
        if response_id not in known:
            return _told({}, 404, "404 - Not Found")
        return _told(self._response(known[response_id]))

    def _response(self, response: Response) -> dict:
        at = datetime.fromtimestamp(response.recorded_at + self.clock_skew, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        values = {
            "startDate": at,
            "endDate": at,
            "status": response.status,
            "progress": 100,
            "duration": 31,
            "finished": 1,
            "recordedDate": at,
            "_recordId": f"R_{response.number:03}",
            "distributionChannel": "email",
            "userLanguage": "EN",
            "QID1": response.score,
            "customer_id": response.customer_id,
            "plan": "gold",
            **({"QID2_TEXT": response.why} if response.why is not None else {}),
        }
        told = {
            "responseId": f"R_{response.number:03}",
            "values": {self.renamed.get(name, name): value for name, value in values.items()},
            "labels": {"status": "IP Address", "finished": "True"},
            "displayedFields": ["QID1", "QID2_TEXT"],
            "displayedValues": {"QID1": list(range(11))},
        }
        return {self.renamed.get(name, name): value for name, value in told.items()}


def _told(result: dict, status: int = 200, words: str = "200 - OK") -> Answer:
    return Answer({"result": result, "meta": {"requestId": "27c54e41", "httpStatus": words}}, status)
