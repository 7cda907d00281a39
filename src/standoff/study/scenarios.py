"""Scenarios: the few kinds of outcome that the stated uncertainty allows.

The draws of one situation are grouped by their answers to all questions asked
(:mod:`standoff.study.clusters`). Each group is a scenario. For each there are the few claims and
ranges that tell it from the others (:mod:`standoff.study.rules`), and its story: who typically
does what, and when (:mod:`standoff.study.stories`).

What comes out does not depend on the order of the draws, and is the same for the same seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError, unknown
from standoff.crisis.uncertain import numbered
from standoff.study.asking import Progress, Request, Settings, quiet, situated
from standoff.study.cited import uncertain_in
from standoff.study.clusters import Separation, find_clusters
from standoff.study.ensemble import Ensemble, draw_answers
from standoff.study.hierarchy import Hierarchy
from standoff.study.outlook import latest_situation
from standoff.study.rules import Measured, find_separators
from standoff.study.scenario_names import names_of
from standoff.study.scenario_parts import (
    Limit,
    Outcome,
    Rule,
    by_size,
    outcomes_of,
    rule_of,
    typical_of,
)
from standoff.study.stories import Story, tell_stories
from standoff.study.variation import AS_IT_IS, Variation

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Limit", "Outcome", "Rule", "Scenario", "Scenarios", "find_scenarios", "scenarios_of"]

MOST = 6
"""The most scenarios that are told apart."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of outcome.

    Attributes
    ----------
    name
        In words, from the outcomes that tell it from the others.
    share
        Of the draws.
    draws
        Which draws: rows of the ensemble, ascending.
    typical
        The draws nearest to the middle of the scenario, the nearest first; its story is theirs.
    outcomes
        One for each question, in the order asked.
    telling
        The questions whose answers differ most from those of the other draws, the first most.
    rules
        What separates it, the best rule first; none if it is the only scenario.
    density, coverage, inside
        As for a rule, for being inside any of its rules; None and 0 if there are no rules.
    separated
        Whether the rules tell it from the others (:data:`standoff.study.rules.LEAST_COVERAGE`).
    story
        What typically happens; None if it was not asked for.
    """

    name: str
    share: float
    draws: tuple[int, ...]
    typical: tuple[int, ...]
    outcomes: tuple[Outcome, ...]
    telling: tuple[str, ...]
    rules: tuple[Rule, ...]
    density: float | None
    coverage: float
    inside: float
    separated: bool
    story: Story | None


@dataclass(frozen=True, slots=True)
class Scenarios:
    """The kinds of outcome that draws have.

    Attributes
    ----------
    situation
        Where all questions start.
    questions
        Those whose answers the draws were grouped by.
    scenarios
        The one with most draws first.
    separations
        How well the draws separate into each number of groups that was tried.
    silhouette
        How well they separate into these scenarios (:mod:`standoff.study.clusters`); None if there
        is only one.
    measured
        On which draws the rules were measured; None if there are none.
    numbers
        How many uncertain numbers the rules could choose from.
    draws, seed
        How many, and from which seed.
    lineage
        The views that the crisis went through.
    settings
        What it was computed with.
    """

    situation: str | None
    questions: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    separations: tuple[Separation, ...]
    silhouette: float | None
    measured: Measured | None
    numbers: int
    draws: int
    seed: int
    lineage: tuple[str, ...]
    settings: Settings


def find_scenarios(
    crisis: Crisis,
    questions: Iterable[str] | None = None,
    *,
    situation: str | None = None,
    variation: Variation = AS_IT_IS,
    settings: Settings | None = None,
    draws: int | None = None,
    most: int = MOST,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    store: str | Path | None = None,
    dask: str | Client | None = None,
    progress: Progress = quiet,
) -> Scenarios:
    """Draw from what is uncertain, and find the kinds of outcome that there are.

    Parameters
    ----------
    crisis
        As it is in the file, or in a situation already.
    questions
        Which; by default all that are asked of the situation.
    situation
        Which one; by default that of the questions, or the latest.
    variation
        What to change first.
    settings, draws, hierarchy, workers, store, dask, progress
        As for :func:`standoff.study.ensemble.draw_answers`.
    most
        The most scenarios to tell apart.

    Raises
    ------
    CrisisError
        If the questions start in several situations, none is asked of the situation, or a library
        that the extra `explore` installs is missing.
    UnknownNameError
        If there is no such question or situation.
    """
    chosen = settings or Settings()
    names, where = _asked(crisis, questions, situation or variation.situation)
    requests = [Request(name, replace(variation, situation=where)) for name in names]
    central = hierarchy or Hierarchy(depth=chosen.depth, tau=chosen.tau)
    ensemble = draw_answers(
        crisis,
        requests,
        chosen,
        draws=draws,
        hierarchy=central,
        workers=workers,
        store=store,
        dask=dask,
        progress=progress,
    )
    return scenarios_of(crisis, requests, ensemble, chosen, most=most, hierarchy=central)


def _asked(
    crisis: Crisis, questions: Iterable[str] | None, situation: str | None
) -> tuple[list[str], str | None]:
    """The questions, and the situation that they are all asked of."""
    if situation is not None and situation not in crisis.situations:
        raise unknown("find_scenarios()", "situation", situation, crisis.situations)
    names = list(dict.fromkeys(crisis.questions if questions is None else questions))
    for name in names:
        if name not in crisis.questions:
            raise unknown("find_scenarios()", "question", name, crisis.questions)
    if crisis.situation is not None:
        return names, None
    if questions is None:
        situation = situation or latest_situation(crisis)
        names = [name for name in names if crisis.questions[name].situation == situation]
    if not names:
        where = f" of the situation {situation!r}" if situation else ""
        raise CrisisError(f"find_scenarios(): no question is asked{where}")
    starts = {situation or crisis.questions[name].situation for name in names}
    if len(starts) > 1:
        listed = ", ".join(sorted(map(str, starts)))
        raise CrisisError(
            f"find_scenarios(): the questions start in several situations ({listed}); "
            "ask those of one, or say which situation they shall all start in"
        )
    return names, starts.pop()


def scenarios_of(
    crisis: Crisis,
    requests: Sequence[Request],
    ensemble: Ensemble,
    settings: Settings,
    *,
    most: int = MOST,
    stories: bool = True,
    hierarchy: Hierarchy | None = None,
) -> Scenarios:
    """Find the kinds of outcome among draws that are answered already.

    Parameters
    ----------
    crisis
        That the draws were taken from.
    requests
        What they answered: different questions of one situation and one variation.
    ensemble
        Their answers to these requests, in this order.
    settings
        What they were answered with.
    most
        The most scenarios to tell apart.
    stories
        Whether to sample trajectories, which takes the time of a few draws for each scenario.
    hierarchy
        Solves central values; pass the one that the draws were answered with.

    Raises
    ------
    CrisisError
        If there is nothing to group, or the requests start in different places.
    """
    base, entries = numbered(crisis)
    heres = [situated(base, each.question, each.variation) for each in requests]
    if not heres or not len(ensemble.values):
        raise CrisisError("scenarios_of(): it takes at least one question and one draw")
    here = heres[0]
    if any(each.digest != here.digest for each in heres):
        raise CrisisError("scenarios_of(): the questions must be asked of one situation")
    values = ensemble.values
    outcomes = np.array([spread.values for spread in ensemble.spreads]).T
    # Nothing may depend on the order of the draws: from here on they stand in one of their own.
    order = np.lexsort([*values.T, *outcomes.T])
    values, outcomes = values[order], outcomes[order]
    clusters = find_clusters(outcomes, most, settings.seed)
    labels = by_size(clusters.labels, outcomes)
    uncertain = uncertain_in(here, entries, crisis)
    questions = tuple(each.question for each in requests)
    groups = [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]
    typical = [typical_of(outcomes, group) for group in groups]
    told: Sequence[Story | None] = [None] * len(groups)
    if stories:
        told = tell_stories(
            here,
            [values[rows] for rows in typical],
            max(crisis.questions[name].horizon.central for name in questions),
            depth=settings.depth if requests[0].depth is None else requests[0].depth,
            seed=settings.seed,
            central=hierarchy or Hierarchy(depth=settings.depth, tau=settings.tau),
        )
    answered = [outcomes_of(questions, outcomes, group) for group in groups]
    named = names_of(crisis, answered)
    found = []
    measured: Measured | None = None
    for number, group in enumerate(groups):
        scenario = Scenario(
            name=named[number].name,
            share=len(group) / len(labels),
            draws=tuple(sorted(int(row) for row in order[group])),
            typical=tuple(int(row) for row in order[typical[number]]),
            outcomes=answered[number],
            telling=named[number].telling,
            rules=(),
            density=None,
            coverage=0.0,
            inside=0.0,
            separated=False,
            story=told[number],
        )
        if len(groups) > 1:
            columns = values[:, [each.place for each in uncertain]]
            separators = find_separators(columns, labels == number, settings.seed)
            measured = separators.measured
            scenario = replace(
                scenario,
                rules=tuple(rule_of(*each, uncertain) for each in separators.rules),
                density=separators.together.density,
                coverage=separators.together.coverage,
                inside=separators.together.inside,
                separated=separators.separates,
            )
        found.append(scenario)
    return Scenarios(
        situation=here.situation,
        questions=questions,
        scenarios=tuple(found),
        separations=clusters.separations,
        silhouette=clusters.silhouette,
        measured=measured,
        numbers=len(uncertain),
        draws=len(values),
        seed=settings.seed,
        lineage=here.lineage,
        settings=settings,
    )
