"""What the process is worth to each actor, against dense matrices."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import oracle
from random_crises import random_crisis, random_variant
from standoff import Crisis, loads
from standoff.crisis.uncertain import numbered
from standoff.game.drawn import Draws
from standoff.solve import worth
from standoff.solve.worth import worth_at_start, worth_of
from standoff.study.draws import draw
from standoff.study.hierarchy import Hierarchy
from strait import strait
from translate import in_oracles_order, variation

Raw = dict[str, Any]
CLOSE = 1e-7


def by_definition(raw: Raw, depth: int, **variant: Any) -> dict[str, dict[tuple[str, ...], float]]:
    """(r - Q) w = r u with explicit states: Q of what happens, u what the actor truly gets."""
    crisis = oracle.prepared(raw, variant)
    world = oracle._world(crisis)
    generator = oracle.generator_of(crisis, depth, 1.5)
    found = {}
    for actor, said in crisis["actors"].items():
        rate = 1 / oracle.days(said["looks_ahead"])
        matrix = rate * np.eye(len(world.states)) - generator
        solved = np.linalg.solve(matrix, rate * oracle.payoffs(crisis, world, actor))
        found[actor] = dict(zip(world.states, solved.tolist(), strict=True))
    return found


@pytest.mark.parametrize("seed", range(16))
def test_worth_solves_its_equation_in_random_crises(seed: int) -> None:
    raw = random_crisis(seed)
    variant = random_variant(raw, seed)
    depth = variant.pop("depth", 2)
    crisis = variation(variant).of(loads(json.dumps(raw)))
    chain = Hierarchy(depth=depth).chain(crisis)
    expected = by_definition(raw, depth, **variant)
    for actor, everywhere in worth_of(chain).items():
        spread = np.ptp(list(expected[actor].values())) + 1.0
        for index in np.argwhere(chain.game.space.feasible):
            place = tuple(int(i) for i in index)
            state = in_oracles_order(chain.game.space, place)
            assert abs(everywhere[place] - expected[actor][state]) < CLOSE * spread


def test_at_the_start_it_is_the_worth_of_that_state() -> None:
    crisis = loads(json.dumps(strait())).in_situation("january")
    chain = Hierarchy().chain(crisis)
    everywhere = worth_of(chain)
    for actor, found in worth_at_start(chain).items():
        assert found.shape == (1,)
        assert found[0] == everywhere[actor][chain.game.start]
    expected = by_definition(strait(), 4, situation="january")
    start = oracle.start_state(strait(), situation="january")
    for actor, found in worth_at_start(chain).items():
        assert found[0] == pytest.approx(expected[actor][start], abs=CLOSE)


def test_every_draw_has_the_worth_of_its_own_crisis() -> None:
    crisis, entries = numbered(loads(json.dumps(strait())).in_situation("january"))
    values = draw(entries, 5, 0).values
    central = Hierarchy()
    drawn = Hierarchy(tolerance=1e-8, draws=Draws(values), central=central)
    found = worth_at_start(drawn.chain(crisis))
    for place in range(5):
        two = Draws(np.repeat(values[place : place + 1], 2, axis=0))
        alone = Hierarchy(tolerance=1e-8, draws=two, central=central)
        for actor, one in worth_at_start(alone.chain(crisis)).items():
            assert found[actor].shape == (5,)
            assert found[actor][place] == pytest.approx(one[0], abs=1e-9)
    assert np.ptp(found["north"]) > 0.1, "the draws differ"


def lone(**more: object) -> Crisis:
    """Nobody wants anything but quiet, which ends by chance."""
    actor = {
        "decides": "every 3 days",
        "looks_ahead": "20 days",
        "options": {"hum": ["no", "yes"]},
        "interests": {"quiet": {"avoids": "noise", "weight": 6}},
        **more,
    }
    noise = {"changes": [{"from": "no", "to": "yes", "rate": "every 10 days"}]}
    return loads(json.dumps({"crisis": "One", "actors": {"one": actor},
                             "conditions": {"noise": noise}}))  # fmt: skip


def test_a_payoff_that_ends_by_chance_is_worth_its_discounted_average() -> None:
    """Quiet lasts 10 days on average and the horizon is 20: noise has two thirds of the weight."""
    found = worth_at_start(Hierarchy().chain(lone()))
    assert found["one"][0] == pytest.approx(-6 * (1 / 10) / (1 / 10 + 1 / 20), abs=1e-9)


def test_a_constant_payoff_is_worth_itself_and_a_second_one_adds_to_it() -> None:
    constant = {"always": {"seeks": "true", "weight": 2.5}}
    found = worth_of(Hierarchy().chain(lone(interests=constant)))["one"]
    assert np.abs(found - 2.5).max() < 1e-12
    both = lone(interests={**constant, "quiet": {"avoids": "noise", "weight": 6}})
    assert worth_at_start(Hierarchy().chain(both))["one"][0] == pytest.approx(2.5 - 4, abs=1e-9)


def test_where_the_krylov_solver_fails_plain_sweeps_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worth, "solve_linear", lambda apply, right, accuracy, most: 0 * right)
    found = worth_at_start(Hierarchy().chain(lone()))
    assert found["one"][0] == pytest.approx(-4, abs=1e-6)
