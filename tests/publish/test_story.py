import pytest

from cxnlp.errors import QueryError
from cxnlp.publish.query import run_query
from cxnlp.publish.story import tell_story


def test_a_story_names_owner_words_and_what_is_not_known(marts):
    found = run_query(
        marts,
        "SELECT item_id, owner, quote FROM contacts WHERE quote IS NOT NULL AND domain = 'billing' ORDER BY 1 LIMIT 1",
    )
    item_id, owner, quote = found.rows[0]
    story = tell_story(marts, str(item_id))
    assert story.startswith(f"{item_id}: ")
    assert f"Owner: {owner}" in story
    assert f'"{quote}"' in story
    assert "no event that makes customers contact us lies before it" in story


def test_a_value_contact_has_nothing_broken(marts):
    item_id = run_query(marts, "SELECT item_id FROM contacts WHERE demand = 'value' ORDER BY 1 LIMIT 1").rows[0][0]
    assert "nothing had gone wrong" in tell_story(marts, str(item_id))


def test_an_unknown_contact_is_refused_with_the_remedy(marts):
    with pytest.raises(QueryError, match="no-such-item: no contact of that id; `cxnlp query"):
        tell_story(marts, "no-such-item")
