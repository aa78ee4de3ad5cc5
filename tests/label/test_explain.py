"""`cxnlp explain`."""

import io

from rich.console import Console

from cxnlp.label.explain import explain_text


def explained(labeler, text: str) -> str:
    screen = io.StringIO()
    explain_text(labeler, text, Console(file=screen, width=160, force_terminal=False))
    return screen.getvalue()


def test_shows_clauses_on_lines_of_their_own_and_every_answer(labeler):
    shown = explained(labeler, "Lovely lad on the phone, but you charged my card twice.")
    assert shown.splitlines()[:2] == ["Lovely lad on the phone,", "but you charged my card twice."]
    for word in ("sentiment", "demand", "billing", "incorrect_charge", "experience sentiment"):
        assert word in shown


def test_markup_in_the_text_is_shown_and_not_obeyed(labeler):
    assert "[red]charged[/red] twice" in explained(labeler, "[red]charged[/red] twice")


def test_a_text_without_a_word_is_explained_too(labeler):
    assert "none" in explained(labeler, "")
