import pytest

from cxnlp.publish.quotes import quote_in_sentence

FILLER = "Nothing of note happened for a long while and then some more of it. " * 5


def _parts(text: str, evidence: str, start: int | None) -> tuple[str, str, str]:
    quote = quote_in_sentence(text, evidence, start, "x-1", "x", None)
    return quote.before, quote.evidence, quote.after


def test_a_short_text_is_shown_whole():
    text = "Hello. The box came, the legs did not! Bye."
    assert _parts(text, "the legs did not", text.index("the legs")) == (
        "Hello. The box came, ",
        "the legs did not",
        "! Bye.",
    )


def test_of_a_long_text_the_sentence_around_the_evidence_is_shown():
    text = f"{FILLER}The box came, the legs did not, sadly. {FILLER}"
    assert _parts(text, "the legs did not", text.index("the legs")) == (
        "The box came, ",
        "the legs did not",
        ", sadly.",
    )


@pytest.mark.parametrize("start", [None, 3, 10_000])
def test_a_wrong_offset_is_mended_by_looking_the_words_up(start):
    text = f"{FILLER}It broke twice. {FILLER}"
    assert _parts(text, "broke", start) == ("It ", "broke", " twice.")


def test_words_that_are_not_in_the_text_are_shown_alone():
    assert _parts("Something else.", "no such words", None) == ("", "no such words", "")


def test_a_sentence_without_end_is_cut_at_a_word_on_both_sides():
    text = "word " * 300 + "EVIDENCE" + " word" * 300
    before, evidence, after = _parts(text, "EVIDENCE", 1500)
    assert evidence == "EVIDENCE"
    assert before.startswith("\u2026word ")
    assert after.endswith(" word\u2026")
    assert max(len(before), len(after)) <= 182
