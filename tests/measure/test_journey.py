import pandas as pd
import pytest

from cxnlp.config import Measure
from cxnlp.measure.journey import count_segment_stage, count_source_week, count_stage_touchpoint, count_stage_week


@pytest.fixture
def items():
    rows = [
        ("a", "nps", "2026-05-18 09:00", -2, "failure", -2.0, -1.0, '{"region": "North"}', "k1"),
        ("b", "nps", "2026-05-19 09:00", 1, "none", None, 1.0, '{"region": "North"}', "k2"),
        ("c", "chat", "2026-05-17 23:30", -1, "failure", 1.0, -1.0, '{"region": "Coast"}', "k3"),
        ("d", "chat", None, None, None, None, None, "{}", None),
    ]
    names = ["item_id", "source", "created_at", "sentiment", "demand", "service_sentiment", "experience_sentiment"]
    frame = pd.DataFrame(rows, columns=[*names, "segments", "customer_key"])
    return frame.assign(
        created_at=pd.to_datetime(frame["created_at"], utc=True), sentiment=frame["sentiment"].astype("Int64")
    )


@pytest.fixture
def mentions():
    rows = [
        ("a", "payment", "invoice", -2),
        ("a", "payment", "payment_refund", -1),
        ("a", "support", "contact_centre", -2),
        ("b", "payment", "invoice", 1),
        ("c", "payment", "invoice", -1),
        ("c", None, "delivery", -1),
    ]
    frame = pd.DataFrame(rows, columns=["item_id", "stage", "touchpoint", "sentiment"])
    return frame.assign(sentiment=frame["sentiment"].astype("Int64"))


def test_the_journey_map_counts_mentions_and_leaves_unsure_places_out(mentions):
    counts = count_stage_touchpoint(mentions).set_index(["stage", "touchpoint"])
    assert counts["mention_count"].to_dict() == {
        ("payment", "invoice"): 3,
        ("payment", "payment_refund"): 1,
        ("support", "contact_centre"): 1,
    }
    assert counts.loc[("payment", "invoice"), ["negative_count", "sentiment_mean"]].tolist() == [2, -2 / 3]


def test_a_week_begins_on_monday_in_the_companys_zone(mentions, items):
    weeks = count_stage_week(mentions, items, "Europe/London").set_index(["week", "stage"])
    # c was said on Sunday 23:30 UTC: Monday 00:30 in London, the same week as a and b
    assert weeks.loc[("2026-05-18", "payment"), ["item_count", "base", "negative_count"]].tolist() == [3, 3, 2]
    assert (
        count_stage_week(mentions, items, "UTC").set_index(["week", "stage"]).loc[("2026-05-11", "payment"), "base"]
        == 1
    )


def test_an_item_is_counted_once_however_often_it_mentions_a_stage(mentions, items):
    weeks = count_stage_week(mentions, items, "UTC").set_index(["week", "stage"])
    assert weeks.loc[("2026-05-18", "payment"), "item_count"] == 2


def test_sources_keep_service_and_experience_sentiment_apart(items):
    weeks = count_source_week(items, "UTC").set_index(["week", "source"])
    assert weeks.loc[("2026-05-18", "nps"), ["base", "negative_count", "failure_count"]].tolist() == [2, 1, 1]
    assert weeks.loc[("2026-05-11", "chat"), ["service_sentiment_mean", "experience_sentiment_mean"]].tolist() == [
        1,
        -1,
    ]


def test_segments_too_small_to_show_are_left_out(mentions, items):
    shown = count_segment_stage(mentions, items, Measure(min_items=2, min_customers=2))
    assert shown[["segment", "value", "stage", "item_count"]].to_numpy().tolist() == [["region", "North", "payment", 2]]


def test_nothing_labelled_gives_empty_marts(mentions, items):
    no_items, no_mentions = items.head(0), mentions.head(0)
    assert len(count_stage_touchpoint(no_mentions)) == 0
    assert len(count_stage_week(no_mentions, no_items, "UTC")) == 0
    assert len(count_source_week(no_items, "UTC")) == 0
    assert len(count_segment_stage(no_mentions, no_items, Measure())) == 0
