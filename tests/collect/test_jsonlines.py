import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HOSTILE = st.lists(
    st.sampled_from(
        [b"{", b"}", b"[", b'"id"', b'"text"', b":", b",", b"1", b"NaN", b'"\\ud800"', b"\\", b"\xff", b"\0", b"\n"]
    ),
    max_size=40,
).map(b"".join)
GOOD = b'{"id": 1, "text": "a"}\n'


def read(rows_of, content: bytes, **settings):
    return rows_of(content, name="f.jsonl", format="jsonl", **settings)


def test_a_half_written_line_is_a_fault_and_the_others_are_read(rows_of):
    content = GOOD + b'{"id": 2, "te\n\n' + b'{"id": 3, "text": "c"}'
    assert read(rows_of, content) == [("f.jsonl:1", "1", "a"), ("f.jsonl:2", "not_json"), ("f.jsonl:4", "3", "c")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'["id", 2]', "not_an_object"),
        (b"null", "not_an_object"),
        (b"1" * 5000, "not_json"),
        (b'{"id": "a\0b"}', "not_json"),
        (b'{"id": "\xff"}', "wrong_encoding"),
        (b'{"id": ' + b"[" * 100 + b"]" * 100 + b"}", "too_deep"),
        (b'{"id": ' + b"[" * 100_000, "too_deep"),
    ],
)
def test_a_line_that_is_no_object_of_columns_is_a_fault(rows_of, line, reason):
    assert read(rows_of, GOOD + line + b"\n" + GOOD) == [
        ("f.jsonl:1", "1", "a"),
        ("f.jsonl:2", reason),
        ("f.jsonl:3", "1", "a"),
    ]


def test_half_characters_become_the_replacement_character_and_whole_ones_stay(rows_of):
    content = b'{"id": 1, "text": "a \\ud83d\\ude00 b \\ud83d"}\n{"id": 2, "text": "\\ud83d\\ude00"}\n'
    assert read(rows_of, content) == [("f.jsonl:1", "1", "a 😀 b \ufffd"), ("f.jsonl:2", "2", "😀")]


def test_dotted_paths_lead_into_objects_and_a_key_with_a_dot_comes_first(rows_of):
    columns = {"source_id": "id", "text": "body.words", "customer_id": "user.id"}
    content = b'{"id": 1, "body": {"words": "a"}, "user.id": 7, "user": {"id": 8}}\n{"id": 2, "body": "b"}\n'
    assert read(rows_of, content, columns=columns) == [("f.jsonl:1", "1", "a", "7"), ("f.jsonl:2", "2", "", "")]


def test_a_path_that_no_record_has_is_the_files_fault(rows_of):
    assert read(rows_of, b'{"id": 1, "body": "a"}\n' * 3) == [("f.jsonl", "missing_column")]


def test_a_field_that_some_records_leave_out_is_no_fault(rows_of):
    assert read(rows_of, b'{"id": 1}\n' + GOOD) == [("f.jsonl:1", "1", ""), ("f.jsonl:2", "1", "a")]


@pytest.mark.parametrize("count", [99, 100, 101, 250])
def test_no_record_is_lost_where_the_look_ahead_ends(rows_of, count):
    content = b"".join(json.dumps({"id": number, "text": "a"}).encode() + b"\n" for number in range(count))
    assert [row[1] for row in read(rows_of, content)] == [str(number) for number in range(count)]


def test_numbers_that_json_does_not_know_are_nulls(rows_of):
    assert read(rows_of, b'{"id": 1, "text": NaN}\n') == [("f.jsonl:1", "1", "")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(HOSTILE)
def test_hostile_bytes_give_one_row_or_fault_a_line(rows_of, content):
    found = read(rows_of, GOOD + content)
    lines = [line for line in (GOOD + content).split(b"\n") if line.strip()]
    assert len(found) == len(lines)
    assert found == read(rows_of, GOOD + content)
