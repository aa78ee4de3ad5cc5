import json
import threading
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from deltalake.exceptions import CommitFailedError

from cxnlp.errors import LakeError
from cxnlp.lake import Lake, content_hash
from cxnlp.tables import CURSORS, DROPPED, FEEDBACK, MENTIONS, Column


def cursors(*files, fingerprint="x", source="a"):
    rows = {"source": source, "file": list(files), "fingerprint": fingerprint, "record_count": 1, "night": "2026-05-24"}
    return CURSORS.typed(pd.DataFrame(rows))


def mentions(*rows):
    frame = pd.DataFrame(rows, columns=["item_id", "mention_no", "label_version"])
    return MENTIONS.typed(frame.assign(source="a", model="m", quote="q", quote_start=0, quote_end=1))


def keys(frame):
    return list(frame[["item_id", "mention_no", "label_version"]].itertuples(index=False, name=None))


def test_a_table_never_written_reads_as_empty_with_its_dtypes(lake):
    read = lake.read(FEEDBACK)
    assert len(read) == 0
    assert read["created_at"].dtype == "datetime64[us, UTC]"


def test_upsert_replaces_known_keys_and_adds_new_ones(lake):
    lake.upsert(CURSORS, cursors("f", "g"))
    lake.upsert(CURSORS, cursors("g", "h", fingerprint="y"))
    assert lake.read(CURSORS)[["file", "fingerprint"]].to_numpy().tolist() == [["f", "x"], ["g", "y"], ["h", "y"]]


def test_upsert_touches_its_own_partition_only_and_takes_hostile_names(lake):
    lake.upsert(CURSORS, cursors("it's \\ %", source="o'neil; drop"))
    lake.upsert(CURSORS, cursors("it's \\ %", source="b"))
    assert lake.read(CURSORS, where={"source": ["o'neil; drop"]})["file"].tolist() == ["it's \\ %"]


def test_replace_groups_leaves_exactly_the_given_rows_in_the_groups(lake):
    lake.upsert(MENTIONS, mentions(("i", 0, "v"), ("i", 1, "v"), ("i", 0, "w"), ("j", 0, "v")))
    groups = pd.DataFrame({"item_id": ["i", "k"], "label_version": ["v", "v"]})
    lake.replace_groups(MENTIONS, mentions(("i", 0, "v"), ("k", 0, "v")), groups)
    assert keys(lake.read(MENTIONS)) == [("i", 0, "v"), ("i", 0, "w"), ("j", 0, "v"), ("k", 0, "v")]


def test_a_group_without_rows_is_emptied_in_one_commit(lake):
    lake.upsert(MENTIONS, mentions(("i", 0, "v"), ("j", 0, "v")))
    before = lake.version(MENTIONS)
    lake.replace_groups(MENTIONS, MENTIONS.empty(), pd.DataFrame({"item_id": ["i"], "label_version": ["v"]}))
    assert keys(lake.read(MENTIONS)) == [("j", 0, "v")]
    assert lake.version(MENTIONS) == before + 1


def test_replace_all_writes_nothing_where_the_table_says_the_same(lake):
    lake.replace_all(CURSORS, cursors("f", "g"))
    before = lake.version(CURSORS)
    assert lake.replace_all(CURSORS, cursors("g", "f")) == 0
    assert lake.version(CURSORS) == before
    lake.replace_all(CURSORS, cursors("f"))
    assert lake.read(CURSORS)["file"].tolist() == ["f"]


def test_delete_removes_by_key(lake):
    lake.upsert(CURSORS, cursors("f", "g"))
    lake.delete(CURSORS, cursors("f")[["source", "file"]])
    assert lake.read(CURSORS)["file"].tolist() == ["g"]


def test_the_log_holds_no_values_but_those_of_keys(lake):
    row = pd.DataFrame({"item_id": ["a-1"], "source": "a", "text": "my secret", "is_analysed": True})
    lake.upsert(FEEDBACK, FEEDBACK.typed(row))
    lake.upsert(FEEDBACK, FEEDBACK.typed(row.assign(text="another secret")))
    log = "".join(path.read_text() for path in (lake.path / "core_feedback" / "_delta_log").glob("*.json"))
    assert "secret" not in log
    assert "a-1" in log  # the statistics of the key are there


def test_a_stale_writer_is_retried_and_no_update_is_lost(lake):
    lake.upsert(CURSORS, cursors("f"))
    threads = [
        threading.Thread(target=lambda n=n: Lake(lake.path).upsert(CURSORS, cursors(f"file-{n}"))) for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lake.read(CURSORS)["file"].tolist() == ["f", *(f"file-{n}" for n in range(6))]


def test_a_writer_that_always_loses_says_so(lake, monkeypatch):
    lake.upsert(CURSORS, cursors("f"))
    monkeypatch.setattr(Lake, "_put", _lose)
    monkeypatch.setattr("cxnlp.lake.wait_random_exponential", lambda **_: lambda _state: 0)
    with pytest.raises(LakeError, match="another writer kept winning; run again"):
        lake.upsert(CURSORS, cursors("g"))


def _lose(*_):
    raise CommitFailedError("concurrent transactions added new data")


def test_a_torn_log_is_named_and_never_a_silent_zero(lake):
    lake.upsert(CURSORS, cursors("f"))
    (lake.path / "cursors" / "_delta_log" / "00000000000000000000.json").write_text('{"metaData": {"id"')
    with pytest.raises(LakeError, match="cursors: cannot be read"):
        lake.read(CURSORS)


def test_a_lost_data_file_is_named(lake):
    lake.upsert(CURSORS, cursors("f"))
    next((lake.path / "cursors").rglob("*.parquet")).unlink()
    with pytest.raises(LakeError, match="cursors"):
        lake.read(CURSORS)


def test_a_folder_that_cannot_be_written_gives_one_line(tmp_path):
    (tmp_path / "lake").write_text("a file, not a folder")
    with pytest.raises(LakeError, match="is the folder writable") as caught:
        Lake(tmp_path / "lake").upsert(CURSORS, cursors("f"))
    assert "\n" not in str(caught.value)


def test_maintenance_compacts_removes_old_files_and_changes_no_row(lake):
    for n in range(5):
        lake.upsert(DROPPED, DROPPED.typed(pd.DataFrame({"source": ["a"], "position": [f"f:{n}"], "stage": "clean"})))
    before = content_hash(lake.read(DROPPED))
    lake.maintain(keep=timedelta(0))
    assert content_hash(lake.read(DROPPED)) == before
    assert len(list((lake.path / "core_dropped").rglob("*.parquet"))) <= 2  # one of data, one checkpoint


def test_content_hash_knows_rows_not_their_order():
    frame = cursors("f", "g")
    assert content_hash(frame) == content_hash(frame.iloc[::-1])
    assert content_hash(frame) != content_hash(frame.assign(fingerprint="z"))


def test_commits_say_which_table_they_wrote(lake):
    lake.upsert(CURSORS, cursors("f"))
    first = (lake.path / "cursors" / "_delta_log" / "00000000000000000000.json").read_text().splitlines()
    described = [json.loads(line)["metaData"] for line in first if "metaData" in line]
    assert described[0]["name"] == "cursors"


def test_a_table_of_an_earlier_version_gains_the_columns_that_came_since(lake):
    earlier = replace(CURSORS, columns=tuple(c for c in CURSORS.columns if c.name != "record_count"))
    lake.upsert(earlier, cursors("f").drop(columns="record_count"))
    later = replace(CURSORS, columns=(*earlier.columns, Column("note", "str", "A later column.")))
    assert lake.read(later)["note"].isna().tolist() == [True]
    lake.upsert(later, later.typed(cursors("g").assign(note="new")))
    assert lake.read(later)[["file", "note"]].fillna("").to_numpy().tolist() == [["f", ""], ["g", "new"]]
    lake.replace_all(later, later.typed(cursors("h").assign(note="all")))
    assert lake.read(later)["file"].tolist() == ["h"]
