"""Each fault of the outside world ends in quarantine or one clear line; the rest of the night goes through."""

import gzip
import json

import pytest

from cxnlp.errors import CxnlpError, LakeError
from cxnlp.lake import Lake
from cxnlp.tables import DROPPED, FEEDBACK, ITEMS, QUARANTINE
from tests.flows.conftest import NIGHT
from tests.flows.plain import run_tasks

HEADER = "id,at,customer,region,score,comment\n"
GOOD = "g1,01/05/2026 10:00,C1,North,9,all good here\n"


def bad_file(inbox, name, content):
    (inbox / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def half_gzip():
    packed = gzip.compress(
        (HEADER + GOOD * 1 + "".join(f"t{n},01/05/2026 10:00,C1,N,9,row {n}\n" for n in range(9000))).encode()
    )
    return packed[: len(packed) // 2]


FAULTS = [
    (
        "missing column",
        "nps_bad.csv",
        "id,at,customer,region,score,coment\n" + GOOD,
        "missing_column",
        "did you mean 'coment'",
    ),
    (
        "wrong encoding",
        "nps_bad.csv",
        (HEADER + GOOD).encode() + "b1,01/05/2026 10:00,C1,N,9,caf\xe9\n".encode("latin-1"),
        "wrong_encoding",
        "",
    ),
    ("NUL bytes", "nps_bad.csv", HEADER + GOOD + "b1,01/05/2026 10:00,C1,N,9,a\0b\n", "nul_bytes", ""),
    (
        "20 MB in one field",
        "nps_bad.csv",
        HEADER + GOOD + "b1,01/05/2026 10:00,C1,N,9," + "word " * 4_000_000 + "\n",
        "field_too_long",
        "",
    ),
    ("date in the wrong format", "nps_bad.csv", HEADER + GOOD + "b1,2026-05-01,C1,N,9,x\n", "bad_date", "9999-99-99"),
    ("future date", "nps_bad.csv", HEADER + GOOD + "b1,01/05/2062 10:00,C1,N,9,x\n", "future_date", ""),
    ("one id, two texts", "nps_bad.csv", HEADER + GOOD + "g1,01/05/2026 10:00,C1,N,9,other\n", "duplicate_id", ""),
    ("empty file", "nps_bad.csv", "", "empty_file", ""),
]


@pytest.mark.parametrize(("name", "content", "reason", "detail"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_bad_file_or_record_is_quarantined_and_the_rest_goes_through(project, name, content, reason, detail):
    bad_file(project / "inbox", name, content)
    run_tasks("pipeline.yaml", NIGHT)
    lake = Lake(project / "data" / "lake")
    quarantined = lake.read(QUARANTINE).query("file == @name")
    assert set(quarantined["reason"]) == {reason}
    assert detail in quarantined["detail"].iloc[0]
    assert len(lake.read(ITEMS)) == 30 + ("g1" in set(lake.read(FEEDBACK)["source_id"]))


def test_a_truncated_gzip_keeps_the_rows_before_the_break(project):
    path = project / "pipeline.yaml"
    path.write_text(path.read_text().replace("inbox/nps_*.csv", "inbox/nps_*.csv*"))
    bad_file(project / "inbox", "nps_bad.csv.gz", half_gzip())
    run_tasks("pipeline.yaml", NIGHT)
    lake = Lake(project / "data" / "lake")
    assert lake.read(QUARANTINE).query("file == 'nps_bad.csv.gz'")["reason"].tolist() == ["truncated"]
    assert "t0" in set(lake.read(FEEDBACK)["source_id"])


def test_an_unknown_column_is_no_fault(project):
    bad_file(project / "inbox", "nps_more.csv", "extra," + HEADER + "1," + GOOD)
    run_tasks("pipeline.yaml", NIGHT)
    assert "nps-g1" in set(Lake(project / "data" / "lake").read(FEEDBACK)["item_id"])


def test_a_file_removed_between_listing_and_reading_is_told_and_read_when_it_is_back(project, monkeypatch):
    from cxnlp.collect.files import SourceFile
    from cxnlp.night import collecting

    gone = project / "inbox" / "nps_5.csv"
    content = gone.read_bytes()
    listed = collecting.list_files

    def list_then_lose(source, *rest):
        files: list[SourceFile] = listed(source, *rest)
        if source.name == "nps":
            gone.unlink()
        return files

    monkeypatch.setattr(collecting, "list_files", list_then_lose)
    run_tasks("pipeline.yaml", NIGHT)
    lake = Lake(project / "data" / "lake")
    assert lake.read(QUARANTINE).query("file == 'nps_5.csv'")["reason"].tolist() == ["file_unreadable"]
    monkeypatch.undo()
    monkeypatch.chdir(project)
    monkeypatch.setenv("CXNLP_KEY", "a key for tests only, not secret")
    gone.write_bytes(content)
    run_tasks("pipeline.yaml", NIGHT)
    assert len(lake.read(FEEDBACK)) == 30
    assert "file_unreadable" not in set(lake.read(QUARANTINE)["reason"])


def test_an_unknown_code_in_the_pipeline_file_is_one_line_before_anything_runs(project):
    path = project / "pipeline.yaml"
    path.write_text(path.read_text().replace("billing: B", "biling: B"))
    with pytest.raises(CxnlpError, match=r"no breakdown domain 'biling'; did you mean 'billing'\?"):
        run_tasks("pipeline.yaml", NIGHT)
    assert not (project / "data").exists()


def test_a_lake_that_cannot_be_written_is_one_line(project):
    (project / "data").mkdir()
    (project / "data" / "lake").write_text("a file where the folder should be")
    with pytest.raises(LakeError, match="core_customers") as told:
        run_tasks("pipeline.yaml", NIGHT)
    assert "\n" not in str(told.value)


def test_quarantine_and_drops_never_hold_the_words(project):
    secret = "my very own words"
    bad_file(
        project / "inbox",
        "nps_bad.csv",
        HEADER + f"b1,31/31/2026 10:00,C1,N,9,{secret}\nb2,01/05/2026 10:00,C1,N,99,{secret}\n",
    )
    (project / "inbox" / "chats.jsonl").write_text(json.dumps({"id": 1, "text": secret})[:-4] + "\n")
    run_tasks("pipeline.yaml", NIGHT)
    lake = Lake(project / "data" / "lake")
    told = lake.read(QUARANTINE).to_json() + lake.read(DROPPED).to_json()
    assert len(lake.read(QUARANTINE)) >= 3
    assert secret not in told
