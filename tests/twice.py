"""One crisis, twice: what the package makes of it, and the explicit graph of the oracle.

Also what the crises of `random_graphs` do not have: beliefs about what others want, and weights
and claims that are not certain.
"""

from __future__ import annotations

import copy
import functools
from collections import deque
from collections.abc import Iterable
from random import Random
from typing import Any, NamedTuple

import numpy as np

import graph_oracle
import oracle
import random_graphs
from graph_oracle import CONCEPTS
from standoff.crisis import Crisis
from standoff.game.space import Space
from standoff.study.stability import Stability, find_stable
from strategies import loaded
from translate import in_oracles_order, variation

Raw = dict[str, Any]
Index = tuple[int, ...]
Name = tuple[str, ...]

PACE = {"decides": "every week", "looks_ahead": "30 days"}
RUNNING_TIE = 1e-7
WEIGHTS = ("0..2", "0.5..4", "1..6", "minor", "moderate", 2)
HOLDS = (0.2, 0.5, 0.8, "0.2..0.6", "likely", "30..90%", "certain")


class Twice(NamedTuple):
    """One crisis in one view, twice."""

    crisis: Crisis
    stability: Stability
    explicit: graph_oracle.Graph
    names: dict[Index, Name]

    @property
    def indices(self) -> dict[Name, Index]:
        return {name: index for index, name in self.names.items()}

    def named(self, cells: np.ndarray) -> set[Name]:
        """The states where an array is true, which must all be states that can be."""
        assert cells.shape == self.stability.space.shape
        assert cells.dtype == bool
        return {self.names[tuple(int(i) for i in place)] for place in np.argwhere(cells)}


def twice(raw: Raw, **variant: Any) -> Twice:
    crisis = variation(variant).of(loaded(raw))
    stability = find_stable(crisis)
    return Twice(
        crisis, stability, graph_oracle.graph_of(raw, **variant), names_in(stability.space)
    )


def names_in(space: Space) -> dict[Index, Name]:
    """The oracle's name of every state that can be."""
    return {index: in_oracles_order(space, index) for index in space}


def from_start(
    graph: graph_oracle.Graph, movers: Iterable[str], start: Name, *, improving: bool
) -> dict[Name, int]:
    """The least number of legal moves to each state that can be reached, the start included."""
    found: dict[Name, int] = {start: 0}
    seen: set[tuple[Name, str]] = set()
    waiting: deque[tuple[Name, str, int]] = deque([(start, "", 0)])
    while waiting:
        here, last, length = waiting.popleft()
        for mover in movers:
            if mover == last:
                continue
            steps = graph.improvements(mover, here) if improving else graph.moves[mover][here]
            for there in steps:
                if (there, mover) not in seen:
                    seen.add((there, mover))
                    found.setdefault(there, length + 1)
                    waiting.append((there, mover, length + 1))
    return found


def is_left(graph: graph_oracle.Graph, concept: str, actor: str, state: Name, target: Name) -> bool:
    """Whether a move of an actor is an improvement that nothing stops."""
    return target in graph.improvements(actor, state) and not any(
        stops(graph, concept, actor, state, answer)
        for answer in answers(graph, concept, actor, target)
    )


def answers(graph: graph_oracle.Graph, concept: str, actor: str, reached: Name) -> set[Name]:
    """What the others may lead to, once an actor has gone somewhere."""
    others = graph.others(actor)
    match concept:
        case "nash":
            return set()
        case "gmr" | "smr":
            return graph.reached(others, reached)
        case _:
            return graph.reached_by_improvements(others, reached)


def stops(graph: graph_oracle.Graph, concept: str, actor: str, left: Name, at: Name) -> bool:
    """Whether an actor who left a state for a better one is stopped where the others lead it."""
    ends = {at} | (graph.moves[actor][at] if concept in ("smr", "sseq") else set())
    return not any(graph.better(actor, end, left) for end in ends)


@functools.cache
def equilibria_of(graph: graph_oracle.Graph) -> dict[str, set[Name]]:
    found = graph_oracle.equilibria(graph)
    assert tuple(found) == CONCEPTS
    return found


def stable_by(graph: graph_oracle.Graph, concept: str) -> dict[str, set[Name]]:
    """For every actor, the states that are stable for it under one concept."""
    is_stable = graph_oracle.BY_CONCEPT[concept]
    return {
        actor: {state for state in graph.states if is_stable(graph, actor, state)}
        for actor in graph.actors
    }


# ---------------------------------------------------------------------------- conditions that run


def worth_of(raw: Raw, actor: str, **variant: Any) -> dict[Name, float]:
    """What every state is worth if nobody moves again, from r v = r u + G v in one dense system."""
    crisis = oracle.prepared(raw, variant)
    world = oracle._world(crisis)
    discount = 1 / oracle.days(crisis["actors"][actor]["looks_ahead"])
    matrix = discount * np.eye(len(world.states)) - oracle.condition_generator(crisis, world)
    payoffs = oracle.payoffs(crisis, world, actor)
    values = np.linalg.solve(matrix, discount * payoffs).tolist()
    return dict(zip(world.states, values, strict=True))


def running_graph(raw: Raw, **variant: Any) -> graph_oracle.Graph:
    """The graph with conditions running, its payoffs as places in the order of what is worth more.

    What is worth less than a ten-millionth more than the next is worth the same.
    """
    held = graph_oracle.graph_of(raw, **variant)
    places: dict[str, dict[Name, float]] = {}
    for actor in held.actors:
        worth, place, last = worth_of(raw, actor, **variant), 0, -np.inf
        places[actor] = {}
        for state in sorted(held.states, key=worth.__getitem__):
            place += worth[state] - last >= RUNNING_TIE
            places[actor][state], last = place, worth[state]
    return graph_oracle.Graph(held.states, held.moves, places)


# ------------------------------------------------------------------------------ other random crises


def claims_of(raw: Raw) -> list[str]:
    """The path of every interest and red line."""
    return [
        f"{actor}.{section}.{name}"
        for actor, block in raw["actors"].items()
        for section in ("interests", "red_lines")
        for name in block.get(section, {})
    ]


def doubtful(seed: int, *, limit: int | None = None, ordinal: bool = False) -> Raw:
    """A random crisis in which many weights are ranges and many claims may not hold."""
    raw = random_graphs.random_graph_crisis(seed, limit=limit, ordinal=ordinal)
    rng = Random(f"doubts, {seed}")
    for path in claims_of(raw):
        actor, section, name = path.split(".")
        claim = raw["actors"][actor][section][name]
        if rng.random() < 0.5:
            claim["weight"] = rng.choice(WEIGHTS)
        if rng.random() < 0.4:
            claim["holds"] = rng.choice(HOLDS)
    return raw


def believing(seed: int, *, limit: int | None = None, ordinal: bool = False) -> Raw:
    """A random crisis in which most actors are wrong about others, or about what others believe.

    Where nobody only orders states, everybody grades every state by itself, so that much depends
    on what the others want.
    """
    raw = random_graphs.random_graph_crisis(seed, limit=limit, ordinal=ordinal)
    rng = Random(f"beliefs, {seed}")
    if not ordinal:
        states = random_graphs.states_of(raw)
        for block in raw["actors"].values():
            grades = [rng.randint(0, 9) for _ in states]
            block["interests"] = random_graphs.table(raw, states, grades)
            block.pop("red_lines", None)
    for holder, block in raw["actors"].items():
        if rng.random() < 0.75:
            entries = [_belief(rng, raw, holder, 2) for _ in range(rng.choice((1, 2, 4, 7)))]
            block["believes"] = dict(entry for entry in entries if entry is not None)
    return raw


def _belief(rng: Random, raw: Raw, holder: str, depth: int) -> tuple[str, Any] | None:
    others = [actor for actor in raw["actors"] if actor != holder]
    about = rng.choice(others)
    if depth and rng.random() < 0.3:
        inner = _belief(rng, raw, about, depth - 1)
        return None if inner is None else (f"{about}.believes.{inner[0]}", inner[1])
    block = raw["actors"][about]
    for order in ("priorities", "ranking"):
        if order in block:
            changed = block[order][::-1] if rng.random() < 0.6 else block[order][1:]
            return f"{about}.{order}", copy.deepcopy(changed or block[order])
    paths = [path for path in claims_of(raw) if path.startswith(f"{about}.")]
    if not paths:
        return None
    if rng.random() < 0.2:
        return f"{rng.choice(paths)}.holds", rng.choice((0.1, 1))
    return f"{rng.choice(paths)}.weight", rng.choice((0, 0, 5, 9))


def bluff() -> Raw:
    """North would advance if it knew that the South would rather not fight."""
    advance = {"seeks": "advance and not south.fight", "weight": 1}
    fought = {"avoids": "advance and south.fight", "weight": 3}
    fight = {"seeks": "north.advance and fight", "weight": 0}
    ease = {"avoids": "fight", "weight": 1}
    belief = {"value": 5, "because": "It says so.", "source": "brief p4"}
    return {
        "crisis": "A bluff",
        "sources": {"brief": {"title": "A brief"}},
        "actors": {
            "north": {
                "options": {"advance": ["no", "yes"]},
                "interests": {"gain": advance, "loss": fought},
                "believes": {"south.interests.war.weight": belief},
                **PACE,
            },
            "south": {
                "options": {"fight": ["no", "yes"]},
                "interests": {"war": fight, "ease": ease},
                **PACE,
            },
        },
    }
