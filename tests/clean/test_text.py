import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxnlp.clean.text import clean_text

HOSTILE = st.text(
    st.characters(exclude_categories=()) | st.sampled_from(list("<>&;#/\n\r\0\u200d\u202e\ufe0f\ud83d\ude0a"))
)
PIECES = st.lists(
    st.sampled_from(
        ["<b>", "</p>", "<script>", "</script>", "<!--", "-->", "&amp;", "&lt;", "#38;", "â€™", "Ã©", "<br/>", "x "]
    )
    | st.text(st.characters(exclude_categories=()), max_size=4),
    max_size=30,
).map("".join)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<p>The box was <b>open</b>.</p><p>Nobody called.</p>", "The box was open.\n\nNobody called."),
        ("<div>late<br>again</div><script>alert(1)</script><style>p{}</style>", "late\nagain"),
        ("<html><head><title>Mail</title></head><body>no bill yet</body></html>", "no bill yet"),
        ("Tom &amp; Ann said &quot;no&quot;&nbsp;twice, it&#39;s odd", 'Tom & Ann said "no" twice, it\'s odd'),
        ("&amp;amp;lt;b&gt; still here", "still here"),
    ],
)
def test_markup_becomes_the_words_a_reader_sees(raw, clean):
    assert clean_text(raw, 1000) == clean


@pytest.mark.parametrize(
    "text",
    [
        "I <3 this shop, price < 30 and > 20",
        "AT&T &copy that, R&D; <EMAIL_1> or <jo at home>",
        "<i think it was Monday>",
        "I typed <script> in the box and lost my order",
    ],
)
def test_signs_that_are_no_markup_stay(text):
    assert clean_text(text, 1000) == text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("It doesnâ€™t work, cafÃ© closed", "It doesn’t work, café closed"),
        ("na\u0308mlich", "n\u00e4mlich"),
        ("a\0b\x07c \u202egnp\u202c \u200bd\ufeff", "abc gnp d"),
        ("good \ud83d\ude0a bad \udc80", "good 😊 bad"),
        ("hel\u200dlo I\ufe0f am", "hello I am"),
        ("z" + "\u0301" * 50 + "!", "\u017a\u0301\u0301\u0301!"),
        ("one \t two \r\n\r\n\r\n three\u2028four", "one two\n\nthree\nfour"),
    ],
)
def test_characters_are_as_they_were_meant(raw, clean):
    assert clean_text(raw, 1000) == clean


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧", "❤️", "👍🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "🤷‍♀️"])
def test_emoji_sequences_stay_whole(emoji):
    assert clean_text(f"ok {emoji} bye", 100) == f"ok {emoji} bye"


def test_long_text_is_cut_at_a_word():
    assert clean_text("the parcel never came", 12) == "the parcel"


def test_one_long_word_is_cut_where_it_must():
    assert clean_text("a" * 1_000_000, 500) == "a" * 500


@pytest.mark.parametrize("part", ["<div>", "<b>", "<!--", "<script>", "&amp;", "#38;", "<a ", "<", "\u0301", " \n"])
def test_a_megabyte_of_markup_is_bounded_and_rests(part):
    cleaned = clean_text("&" + part * (1_000_000 // len(part)), 2_000)
    assert len(cleaned) <= 2_000
    assert clean_text(cleaned, 2_000) == cleaned


def test_text_under_markup_too_deep_for_the_parser_is_kept():
    assert clean_text("<div>" * 5_000 + "help" + "</div>" * 5_000, 60_000) == "help"


@settings(max_examples=300, deadline=None)
@given(HOSTILE | PIECES, st.integers(1, 60))
def test_any_text_is_bounded_sound_and_rests(raw, max_characters):
    cleaned = clean_text(raw, max_characters)
    assert len(cleaned) <= max_characters
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert clean_text(cleaned, max_characters) == cleaned
