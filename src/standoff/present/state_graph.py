"""Which states to draw around the start, and the improvements between them.

All of them, if they are few. Otherwise the start, what improvements lead to from there, and the
equilibria that matter. Where these are still too many, states that differ only in some options are
drawn as one: options are given up one by one, first the one that makes the least difference to who
would stay.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from standoff.game.graph import Graph
from standoff.solve.sequences import Move, State, moves_of
from standoff.solve.stability import floors_of
from standoff.study.stability import Stability
from standoff.study.survey import Survey

MOST_NODES = 40
"""A drawing of more is not readable."""

MOST_ARROWS = 24
"""With more, and more than three to two boxes, an actor's lesser improvements are not drawn."""

_MOST_STATES = 600  # that are looked at, the fewest improvements away from the start first

Strength = Literal["nash", "seq", "gmr", ""]
"""The strongest family of concepts under which a state is an equilibrium; none: under none.

`seq` stands for seq and sseq, `gmr` for gmr and smr alone.
"""

_STRENGTHS: tuple[Strength, ...] = ("nash", "seq", "gmr", "")


def strength(concepts: Sequence[str]) -> Strength:
    """Return the strongest family among some concepts.

    Examples
    --------
    >>> strength(["gmr", "smr", "seq"]), strength(["smr"]), strength([])
    ('seq', 'gmr', '')
    """
    if "nash" in concepts:
        return "nash"
    if "seq" in concepts or "sseq" in concepts:
        return "seq"
    return "gmr" if concepts else ""


@dataclass(frozen=True, slots=True)
class Node:
    """A state, or states that are drawn as one.

    Attributes
    ----------
    states
        Which.
    levels
        Where they differ from the start, in the options that are not given up.
    start
        Whether it is the start, which is never drawn together with another state.
    strength
        Of the strongest equilibrium among them.
    strong
        How many of them are as strong.
    places
        Their places in the list of equilibria that matter, from 1.
    """

    states: tuple[State, ...]
    levels: Mapping[str, str]
    start: bool
    strength: Strength
    strong: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """An improvement that an actor can make.

    Attributes
    ----------
    source, target
        Places of the nodes.
    actor
        Who.
    deterred
        Whether the others would answer so that it does not pay: the actor stays, by
        the concept of the survey.
    always
        Whether it can be made from every state of the source.
    """

    source: int
    target: int
    actor: str
    deterred: bool
    always: bool


@dataclass(frozen=True, slots=True)
class StateGraph:
    """What is drawn.

    Attributes
    ----------
    nodes
        The start first.
    arrows
        Improvements between them.
    reached
        Places of the nodes that improvements lead to from the start, itself included.
    states
        How many states the nodes stand for.
    total
        How many states can be.
    given_up
        Options in which states that are drawn as one may differ.
    farther
        Whether improvements lead from the start to more states than were looked at.
    best_only
        Whether an actor's lesser improvements are left out where it has a better one.
    neighbours
        Whether nobody can improve on the start, so that the states one move away are drawn.
    """

    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    reached: frozenset[int]
    states: int
    total: int
    given_up: tuple[str, ...]
    farther: bool
    best_only: bool
    neighbours: bool

    @property
    def complete(self) -> bool:
        """Whether every state that can be is drawn."""
        return self.states == self.total


def choose_states(survey: Survey, most: int = MOST_NODES) -> StateGraph:
    """Choose what to draw.

    Parameters
    ----------
    survey
        What is stable, and the equilibria that matter: each of them is drawn.
    most
        How many nodes at most.
    """
    stability = survey.stability
    graph = stability.graph
    total = int(graph.space.feasible.sum())
    reached, farther = _reached(graph)
    if total <= most:
        near, states = [], [graph.start, *graph.space]
    else:
        ways = [move.target for each in survey.equilibria for move in each.path or ()]
        ends = [each.state for each in survey.equilibria]
        near = _neighbours(graph)[: most // 2] if len(reached) == 1 else []
        states = [*reached, *near, *ways, *ends]
    states = list(dict.fromkeys(states))
    given_up = _given_up(survey, states, most)
    nodes = _nodes(survey, states, given_up)
    where = {state: place for place, node in enumerate(nodes) for state in node.states}
    moves = _improvements(stability, states, survey.concept)
    arrows = _arrows(moves, nodes, where)
    best_only = len(arrows) > max(MOST_ARROWS, 1.5 * len(nodes))
    if best_only:
        arrows = _arrows(_best(survey, moves, reached), nodes, where)
    return StateGraph(
        nodes=tuple(nodes),
        arrows=tuple(arrows),
        reached=frozenset(where[state] for state in reached if state in where),
        states=len(states),
        total=total,
        given_up=given_up,
        farther=farther and total > most,
        best_only=best_only,
        neighbours=bool(near),
    )


def _reached(graph: Graph) -> tuple[list[State], bool]:
    """What improvements lead to from the start, in order of their number, and if that is all."""
    found = {graph.start: None}
    waiting = deque(found)
    while waiting:
        state = waiting.popleft()
        for party in graph.parties:
            for target in moves_of(graph, party, state, improving=True):
                if target in found:
                    continue
                if len(found) >= _MOST_STATES:
                    return list(found), True
                found[target] = None
                waiting.append(target)
    return list(found), False


def _neighbours(graph: Graph) -> list[State]:
    """The states one move away from the start, for each actor in turn its next best."""
    lines = [moves_of(graph, party, graph.start) for party in graph.parties]
    longest = max(map(len, lines), default=0)
    return [line[turn] for turn in range(longest) for line in lines if turn < len(line)]


# What is drawn as one ---------------------------------------------------------------------------


def _given_up(survey: Survey, states: Sequence[State], most: int) -> tuple[str, ...]:
    """Options in which states may differ and yet be drawn as one, so that no more are drawn.

    In each step it is the option for which the fewest states are drawn together with others that
    other actors would leave, or that are equilibria of another strength.
    """
    stability, start = survey.stability, survey.stability.start
    levels = {state: stability.space.state(state) for state in states}
    looks = {state: _look(survey, state) for state in states}
    kept = [name for name in levels[start] if len({each[name] for each in levels.values()}) > 1]
    given_up: set[str] = set()

    def groups(names: Iterable[str]) -> list[list[State]]:
        chosen = list(names)
        together = defaultdict(list)
        for state in states:
            key = (state == start, *(levels[state][name] for name in chosen))
            together[key].append(state)
        return list(together.values())

    def differing(names: Sequence[str]) -> tuple[int, int]:
        parts = groups(names)
        alike = sum(max(Counter(looks[state] for state in part).values()) for part in parts)
        return len(states) - alike, len(parts)

    while kept and len(groups(kept)) > most:
        rest = {name: [each for each in kept if each != name] for name in kept}
        least = min(reversed(kept), key=lambda name: differing(rest[name]))
        given_up.add(least)
        kept = rest[least]
    return tuple(name for name in levels[start] if name in given_up)


def _look(survey: Survey, state: State) -> tuple[object, ...]:
    """What is said of a state in the drawing: how strong it is, and who would leave."""
    stays = survey.stability.stable[survey.concept].values()
    return (strength(survey.stability.concepts_of(state)), *(bool(truth[state]) for truth in stays))


def _nodes(survey: Survey, states: Sequence[State], given_up: Sequence[str]) -> list[Node]:
    stability = survey.stability
    start = stability.space.state(stability.start)
    places = {each.state: place for place, each in enumerate(survey.equilibria, start=1)}
    together: dict[tuple[object, ...], list[State]] = defaultdict(list)
    for state in states:
        levels = stability.space.state(state)
        kept = (level for name, level in levels.items() if name not in given_up)
        together[state == stability.start, *kept].append(state)
    nodes = []
    for part in together.values():
        levels = stability.space.state(part[0])
        marks = [strength(stability.concepts_of(state)) for state in part]
        strongest = min(marks, key=_STRENGTHS.index)
        nodes.append(
            Node(
                states=tuple(part),
                levels={
                    name: level
                    for name, level in levels.items()
                    if name not in given_up and level != start[name]
                },
                start=part[0] == stability.start,
                strength=strongest,
                strong=marks.count(strongest) if strongest else 0,
                places=tuple(sorted(places[state] for state in part if state in places)),
            )
        )
    return nodes


# Improvements -----------------------------------------------------------------------------------


def _improvements(stability: Stability, states: Sequence[State], concept: str) -> dict[Move, bool]:
    """Every improvement between some states, each actor's best first, and if it is deterred."""
    graph, known = stability.graph, set(states)
    floors = {party.name: floors_of(graph, party, [concept])[concept] for party in graph.parties}
    return {
        Move(party.name, state, target): bool(floors[party.name][target] <= party.rank[state])
        for state in states
        for party in graph.parties
        for target in moves_of(graph, party, state, improving=True)
        if target in known
    }


def _best(survey: Survey, moves: Mapping[Move, bool], reached: Sequence[State]) -> dict[Move, bool]:
    """The improvement that each actor would make, and what leads where no other one does.

    It would make the best that is not deterred; where all are, the best of them is kept.
    """
    ways = {move for each in survey.equilibria for move in each.path or ()}
    order = {state: place for place, state in enumerate(reached)}
    best: dict[tuple[str, State], Move] = {}
    for move in sorted(moves, key=lambda each: moves[each]):
        best.setdefault((move.actor, move.source), move)
    chosen = {*best.values(), *ways}
    entered = {move.target for move in chosen if move.source in order}
    for move in moves:  # the states that were reached first come first
        new = move.target in order and move.target not in entered
        if new and order.get(move.source, len(order)) < order[move.target]:
            chosen.add(move)
            entered.add(move.target)
    return {move: deterred for move, deterred in moves.items() if move in chosen}


def _arrows(
    moves: Mapping[Move, bool], nodes: Sequence[Node], where: Mapping[State, int]
) -> list[Arrow]:
    together: dict[tuple[int, int, str], list[Move]] = defaultdict(list)
    for move in moves:
        source, target = where[move.source], where[move.target]
        if source != target:
            together[source, target, move.actor].append(move)
    return [
        Arrow(
            source,
            target,
            actor,
            deterred=all(moves[move] for move in those),
            always=len({move.source for move in those}) == len(nodes[source].states),
        )
        for (source, target, actor), those in together.items()
    ]
