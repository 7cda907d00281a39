"""Who can go where from one state, against the tables of the oracle."""

from __future__ import annotations

from itertools import pairwise

import pytest

import graph_oracle
from random_graphs import random_graph_crisis
from standoff.game.graph import compile_graph
from standoff.solve import sequences
from standoff.solve.sequences import improvements_to, moves_of, sanction_of
from strategies import loaded
from twice import from_start, names_in

CRISES = 60


def test_the_moves_of_every_actor_from_every_state_are_the_oracles() -> None:
    compared = restricted = 0
    for seed in range(CRISES):
        raw = random_graph_crisis(seed, ordinal=seed % 2 == 1)
        graph, explicit = compile_graph(loaded(raw)), graph_oracle.graph_of(raw)
        names = names_in(graph.space)
        for party in graph.parties:
            restricted += party.allowed is not None
            for state, name in names.items():
                found = [names[target] for target in moves_of(graph, party, state)]
                assert sorted(found) == sorted(explicit.moves[party.name][name]), (seed, name)
                better = [names[t] for t in moves_of(graph, party, state, improving=True)]
                assert sorted(better) == sorted(explicit.improvements(party.name, name)), seed
                for order in (found, better):
                    worth = [explicit.payoffs[party.name][target] for target in order]
                    assert all(a >= b - 1e-9 for a, b in pairwise(worth)), "best first"
                compared += 1
    assert compared > 1000
    assert restricted > 50


def test_improvements_lead_to_what_is_wanted_by_the_shortest_way() -> None:
    """To the first states that are wanted, and to no more of them than asked for."""
    far = set()
    for seed in range(60):
        raw = random_graph_crisis(seed)
        graph, explicit = compile_graph(loaded(raw)), graph_oracle.graph_of(raw)
        names = names_in(graph.space)
        lengths = from_start(explicit, explicit.actors, names[graph.start], improving=True)
        wanted = {state for number, state in enumerate(names) if number % 2}
        found = improvements_to(graph, graph.start, wanted.__contains__, len(names))
        expected = {state: lengths[names[state]] for state in wanted if names[state] in lengths}
        assert {state: len(path) for state, path in found.items()} == expected, seed
        far |= set(expected.values())
        for count in (1, 2):
            first = improvements_to(graph, graph.start, wanted.__contains__, count)
            assert len(first) == min(count, len(found))
            assert first == {state: found[state] for state in list(found)[:count]}
            nearest = sorted(expected.values())[:count]
            assert sorted(len(path) for path in first.values()) == nearest
    assert far >= {0, 1, 2, 3}


def test_no_more_states_are_searched_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start counts; what is found before the limit is found as without one."""
    shorter = 0
    for seed in range(40):
        graph = compile_graph(loaded(random_graph_crisis(seed)))
        monkeypatch.setattr(sequences, "MOST_SEARCHED", 200_000)
        whole = improvements_to(graph, graph.start, lambda state: True, 10**9)
        monkeypatch.setattr(sequences, "MOST_SEARCHED", 3)
        few = improvements_to(graph, graph.start, lambda state: True, 10**9)
        assert few == {state: whole[state] for state in few}
        assert len(few) <= 3
        shorter += len(few) < len(whole)
    assert shorter > 10


def test_nothing_answers_under_nash() -> None:
    for seed in range(20):
        graph = compile_graph(loaded(random_graph_crisis(seed)))
        for party in graph.parties:
            for target in moves_of(graph, party, graph.start):
                assert sanction_of(graph, party, "nash", graph.start, target) is None
