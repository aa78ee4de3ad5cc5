import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxnlp.clean.replies import strip_mail


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        (
            "Broke again.\n\nOn Mon, 3 Feb 2025 at 10:02, Ann Lee wrote:\n> hello\n> there\n\nPlease ring.",
            "Broke again.\n\nPlease ring.",
        ),
        ("Any news?\nOn 3 February 2025,\nAnn Lee wrote:\nWe sent it.", "Any news?"),
        ("Any news?\n-----Original Message-----\nFrom: desk\nWe sent it.", "Any news?"),
        ("Any news?\nFrom: Desk\nSent: Monday\nTo: me\nSubject: parcel\n\nWe sent it.", "Any news?"),
        ("Still dead.\n\nKind regards,\nJo Bloggs\nHead of Things", "Still dead."),
        ("Still dead.\n--\nJo\nAcme Ltd", "Still dead."),
        ("Still dead.\nSent from my iPhone", "Still dead."),
        (
            "Still dead.\nThis e-mail and any files are confidential and intended only for you.\nDelete it.",
            "Still dead.",
        ),
        ("Still dead.\n\nRegards\nJo\n\nSent from my Samsung phone", "Still dead."),
    ],
)
def test_what_every_mail_carries_goes(mail, words):
    assert strip_mail(mail) == words


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote:\nwhere is my refund?",
        "Regards to the team, they were great.",
        "Kind regards\nJo\nPS it is still broken, nobody came on Friday.",
        "Go to Settings\n> Privacy\nand nothing happens",
        "From: Leeds\nwe drove all night",
        "I sent from my iPhone a photo of the bill\nand nobody answered\nfor a week",
    ],
)
def test_words_that_only_look_like_a_mail_stay(text):
    assert strip_mail(text) == text


@pytest.mark.parametrize(
    "text",
    ["-----Original Message-----\nno line since Friday", "> no line\n> since Friday", "Kind regards,\nJo", "--\nJo"],
)
def test_nothing_is_taken_where_nothing_would_be_left(text):
    assert strip_mail(text) == text


LINES = st.sampled_from(
    [
        "",
        "> a",
        "On 3 May Jo wrote:",
        "From: Jo",
        "Sent: now",
        "To: me",
        "--",
        "Regards",
        "Jo",
        "Sent from my iPhone",
        "No line.",
    ]
)


@given(st.lists(LINES, max_size=20).map("\n".join))
def test_stripping_twice_is_stripping_once_and_leaves_words(text):
    stripped = strip_mail(text)
    assert strip_mail(stripped) == stripped
    assert bool(stripped) == bool(text.strip())
