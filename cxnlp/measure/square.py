"""Price and Jaffe's value-irritant square: what to do about a reason of contact.

A contact may be of value to the customer or an irritant, and so for the company. An irritant to both is eliminated;
where it irritates the customer but the company wants it, it is simplified; where the customer wants it and the
company gains nothing, automated; where both gain, leveraged (Price and Jaffe, 2008, The Best Service is No Service).
Failure demand irritates the customer; value demand is of value to them. What the company wants is told by rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cxnlp.tables import VALUE_IRRITANT


@dataclass(frozen=True)
class Placing:
    """A square, and the rule that placed a reason there; null where nothing is known."""

    square: str | None
    rule: str


ELIMINATE = Placing("eliminate", "failure demand with a cause that the owner can remove: an irritant to both")
UNKNOWN = Placing(None, "cause not known")
BY_DOMAIN: Mapping[str, Placing] = {
    "policy": Placing("simplify", "a rule or process that the company wants and that irritates customers"),
    "external": Placing("automate", "nobody here can prevent it, and customers want to know: tell them unasked"),
    "cannot_tell": UNKNOWN,
    "none": UNKNOWN,
}
BY_STAGE: Mapping[str, Placing] = {
    stage: Placing("leverage", f"value demand at stage {stage}: a chance to sell, keep or learn")
    for stage in ("awareness", "consideration", "purchase", "loyalty", "exit")
}
AUTOMATE = Placing("automate", "value demand while using, paying or setting up: self-service serves it as well")


def place_breakdowns(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `square` and `square_rule` to rows with a `domain`."""
    placed = [BY_DOMAIN.get(domain, ELIMINATE) for domain in rows["domain"]]
    return rows.assign(square=_squares(placed, rows.index), square_rule=[p.rule for p in placed])


def count_value_irritant(contacts: pd.DataFrame, traces: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """`mart_value_irritant`: every reason of contact with its square.

    :param contacts: rows of `core_contacts`.
    :param traces: rows of `core_traces`.
    :param mentions: rows of `core_mentions` with the items' current labels.
    """
    failures = traces.assign(reason=traces["domain"] + "/" + traces["cause"].fillna("unsure"), demand="failure")
    failures = _summed(failures, ["demand", "reason", "domain"])
    values = contacts[contacts["demand"] == "value"].merge(_first_stage(mentions), on="item_id", how="left")
    values = _summed(values.assign(reason=values["stage"].fillna("unknown")), ["demand", "reason"])
    value_placed = [UNKNOWN if r == "unknown" else BY_STAGE.get(r, AUTOMATE) for r in values["reason"]]
    failure_placed = [BY_DOMAIN.get(domain, ELIMINATE) for domain in failures["domain"]]
    rows = pd.concat([failures, values], ignore_index=True)
    placed = [*failure_placed, *value_placed]
    return VALUE_IRRITANT.typed(rows.assign(square=_squares(placed, rows.index), rule=[p.rule for p in placed]))


def _squares(placed: list[Placing], index: pd.Index) -> pd.Series:
    return pd.Series([placing.square for placing in placed], index=index, dtype="str")


def _summed(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return rows.groupby(by, as_index=False).agg(contacts=("item_id", "size"), cost=("cost", "sum"))


def _first_stage(mentions: pd.DataFrame) -> pd.DataFrame:
    return mentions.loc[mentions["mention_no"] == 0, ["item_id", "stage"]].drop_duplicates("item_id")
