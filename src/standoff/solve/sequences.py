"""Moves one can follow with a finger: who goes where, what stops it, how one gets there.

The arrays of :mod:`standoff.solve.stability` say what is stable; this finds the sequences of moves
that show why, by breadth-first search, so that each is as short as can be.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from standoff.game.graph import Graph, Party
from standoff.solve.stability import ESCAPES, IMPROVES

State = tuple[int, ...]

MOST_SEARCHED = 200_000
"""A search stops after this many states."""


@dataclass(frozen=True, slots=True)
class Move:
    """One actor goes from one state to another.

    Attributes
    ----------
    actor
        Who.
    source, target
        Indices of the states.
    """

    actor: str
    source: State
    target: State


def moves_of(graph: Graph, party: Party, state: State, *, improving: bool = False) -> list[State]:
    """The states that an actor can go to from a state, best first."""
    axis = party.axis
    line: tuple[int | slice, ...] = (*state[:axis], slice(None), *state[axis + 1 :])
    rank = party.rank[line]
    can = graph.space.feasible[line].copy()
    if party.allowed is not None:
        shape = graph.space.shape
        before = _flat(state[:axis], shape[:axis])
        after = _flat(state[axis + 1 :], shape[axis + 1 :])
        can &= party.allowed[before, state[axis], :, after]
    can[state[axis]] = False
    if improving:
        can &= rank > rank[state[axis]]
    found = sorted(can.nonzero()[0].tolist(), key=lambda point: -int(rank[point]))
    return [(*state[:axis], point, *state[axis + 1 :]) for point in found]


def _flat(index: State, shape: tuple[int, ...]) -> int:
    place = 0
    for at, size in zip(index, shape, strict=True):
        place = place * size + at
    return place


def sanction_of(
    graph: Graph, party: Party, concept: str, left: State, reached: State
) -> tuple[Move, ...] | None:
    """A shortest sequence by the others that stops an improvement.

    Parameters
    ----------
    graph, party, concept
        Who would leave a state, and under which concept the others answer.
    left, reached
        The state it would leave, and the better one it would go to.

    Returns
    -------
    tuple or None
        The moves; None if nothing stops it (or no answer was found in
        :data:`MOST_SEARCHED` states).
    """
    if concept == "nash":
        return None
    had = party.rank[left]

    def stops(state: State) -> bool:
        if party.rank[state] > had:
            return False
        if concept not in ESCAPES:
            return True
        return all(party.rank[escape] <= had for escape in moves_of(graph, party, state))

    others = [other for other in graph.parties if other is not party]
    for path in _paths(graph, others, reached, improving=concept in IMPROVES):
        if stops(path.state):
            return path.moves()
    return None


def improvements_to(
    graph: Graph, start: State, wanted: Callable[[State], bool], count: int
) -> dict[State, tuple[Move, ...]]:
    """Shortest sequences of improvements from a state to the first states that are wanted.

    Stops after ``count`` of them, or after :data:`MOST_SEARCHED` states.
    """
    found: dict[State, tuple[Move, ...]] = {}
    for path in _paths(graph, graph.parties, start, improving=True):
        if wanted(path.state) and path.state not in found:
            found[path.state] = path.moves()
            if len(found) >= count:
                break
    return found


@dataclass(frozen=True, slots=True)
class _Path:
    state: State
    last: int | None = None
    before: _Path | None = None
    actor: str = ""

    def moves(self) -> tuple[Move, ...]:
        if self.before is None:
            return ()
        return (*self.before.moves(), Move(self.actor, self.before.state, self.state))


def _paths(
    graph: Graph, movers: Sequence[Party], start: State, *, improving: bool
) -> Iterator[_Path]:
    """Legal sequences in order of length, one to each pair of a state and who moved last."""
    first = _Path(start)
    seen: set[tuple[State, int | None]] = {(start, None)}
    waiting = deque([first])
    while waiting and len(seen) < MOST_SEARCHED:
        path = waiting.popleft()
        yield path
        for number, party in enumerate(movers):
            if number == path.last:
                continue
            for state in moves_of(graph, party, path.state, improving=improving):
                if (state, number) not in seen:
                    seen.add((state, number))
                    waiting.append(_Path(state, number, path, party.name))
