from pathlib import Path

import pytest

from cxnlp.collect.files import list_files
from cxnlp.collect.readers import read_rows
from cxnlp.collect.rows import Fault
from cxnlp.errors import SourceError

from .conftest import feedback_source

HEADER = b"id,text\n"


def inbox_of(root: Path, *names: str) -> None:
    for name in names:
        path = root / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(HEADER + name.encode() + b",fine\n")


def test_files_come_by_name_and_are_named_below_the_first_wildcard(tmp_path):
    inbox_of(tmp_path, "b/2.csv", "a/1.csv", "a/notes.txt", "b/10.csv")
    files = list_files(feedback_source(files="inbox/*/*.csv"), tmp_path)
    assert [file.name for file in files] == ["a/1.csv", "b/10.csv", "b/2.csv"]


def test_one_file_without_a_wildcard_is_found_outside_the_root(tmp_path):
    inbox_of(tmp_path, "1.csv")
    (file,) = list_files(feedback_source(files="../inbox/1.csv"), tmp_path / "project")
    assert file.name == "1.csv"


def test_a_folder_that_is_not_there_is_told_with_its_remedy(tmp_path):
    with pytest.raises(SourceError, match=r"source shop: no folder .*inbox.*create it, or mend the path"):
        list_files(feedback_source(), tmp_path)


def test_a_glob_that_matches_nothing_is_told_with_pattern_and_folder(tmp_path):
    inbox_of(tmp_path, "1.csv")
    with pytest.raises(SourceError, match=r"nothing in .*inbox matches '\*\.tsv'"):
        list_files(feedback_source(files="inbox/*.tsv"), tmp_path)


def test_a_folder_is_no_file(tmp_path):
    inbox_of(tmp_path, "a.csv/1.csv")
    with pytest.raises(SourceError, match="nothing in"):
        list_files(feedback_source(files="inbox/*.csv"), tmp_path)


def test_a_file_removed_between_listing_and_reading_is_one_fault(tmp_path):
    inbox_of(tmp_path, "1.csv", "2.csv")
    source = feedback_source(files="inbox/*.csv")
    first, second = list_files(source, tmp_path)
    (tmp_path / "inbox" / "1.csv").unlink()
    assert first.fingerprint("{}") == ""
    (fault,) = read_rows(first, source)
    assert isinstance(fault, Fault)
    assert (fault.position, fault.reason) == ("1.csv", "file_unreadable")
    assert len(list(read_rows(second, source))) == 1


def test_the_fingerprint_changes_with_the_bytes_and_with_the_mapping(tmp_path):
    inbox_of(tmp_path, "1.csv")
    (file,) = list_files(feedback_source(), tmp_path)
    before = file.fingerprint("{}")
    assert before == file.fingerprint("{}")
    assert before != file.fingerprint('{"text": "body"}')
    (tmp_path / "inbox" / "1.csv").write_bytes(HEADER)
    assert before != file.fingerprint("{}")


def test_a_file_name_that_is_not_utf8_can_be_held_by_tables(tmp_path):
    (tmp_path / "inbox").mkdir()
    Path(bytes(tmp_path / "inbox").decode() + "/b\udce4d.csv").write_bytes(HEADER + b"1,fine\n")
    (file,) = list_files(feedback_source(), tmp_path)
    assert file.name == "b\ufffdd.csv"
    assert len(list(read_rows(file, feedback_source()))) == 1
