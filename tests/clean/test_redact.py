import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxnlp.clean import markup, redact, replies
from cxnlp.config import Company

ACME = Company(name="Acme", handles=("@acmehelp",))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("write to jo.b+x@mail.example.org.", "write to <EMAIL_1>."),
        ("ring 555-123-4567 or (555) 987 6543.", "ring <PHONE_1> or <PHONE_2>."),
        ("+44 7700 900123, 07700 900124, (0800800150)", "<PHONE_1>, <PHONE_2>, (<PHONE_3>)"),
        ("my number is 5551234567", "my number is <PHONE_1>"),
        ("card 4111 1111 1111 1111 was charged", "card <CARD_1> was charged"),
    ],
)
def test_personal_numbers_and_addresses_go(text, redacted):
    assert redact.redact([text], ACME) == [redacted]


@pytest.mark.parametrize(
    "text",
    [
        "order 0770090012345, ref 1234567890, ticket number 5551234567",
        "paid $1,234.56 and {$1800.00} on 01/02/2023 at 10:22, then 2023-10-31 22:17:25",
        "since 01-02-2023 I run version 127.0.2 build 20240613140025",
        "on XX/XX/XXXX I gave XXXX XXXX XXXX XXXX and XXXX@XXXX.com",
        "https://shop.example/item/5551234567 @5551234567 #5551234567",
        "4111 1111 1111 1112 has a wrong check digit",
        "I wrote to support@acme.com",
    ],
)
def test_numbers_of_other_things_stay(text):
    assert redact.redact([text], ACME) == [text]


def test_one_value_has_one_placeholder_in_all_texts_of_an_item():
    texts = ["Jo@example.org?", "yes JO@example.org, not al@example.org", "555-123-4567 or (555) 123-4567"]
    assert redact.redact(texts, ACME) == ["<EMAIL_1>?", "yes <EMAIL_1>, not <EMAIL_2>", "<PHONE_1> or <PHONE_1>"]


def test_numbers_already_given_are_not_given_again():
    assert redact.redact(["<EMAIL_2> and jo@example.org"], ACME) == ["<EMAIL_2> and <EMAIL_3>"]


@given(st.text(st.sampled_from("0123456789+-() .@aXx<>_EMAIL1"), max_size=80))
def test_redacting_twice_is_redacting_once(text):
    once = redact.redact([text], ACME)
    assert redact.redact(once, ACME) == once


@pytest.mark.parametrize(
    "part", ["a", "1", "1-", "1 ", "a@", "a.", "+1", "(0", "<a ", "&#38;", "On ", "> ", "call 5551234 "]
)
def test_no_pattern_starts_more_work_than_the_text_is_long(part):
    """A pattern that is quadratic takes minutes here and trips the run's own time limit."""
    text = part * (200_000 // len(part))
    assert len(redact.redact([text], ACME)[0]) <= 2 * len(text)
    assert len(replies.strip_mail(text)) <= len(text)
    assert len(markup.strip_markup(text)) <= len(text)


def test_no_pattern_repeats_a_repetition_without_bound():
    patterns = [
        value
        for module in (redact, replies, markup)
        for value in vars(module).values()
        if isinstance(value, re.Pattern)
    ]
    assert len(patterns) >= 15
    assert not [pattern.pattern for pattern in patterns if re.search(r"[+*]\)[+*](?!\+)", pattern.pattern)]
