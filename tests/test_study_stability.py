"""Why a state is stable, and which equilibria matter: followed step by step in the oracle's graph.

The sets of stable states themselves are compared in `test_stability_exact`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

import graph_oracle
from graph_oracle import CONCEPTS
from random_crises import random_crisis, random_variant
from random_graphs import random_graph_crisis
from standoff.crisis import CrisisError
from standoff.solve import sequences
from standoff.study.stability import (
    SHOWN,
    Cell,
    Equilibrium,
    Improvement,
    differing,
    explain_state,
    find_coalitions,
    find_stable,
    rank_equilibria,
    state_of,
)
from standoff.study.uncertainty import find_shares
from strategies import loaded
from translate import variation
from twice import (
    PACE,
    Index,
    Name,
    Twice,
    answers,
    doubtful,
    equilibria_of,
    from_start,
    stops,
    twice,
)

Raw = dict[str, Any]

CRISES, STATES = 72, 6
WEAK, STRONG = ("gmr", "smr"), ("nash", "seq", "sseq")


@functools.cache
def pairs() -> list[tuple[int, Twice]]:
    """Crises with ties, moves that prepare others, states that cannot be, orders of states."""
    return [
        (seed, twice(random_graph_crisis(seed, ordinal=seed % 3 == 2))) for seed in range(CRISES)
    ]


def some_states(seed: int, each: Twice) -> list[Index]:
    """The start, and a few more."""
    known = list(each.names)
    return [each.stability.start, *Random(seed).sample(known, min(len(known), STATES))]


@functools.cache
def cells() -> list[tuple[int, Twice, Index, Cell]]:
    return [
        (seed, each, state, cell)
        for seed, each in pairs()
        for state in some_states(seed, each)
        for cell in explain_state(each.stability, state)
    ]


def improvements() -> Iterator[tuple[int, Twice, Cell, Improvement]]:
    for seed, each, _, cell in cells():
        for improvement in cell.improvements:
            yield seed, each, cell, improvement


def worths(each: Twice, actor: str) -> dict[Name, float]:
    """Payoffs as the package gives them: of an actor that only orders states, places from 1."""
    payoffs = each.explicit.payoffs[actor]
    if each.crisis.actors[actor].ordinal:
        places = {value: place for place, value in enumerate(sorted(set(payoffs.values())), 1)}
        return {state: places[value] for state, value in payoffs.items()}
    return dict(payoffs)


# ------------------------------------------------------------------------------------ explanations


def test_the_crises_are_of_every_kind_that_matters() -> None:
    parties = [party for _, each in pairs() for party in each.stability.graph.parties]
    assert sum(not party.transitive for party in parties) > 20
    assert sum(len(party.payoffs) < 5 for party in parties) > 20
    assert sum(not each.stability.space.feasible.all() for _, each in pairs()) > 20
    assert sum(any(a.ordinal for a in each.crisis.actors.values()) for _, each in pairs()) > 10
    assert {len(each.explicit.actors) for _, each in pairs()} == {2, 3, 4}
    found = [(cell.concept, improvement) for _, _, cell, improvement in improvements()]
    for concept in CONCEPTS[1:]:
        lengths = [len(i.sanction) for c, i in found if c == concept and i.sanction is not None]
        assert len(lengths) > 100
        assert max(lengths) >= 2
        assert any(i.sanction is None for c, i in found if c == concept)


def test_a_state_has_one_cell_for_each_actor_and_concept_in_order() -> None:
    for seed, each in pairs():
        found = explain_state(each.stability, each.stability.start)
        expected = [(a, c) for a in each.explicit.actors for c in CONCEPTS]
        assert [(cell.actor, cell.concept) for cell in found] == expected, seed


def test_it_is_stable_as_the_definitions_say() -> None:
    for seed, each, state, cell in cells():
        stable = graph_oracle.BY_CONCEPT[cell.concept]
        assert cell.stable == stable(each.explicit, cell.actor, each.names[state]), (seed, cell)


def test_every_better_state_is_listed_once_and_no_other_is() -> None:
    for seed, each, state, cell in cells():
        targets = [each.names[improvement.move.target] for improvement in cell.improvements]
        expected = each.explicit.improvements(cell.actor, each.names[state])
        assert sorted(targets) == sorted(expected), seed
        assert all(i.move.source == state for i in cell.improvements)
        assert all(i.move.actor == cell.actor for i in cell.improvements)
        values = [each.explicit.payoffs[cell.actor][target] for target in targets]
        assert all(second <= first + 1e-9 for first, second in pairwise(values)), "best first"


def test_something_stops_an_improvement_exactly_where_the_definitions_say() -> None:
    for seed, each, cell, improvement in improvements():
        graph, names = each.explicit, each.names
        left, reached = names[improvement.move.source], names[improvement.move.target]
        stopped = any(
            stops(graph, cell.concept, cell.actor, left, answer)
            for answer in answers(graph, cell.concept, cell.actor, reached)
        )
        assert (improvement.sanction is not None) == stopped, (seed, cell.concept, left, reached)
        assert improvement.stopped == stopped
        assert (improvement.ends is not None) == stopped
    for _, _, _, cell in cells():
        assert cell.stable == all(i.sanction is not None for i in cell.improvements)


def test_what_stops_it_is_a_legal_sequence_that_can_be_followed() -> None:
    """Each step is somebody's move, nobody's twice running; in seq and sseq each one pays."""
    for seed, each, cell, improvement in improvements():
        at, last = improvement.move.target, None
        for step in improvement.sanction or ():
            assert step.actor not in (cell.actor, last), seed
            assert step.source == at
            here, there = each.names[step.source], each.names[step.target]
            assert there in each.explicit.moves[step.actor][here], (seed, step)
            if cell.concept in ("seq", "sseq"):
                assert each.explicit.better(step.actor, there, here), (seed, step)
            at, last = step.target, step.actor


def test_it_ends_where_the_actor_has_no_more_than_before_and_no_escape() -> None:
    for seed, each, cell, improvement in improvements():
        if improvement.sanction:
            left = each.names[improvement.move.source]
            end = each.names[improvement.sanction[-1].target]
            assert stops(each.explicit, cell.concept, cell.actor, left, end), (seed, cell)


def test_nothing_shorter_stops_it() -> None:
    """Also where the nearest answer hurts but leaves an escape, so that another one is needed."""
    further = 0
    for seed, each, cell, improvement in improvements():
        if improvement.sanction is None:
            continue
        graph, left = each.explicit, each.names[improvement.move.source]
        lengths = from_start(
            graph,
            graph.others(cell.actor),
            each.names[improvement.move.target],
            improving=cell.concept in ("seq", "sseq"),
        )
        shortest = min(
            length
            for state, length in lengths.items()
            if stops(graph, cell.concept, cell.actor, left, state)
        )
        assert len(improvement.sanction) == shortest >= 1, (seed, cell, improvement)
        if cell.concept in ("smr", "sseq"):
            hurt = (
                length for s, length in lengths.items() if stops(graph, "gmr", cell.actor, left, s)
            )
            further += min(hurt) < shortest
    assert further > 20


def test_payoffs_are_those_before_after_and_at_the_end() -> None:
    """With escape, the end is the best that can then still be reached."""
    escaped = 0
    for seed, each, cell, improvement in improvements():
        worth = worths(each, cell.actor)
        left, reached = (each.names[i] for i in (improvement.move.source, improvement.move.target))
        assert improvement.had == pytest.approx(worth[left], abs=1e-8), seed
        assert improvement.gets == pytest.approx(worth[reached], abs=1e-8), seed
        assert improvement.had < improvement.gets
        if improvement.sanction is None:
            assert improvement.ends is None
            continue
        end = each.names[improvement.sanction[-1].target]
        ends = [worth[end]]
        if cell.concept in ("smr", "sseq"):
            ends += [worth[state] for state in each.explicit.moves[cell.actor][end]]
        assert improvement.ends == pytest.approx(max(ends), abs=1e-8), (seed, cell.concept)
        assert improvement.ends <= improvement.had + 1e-8
        escaped += max(ends) > worth[end] + 1e-8
    assert escaped > 50


def test_a_state_that_cannot_be_is_not_explained() -> None:
    refused = 0
    for _, each in pairs():
        impossible = np.argwhere(~each.stability.space.feasible)
        if len(impossible):
            with pytest.raises(CrisisError, match="`never`"):
                explain_state(each.stability, tuple(int(i) for i in impossible[0]))
            refused += 1
    assert refused > 20


def test_only_the_concepts_that_were_asked_for_are_explained() -> None:
    crisis = loaded(random_graph_crisis(3))
    stability = find_stable(crisis, concepts=("sseq", "nash"))
    assert stability.concepts == ("sseq", "nash")
    found = explain_state(stability, stability.start)
    assert {cell.concept for cell in found} == {"sseq", "nash"}
    whole = find_stable(crisis)
    every = explain_state(whole, whole.start)
    assert set(found) == {cell for cell in every if cell.concept in ("sseq", "nash")}


def test_a_search_that_ends_early_says_nothing_of_what_stops_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The state is stable all the same."""
    monkeypatch.setattr(sequences, "MOST_SEARCHED", 1)
    stable = [
        cell
        for _, each in pairs()[:20]
        for cell in explain_state(each.stability, each.stability.start)
        if cell.stable and cell.improvements
    ]
    assert len(stable) > 20
    those = [improvement for cell in stable for improvement in cell.improvements]
    assert all(i.stopped and i.sanction is None and i.ends is None for i in those)


def ladder(hurts: str) -> Raw:
    """Two others prepare each other's next step, and the last one hurts the first actor."""
    steps = {"b": ("one", "three"), "c": ("two", "four")}
    before = {"one": "a.go", "two": "b.one", "three": "c.two", "four": "b.three"}
    aims = {"gain": {"seeks": "go", "weight": 1}, "pain": {"avoids": hurts, "weight": 5}}
    actors: Raw = {"a": {"options": {"go": ["no", "yes"]}, "interests": aims, **PACE}}
    for actor, names in steps.items():
        actors[actor] = {
            "options": {name: {"requires": before[name]} for name in names},
            "interests": {name: {"seeks": name, "weight": 1} for name in names},
            **PACE,
        }
    return {"crisis": "A ladder", "actors": actors}


@pytest.mark.parametrize(("hurts", "rest"), [("c.four", -4), ("go and c.four", 0)])
def test_a_long_way_is_followed_to_its_end(hurts: str, rest: float) -> None:
    """The first actor is left with -4, or goes back and has the 0 with which it began."""
    each = twice(ladder(hurts))
    cells = explain_state(each.stability, each.stability.start)
    for cell in cells[1:5]:
        (improvement,) = cell.improvements
        assert improvement.sanction is not None
        assert [step.actor for step in improvement.sanction] == ["b", "c", "b", "c"]
        assert (improvement.had, improvement.gets) == (0, 1)
        assert improvement.ends == (rest if cell.concept in ("smr", "sseq") else -4)
        assert cell.stable
    assert [cell.actor for cell in cells[:6]] == ["a"] * 5 + ["b"]
    assert cells[0].improvements[0].sanction is None


def test_nobody_answers_twice_running_though_that_would_be_shorter() -> None:
    """Between its two steps another one has to move, or else nothing answers."""
    raw = ladder("b.three")
    raw["actors"]["b"]["options"]["three"] = {"requires": "one"}
    each = twice(raw)
    for cell in explain_state(each.stability, each.stability.start)[1:5]:
        assert cell.improvements[0].sanction is not None
        assert [step.actor for step in cell.improvements[0].sanction] == ["b", "c", "b"]
    raw["actors"]["c"]["interests"] = {"two": {"avoids": "two", "weight": 1}}
    cells = explain_state(find_stable(loaded(raw)), each.stability.start)
    assert [cell.stable for cell in cells[:5]] == [False, True, True, False, False]


def test_who_moved_last_matters_where_two_ways_meet() -> None:
    """Both orders of the first two steps lead to the same state; only one lets c go on."""
    steps = {"b": {"x": "a.go"}, "c": {"y": "a.go", "four": "b.x and y"}}
    raw = ladder("c.four")
    for actor, requires in steps.items():
        raw["actors"][actor] |= {
            "options": {name: {"requires": text} for name, text in requires.items()},
            "interests": {name: {"seeks": name, "weight": 1} for name in requires},
        }
    each = twice(raw)
    for cell in explain_state(each.stability, each.stability.start)[1:5]:
        assert cell.improvements[0].sanction is not None
        assert [step.actor for step in cell.improvements[0].sanction] == ["c", "b", "c"]


# ------------------------------------------------------------------------------- one state by name


def test_payoffs_and_concepts_of_a_state_are_the_oracles() -> None:
    for seed, each in pairs():
        expected = equilibria_of(each.explicit)
        for index, name in each.names.items():
            concepts = tuple(c for c in CONCEPTS if name in expected[c])
            assert each.stability.concepts_of(index) == concepts, (seed, name)
        for actor in each.explicit.actors:
            worth = worths(each, actor)
            found = {n: each.stability.payoff(actor, i) for i, n in each.names.items()}
            assert found == pytest.approx(worth, abs=1e-8), (seed, actor)
        for concept in CONCEPTS:
            assert each.named(each.stability.equilibria(concept)) == expected[concept], seed


def test_a_state_is_found_by_the_levels_in_which_it_differs_from_the_start() -> None:
    refused = 0
    for seed, each in pairs():
        space, start = each.stability.space, each.stability.start
        for index in some_states(seed, each):
            levels = differing(space, index, start)
            there, here = space.state(index), space.state(start)
            assert levels == {v: there[v] for v in there if there[v] != here[v]}
            assert state_of(space, levels, start) == index
            assert state_of(space, there, start) == index
        assert differing(space, start, start) == {}
        assert state_of(space, {}, start) == start
        for variable, levels in each.crisis.variables.items():
            for level in levels:
                name = tuple({**space.state(start), variable: level}.values())
                if name not in {tuple(space.state(i).values()) for i in each.names}:
                    with pytest.raises(CrisisError, match=f"{variable} = {level}.*cannot be"):
                        state_of(space, {variable: level}, start)
                    refused += 1
    assert refused > 50


def test_situations_and_variations_are_those_of_the_crisis() -> None:
    """`find_stable` in a situation, with what is changed after it."""
    situated = 0
    for seed in range(24):
        raw = random_crisis(seed)
        variant = {k: v for k, v in random_variant(raw, seed).items() if k != "depth"}
        for situation in raw.get("situations", {}):
            each = twice(raw, situation=situation, **variant)
            found = find_stable(loaded(raw), situation, variation=variation(variant))
            for concept, stable in graph_oracle.stable_states(each.explicit).items():
                for actor, states in stable.items():
                    assert each.named(found.stable[concept][actor]) == states, (seed, concept)
            situated += 1
    assert situated > 15


# ----------------------------------------------------------------------- the equilibria that matter


def expected_keys(each: Twice, shares: Any = None) -> dict[Name, tuple[bool, bool, float, int]]:
    """The documented order, from the oracle alone, for every equilibrium."""
    graph = each.explicit
    found = equilibria_of(graph)
    reached = from_start(graph, graph.actors, each.names[each.stability.start], improving=True)
    strong = set.union(*(found[concept] for concept in STRONG))
    looked_for = strong or set.union(*found.values())
    keys = {}
    for state in set.union(*found.values()):
        length = reached.get(state) if state in looked_for else None
        counts = sum(state in found[concept] for concept in CONCEPTS)
        if shares is not None:
            counts += sum(float(shares[c][each.indices[state]]) for c in CONCEPTS)
        keys[state] = (state not in strong, length is None, -round(counts, 9), length or 0)
    return keys


def check_equilibrium(each: Twice, seed: int, found: Equilibrium, key: tuple[Any, ...]) -> None:
    graph, name = each.explicit, each.names[found.state]
    expected = equilibria_of(graph)
    assert found.concepts == tuple(c for c in CONCEPTS if name in expected[c]), seed
    assert found.concepts
    _, unreached, _, length = key
    assert (found.path is None) == unreached, (seed, name)
    if found.path is None:
        return
    assert len(found.path) == length, (seed, name)
    at, last = each.stability.start, None
    for step in found.path:
        assert step.source == at, seed
        assert step.actor != last, seed
        here, there = each.names[step.source], each.names[step.target]
        assert there in graph.improvements(step.actor, here), (seed, step)
        at, last = step.target, step.actor
    assert at == found.state, seed


def test_the_equilibria_that_matter_are_in_the_order_that_is_said() -> None:
    unreached = weak_only = reached = 0
    for seed, each in pairs():
        keys = expected_keys(each)
        found = rank_equilibria(each.stability, count=10**6)
        names = [each.names[equilibrium.state] for equilibrium in found]
        assert len(names) == len(set(names))
        assert set(names) == set(keys), seed
        for equilibrium, name in zip(found, names, strict=True):
            check_equilibrium(each, seed, equilibrium, keys[name])
            assert equilibrium.shares == {}
            assert equilibrium.no_coalition is None
        order = [keys[name] for name in names]
        assert order == sorted(order), seed
        unreached += sum(not weak and none for weak, none, _, _ in order)
        weak_only += sum(weak for weak, _, _, _ in order)
        reached += sum(length > 1 for _, _, _, length in order)
    assert unreached > 20
    assert weak_only > 50
    assert reached > 20


def test_no_more_are_given_than_asked_for_and_they_are_the_first() -> None:
    for _, each in pairs()[:30]:
        every = rank_equilibria(each.stability, count=10**6)
        for count in (0, 1, 3):
            assert rank_equilibria(each.stability, count=count) == every[:count]
        assert rank_equilibria(each.stability) == every[:SHOWN]


def test_draws_count_as_much_as_concepts() -> None:
    moved = 0
    for seed in range(30):
        each = twice(doubtful(seed, limit=24))
        shares = find_shares(each.stability, 8, seed).equilibria
        keys = expected_keys(each, shares)
        found = rank_equilibria(each.stability, shares, count=10**6)
        order = [keys[each.names[equilibrium.state]] for equilibrium in found]
        assert order == sorted(order), seed
        for equilibrium in found:
            expected = {c: float(shares[c][equilibrium.state]) for c in CONCEPTS}
            assert equilibrium.shares == expected
        plain = rank_equilibria(each.stability, count=10**6)
        moved += [e.state for e in plain] != [e.state for e in found]
    assert moved > 5


def test_what_no_coalition_would_leave_is_marked() -> None:
    kinds = set()
    for seed in range(30):
        each = twice(random_graph_crisis(seed, limit=16))
        coalitions = find_coalitions(each.stability)
        expected = graph_oracle.none_would_leave(each.explicit)
        for equilibrium in rank_equilibria(each.stability, coalitions=coalitions, count=99):
            name = each.names[equilibrium.state]
            concepts = tuple(c for c in CONCEPTS if name in expected[c])
            assert equilibrium.no_coalition == concepts, seed
            assert set(concepts) <= set(equilibrium.concepts)
            kinds.add((bool(concepts), concepts == equilibrium.concepts))
    assert kinds == {(True, True), (True, False), (False, False)}


def test_paths_are_also_looked_for_where_every_equilibrium_is_weak() -> None:
    """Because only gmr was asked for, or because there is none by a stronger concept."""
    compared = 0
    for _, each in pairs():
        for concepts in (("gmr",), ("nash", "gmr")):
            stability = find_stable(each.crisis, concepts=concepts)
            graph, start = each.explicit, each.names[stability.start]
            if "nash" in concepts and equilibria_of(graph)["nash"]:
                continue
            reached = from_start(graph, graph.actors, start, improving=True)
            for equilibrium in rank_equilibria(stability, count=99):
                assert equilibrium.concepts == ("gmr",)
                name = each.names[equilibrium.state]
                assert (equilibrium.path is not None) == (name in reached)
                assert len(equilibrium.path or ()) == reached.get(name, 0)
                compared += "nash" in concepts
    assert compared > 10


def test_the_search_for_equilibria_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are not found in time have no path."""
    full = {seed: rank_equilibria(each.stability, count=99) for seed, each in pairs()}
    monkeypatch.setattr(sequences, "MOST_SEARCHED", 4)
    lost = 0
    for seed, each in pairs():
        before = {equilibrium.state: equilibrium.path for equilibrium in full[seed]}
        for equilibrium in rank_equilibria(each.stability, count=99):
            known = before[equilibrium.state]
            if equilibrium.path is None:
                lost += known is not None
            else:
                assert known is not None
                assert len(equilibrium.path) == len(known)
    assert lost > 10
