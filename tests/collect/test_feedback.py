import json

import pandas as pd
import pytest

from cxnlp.tables import QUARANTINE, RECORDS, TIMESTAMP

TURNS = {"path": "chat.turns", "speaker": "from", "text": "said", "customer": ["user", "guest"]}


def faults(batch) -> list[tuple[str, str]]:
    return list(zip(batch.quarantine["position"], batch.quarantine["reason"], strict=True))


def dated(**settings: object) -> dict[str, object]:
    return {"columns": {"source_id": "id", "text": "text", "created_at": "at"}, **settings}


def test_a_record_is_mapped_to_the_one_form(feedback_of, pseudonyms):
    content = (
        b"id,at,who,score,title,body,region,via,asked\n"
        b"17,2026-03-01T10:00:00+01:00, C9 ,10,Slow,Three weeks for a parcel,North,,Why?\n"
    )
    columns = {
        "source_id": "id",
        "created_at": "at",
        "customer_id": "who",
        "nps": "score",
        "text": ["title", "body"],
        "channel": "via",
        "question": "asked",
    }
    batch = feedback_of(
        content, source_kind="survey", columns=columns, segments={"area": "region"}, constants={"channel": "web"}
    )
    row = RECORDS.check(batch.records).iloc[0]
    assert row.drop(["raw_hash"]).dropna().to_dict() == {
        "item_id": "shop-17",
        "source": "shop",
        "source_id": "17",
        "source_kind": "survey",
        "channel": "web",
        "created_at": pd.Timestamp("2026-03-01T09:00:00", tz="UTC"),
        "customer_key": pseudonyms.customer_key("C9"),
        "segments": '{"area": "North"}',
        "nps": 10,
        "question": "Why?",
        "text": "Slow\nThree weeks for a parcel",
        "position": "f.csv:2",
        "file": "f.csv",
        "night": "2026-03-05",
    }
    assert batch.record_count == 1
    assert batch.records["created_at"].dtype == TIMESTAMP


def test_every_record_is_a_row_or_in_quarantine(feedback_of):
    content = b"id,text,at\n1,a,2026-03-01\n2,b\n3,c,soon\n4,d,2026-03-01\n"
    batch = feedback_of(content, **dated())
    assert batch.records["position"].tolist() == ["f.csv:2", "f.csv:5"]
    assert faults(batch) == [("f.csv:3", "wrong_columns"), ("f.csv:4", "bad_date")]
    assert batch.record_count == 4
    QUARANTINE.check(batch.quarantine)


def test_the_customers_turns_make_the_text_and_all_turns_are_kept(feedback_of):
    turns = [
        {"from": "user", "said": "My bill is wrong"},
        {"from": "agent", "said": "Which one?"},
        {"from": "guest", "said": "The last"},
    ]
    content = json.dumps({"id": 1, "chat": {"turns": turns}}).encode()
    batch = feedback_of(content, "f.jsonl", format="jsonl", columns={"source_id": "id"}, turns=TURNS)
    assert batch.records["text"].item() == "My bill is wrong\nThe last"
    assert json.loads(batch.records["turns"].item()) == [
        {"who": "customer", "text": "My bill is wrong"},
        {"who": "agent", "text": "Which one?"},
        {"who": "customer", "text": "The last"},
    ]


def test_turns_in_a_cell_of_a_csv_file_are_read_as_json(feedback_of):
    content = b'id,chat.turns\n1,"[{""from"": ""user"", ""said"": ""Hello""}]"\n2,\n3,Hello\n'
    batch = feedback_of(content, columns={"source_id": "id"}, turns=TURNS)
    assert batch.records["text"].tolist() == ["Hello", ""]
    assert faults(batch) == [("f.csv:4", "bad_turns")]


@pytest.mark.parametrize("turns", ['{"said": "a"}', '["a"]', '[{"said": "a"}]', '[{"from": "user", "said": {}}]'])
def test_turns_of_another_form_are_quarantined(feedback_of, turns):
    content = b'{"id": 1, "chat": {"turns": %s}}' % turns.encode()
    batch = feedback_of(content, "f.jsonl", format="jsonl", columns={"source_id": "id"}, turns=TURNS)
    assert batch.quarantine["reason"].item() in {"bad_turns", "bad_text"}


def test_the_same_record_twice_is_there_twice_and_other_content_under_its_id_is_quarantined(feedback_of):
    batch = feedback_of(b"id,text\n1,a\n1,a\n1,b\n")
    assert batch.records["item_id"].tolist() == ["shop-1", "shop-1"]
    assert batch.records["raw_hash"].nunique() == 1
    assert faults(batch) == [("f.csv:4", "duplicate_id")]


def test_a_refused_record_does_not_take_the_id_from_a_later_good_one(feedback_of):
    batch = feedback_of(b"id,text,at\n1,a,soon\n1,a,2026-03-01\n", **dated())
    assert batch.records["position"].tolist() == ["f.csv:3"]


def test_without_ids_the_content_makes_them_and_equal_records_are_counted(feedback_of):
    batch = feedback_of(b"text\nfine\nbad\nfine\nfine\n", columns={"text": "text"})
    first, other, second, third = batch.records["source_id"]
    assert (second, third) == (f"{first}-2", f"{first}-3")
    assert len({first, other}) == 2
    assert len(first) == 16


def test_the_raw_hash_changes_with_the_record_and_with_the_mapping_only(feedback_of):
    def hashed(content: bytes, **settings: object) -> str:
        return feedback_of(content, **settings).records["raw_hash"].item()

    before = hashed(b"id,text\n1,a\n")
    assert before == hashed(b"more,id,text\nx,1,a\n")
    assert before != hashed(b"id,text\n1,b\n")
    assert before != hashed(b"id,text\n1,a\n", constants={"channel": "web"})


def test_words_that_are_missing_are_left_to_cleaning(feedback_of):
    assert feedback_of(b"id,text\n1,\n2,  \n").records["text"].tolist() == ["", ""]


@pytest.mark.parametrize(("cell", "wanted"), [("7", 7), ("7.0", 7), ("", None), ("n/a", None), (" 10 ", 10), ("0", 0)])
def test_scores_are_whole_numbers_or_null(feedback_of, cell, wanted):
    batch = feedback_of(f"id,text,s\n1,a,{cell}\n".encode(), columns={"source_id": "id", "text": "text", "nps": "s"})
    assert batch.records["nps"].astype(object).where(batch.records["nps"].notna(), None).item() == wanted


@pytest.mark.parametrize("name", ["nps", "csat", "ces", "stars"])
@pytest.mark.parametrize("cell", ["11", "-1", "4.5", "good", "inf", "1e999"])
def test_a_score_off_its_scale_is_quarantined(feedback_of, name, cell):
    columns = {"source_id": "id", "text": "text", name: "s"}
    batch = feedback_of(f"id,text,s\n1,a,{cell}\n".encode(), columns=columns)
    assert faults(batch) == [("f.csv:2", "bad_score")]


@pytest.mark.parametrize("bad_id", ["", "  ", "x" * 201, "a\tb", "a\x1bb"])
def test_an_id_that_is_none_is_quarantined(feedback_of, bad_id):
    assert faults(feedback_of(f"id,text\n{bad_id},a\n".encode())) == [("f.csv:2", "bad_id")]


def test_twenty_megabytes_in_one_field_are_quarantined_and_the_rest_is_read(feedback_of):
    content = b'id,text\n1,"' + b"long, and longer, and longer still\n" * 600_000 + b'"\n2,fine\n'
    batch = feedback_of(content)
    assert faults(batch) == [("f.csv:2", "field_too_long")]
    assert batch.records["position"].tolist() == ["f.csv:600003"]


def test_a_bad_date_shows_its_form_and_not_its_value(feedback_of):
    batch = feedback_of(b"id,text,at\n1,a,7 Marz 26\n", **dated(date_format="%d/%m/%Y"))
    assert batch.quarantine["detail"].item() == "found a date like '9 aaaa 99', wanted '%d/%m/%Y'"


def test_an_empty_date_and_a_future_date_are_quarantined(feedback_of):
    content = b"id,text,at\n1,a,\n2,a,2026-03-06T23:59:00Z\n3,a,2026-03-07T00:00:01Z\n"
    batch = feedback_of(content, **dated())
    assert faults(batch) == [("f.csv:2", "missing_date"), ("f.csv:4", "future_date")]


def test_batches_hold_two_thousand_records_at_most(tmp_path, pseudonyms, night):
    from cxnlp.collect.feedback import read_feedback

    from .conftest import feedback_source, source_file

    path = tmp_path / "f.csv"
    path.write_bytes(b"id,text\n" + b"".join(b"%d,a\n" % number for number in range(4_500)))
    batches = list(read_feedback(feedback_source(), source_file(path), pseudonyms, night, 1_000_000))
    assert [batch.record_count for batch in batches] == [2_000, 2_000, 500]


def test_half_characters_of_json_can_be_held_by_tables(feedback_of):
    batch = feedback_of(
        b'{"id": 1, "text": "a\\udc80", "mood": "\\ud800"}', "f.jsonl", format="jsonl", segments={"mood": "mood"}
    )
    assert batch.records["text"].item() == "a\ufffd"
    assert json.loads(batch.records["segments"].item()) == {"mood": "\ufffd"}
