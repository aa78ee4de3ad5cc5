"""`mart_fixes`: what became of the contacts of a cause since its fix."""

from datetime import date, datetime

import pandas as pd

from cxnlp.config import Trace
from cxnlp.errors import ConfigError, nearest
from cxnlp.tables import FIX_EFFECT, FIXES
from cxnlp.taxonomy import Taxonomy
from cxnlp.trace.interrupted import measure_fix
from cxnlp.weeks import day_of


def describe_fix(cause: str, fixed_on: date, note: str, added_at: datetime, taxonomy: Taxonomy) -> pd.DataFrame:
    """A row of `core_fixes`.

    :param cause: domain and cause, as in `billing/incorrect_charge`.
    :raises ConfigError: where the taxonomy has no such cause.
    """
    known = [f"{domain}/{code}" for domain, causes in taxonomy.breakdowns.items() for code in causes]
    if cause not in known:
        raise ConfigError(f"--cause {cause}: not in the taxonomy; {nearest(cause, known)}")
    domain, code = cause.split("/", 1)
    row = {
        "fix_id": f"{cause}@{fixed_on.isoformat()}",
        "domain": domain,
        "cause": code,
        "fixed_on": fixed_on.isoformat(),
        "note": note,
        "added_at": added_at,
    }
    return FIXES.typed(pd.DataFrame([row]))


def measure_fixes(
    fixes: pd.DataFrame, contacts: pd.DataFrame, traces: pd.DataFrame, settings: Trace, time_zone: str
) -> pd.DataFrame:
    """Effect of each fix on first contacts of chains, against all other causes.

    :param fixes: rows of `core_fixes`; `contacts`: rows of `core_contacts`; `traces`: rows of `core_traces`.
    :returns: rows of `mart_fixes`.
    """
    first = contacts.loc[~contacts["is_repeat"], ["item_id", "created_at"]].merge(traces, on="item_id")
    code = first["domain"] + "/" + first["cause"].fillna("unsure")
    counted = first.assign(day=day_of(first["created_at"], time_zone), cause=code).dropna(subset=["day"])
    daily = counted.groupby(["day", "cause"], as_index=False).agg(contact_count=("item_id", "size"))
    chain_cost = traces.groupby(["domain", "cause", "chain_id"])["cost"].sum().groupby(["domain", "cause"]).mean()
    rows = [_effect(fix, daily, chain_cost, settings) for _, fix in fixes.iterrows()]
    return FIX_EFFECT.typed(pd.DataFrame(rows, columns=FIX_EFFECT.names))


def _effect(fix: pd.Series, daily: pd.DataFrame, chain_cost: pd.Series, settings: Trace) -> dict[str, object]:
    effect = measure_fix(daily, f"{fix['domain']}/{fix['cause']}", date.fromisoformat(fix["fixed_on"]))
    cost = float(chain_cost.get((fix["domain"], fix["cause"]), settings.costs.other))
    named = {name: fix[name] for name in ("fix_id", "domain", "cause", "fixed_on", "note")}
    return named | {
        "owner": settings.owners.get(fix["domain"]),
        "effect": effect.ratio,
        "effect_low": effect.low,
        "effect_high": effect.high,
        "p_value": effect.p_value,
        "saved_contacts": effect.saved_contacts,
        "saved_low": effect.saved_low,
        "saved_high": effect.saved_high,
        "saved_cost": effect.saved_contacts * cost,
        "verdict": effect.verdict,
        "method": effect.method,
    }
