"""Which states a coalition would leave together.

A coalition leaves a state if its members can reach, by a legal sequence of their own moves, one
that is better for every one of them and from which the others cannot bring any member back to
what it had. The others are those outside; against the coalition of all there is nobody. The
sequence goes through states that can be; nobody jumps jointly over one that cannot.

Every part of the definition asks where a set of goals can be reached from, and the goals depend on
the state that would be left. :func:`standoff.solve._reach.lowest_reached` answers that for eight
such states at once, a bit for each.

Kilgour, Hipel, Fang & Peng (2001), Coalition analysis in group decision support.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from standoff.crisis.errors import CrisisError
from standoff.game.graph import Graph, Party
from standoff.game.space import Truth
from standoff.solve._reach import lowest_reached
from standoff.solve.stability import CONCEPTS, ESCAPES, IMPROVES, everywhere, stable_states

Coalition = tuple[str, ...]
"""Its members, in file order."""

MOST_STATES = 4096
"""More feasible states than this are refused: the work grows with their square."""

_BATCH = 2**22

Bits = NDArray[np.uint8]
_Places = tuple[NDArray[np.intp], ...]


def coalitions_of(graph: Graph) -> tuple[Coalition, ...]:
    """Every coalition: single actors first, all together last."""
    names = [party.name for party in graph.parties]
    return tuple(c for size in range(1, len(names) + 1) for c in combinations(names, size))


def stable_for_coalitions(
    graph: Graph,
    concepts: Iterable[str] = CONCEPTS,
    coalitions: Iterable[Coalition] | None = None,
) -> dict[str, dict[Coalition, Truth]]:
    """Find where each coalition would stay.

    Parameters
    ----------
    graph
        The graph model, without draws.
    concepts, coalitions
        Which; all by default.

    Returns
    -------
    dict
        For each concept and coalition, booleans of shape ``space.shape``.

    Raises
    ------
    CrisisError
        If there are more than :data:`MOST_STATES` feasible states.
    """
    wanted = tuple(concepts)
    states = int(graph.space.feasible.sum())
    if states > MOST_STATES:
        raise CrisisError(
            f"coalitions are computed for crises of up to {MOST_STATES:,} states, and this one "
            f"has {states:,}: hold some options at the levels that matter (--holding)"
        )
    single = stable_states(graph, wanted)
    stable: dict[str, dict[Coalition, Truth]] = {concept: {} for concept in wanted}
    for coalition in coalitions_of(graph) if coalitions is None else coalitions:
        if len(coalition) == 1:
            found = {concept: single[concept][coalition[0]] for concept in wanted}
        else:
            found = _Joint(graph, coalition).stays(wanted)
        for concept in wanted:
            stable[concept][coalition] = found[concept]
    return stable


def none_would_leave(stable: Mapping[str, Mapping[Coalition, Truth]]) -> dict[str, Truth]:
    """Where every coalition among those computed would stay, by concept."""
    return {concept: everywhere(cells.values()) for concept, cells in stable.items()}


class _Joint:
    """One coalition of two or more.

    A batch of states that might be left is taken at a time. Whether a state ``t`` is this or that
    when ``s`` is the one to be left is a bit, eight states ``s`` to a byte of an array of shape
    ``(bytes, *shape)``.
    """

    def __init__(self, graph: Graph, coalition: Coalition) -> None:
        self.graph = graph
        self.feasible = graph.space.feasible
        self.members = [party for party in graph.parties if party.name in coalition]
        self.others = [party for party in graph.parties if party.name not in coalition]
        self._nowhere = np.where(self.feasible, np.uint8(0), np.uint8(255))

    def stays(self, concepts: Iterable[str]) -> dict[str, Truth]:
        """Where it would stay, by concept, each of the shape of the space."""
        nash = np.zeros(self.feasible.shape, dtype=bool)
        for left in self._batches(self.feasible):
            nash[left] = self._stays_in(left, ["nash"])["nash"]
        found = {concept: nash.copy() for concept in concepts}
        closer = [concept for concept in found if concept != "nash"]
        if closer and self.others:  # who has nowhere to go stays; only the rest need a closer look
            for left in self._batches(self.feasible & ~nash):
                for concept, stays in self._stays_in(left, closer).items():
                    found[concept][left] = stays
        return found

    def _batches(self, where: Truth) -> Iterator[_Places]:
        places = np.argwhere(where)
        size = max(8, _BATCH // self.feasible.size)
        for first in range(0, len(places), size):
            yield tuple(places[first : first + size].T)

    def _stays_in(self, left: _Places, concepts: Iterable[str]) -> dict[str, Truth]:
        """For a batch of states to leave, one boolean each."""
        better = self._better_than(left)
        escape = None
        stays = {}
        for concept in concepts:
            goals = better
            if concept != "nash":
                if concept in ESCAPES and escape is None:
                    escape = self._reaching(better, self.members)
                open_ = escape if concept in ESCAPES and escape is not None else better
                # The others stop it in a state that is not better for every member and, with
                # escape, leads the coalition to none that is.
                stops = ~(open_ | self._nowhere)
                goals = better & ~self._reaching(stops, self.others, concept in IMPROVES)
            leaves = self._reaching(goals, self.members)
            numbers = np.arange(len(left[0]))
            bit = leaves[(numbers // 8, *left)] >> (7 - numbers % 8).astype(np.uint8)
            stays[concept] = (bit & 1) == 0
        return stays

    def _better_than(self, left: _Places) -> Bits:
        """Where a state is better, for every member, than the one that is left."""
        count = len(left[0])
        bits = np.zeros((-(-count // 8), *self.feasible.shape), dtype=np.uint8)
        for place in range(8):
            chosen = tuple(index[place::8] for index in left)
            better = everywhere(
                party.rank > party.rank[chosen].reshape(-1, *[1] * self.feasible.ndim)
                for party in self.members
            )
            bits[: len(better)] |= better.view(np.uint8) << np.uint8(7 - place)
        return bits

    def _reaching(self, goals: Bits, movers: Sequence[Party], improving: bool = False) -> Bits:
        """Where a goal is, or can be reached from."""
        open_ = ~goals | self._nowhere
        return ~lowest_reached(self.graph, open_, movers, improving=improving, meet=np.bitwise_and)
