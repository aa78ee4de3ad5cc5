"""Transcripts of calls: WebVTT, SubRip, JSON of speakers and turns."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxnlp.collect.lines import MAX_LINE_CHARACTERS
from cxnlp.collect.transcripts import NotATranscript, read_cues, to_turns

VTT = """WEBVTT - call

NOTE made by nobody

STYLE
::cue {color: red}

1
00:00:01.000 --> 00:00:03.500 align:start
<v Agent Ann>Good morning, <i>Tarnlink</i>.</v>

00:04.000 --> 00:06.000
<v.loud Customer>My router &amp; phone
are dead.</v>

00:00:06.100 --> 00:00:08.000
Since Monday.

01:00:08.100 --> 01:00:09.000
<v Agent Ann>I see.</v> <v Customer>Well?</v>
"""
SRT = """1
00:00:01,000 --> 00:00:03,500
Agent: Good morning, Tarnlink.

2
00:00:04,000 --> 00:00:06,000
- Customer: My bill is wrong.
Note that I paid it: twice.

3
00:00:07,000 --> 00:00:08,000
[Agent] I see.
"""
COLUMNS = {"source_id": "call", "created_at": "at", "customer_id": "who"}
CALLS = {
    "source_kind": "call",
    "columns": COLUMNS,
    "name_pattern": r"(?P<at>\d{8}T\d{6})_(?P<call>\d+)_(?P<who>C\d+)",
    "date_format": "%Y%m%dT%H%M%S",
    "turns": {"path": "turns", "speaker": "speaker", "text": "text", "time": "time", "customer": ["Customer"]},
}


def turns(text, kind):
    return [(turn.speaker, turn.text, turn.seconds) for turn in to_turns(read_cues(text, kind))]


def test_webvtt_gives_the_turns_of_its_voices():
    assert turns(VTT, "vtt") == [
        ("Agent Ann", "Good morning, Tarnlink.", 1.0),
        ("Customer", "My router & phone are dead. Since Monday.", 4.0),
        ("Agent Ann", "I see.", 3608.1),
        ("Customer", "Well?", 3608.1),
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_subrip_gives_the_turns_of_the_names_before_the_colon(ending):
    assert turns(SRT.replace("\n", ending), "srt") == [
        ("Agent", "Good morning, Tarnlink.", 1.0),
        ("Customer", "My bill is wrong. Note that I paid it: twice.", 4.0),
        ("Agent", "I see.", 7.0),
    ]


def test_a_colon_is_no_name_where_the_first_words_have_none():
    assert turns("1\n00:00:01,0 --> 00:00:02,0\nHello there.\n\n2\n00:00:02,0 --> 00:00:03,0\nNote: late.", "srt") == [
        ("", "Hello there. Note: late.", 1.0)
    ]


@pytest.mark.parametrize(("text", "kind"), [(SRT, "vtt"), ("Agent: hello", "srt"), ("WEBVTT\n\nhello", "vtt")])
def test_a_file_of_another_format_is_refused(text, kind):
    with pytest.raises(NotATranscript):
        read_cues(text, kind)


def test_a_transcript_is_a_record_named_by_its_file(feedback_of):
    batch = feedback_of(VTT.encode(), name="20260301T101500_77_C5.vtt", format="vtt", **CALLS)
    row = batch.records.iloc[0]
    assert (row["source_id"], row["position"]) == ("77", "20260301T101500_77_C5.vtt:1")
    assert row["created_at"].isoformat() == "2026-03-01T10:15:00+00:00"
    assert row["text"] == "My router & phone are dead. Since Monday.\nWell?"
    spoken = [(turn["who"], turn["at"]) for turn in json.loads(row["turns"])]
    assert spoken[:2] == [("Agent Ann", "2026-03-01T10:15:01Z"), ("customer", "2026-03-01T10:15:04Z")]
    assert spoken[2:] == [("Agent Ann", "2026-03-01T11:15:08Z"), ("customer", "2026-03-01T11:15:08Z")]
    assert row["customer_key"] is not None


def test_json_of_speakers_and_turns_is_a_record_or_a_list_of_them(feedback_of):
    call = {"call": 5, "turns": [{"speaker": "Customer", "text": "Dead again.", "time": 3.5}]}
    columns = {"source_id": "call"}
    for content, n_records in ((call, 1), ([call, {**call, "call": 6}], 2)):
        options = {**CALLS, "columns": columns, "name_pattern": None}
        batch = feedback_of(json.dumps(content).encode(), name="calls.json", format="json", **options)
        assert batch.records["text"].tolist() == ["Dead again."] * n_records


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (b"{", "json", "not_json"),
        (b"[1]", "json", "not_an_object"),
        (b"[" * 100 + b"]" * 100, "json", "too_deep"),
        (b"[" * 200_000, "json", "too_deep"),
        (b'{"call": 1}', "json", "missing_column"),
        (b"\xff\xfe", "vtt", "wrong_encoding"),
        (b"hello", "vtt", "not_a_transcript"),
        (b"\n\n", "srt", "empty_file"),
        (b"", "srt", "empty_file"),
    ],
)
def test_a_file_that_is_none_goes_to_quarantine_whole(feedback_of, content, kind, reason):
    name = f"20260301T101500_77_C5.{kind}"
    batch = feedback_of(content, name=name, format=kind, **CALLS)
    assert batch.records.empty
    assert batch.quarantine[["position", "reason"]].values.tolist() == [[name, reason]]


def test_a_name_that_is_not_as_it_should_be_is_told(feedback_of):
    batch = feedback_of(VTT.encode(), name="call.vtt", format="vtt", **CALLS)
    assert batch.quarantine["reason"].tolist() == ["other_name"]


def test_a_line_without_end_is_a_fault(feedback_of):
    content = b"WEBVTT\n\n" + b"x" * (MAX_LINE_CHARACTERS + 10)
    batch = feedback_of(content, name="20260301T101500_77_C5.vtt", format="vtt", **CALLS)
    assert batch.quarantine["reason"].tolist() == ["field_too_long"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(["00:01.000 --> 00:02.000", "\n", "\n\n", "<v A>", "<", ">", "A: ", "[B] ", "x", "&", "-->"]),
        max_size=40,
    )
)
def test_no_text_breaks_the_reader(pieces):
    try:
        cues = read_cues("WEBVTT\n\n" + "".join(pieces), "vtt")
    except NotATranscript:
        return
    assert all(turn.text for turn in to_turns(cues))
