import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxnlp.collect import delimited, lines
from cxnlp.errors import SourceError

HOSTILE = st.lists(
    st.sampled_from([b'"', b",", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"a", b"1,b\n"]),
    max_size=40,
).map(b"".join)


def test_a_record_stands_where_it_begins_though_quotes_hold_line_breaks(rows_of):
    content = b'id,text\r\n1,"two\r\nlines, one cell"\r\n2,"said ""no"""\r\n'
    assert rows_of(content) == [("f.csv:2", "1", "two\r\nlines, one cell"), ("f.csv:4", "2", 'said "no"')]


def test_tabs_part_cells_where_the_source_says_so(rows_of):
    assert rows_of(b"text\tid\ngood, fast\t7\n", separator="\t") == [("f.csv:2", "7", "good, fast")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-8"])
def test_the_declared_encoding_is_read_and_a_byte_order_mark_is_no_text(rows_of, encoding):
    content = "id,text\n1,café\n".encode(encoding)
    declared = encoding.removesuffix("-sig")
    assert rows_of(content, encoding=declared) == [("f.csv:2", "1", "café")]


def test_bytes_of_another_encoding_cost_their_record_only(rows_of):
    content = "id,text\n1,plain\n2,café\n3,after\n".encode("cp1252")
    assert rows_of(content) == [("f.csv:2", "1", "plain"), ("f.csv:3", "wrong_encoding"), ("f.csv:4", "3", "after")]


def test_half_characters_that_an_encoding_lets_through_cost_their_record_only(rows_of):
    content = b"id,text\n1,\\ud800\n2,fine\n"
    assert rows_of(content, encoding="raw_unicode_escape") == [("f.csv:2", "wrong_encoding"), ("f.csv:3", "2", "fine")]


def test_an_encoding_that_is_not_one_of_text_is_the_sources_fault(rows_of):
    with pytest.raises(SourceError, match="source shop: encoding 'hex' is not one of text"):
        rows_of(b"id,text\n", encoding="hex")


def test_nul_bytes_cost_their_record_only(rows_of):
    assert rows_of(b"id,text\n1,a\0b\n2,fine\n") == [("f.csv:2", "nul_bytes"), ("f.csv:3", "2", "fine")]


def test_too_many_or_too_few_cells_are_faults_but_empty_ones_at_the_end_are_not(rows_of):
    assert rows_of(b"id,text\n1\n2,b,c\n3,d,,\n") == [
        ("f.csv:2", "wrong_columns"),
        ("f.csv:3", "wrong_columns"),
        ("f.csv:4", "3", "d"),
    ]


def test_a_quote_that_never_closes_costs_its_own_record_only(rows_of):
    content = b'id,text\n1,fine\n2,"never closed\n3,after\n4,last\n'
    assert rows_of(content) == [
        ("f.csv:2", "1", "fine"),
        ("f.csv:3", "broken_quoting"),
        ("f.csv:4", "3", "after"),
        ("f.csv:5", "4", "last"),
    ]


def test_a_stray_quote_that_meets_the_quote_of_a_later_record_swallows_nothing(rows_of):
    content = b'id,text\n1,"stray\n2,"well quoted"\n3,after\n'
    assert rows_of(content) == [
        ("f.csv:2", "broken_quoting"),
        ("f.csv:3", "2", "well quoted"),
        ("f.csv:4", "3", "after"),
    ]


def test_quotes_inside_a_cell_of_one_line_are_read_as_a_person_would(rows_of):
    assert rows_of(b'id,text\n1,the 5" screen\n') == [("f.csv:2", "1", 'the 5" screen')]


def test_blank_lines_are_no_records(rows_of):
    assert rows_of(b"\nid,text\n\n1,a\n\n") == [("f.csv:4", "1", "a")]


def test_a_missing_column_is_the_files_fault_and_names_the_likeliest(rows_of, feedback_of):
    assert rows_of(b"id,txet\n1,a\n") == [("f.csv", "missing_column")]
    detail = feedback_of(b"id,txet\n1,a\n").quarantine["detail"].item()
    assert detail == "no column 'text', did you mean 'txet'?"


def test_a_file_without_a_header_does_not_tell_its_first_record(feedback_of):
    detail = feedback_of(b"17,I am cross about my bill\n").quarantine["detail"].item()
    assert "cross" not in detail
    assert "none of its 2 columns" in detail


def test_unknown_columns_are_passed_over(rows_of):
    assert rows_of(b"id,mood,text\n1,low,a\n") == [("f.csv:2", "1", "a")]


def test_a_mapped_column_that_stands_twice_is_refused(rows_of):
    assert rows_of(b"id,text,text\n1,a,b\n") == [("f.csv", "repeated_column")]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_a_fault(rows_of, content):
    assert rows_of(content) == [("f.csv", "empty_file")]


def test_a_header_alone_is_a_day_without_feedback(rows_of):
    assert rows_of(b"id,text\n") == []


def test_a_record_beyond_memory_is_a_fault_and_the_next_is_read(rows_of, monkeypatch):
    monkeypatch.setattr(delimited, "MAX_LINE_CHARACTERS", 100)
    monkeypatch.setattr(lines, "MAX_LINE_CHARACTERS", 100)
    content = b"id,text\n1," + b"x" * 500 + b"\n2,fine\n"
    assert rows_of(content) == [("f.csv:2", "field_too_long"), ("f.csv:3", "2", "fine")]


def test_a_record_of_too_many_lines_is_a_fault_and_its_other_lines_are_read(rows_of, monkeypatch):
    monkeypatch.setattr(delimited, "MAX_RECORD_LINES", 3)
    content = b'id,text\n1,"open\n' + b"2,fine\n" * 5
    assert [row[1] for row in rows_of(content)] == ["field_too_long", "2", "2", "2", "2", "2"]


def test_a_file_made_of_stray_quotes_is_read_again_within_bounds(rows_of, monkeypatch):
    monkeypatch.setattr(delimited, "MAX_REREAD_CHARACTERS", 10_000)
    found = rows_of(b"id,text\n" + b'x","y\n' * 500)  # each line, read first, swallows all the others
    assert {row[1] for row in found} == {"broken_quoting"}
    assert len(found) == 4  # 3,000 characters are read again three times


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(HOSTILE)
def test_hostile_bytes_give_rows_and_faults_at_places_of_their_own(rows_of, content):
    found = rows_of(b"id,text\n" + content)
    assert found == rows_of(b"id,text\n" + content)
    assert len({row[0] for row in found}) == len(found)
