"""Uniformization: closed forms, semigroup laws, and the matrix exponential of any small chain."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import expm
from scipy.stats import poisson

from standoff.game import compile_game
from standoff.solve.chain import (
    TRUNCATION,
    Chain,
    at_time,
    build_chain,
    distribution,
    occupancy,
    poisson_weights,
    throughout,
    until,
    within,
)
from standoff.study.hierarchy import Hierarchy
from strategies import DrawnFlow, Raw, flows, loaded
from test_solve_flow import matrix

CLOSE = 1e-9


def chain_of(drawn: DrawnFlow) -> Chain:
    """The chain in which everybody follows the policy drawn, in every decision."""
    whole = [(mover, replace(policy, weights=tuple(w / share for w in policy.weights)))
             for mover, policy, share in drawn.parts]  # fmt: skip
    return build_chain(drawn.game, whole)


def whole_matrix(chain: Chain) -> np.ndarray:
    return matrix(DrawnFlow(chain.game, tuple((m, p, 1.0) for m, p in chain.policies)))


chains = flows(most_states=60).filter(lambda d: bool(d.game.space.feasible.any())).map(chain_of)
times = st.sampled_from((0.0, 0.3, 2.0, 11.0, 40.0))
seeds = st.integers(0, 2**16)


def event_of(chain: Chain, seed: int) -> np.ndarray:
    """Random states; sometimes an axis does not matter, as in what statements give."""
    rng = np.random.default_rng(seed)
    shape = [1 if rng.random() < 0.3 else n for n in chain.game.space.shape]
    return rng.random(shape) < 0.4


def with_start(chain: Chain, start: tuple[int, ...]) -> Chain:
    return replace(chain, game=replace(chain.game, start=start))


# ----------------------------------------------------------- against the dense exponential


@settings(max_examples=40)
@given(chains, times, seeds)
def test_every_form_is_an_entry_of_the_exponential(chain: Chain, days: float, seed: int) -> None:
    table = whole_matrix(chain)
    shape, start = chain.game.space.shape, chain.start
    event, goal = event_of(chain, seed), event_of(chain, seed + 1)
    truth = np.broadcast_to(event, shape).reshape(-1)
    aim = np.broadcast_to(goal, shape).reshape(-1)

    def reaching(target: np.ndarray, dead: np.ndarray) -> float:
        stopped = np.where((target | dead)[:, None], 0.0, table)
        return float(expm(stopped * days)[start][target].sum())

    nowhere = np.zeros_like(truth)
    at = expm(table * days)[start]
    answers = {
        "at": (at_time(chain, event, days), float(at[truth].sum())),
        "within": (within(chain, event, days), reaching(truth, nowhere)),
        "throughout": (throughout(chain, event, days), 1 - reaching(~truth, nowhere)),
        "until": (until(chain, event, goal, days), reaching(aim, ~truth & ~aim)),
    }
    for form, (curve, expected) in answers.items():
        assert curve.at(days) == pytest.approx(expected, abs=CLOSE), form
    np.testing.assert_allclose(distribution(chain, days).reshape(-1), at, atol=CLOSE)


@settings(max_examples=20)
@given(chains, st.sampled_from((0.3, 2.0, 11.0)))
def test_the_share_of_time_is_the_mean_of_the_distribution(chain: Chain, days: float) -> None:
    points, weights = np.polynomial.legendre.leggauss(24)
    moments = [distribution(chain, days * (1 + point) / 2) for point in points]
    mean = sum(weight / 2 * moment for weight, moment in zip(weights, moments, strict=True))
    spent = occupancy(chain, days)
    assert spent.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(spent, mean, atol=1e-7)


# ------------------------------------------------------------------------------------ laws


@settings(max_examples=20)
@given(chains, st.sampled_from((0.5, 3.0)), st.sampled_from((0.2, 7.0)), seeds)
def test_a_horizon_can_be_split_in_two(chain: Chain, first: float, then: float, seed: int) -> None:
    event = event_of(chain, seed)
    middle = distribution(chain, first)
    whole, in_two = at_time(chain, event, first + then).at(first + then), 0.0
    both = np.zeros(chain.game.space.shape)
    for index in chain.game.space:
        if middle[index] > 0:
            onwards = with_start(chain, index)
            in_two += middle[index] * at_time(onwards, event, then).at(then)
            both += middle[index] * distribution(onwards, then)
    assert in_two == pytest.approx(whole, abs=CLOSE)
    np.testing.assert_allclose(both, distribution(chain, first + then), atol=CLOSE)


@settings(max_examples=40)
@given(chains, seeds)
def test_backward_and_forward_give_the_same_answer(chain: Chain, seed: int) -> None:
    event, days = event_of(chain, seed), 4.0
    forward = float((distribution(chain, days) * event).sum())
    assert at_time(chain, event, days).at(days) == pytest.approx(forward, abs=CLOSE)


@settings(max_examples=40)
@given(chains, seeds)
def test_within_never_falls_and_throughout_never_rises(chain: Chain, seed: int) -> None:
    event, days = event_of(chain, seed), 30.0
    rising, falling = within(chain, event, days), throughout(chain, event, days)
    line = [rising.at(days * i / 40) for i in range(41)]
    other = [falling.at(days * i / 40) for i in range(41)]
    assert all(0 <= p <= 1 for p in line + other)
    assert np.diff(line).min() >= -TRUNCATION
    assert np.diff(other).max() <= TRUNCATION
    truth = np.broadcast_to(event, chain.game.space.shape).reshape(-1)[chain.start]
    assert line[0] == pytest.approx(float(truth), abs=TRUNCATION)


@settings(max_examples=40)
@given(chains, seeds)
def test_throughout_is_the_opposite_of_its_opposite_within(chain: Chain, seed: int) -> None:
    event, days = event_of(chain, seed), 9.0
    always, broken = throughout(chain, event, days), within(chain, ~event, days)
    for day in (0.0, 1.0, 4.5, 9.0):
        assert always.at(day) == pytest.approx(1 - broken.at(day), abs=CLOSE)


@settings(max_examples=40)
@given(chains, seeds)
def test_until_with_anything_before_is_within(chain: Chain, seed: int) -> None:
    goal, days = event_of(chain, seed), 9.0
    always = np.ones([1] * len(chain.game.space.shape), dtype=bool)
    reached = until(chain, always, goal, days).at(days)
    assert reached == pytest.approx(within(chain, goal, days).at(days), abs=CLOSE)
    assert until(chain, ~always, goal, days).at(days) in (0.0, 1.0)


@settings(max_examples=25)
@given(chains, seeds)
def test_a_point_of_a_curve_does_not_depend_on_how_far_the_curve_goes(
    chain: Chain, seed: int
) -> None:
    event = event_of(chain, seed)
    for ask in (at_time, within, throughout):
        far, near = ask(chain, event, 60.0), ask(chain, event, 5.0)
        assert far.at(5.0) == pytest.approx(near.at(5.0), abs=CLOSE)


@settings(max_examples=25)
@given(chains, seeds)
def test_the_more_is_asked_the_less_likely_it_is(chain: Chain, seed: int) -> None:
    event, days = event_of(chain, seed), 6.0
    at = at_time(chain, event, days).at(days)
    assert throughout(chain, event, days).at(days) <= at + CLOSE
    assert at <= within(chain, event, days).at(days) + CLOSE


# ---------------------------------------------------------------------------- closed forms


def weather(up: float, down: float, **more: str) -> Raw:
    changes = [
        {"from": "calm", "to": "storm", "rate": f"{up} per day", **more},
        {"from": "storm", "to": "calm", "rate": f"{down} per day"},
    ]
    actor = {"decides": "every 5 days", "looks_ahead": "20 days", "options": {"go": ["no", "yes"]}}
    conditions = {"weather": {"levels": ["calm", "storm"], "changes": changes}}
    return {"crisis": "Weather", "actors": {"a": actor}, "conditions": conditions}


def passive(raw: Raw, event: str) -> tuple[Chain, np.ndarray]:
    """The chain in which only conditions change, and an event."""
    crisis = loaded(raw)
    game = compile_game(crisis)
    return build_chain(game, []), game.space.truth(crisis.statement(event))


@pytest.mark.parametrize(("up", "down"), [(0.1, 0.25), (3.0, 0.001), (1e-6, 40.0)])
@pytest.mark.parametrize("days", [0.0, 0.5, 10.0, 300.0])
def test_one_condition_with_two_levels(up: float, down: float, days: float) -> None:
    chain, storm = passive(weather(up, down), "weather == storm")
    both = up + down
    at = up / both * (1 - math.exp(-both * days))
    assert at_time(chain, storm, days).at(days) == pytest.approx(at, abs=CLOSE)
    once = 1 - math.exp(-up * days)
    assert within(chain, storm, days).at(days) == pytest.approx(once, abs=CLOSE)
    assert throughout(chain, ~storm, days).at(days) == pytest.approx(1 - once, abs=CLOSE)
    if days:
        share = up / both * (1 - (1 - math.exp(-both * days)) / (both * days))
        mine = float((occupancy(chain, days) * storm).sum())
        assert mine == pytest.approx(share, abs=CLOSE)


@pytest.mark.parametrize("days", [1.0, 7.0, 50.0])
def test_three_levels_in_a_row_take_a_sum_of_two_waits(days: float) -> None:
    raw = weather(0.2, 0.3)
    raw["conditions"]["weather"] = {
        "levels": ["calm", "wind", "storm"],
        "changes": [
            {"from": "calm", "to": "wind", "rate": "0.2 per day"},
            {"from": "wind", "to": "storm", "rate": "0.05 per day"},
        ],
    }
    chain, storm = passive(raw, "weather == storm")
    expected = 1 - (0.2 * math.exp(-0.05 * days) - 0.05 * math.exp(-0.2 * days)) / 0.15
    assert within(chain, storm, days).at(days) == pytest.approx(expected, abs=CLOSE)
    wind = chain.game.space.truth(loaded(raw).statement("weather == wind"))
    middle = 0.2 / 0.15 * (math.exp(-0.05 * days) - math.exp(-0.2 * days))
    assert at_time(chain, wind, days).at(days) == pytest.approx(middle, abs=CLOSE)


def test_of_two_waits_one_ends_first() -> None:
    raw = weather(0.2, 0.3)
    changes = [
        {"from": "calm", "to": "storm", "rate": "0.2 per day"},
        {"from": "calm", "to": "fog", "rate": "0.6 per day"},
    ]
    raw["conditions"]["weather"] = {"levels": ["calm", "storm", "fog"], "changes": changes}
    chain, storm = passive(raw, "weather == storm")
    calm = chain.game.space.truth(loaded(raw).statement("weather == calm"))
    for days in (0.5, 3.0, 80.0):
        expected = 0.25 * (1 - math.exp(-0.8 * days))
        assert until(chain, calm, storm, days).at(days) == pytest.approx(expected, abs=CLOSE)


def test_what_nothing_can_change_stays_as_it_is() -> None:
    raw = weather(0.2, 0.3)
    raw["conditions"] = {}
    chain, gone = passive(raw, "a.go")
    assert at_time(chain, gone, 1e4).at(1e4) == 0
    assert throughout(chain, ~gone, 1e4).at(1e4) == 1
    assert distribution(chain, 1e4).tolist() == [1, 0]
    assert occupancy(chain, 1e4).tolist() == [1, 0]


def test_what_is_true_at_the_start_is_certain_at_once() -> None:
    chain, storm = passive(weather(0.2, 0.3), "weather == storm")
    assert within(chain, ~storm, 5).at(0) == within(chain, ~storm, 5).at(5) == 1
    assert until(chain, storm, ~storm, 5).at(3) == 1
    assert until(chain, storm, storm, 5).at(5) == 0
    assert throughout(chain, storm, 5).at(0) == 0


def test_fast_states_that_cannot_be_do_not_disturb_an_answer() -> None:
    tempo = [{"every": "0.01 days", "when": "go and weather == storm"}, {"every": "5 days"}]
    raw = weather(0.1, 0.25)
    raw["actors"]["a"] |= {"decides": tempo, "interests": {"x": {"seeks": "go", "weight": 1}}}
    raw["never"] = ["a.go and weather == storm"]
    crisis = loaded(raw)
    game = compile_game(crisis)
    assert 1 < len(list(game.space)) < game.space.size
    chain, days = Hierarchy().chain(crisis), 3652.5
    gone = game.space.truth(crisis.statement("a.go"))
    forward = float((distribution(chain, days) * gone).sum())
    assert 0.01 < forward < 0.99
    assert at_time(chain, gone, days).at(days) == pytest.approx(forward, abs=CLOSE)


# ----------------------------------------------------------------------- the Poisson weights


@pytest.mark.parametrize("mean", [0.0, 1e-6, 0.3, 5.0, 200.0, 4e4, 3e6])
def test_poisson_weights_are_those_of_scipy(mean: float) -> None:
    length = int(mean + 10 * math.sqrt(mean) + 30)
    weights = poisson_weights(mean, length)
    assert weights.sum() == pytest.approx(1, abs=1e-9)
    there = np.arange(max(0, int(mean - 50)), length)[:200]
    np.testing.assert_allclose(weights[there], poisson.pmf(there, mean), rtol=1e-8, atol=1e-300)


@settings(max_examples=15)
@given(chains, seeds)
def test_what_is_cut_off_is_below_the_bound_that_is_stated(chain: Chain, seed: int) -> None:
    event, days = event_of(chain, seed), 20.0
    assume(chain.game.space.feasible.all())
    at = expm(whole_matrix(chain) * days)[chain.start]
    exact = float(at[np.broadcast_to(event, chain.game.space.shape).reshape(-1)].sum())
    assert abs(at_time(chain, event, days).at(days) - exact) <= TRUNCATION + 1e-12
