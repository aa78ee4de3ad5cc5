"""Dotted paths into records: objects, lists and lists that were made objects."""

import pytest

from cxnlp.collect.paths import at_path, has_path
from cxnlp.collect.web.bodies import leaves_out
from cxnlp.collect.web.keyed import key_lists
from cxnlp.web_settings import Keyed

REVIEW = {"comments": [{"user": {"text": "Slow."}}, {"developer": {"text": "Sorry."}}]}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("comments.0.user.text", "Slow."),
        ("comments.1.developer.text", "Sorry."),
        ("comments.2.user.text", None),
        ("comments.-1", None),
        ("comments.x", None),
        ("comments.0.user.text.0", None),
    ],
)
def test_a_number_in_a_path_is_an_entry_of_a_list(path, value):
    assert at_path(REVIEW, path) == value
    assert has_path(REVIEW, path) == (value is not None)


def test_a_list_is_keyed_through_the_lists_above_it():
    record = {"pages": [{"questions": [{"id": "7", "a": 1}]}, {"questions": [{"id": 8, "a": 2}, {"id": "7", "a": 3}]}]}
    key_lists([record], (Keyed(list="pages.questions", into="question"),))
    assert (at_path(record, "question.7.a"), at_path(record, "question.8.a")) == (1, 2)


@pytest.mark.parametrize("answers", [None, "words", [None, "words", {"field": []}, {"field": {"ref": None}}]])
def test_a_list_that_is_none_gives_an_empty_object(answers):
    record = {"answers": answers}
    key_lists([record], (Keyed(list="answers", key="field.ref", into="answer"),))
    assert record["answer"] == {}


def test_a_record_without_the_list_stays_as_it_is():
    record = {"replies": []}
    key_lists([record], (Keyed(list="answers", key="field.ref", into="answer"),))
    assert record == {"replies": []}


@pytest.mark.parametrize(
    ("body", "is_empty"),
    [
        ({"meta": {"result_count": 0}}, True),
        ({}, True),
        ({"data": []}, False),
        ({"datas": [1]}, False),
        ({"errors": [{"title": "Not Found"}]}, False),
        ([], False),
    ],
)
def test_an_empty_page_is_told_from_one_of_another_schema(body, is_empty):
    assert leaves_out(body, "data") == is_empty
