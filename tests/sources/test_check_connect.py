"""`cxnlp check PIPELINE --connect`: one request a source, one line a source, no secret in it."""

import pytest
from typer.testing import CliRunner

from cxnlp.cli import app
from tests.sources.bench import ask_here, read_source, write_pipeline
from tests.vendors.filled import filled_zendesk
from tests.vendors.zendesk import PASSWORD, USERNAME


@pytest.fixture
def check(tmp_path):
    """Run the command on two sources, Zendesk and files that are not there."""
    gone = {"name": "gone", "files": "no_such_folder/*.csv", "format": "csv", "source_kind": "note"}
    gone["columns"] = {"source_id": "id", "text": "text"}
    with filled_zendesk(10).serving() as vendor:
        feedback = read_source("zendesk", ask_here(vendor.url, "/api/v2/"))["feedback"]
        path = write_pipeline(tmp_path, [*feedback, gone])
        yield lambda: (CliRunner().invoke(app, ["check", str(path), "--connect"]), vendor)


def test_every_source_is_asked_once_and_a_missing_one_is_told(check, monkeypatch):
    monkeypatch.setenv("ZENDESK_USER", USERNAME)
    monkeypatch.setenv("ZENDESK_TOKEN", PASSWORD)
    result, vendor = check()
    lines = result.stdout.splitlines()
    assert lines[1].startswith("ok    zendesk: http://127.0.0.1:")
    assert lines[1].endswith("incremental/tickets/cursor answered with 10 records")
    assert lines[2].startswith("fail  gone: no folder")
    assert (result.exit_code, len(vendor.asked)) == (1, 1)


@pytest.mark.parametrize(
    ("token", "told"),
    [(None, "environment variable ZENDESK_TOKEN is not set"), ("planted-wrong", "answered 401; is the credential")],
)
def test_a_missing_or_wrong_secret_is_named_and_not_shown(check, monkeypatch, token, told):
    monkeypatch.setenv("ZENDESK_USER", USERNAME)
    monkeypatch.delenv("ZENDESK_TOKEN", raising=False)
    if token:
        monkeypatch.setenv("ZENDESK_TOKEN", token)
    result, _ = check()
    assert told in result.stdout.splitlines()[1]
    assert "planted" not in result.output
    assert PASSWORD not in result.output
