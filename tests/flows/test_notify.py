"""A failed source or run is told through a Prefect block; that nobody can be told fails nothing."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.testing.utilities import prefect_test_harness

from cxnlp.errors import LakeError
from cxnlp.lake import Lake
from cxnlp.tables import RUNS
from flows.nightly import nightly
from flows.run import SourcesFailed
from tests.flows.conftest import NIGHT

BLOCK = "custom-webhook/on-call"


@pytest.fixture(scope="module", autouse=True)
def prefect():
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def posts():
    """Messages that a webhook on loopback received; the block that sends there is made."""
    received: list[dict[str, str]] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    block = CustomWebhookNotificationBlock(
        name="on-call",
        url=f"http://127.0.0.1:{server.server_port}/",
        json_data={"subject": "{{subject}}", "body": "{{body}}"},
    )
    block.save("on-call", overwrite=True)
    yield received
    server.shutdown()


def tell(project, block):
    path = project / "pipeline.yaml"
    path.write_text(path.read_text() + f"notify: {{block: {block}}}\n")


def test_a_failed_source_is_told_by_name_without_any_feedback(project, posts):
    tell(project, BLOCK)
    (project / "inbox" / "chats.jsonl").unlink()
    with pytest.raises(SourcesFailed):
        nightly("pipeline.yaml", NIGHT)
    assert [post["subject"] for post in posts] == [f"cxnlp nightly {NIGHT}: sources failed"]
    assert posts[0]["body"].endswith(": chats")


def test_a_failed_run_is_told_and_keeps_its_row(project, posts, monkeypatch):
    tell(project, BLOCK)
    monkeypatch.setattr("cxnlp.night.deriving.derive_traces", _disk_full)
    with pytest.raises(LakeError, match="disk full"):
        nightly("pipeline.yaml", NIGHT)
    assert [post["subject"] for post in posts] == [f"cxnlp nightly {NIGHT} failed"]
    assert Lake(project / "data" / "lake").read(RUNS)["status"].tolist() == ["failed"]


def _disk_full(*_):
    raise LakeError("disk full")


def test_a_block_that_is_not_there_fails_no_night(project):
    tell(project, "slack-webhook/nobody")
    (project / "inbox" / "chats.jsonl").unlink()
    with pytest.raises(SourcesFailed):
        nightly("pipeline.yaml", NIGHT)
    assert Lake(project / "data" / "lake").read(RUNS)["status"].tolist() == ["source_failed"]
