"""The definitions of stability, written a second time: sets of states and breadth-first searches.

Nothing here is shared with the package and nothing is clever. A `Graph` is explicit: its states,
for every actor the states that it can reach from each state in one move (the state itself is not
among them), and for every actor one payoff per state, higher is better. Payoffs that differ by
less than `TIE` tie. `graph_of` makes one from the plain nested dictionary that a crisis file
holds; how that is read (states, moves, payoffs, views) is the business of `oracle`.

With s a state, i an actor, R_i(s) its moves, R+_i(s) those of them that are strictly better for i,
and O everyone but i, the state s is stable for i under

    nash    if R+_i(s) is empty;
    gmr     if for every s1 in R+_i(s) there is s2 in R_O(s1), no better than s for i;
    smr     if for every s1 in R+_i(s) there is such an s2 from which, moreover, no s3 in R_i(s2)
            is better than s for i;
    seq     as gmr, with s2 in R+_O(s1);
    sseq    as smr, with s2 in R+_O(s1).

R_H(s) holds what a legal sequence of moves by members of H reaches from s: everyone may move
several times, nobody twice in a row. In R+_H(s) every step is better for its mover than the state
it leaves. For a coalition H, and O everyone else,

    CI_H(s)   is the set of t in R_H(s), t != s, that are better than s for all of H;
    phi_H(s)  is the set of states that are not better than s for some member of H;
    nash      CI_H(s) is empty;
    gmr, seq  for every s1 in CI_H(s) there is s2 in R_O(s1), or R+_O(s1), that lies in phi_H(s);
    smr, sseq for every s1 in CI_H(s) there is such an s2 with all of R_H(s2) in phi_H(s).

Limited moves, for two actors whose preferences are strict: G_0(i, s) = s. G_h(i, s) = s if R_i(s)
is empty. Otherwise, with t in R_i(s) such that G_{h-1}(j, t) is best for i, G_h(i, s) is
G_{h-1}(j, t) if that is better than s for i, else s. The state s is stable if G_h(i, s) = s.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

import oracle

Raw = dict[str, Any]
State = Hashable
States = set[State]
Coalition = tuple[str, ...]

TIE = 1e-9
CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")


class Graph:
    """States, and for every actor its moves from each of them and its payoff in each of them."""

    def __init__(
        self,
        states: Iterable[State],
        moves: Mapping[str, Mapping[State, Iterable[State]]],
        payoffs: Mapping[str, Mapping[State, float]],
    ) -> None:
        self.states = list(states)
        self.actors = tuple(payoffs)
        self.moves = {
            actor: {state: set(moves[actor].get(state, ())) for state in self.states}
            for actor in self.actors
        }
        self.payoffs = payoffs
        self._searches: dict[tuple[Coalition, State, bool], States] = {}

    def better(self, actor: str, there: State, here: State) -> bool:
        """Whether the actor strictly prefers ``there`` to ``here``."""
        return self.payoffs[actor][there] - self.payoffs[actor][here] >= TIE

    def improvements(self, actor: str, here: State) -> States:
        """R+_i(s): the moves that are better for their mover."""
        return {there for there in self.moves[actor][here] if self.better(actor, there, here)}

    def reached(self, coalition: Coalition, start: State) -> States:
        """R_H(s): what legal sequences of moves reach, by anyone's moves."""
        return self._search(coalition, start, improving=False)

    def reached_by_improvements(self, coalition: Coalition, start: State) -> States:
        """R+_H(s): the same, where every step is better for the one who takes it."""
        return self._search(coalition, start, improving=True)

    def _search(self, coalition: Coalition, start: State, improving: bool) -> States:
        """Breadth first over pairs of a state and who moved last: nobody moves twice in a row."""
        asked = (coalition, start, improving)
        if asked not in self._searches:
            seen: set[tuple[State, str]] = set()
            waiting: deque[tuple[State, str | None]] = deque([(start, None)])
            while waiting:
                here, last = waiting.popleft()
                for mover in coalition:
                    if mover == last:
                        continue
                    steps = self.improvements if improving else self._moves
                    for there in steps(mover, here):
                        if (there, mover) not in seen:
                            seen.add((there, mover))
                            waiting.append((there, mover))
            self._searches[asked] = {state for state, _ in seen}
        return self._searches[asked]

    def _moves(self, actor: str, here: State) -> States:
        return self.moves[actor][here]

    def others(self, *members: str) -> Coalition:
        """Everyone who is not one of these."""
        return tuple(actor for actor in self.actors if actor not in members)

    def part(self, wanted: Callable[[State], bool]) -> Graph:
        """The same graph without the states that are not wanted."""
        states = [state for state in self.states if wanted(state)]
        moves = {
            actor: {state: tos & set(states) for state, tos in table.items()}
            for actor, table in self.moves.items()
        }
        return Graph(states, moves, self.payoffs)


# ----------------------------------------------------------------------------- one actor, one state


def is_nash(graph: Graph, actor: str, state: State) -> bool:
    return not graph.improvements(actor, state)


def is_gmr(graph: Graph, actor: str, state: State) -> bool:
    return all(
        any(_hurts(graph, actor, s2, state) for s2 in graph.reached(graph.others(actor), s1))
        for s1 in graph.improvements(actor, state)
    )


def is_smr(graph: Graph, actor: str, state: State) -> bool:
    return all(
        any(
            _hurts(graph, actor, s2, state) and _holds_down(graph, actor, s2, state)
            for s2 in graph.reached(graph.others(actor), s1)
        )
        for s1 in graph.improvements(actor, state)
    )


def is_seq(graph: Graph, actor: str, state: State) -> bool:
    return all(
        any(
            _hurts(graph, actor, s2, state)
            for s2 in graph.reached_by_improvements(graph.others(actor), s1)
        )
        for s1 in graph.improvements(actor, state)
    )


def is_sseq(graph: Graph, actor: str, state: State) -> bool:
    return all(
        any(
            _hurts(graph, actor, s2, state) and _holds_down(graph, actor, s2, state)
            for s2 in graph.reached_by_improvements(graph.others(actor), s1)
        )
        for s1 in graph.improvements(actor, state)
    )


def _hurts(graph: Graph, actor: str, sanction: State, state: State) -> bool:
    """The sanction is weak: where the actor ends up no better than in ``state`` is enough."""
    return not graph.better(actor, sanction, state)


def _holds_down(graph: Graph, actor: str, sanction: State, state: State) -> bool:
    """From the sanction, no single move of the actor's own leads to anything better."""
    return not any(graph.better(actor, s3, state) for s3 in graph.moves[actor][sanction])


BY_CONCEPT = {"nash": is_nash, "gmr": is_gmr, "smr": is_smr, "seq": is_seq, "sseq": is_sseq}


def stable_states(graph: Graph) -> dict[str, dict[str, States]]:
    """For every concept and actor, the states that are stable for it."""
    return {
        concept: {
            actor: {state for state in graph.states if is_stable(graph, actor, state)}
            for actor in graph.actors
        }
        for concept, is_stable in BY_CONCEPT.items()
    }


def equilibria(graph: Graph) -> dict[str, States]:
    """For every concept, the states that are stable for every actor."""
    return {
        concept: set.intersection(*by_actor.values())
        for concept, by_actor in stable_states(graph).items()
    }


# -------------------------------------------------------------------------------------- coalitions


def coalitions(graph: Graph) -> list[Coalition]:
    """Every nonempty set of actors, each in the order of the graph."""
    sizes = range(1, len(graph.actors) + 1)
    return [members for size in sizes for members in combinations(graph.actors, size)]


def is_better_for_all(graph: Graph, coalition: Coalition, there: State, here: State) -> bool:
    return all(graph.better(member, there, here) for member in coalition)


def coalition_improvements(graph: Graph, coalition: Coalition, state: State) -> States:
    """CI_H(s)."""
    return {
        there
        for there in graph.reached(coalition, state)
        if there != state and is_better_for_all(graph, coalition, there, state)
    }


def is_stable_for_coalition(graph: Graph, concept: str, coalition: Coalition, state: State) -> bool:
    def is_sanction(s2: State) -> bool:
        within = {s2}
        if concept in ("smr", "sseq"):
            within = within | graph.reached(coalition, s2)
        return not any(is_better_for_all(graph, coalition, s3, state) for s3 in within)

    def answers(s1: State) -> States:
        if concept in ("seq", "sseq"):
            return graph.reached_by_improvements(graph.others(*coalition), s1)
        return graph.reached(graph.others(*coalition), s1)

    leaving = coalition_improvements(graph, coalition, state)
    if concept == "nash":
        return not leaving
    return all(any(is_sanction(s2) for s2 in answers(s1)) for s1 in leaving)


def stable_for_coalitions(graph: Graph) -> dict[str, dict[Coalition, States]]:
    """For every concept and coalition, the states that are stable for it."""
    return {
        concept: {
            coalition: {
                state
                for state in graph.states
                if is_stable_for_coalition(graph, concept, coalition, state)
            }
            for coalition in coalitions(graph)
        }
        for concept in CONCEPTS
    }


def none_would_leave(graph: Graph) -> dict[str, States]:
    """For every concept, the states that are stable for every coalition."""
    return {
        concept: set.intersection(*by_coalition.values())
        for concept, by_coalition in stable_for_coalitions(graph).items()
    }


# ----------------------------------------------------------------------------------- limited moves


def is_strict(graph: Graph) -> bool:
    """Whether no actor is indifferent between any two states."""
    return all(
        graph.better(actor, one, two) or graph.better(actor, two, one)
        for actor in graph.actors
        for one, two in combinations(graph.states, 2)
    )


def limited_move(graph: Graph, horizon: int) -> dict[str, States]:
    """For both actors, the states that are stable when they look this many moves ahead."""
    if len(graph.actors) != 2 or not is_strict(graph):
        raise ValueError("limited moves are defined for two actors with strict preferences")

    @functools.cache
    def outcome(actor: str, state: State, moves_left: int) -> State:
        if moves_left == 0 or not graph.moves[actor][state]:
            return state
        (other,) = graph.others(actor)
        ends = [outcome(other, there, moves_left - 1) for there in graph.moves[actor][state]]
        best = max(ends, key=graph.payoffs[actor].__getitem__)
        return best if graph.better(actor, best, state) else state

    return {
        actor: {state for state in graph.states if outcome(actor, state, horizon) == state}
        for actor in graph.actors
    }


# ------------------------------------------------------------------------------------ from a crisis


def graph_of(raw: Raw, **variant: Any) -> Graph:
    """The graph of a crisis, all conditions at their level at the start.

    A state has one level per variable, as in `oracle`. ``variant`` is what `oracle.prepared` takes.
    """
    crisis = oracle.prepared(raw, variant)
    world = oracle._world(crisis)
    start = world.states[world.start(crisis["state"])]
    still = {world.place[name] for name in (*crisis["conditions"], *crisis["held"])}
    kept = [
        number
        for number, state in enumerate(world.states)
        if all(state[place] == start[place] for place in still)
    ]
    moves = {
        actor: {
            world.states[here]: {world.states[there] for there in np.flatnonzero(table[here])}
            - {world.states[here]}
            for here in kept
        }
        for actor, table in world.moves.items()
    }
    payoffs = {}
    for actor in crisis["actors"]:
        values = _payoffs(crisis, world, actor)
        payoffs[actor] = {world.states[number]: values[number] for number in kept}
    return Graph([world.states[number] for number in kept], moves, payoffs)


def _payoffs(crisis: Raw, world: oracle.World, actor: str) -> list[float]:
    block = crisis["actors"][actor]
    if "priorities" in block:
        return _by_priorities(block["priorities"], world, actor)
    if "ranking" in block:
        return _by_ranking(block["ranking"], world, actor)
    return oracle.payoffs(crisis, world, actor).tolist()


def _by_priorities(priorities: list[Any], world: oracle.World, actor: str) -> list[float]:
    """Each statement counts twice the next one, so more than all the later ones together.

    The numbers are whole ones without limit, so that none of many statements is lost.
    """
    values = [0] * len(world.states)
    for entry in priorities:
        text = entry["prefers"] if isinstance(entry, dict) else entry
        truth = world.truth(text, actor)
        values = [2 * value + bool(true) for value, true in zip(values, truth, strict=True)]
    return values


def _by_ranking(ranking: list[Any], world: oracle.World, actor: str) -> list[float]:
    """The first entry is worth the most, and a state is worth what its first entry is."""
    values = [0] * len(world.states)
    for worth, entry in enumerate(reversed(ranking), start=1):
        for pattern in entry if isinstance(entry, list) else [entry]:
            for number in np.flatnonzero(world.truth(_as_text(pattern), actor)):
                values[number] = worth
    return values


def _as_text(pattern: str | dict[str, str]) -> str:
    if isinstance(pattern, str):
        return pattern
    return " and ".join(f"{name} == {level}" for name, level in pattern.items()) or "true"
