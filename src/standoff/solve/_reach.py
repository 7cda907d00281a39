"""What legal sequences of moves can reach, as a least value that is passed along the axes.

The least of some values over everything that a set of actors can reach from a state is a
fixpoint: every state takes the least of its own value and of what one move leads to, until
nothing changes. An actor moves along its own axis, so one step is a minimum along that axis and
no pair of states is ever stored.

In a legal sequence no actor moves twice in a row. For an actor whose moves are transitive the
rule changes nothing, as two moves running are one move. Where some actor's are not, the state
alone does not say what may come next, so the least value is kept by who moves first.

Values are unsigned integers. The largest one stands for "nowhere": states that cannot be have it
before and after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from itertools import cycle, product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from standoff.game.graph import Graph, Party
from standoff.game.space import Truth

Values: TypeAlias = NDArray[np.unsignedinteger]

_SHORT = 64  # shorter runs of numbers are turned into long ones before work
_BLOCK = 2**17  # numbers worked on at a time, so that they stay in the cache
_FEW = 0.3  # a smaller share of lines is taken out to be worked on


def nowhere(values: Values) -> Any:
    """The value that stands for what cannot be reached."""
    return values.dtype.type(np.iinfo(values.dtype).max)


def lowest_reached(
    graph: Graph,
    values: Values,
    movers: Sequence[Party],
    *,
    improving: bool,
    meet: np.ufunc = np.minimum,
) -> Values:
    """Least value over what legal sequences of moves lead to; the empty sequence counts.

    Parameters
    ----------
    graph
        The graph model.
    values
        Shape ``(..., *shape)``, leading axes ending with those of the ranks; "nowhere" in states
        that cannot be.
    movers
        Who may move.
    improving
        Whether every move must be better for who makes it.
    meet
        What is passed on of two values: the lesser, or with ``np.bitwise_and`` the lesser of every
        bit, so that each of them can answer another question.
    """
    found = values.copy()
    steps = [Step(graph, party, improving=improving, meet=meet) for party in movers]
    if not all(party.transitive for party in movers):
        return _lowest_by_first_mover(steps, found)
    stale: list[Truth | None] = [None] * len(steps)  # what changed since it was last looked at
    unchanged = 0
    for number, step in cycle(enumerate(steps)):
        changed = step.lower(found, stale[number])
        stale[number] = np.zeros_like(changed)
        unchanged = 1 if changed.any() else unchanged + 1
        if unchanged >= len(steps):
            break
        for other, known in enumerate(stale):
            if other != number and known is not None:
                known |= changed
    return found


def _lowest_by_first_mover(steps: Sequence[Step], values: Values) -> Values:
    """As :func:`lowest_reached`, where two moves running are not always one move."""
    after = [np.full_like(values, nowhere(values)) for _ in steps]
    changed = True
    while changed:
        changed = False
        for number, step in enumerate(steps):
            others = (found for other, found in enumerate(after) if other != number)
            found = step.least_of_moves(reduce(step.meet, others, values))
            if not np.array_equal(found, after[number]):
                after[number], changed = found, True
    return reduce(steps[0].meet, after, values) if steps else values


def highest_of_moves(graph: Graph, values: Values, party: Party) -> Values:
    """Largest value over what one move of an actor leads to, staying included.

    Parameters
    ----------
    graph, party
        The graph model and the actor.
    values
        Shape ``(..., *shape)``; 0 in states that cannot be.

    Returns
    -------
    array
        Broadcastable against ``values``.
    """
    outer, along, inner = graph.space.lines(party.axis)
    if party.allowed is None:
        axis = party.axis - len(graph.space.axes)
        return np.asarray(values.max(axis=axis, keepdims=True))
    lines = values.reshape(-1, outer, along, inner)
    found = lines.copy()
    for point in range(along):
        offered = lines[:, :, point : point + 1] * party.allowed[:, :, point]
        np.maximum(found, offered, out=found)
    return found.reshape(values.shape)


class Step:
    """One move of one actor, for every state at once.

    Values are cut into lines along the actor's axis, of shape ``(kinds, draws, outer, along,
    inner)``. Where ``inner`` is short, ``outer`` is moved behind it so that runs are long; where
    few lines need work, they are taken out.

    Parameters
    ----------
    graph, party
        The graph model and the actor.
    improving
        Whether the move must be better for it.
    meet
        As for :func:`lowest_reached`.
    """

    def __init__(
        self, graph: Graph, party: Party, *, improving: bool, meet: np.ufunc = np.minimum
    ) -> None:
        self.meet = meet
        outer, along, inner = graph.space.lines(party.axis)
        draws = party.rank.size // graph.space.size if improving else 1
        self._shape = draws, outer, along, inner
        self._turned = inner < min(_SHORT, outer)
        self._rank = party.rank.reshape(self._shape) if improving else None
        self._allowed = party.allowed
        self._feasible: Truth | None = None
        if not graph.space.feasible.all():
            feasible = graph.space.feasible.reshape(outer, along, inner)
            self._feasible = np.broadcast_to(feasible, self._shape)

    def lower(self, values: Values, stale: Truth | None = None) -> Truth:
        """Let every state take the least that a move leads to, in place.

        Parameters
        ----------
        values
            The values.
        stale
            Where they may have changed since this was last done; None for everywhere.

        Returns
        -------
        array
            Where they have changed now: one boolean for each draw and state, in one dimension.
        """
        lines = values.reshape(-1, *self._shape)
        if stale is not None:
            touched = np.asarray(stale.reshape(self._shape).any(axis=2))
            if np.count_nonzero(touched) < _FEW * touched.size:
                return self._lower_some(lines, touched.nonzero())
        lines = self._turn(lines)
        rank, feasible, allowed = self._whole
        changed = np.empty(lines.shape[1:], dtype=bool)
        for block in _blocks(lines.shape):
            _, outer, _, inner = block
            changed[block] = _lower(
                lines[:, *block],
                None if rank is None else rank[block],
                None if allowed is None else allowed[outer, :, :, inner],
                None if feasible is None else feasible[block],
                self.meet,
            )
        if self._turned:
            values.reshape(-1, *self._shape)[...] = self._turn_back(lines)
            changed = self._turn_back(changed[None])
        return changed.reshape(-1)

    def _lower_some(self, lines: Values, chosen: tuple[NDArray[np.intp], ...]) -> Truth:
        """As :meth:`lower`, for the lines at some draws, outer and inner places."""
        changed = np.zeros(self._shape, dtype=bool)
        count = _BLOCK // (lines.shape[0] * self._shape[2]) + 1
        for first in range(0, len(chosen[0]), count):
            draw, outer, inner = (places[first : first + count] for places in chosen)
            taken = _last(lines[:, draw, outer, :, inner])
            found = _lower(
                taken,
                None if self._rank is None else _last(self._rank[draw, outer, :, inner]),
                None if self._allowed is None else _last(self._allowed[outer, :, :, inner]),
                None if self._feasible is None else _last(self._feasible[draw, outer, :, inner]),
                self.meet,
            )
            lines[:, draw, outer, :, inner] = np.moveaxis(taken, -1, 0)
            changed[draw, outer, :, inner] = found.T
        return changed.reshape(-1)

    def least_of_moves(self, values: Values) -> Values:
        """Least value over what one move leads to; "nowhere" where there is no move."""
        lines = values.reshape(-1, *self._shape)
        found = np.full(lines.shape, nowhere(lines), lines.dtype)
        for point in range(self._shape[2]):
            stays = found[..., point, :].copy()
            self.meet(found, _offered(lines, point, self._rank, self._allowed), out=found)
            found[..., point, :] = stays
        if self._feasible is not None:
            np.copyto(found, nowhere(lines), where=~self._feasible)
        return found.reshape(values.shape)

    @cached_property
    def _whole(self) -> tuple[NDArray[Any] | None, Truth | None, Truth | None]:
        """Ranks, what can be, and what is allowed, turned as the lines are."""
        if not self._turned:
            return self._rank, self._feasible, self._allowed
        _, outer, along, inner = self._shape
        allowed = self._allowed
        if allowed is not None:
            turned = allowed.transpose(1, 2, 0, 3).reshape(1, along, along, outer * inner)
            allowed = np.ascontiguousarray(turned)
        rank, feasible = (
            None if array is None else self._turn(array[None])[0]
            for array in (self._rank, self._feasible)
        )
        return rank, feasible, allowed

    def _turn(self, lines: NDArray[Any]) -> NDArray[Any]:
        if not self._turned:
            return lines
        draws, outer, along, inner = self._shape
        return lines.swapaxes(2, 3).reshape(-1, draws, 1, along, outer * inner)

    def _turn_back(self, lines: NDArray[Any]) -> NDArray[Any]:
        draws, outer, along, inner = self._shape
        return lines.reshape(-1, draws, along, outer, inner).swapaxes(2, 3)


def _lower(
    lines: Values,
    rank: NDArray[Any] | None,
    allowed: Truth | None,
    feasible: Truth | None,
    meet: np.ufunc,
) -> Truth:
    """Lower lines of shape ``(kinds, ..., along, runs)`` in place; where that changed any kind."""
    before = lines.copy()
    if rank is None and allowed is None:
        meet(lines, meet.reduce(lines, axis=-2, keepdims=True), out=lines)
    else:
        for point in range(lines.shape[-2]):
            meet(lines, _offered(lines, point, rank, allowed), out=lines)
    if feasible is not None:
        np.copyto(lines, nowhere(lines), where=~feasible)
    return np.asarray((lines != before).any(axis=0))


def _offered(lines: Values, point: int, rank: NDArray[Any] | None, allowed: Truth | None) -> Values:
    """The values at one point of every line, "nowhere" for states that may not move there."""
    target = lines[..., point : point + 1, :]
    shut: Truth | None = None
    if rank is not None:
        shut = rank[..., point : point + 1, :] <= rank
    if allowed is not None:
        closed = ~allowed[..., :, point, :]
        shut = closed if shut is None else np.logical_or(shut, closed)
    if shut is None:
        return target
    mask = shut.view(np.uint8) if lines.dtype == np.uint8 else shut.astype(lines.dtype)
    np.negative(mask, out=mask)  # all bits set where shut: no value is larger
    return np.bitwise_or(target, mask)


def _last(taken: NDArray[Any]) -> NDArray[Any]:
    """Chosen lines come first out of an array; this puts them last."""
    return np.ascontiguousarray(np.moveaxis(taken, 0, -1))


def _blocks(shape: tuple[int, ...]) -> Iterator[tuple[slice, ...]]:
    """Cut ``(kinds, draws, outer, along, inner)`` into pieces that fit the cache."""
    kinds, draws, outer, along, inner = shape
    left = max(1, _BLOCK // (kinds * along))
    by_inner = min(inner, left)
    by_outer = min(outer, max(1, left // by_inner))
    by_draws = min(draws, max(1, left // (by_inner * by_outer)))
    for d, o, i in product(
        range(0, draws, by_draws), range(0, outer, by_outer), range(0, inner, by_inner)
    ):
        yield slice(d, d + by_draws), slice(o, o + by_outer), slice(None), slice(i, i + by_inner)
