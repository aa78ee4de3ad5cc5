import pytest

from cxnlp.clean.language import detect_languages


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("La conexión se corta todas las noches y nadie contesta", "es"),
        ("Ich warte seit drei Wochen auf meine Rechnung", "de"),
        ("Очень долго ждал ответа от поддержки", "ru"),
        ("客服态度很差，等了三天没有人回复", "zh"),
        ("客服很差", "zh"),
        ("サポートが遅い", "ja"),
    ],
)
def test_text_in_another_language_is_kept_and_not_analysed(text, code):
    (found,) = detect_languages([text], ("en",))
    assert (found.code, found.is_analysed) == (code, False)


@pytest.mark.parametrize(
    "text",
    [
        "teh wifi dont wrk agian n no1 pick up",
        "MY BILL IS WRONG AGAIN AND NOBODY CARES",
        "ጥሩ አፕ but please fix the login page soon",
        "@ana #lento my line is dead since Friday",
    ],
)
def test_careless_english_is_english(text):
    (found,) = detect_languages([text], ("en",))
    assert (found.code, found.is_analysed) == ("en", True)


@pytest.mark.parametrize("text", ["Super app", "Muy mal", "😡😡", "!!!", "<EMAIL_1>", "𝗯𝗮𝗱"])
def test_too_short_to_tell_is_taken_as_the_usual_language(text):
    (found,) = detect_languages([text], ("en", "de"))
    assert (found.code, found.is_analysed) == ("en", True)


def test_every_wanted_language_is_analysed():
    found = detect_languages(["Ich warte seit drei Wochen auf meine Rechnung"], ("en", "de"))
    assert [(language.code, language.is_analysed) for language in found] == [("de", True)]
