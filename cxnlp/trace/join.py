"""`core_traces`: what was said and what happened, joined into one breakdown for each chain, with its evidence.

P(b | text, events) is proportional to P(b | text) / P(b) times the share of the customer's contact intensity that
each cause's events explain. The part that no event explains, the background, has the causes at their base rate,
`cannot_tell` among them; so where no event explains anything, what was said stands as it is. A number in the text
that names an event gives that event most of the intensity. No quote and no event: `cannot_tell`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxnlp.config import Trace
from cxnlp.tables import TRACES
from cxnlp.trace.evidence import choose_causes, choose_events, choose_quotes
from cxnlp.trace.happened import KEY_SHARE, Happened
from cxnlp.trace.posteriors import CANNOT_TELL, Floats, Posteriors, read_posteriors
from cxnlp.trace.said import Said, Telling, learn_telling, read_said

Positions = npt.NDArray[np.int64]
LEAST = 1e-12
ITEM_COLUMNS = (
    "item_id",
    "domain",
    "domain_probability",
    "cause",
    "breakdown_quote",
    "breakdown_start",
    "breakdown_end",
    "domain_posterior",
)
QUOTE = ["quote", "quote_item_id", "breakdown_start", "breakdown_end"]
EVENT = ["event_id", "event_kind", "is_key_matched", "attributable", "attributable_low", "attributable_high"]


@dataclass(frozen=True)
class Joined:
    """The two lines of evidence for each chain and what they give together.

    :ivar chain_ids: chains, in the order of the rows of all arrays.
    :ivar causes: columns of all arrays.
    :ivar ratio: P(b | text) / P(b) of all turns of the chain.
    :ivar intensity: S(b), share of the intensity by cause; rows sum to 1.
    :ivar explained: part of S(b) that events explain.
    """

    chain_ids: npt.NDArray[np.object_]
    causes: tuple[str, ...]
    prior: Floats
    ratio: Floats
    intensity: Floats
    explained: Floats
    temperature: float

    @cached_property
    def said(self) -> Posteriors:
        """By the words alone."""
        return self._posterior(np.broadcast_to(self.prior, self.ratio.shape))

    @cached_property
    def happened(self) -> Posteriors:
        """By the events alone."""
        return Posteriors(self.causes, self.intensity)

    @cached_property
    def joined(self) -> Posteriors:
        """By both."""
        return self._posterior(self.intensity)

    def _posterior(self, intensity: Floats) -> Posteriors:
        logit = (np.log(self.ratio + LEAST) + np.log(intensity + LEAST)) / self.temperature
        odds = np.exp(logit - logit.max(axis=1, keepdims=True))
        return Posteriors(self.causes, odds / odds.sum(axis=1, keepdims=True))


def trace_contacts(contacts: pd.DataFrame, items: pd.DataFrame, happened: Happened, settings: Trace) -> pd.DataFrame:
    """One trace per failure contact; all contacts of a chain carry the chain's cause.

    :param contacts: rows of `core_contacts`.
    :param items: one row per item with its current label: `item_id`, `domain`, `domain_probability`, `cause`,
        `breakdown_quote`, `breakdown_start`, `breakdown_end`, `domain_posterior`.
    :returns: rows of `core_traces`.
    """
    failures = contacts[contacts["demand"] == "failure"].merge(items[list(ITEM_COLUMNS)], on="item_id")
    failures = failures.sort_values(["chain_id", "contact_no", "item_id"], ignore_index=True)
    if failures.empty:
        return TRACES.empty()
    joined = join_evidence(failures, happened, settings)
    chains = _choose(joined, failures, happened, settings)
    traces = failures[["item_id", "chain_id", "cost"]].merge(chains, on="chain_id")
    return TRACES.typed(traces.assign(owner=traces["domain"].map(settings.owners)))


def join_evidence(failures: pd.DataFrame, happened: Happened, settings: Trace) -> Joined:
    """Both lines of evidence of each chain.

    :param failures: failure contacts by chain and place in it, with `domain_posterior`.
    """
    chain, chain_ids = pd.factorize(failures["chain_id"])
    telling = Telling(settings.join.mistold, settings.join.blame_service)
    told = read_posteriors(failures["domain_posterior"])
    said = read_said(told, failures["is_repeat"].to_numpy(dtype=bool), happened.domains, telling)
    explained = _explained(failures, chain, len(chain_ids), happened, said)
    by_event = explained.sum(axis=1)
    odds = explained / said.prior + (1 - by_event)[:, None]
    said = learn_telling(said, odds[chain], by_event[chain] >= settings.join.min_share)
    return Joined(
        chain_ids=np.asarray(chain_ids, dtype=object),
        causes=said.causes,
        prior=said.prior,
        ratio=_chain_ratio(said, chain, len(chain_ids)),
        intensity=explained + (1 - by_event)[:, None] * said.prior,
        explained=explained,
        temperature=settings.join.temperature,
    )


def _chain_ratio(said: Said, chain: Positions, n_chains: int) -> Floats:
    """P(b | text) / P(b) of all turns; as turns repeat each other, they count as the root of their number."""
    telling = 1 - said.told.of("none")
    log_ratio = np.zeros((n_chains, len(said.causes)))
    np.add.at(log_ratio, chain, np.log(said.ratio + LEAST))
    number = np.bincount(chain, telling, minlength=n_chains)
    return np.exp(log_ratio / np.sqrt(np.maximum(number, 1.0))[:, None])


def _explained(failures: pd.DataFrame, chain: Positions, n_chains: int, happened: Happened, said: Said) -> Floats:
    """(chains, causes): share of the intensity of a chain's first contact that events of each cause explain."""
    candidates = happened.candidates
    place = pd.Series(chain, index=failures["item_id"]).reindex(candidates["item_id"]).to_numpy(dtype=float)
    first = failures.drop_duplicates("chain_id")["item_id"]
    is_first = candidates["item_id"].isin(set(first)).to_numpy()
    is_key = candidates["is_key"].to_numpy(dtype=bool)
    kind, weights = happened.weight_table(said.causes, said.prior)
    share = candidates["share"].to_numpy(dtype=float)
    explained = np.zeros((n_chains, len(said.causes)))
    plain = np.isfinite(place) & is_first
    np.add.at(explained, place[plain].astype(np.int64), share[plain, None] * weights[kind[plain]])
    named = np.isfinite(place) & is_key
    return _with_keys(explained, place[named].astype(np.int64), share[named] + 0.05, weights[kind[named]])


def _with_keys(explained: Floats, chain: Positions, share: Floats, weights: Floats) -> Floats:
    """Let the events that a chain names by number have most of its intensity."""
    total = np.bincount(chain, share, minlength=len(explained))
    by_key = np.zeros_like(explained)
    np.add.at(by_key, chain, (share / total[chain])[:, None] * weights)
    is_named = (total > 0)[:, None]
    return np.where(is_named, KEY_SHARE * by_key + (1 - KEY_SHARE) * explained, explained)


def _choose(joined: Joined, failures: pd.DataFrame, happened: Happened, settings: Trace) -> pd.DataFrame:
    """One row a chain: the domain with the evidence there is for it, or `cannot_tell` where there is none."""
    best = joined.joined.matrix.argmax(axis=1)
    codes = np.array(joined.causes, dtype=object)
    chains = pd.DataFrame({"chain_id": joined.chain_ids, "domain": codes[best]})
    chains = chains.merge(choose_quotes(failures, chains), on="chain_id", how="left")
    chains = chains.merge(choose_events(failures, chains, happened, settings), on="chain_id", how="left")
    is_told = chains["quote"].notna()
    has_event = chains["event_id"].notna()
    evidence = np.select([is_told & has_event, is_told, has_event], ["both", "said", "happened"], "none")
    chains["evidence"] = np.where(chains["domain"] == CANNOT_TELL, "none", evidence)
    chains["domain"] = chains["domain"].where(chains["evidence"] != "none", CANNOT_TELL)
    chains.loc[chains["domain"] == CANNOT_TELL, QUOTE + EVENT] = None
    chains = chains.merge(choose_causes(failures, chains), on="chain_id", how="left")
    return _with_parts(chains, failures, joined)


def _with_parts(chains: pd.DataFrame, failures: pd.DataFrame, joined: Joined) -> pd.DataFrame:
    """Add the probability of the domain, jointly and by each line of evidence alone."""
    codes = np.array(joined.causes, dtype=object)
    place = np.array([joined.causes.index(domain) for domain in chains["domain"]])
    row = np.arange(len(chains))
    has_event = joined.explained.sum(axis=1) > 0
    happened = np.where(has_event, codes[joined.intensity.argmax(axis=1)], CANNOT_TELL)
    return chains.assign(
        probability=joined.joined.matrix[row, place],
        said_domain=_said_domain(failures, joined),
        said_probability=joined.said.matrix[row, place],
        happened_domain=happened,
        happened_probability=joined.happened.matrix[row, place],
        attributable=chains["attributable"].fillna(0.0),
        posterior=joined.joined.to_json(),
    )


def _said_domain(failures: pd.DataFrame, joined: Joined) -> npt.NDArray[np.object_]:
    """The domain by the words alone, in the order of the chains; `cannot_tell` where no words of the chain tell it."""
    codes = np.array(joined.causes, dtype=object)
    said = pd.DataFrame({"chain_id": joined.chain_ids, "domain": codes[joined.said.matrix.argmax(axis=1)]})
    quoted = said["chain_id"].isin(set(choose_quotes(failures, said)["chain_id"]))
    return said["domain"].where(quoted, CANNOT_TELL).to_numpy(dtype=object)
