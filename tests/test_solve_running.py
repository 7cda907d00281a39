"""What states are worth while conditions run, against one dense system; and what is then stable."""

from __future__ import annotations

import functools
from random import Random
from typing import Any

import numpy as np
import pytest

import graph_oracle
import oracle
from graph_oracle import CONCEPTS
from random_crises import random_crisis, random_variant
from random_graphs import random_graph_crisis
from standoff.crisis import Crisis, CrisisError
from standoff.game import compile_game
from standoff.game.graph import compile_graph
from standoff.solve.running import worth_while_conditions_run
from standoff.study.stability import explain_state, find_stable, graph_of
from strategies import loaded
from translate import variation
from twice import PACE, names_in, running_graph, worth_of

Raw = dict[str, Any]


def concerned(raw: Raw, seed: int) -> Raw:
    """The crisis with an aim for each actor that conditions and its own choice further together.

    Some changes go faster or slower where somebody has chosen something.
    """
    rng = Random(f"concerns, {seed}")
    levels = oracle.variables(raw)
    options = [name for name in levels if "." in name]
    for condition, block in raw["conditions"].items():
        for change in block["changes"]:
            option = rng.choice(options)
            when = f"{option} == {rng.choice(levels[option])}"
            change.setdefault("times", []).append({"factor": rng.choice((0, 0.3, 4)), "when": when})
        for actor, said in raw["actors"].items():
            if condition in said["options"]:
                continue  # there the name means the actor's own option
            own = rng.choice([name for name in options if name.startswith(f"{actor}.")])
            joint = rng.choice(("and", "or"))
            there, here = rng.choice(block["levels"]), levels[own][0]
            text = f"({condition} == {there}) {joint} ({own} == {here})"
            said["interests"][f"about_{condition}"] = {"seeks": text, "weight": rng.choice((1, 3))}
    return raw


@functools.cache
def drawn() -> list[tuple[int, Raw, Raw]]:
    """Crises with conditions, and how each is asked about; some of the conditions are held."""
    found = []
    for seed in range(60):
        raw = concerned(random_crisis(seed), seed)
        if raw["conditions"]:
            variant = {k: v for k, v in random_variant(raw, seed).items() if k != "depth"}
            situation = next(iter(raw.get("situations", {})), None)
            found.append((seed, raw, {**variant, "situation": situation}))
    return found[:30]


@functools.cache
def graphs() -> list[tuple[int, Raw]]:
    raws = ((seed, random_graph_crisis(seed, limit=36)) for seed in range(130))
    return [(seed, concerned(raw, seed)) for seed, raw in raws if raw["conditions"]]


def test_worth_solves_the_equations_that_define_it() -> None:
    changed = impossible = 0
    for seed, raw, variant in drawn():
        game = compile_game(variation(variant).of(loaded(raw)))
        worth = worth_while_conditions_run(game)
        names = names_in(game.space)
        impossible += not game.space.feasible.all()
        for mover in game.movers:
            expected = worth_of(raw, mover.name, **variant)
            assert worth[mover.name].shape == game.space.shape
            found = {name: worth[mover.name][index] for index, name in names.items()}
            expected = {name: expected[name] for name in found}
            assert found == pytest.approx(expected, abs=1e-9, rel=1e-9), (seed, mover.name)
            changed += not np.allclose(worth[mover.name], mover.payoff)
    assert changed > 30
    assert impossible > 8


def test_without_changes_a_state_is_worth_its_payoff() -> None:
    for seed in range(20):
        game = compile_game(still(random_crisis(seed)))
        for mover in game.movers:
            worth = worth_while_conditions_run(game)[mover.name]
            np.testing.assert_allclose(worth, mover.payoff, rtol=1e-12, atol=1e-12)


def still(raw: Raw) -> Crisis:
    crisis = loaded(raw)
    return crisis.holding({name: crisis.start[name] for name in crisis.conditions})


def test_one_change_is_worth_its_share_of_what_comes() -> None:
    """At 0.1 per day and 10 days of looking ahead, half of what is worth anything lies beyond."""
    raw = war()
    worth = worth_while_conditions_run(compile_game(loaded(raw)))
    np.testing.assert_allclose(worth["a"].squeeze(), [[2, 2], [4, 4]])
    np.testing.assert_allclose(worth["b"].squeeze(), [[3 / 4, 3 / 4], [1, 1]])


def war(**terms: Any) -> Raw:
    change = {"from": "no", "to": "yes", "rate": "0.1 per day", **terms}
    block: Raw = {"decides": "every day", "options": {"go": ["no", "yes"]}}
    aim = {"seeks": "war == yes", "weight": 4}
    small = {"seeks": "war == yes", "weight": 1}
    return {
        "crisis": "War",
        "actors": {
            "a": {**block, "looks_ahead": "10 days", "interests": {"aim": aim}},
            "b": {**block, "looks_ahead": "30 days", "options": {}, "interests": {"aim": small}},
        },
        "conditions": {"war": {"levels": ["no", "yes"], "changes": [change]}},
    }


# ------------------------------------------------------------------------------ what is then stable


def test_what_is_stable_while_conditions_run_is_by_worth() -> None:
    differ = 0
    for seed, raw in graphs():
        found = find_stable(loaded(raw), conditions="running")
        explicit = running_graph(raw)
        names = names_in(found.space)
        assert set(names.values()) == set(explicit.states), seed
        expected = graph_oracle.stable_states(explicit)
        for concept in CONCEPTS:
            for actor, states in expected[concept].items():
                cells = found.stable[concept][actor]
                stays = {name for index, name in names.items() if cells[index]}
                assert stays == states, (seed, concept, actor)
        differ += expected != graph_oracle.stable_states(graph_oracle.graph_of(raw))
    assert len(graphs()) > 15
    assert differ > 5


def test_views_and_situations_are_kept_while_conditions_run() -> None:
    for seed, raw, variant in drawn()[:16]:
        found = find_stable(
            loaded(raw),
            variation=variation(variant),
            conditions="running",
            concepts=("nash", "seq"),
        )
        expected = graph_oracle.stable_states(running_graph(raw, **variant))
        names = names_in(found.space)
        for concept in ("nash", "seq"):
            for actor, states in expected[concept].items():
                cells = found.stable[concept][actor]
                assert {n for i, n in names.items() if cells[i]} == states, (seed, concept, actor)


def test_payoffs_are_worths_while_conditions_run() -> None:
    for seed, raw in graphs()[:12]:
        found = find_stable(loaded(raw), conditions="running")
        for actor in raw["actors"]:
            worth = worth_of(raw, actor)
            for index, name in names_in(found.space).items():
                assert found.payoff(actor, index) == pytest.approx(worth[name], abs=1e-6), seed
        for cell in explain_state(found, found.start):
            assert all(each.had < each.gets for each in cell.improvements)
    assert found.graph.lineage[-1] == "with conditions running and nobody moving"


def test_states_that_are_worth_the_same_up_to_rounding_tie() -> None:
    """Whoever goes changes how soon there is war by nothing, by very little, or by enough."""
    for factor, places in ((1, 1), (1 + 1e-9, 1), (1 + 1e-5, 2)):
        raw = war(times=[{"factor": factor, "when": "a.go"}])
        party = graph_of(loaded(raw), "running").party("a")
        assert len(party.payoffs) == places, factor
        assert len(compile_graph(loaded(raw)).party("a").payoffs) == 1


def test_with_nothing_that_runs_the_graph_is_as_it_is() -> None:
    held = war()
    held["held"] = {"war": "yes"}
    for raw in (held, {**war(), "conditions": {}, "actors": ordinal()["actors"]}):
        crisis = loaded(raw)
        graph = graph_of(crisis, "running")
        assert graph.lineage == compile_graph(crisis).lineage
        for party, other in zip(graph.parties, compile_graph(crisis).parties, strict=True):
            np.testing.assert_array_equal(party.rank, other.rank)


def ordinal() -> Raw:
    raw = war()
    for block in raw["actors"].values():
        del block["interests"]
    raw["actors"]["a"] |= {"ranking": [{"go": "yes"}]}
    raw["actors"]["b"] |= {"priorities": ["a.go"]}
    return raw


def test_who_only_orders_states_cannot_say_what_they_are_worth() -> None:
    raw = ordinal()
    with pytest.raises(CrisisError, match=r"a, b say only in what order .*\(--conditions held\)"):
        graph_of(loaded(raw), "running")
    raw["actors"]["b"] = war()["actors"]["b"]
    with pytest.raises(CrisisError, match="a says only in what order"):
        find_stable(loaded(raw), conditions="running")
    assert find_stable(loaded(raw)).equilibria("nash").any()


# -------------------------------------------------------------------------- which state is which


def narrowed(weather: str, **more: Any) -> Raw:
    """In a storm nobody sails and few march; in fog nothing but patience is possible."""
    moves = ["wait", "march", "sail", "fly"]
    changes = [
        {"from": "fog", "to": "storm", "rate": "every 5 days"},
        {"from": "storm", "to": "calm", "rate": "every 9 days", "when": "north.move != fly"},
        {"from": "calm", "to": "storm", "rate": "every 20 days"},
    ]
    weights = {"march": 1, "sail": 5, "fly": 3}
    interests = {
        name: {"seeks": f"move == {name} and weather == calm", "weight": weight}
        for name, weight in weights.items()
    }
    interests["care"] = {"avoids": "move != wait", "weight": 0.4}
    interests["deep"] = {"avoids": "south.ward == yes and move == fly", "weight": 2}
    return {
        "crisis": "Weather",
        "actors": {
            "north": {"options": {"move": moves}, "interests": interests, **PACE},
            "south": {
                "options": {"ward": ["no", "yes"], "watch": ["no", "yes"]},
                "interests": {"safe": {"avoids": "north.move == fly and not ward", "weight": 1}},
                **PACE,
            },
        },
        "conditions": {"weather": {"levels": ["calm", "storm", "fog"], "changes": changes}},
        "never": [
            "weather == storm and north.move == march",
            "weather == fog and north.move in {march, sail}",
            "south.watch and not south.ward",
        ],
        "state": {"weather": weather},
        **more,
    }


@pytest.mark.parametrize("weather", ["calm", "storm", "fog"])
@pytest.mark.parametrize("held", [{}, {"south.ward": "yes"}, {"north.move": "fly"}])
def test_states_keep_their_worth_where_axes_are_shorter_than_in_the_whole(
    weather: str, held: Raw
) -> None:
    """At the level at which a condition starts, some choices are none at all."""
    raw = narrowed(weather, held=held)
    whole = compile_game(loaded(raw)).space.shape
    found = find_stable(loaded(raw), conditions="running")
    shorter = {"calm": 4, "storm": 3, "fog": 2}[weather] if "north.move" not in held else 1
    assert found.space.shape[1] == shorter
    assert whole[1] == (1 if "north.move" in held else 4)
    worth = {actor: worth_of(raw, actor) for actor in ("north", "south")}
    for actor, values in worth.items():
        party = found.graph.party(actor)
        states = {name: party.rank[index] for index, name in names_in(found.space).items()}
        assert len(states) == len(running_graph(raw).states)
        for one in states:
            for other in states:
                assert (states[one] < states[other]) == (values[other] - values[one] > 1e-7)
    expected = graph_oracle.stable_states(running_graph(raw))
    for concept in CONCEPTS:
        for actor, stable in expected[concept].items():
            cells = found.stable[concept][actor]
            assert {n for i, n in names_in(found.space).items() if cells[i]} == stable
