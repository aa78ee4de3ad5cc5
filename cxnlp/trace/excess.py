"""`mart_event_excess`: after which kinds of events do customers contact us more than at their other times?

A kind explains contacts only where its excess is beyond chance over all kinds and windows tried, where its placebos
show none, and where enough customers were not hit at the time.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cxnlp.config import Excess, Trace
from cxnlp.tables import EVENT_EXCESS
from cxnlp.trace.dose import estimate_doses
from cxnlp.trace.placebo import implausible_causes, try_placebos
from cxnlp.trace.ratios import discovery_values
from cxnlp.trace.reach import plain_kind, segment_of
from cxnlp.trace.study import Study, open_study
from cxnlp.trace.timeline import Timeline
from cxnlp.trace.windows import (
    Fitted,
    bins_of,
    draw_kinds,
    estimate_windows,
    fit_better_form,
    fit_windows,
    reach_at_once,
    series_of,
)

ALL = "all"
NO_DOMAIN = ("none", "cannot_tell")
SAYS_LITTLE = ("service", *NO_DOMAIN)  # blamed for everything, so no placebo
LEAST_DOMAIN_CONTACTS = 20
METHOD = (
    "self-controlled case series, season fitted with it, 95 % interval robust to repeats, not adjusted for many kinds"
)
SEASON_METHOD = METHOD + "; hits all at once: smooth season only"


def measure_excess(
    contacts: pd.DataFrame, events: pd.DataFrame, customers: pd.DataFrame, settings: Trace, time_zone: str
) -> pd.DataFrame:
    """Rate ratio of contacts after each kind of event, in each window, of all contacts and of each domain.

    :param contacts: `item_id`, `chain_id`, `customer_key`, `created_at`, `domain` (said; may be null). Contacts of
        unknown customers or times are left out.
    :param events: rows of `core_events`.
    :param customers: rows of `core_customers`; may be empty.
    :returns: rows of `mart_event_excess`.
    """
    known = contacts["customer_key"].notna() & contacts["created_at"].notna()
    if not known.any() or events.empty:
        return EVENT_EXCESS.empty()
    study = open_study(_at_first(contacts[known]), events, customers, settings, time_zone)
    if study.events.empty:
        return EVENT_EXCESS.empty()
    timeline = draw_kinds(study, study.kinds, bins_of(settings.excess.windows))
    fitted = fit_better_form(series_of(study, timeline, np.ones(len(study.contacts), dtype=bool)))
    rows = pd.concat([_estimates(fitted, study, settings, ALL), *_by_domain(study, timeline, settings)])
    groups = segment_of(customers, study.customers, settings.excess.exchange_within)
    placebos = try_placebos(study, study.kinds, groups, settings.excess)
    rows = rows.merge(placebos, on="kind").merge(_implausible(rows, settings), on=["kind", "window"])
    rows = rows.merge(estimate_doses(fitted, study, settings), on=["kind", "window"], how="left")
    rows["event_count"] = rows["kind"].map(study.events.groupby("kind")["event_id"].nunique())
    reach = dict(zip(study.kinds, reach_at_once(timeline, study.n_days), strict=True))
    rows["is_separable"] = rows["kind"].map(reach) <= settings.excess.max_reach
    return EVENT_EXCESS.typed(_judged(rows, settings.excess).reset_index(drop=True))


def _at_first(contacts: pd.DataFrame) -> pd.DataFrame:
    """Every contact at the time of the first of its chain, with the first domain that the chain tells of.

    Counting first contacts only, two problems that were taken for one chain would count once, oftenest for those who
    call most and just after what makes them call; their repeats elsewhere would dilute it. Counted at the first of
    its chain, each problem keeps its weight; the intervals allow for the clusters.
    """
    told = contacts["domain"].where(~contacts["domain"].isin(NO_DOMAIN))
    ordered = contacts.assign(domain=told).sort_values(["created_at", "item_id"])
    first = ordered.groupby("chain_id")[["created_at", "domain"]].transform("first")
    return ordered.assign(created_at=first["created_at"], domain=first["domain"].astype("str"))


def _estimates(fitted: Fitted, study: Study, settings: Trace, domain: str) -> pd.DataFrame:
    windows = settings.excess.windows
    return estimate_windows(fitted, study.kinds, windows, bins_of(windows)).assign(domain=domain)


def _by_domain(study: Study, timeline: Timeline, settings: Trace) -> list[pd.DataFrame]:
    """Estimates for the contacts that tell of each domain often enough, each with a season of its own.

    Few kinds act on one domain, so effects multiply here, which is fitted faster.
    """
    told = study.contacts["domain"].fillna(NO_DOMAIN[0])
    numbers = told[~told.isin(NO_DOMAIN)].value_counts()
    domains = sorted(numbers.index[numbers >= LEAST_DOMAIN_CONTACTS])
    series = ((domain, series_of(study, timeline, (told == domain).to_numpy())) for domain in domains)
    return [_estimates(fit_windows(one), study, settings, domain) for domain, one in series]


def _implausible(rows: pd.DataFrame, settings: Trace) -> pd.DataFrame:
    """The placebo of causes for each kind and window."""
    tested = []
    for (kind, window), group in rows[rows["domain"] != ALL].groupby(["kind", "window"]):
        known = settings.event_kinds.get(plain_kind(str(kind)))
        test = implausible_causes(group, known.domains if known else (), SAYS_LITTLE)
        tested.append((kind, window, test.ratio, test.p_value))
    names = ["kind", "window", "implausible_ratio", "implausible_p"]
    if not tested:
        return rows[["kind", "window"]].drop_duplicates().assign(implausible_ratio=np.nan, implausible_p=np.nan)
    return pd.DataFrame(tested, columns=names)


def _judged(rows: pd.DataFrame, settings: Excess) -> pd.DataFrame:
    """Add q-values, attributable fractions, and whether each row is used, with the first reason why not."""
    with np.errstate(divide="ignore"):
        fractions = {
            f"attributable_{end}": 1 - 1 / rows[ratio]
            for end, ratio in (("fraction", "rate_ratio"), ("low", "rate_ratio_low"), ("high", "rate_ratio_high"))
        }
    judged = rows.assign(**fractions)
    judged["q_value"] = discovery_values(
        rows["p_value"].to_numpy(),
        rows["kind"].to_numpy(dtype=str),
        (rows["domain"] != ALL).to_numpy(),
        settings.max_false_share,
    )
    judged["why_not"] = _reasons(judged, settings)
    judged["is_used"] = judged["why_not"].isna()
    judged["method"] = np.where(judged["is_separable"], METHOD, SEASON_METHOD)
    return judged


def _reasons(rows: pd.DataFrame, settings: Excess) -> pd.Series:
    level = settings.placebo_level
    whole = rows[rows["domain"] == ALL].set_index(["kind", "window"])["rate_ratio"]
    real = whole.reindex(pd.MultiIndex.from_frame(rows[["kind", "window"]])).to_numpy()
    implausible_excess = (rows["implausible_ratio"] - 1) >= 0.5 * (real - 1)
    tests: Sequence[tuple[pd.Series, str]] = (
        (rows["rate_ratio"] <= 1, "no more contacts than at other times"),
        (rows["contact_count"] < settings.min_contacts, "too few contacts in the window"),
        (rows["q_value"] > settings.max_false_share, "no excess beyond chance"),
        (~rows["is_separable"], "hits all customers at once: not separable from the season"),
        (_fails(rows, "before", level), "placebo: as much before the event"),
        (_fails(rows, "exchanged", level), "placebo: excess with dates exchanged among customers"),
        (_fails(rows, "implausible", level) & implausible_excess, "placebo: excess of causes it cannot produce"),
    )
    reason = pd.Series(None, index=rows.index, dtype="str")
    for fails, words in tests:
        reason = reason.mask(reason.isna() & fails, words)
    return reason


def _fails(rows: pd.DataFrame, placebo: str, level: float) -> pd.Series:
    return (rows[f"{placebo}_p"] < level) & (rows[f"{placebo}_ratio"] > 1)
