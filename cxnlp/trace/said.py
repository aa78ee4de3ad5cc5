"""What was said: the labeler's probabilities over breakdowns, read as evidence of the cause.

The labeler's `none` means that the text does not say, not that nothing broke: its mass is spread over the base rate
of told causes and `cannot_tell`. The same holds for a part of what is told: some customers name a wrong cause, and
more blame service for what broke upstream. How many, is learnt from contacts that events explain (`learn_telling`).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cxnlp.trace.posteriors import CANNOT_TELL, NONE, SERVICE, Floats, Posteriors

PRIOR_CONTACTS = 10.0  # weight of an even base rate against that of the contacts at hand
PRIOR_NONE = 0.25
PRIOR_TELLING = 30.0  # weight of the setting against what the contacts at hand teach
ROUNDS = 15
MOST_WRONG = 0.9


@dataclass(frozen=True)
class Telling:
    """Of those who name a cause, the share that names a wrong one; of those who blame service, likewise."""

    mistold: float
    blame_service: float


@dataclass(frozen=True)
class Said:
    """Contacts' told posteriors with their base rate, turned into evidence of the cause.

    :ivar told: (contacts, told codes), `none` among the codes.
    :ivar base: (told codes): base rate among failure contacts.
    """

    told: Posteriors
    base: Floats
    telling: Telling

    @cached_property
    def causes(self) -> tuple[str, ...]:
        """What can have caused a contact: the told codes but `none`, and `cannot_tell`."""
        return (*(code for code in self.told.codes if code != NONE), CANNOT_TELL)

    @cached_property
    def wrong(self) -> Floats:
        """(told codes): share of what is told that says nothing of the cause; 1 for `none`."""
        by_code = {NONE: 1.0, SERVICE: self.telling.blame_service}
        return np.array([by_code.get(code, self.telling.mistold) for code in self.told.codes])

    @cached_property
    def blind(self) -> Floats:
        """(causes): what is thought of a contact that does not say: the base rate of told causes and cannot_tell."""
        believed = self.base * (1 - self.wrong)
        rates = np.append(believed[self._named], self.base[~self._named].sum())
        return rates / rates.sum()

    @cached_property
    def cause_given_told(self) -> Floats:
        """(told codes, causes): probability of the cause where a code is told for sure."""
        table = self.wrong[:, None] * self.blind[None, :]
        named = np.flatnonzero(self._named)
        table[named, np.arange(len(named))] += 1 - self.wrong[named]
        return table

    @cached_property
    def prior(self) -> Floats:
        """(causes): probability of the cause before anything of the contact is known."""
        return self.base @ self.cause_given_told

    @cached_property
    def posterior(self) -> Floats:
        """(contacts, causes): probability of the cause by the words alone."""
        return self.told.matrix @ self.cause_given_told

    @cached_property
    def ratio(self) -> Floats:
        """(contacts, causes): P(b | text) / P(b), how much the words speak for each cause."""
        return self.posterior / self.prior

    @property
    def _named(self) -> npt.NDArray[np.bool_]:
        return np.array([code != NONE for code in self.told.codes])


def read_said(told: Posteriors, is_repeat: npt.NDArray[np.bool_], domains: tuple[str, ...], telling: Telling) -> Said:
    """Evidence of the words of contacts.

    A repeat that complains of service complains of the contact before it, so there service counts as not told.

    :param told: the labeler's posteriors of the contacts.
    :param domains: further codes that a cause can have, by events.
    """
    codes = tuple(sorted(set(told.codes) | set(domains) - {CANNOT_TELL} | {NONE, SERVICE}))
    matrix = np.column_stack([told.of(code) for code in codes])
    none, service = codes.index(NONE), codes.index(SERVICE)
    moved = np.where(is_repeat, matrix[:, service], 0.0)
    matrix[:, none] += moved
    matrix[:, service] -= moved
    even = np.full(len(codes), (1 - PRIOR_NONE) / (len(codes) - 1))
    even[none] = PRIOR_NONE
    first = matrix[~is_repeat]
    base = (first.sum(axis=0) + PRIOR_CONTACTS * even) / (len(first) + PRIOR_CONTACTS)
    return Said(Posteriors(codes, matrix), base, telling)


def learn_telling(said: Said, happened: Floats, explained: npt.NDArray[np.bool_]) -> Said:
    """Learn how often a wrong cause is told, from contacts that events explain (EM: Dempster, Laird and Rubin, 1977).

    Where an event speaks for billing and the words for service, one of them is wrong; how often they differ in all,
    beyond what the events leave open, is the rate of wrong telling.

    :param happened: (contacts, causes): share of intensity by cause, events over the background's prior: S(b) / P(b).
    :param explained: contacts that events explain to some part.
    """
    first = said.telling
    service = np.array([code == SERVICE for code in said.told.codes])
    named = np.array([code != NONE for code in said.told.codes])
    told, odds = said.told.matrix[explained], happened[explained]
    for _ in range(ROUNDS if len(told) else 0):
        right = np.zeros_like(told)
        right[:, named] = told[:, named] * (1 - said.wrong[named]) * odds[:, :-1]
        wrong = told * said.wrong * (odds @ said.blind)[:, None]
        total = (right + wrong).sum(axis=1, keepdims=True)
        right, wrong = (right / total).sum(axis=0), (wrong / total).sum(axis=0)
        upstream = named & ~service
        telling = Telling(
            _rate(wrong[upstream].sum(), right[upstream].sum(), first.mistold),
            _rate(wrong[service].sum(), right[service].sum(), first.blame_service),
        )
        said = replace(said, telling=telling)
    return said


def _rate(wrong: float, right: float, prior: float) -> float:
    return min((wrong + PRIOR_TELLING * prior) / (wrong + right + PRIOR_TELLING), MOST_WRONG)
