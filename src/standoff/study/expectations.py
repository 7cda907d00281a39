"""Does the crisis say what its assessment concluded? Each expectation is a test of the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from standoff.crisis import Crisis, Expectation
from standoff.crisis.errors import unknown
from standoff.crisis.expected import STANDINGS, Viewed
from standoff.game.size import DEFAULT_MEMORY
from standoff.study.asking import Progress, Request, Settings, quiet
from standoff.study.batch import Chance, answer_all
from standoff.study.forecast import Forecast
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy
from standoff.study.standings import MOST_AGAINST, Judge
from standoff.study.variation import Variation

RESOLUTION = 1e-7
"""Two probabilities that differ by less are taken to be equal: a comparison fails."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one expectation holds.

    Attributes
    ----------
    name, claim, source
        The expectation.
    holds
        Whether it does.
    more_likely, than
        For a comparison: the two central probabilities.
    by
        The margin asked for, as written, if one was.
    chance, at_least, at_most
        For a bound: the central probability and the bounds, None where there is none.
    form, concepts, whom
        For stability: `equilibria`, `stable` or `unstable`, by which concepts, and for which
        actors (none named: for every one).
    states
        How many states it is about.
    against
        What speaks against it, a sentence for each state; at most :data:`MOST_AGAINST`.
    """

    name: str
    claim: str
    source: str | None
    holds: bool
    more_likely: float | None = None
    than: float | None = None
    by: str | None = None
    chance: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    form: str | None = None
    concepts: tuple[str, ...] = ()
    whom: tuple[str, ...] = ()
    states: int = 0
    against: tuple[str, ...] = ()


def check_expectations(
    crisis: Crisis,
    names: Iterable[str] | None = None,
    *,
    depth: int = DEPTH,
    tau: float = TAU,
    seed: int = 0,
    workers: int = 1,
    hierarchy: Hierarchy | None = None,
    progress: Progress = quiet,
) -> dict[str, Verdict]:
    """Compute what every expectation of a crisis, or each of those named, is about.

    Parameters
    ----------
    crisis
        The crisis as it is in the file.
    names
        Which expectations; all by default.
    depth, tau, seed, hierarchy
        As for :func:`standoff.study.forecast.forecast`; a side with its own depth keeps it.
    workers, progress
        As for :func:`standoff.study.batch.answer_all`.

    Raises
    ------
    UnknownNameError
        If the crisis has no such expectation.
    CrisisError
        If a pattern of states matches none that can be.
    """
    chosen = tuple(crisis.expects if names is None else names)
    for name in chosen:
        if name not in crisis.expects:
            raise unknown("check_expectations()", "expectation", name, crisis.expects)
    solver = hierarchy or Hierarchy(depth=depth, tau=tau)
    asked = [request for name in chosen for request in requests_of(crisis.expects[name])]
    settings = Settings(depth, solver.tau, seed)
    answers = answer_all(crisis, asked, settings, solver, workers=workers, progress=progress)
    return verdicts_of(crisis, chosen, answers, solver.memory)


def requests_of(expected: Expectation) -> list[Request]:
    """What an expectation asks: one probability, the larger and then the smaller, or none."""
    sides = (expected.more_likely, expected.than, expected.chance)
    return [
        Request(side.question, variation_of(side), side.depth, brief=True)
        for side in sides
        if side is not None
    ]


def verdicts_of(
    crisis: Crisis,
    names: Iterable[str],
    answers: Iterable[Forecast | Chance],
    memory: int = DEFAULT_MEMORY,
) -> dict[str, Verdict]:
    """Judge expectations by the answers to their requests, in the same order.

    What is expected of stability needs no answers; it is computed here.
    """
    left = iter(answers)
    judge = Judge(crisis, memory)
    verdicts = {}
    for name in names:
        expected = crisis.expects[name]
        chances = [next(left).central for _ in requests_of(expected)]
        if chances:
            verdicts[name] = _verdict(name, expected, *chances)
        else:
            verdicts[name] = _standing_verdict(name, expected, judge)
    return verdicts


def variation_of(side: Viewed) -> Variation:
    """What a side changes before it asks."""
    return Variation(
        situation=side.situation,
        under=side.under,
        with_=side.with_,
        without=tuple(side.without),
        starting=side.starting,
        holding=side.holding,
        seen_by=tuple(side.seen_by),
    )


def _verdict(
    name: str, expected: Expectation, first: float, second: float | None = None
) -> Verdict:
    if second is not None:
        by = expected.by
        met = by is None or by.met(more=first, than=second)
        return Verdict(
            name,
            expected.claim,
            expected.source,
            met and first - second > RESOLUTION,
            more_likely=first,
            than=second,
            by=None if by is None else str(by),
        )
    low = None if expected.at_least is None else expected.at_least.low
    high = None if expected.at_most is None else expected.at_most.high
    return Verdict(
        name,
        expected.claim,
        expected.source,
        (low is None or first >= low) and (high is None or first <= high),
        chance=first,
        at_least=low,
        at_most=high,
    )


def _standing_verdict(name: str, expected: Expectation, judge: Judge) -> Verdict:
    form, standing = next(
        (form, standing) for form in STANDINGS if (standing := getattr(expected, form)) is not None
    )
    states, against = judge.against(name, form, standing, variation_of(standing))
    return Verdict(
        name,
        expected.claim,
        expected.source,
        not against,
        form=form,
        concepts=standing.concept,
        whom=standing.for_,
        states=states,
        against=tuple(against[:MOST_AGAINST]),
    )
