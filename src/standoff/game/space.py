"""The state tensor: where names become axes, and nowhere else.

One axis per condition, then one per actor, both in file order. A point of an actor's axis is one
*strategy*: a combination of its own options' levels. Conditions come first because their changes
touch single levels, which are long contiguous runs on an outer axis, while an actor's sums run
along the whole of its axis and are fast on an inner one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from standoff.crisis import All, Among, AnyOf, Crisis, Fixed, Not, Statement
from standoff.crisis.errors import CrisisError

Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of the state tensor.

    Attributes
    ----------
    name
        The actor or condition.
    variables
        The options (``actor.option``) or the one condition that the axis carries.
    points
        For each point of the axis, one level index per variable.
    """

    name: str
    variables: tuple[str, ...]
    points: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """The states of a crisis as a tensor of shape ``space.shape``.

    Attributes
    ----------
    axes
        Conditions in file order, then actors in file order.
    levels
        For each variable, the names of its levels.
    feasible
        Boolean array of shape ``shape``, read only: the states that can be.
    """

    axes: tuple[Axis, ...]
    levels: Mapping[str, tuple[str, ...]]
    feasible: Truth
    _places: Mapping[str, tuple[int, int]] = field(repr=False)
    _truths: dict[Statement, Truth] = field(default_factory=dict, repr=False)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.feasible.shape

    @property
    def size(self) -> int:
        return self.feasible.size

    def axis_of(self, name: str) -> int:
        """Position of the axis of an actor or condition."""
        return next(i for i, axis in enumerate(self.axes) if axis.name == name)

    def lines(self, axis: int) -> tuple[int, int, int]:
        """Shape ``(outer, along, inner)`` that brings one axis into the middle."""
        shape = self.shape
        return prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :])

    def level(self, variable: str) -> NDArray[np.intp]:
        """Level index of a variable in every state, broadcastable against ``shape``."""
        axis, place = self._places[variable]
        along = np.array([point[place] for point in self.axes[axis].points], dtype=np.intp)
        return along.reshape([-1 if i == axis else 1 for i in range(len(self.axes))])

    def truth(self, statement: Statement) -> Truth:
        """Where a statement is true: a boolean array broadcastable against ``shape``.

        An axis that the statement does not mention has length one.
        """
        known = self._truths.get(statement)
        if known is None:
            known = self._truths[statement] = _locked(_truth(self, statement))
        return known

    def index(self, levels: Mapping[str, str]) -> tuple[int, ...]:
        """Index of the state in which every variable has the level named for it."""
        return tuple(
            axis.points.index(tuple(self.levels[v].index(levels[v]) for v in axis.variables))
            for axis in self.axes
        )

    def state(self, index: tuple[int, ...]) -> dict[str, str]:
        """The levels of the state at an index, by variable."""
        return {
            variable: self.levels[variable][level]
            for axis, at in zip(self.axes, index, strict=True)
            for variable, level in zip(axis.variables, axis.points[at], strict=True)
        }

    def drawn(self, draws: int) -> Space:
        """The same states once for each of several draws, on a leading axis."""
        axis = Axis("", (), tuple((draw,) for draw in range(draws)))
        feasible = np.broadcast_to(self.feasible, (draws, *self.shape))
        places = {name: (at + 1, place) for name, (at, place) in self._places.items()}
        return Space((axis, *self.axes), self.levels, feasible, places)

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        """Indices of the feasible states, in tensor order."""
        return (tuple(int(i) for i in index) for index in np.argwhere(self.feasible))


def _truth(space: Space, statement: Statement) -> Truth:
    match statement:
        case Fixed(value):
            return np.full([1] * len(space.axes), value)
        case Among(variable, levels):
            return np.isin(space.level(variable), list(levels))
        case Not(operand):
            return ~space.truth(operand)
        case All(operands):
            result = np.ones([1] * len(space.axes), dtype=bool)
            for operand in operands:
                result = result & space.truth(operand)
            return result
        case AnyOf(operands):
            result = np.zeros([1] * len(space.axes), dtype=bool)
            for operand in operands:
                result = result | space.truth(operand)
            return result
    raise TypeError(f"not a statement: {statement!r}")


def raw_axes(crisis: Crisis) -> list[tuple[str, tuple[str, ...]]]:
    """The axes before any state is ruled out: name and variables, conditions first."""
    return [(name, (name,)) for name in crisis.conditions] + [
        (name, tuple(f"{name}.{option}" for option in actor.options))
        for name, actor in crisis.actors.items()
    ]


def space_of(crisis: Crisis) -> Space:
    """The state tensor of a crisis.

    Crises that differ only in what actors want, believe or how fast they move share one space.

    Raises
    ------
    CrisisError
        If no state is feasible.
    """
    return _space(
        tuple(raw_axes(crisis)),
        tuple(crisis.variables.items()),
        tuple(crisis.statement(text) for text in crisis.never),
        tuple(sorted(crisis.held.items())),
    )


@lru_cache(maxsize=16)
def _space(
    named: tuple[tuple[str, tuple[str, ...]], ...],
    variables: tuple[tuple[str, tuple[str, ...]], ...],
    never: tuple[Statement, ...],
    held: tuple[tuple[str, str], ...],
) -> Space:
    levels, frozen = dict(variables), dict(held)
    choices = {
        v: (known.index(frozen[v]),) if v in frozen else range(len(known))
        for v, known in levels.items()
    }
    axes = [Axis(name, own, tuple(product(*(choices[v] for v in own)))) for name, own in named]
    space = _with_feasible(axes, levels, never)
    kept = []
    for i, axis in enumerate(axes):
        others = tuple(j for j in range(len(axes)) if j != i)
        possible = np.asarray(space.feasible.any(axis=others)).reshape(-1)
        if axis.variables == (axis.name,):  # a condition keeps its levels: changes name them
            possible = np.ones_like(possible)
        points = tuple(point for point, can_be in zip(axis.points, possible, strict=True) if can_be)
        kept.append(Axis(axis.name, axis.variables, points))
    if kept != axes:
        space = _with_feasible(kept, levels, never)
    if not space.feasible.any():
        raise CrisisError("no state is feasible: the `never` statements rule out every one")
    return space


def _with_feasible(
    axes: list[Axis], levels: Mapping[str, tuple[str, ...]], never: tuple[Statement, ...]
) -> Space:
    places = {v: (i, j) for i, axis in enumerate(axes) for j, v in enumerate(axis.variables)}
    shape = tuple(len(axis) for axis in axes)
    feasible = np.ones(shape, dtype=bool)
    space = Space(tuple(axes), levels, feasible, places)
    for statement in never:
        feasible &= ~space.truth(statement)
    _locked(feasible)
    return space


def _locked(array: Truth) -> Truth:
    array.setflags(write=False)
    return array
