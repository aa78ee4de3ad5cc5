"""The command line as a person uses it: real processes, their output and exit codes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
COMMANDS = ("init", "check", "doctor", "run", "backfill", "label", "query", "export")


def cxnlp(*arguments, cwd=REPOSITORY, key="a key for tests only, not secret"):
    env = {**os.environ, "CXNLP_KEY": key, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "cxnlp.cli", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_help_imports_nothing_heavy():
    code = "import sys, cxnlp.cli; print([m for m in sys.argv[1:] if m in sys.modules])"
    heavy = ["torch", "transformers", "spacy", "prefect", "dlt", "pandas", "duckdb", "onnxruntime", "streamlit"]
    asked = subprocess.run(
        [sys.executable, "-c", code, *heavy], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_one_sentence_and_an_example(command):
    shown = cxnlp(command, "--help").stdout
    assert re.search(rf"Example: cxnlp {command} ", " ".join(shown.split())), shown


def test_an_unknown_command_or_option_is_a_usage_fault():
    assert cxnlp("rnu").returncode == 2
    assert cxnlp("run", "--nihgt", "2026-05-24").returncode == 2


def test_check_accepts_the_sample_and_tells_faults_with_exit_code_2(tmp_path):
    good = cxnlp("check", "pipelines/sample.yaml")
    assert (good.returncode, good.stdout.strip().endswith(", ok")) == (0, True), good.stderr
    bad = tmp_path / "bad.yaml"
    bad.write_text((REPOSITORY / "pipelines" / "sample.yaml").read_text().replace("time_zone:", "timezone:", 1))
    told = cxnlp("check", str(bad))
    assert told.returncode == 2
    assert "unknown key; did you mean 'time_zone'?" in told.stderr
    assert "Traceback" not in told.stderr


def test_init_writes_a_project_that_checks_and_a_second_init_keeps_it(tmp_path):
    first = cxnlp("init", str(tmp_path))
    assert first.returncode == 0
    key = (tmp_path / ".env").read_text()
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    again = cxnlp("init", str(tmp_path))
    assert {line.split()[0] for line in again.stdout.splitlines()} == {"kept"}
    assert (tmp_path / ".env").read_text() == key
    assert cxnlp("check", "pipelines/nightly.yaml", cwd=tmp_path).returncode == 0


def test_a_project_from_init_runs_unchanged_and_can_be_queried(tmp_path):
    cxnlp("init", str(tmp_path))
    env_free = {"cwd": tmp_path, "key": ""}
    night = cxnlp("run", "--night", "2026-05-24", **env_free)
    assert night.returncode == 0, night.stderr
    assert "report: data/reports/2026-05-24.html" in night.stdout
    asked = cxnlp("query", "select source_id, nps from current_items order by 1", "--format", "csv", **env_free)
    assert asked.stdout.splitlines() == ["source_id,nps", "1,9", "2,2", "3,6"]
    assert cxnlp("export", "current_items", "items.csv", **env_free).returncode == 0
    refused = cxnlp("query", "copy current_items to 'x.csv'", **env_free)
    assert (refused.returncode, (tmp_path / "x.csv").exists()) == (1, False)


def test_doctor_tells_what_is_missing_and_never_the_key(tmp_path):
    cxnlp("init", str(tmp_path))
    key = (tmp_path / ".env").read_text().split("=")[1].strip()
    well = cxnlp("doctor", "pipelines/nightly.yaml", cwd=tmp_path, key="")
    assert well.returncode == 0, well.stdout
    assert key not in well.stdout
    (tmp_path / ".env").unlink()
    ill = cxnlp("doctor", "pipelines/nightly.yaml", "--markdown", cwd=tmp_path, key="")
    assert ill.returncode == 1
    assert "| fail | environment variable CXNLP_KEY is not set" in ill.stdout


def test_a_missing_marts_file_is_one_line():
    told = cxnlp("query", "select 1", "--marts", "/nonexistent/marts.duckdb")
    assert told.returncode == 1
    assert len(told.stderr.strip().splitlines()) == 1


def test_run_without_a_key_is_a_configuration_fault(tmp_path):
    cxnlp("init", str(tmp_path))
    (tmp_path / ".env").unlink()
    told = cxnlp("run", cwd=tmp_path, key="")
    assert (told.returncode, "cxnlp init" in told.stderr) == (2, True)


def test_label_writes_the_guides_record_for_each_text_in_order(tmp_path):
    done = cxnlp("label", "data/sample/texts.jsonl", "--out", str(tmp_path / "out.jsonl"), "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [record["id"] for record in records] == [f"t{n}" for n in range(1, 13)]
    assert records[0]["breakdown"]["domain"] == "billing"
    assert {"sentiment", "sentiment_probability", "mentions", "demand", "demand_probability"} <= set(records[0])
