"""Made-up companies in which it is known which events make customers call, by how much, and what they say of it.

Customers call by themselves at a rate of their own that follows a season and the weekday; a harmful event adds calls
in a lag window after it; each call may lead to further calls about the same problem. What a caller says is the true
domain, another one, service, or nothing. Everything is drawn from one seed; nothing here ever trains the labeler.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

DAY = 86_400
FIRST_DAY = pd.Timestamp("2025-01-06", tz="UTC")
DOMAINS = (
    "marketing",
    "sales",
    "billing",
    "product",
    "documentation",
    "fulfilment",
    "digital",
    "policy",
    "frontline",
    "service",
)
BACKGROUND = (0.05, 0.05, 0.15, 0.2, 0.1, 0.15, 0.1, 0.1, 0.05, 0.05)
UPSTREAM = DOMAINS[:-1]
CHANNELS = ("phone", "email", "chat")
REGIONS = ("north", "south", "east", "west")


@dataclass(frozen=True)
class Kind:
    """A kind of event and its true effect.

    :ivar a_year: mean number a customer has in a year; for a concentrated kind the share of customers hit.
    :ivar rate_ratio: rate of calls in the window over the customer's rate at other times; 1 for a harmless kind.
    :ivar window: first and last day of the effect.
    :ivar domain: domain of the breakdown that it is.
    :ivar on_day: day on which all its events fall (a campaign); None where they are spread over the time.
    :ivar by_activity: whether customers who call more get more of them.
    :ivar after_contact: share of calls that are followed by such an event (a credit note); the event does nothing.
    :ivar company_wide: whether the event has no customer: it hits a region, or everybody where `region` is None.
    """

    name: str
    a_year: float
    rate_ratio: float = 1.0
    window: tuple[int, int] = (0, 6)
    domain: str = "product"
    on_day: int | None = None
    by_activity: bool = False
    after_contact: float = 0.0
    company_wide: bool = False
    region: str | None = None


@dataclass(frozen=True)
class Speech:
    """What callers say: the true domain, nothing, service, or a wrong domain with the rest."""

    true: float = 0.6
    nothing: float = 0.15
    service: float = 0.15


@dataclass(frozen=True)
class Plan:
    """A company to be drawn.

    :ivar calls_a_year: mean calls of a customer that no event caused.
    :ivar spread: shape of the gamma distribution of the customers' rates; small is uneven.
    :ivar season: amplitude of a yearly wave on the log scale.
    :ivar peak: day, width in days and log height of a bump in everybody's calls; None for none.
    :ivar repeats: probability that a call is followed by another one about the same problem.
    """

    customers: int
    days: int
    calls_a_year: float
    kinds: tuple[Kind, ...]
    seed: int
    spread: float = 1.5
    season: float = 0.2
    peak: tuple[float, float, float] | None = None
    repeats: float = 0.0
    speech: Speech = field(default_factory=Speech)


@dataclass(frozen=True)
class Company:
    """A drawn company.

    :ivar contacts: `item_id`, `customer_key`, `created_at`, `channel`, `chain_id`, `is_repeat`, `domain` (said; null
        where nothing is), `true_domain`, `true_event_id` (null for the background).
    :ivar events: rows as `core_events`: `event_id`, `customer_key`, `kind`, `at`, `attributes`.
    :ivar customers: `customer_key`, `segments`.
    :ivar expected: calls expected in the window of each kind without its effect.
    """

    plan: Plan
    contacts: pd.DataFrame
    events: pd.DataFrame
    customers: pd.DataFrame
    expected: dict[str, float]


@dataclass(frozen=True)
class _Drawn:
    """Events of one kind and the calls that they caused."""

    customer: np.ndarray
    at: np.ndarray
    caller: np.ndarray
    called_at: np.ndarray
    cause: np.ndarray
    expected: float


def draw_company(plan: Plan) -> Company:
    """Draw a company; the same plan gives the same company."""
    random = np.random.default_rng(plan.seed)
    activity = random.gamma(plan.spread, 1 / plan.spread, plan.customers)
    rate = activity * plan.calls_a_year / 365  # a day
    region = random.integers(0, len(REGIONS), plan.customers)
    season = season_of(plan)
    caller, called_at = _background(rate, season, random)
    kinds = [_draw_kind(kind, plan, rate, activity, region, season, (caller, called_at), random) for kind in plan.kinds]
    calls = _calls(plan, caller, called_at, kinds, random)
    events = _events(plan, kinds)
    customers = pd.DataFrame(
        {
            "customer_key": _customer_keys(np.arange(plan.customers)),
            "segments": [f'{{"region": "{REGIONS[number]}"}}' for number in region],
        }
    )
    expected = {kind.name: drawn.expected for kind, drawn in zip(plan.kinds, kinds, strict=True)}
    return Company(plan, calls, events, customers, expected)


def season_of(plan: Plan) -> np.ndarray:
    """Factor on everybody's rate, by day; its mean is near 1."""
    day = np.arange(plan.days)
    log_season = plan.season * np.sin(2 * np.pi * (day + plan.seed % 365) / 365)
    log_season = log_season + np.array([0.15, 0.1, 0.05, 0.0, 0.0, -0.25, -0.4])[day % 7]
    if plan.peak is not None:
        middle, width, height = plan.peak
        log_season = log_season + height * np.exp(-0.5 * ((day - middle) / width) ** 2)
    return np.exp(log_season)


def _background(rate: np.ndarray, season: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    caller = np.repeat(np.arange(len(rate)), random.poisson(rate * season.sum()))
    day = random.choice(len(season), size=len(caller), p=season / season.sum())
    return caller, (day * DAY + random.integers(0, DAY, len(caller))).astype(np.int64)


def _draw_kind(
    kind: Kind,
    plan: Plan,
    rate: np.ndarray,
    activity: np.ndarray,
    region: np.ndarray,
    season: np.ndarray,
    calls: tuple[np.ndarray, np.ndarray],
    random: np.random.Generator,
) -> _Drawn:
    """Events of a kind, and the calls they add: the customer's rate times the season times (rate ratio - 1)."""
    customer, at = _happen(kind, plan, activity, region, calls, random)
    order = np.lexsort((at, customer))
    customer, at = customer[order], at[order]
    begin, end = at + kind.window[0] * DAY, at + (kind.window[1] + 1) * DAY
    following = np.append(at[1:], 0) + kind.window[0] * DAY
    following[np.append(customer[1:], -1) != customer] = np.iinfo(np.int64).max
    end = np.minimum(np.minimum(end, following), plan.days * DAY)
    until = np.concatenate([[0.0], np.cumsum(season)])
    days = np.arange(len(until))
    base = rate[customer] * np.maximum(np.interp(end / DAY, days, until) - np.interp(begin / DAY, days, until), 0)
    cause = np.repeat(np.arange(len(at)), random.poisson(base * (kind.rate_ratio - 1)))
    low, high = np.interp(begin / DAY, days, until)[cause], np.interp(end / DAY, days, until)[cause]
    place = np.interp(low + random.random(len(cause)) * (high - low), until, days)
    return _Drawn(customer, at, customer[cause], (place * DAY).astype(np.int64), cause, float(base.sum()))


def _happen(
    kind: Kind,
    plan: Plan,
    activity: np.ndarray,
    region: np.ndarray,
    calls: tuple[np.ndarray, np.ndarray],
    random: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Whom the events of a kind hit, and when."""
    everyone = np.arange(plan.customers)
    if kind.after_contact:
        chosen = np.flatnonzero(random.random(len(calls[0])) < kind.after_contact)
        return calls[0][chosen], calls[1][chosen] + random.integers(DAY // 8, 3 * DAY, len(chosen))
    if kind.company_wide:
        hit = everyone if kind.region is None else everyone[region == REGIONS.index(kind.region)]
        moment = int((kind.on_day or plan.days // 2) * DAY + DAY // 3)
        return hit, np.full(len(hit), moment, dtype=np.int64)
    weight = activity if kind.by_activity else np.ones(plan.customers)
    if kind.on_day is not None:
        chance = np.clip(kind.a_year * weight, 0, 1)
        hit = everyone[random.random(plan.customers) < chance]
        return hit, (kind.on_day * DAY + random.integers(0, DAY // 2, len(hit))).astype(np.int64)
    number = random.poisson(weight * kind.a_year * plan.days / 365)
    customer = np.repeat(everyone, number)
    return customer, random.integers(0, plan.days * DAY, len(customer))


def _calls(
    plan: Plan, caller: np.ndarray, called_at: np.ndarray, kinds: list[_Drawn], random: np.random.Generator
) -> pd.DataFrame:
    """All calls with their chains, true causes and what is said."""
    background = random.choice(len(DOMAINS), size=len(caller), p=BACKGROUND)
    codes = [DOMAINS.index(kind.domain) for kind in plan.kinds]
    domain = [background, *(np.full(len(k.caller), code) for k, code in zip(kinds, codes, strict=True))]
    cause = [np.full(len(caller), None, dtype=object), *(_event_ids(n, k.cause) for n, k in enumerate(kinds))]
    chains = pd.DataFrame(
        {
            "customer": np.concatenate([caller, *(k.caller for k in kinds)]),
            "at": np.concatenate([called_at, *(k.called_at for k in kinds)]),
            "true": np.concatenate(domain),
            "true_event_id": np.concatenate(cause),
        }
    ).sort_values(["customer", "at"], ignore_index=True)
    chains["chain_id"] = pd.Series([f"call-{number}" for number in range(len(chains))], dtype="str")
    calls = _with_repeats(chains, plan, random)
    calls["said"] = _said(calls["true"].to_numpy(), plan.speech, random)
    known = np.array([*DOMAINS, None], dtype=object)
    return pd.DataFrame(
        {
            "item_id": np.where(
                calls["turn"] > 0, calls["chain_id"] + "-" + calls["turn"].astype(str), calls["chain_id"]
            ),
            "customer_key": _customer_keys(calls["customer"].to_numpy()),
            "created_at": FIRST_DAY + pd.to_timedelta(calls["at"], unit="s"),
            "channel": np.array(CHANNELS)[random.integers(0, len(CHANNELS), len(calls))],
            "chain_id": calls["chain_id"],
            "is_repeat": calls["turn"] > 0,
            "domain": pd.Series(known[calls["said"].to_numpy()], dtype="str"),
            "true_domain": pd.Series(known[calls["true"].to_numpy()], dtype="str"),
            "true_event_id": calls["true_event_id"].astype("str"),
        }
    )


def _with_repeats(chains: pd.DataFrame, plan: Plan, random: np.random.Generator) -> pd.DataFrame:
    """Add calls again about the same problem, some days after the one before."""
    turns = [chains.assign(turn=0)]
    while plan.repeats and len(turns[-1]):
        last = turns[-1]
        again = last[random.random(len(last)) < plan.repeats]
        later = again["at"] + (DAY * (0.2 + random.exponential(4.0, len(again)))).astype("int64")
        turns.append(again.assign(at=later, turn=again["turn"] + 1)[later < plan.days * DAY])
    return pd.concat(turns).sort_values(["customer", "at"], ignore_index=True)


def _said(true: np.ndarray, speech: Speech, random: np.random.Generator) -> np.ndarray:
    """Number of the domain said; the last number is none."""
    drawn = random.random(len(true))
    wrong = random.integers(0, len(UPSTREAM), len(true))
    bounds = np.cumsum([speech.true, speech.nothing, speech.service])
    service, nothing = len(DOMAINS) - 1, len(DOMAINS)
    return np.select([drawn < bounds[0], drawn < bounds[1], drawn < bounds[2]], [true, nothing, service], wrong)


def _events(plan: Plan, kinds: list[_Drawn]) -> pd.DataFrame:
    frames = [
        _kind_events(number, kind, drawn) for number, (kind, drawn) in enumerate(zip(plan.kinds, kinds, strict=True))
    ]
    return pd.concat(frames, ignore_index=True)


def _kind_events(number: int, kind: Kind, drawn: _Drawn) -> pd.DataFrame:
    if kind.company_wide:
        at = drawn.at[:1]
        attributes = f'{{"region": "{kind.region}"}}' if kind.region else "{}"
        customers = pd.Series([None] * len(at), dtype="str")
    else:
        at, attributes = drawn.at, "{}"
        customers = pd.Series(_customer_keys(drawn.customer), dtype="str")
    return pd.DataFrame(
        {
            "event_id": _event_ids(number, np.arange(len(at))),
            "customer_key": customers,
            "kind": kind.name,
            "at": FIRST_DAY + pd.to_timedelta(at, unit="s"),
            "attributes": attributes,
        }
    )


def _event_ids(kind: int, number: np.ndarray) -> np.ndarray:
    return np.array([f"event-{kind}-{place}" for place in number.tolist()], dtype=object)


def _customer_keys(numbers: np.ndarray) -> np.ndarray:
    return np.array([f"c{number:07d}" for number in numbers.tolist()], dtype=object)


def with_events_exchanged(company: Company, seed: int) -> Company:
    """The same company with each customer's events given to another one."""
    random = np.random.default_rng(seed)
    keys = company.customers["customer_key"].to_numpy()
    other = dict(zip(keys, random.permutation(keys), strict=True))
    events = company.events.assign(customer_key=company.events["customer_key"].map(other).astype("str"))
    return replace(company, events=events)
