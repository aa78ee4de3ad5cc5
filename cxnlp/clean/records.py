"""Records as collected -> items with clean text, or a dropped row with its reason."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cxnlp.clean.keys import FoundKey
from cxnlp.clean.language import detect_languages
from cxnlp.clean.privacy import Redactor
from cxnlp.clean.replies import strip_mail
from cxnlp.clean.text import clean_text
from cxnlp.config import Clean
from cxnlp.pseudonym import key_id_of
from cxnlp.tables import CORE_KEYS, DROPPED, FEEDBACK

MAIL_KINDS = frozenset({"ticket"})  # kinds of source whose text can be a mail
CUSTOMER = "customer"


@dataclass(frozen=True)
class Cleaned:
    """Rows of `core_feedback`, of `core_dropped` for records that left no text, and of `core_keys`."""

    feedback: pd.DataFrame
    dropped: pd.DataFrame
    keys: pd.DataFrame


@dataclass(frozen=True)
class Turn:
    """One thing said in a thread or chat, by whom and, where known, when."""

    who: str
    text: str
    at: str | None = None


@dataclass(frozen=True)
class Words:
    """All words of one record: the question asked, what the customer said, and the thread where there is one."""

    question: str | None
    text: str
    turns: tuple[Turn, ...] | None
    keys: tuple[FoundKey, ...] = ()


def clean_records(records: pd.DataFrame, settings: Clean, redactor: Redactor) -> Cleaned:
    """Clean every record; each one becomes an item or a dropped row.

    :param records: rows of `records`; item ids differ.
    :param settings: longest text and the languages that the model reads.
    :param redactor: takes personal data out and hashes join keys.
    :raises SchemaError: if an item id repeats.
    """
    words = [
        clean_words(read_words(question, text, turns), kind, settings.max_characters, redactor)
        for question, text, turns, kind in zip(
            *(records[name].tolist() for name in ("question", "text", "turns", "source_kind")), strict=True
        )
    ]
    is_kept = pd.Series([bool(each.text) for each in words], index=records.index, dtype="bool")
    kept = [each for each in words if each.text]
    items = records[is_kept]
    return Cleaned(_feedback(items, kept, settings), _dropped(records[~is_kept]), _keys(items["item_id"], kept))


def clean_words(words: Words, source_kind: str, max_characters: int, redactor: Redactor) -> Words:
    """The order of cleaning: sound text, mail habits off, personal data out."""
    pieces = [words.question or "", *([turn.text for turn in words.turns] if words.turns else [words.text])]
    pieces = [clean_text(piece, max_characters) for piece in pieces]
    if source_kind in MAIL_KINDS:
        pieces = [pieces[0], *(strip_mail(piece) for piece in pieces[1:])]
    redacted = redactor.redact(pieces)
    question, *said = redacted.texts
    if not words.turns:
        return Words(question or None, said[0], None, redacted.keys)
    turns = tuple(Turn(turn.who, text, turn.at) for turn, text in zip(words.turns, said, strict=True) if text)
    text = "\n".join(turn.text for turn in turns if turn.who == CUSTOMER)
    return Words(question or None, clean_text(text, max_characters), turns, redacted.keys)


def read_words(question: object, text: object, turns: object) -> Words:
    """Words of one record from its cells, where a null is NaN or None."""
    said = json.loads(turns) if isinstance(turns, str) else None
    return Words(
        question=question if isinstance(question, str) else None,
        text=text if isinstance(text, str) else "",
        turns=tuple(Turn(turn["who"], turn["text"] or "", turn.get("at")) for turn in said) if said else None,
    )


def text_hash(source_kind: str, text: str) -> str:
    """SHA-256 (hex) of what is labelled: an item with the same hash has the same labels."""
    return hashlib.sha256(f"{source_kind}\0{text}".encode()).hexdigest()


def _feedback(records: pd.DataFrame, words: Sequence[Words], settings: Clean) -> pd.DataFrame:
    texts = [each.text for each in words]
    languages = detect_languages(texts, settings.languages)
    feedback = records.assign(
        question=pd.Series([each.question for each in words], index=records.index, dtype="str"),
        text=texts,
        turns=pd.Series([_turns_json(each.turns) for each in words], index=records.index, dtype="str"),
        language=pd.Series([each.code for each in languages], index=records.index, dtype="str"),
        language_probability=pd.Series([each.probability for each in languages], index=records.index, dtype="float64"),
        is_analysed=[each.is_analysed for each in languages],
        text_hash=[text_hash(kind, text) for kind, text in zip(records["source_kind"], texts, strict=True)],
    )
    return FEEDBACK.check(FEEDBACK.typed(feedback).reset_index(drop=True))


def _turns_json(turns: tuple[Turn, ...] | None) -> str | None:
    if turns is None:
        return None
    return json.dumps([_told(turn) for turn in turns], ensure_ascii=False)


def _told(turn: Turn) -> dict[str, str]:
    told = {"who": turn.who, "text": turn.text}
    return told if turn.at is None else {**told, "at": turn.at}


def _keys(item_ids: pd.Series, words: Sequence[Words]) -> pd.DataFrame:
    rows = [
        (item_id, key.placeholder, key.kind, key.key_hash, key_id_of(key.key_hash))
        for item_id, each in zip(item_ids, words, strict=True)
        for key in each.keys
    ]
    return CORE_KEYS.check(CORE_KEYS.typed(pd.DataFrame(rows, columns=CORE_KEYS.names)))


def _dropped(records: pd.DataFrame) -> pd.DataFrame:
    dropped = records.assign(stage="clean", reason="empty_text")
    return DROPPED.check(DROPPED.typed(dropped).reset_index(drop=True))
