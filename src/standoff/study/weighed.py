"""What a record says of rival accounts: results, of `weighing`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, inf, log2, sqrt

from standoff.study.asking import Settings
from standoff.study.moved import Moved
from standoff.study.record import Segment

AS_WRITTEN = "as_written"
"""What the crisis's own account is called beside its explanations."""

LEAST_EFFECTIVE = 50.0
"""The effective sample size below which nothing is said to be known."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """What the record says of one account.

    Attributes
    ----------
    name, asks
        Of the explanation; of the crisis itself, :data:`AS_WRITTEN` and its title.
    prior
        Its probability before the record is looked at.
    central
        Logarithm of the probability of the record at central values: every number in the middle of
        its range, and every claim holding that is at least as likely to as not. What the account
        leaves open is not averaged over. Minus infinity where some entry is impossible.
    evidence
        The same averaged over what the account leaves open; None without draws.
    error
        The standard error of that.
    effective
        The effective sample size of its draws; infinite where there is nothing to average over.
    best
        The logarithm of the probability of the record in the likeliest of its draws; None without.
    likelihoods
        How many likelihoods were computed to average over.
    factor
        The Bayes factor against the crisis as written, as a logarithm, and its 90% interval; None
        without draws.
    posterior
        Its probability after, and the 90% interval that sampling leaves; None without draws, and
        where the effective sample size of some account is below :data:`LEAST_EFFECTIVE`.
    numbers
        What became of every number that it leaves open; none where its own draws are too few.
    """

    name: str
    asks: str
    prior: float
    central: float
    evidence: float | None
    error: float | None
    effective: float | None
    best: float | None
    likelihoods: int
    factor: tuple[float, float, float] | None
    posterior: tuple[float, float, float] | None
    numbers: tuple[Moved, ...]

    @property
    def short(self) -> bool:
        """Whether it had draws, but too few to rely on."""
        if self.evidence is None or self.effective is None:
            return False
        return is_short(self.effective, self.evidence)


@dataclass(frozen=True, slots=True, eq=False)
class Clue:
    """A part of the record: an entry, or that nothing more happened in a situation.

    Attributes
    ----------
    entry
        Which entry of the crisis's record; None where it is that nothing more happened.
    situation
        In which it lies.
    since, until
        The time that it tells of: from what came before it to the last day on which it may have
        happened.
    central
        By account: the log-probability of this part given those before it, at central values.
    likelihoods
        By account: the same with all that it leaves open averaged over, and its standard error;
        empty without draws.
    best
        By account: the log-probability of this part in the draw that makes it likeliest; empty
        without draws.
    """

    entry: int | None
    situation: str
    since: datetime.date
    until: datetime.date
    central: Mapping[str, float]
    likelihoods: Mapping[str, tuple[float, float]]
    best: Mapping[str, float]

    def ratio(self, name: str, against: str = AS_WRITTEN) -> tuple[float, float]:
        """By how much it speaks for an account against another: a log-ratio, and its error.

        It takes draws; without any there is :meth:`central_ratio`.
        """
        (one, one_error), (other, other_error) = self.likelihoods[name], self.likelihoods[against]
        return log_ratio(one, other), sqrt(one_error**2 + other_error**2)

    def central_ratio(self, name: str, against: str = AS_WRITTEN) -> float:
        """The log-ratio of an account against another at central values."""
        return log_ratio(self.central[name], self.central[against])

    @property
    def decides(self) -> float:
        """By how much it tells accounts apart: the largest log-ratio of any two of them; at
        central values where there are no draws.
        """
        logs = [each for each, _ in self.likelihoods.values()] or list(self.central.values())
        return log_ratio(max(logs), min(logs))


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """Rival accounts of a crisis set against its record.

    Attributes
    ----------
    title, digest
        Of the crisis.
    accounts
        By name, the crisis as written first.
    clues
        Every part of the record that could tell them apart, by date.
    segments
        What was observed.
    until, known_by
        What of the record was looked at, where that is not all.
    draws, seed, settings
        What the evidence was computed with: draws of each account, and how deep actors think.
        Without draws there are central values alone.
    """

    title: str
    digest: str
    accounts: Mapping[str, Weighed]
    clues: tuple[Clue, ...]
    segments: tuple[Segment, ...]
    until: datetime.date | None
    known_by: datetime.date | None
    draws: int
    seed: int
    settings: Settings

    @property
    def known(self) -> bool:
        """Whether there were enough draws to say which account is how likely."""
        return all(each.posterior is not None for each in self.accounts.values())

    @property
    def wanted(self) -> int | None:
        """How many draws it may take to know, as far as those that there are can tell."""
        if not self.draws:
            return None
        short = [each.effective or 0.0 for each in self.accounts.values() if each.short]
        if not short:
            return self.draws
        wanted = max(self.draws * LEAST_EFFECTIVE / max(each, 1.0) for each in short)
        return int(2 ** ceil(log2(max(wanted, self.draws + 1))))


def is_short(effective: float, evidence: float) -> bool:
    """Whether there are too few draws to rely on. What cannot be at all takes no draws."""
    return evidence > -inf and effective < LEAST_EFFECTIVE


def log_ratio(one: float, other: float) -> float:
    """Return how much likelier one is than another, from their logarithms; 0 if neither can be."""
    return 0.0 if one == other == -inf else one - other
