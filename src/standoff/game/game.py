"""The data of a game: what each actor gains and can do, and what changes by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.game.drawn import Number
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
        Per day: one over the time it looks ahead. With draws, broadcastable like the rate.
    precision
        How sharply it picks the better option; likewise.
    allowed
        None where every move between feasible states is allowed. Otherwise booleans of shape
        ``(outer, along, along, inner)``: from the strategy on the second axis to the one on the
        third, infeasible targets excluded. The same for every draw, and without their axis.
    tempo
        With draws, which entry of its `decides` applies, broadcastable against ``space.shape``;
        None where the rate itself tells them apart.
    """

    name: str
    axis: int
    payoff: Floats
    rate: Floats
    discount: Number
    precision: Number
    allowed: NDArray[np.bool_] | None
    tempo: NDArray[np.intp] | None = None


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
        The state tensor; with draws, their axis comes first.
    movers
        The actors, in file order.
    drifts
        The changes of conditions.
    start
        Index of the state at time zero, in the first draw.
    lineage
        The views that led to the crisis this was compiled from.
    draws
        How many draws are computed at once; 0 for central values, which have no axis of draws.
    """

    space: Space
    movers: tuple[Mover, ...]
    drifts: tuple[Drift, ...]
    start: tuple[int, ...]
    lineage: tuple[str, ...]
    draws: int = 0

    @property
    def rows(self) -> tuple[int, int]:
        """Shape ``(draws, states)`` of flat arrays, cut to what belongs to one draw each."""
        draws = max(1, self.draws)
        return draws, self.space.size // draws
