"""How likely a crisis makes its own record, for many versions of it that differ in numbers only.

In each situation the path that was observed (:mod:`standoff.study.record`) is set against the
chain of the crisis in that situation, started where the situation starts; what happened in one
situation tells nothing of chance in another, so log-likelihoods add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError
from standoff.game.drawn import Draws
from standoff.game.game import Floats
from standoff.game.space import Space, space_of
from standoff.solve.likelihood import MOST_AT_ONCE, PathLikelihood, Step, path_likelihood
from standoff.solve.rates import State
from standoff.study.hierarchy import Hierarchy
from standoff.study.record import Move, Segment
from standoff.study.versions import Versions

TOLERANCE = 1e-5
"""How well values are solved for in a version, relative to the spread of the payoffs.

A likelihood multiplies many probabilities, so this is finer than for one alone.
"""


@dataclass(frozen=True, slots=True)
class Observed:
    """A segment of the record as positions on axes.

    Attributes
    ----------
    start
        The state at time zero.
    entries
        For each entry of the record that changed something, its number.
    steps
        For each of them, what moved.
    days
        How long the segment lasts.
    """

    start: State
    entries: tuple[int, ...]
    steps: tuple[tuple[Step, ...], ...]
    days: float

    @property
    def quiet_end(self) -> bool:
        """Whether whole days follow the last entry; if not, the rest of its day is a part of it."""
        return self.days > max((step.latest for each in self.steps for step in each), default=0.0)


def observed(crisis: Crisis, segment: Segment) -> Observed:
    """Return a segment as positions on the axes of a crisis.

    Raises
    ------
    CrisisError
        If an entry moves too many at once for their orders to be counted.
    """
    space = space_of(crisis)
    levels = dict(segment.start)
    found: list[tuple[Step, ...]] = []
    entries: list[int] = []
    for entry, moves in groupby(segment.moves, key=lambda move: move.entry):
        together = list(moves)
        if len(together) > MOST_AT_ONCE:
            raise CrisisError(
                f"record: the entry of {crisis.record[entry].date} moves {len(together)} actors "
                f"and conditions at once; {MOST_AT_ONCE} are the most, so write several entries"
            )
        entries.append(entry)
        found.append(tuple(_step(space, move, levels) for move in together))
        for move in together:
            levels.update(move.levels)
    return Observed(space.index(segment.start), tuple(entries), tuple(found), float(segment.days))


def _step(space: Space, move: Move, levels: dict[str, str]) -> Step:
    """A move as a point on its mover's axis; those of one entry are moves from the same levels."""
    axis = space.axis_of(move.mover)
    wanted = {**levels, **move.levels}
    own = space.axes[axis]
    point = tuple(space.levels[name].index(wanted[name]) for name in own.variables)
    return Step(
        axis, own.points.index(point) if point in own.points else None, move.earliest, move.latest
    )


class RecordVersions(Versions):
    """Log-likelihoods of a record for many versions of a crisis that differ in numbers only.

    What it answers, for each segment, has shape ``(versions, parts)``: the log-probability of each
    entry that changed something, given those before it, and last, if whole days are left, that
    nothing follows.

    Parameters
    ----------
    crisis
        Numbered (:func:`standoff.crisis.uncertain.numbered`); in no situation, or in that of the
        only segment.
    segments
        What was observed.
    central
        Solves central values, where the search in every version starts.

    Attributes
    ----------
    crises
        For each segment, the crisis in its situation.
    observed
        For each segment, what was observed.
    """

    tolerance = TOLERANCE

    def __init__(self, crisis: Crisis, segments: Sequence[Segment], central: Hierarchy) -> None:
        situated = crisis.situation is not None
        super().__init__(
            [crisis if situated else crisis.in_situation(each.situation) for each in segments],
            central,
        )
        self.observed = tuple(map(observed, self.crises, segments))
        for here in self.crises:  # solved once, here
            central.chain(here)

    def around(self, values: Floats) -> RecordVersions:
        """The same, with the search in every version starting at some numbers.

        It is quicker where versions differ little from these, and finds the same.

        Parameters
        ----------
        values
            Shape ``(numbers,)``.
        """
        found = copy(self)
        found.central = Hierarchy(
            depth=self.central.depth,
            tau=self.central.tau,
            tolerance=max(self.tolerance / 10, self.central.tolerance),
            memory=self.central.memory,
            draws=Draws(values[None]),
            central=self.central,
        )
        for here in self.crises:
            found.central.chain(here)
        return found

    def found(self, solver: Hierarchy, first: int) -> list[Floats]:
        """Return the log-probabilities of the parts of each segment."""
        return [
            _parts(_likelihood(solver, here, seen), seen)
            for here, seen in zip(self.crises, self.observed, strict=True)
        ]


def _likelihood(solver: Hierarchy, crisis: Crisis, seen: Observed) -> PathLikelihood:
    return path_likelihood(solver.chain(crisis), seen.start, seen.steps, seen.days)


def _parts(found: PathLikelihood, seen: Observed) -> Floats:
    parts = found.contributions
    if seen.quiet_end:
        return parts
    return np.column_stack([parts[:, :-2], parts[:, -2:].sum(axis=1)])
