"""Limited-move stability: two actors who look a fixed number of moves ahead.

With ``h`` moves to look ahead, an actor goes where it expects the other, who then looks ``h - 1``
ahead, to leave things best for it, or stays if nothing is better than staying. Where it would
stay is stable. The definition is for two actors who are never indifferent between two
states; for others there is no agreed one, and they are refused.

Kilgour (1985), Anticipation and stability in two-person noncooperative games.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standoff.crisis.errors import CrisisError
from standoff.game.graph import Graph, Party
from standoff.game.space import Truth


def limited_move(graph: Graph, horizon: int) -> dict[str, Truth]:
    """Find where each of two actors would stay if it looks some moves ahead.

    Parameters
    ----------
    graph
        A graph model of two actors with strict preferences, without draws.
    horizon
        How many moves it looks ahead, at least 1.

    Returns
    -------
    dict
        For each actor, booleans of shape ``space.shape``.

    Raises
    ------
    CrisisError
        If there are not two actors, or one of them is indifferent between two states.
    """
    if horizon < 1:
        raise CrisisError(f"limited_move(): it looks at least 1 move ahead, not {horizon}")
    if reason := why_not_limited(graph):
        raise CrisisError(f"limited-move stability is not defined here: {reason}")
    here = np.arange(graph.space.size).reshape(graph.space.shape)
    ends = {party.name: here for party in graph.parties}
    first, second = graph.parties
    for _ in range(horizon):
        ends = {
            first.name: _anticipated(graph, first, ends[second.name]),
            second.name: _anticipated(graph, second, ends[first.name]),
        }
    return {name: (found == here) & graph.space.feasible for name, found in ends.items()}


def why_not_limited(graph: Graph) -> str:
    """Why limited-move stability is not defined for a graph model; empty if it is."""
    count = len(graph.parties)
    if count != 2:
        return f"it needs two actors, and this crisis has {count}"
    for party in graph.parties:
        ranks = party.rank[graph.space.feasible]
        values, counts = np.unique(ranks, return_counts=True)
        if counts.max() > 1:
            tied = np.argwhere(party.rank == values[counts.argmax()])[:2]
            one, other = (graph.space.state(tuple(int(i) for i in index)) for index in tied)
            differ = [name for name in one if one[name] != other[name]]
            pair = " and ".join(
                ", ".join(f"{name} = {state[name]}" for name in differ) for state in (one, other)
            )
            return (
                f"it needs actors who are never indifferent between two states, and {party.name} "
                f"is, for example between {pair}"
            )
    return ""


def _anticipated(graph: Graph, party: Party, then: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where an actor expects things to end, given where they would end after each of its moves."""
    outer, along, inner = graph.space.lines(party.axis)
    rank = party.rank.reshape(-1)
    can_be = graph.space.feasible.reshape(outer, along, inner)
    then = then.reshape(outer, along, inner)
    ends = np.arange(graph.space.size).reshape(outer, along, inner)
    for point in range(along):
        offered = np.broadcast_to(then[:, point : point + 1], ends.shape)
        better = (rank[offered] > rank[ends]) & can_be[:, point : point + 1]
        if party.allowed is not None:
            better &= party.allowed[:, :, point]
        better[:, point] = False  # staying is not a move
        ends = np.where(better, offered, ends)
    return ends.reshape(graph.space.shape)
