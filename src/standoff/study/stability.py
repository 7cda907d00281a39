"""What is stable in a crisis, and why: the graph model, with explanations a person can check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import Literal

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError
from standoff.game.compile import compile_game
from standoff.game.game import Floats
from standoff.game.graph import Graph, Party, compile_graph, ranked
from standoff.game.size import DEFAULT_MEMORY, check_graph_size, check_running_size
from standoff.game.space import Space, Truth, space_of
from standoff.solve import running
from standoff.solve.coalitions import Coalition, none_would_leave, stable_for_coalitions
from standoff.solve.sequences import Move, State, improvements_to, moves_of, sanction_of
from standoff.solve.stability import CONCEPTS, ESCAPES, everywhere, floors_of, stable_states
from standoff.study.variation import AS_IT_IS, Variation

Conditions = Literal["held", "running"]
"""What conditions do while stability is judged.

`held`: they stay as they are at the start, as in a graph model. `running`: a state is worth what an
actor would get if nobody moved again and conditions went on changing from there.
"""

SHOWN = 12
"""Equilibria that are looked at more closely unless more are asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """Which states each actor would stay in.

    Attributes
    ----------
    crisis
        In its situation, changed as asked.
    conditions
        What conditions do.
    graph
        The graph model; its space has the shape of every array here.
    stable
        By concept and actor: booleans, false in states that cannot be.
    """

    crisis: Crisis
    conditions: Conditions
    graph: Graph
    stable: Mapping[str, Mapping[str, Truth]]

    @property
    def space(self) -> Space:
        return self.graph.space

    @property
    def start(self) -> State:
        """The state at time zero."""
        return self.graph.start

    @property
    def concepts(self) -> tuple[str, ...]:
        return tuple(self.stable)

    def equilibria(self, concept: str) -> Truth:
        """Where every actor would stay: booleans of the shape of the space."""
        return everywhere(self.stable[concept].values())

    def payoff(self, actor: str, state: State) -> float:
        """What a state is worth to an actor: weight units, or its place in an order of states."""
        party = self.graph.party(actor)
        return float(party.payoffs[int(party.rank[state]) - 1])

    def concepts_of(self, state: State) -> tuple[str, ...]:
        """Under which concepts a state is an equilibrium."""
        return tuple(c for c in self.concepts if all(t[state] for t in self.stable[c].values()))


def find_stable(
    crisis: Crisis,
    situation: str | None = None,
    *,
    variation: Variation = AS_IT_IS,
    concepts: Iterable[str] = CONCEPTS,
    conditions: Conditions = "held",
    memory: int = DEFAULT_MEMORY,
) -> Stability:
    """Find which states each actor would stay in.

    Parameters
    ----------
    crisis
        The crisis.
    situation
        Where to put it, if it is in none; without one, the crisis as it stands.
    variation
        Changes to make after the situation's own.
    concepts
        Which of :data:`standoff.solve.stability.CONCEPTS`.
    conditions
        See :data:`Conditions`.
    memory
        Bytes that may be used.

    Raises
    ------
    TooLargeError
        If the crisis does not fit into memory.
    CrisisError
        If the start cannot be, or if conditions are to run and an actor only orders the states.
    """
    changed = variation.of(crisis, situation)
    if all(name in changed.held for name in changed.conditions):
        conditions = "held"  # there is nothing to run
    graph = graph_of(changed, conditions, memory)
    return Stability(changed, conditions, graph, stable_states(graph, concepts))


def graph_of(
    crisis: Crisis, conditions: Conditions = "held", memory: int = DEFAULT_MEMORY
) -> Graph:
    """The graph model of a crisis, with conditions held or running."""
    check_graph_size(crisis, memory)
    graph = compile_graph(crisis)
    if conditions == "held" or all(name in crisis.held for name in crisis.conditions):
        return graph
    if ordering := [name for name, actor in crisis.actors.items() if actor.ordinal]:
        raise CrisisError(
            f"with conditions running a state is worth an amount, and {', '.join(ordering)} "
            f"{'says' if len(ordering) == 1 else 'say'} only in what order states come; "
            "hold the conditions (--conditions held)"
        )
    check_running_size(crisis, memory)
    game = compile_game(crisis)
    worth = running.worth_while_conditions_run(game)
    here = _places(space_of(crisis), graph.space)
    parties = []
    for party in graph.parties:
        rank, payoffs = ranked(worth[party.name][here], graph.space.feasible, running.TIE)
        parties.append(replace(party, rank=rank, payoffs=payoffs))
    lineage = (*crisis.lineage, "with conditions running and nobody moving")
    return replace(graph, parties=tuple(parties), lineage=lineage)


def _places(whole: Space, part: Space) -> tuple[np.ndarray, ...]:
    """Where the points of a part of a space are in the whole."""
    return np.ix_(
        *(
            [axis.points.index(point) for point in kept.points]
            for axis, kept in zip(whole.axes, part.axes, strict=True)
        )
    )


# Explanations -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Improvement:
    """A better state that an actor could go to, and what stops it.

    Attributes
    ----------
    move
        The move to it.
    had, gets
        The actor's payoff before and after.
    stopped
        Whether the others can stop it.
    sanction
        Moves of the others that stop it, as few as can be; None if nothing does, or if none were
        found in :data:`standoff.solve.sequences.MOST_SEARCHED` states.
    ends
        The actor's payoff where those moves end; with escape, the best it can then still get.
    """

    move: Move
    had: float
    gets: float
    stopped: bool
    sanction: tuple[Move, ...] | None
    ends: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """Why a state is stable or not, for one actor under one concept.

    Attributes
    ----------
    actor, concept, stable
        Whether the actor would stay.
    improvements
        Every better state that it could go to. It would stay if something stops each of them.
    """

    actor: str
    concept: str
    stable: bool
    improvements: tuple[Improvement, ...]


def explain_state(stability: Stability, state: State) -> tuple[Cell, ...]:
    """Say for every actor and concept why it would stay in a state, or why not.

    Raises
    ------
    CrisisError
        If the state cannot be.
    """
    graph = stability.graph
    if not graph.space.feasible[state]:
        raise CrisisError("explain_state(): a `never` statement is true in this state")
    cells = []
    for party in graph.parties:
        floors = floors_of(graph, party, stability.concepts)
        for concept in stability.concepts:
            better = []
            for target in moves_of(graph, party, state, improving=True):
                sanction, ends = None, None
                stopped = bool(floors[concept][target] <= party.rank[state])
                if stopped:
                    sanction = sanction_of(graph, party, concept, state, target)
                    if sanction is not None:
                        rest = _rest_of(graph, party, concept, sanction[-1].target)
                        ends = stability.payoff(party.name, rest)
                move = Move(party.name, state, target)
                had, gets = (stability.payoff(party.name, at) for at in (state, target))
                better.append(Improvement(move, had, gets, stopped, sanction, ends))
            stays = bool(stability.stable[concept][party.name][state])
            cells.append(Cell(party.name, concept, stays, tuple(better)))
    return tuple(cells)


def _rest_of(graph: Graph, party: Party, concept: str, stopped: State) -> State:
    """Where an actor ends once it is stopped: with escape, in the best state it can then go to."""
    if concept not in ESCAPES:
        return stopped
    return max([stopped, *moves_of(graph, party, stopped)], key=lambda state: party.rank[state])


def state_of(space: Space, levels: Mapping[str, str], start: State) -> State:
    """The state with these levels, and the start's for what is not named.

    Raises
    ------
    CrisisError
        If no such state can be.
    """
    whole = {**space.state(start), **levels}
    try:
        index = space.index(whole)
    except ValueError:
        index = None
    if index is None or not space.feasible[index]:
        said = ", ".join(f"{name} = {level}" for name, level in levels.items())
        raise CrisisError(f"the state with {said}, and everything else as at the start, cannot be")
    return index


def differing(space: Space, state: State, other: State) -> dict[str, str]:
    """The levels of a state that differ from those of another."""
    here, there = space.state(state), space.state(other)
    return {name: level for name, level in here.items() if level != there[name]}


# The equilibria that matter ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """A state in which every actor would stay, under some concept.

    Attributes
    ----------
    state
        Its index.
    concepts
        Under which it is one.
    shares
        By concept, the share of draws in which it is one; empty without draws.
    path
        Improvements that lead there from the start, one after the other: empty at the start
        itself, None if none lead there (not looked for where only gmr or smr say so).
    no_coalition
        Concepts under which no coalition would leave either; None if that was not computed.
    """

    state: State
    concepts: tuple[str, ...]
    shares: Mapping[str, float]
    path: tuple[Move, ...] | None
    no_coalition: tuple[str, ...] | None


def rank_equilibria(
    stability: Stability,
    shares: Mapping[str, Floats] | None = None,
    coalitions: Mapping[str, Mapping[Coalition, Truth]] | None = None,
    count: int = SHOWN,
) -> tuple[Equilibrium, ...]:
    """The equilibria that matter most, first those that do.

    Almost every state is stable for somebody who fears any answer at all, so equilibria under gmr
    or smr alone come last. Among the others those come first that improvements lead to from the
    start; then the concepts and draws count under which each is an equilibrium, then how short
    the way is.

    Parameters
    ----------
    stability
        What is stable.
    shares
        By concept, for every state the share of draws in which it is an equilibrium
        (:func:`standoff.study.uncertainty.find_shares`).
    coalitions
        What :func:`find_coalitions` gives.
    count
        How many at most.
    """
    found = {concept: stability.equilibria(concept) for concept in stability.concepts}
    anywhere = np.logical_or.reduce(list(found.values()))
    places = [tuple(int(i) for i in place) for place in np.argwhere(anywhere)]
    robust = np.zeros(anywhere.shape)
    for concept, truth in found.items():
        robust += truth if shares is None else truth + shares[concept]
    plausible = [truth for concept, truth in found.items() if concept not in ("gmr", "smr")]
    strong = np.logical_or.reduce(plausible) if plausible else anywhere
    wanted = strong if strong.any() else anywhere
    paths = improvements_to(
        stability.graph, stability.start, lambda state: bool(wanted[state]), int(wanted.sum())
    )

    def matters(state: State) -> tuple[bool, bool, float, int]:
        path = paths.get(state)
        return (not strong[state], path is None, -round(float(robust[state]), 9), len(path or ()))

    alone = None if coalitions is None else none_would_leave(coalitions)
    return tuple(
        Equilibrium(
            state=state,
            concepts=stability.concepts_of(state),
            shares={} if shares is None else {c: float(shares[c][state]) for c in found},
            path=paths.get(state),
            no_coalition=None if alone is None else tuple(c for c in alone if alone[c][state]),
        )
        for state in nsmallest(count, places, key=matters)
    )


def find_coalitions(stability: Stability) -> dict[str, dict[Coalition, Truth]]:
    """Which states every coalition would stay in, by concept and coalition.

    Raises
    ------
    CrisisError
        If the crisis is too large for it.
    """
    return stable_for_coalitions(stability.graph, stability.concepts)
