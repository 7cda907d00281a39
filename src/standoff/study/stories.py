"""Stories: who typically does what, and when, in versions of a crisis.

Trajectories are sampled in each version. A change is the first time that an option or a condition
takes a level which it did not have at the start. It is told if most trajectories have it, or if
more have it than in the other stories that are told together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from standoff.crisis import Crisis
from standoff.game.drawn import Draws
from standoff.game.game import Floats
from standoff.game.space import space_of
from standoff.solve.chain import Chain
from standoff.solve.paths import Paths, sample_paths
from standoff.study.hierarchy import Hierarchy
from standoff.study.versions import TOLERANCE

TRAJECTORIES = 250
"""Sampled in each version."""

STANDS_OUT = 0.15
"""A change that fewer have is told where its share is this much above that in the other stories."""

_STATES_AT_ONCE = 2**14

_Firsts = list[dict[tuple[str, str], Floats]]


@dataclass(frozen=True, slots=True)
class Step:
    """One change in a story.

    Attributes
    ----------
    variable
        The option (`russia.stance`) or the condition that changes.
    mover
        The actor that changes it; None for a condition, which nobody controls.
    level
        The level that it takes for the first time.
    instead_of
        The level that it had at the start.
    share
        Of the trajectories in which it happens within the story's days.
    day, early, late
        When it happens, where it does: the median, and the 25th and 75th percentile, in days.
    """

    variable: str
    mover: str | None
    level: str
    instead_of: str
    share: float
    day: float
    early: float
    late: float


@dataclass(frozen=True, slots=True)
class Story:
    """What typically happens.

    Attributes
    ----------
    days
        How long the trajectories are.
    steps
        The changes that most of them have, in the order of their median days.
    besides
        Other changes which they have more often than the trajectories of the other stories, by at
        least :data:`STANDS_OUT`, in the same order.
    trajectories
        How many were sampled, in all versions together.
    seed
        From which.
    """

    days: float
    steps: tuple[Step, ...]
    besides: tuple[Step, ...]
    trajectories: int
    seed: int


def tell_stories(
    here: Crisis,
    versions: Sequence[Floats],
    days: float,
    *,
    depth: int,
    seed: int,
    central: Hierarchy,
    trajectories: int = TRAJECTORIES,
) -> tuple[Story, ...]:
    """Tell for each of several sets of versions of a crisis what typically happens.

    Parameters
    ----------
    here
        Numbered, in its situation and changed.
    versions
        For each story, the numbers of its versions: shape ``(versions, numbers)``.
    days
        How long each trajectory is.
    depth
        How deep the actors think.
    seed
        Of the trajectories.
    central
        Solves central values, where the search in every version starts.
    trajectories
        How many are sampled in each version.
    """
    values = np.concatenate(list(versions))
    size = max(2, _STATES_AT_ONCE // space_of(here).size)
    firsts: _Firsts = []
    for start in range(0, len(values), size):
        batch = values[start : start + size]
        chain = _chain(here, batch, depth, central)
        for number in range(len(batch)):
            own = (seed, start + number)
            paths = sample_paths(chain, days, trajectories, own, draw=number)
            firsts.append(_first_times(here, chain, paths))
    ends = np.cumsum([len(each) for each in versions])
    groups = [firsts[end - len(each) : end] for each, end in zip(versions, ends, strict=True)]
    changes = [_changes(here, group) for group in groups]
    return tuple(
        Story(
            days=days,
            steps=_in_order(step for step in own if step.share > 0.5),
            besides=_in_order(
                step
                for n, step in enumerate(own)
                if step.share <= 0.5 and step.share >= STANDS_OUT + _elsewhere(changes, story, n)
            ),
            trajectories=len(versions[story]) * trajectories,
            seed=seed,
        )
        for story, own in enumerate(changes)
    )


def _elsewhere(changes: Sequence[Sequence[Step]], story: int, number: int) -> float:
    """The share of a change in the other stories, on average; infinite if there are none."""
    others = [own[number].share for at, own in enumerate(changes) if at != story]
    return sum(others) / len(others) if others else np.inf


def _chain(here: Crisis, values: Floats, depth: int, central: Hierarchy) -> Chain:
    if len(values) == 1:  # NumPy adds up in another order where their axis has length one
        values = np.repeat(values, 2, axis=0)
    solver = Hierarchy(
        depth=central.depth,
        tau=central.tau,
        tolerance=max(TOLERANCE, central.tolerance),
        memory=central.memory,
        draws=Draws(values),
        central=central,
    )
    return solver.chain(here, depth)


def _first_times(here: Crisis, chain: Chain, paths: Paths) -> dict[tuple[str, str], Floats]:
    """For each level that a variable has not at the start, when each trajectory first has it.

    Infinite where it never does.
    """
    space = chain.game.space
    places = np.unravel_index(paths.states, space.shape)
    times = np.where(paths.times < paths.days, paths.times, np.inf)
    found = {}
    for axis, along in zip(space.axes, places, strict=True):
        for place, variable in enumerate(axis.variables):
            levels = np.array([point[place] for point in axis.points])[along]
            for level, name in enumerate(space.levels[variable]):
                if name != here.start[variable]:
                    reached = np.where(levels == level, times, np.inf)
                    found[variable, name] = reached.min(axis=0)
    return found


def _changes(here: Crisis, firsts: _Firsts) -> list[Step]:
    """Every change there can be, in the order of variables and levels; some never happen."""
    steps = []
    for variable, level in firsts[0]:
        times = np.concatenate([each[variable, level] for each in firsts])
        happens = np.isfinite(times)
        days = np.quantile(times[happens], (0.25, 0.5, 0.75)) if happens.any() else [np.inf] * 3
        early, day, late = map(float, days)
        steps.append(
            Step(
                variable=variable,
                mover=None if variable in here.conditions else variable.partition(".")[0],
                level=level,
                instead_of=here.start[variable],
                share=float(happens.mean()),
                day=day,
                early=early,
                late=late,
            )
        )
    return steps


def _in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.day))
