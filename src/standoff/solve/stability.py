"""Which states an actor would stay in, under the five concepts of the graph model.

An actor leaves a state ``s`` if it has a better state ``t`` to go to from which the others cannot
bring it back down to what it had. With preferences that are an order, one number for each state
says how far down the others can bring it, its *floor*:

=====  =========================================================================================
nash   nobody answers: its own rank in ``t``
gmr    the least rank that any legal sequence of moves by the others leads to
smr    the same, where it may still escape from the state that they lead to by one move
seq    the least rank that a sequence of improvements by the others leads to
sseq   the same, with escape
=====  =========================================================================================

So ``s`` is stable exactly when every ``t`` it could move to has a rank or a floor that is not
above the rank of ``s``. Floors are fixpoints of minima along the axes
(:mod:`standoff.solve._reach`); the cost is linear in the number of states.

Fang, Hipel & Kilgour (1993), Interactive Decision Making; for SSEQ, Rego & Vieira (2017).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from standoff.crisis.expected import CONCEPTS as CONCEPTS
from standoff.game.graph import Graph, Party, Ranks
from standoff.game.space import Truth
from standoff.solve._reach import highest_of_moves, lowest_reached, nowhere

ESCAPES = ("smr", "sseq")
IMPROVES = ("seq", "sseq")


def stable_states(graph: Graph, concepts: Iterable[str] = CONCEPTS) -> dict[str, dict[str, Truth]]:
    """Find where each actor would stay.

    Returns
    -------
    dict
        For each concept and actor, booleans of the shape of its ranks, ``(..., *shape)``; false
        in states that cannot be.
    """
    wanted = tuple(concepts)
    stable: dict[str, dict[str, Truth]] = {concept: {} for concept in wanted}
    for party in graph.parties:
        floors = floors_of(graph, party, wanted)
        for concept in wanted:
            stable[concept][party.name] = stays(graph, party, floors.pop(concept))
    return stable


def everywhere(truths: Iterable[Truth]) -> Truth:
    """Where all of some truths hold."""
    return np.asarray(np.logical_and.reduce(list(truths)))


def stays(graph: Graph, party: Party, floor: Ranks) -> Truth:
    """Where an actor stays if its floor, once it has moved, is this."""
    gain = highest_of_moves(graph, np.minimum(party.rank, floor), party)
    return np.asarray((gain <= party.rank) & graph.space.feasible)


def floors_of(graph: Graph, party: Party, concepts: Iterable[str] = CONCEPTS) -> dict[str, Ranks]:
    """How far down the others can bring an actor from each state.

    Returns
    -------
    dict
        For each concept, ranks of the shape of the actor's; the largest number of their type in
        states that cannot be.
    """
    wanted = tuple(concepts)
    opponents = [other for other in graph.parties if other is not party]
    here = np.where(graph.space.feasible, party.rank, nowhere(party.rank))
    floors = {"nash": here} if "nash" in wanted else {}
    for improving in (False, True):
        group = [c for c in wanted if c != "nash" and (c in IMPROVES) is improving]
        if not group:
            continue
        ends = np.stack([_escaped(graph, party, here) if c in ESCAPES else here for c in group])
        found = lowest_reached(graph, ends, opponents, improving=improving)
        floors.update(zip(group, found, strict=True))
    return floors


def _escaped(graph: Graph, party: Party, here: Ranks) -> Ranks:
    """What an actor has once it has made the best of a state."""
    best = highest_of_moves(graph, party.rank, party)
    return np.where(graph.space.feasible, best, nowhere(here))
