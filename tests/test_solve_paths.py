"""Sampled trajectories have the exact answers' distribution, and `lasting` is what it says."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from standoff.solve.chain import Chain, at_time, occupancy, throughout, until, within
from standoff.solve.paths import Paths, estimate_lasting, sample_paths
from standoff.study.hierarchy import Hierarchy
from strategies import Raw, crises, loaded
from test_solve_chain import chains, event_of, passive, seeds, weather, whole_matrix

PATHS = 3000


def within_error(share: float, exact: float, count: int = PATHS) -> bool:
    """Whether a share of trajectories is within four standard errors of a probability."""
    return abs(share - exact) <= 4 * math.sqrt(max(exact * (1 - exact), 1 / count) / count)


def answers(paths: Paths, event: np.ndarray, goal: np.ndarray, days: float) -> dict[str, float]:
    """The share of trajectories on which each form is true, read off path by path."""
    yes = dict.fromkeys(("at", "within", "throughout", "until"), 0)
    spent = 0.0
    for times, states in zip(paths.times.T, paths.states.T, strict=True):
        going = times < days
        times, states = times[going], states[going]
        true = event[states]
        yes["at"] += bool(true[-1])
        yes["within"] += bool(true.any())
        yes["throughout"] += bool(true.all())
        reached = np.flatnonzero(goal[states])
        yes["until"] += bool(reached.size and true[: reached[0]].all())
        spent += float((np.diff(np.append(times, days)) * true).sum()) / days
    count = paths.times.shape[1]
    return {**{form: number / count for form, number in yes.items()}, "share": spent / count}


def exact_answers(
    chain: Chain, event: np.ndarray, goal: np.ndarray, days: float
) -> dict[str, float]:
    return {
        "at": at_time(chain, event, days).at(days),
        "within": within(chain, event, days).at(days),
        "throughout": throughout(chain, event, days).at(days),
        "until": until(chain, event, goal, days).at(days),
        "share": float((occupancy(chain, days) * event).sum()),
    }


def flat(chain: Chain, event: np.ndarray) -> np.ndarray:
    return np.broadcast_to(event, chain.game.space.shape).reshape(-1)


@settings(max_examples=12)
@given(chains, seeds)
def test_trajectories_agree_with_the_exact_answers(chain: Chain, seed: int) -> None:
    days, event, goal = 5.0, event_of(chain, seed), event_of(chain, seed + 1)
    paths = sample_paths(chain, days, PATHS, seed)
    sampled = answers(paths, flat(chain, event), flat(chain, goal), days)
    for form, exact in exact_answers(chain, event, goal, days).items():
        assert within_error(sampled[form], exact), (form, sampled[form], exact)


@settings(max_examples=8)
@given(crises(most_states=30))
def test_trajectories_of_a_crisis_agree_with_the_exact_answers(raw: Raw) -> None:
    crisis = loaded(raw)
    chain = Hierarchy(depth=2).chain(crisis)
    truth = chain.game.space.truth
    event = truth(crisis.statement(raw["questions"]["until"]["event"]))
    goal = truth(crisis.statement(raw["questions"]["until"]["until"]))
    paths = sample_paths(chain, 12.0, PATHS, 11)
    sampled = answers(paths, flat(chain, event), flat(chain, goal), 12.0)
    for form, exact in exact_answers(chain, event, goal, 12.0).items():
        assert within_error(sampled[form], exact), (form, sampled[form], exact)


@settings(max_examples=20)
@given(chains, seeds)
def test_a_trajectory_only_makes_moves_that_can_be_made(chain: Chain, seed: int) -> None:
    table, space = whole_matrix(chain), chain.game.space
    paths = sample_paths(chain, 6.0, 40, seed)
    assert (paths.states[0] == chain.start).all()
    assert (paths.times[0] == 0).all()
    assert (np.diff(paths.times, axis=0) >= 0).all()
    assert (paths.times[-1] >= 6.0).all()
    assert space.feasible.reshape(-1)[paths.states].all()
    for times, states in zip(paths.times.T, paths.states.T, strict=True):
        for (_, here), (when, there) in pairwise(zip(times, states, strict=True)):
            assert here == there or (table[here, there] > 0 and when < 6.0)


@settings(max_examples=10)
@given(chains, seeds)
def test_the_same_seed_gives_the_same_trajectories(chain: Chain, seed: int) -> None:
    first, second = (sample_paths(chain, 4.0, 50, seed) for _ in range(2))
    np.testing.assert_array_equal(first.times, second.times)
    np.testing.assert_array_equal(first.states, second.states)
    assert (first.days, first.seed) == (4.0, seed)


def test_another_seed_gives_other_trajectories_and_none_depends_on_global_state() -> None:
    chain, _ = passive(weather(0.3, 0.2), "weather == storm")
    np.random.seed(1)
    first = sample_paths(chain, 9.0, 50, 1)
    np.random.seed(2)
    assert np.array_equal(first.times, sample_paths(chain, 9.0, 50, 1).times)
    assert first.times.shape != sample_paths(chain, 9.0, 50, 2).times.shape or not np.array_equal(
        first.times, sample_paths(chain, 9.0, 50, 2).times
    )


def test_where_nothing_happens_a_trajectory_stays() -> None:
    raw = weather(0.3, 0.2)
    raw["conditions"] = {}
    chain, gone = passive(raw, "a.go")
    paths = sample_paths(chain, 100.0, 7, 0)
    assert (paths.states == chain.start).all()
    estimate = estimate_lasting(chain, ~gone, 30.0, 100.0, count=7, seed=0)
    assert estimate.probability == 1
    assert estimate_lasting(chain, gone, 30.0, 100.0, count=7, seed=0).probability == 0


# -------------------------------------------------------------------------------------- lasting


def simulated(
    up: float, down: float, lasts: float, days: float, *, stormy: bool, count: int, seed: int
) -> float:
    """One storm after the other with the standard library's generator."""
    rng, yes = random.Random(seed), 0
    for _ in range(count):
        now, storm = 0.0, stormy
        while now <= days:
            spell = rng.expovariate(down if storm else up)
            if storm and spell >= lasts:
                yes += 1
                break
            now, storm = now + spell, not storm
    return yes / count


def renewed(up: float, down: float, lasts: float, days: float, *, stormy: bool) -> float:
    """The same by the renewal equation on a fine grid.

    From calm with a time t left: either the first storm begins by then and is long, or it is
    short, and it all begins again after a cycle of a calm spell and a short storm.
    """
    steps = 4000
    grid = days / steps
    times = np.arange(steps + 1) * grid
    long = math.exp(-down * lasts)
    short = np.where(times < lasts, down * np.exp(-down * times), 0.0)
    calm = up * np.exp(-up * times)
    cycle = np.array(
        [np.trapezoid(calm[: k + 1] * short[k::-1], dx=grid) for k in range(steps + 1)]
    )
    success = np.empty(steps + 1)
    for k in range(steps + 1):
        inner = np.trapezoid(cycle[k:0:-1] * success[:k], dx=grid) if k > 1 else 0.0
        success[k] = long * (1 - math.exp(-up * times[k])) + inner
    if not stormy:
        return float(success[-1])
    later = np.trapezoid(short * success[::-1], dx=grid)
    return float(long + later)


CASES = [(0.2, 0.25, 3.0, 20.0), (1.0, 0.5, 4.0, 12.0), (0.05, 0.02, 30.0, 60.0)]


@pytest.mark.parametrize(("up", "down", "lasts", "days"), CASES)
@pytest.mark.parametrize("stormy", [False, True])
def test_lasting_agrees_with_a_simulation_and_with_the_renewal_equation(
    up: float, down: float, lasts: float, days: float, *, stormy: bool
) -> None:
    raw = {**weather(up, down), "state": {"weather": "storm" if stormy else "calm"}}
    chain, storm = passive(raw, "weather == storm")
    estimate = estimate_lasting(chain, storm, lasts, days, count=20_000, seed=3)
    exact = renewed(up, down, lasts, days, stormy=stormy)
    other = simulated(up, down, lasts, days, stormy=stormy, count=20_000, seed=4)
    assert 0.05 < exact < 0.95
    assert within_error(other, exact, 20_000)
    assert abs(estimate.probability - exact) <= 4 * estimate.error
    assert estimate.error == pytest.approx(math.sqrt(exact * (1 - exact) / 20_000), rel=0.05)


@pytest.mark.parametrize(("lasts", "days"), [(0.5, 10.0), (12.0, 10.0), (3.0, 1.0)])
def test_lasting_has_a_closed_form_where_there_is_one_storm_only(lasts: float, days: float) -> None:
    raw = weather(0.2, 0.1)
    raw["conditions"]["weather"] = {
        "levels": ["calm", "storm", "over"],
        "changes": [
            {"from": "calm", "to": "storm", "rate": "0.2 per day"},
            {"from": "storm", "to": "over", "rate": "0.1 per day"},
        ],
    }
    chain, storm = passive(raw, "weather == storm")
    estimate = estimate_lasting(chain, storm, lasts, days, count=10_000, seed=8)
    for share in (0.3, 1.0):
        exact = (1 - math.exp(-0.2 * days * share)) * math.exp(-0.1 * lasts)
        (mine,) = estimate.by([days * share])
        assert within_error(mine, exact, 10_000)
    assert estimate.by([days]) == [estimate.probability]
    assert estimate.by([0.0]) == [0.0]


def test_lasting_no_time_at_all_is_within() -> None:
    chain, storm = passive(weather(0.1, 0.25), "weather == storm")
    estimate = estimate_lasting(chain, storm, 1e-9, 8.0, count=10_000, seed=2)
    assert within_error(estimate.probability, within(chain, storm, 8.0).at(8.0), 10_000)


def test_lasting_from_the_start_on_is_throughout() -> None:
    raw = {**weather(1e-9, 0.1), "state": {"weather": "storm"}}
    chain, storm = passive(raw, "weather == storm")
    estimate = estimate_lasting(chain, storm, 6.0, 1e-6, count=10_000, seed=2)
    assert within_error(estimate.probability, throughout(chain, storm, 6.0).at(6.0), 10_000)


def test_an_event_may_begin_at_the_last_moment_and_last_beyond_it() -> None:
    chain, storm = passive(weather(0.2, 1e-9), "weather == storm")
    estimate = estimate_lasting(chain, storm, 365.0, 5.0, count=10_000, seed=5)
    assert within_error(estimate.probability, 1 - math.exp(-1), 10_000)
    assert estimate.begun.max() <= 5.0
    assert estimate.begun.max() > 4.9


def test_the_error_is_the_spread_over_seeds() -> None:
    chain, storm = passive(weather(0.2, 0.25), "weather == storm")
    drawn = [estimate_lasting(chain, storm, 3.0, 9.0, count=400, seed=s) for s in range(60)]
    spread = np.std([estimate.probability for estimate in drawn], ddof=1)
    assert spread == pytest.approx(np.mean([e.error for e in drawn]), rel=0.3)


def test_a_share_of_none_or_all_still_has_an_error() -> None:
    chain, storm = passive(weather(1e-9, 0.25), "weather == storm")
    none = estimate_lasting(chain, storm, 3.0, 9.0, count=100, seed=1)
    everything = estimate_lasting(chain, ~storm, 3.0, 9.0, count=100, seed=1)
    assert (none.probability, everything.probability) == (0, 1)
    assert none.error == everything.error == pytest.approx(0.01, rel=0.01)
