"""What is stable agrees, state by state, with the definitions in `graph_oracle`.

The oracle shares no code with the package: it searches over explicit states and sets. How much
the random crises tell apart is asserted beside it, in `test_graph_oracle_itself`.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pytest

import graph_oracle
import oracle
from graph_oracle import CONCEPTS
from random_crises import random_crisis, random_variant
from random_graphs import random_duel, random_graph_crisis, unbound
from standoff.crisis import CrisisError
from standoff.crisis.uncertain import numbered
from standoff.game.drawn import Draws
from standoff.game.graph import Graph, compile_graph
from standoff.solve import _reach, coalitions
from standoff.solve.coalitions import none_would_leave, stable_for_coalitions
from standoff.solve.limited import limited_move
from standoff.solve.stability import stable_states
from strategies import loaded
from translate import variation

Raw = dict[str, Any]
States = set[Any]

CRISES, BLOCK = 1000, 100
JOINT, JOINT_BLOCK = 200, 50
DUELS, DRAWS = 120, 3
AS_IT_COMES = pytest.mark.parametrize("block", range(CRISES // BLOCK))


class Pair(NamedTuple):
    """One crisis, twice: as arrays and as explicit states."""

    seed: int
    arrays: Graph
    explicit: graph_oracle.Graph
    names: list[Any]

    def states(self, cells: np.ndarray) -> States:
        """The states where an array is true, infeasible ones included."""
        assert cells.shape == self.arrays.space.shape
        assert cells.dtype == bool
        return {self.names[place] for place in np.flatnonzero(cells)}


def pair(raw: Raw, seed: int) -> Pair:
    crisis = loaded(raw)
    arrays = compile_graph(crisis)
    states = [arrays.space.state(index) for index in np.ndindex(arrays.space.shape)]
    names = [tuple(state[variable] for variable in crisis.variables) for state in states]
    return Pair(seed, arrays, graph_oracle.graph_of(raw), names)


@functools.cache
def pairs(block: int) -> list[Pair]:
    """A hundred crises; in some of them actors order the states, or one of them is unrestricted."""
    return [pair(varied(seed), seed) for seed in range(block * BLOCK, (block + 1) * BLOCK)]


def varied(seed: int) -> Raw:
    raw = random_graph_crisis(seed, ordinal=seed % 2 == 1)
    return unbound(raw, min(raw["actors"])) if seed % 5 == 0 else raw


def joint_pairs(block: int) -> list[Pair]:
    seeds = range(block * JOINT_BLOCK, (block + 1) * JOINT_BLOCK)
    return [
        pair(random_graph_crisis(seed, limit=(8, 12, 16, 24)[seed % 4]), seed) for seed in seeds
    ]


# ----------------------------------------------------------------------------- what goes in


@AS_IT_COMES
def test_states_and_orders_are_those_of_the_oracle(block: int) -> None:
    for seed, arrays, explicit, names in pairs(block):
        feasible = arrays.space.feasible.reshape(-1)
        assert {names[place] for place in np.flatnonzero(feasible)} == set(explicit.states), seed
        for party in arrays.parties:
            ranks = dict(zip(names, party.rank.reshape(-1).tolist(), strict=True))
            assert all((ranks[name] == 0) != can for name, can in zip(names, feasible, strict=True))
            ordered = sorted(explicit.states, key=explicit.payoffs[party.name].__getitem__)
            expected, rank = {}, 1
            for number, state in enumerate(ordered):
                if number and explicit.better(party.name, state, ordered[number - 1]):
                    rank += 1
                expected[state] = rank
            assert {state: ranks[state] for state in explicit.states} == expected, seed
            assert len(party.payoffs) == rank


# ---------------------------------------------------------------------------- what comes out


@AS_IT_COMES
def test_every_state_is_stable_for_every_actor_as_the_definitions_say(block: int) -> None:
    for each in pairs(block):
        found = stable_states(each.arrays)
        expected = graph_oracle.stable_states(each.explicit)
        assert tuple(found) == CONCEPTS
        for concept in CONCEPTS:
            assert list(found[concept]) == list(each.explicit.actors)
            for actor, cells in found[concept].items():
                assert each.states(cells) == expected[concept][actor], (each.seed, concept, actor)


@pytest.mark.parametrize("block", range(JOINT // JOINT_BLOCK))
def test_coalitions_stay_where_the_definitions_say(block: int) -> None:
    for each in joint_pairs(block):
        found = stable_for_coalitions(each.arrays)
        expected = graph_oracle.stable_for_coalitions(each.explicit)
        for concept in CONCEPTS:
            assert found[concept].keys() == expected[concept].keys()
            for coalition, cells in found[concept].items():
                states = expected[concept][coalition]
                assert each.states(cells) == states, (each.seed, concept, coalition)
        left_by_none = none_would_leave(found)
        for concept, states in graph_oracle.none_would_leave(each.explicit).items():
            assert each.states(left_by_none[concept]) == states, (each.seed, concept)


@pytest.mark.parametrize("horizon", [1, 2, 3, 4, 5, 8])
def test_limited_moves_are_as_defined(horizon: int) -> None:
    for each in duels():
        found = limited_move(each.arrays, horizon)
        for actor, states in graph_oracle.limited_move(each.explicit, horizon).items():
            assert each.states(found[actor]) == states, (each.seed, actor)


@functools.cache
def duels() -> list[Pair]:
    return [pair(random_duel(seed), seed) for seed in range(DUELS)]


def test_limited_moves_are_refused_with_the_reason_where_they_are_not_defined() -> None:
    reasons = set()
    for seed in range(60):
        raw = random_graph_crisis(seed)
        explicit, arrays = graph_oracle.graph_of(raw), compile_graph(loaded(raw))
        if len(explicit.actors) == 2 and graph_oracle.is_strict(explicit):
            continue
        reason = "two actors" if len(explicit.actors) != 2 else "indifferent"
        reasons.add(reason)
        with pytest.raises(CrisisError, match=reason):
            limited_move(arrays, 2)
    assert reasons == {"two actors", "indifferent"}
    with pytest.raises(CrisisError, match="at least 1"):
        limited_move(duels()[0].arrays, 0)


# -------------------------------------------------------------------------- cut, turned, stacked


def same(found: Mapping[str, Mapping[Any, np.ndarray]], other: Any) -> None:
    for concept, by_name in found.items():
        for name, cells in by_name.items():
            np.testing.assert_array_equal(other[concept][name], cells, err_msg=f"{concept} {name}")


@pytest.mark.parametrize(
    ("block", "short", "few"),
    [(1, 0, 0), (7, 3, 2), (7, 10**9, 0), (64, 0, 2), (64, 10**9, 0.5), (10**6, 10**9, 2)],
)
def test_work_in_blocks_turned_or_taken_out_is_the_same(
    monkeypatch: pytest.MonkeyPatch, block: int, short: int, few: float
) -> None:
    """How much at a time, when lines are turned, and when some of them are taken out."""
    graphs = []
    for seed in range(30):
        raw = random_graph_crisis(seed, limit=24)
        weights = drawn_weights(raw, Random(seed))
        graphs.append(in_draws(raw, weights) if seed % 2 else compile_graph(loaded(raw)))
    before = [stable_states(graph) for graph in graphs]
    monkeypatch.setattr(_reach, "_BLOCK", block)
    monkeypatch.setattr(_reach, "_SHORT", short)
    monkeypatch.setattr(_reach, "_FEW", few)
    for graph, expected in zip(graphs, before, strict=True):
        same(stable_states(graph), expected)


@pytest.mark.parametrize("size", [1, 40, 200])
def test_coalitions_in_batches_are_the_same(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    graphs = [compile_graph(loaded(random_graph_crisis(seed, limit=12))) for seed in range(20)]
    before = [stable_for_coalitions(graph) for graph in graphs]
    monkeypatch.setattr(coalitions, "_BATCH", size)
    for graph, expected in zip(graphs, before, strict=True):
        same(stable_for_coalitions(graph), expected)


def drawn_weights(raw: Raw, rng: Random) -> dict[str, list[int]]:
    """A few weights for each of some claims."""
    return {
        f"{actor}.{section}.{name}": [rng.randint(0, 3) for _ in range(DRAWS)]
        for actor, block in raw["actors"].items()
        for section in ("interests", "red_lines")
        for name in block.get(section, {})
        if rng.random() < 0.6
    }


def in_draws(raw: Raw, weights: Mapping[str, list[int]]) -> Graph:
    """One graph of many draws, in which the claims that have weights hold."""
    crisis, entries = numbered(loaded(raw))
    values = np.tile([entry.central for entry in entries], (DRAWS, 1))
    places = {entry.path: place for place, entry in enumerate(entries)}
    for path, drawn in weights.items():
        values[:, places[f"{path}.weight"]] = drawn
        values[:, places[f"{path}.holds"]] = 1
    return compile_graph(crisis, Draws(values))


def test_many_draws_at_once_are_those_draws_one_by_one() -> None:
    """Also where some actors, or some claims, are the same in every draw."""
    compared = 0
    for seed in range(40):
        raw = random_graph_crisis(seed, ordinal=seed % 2 == 1, limit=36)
        weights = drawn_weights(raw, Random(seed))
        if not weights:
            continue
        together = in_draws(raw, weights)
        found = stable_states(together)
        for number in range(DRAWS):
            alone = copy.deepcopy(raw)
            for path, drawn in weights.items():
                actor, section, name = path.split(".")
                alone["actors"][actor][section][name] |= {"weight": drawn[number], "holds": 1}
            expected = pair(alone, seed)
            once = graph_oracle.stable_states(expected.explicit)
            for concept in CONCEPTS:
                for actor, cells in found[concept].items():
                    assert cells.shape == (DRAWS, *together.space.shape)
                    assert expected.states(cells[number]) == once[concept][actor]
            compared += 1
    assert compared > 30 * DRAWS


# -------------------------------------------------------------------- what random crises do not say


def one_actor(**preferences: Any) -> Raw:
    pace = {"decides": "every week", "looks_ahead": "30 days"}
    options = {f"o{number}": ["no", "yes"] for number in range(4)}
    return {"crisis": "One actor", "actors": {"a": {"options": options, **pace, **preferences}}}


@pytest.mark.parametrize("count", [20, 53, 54, 60, 62, 63, 70, 130, 200])
def test_of_many_priorities_none_is_lost(count: int) -> None:
    """The first of them, the last of them, and all between that only fill the place count."""
    filler = [f"o2 and o3 and o{number % 4}" for number in range(count - 3)]
    raw = one_actor(priorities=["o0", "o1", *filler, "o2"])
    each = pair(raw, count)
    found = stable_states(each.arrays)["nash"]["a"]
    assert each.states(found) == {("yes",) * 4}
    levels = dict(zip(each.names, each.arrays.parties[0].rank.reshape(-1), strict=True))
    assert levels["yes", "no", "yes", "no"] > levels["yes", "no", "no", "no"]
    assert levels["yes", "no", "no", "no"] > levels["no", "yes", "yes", "yes"]
    payoffs = each.explicit.payoffs["a"]
    assert len(set(payoffs.values())) == len(each.arrays.parties[0].payoffs)


@pytest.mark.parametrize(("small", "stable"), [(5e-10, 16), (2e-9, 8)])
def test_payoffs_closer_than_the_limit_tie(small: float, stable: int) -> None:
    raw = one_actor(interests={"aim": {"seeks": "o0", "weight": small}})
    each = pair(raw, 0)
    found = stable_states(each.arrays)["nash"]["a"]
    assert found.sum() == stable
    assert each.states(found) == graph_oracle.stable_states(each.explicit)["nash"]["a"]


@pytest.mark.parametrize("ranks", [254, 255, 256])
def test_as_many_ranks_as_a_byte_holds(ranks: int) -> None:
    """Eight options are the digits of a number that is worth itself, or its complement if b.t."""
    options = [f"o{number}" for number in range(8)]
    raw = one_actor()
    raw["actors"]["b"] = copy.deepcopy(raw["actors"]["a"])
    raw["actors"]["a"] |= {
        "options": {name: ["no", "yes"] for name in options},
        "interests": {
            f"aim{number}": {
                "seeks": f"{name} and not b.t or b.t and not {name}",
                "weight": 2**number,
            }
            for number, name in enumerate(options)
        },
    }
    raw["actors"]["b"] |= {
        "options": {"t": ["no", "yes"]},
        "interests": {"aim": {"seeks": "t", "weight": 1}},
    }
    high = " and ".join(f"a.{name}" for name in options[1:])
    low = " and ".join(f"not a.{name}" for name in options[1:])
    worth_255 = [f"{high} and a.o0 and not b.t", f"{low} and not a.o0 and b.t"]
    worth_254 = [f"{high} and not a.o0 and not b.t", f"{low} and a.o0 and b.t"]
    raw["never"] = [*worth_255, *worth_254][: 2 * (256 - ranks)]
    each = pair(raw, ranks)
    assert len(each.arrays.parties[0].payoffs) == ranks
    expected = graph_oracle.stable_states(each.explicit)
    for concept, by_actor in stable_states(each.arrays).items():
        for actor, cells in by_actor.items():
            assert each.states(cells) == expected[concept][actor], (concept, actor)
    assert expected["gmr"]["a"] != expected["seq"]["a"] != expected["nash"]["a"]


def test_views_of_a_crisis_are_read_as_the_oracle_reads_them() -> None:
    """Situations, beliefs, other starts, claims left out: whatever also changes a forecast."""
    for seed in range(60):
        raw = random_crisis(seed)
        variant = random_variant(raw, seed) | {
            "situation": next(iter(raw.get("situations", [])), None)
        }
        arrays = compile_graph(variation(variant).of(loaded(raw)))
        explicit = graph_oracle.graph_of(raw, **variant)
        names = [
            tuple(arrays.space.state(i)[v] for v in oracle.variables(raw)) for i in arrays.space
        ]
        expected = graph_oracle.stable_states(explicit)
        for concept, by_actor in stable_states(arrays).items():
            for actor, cells in by_actor.items():
                stays = {name for name, i in zip(names, arrays.space, strict=True) if cells[i]}
                assert stays == expected[concept][actor], (seed, concept, actor)


@pytest.mark.parametrize("ladder", [False, True])
def test_nobody_passes_through_a_state_that_cannot_be(ladder: bool) -> None:
    """What would hurt a is two moves away, and the state between the two is ruled out.

    Whether or not an actor's moves are transitive decides how sequences are followed.
    """
    pace = {"decides": "every week", "looks_ahead": "30 days"}
    more = {"more": {}, "most": {"requires": "more"}} if ladder else {}
    raw = {
        "crisis": "A hole",
        "actors": {
            "a": {
                "options": {"go": ["no", "yes"]},
                "interests": {
                    "aim": {"seeks": "go", "weight": 1},
                    "fear": {"avoids": "b.x and c.y", "weight": 3},
                },
                **pace,
            },
            "b": {
                "options": {"x": ["no", "yes"]},
                "interests": {"aim": {"seeks": "x", "weight": 1}},
                **pace,
            },
            "c": {
                "options": {"y": {"requires": "b.x"}, **more},
                "interests": {"aim": {"seeks": "y", "weight": 1}},
                **pace,
            },
        },
    }
    for never, expected in (["b.x and not c.y"], False), ([], True):
        each = pair(raw | {"never": never}, 0)
        assert all(party.transitive for party in each.arrays.parties) is not ladder
        found = {c: each.states(by["a"]) for c, by in stable_states(each.arrays).items()}
        start = ("no",) * len(each.explicit.states[0])
        assert [start in found[c] for c in CONCEPTS] == [False, *[expected] * 4]
        assert found == {c: by["a"] for c, by in graph_oracle.stable_states(each.explicit).items()}
