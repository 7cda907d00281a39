"""The cognitive hierarchy: shares, views, what is solved once, and what does not matter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import poisson

import oracle
from random_crises import random_crisis
from standoff.crisis import Crisis
from standoff.game.size import bytes_needed
from standoff.solve.chain import distribution
from standoff.solve.policy import Status, choices_at
from standoff.study import hierarchy as module
from standoff.study.forecast import forecast
from standoff.study.hierarchy import DEPTH, TAU, Hierarchy, poisson_shares
from standoff.study.variation import Variation
from strait import strait
from strategies import Raw, loaded


@pytest.fixture
def crisis() -> Crisis:
    return loaded(strait()).in_situation("january")


# -------------------------------------------------------------------------------------- the shares


@pytest.mark.parametrize("tau", [0.1, 1.5, 7.0])
@pytest.mark.parametrize("depth", [1, 2, 4, 9])
def test_the_shares_are_a_poisson_density_cut_off_and_renormalised(depth: int, tau: float) -> None:
    shares = poisson_shares(depth, tau)
    below = poisson.cdf(depth - 1, tau)
    assert len(shares) == depth
    assert sum(shares) == pytest.approx(1, abs=1e-15)
    for level, share in enumerate(shares):
        assert share == pytest.approx(poisson.pmf(level, tau) / below, rel=1e-12)


def test_a_beginner_expects_only_those_who_stay() -> None:
    assert poisson_shares(1, 1.5) == (1.0,)


def test_the_defaults_are_those_of_the_design() -> None:
    assert (DEPTH, TAU) == (4, 1.5)
    assert (Hierarchy().depth, Hierarchy().tau) == (4, 1.5)


# ----------------------------------------------------------------------------------- what is solved


def three(**believing: Raw) -> Raw:
    """Three actors, each wanting the same as the next; beliefs by name."""
    actors: Raw = {}
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        actors[name] = {
            "decides": "every 6 days",
            "looks_ahead": "30 days",
            "options": {"go": ["no", "yes"]},
            "interests": {"aim": {"seeks": f"go and {other}.go", "weight": 1.2}},
            "believes": believing.get(name, {}),
        }
    question = {"asks": "?", "event": "a.go and b.go and c.go", "within": "20 days"}
    return {"crisis": "Three", "actors": actors, "questions": {"q": question}}


def solved(raw: Raw, depth: int = DEPTH) -> int:
    hierarchy = Hierarchy(depth=depth)
    hierarchy.chain(loaded(raw))
    return hierarchy.solved


@pytest.mark.parametrize("depth", [0, 1, 2, 3, 4, 6])
def test_a_view_that_everybody_shares_is_solved_once(depth: int) -> None:
    assert solved(three(), depth) == 3 * depth


def test_a_view_that_two_share_is_solved_once() -> None:
    path = "c.interests.aim.weight"
    alike = solved(three(a={path: 3}, b={path: 3}))
    apart = solved(three(a={path: 3}, b={path: 4}))
    alone = solved(three(a={path: 3}))
    assert 3 * DEPTH < alone <= alike < apart


def test_a_true_belief_is_no_view_of_its_own() -> None:
    assert solved(three(a={"b.interests.aim.weight": 1.2})) == 3 * DEPTH


def test_what_is_solved_is_remembered(crisis: Crisis) -> None:
    hierarchy = Hierarchy()
    first = hierarchy.chain(crisis)
    before = hierarchy.solved, hierarchy.sweeps
    assert hierarchy.chain(crisis) is first
    for actor in crisis.actors:
        for level in range(1, DEPTH):
            hierarchy.response(crisis, actor, level)
    # Everybody's policy up to the depth below is needed by the others, but for what is so in a
    # view: the beliefs of the North make its view of the others a crisis of its own.
    assert hierarchy.solved <= before[0] + 2 * DEPTH
    assert hierarchy.game(crisis) is first.game
    assert hierarchy.view(crisis, "north") is hierarchy.view(crisis, "north")


def test_neither_the_start_nor_what_is_asked_is_a_reason_to_solve_again(crisis: Crisis) -> None:
    hierarchy = Hierarchy()
    hierarchy.chain(crisis)
    before = hierarchy.solved
    hierarchy.chain(crisis.starting("weather", "storm"))
    hierarchy.chain(crisis.starting({"north.blockade": "full", "south.appeal": "yes"}))
    assert hierarchy.solved == before
    hierarchy.chain(crisis.holding("weather", "storm"))
    assert hierarchy.solved > before


CHANGES = [
    {"south.interests.survive.weight": 1},
    {"south.interests.survive.holds": 0.2},
    {"patron.red_lines.annexation.weight": 0},
    {"north.precision": 3},
    {"patron.looks_ahead": "9 days"},
    {"south.decides": "every 30 days"},
    {"weather.storm.calm": "every 30 days"},
    {"north.believes.south.precision": 0.4},
    {"patron.believes.north.believes.south.interests.survive.weight": 0},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_a_hierarchy_that_has_solved_another_crisis_answers_as_a_fresh_one(
    crisis: Crisis, change: Raw
) -> None:
    used = Hierarchy()
    forecast(crisis, "annexed", hierarchy=used)
    changed = crisis.patched(change)
    answers = [
        forecast(changed, name, hierarchy=hierarchy).central
        for hierarchy in (used, Hierarchy())
        for name in ("annexed", "mines")
    ]
    assert answers[:2] == answers[2:]
    raw = strait()
    for name, mine in zip(("annexed", "mines"), answers, strict=False):
        theirs = oracle.answer(raw, name, **{"with": change}, situation="january")
        assert mine == pytest.approx(theirs, abs=1e-7)


def test_the_order_of_questions_does_not_matter() -> None:
    raw = random_crisis(11)
    crisis, names = loaded(raw), list(raw["questions"])
    variations = [Variation(), Variation(seen_by=(next(iter(raw["actors"])),))]
    asked = [(name, variation) for name in names for variation in variations]

    def answers(order: list[tuple[str, Variation]]) -> dict[tuple[str, int], float]:
        hierarchy = Hierarchy()
        return {
            (name, variations.index(variation)): forecast(
                crisis, name, variation=variation, hierarchy=hierarchy
            ).central
            for name, variation in order
        }

    first, second = answers(asked), answers(asked[::-1])
    alone = {
        (name, variations.index(variation)): forecast(crisis, name, variation=variation).central
        for name, variation in asked
    }
    for key, chance in first.items():
        assert second[key] == pytest.approx(chance, abs=1e-8)
        assert alone[key] == pytest.approx(chance, abs=1e-8)


def test_a_hierarchy_short_of_memory_forgets_and_answers_the_same(
    crisis: Crisis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LEAST_KEPT", 2)
    small, large = Hierarchy(memory=bytes_needed(crisis, DEPTH)), Hierarchy()
    small._states = 10**12  # as if it had seen a crisis so large that hardly anything may be kept
    for name in ("annexed", "mines", "open"):
        mine = forecast(crisis, name, hierarchy=small)
        assert mine.central == forecast(crisis, name, hierarchy=large).central
    assert small.solved > 2 * large.solved


# ----------------------------------------------------------------------------------- small depths


def test_at_depth_zero_only_conditions_change(crisis: Crisis) -> None:
    for name in ("mines", "annexed"):
        answer = forecast(crisis, name, depth=0)
        assert (answer.central, answer.share_of_time) == (0, 0)
    storm = 1 - math.exp(-14 / 30)
    assert forecast(crisis, "calm", depth=0).central == pytest.approx(1 - storm, abs=1e-9)


def test_at_depth_one_an_actor_expects_the_others_to_stay() -> None:
    raw = three()
    hierarchy = Hierarchy()
    crisis = loaded(raw)
    game = hierarchy.game(crisis)
    for mover, other in ((game.movers[0], 1), (game.movers[1], 2), (game.movers[2], 0)):
        response = hierarchy.response(crisis, mover.name, 1)
        for index in game.space:
            # What it seeks is true for as long as the other, which it thinks stays, goes too.
            worth = 1.2 if index[other] else 0.0
            expected = 1 / (1 + math.exp(-2 * worth))
            chances = choices_at(game, mover, response.policy, index)
            assert chances[1] == pytest.approx(expected, abs=1e-8)


def test_actors_that_care_for_themselves_alone_do_the_same_at_every_depth() -> None:
    raw = three()
    for number, actor in enumerate(raw["actors"].values()):
        actor["interests"] = {"aim": {"seeks": "go", "weight": 0.4 + number / 2}}
        actor["decides"] = f"every {3 + number} days"
    crisis, days = loaded(raw), 5.0
    for depth in (1, 2, 4):
        hierarchy = Hierarchy(depth=depth)
        chain = hierarchy.chain(crisis)
        for number, (mover, policy) in enumerate(chain.policies):
            chance = 1 / (1 + math.exp(-2 * (0.4 + number / 2)))
            for index in chain.game.space:
                chances = choices_at(chain.game, mover, policy, index)
                assert chances[1] == pytest.approx(chance, abs=1e-8)
        after = distribution(chain, days)
        gone = [
            1 / (1 + math.exp(-2 * (0.4 + n / 2))) * (1 - math.exp(-days / (3 + n)))
            for n in range(3)
        ]
        for index in chain.game.space:
            expected = np.prod([p if i else 1 - p for i, p in zip(index, gone, strict=True)])
            assert after[index] == pytest.approx(expected, abs=1e-8)


def test_two_actors_that_stand_to_gain_far_more_by_one_option_both_take_it() -> None:
    raw = three()
    del raw["actors"]["c"]
    wants = {"a": "go or b.go", "b": "go and not a.go or go and a.go"}
    for name, text in wants.items():
        raw["actors"][name]["interests"] = {"aim": {"seeks": text, "weight": 9}}
    raw["actors"]["a"]["interests"]["own"] = {"seeks": "go", "weight": 12}
    raw["questions"] = {"q": {"asks": "?", "event": "a.go and b.go", "at": "200 days"}}
    assert forecast(loaded(raw), "q").central == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_every_search_converges(crisis: Crisis, depth: int) -> None:
    hierarchy = Hierarchy(depth=depth)
    for actor in crisis.actors:
        response = hierarchy.response(crisis, actor, depth)
        assert response.status is Status.CONVERGED
        assert response.residual <= hierarchy.tolerance
