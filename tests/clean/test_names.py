import pytest

from cxnlp.clean.name_features import words_of
from cxnlp.clean.names import load_names
from cxnlp.clean.numbering import Numbering

NAMES = load_names(("Tarnlink", "@TarnlinkHelp"))


def replaced(*texts: str) -> list[str]:
    return NAMES.replace(texts, Numbering(texts))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("I spoke to Patricia in billing", "I spoke to <PERSON_1> in billing"),
        ("my name is kenneth and i am waiting", "my name is <PERSON_1> and i am waiting"),
        ("Kind regards, Anna-Maria de Souza", "Kind regards, <PERSON_1>"),
        ("Mrs Robinson was kind", "Mrs <PERSON_1> was kind"),
        ("Laura's advice was wrong", "<PERSON_1>'s advice was wrong"),
    ],
)
def test_names_of_people_go(text, redacted):
    assert replaced(text) == [redacted]


@pytest.mark.parametrize(
    "text",
    [
        "Will you refund me in May?",
        "The hotel in Paris was lovely",
        "Terrible service, never again!",
        "Tarnlink is down",
        "my iPhone will not charge",
        "<PERSON_1> and <ORDER_1>",
        "",
        "!!!",
    ],
)
def test_other_words_stay(text):
    assert replaced(text) == [text]


def test_a_first_name_said_again_is_the_same_person():
    assert replaced("I am Linda Johnson", "Thanks Linda", "Dear Mr Peterson") == [
        "I am <PERSON_1>",
        "Thanks <PERSON_1>",
        "Dear Mr <PERSON_2>",
    ]


def test_a_placeholder_is_one_word_and_a_possessive_ends_before_its_s():
    assert [(word.text, word.is_possessive) for word in words_of("<PERSON_1> met Ann's O'Neil")] == [
        ("<PERSON_1>", False),
        ("met", False),
        ("Ann", True),
        ("O'Neil", False),
    ]
