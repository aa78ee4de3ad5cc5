"""Apply a new key over every stored hash, and drop what is older than it is kept."""

import pandas as pd

from cxnlp.errors import ConfigError
from cxnlp.lake import Lake
from cxnlp.night.cleaning import is_too_old
from cxnlp.night.context import Context
from cxnlp.night.forgetting import Whose, forget
from cxnlp.pseudonym import KEYED, Pseudonyms, key_id_of
from cxnlp.tables import CORE_KEYS, EVENTS, FEEDBACK, TABLES, Table

HASH_COLUMNS = ("customer_key", "key_hash")


def rotate(lake: Lake, pseudonyms: Pseudonyms) -> dict[str, int]:
    """Bring every hash under the newest key; a rotation that was killed goes on where it was.

    Each table is one commit, and each hash names its key, so none is renewed twice.

    :returns: table -> hashes renewed.
    :raises ConfigError: where the lake holds hashes under a key that is not known.
    """
    counts = {}
    for table in TABLES.values():
        columns = [name for name in HASH_COLUMNS if name in table.names]
        if columns or table is EVENTS:
            counts[table.name] = _rotate_table(lake, table, columns, pseudonyms)
    touched = [TABLES[name] for name, count in counts.items() if count]
    lake.forget_versions(touched)
    return {table.name: counts[table.name] for table in touched}


def check_key(lake: Lake, pseudonyms: Pseudonyms) -> None:
    """See that what is written next will join what is there.

    :raises ConfigError: where the lake's hashes are under another key than the newest.
    """
    keys = set(lake.read(FEEDBACK, ["customer_key"])["customer_key"].dropna().str[:9].unique())
    foreign = sorted(keys - {f"k{pseudonyms.key_id}"})
    if foreign:
        pseudonyms.renewed(f"{foreign[0]}-{'0' * 32}")  # tells of a key that is not known at all
        raise ConfigError(
            "the lake holds hashes under an older key; run `cxnlp keys rotate PIPELINE` to apply the new one over them"
        )


def drop_old(context: Context) -> int:
    """Forget items older than their kind of source is kept; returns how many."""
    if not context.pipeline.retention.days():
        return 0
    items = context.lake.read(FEEDBACK, ["item_id", "source_kind", "created_at"])
    old = frozenset(items.loc[is_too_old(context, items), "item_id"])
    if old:
        forget(context.lake, Whose(frozenset(), old, frozenset(), frozenset()))
    return len(old)


def _rotate_table(lake: Lake, table: Table, columns: list[str], pseudonyms: Pseudonyms) -> int:
    rows = lake.read(table)
    renewed = rows.copy()
    for name in columns:
        renewed[name] = _renewed(rows[name], pseudonyms)
    if table is EVENTS:
        renewed["attributes"] = rows["attributes"].map(lambda text: _renewed_text(text, pseudonyms), na_action="ignore")
    if table is CORE_KEYS:
        renewed["key_id"] = renewed["key_hash"].map(key_id_of)
    touched = [*columns, "attributes"] if table is EVENTS else columns
    changed = (renewed[touched].fillna("") != rows[touched].fillna("")).any(axis=1)
    if not changed.any():
        return 0
    lake.replace_all(table, table.typed(renewed))
    return int(changed.sum())


def _renewed(hashes: pd.Series, pseudonyms: Pseudonyms) -> pd.Series:
    return hashes.map(pseudonyms.renewed, na_action="ignore").astype("str")


def _renewed_text(text: str, pseudonyms: Pseudonyms) -> str:
    return KEYED.sub(lambda found: pseudonyms.renewed(found.group()), text)
