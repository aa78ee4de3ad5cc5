import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxnlp.clean import (
    address_patterns,
    birth_patterns,
    contact_patterns,
    device_patterns,
    handles,
    id_patterns,
    markup,
    money_patterns,
    numbering,
    replies,
)
from cxnlp.clean.privacy import load_redactor
from cxnlp.config import Company

ACME = load_redactor(Company(name="Acme", handles=("@acmehelp",)), (), None)
PARTS = [
    "a",
    "1",
    "1-",
    "1 ",
    "a@",
    "a.",
    "+1",
    "(0",
    "<a ",
    "&#38;",
    "On ",
    "> ",
    "call 5551234 ",
    "AB12 ",
    "Al Jo ",
    "a:",
    "f:f:",
]
PARTS += ["12 Oak ", "http://a/", "DE12 3456 ", "born 1/1/", "Mr ", "1.1.", "12 rue de ", "Via A ", "00-", "u/"]


def redact(*texts: str) -> list[str]:
    return ACME.redact(texts).texts


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("write to jo.b+x@mail.example.org.", "write to <EMAIL_1>."),
        ("mail kim dot lee at gmail dot com", "mail <EMAIL_1>"),
        ("ring 555-123-4567 or (555) 987 6543.", "ring <PHONE_1> or <PHONE_2>."),
        ("+44 7700 900123, 07700 900124, (0800800150)", "<PHONE_1>, <PHONE_2>, (<PHONE_3>)"),
        ("my number is 5551234567", "my number is <PHONE_1>"),
        ("card 4111 1111 1111 1111 was charged", "card <CARD_1> was charged"),
        ("refund to DE89 3704 0044 0532 0130 00 please", "refund to <IBAN_1> please"),
        ("account number 31926819, sort code 60-16-13", "account number <ACCOUNT_1>, sort code <ACCOUNT_2>"),
        ("my SSN 123-45-6789, passport no 533401234", "my SSN <NATIONAL_ID_1>, passport no <NATIONAL_ID_2>"),
        ("RSSMRA85T10A562S and 12345678Z", "<NATIONAL_ID_1> and <NATIONAL_ID_2>"),
        ("my dob is 14/03/1985", "my dob is <BIRTH_DATE_1>"),
        ("born on March 4th 1970 in a storm", "born on <BIRTH_DATE_1> in a storm"),
        ("deliver to 12 Rosewood Avenue, Leeds LS6 2AB today", "deliver to <ADDRESS_1> today"),
        ("an Lindenstraße 44, 50674 Köln", "an <ADDRESS_1>"),
        ("au 27 rue des Lilas, 69003 Lyon", "au <ADDRESS_1>"),
        ("reg AB12 CDE was parked", "reg <PLATE_1> was parked"),
        ("from 203.0.113.77 and 00:1A:2B:3C:4D:5E", "from <IP_1> and <MAC_1>"),
        ("as @jane_doe said to @acmehelp", "as <HANDLE_1> said to @acmehelp"),
        ("open https://shop.example/reset?token=abc123DEF456 now", "open <URL_1> now"),
    ],
)
def test_personal_data_goes(text, redacted):
    assert redact(text) == [redacted]


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
        "2 hours on the road, a 5 star drive, 10 people in a row",
        "IMEI 356938035643809, model QX-4400B, firmware 10.4.2.1",
        "delivered on 12/05/2024 and returned in June",
    ],
)
def test_other_numbers_and_words_stay(text):
    assert redact(text) == [text]


def test_one_value_has_one_placeholder_in_all_texts_of_an_item():
    texts = ["Jo@example.org?", "yes JO@example.org, not al@example.org", "555-123-4567 or (555) 123-4567"]
    assert redact(*texts) == ["<EMAIL_1>?", "yes <EMAIL_1>, not <EMAIL_2>", "<PHONE_1> or <PHONE_1>"]


def test_numbers_already_given_are_not_given_again():
    assert redact("<EMAIL_2> and jo@example.org") == ["<EMAIL_2> and <EMAIL_3>"]


def test_values_are_counted_by_kind():
    assert ACME.redact(["jo@example.org, al@example.org", "jo@example.org 203.0.113.77"]).count_by_kind == {
        "EMAIL": 2,
        "IP": 1,
    }


@given(st.text(st.sampled_from("0123456789+-() .@aXx<>_EMAIL1"), max_size=80))
def test_redacting_twice_is_redacting_once(text):
    once = redact(text)
    assert redact(*once) == once


@pytest.mark.parametrize("part", PARTS)
def test_no_pattern_starts_more_work_than_the_text_is_long(part):
    """A pattern that is quadratic takes minutes here and trips the run's own time limit."""
    text = part * (60_000 // len(part))
    assert len(redact(text)[0]) <= 5 * len(text)
    assert len(replies.strip_mail(text)) <= len(text)
    assert len(markup.strip_markup(text)) <= len(text)


def test_no_pattern_repeats_a_repetition_without_bound():
    modules = [
        address_patterns,
        birth_patterns,
        contact_patterns,
        device_patterns,
        handles,
        id_patterns,
        money_patterns,
    ]
    modules += [numbering, replies, markup]
    patterns = [value for module in modules for value in vars(module).values() if isinstance(value, re.Pattern)]
    assert len(patterns) >= 40
    assert not [pattern.pattern for pattern in patterns if re.search(r"[+*]\)[+*](?!\+)", pattern.pattern)]
