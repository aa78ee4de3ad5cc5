import json

import pytest
from pydantic import ValidationError

from cxnlp.clean.keys import compile_keys
from cxnlp.clean.privacy import load_redactor
from cxnlp.config import Company
from cxnlp.privacy_settings import JoinKey
from cxnlp.pseudonym import Pseudonyms

PSEUDONYMS = Pseudonyms(b"a key of the tests")
ORDER = JoinKey(kind="order", pattern=r"TL-?(?P<number>\d{7})", bare=r"\d{7}", cues=("order",))
INVOICE = JoinKey(kind="invoice", pattern=r"INV-\d{6}")
ACME = load_redactor(Company(name="Acme"), (ORDER, INVOICE), PSEUDONYMS)


def test_a_key_stands_as_a_placeholder_and_is_kept_as_a_hash():
    redacted = ACME.redact(["order TL-3028784 and INV-861626"])
    assert redacted.texts == ["order <ORDER_1> and <INVOICE_1>"]
    assert [(key.kind, key.key_hash, key.placeholder) for key in redacted.keys] == [
        ("order", PSEUDONYMS.key_hash("order", "3028784"), "<ORDER_1>"),
        ("invoice", PSEUDONYMS.key_hash("invoice", "INV861626"), "<INVOICE_1>"),
    ]


def test_two_spellings_of_one_number_are_one_key():
    redacted = ACME.redact(["TL-3028784, tl3028784", "my order number is 3028784"])
    assert redacted.texts == ["<ORDER_1>, <ORDER_1>", "my order number is <ORDER_1>"]
    assert len(redacted.keys) == 1


def test_a_bare_number_without_its_cue_is_no_key():
    assert ACME.redact(["model 3028784"]).texts == ["model 3028784"]


def test_an_events_attributes_hold_the_same_hash():
    hashed = json.loads(ACME.keys.hash_attributes('{"amount": 26.88, "invoice": "INV-861626", "note": "none"}'))
    assert hashed == {"amount": 26.88, "invoice": PSEUDONYMS.key_hash("invoice", "INV861626"), "note": "none"}


def test_without_a_key_numbers_become_placeholders_only():
    redactor = load_redactor(Company(name="Acme"), (ORDER,), None)
    assert (redactor.redact(["TL-3028784"]).texts, redactor.redact(["TL-3028784"]).keys) == (["<ORDER_1>"], ())


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (r"(\d+)+x", "bounds"),
        (r"A\d+", "bounds"),
        (r"(A)\1", "found before"),
        ("(", "regular expression"),
        ("A?", "match"),
    ],
)
def test_a_pattern_that_could_be_slow_or_match_everywhere_is_refused(pattern, told):
    with pytest.raises(ValidationError, match=told):
        JoinKey(kind="order", pattern=pattern)


def test_a_bare_number_wants_cues():
    with pytest.raises(ValidationError, match="cues"):
        JoinKey(kind="order", pattern="A1", bare="1")


def test_patterns_compile_in_any_number():
    assert compile_keys((), None).patterns == ()
