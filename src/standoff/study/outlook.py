"""What each actor is about to do, as it is and as each other actor believes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.crisis import Crisis
from standoff.game import Space
from standoff.solve.chain import Chain, distribution
from standoff.solve.policy import choices_at
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy

DAYS = 30.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one actor does next and later, in one view.

    Attributes
    ----------
    actor
        Whose options these are.
    seen_by
        Whose view this is; None for the crisis as it is.
    every
        Days between its decisions at time zero.
    now
        What it does at its next decision, if nothing else has changed by then: pairs of the
        levels that it changes (none: it stays) and a probability, most likely first.
    later
        For each of its options, the probability of each level after ``days``.
    days
        When that is.
    """

    actor: str
    seen_by: str | None
    every: float
    now: tuple[tuple[Mapping[str, str], float], ...]
    later: Mapping[str, Mapping[str, float]]
    days: float


@dataclass(frozen=True, slots=True)
class Outlooks:
    """Every actor's outlook, in the crisis as it is and as each actor sees it.

    Attributes
    ----------
    outlooks
        Ordered by actor, then view (as it is first).
    start
        The level of every option and condition at time zero.
    conditions
        In the crisis as it is: for each condition, the probability of each level after ``days``.
    days, situation, lineage
        When, where it starts, and the views that the crisis went through.
    """

    outlooks: tuple[Outlook, ...]
    start: Mapping[str, str]
    conditions: Mapping[str, Mapping[str, float]]
    days: float
    situation: str | None
    lineage: tuple[str, ...]

    def of(self, actor: str, seen_by: str | None = None) -> Outlook:
        """The outlook of an actor, in a view."""
        return next(o for o in self.outlooks if (o.actor, o.seen_by) == (actor, seen_by))


def find_outlooks(
    crisis: Crisis,
    *,
    days: float = DAYS,
    depth: int = DEPTH,
    tau: float = TAU,
    hierarchy: Hierarchy | None = None,
) -> Outlooks:
    """What each actor is about to do, now and after some days, in every view.

    Parameters
    ----------
    crisis
        The crisis, put in the situation that is meant.
    days
        How far ahead.
    depth, tau, hierarchy
        As for :func:`standoff.study.forecast.forecast`.
    """
    solver = hierarchy or Hierarchy(depth=depth, tau=tau)
    found: dict[tuple[str, str | None], Outlook] = {}
    conditions: Mapping[str, Mapping[str, float]] = {}
    observers: tuple[str | None, ...] = (None, *crisis.actors)
    for observer in observers:
        view = crisis if observer is None else solver.view(crisis, observer)
        chain = solver.chain(view, depth)
        chances = distribution(chain, days)
        if observer is None:
            conditions = {
                name: _levels(chain.game.space, chances, name) for name in crisis.conditions
            }
        for actor in crisis.actors:
            if actor != observer:
                found[actor, observer] = _outlook(chain, chances, actor, observer, days)
    ordered = tuple(
        found[actor, observer]
        for actor in crisis.actors
        for observer in observers
        if (actor, observer) in found
    )
    return Outlooks(ordered, crisis.start, conditions, days, crisis.situation, crisis.lineage)


def _outlook(
    chain: Chain, chances: NDArray[np.float64], actor: str, seen_by: str | None, days: float
) -> Outlook:
    space, start = chain.game.space, chain.game.start
    axis = space.axes[space.axis_of(actor)]
    here = axis.points[start[space.axis_of(actor)]]
    now = []
    for mover, policy in chain.policies:
        if mover.name == actor:
            for point, chance in zip(
                axis.points, choices_at(chain.game, mover, policy, start), strict=True
            ):
                changed = {
                    variable: space.levels[variable][level]
                    for variable, level, before in zip(axis.variables, point, here, strict=True)
                    if level != before
                }
                now.append((changed, float(chance)))
    mover = next(m for m in chain.game.movers if m.name == actor)
    rate = np.broadcast_to(mover.rate, space.shape)[start]
    return Outlook(
        actor=actor,
        seen_by=seen_by,
        every=1.0 / float(rate),
        now=tuple(sorted(now, key=lambda choice: -choice[1])),
        later={variable: _levels(space, chances, variable) for variable in axis.variables},
        days=days,
    )


def _levels(space: Space, chances: NDArray[np.float64], variable: str) -> dict[str, float]:
    level = space.level(variable)
    return {
        name: float((chances * (level == position)).sum())
        for position, name in enumerate(space.levels[variable])
    }


def latest_situation(crisis: Crisis) -> str | None:
    """The situation with the latest date: where an analysis starts unless told otherwise."""
    if crisis.situation is not None:
        return crisis.situation
    if not crisis.situations:
        return None
    return max(crisis.situations, key=lambda name: crisis.situations[name].as_of)
