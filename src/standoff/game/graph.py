"""A crisis as a graph model: who can move where, and what each actor prefers.

Stability needs no amounts, only an order, so preferences are kept as ranks: small whole numbers,
one per state and actor. Payoffs that differ by less than :data:`TIE` have the same rank.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.crisis import Crisis
from standoff.game.compile import allowed_moves, payoff_of, start_of
from standoff.game.drawn import Draws, Numbers
from standoff.game.game import Floats
from standoff.game.space import Space, Truth, space_of

TIE = 1e-9
"""Payoffs that differ by less are ties."""

Ranks = NDArray[np.unsignedinteger]

_MOST_BITS = 24  # statements between which places are counted anew: a double holds 53 bits


@dataclass(frozen=True, slots=True, eq=False)
class Party:
    """One actor of a graph model, as arrays.

    Attributes
    ----------
    name, axis
        The actor, and the position of its axis.
    rank
        Unsigned integers of shape ``(..., *space.shape)``: 1 for what it likes least, more for
        better, equal for ties, 0 where a state cannot be. Leading axes, if any, are draws.
    payoffs
        The payoff of rank ``r`` is ``payoffs[r - 1]``, in weight units; for an actor that only
        orders the states, the rank itself. Empty where there are draws.
    allowed
        As in :class:`standoff.game.Mover`: None where every move between feasible states is.
    transitive
        Whether what it can reach in two moves running it can also reach in one.
    """

    name: str
    axis: int
    rank: Ranks
    payoffs: Floats
    allowed: Truth | None
    transitive: bool


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """A crisis as a graph model.

    Attributes
    ----------
    space
        The state tensor; each condition has the one level at which it is held.
    parties
        The actors, in file order.
    start
        Index of the state at time zero.
    lineage
        The views that led to the crisis this was compiled from.
    """

    space: Space
    parties: tuple[Party, ...]
    start: tuple[int, ...]
    lineage: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The actors, in file order."""
        return tuple(party.name for party in self.parties)

    def party(self, name: str) -> Party:
        """The actor of a name."""
        return next(party for party in self.parties if party.name == name)


def compile_graph(crisis: Crisis, draws: Draws | None = None) -> Graph:
    """Turn a crisis into a graph model.

    Conditions are held at their levels at time zero: nobody decides them, so no concept of
    stability says where they go.

    Parameters
    ----------
    crisis
        The crisis.
    draws
        As for :func:`standoff.game.compile_game`. The ranks then have a leading axis of draws.

    Raises
    ------
    CrisisError
        If the state at time zero, or every state, is infeasible.
    """
    crisis = with_conditions_held(crisis)
    space = space_of(crisis)
    return Graph(
        space=space,
        parties=tuple(_party(crisis, space, name, draws) for name in crisis.actors),
        start=start_of(crisis, space),
        lineage=crisis.lineage,
    )


def with_conditions_held(crisis: Crisis) -> Crisis:
    """The crisis with every condition frozen at its level at time zero."""
    start = crisis.start
    free = {name: start[name] for name in crisis.conditions if name not in crisis.held}
    return crisis.holding(free) if free else crisis


def _party(crisis: Crisis, space: Space, name: str, draws: Draws | None) -> Party:
    actor = crisis.actors[name]
    axis = space.axis_of(name)
    if actor.priorities:
        payoff = _by_priorities(crisis, space, name)
    elif actor.ranking:
        payoff = _by_ranking(crisis, space, name)
    else:
        whole = space if draws is None else space.drawn(len(draws))
        payoff = payoff_of(crisis, whole, name, Numbers(draws, len(space.axes)))
    if draws is not None:  # where nothing is uncertain it is the same in every draw
        payoff = np.broadcast_to(payoff, (len(draws), *payoff.shape[-len(space.axes) :]))
    rank, payoffs = ranked(payoff, space.feasible)
    allowed = allowed_moves(crisis, space, name)
    return Party(
        name=name,
        axis=axis,
        rank=rank,
        payoffs=np.arange(1.0, len(payoffs) + 1) if actor.ordinal else payoffs,
        allowed=allowed,
        transitive=allowed is None
        or not _changes_its_own_way(crisis, space, name)
        or _is_transitive(allowed, space, axis),
    )


def _by_priorities(crisis: Crisis, space: Space, name: str) -> Floats:
    """Shape as needed: larger where an earlier statement is true, whatever the later ones are."""
    total = np.zeros([1] * len(space.axes))
    for number, priority in enumerate(crisis.actors[name].priorities, start=1):
        total = 2 * total + space.truth(crisis.statement(priority.prefers, name))
        if number % _MOST_BITS == 0:  # places among all states, for the order is all we need
            total = np.unique(total, return_inverse=True)[1].reshape(total.shape).astype(float)
    return total


def _by_ranking(crisis: Crisis, space: Space, name: str) -> Floats:
    """Shape as needed: larger where an earlier entry is the first that matches."""
    ranking = crisis.actors[name].ranking
    total = np.zeros([1] * len(space.axes))
    for place, entry in enumerate(reversed(ranking), start=1):
        for pattern in entry:
            total = np.where(space.truth(crisis.pattern(pattern, name)), float(place), total)
    return total


def ranked(payoff: Floats, feasible: Truth, tie: float = TIE) -> tuple[Ranks, Floats]:
    """From payoffs to ranks.

    Parameters
    ----------
    payoff
        Shape ``(..., *shape)``, broadcastable to the shape of ``feasible`` in its last axes.
    feasible
        Which states can be.
    tie
        Payoffs that differ by less have the same rank.

    Returns
    -------
    tuple
        The ranks, of the whole shape, in the smallest unsigned type that also has room for one
        more value; and the payoffs that they stand for, ascending, if there are no leading axes.
    """
    axes = feasible.ndim
    leading, compact = payoff.shape[: payoff.ndim - axes], payoff.shape[payoff.ndim - axes :]
    missing = tuple(a for a in range(axes) if compact[a] == 1 and feasible.shape[a] > 1)
    occurs = feasible.any(axis=missing, keepdims=True) if missing else feasible
    can_be = occurs.reshape(-1)
    draws = payoff.reshape(-1, can_be.size)
    lowest = [_lowest_of_each_rank(values[can_be], tie) for values in draws]
    most = max(map(len, lowest))
    kind = next(t for t in (np.uint8, np.uint16, np.uint32) if most < np.iinfo(t).max)
    rank = np.zeros(draws.shape, dtype=kind)
    for row, values, firsts in zip(rank, draws, lowest, strict=True):
        row[can_be] = np.searchsorted(firsts, values[can_be], side="right")
    rank = rank.reshape(*leading, *compact)
    whole = rank * feasible if missing or compact != feasible.shape else rank
    whole.setflags(write=False)
    return whole, np.empty(0) if leading else lowest[0]


def _lowest_of_each_rank(values: Floats, tie: float) -> Floats:
    """The lowest payoff of each rank, ascending: a gap of less than ``tie`` begins no new one."""
    ascending = np.sort(values)
    return ascending[np.diff(ascending, prepend=-np.inf) >= tie]


def _changes_its_own_way(crisis: Crisis, space: Space, name: str) -> bool:
    """Whether a `requires` of an actor depends on its own options: only then can one move open
    another. What is irreversible only closes, and what others decide stays as it is meanwhile.
    """
    axis = space.axis_of(name)
    return any(
        space.truth(crisis.statement(option.requires, name)).shape[axis] > 1
        for option in crisis.actors[name].options.values()
        if option.requires is not None
    )


def _is_transitive(allowed: Truth, space: Space, axis: int) -> bool:
    outer, along, inner = space.lines(axis)
    can_be = space.feasible.reshape(outer, along, 1, inner)
    for via in range(along):
        in_two = allowed[:, :, via, None, :] & allowed[:, via, None, :, :] & can_be
        if (in_two & can_be[:, via, None] & ~allowed).any():
            return False
    return True
