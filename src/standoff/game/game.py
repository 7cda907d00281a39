"""The data of a game: what each actor gains and can do, and what changes by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.game.space import Space

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Mover:
    """One actor as arrays.

    Attributes
    ----------
    name, axis
        The actor, and the position of its axis.
    payoff
        Shape ``space.shape``: weight units per day.
    rate
        Decisions per day, broadcastable against ``space.shape``.
    discount
        Per day: one over the time it looks ahead.
    precision
        How sharply it picks the better option.
    allowed
        None where every move between feasible states is allowed. Otherwise booleans of shape
        ``(outer, along, along, inner)``: from the strategy on the second axis to the one on the
        third, infeasible targets excluded.
    """

    name: str
    axis: int
    payoff: Floats
    rate: Floats
    discount: float
    precision: float
    allowed: NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """One change of a condition from a level to another.

    Attributes
    ----------
    axis, source, target
        The condition's axis, and the levels left and reached (positions on the axis).
    rate
        Per day, broadcastable against the states at level ``source`` (the axis has length one);
        zero where the change would be into, or from, an infeasible state.
    """

    axis: int
    source: int
    target: int
    rate: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Game:
    """A crisis as arrays, ready to be solved.

    Attributes
    ----------
    space
        The state tensor.
    movers
        The actors, in file order.
    drifts
        The changes of conditions.
    start
        Index of the state at time zero.
    lineage
        The views that led to the crisis this was compiled from.
    """

    space: Space
    movers: tuple[Mover, ...]
    drifts: tuple[Drift, ...]
    start: tuple[int, ...]
    lineage: tuple[str, ...]
