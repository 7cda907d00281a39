"""An actor's values solve its equation, and its policy is the logit of them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from standoff.game import Game, Mover, compile_game
from standoff.solve import policy as policies
from standoff.solve._flow import Flow
from standoff.solve._krylov import solve_linear
from standoff.solve.policy import Response, Status, best_response, choices_at
from strategies import DrawnFlow, Raw, flows, loaded, random_flow
from test_solve_flow import matrix

CLOSE = 1e-7


def problems(**how: int) -> st.SearchStrategy[DrawnFlow]:
    """Flows in which somebody moves: the last actor is the one whose policy is asked for."""
    return flows(**how).filter(lambda drawn: bool(drawn.parts))


def split(drawn: DrawnFlow) -> tuple[Game, Mover, Flow, np.ndarray]:
    """The last actor, and what it does not control, as a flow and as a matrix."""
    others = DrawnFlow(drawn.game, drawn.parts[:-1])
    return drawn.game, drawn.parts[-1][0], others.built(), matrix(others)


class Definition:
    """The equation of one actor, by enumeration of the moves from every state that can be."""

    def __init__(self, game: Game, mover: Mover, others: np.ndarray) -> None:
        space, axis = game.space, mover.axis
        numbers = np.arange(space.size).reshape(space.shape)
        self.feasible = space.feasible.reshape(-1)
        self.payoff = mover.payoff.reshape(-1)
        self.rate = np.broadcast_to(mover.rate, space.shape).reshape(-1)
        self.discount, self.others = mover.discount, others
        self.sharp = mover.precision * (mover.discount + self.rate)
        self.moves = np.zeros((space.size, space.size), dtype=bool)
        along = space.shape[axis]
        for index in np.argwhere(space.feasible):
            here = tuple(int(i) for i in index)
            for place in range(along):
                there = (*here[:axis], place, *here[axis + 1 :])
                possible = bool(space.feasible[there])
                if mover.allowed is not None:
                    shape = (*space.shape[:axis], along, along, *space.shape[axis + 1 :])
                    at = (*here[: axis + 1], place, *here[axis + 1 :])
                    possible = bool(mover.allowed.reshape(shape)[at])
                self.moves[numbers[here], numbers[there]] = possible

    def mean(self, values: np.ndarray) -> np.ndarray:
        """M[V] in every feasible state, zero elsewhere."""
        result = np.zeros_like(values)
        for here in np.flatnonzero(self.feasible):
            reached = self.sharp[here] * values[self.moves[here]]
            top = reached.max()
            total = top + math.log(np.exp(reached - top).mean())
            result[here] = total / self.sharp[here]
        return result

    def fault(self, values: np.ndarray, payoff: np.ndarray) -> np.ndarray:
        """How far the equation is from holding, in every feasible state."""
        gain = self.rate * (self.mean(values) - values)
        whole = payoff + gain + self.others @ values - self.discount * values
        return whole[self.feasible]

    def iterated(self) -> np.ndarray:
        """Plain iteration of the contraction until it stands still."""
        exits = -np.diag(self.others)
        off = self.others + np.diag(exits)
        scale = self.discount + self.rate + exits
        scaled = np.where(self.moves, self.sharp[:, None], 0.0)
        barred = np.where(self.moves, 0.0, -np.inf)
        barred[~self.feasible, 0] = 0.0
        count = np.maximum(self.moves.sum(axis=1), 1)
        values = np.zeros_like(self.payoff)
        for _ in range(100_000):
            reached = scaled * values[None, :] + barred
            top = reached.max(axis=1)
            mean = top + np.log(np.exp(reached - top[:, None]).sum(axis=1) / count)
            new = (self.payoff + off @ values + self.rate * mean / self.sharp) / scale
            new[~self.feasible] = 0.0
            # What is left to go is at most the last step over one minus the contraction's factor.
            left = np.abs(new - values).max() * (scale / self.discount).max()
            values = new
            if left < 1e-9:
                return values
        raise ArithmeticError("plain iteration did not come to rest")


def differences(values: np.ndarray) -> np.ndarray:
    """Values up to a constant."""
    return values - values.mean()


def assert_same_policy(game: Game, mover: Mover, first: Response, second: Response) -> None:
    """Policies agree wherever somebody can be."""
    for mine, theirs in zip(first.policy.weights, second.policy.weights, strict=True):
        here = np.ones(mine.shape, dtype=bool)
        if mover.allowed is not None:
            here &= game.space.feasible.reshape(game.space.lines(mover.axis))[:, :, None, :]
        np.testing.assert_allclose(mine[here], theirs[here], atol=CLOSE)


# -------------------------------------------------------------------------------------- any problem


@settings(max_examples=60)
@given(problems())
def test_the_values_solve_their_equation(drawn: DrawnFlow) -> None:
    game, mover, others, table = split(drawn)
    definition = Definition(game, mover, table)
    response = best_response(game, mover, others)
    assert response.status is Status.CONVERGED
    # The package centres the payoffs; that moves all the values by the same amount.
    seen = definition.payoff[definition.feasible]
    assume(seen.size > 0)
    spread = max(seen.max() - seen.min(), 1e-12)
    constant = definition.fault(response.values, definition.payoff).mean()
    fault = definition.fault(response.values, definition.payoff - constant)
    assert np.abs(fault).max() <= 1e-7 * max(1, spread)


@settings(max_examples=30)
@given(problems(most_states=60))
def test_the_values_are_those_of_plain_iteration(drawn: DrawnFlow) -> None:
    game, mover, others, table = split(drawn)
    definition = Definition(game, mover, table)
    assume(definition.feasible.any())
    expected = definition.iterated()[definition.feasible]
    found = best_response(game, mover, others).values[definition.feasible]
    np.testing.assert_allclose(differences(found), differences(expected), atol=1e-6)


@settings(max_examples=40)
@given(problems(most_states=60))
def test_the_policy_is_the_logit_of_the_values(drawn: DrawnFlow) -> None:
    game, mover, others, table = split(drawn)
    definition = Definition(game, mover, table)
    response = best_response(game, mover, others)
    for index in game.space:
        here = int(np.ravel_multi_index(index, game.space.shape))
        chances = choices_at(game, mover, response.policy, index)
        reached = np.flatnonzero(definition.moves[here])
        odds = definition.sharp[here] * response.values[reached]
        odds = np.exp(odds - odds.max())
        places = np.unravel_index(reached, game.space.shape)[mover.axis]
        expected = np.zeros(game.space.shape[mover.axis])
        expected[places] = odds / odds.sum()
        np.testing.assert_allclose(chances, expected, atol=1e-10)


@settings(max_examples=30)
@given(problems(most_states=60), st.integers(0, 1000), st.sampled_from((0.1, 10.0, 1e4)))
def test_where_the_search_starts_does_not_matter(drawn: DrawnFlow, seed: int, size: float) -> None:
    game, mover, others, _ = split(drawn)
    plain = best_response(game, mover, others)
    start = size * np.random.default_rng(seed).normal(size=others.size)
    given = start.copy()
    other = best_response(game, mover, others, start=start)
    np.testing.assert_array_equal(start, given)
    assert other.status is Status.CONVERGED
    assert_same_policy(game, mover, other, plain)


@settings(max_examples=30)
@given(problems(most_states=60), st.sampled_from((-7.0, 1e3, 1e6)))
def test_a_constant_added_to_the_payoffs_moves_no_policy(drawn: DrawnFlow, constant: float) -> None:
    game, mover, others, table = split(drawn)
    plain = best_response(game, mover, others)
    shifted = best_response(game, replace(mover, payoff=mover.payoff + constant), others)
    assert_same_policy(game, mover, shifted, plain)
    definition = Definition(game, mover, table)
    payoff = definition.payoff[definition.feasible]
    fault = definition.fault(shifted.values, definition.payoff)
    assert np.ptp(fault) <= 1e-8 * np.ptp(payoff)


@settings(max_examples=30)
@given(problems(most_states=60))
def test_payoffs_where_nothing_can_be_move_no_policy(drawn: DrawnFlow) -> None:
    game, mover, others, _ = split(drawn)
    plain = best_response(game, mover, others)
    payoff = np.where(game.space.feasible, mover.payoff, 1e9)
    shifted = best_response(game, replace(mover, payoff=payoff), others)
    assert_same_policy(game, mover, shifted, plain)


@settings(max_examples=30)
@given(problems(most_states=60))
def test_a_search_that_ends_reports_its_residual(drawn: DrawnFlow) -> None:
    game, mover, others, table = split(drawn)
    loose = best_response(game, mover, others, tolerance=1e-2)
    tight = best_response(game, mover, others, tolerance=1e-11)
    assert loose.residual <= 1e-2
    assert tight.residual <= 1e-11 or tight.status is Status.AT_PRECISION
    assert loose.sweeps <= tight.sweeps
    definition = Definition(game, mover, table)
    payoff = definition.payoff[definition.feasible]
    assume(payoff.size > 1 and payoff.max() > payoff.min())
    faults = definition.fault(loose.values, definition.payoff)
    assert np.ptp(faults) / np.ptp(payoff) <= 2.1e-2


# ------------------------------------------------------------------------------ how a search ends


def lone(**block: object) -> Raw:
    """One actor with one option; nothing else unless the block says so."""
    actor = {
        "decides": "every 5 days",
        "looks_ahead": "20 days",
        "options": {"go": ["no", "yes"]},
        "interests": {"aim": {"seeks": "go == yes", "weight": 0.7}},
    }
    return {"crisis": "Lone", "actors": {"a": {**actor, **block}}}


def response_of(raw: Raw, **how: Any) -> tuple[Game, Response]:
    """The first actor's response where it expects nothing of anybody else."""
    game = compile_game(loaded(raw))
    return game, best_response(game, game.movers[0], Flow.of(game, []), **how)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 2)])
def test_an_actor_that_wants_nothing_is_indifferent_wherever_the_search_starts(
    shape: tuple[int, ...],
) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        game, mover, others, _ = split(random_flow(rng, shape, ["free"] * 2, [1, 1], holes=False))
        flat = replace(mover, payoff=np.full(shape, 1.3))
        response = best_response(game, flat, others, start=rng.normal(size=others.size))
        assert response.status is Status.CONVERGED, seed
        (weights,) = response.policy.weights
        np.testing.assert_allclose(weights, 1 / shape[1], atol=1e-9)


def test_a_tolerance_that_cannot_be_met_is_reported_as_such() -> None:
    tempo = [{"every": "2 days", "when": "go == yes"}, {"every": "5 days"}]
    _, response = response_of(lone(decides=tempo), tolerance=0.0)
    assert response.residual < 1e-13
    assert response.status in (Status.AT_PRECISION, Status.CONVERGED)
    assert "floating-point" in Status.AT_PRECISION.value


def test_a_search_without_steps_left_is_reported_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "_MOST_STEPS", 1)
    _, response = response_of(lone(options={"go": {"irreversible": "up"}}))
    assert response.status is Status.OUT_OF_STEPS
    assert "not to be relied on" in response.status.value


def test_plain_iteration_goes_on_where_newton_does_not_help(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = lone(options={"go": {"irreversible": "up"}}, decides="every day")
    _, expected = response_of(raw)
    idle = np.zeros((1, 2))
    monkeypatch.setattr(Flow, "solve", lambda *_: (idle, 0))
    _, response = response_of(raw)
    assert response.status is Status.CONVERGED
    assert response.sweeps > 100
    np.testing.assert_allclose(
        differences(response.values), differences(expected.values), atol=1e-6
    )


def test_the_linear_solver_solves_what_is_well_conditioned() -> None:
    rng = np.random.default_rng(4)
    table = np.eye(50) - 0.8 * rng.dirichlet(np.ones(50), 50)
    right = rng.normal(size=50)
    found = solve_linear(lambda x: table @ x, right, 1e-12, 200)
    np.testing.assert_allclose(table @ found, right, atol=1e-10)
    np.testing.assert_array_equal(solve_linear(lambda x: table @ x, right, 1e-12, 0), 0)


# ------------------------------------------------------------------------------------- closed forms


def chance_of_yes(raw: Raw, start: int = 0) -> float:
    game, response = response_of(raw)
    chances = choices_at(game, game.movers[0], response.policy, (start,))
    assert chances.sum() == pytest.approx(1, abs=1e-14)
    return float(chances[1])


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@pytest.mark.parametrize("precision", [0.3, 1, 2, 8])
@pytest.mark.parametrize("weight", [0.0, 0.4, 1.0, 3.0])
@pytest.mark.parametrize(
    ("every", "ahead"), [("every 5 days", "20 days"), ("every day", "9 years")]
)
def test_an_advantage_until_the_next_decision_multiplies_the_odds(
    precision: float, weight: float, every: str, ahead: str
) -> None:
    aim = {"seeks": "go == yes", "weight": weight}
    raw = lone(precision=precision, decides=every, looks_ahead=ahead, interests={"aim": aim})
    # Both levels leave the same choices open, so V(yes) - V(no) = weight / (r + L), and
    # b = precision (r + L).
    assert chance_of_yes(raw, 0) == pytest.approx(sigmoid(precision * weight), abs=1e-9)
    assert chance_of_yes(raw, 1) == pytest.approx(sigmoid(precision * weight), abs=1e-9)


def test_what_is_avoided_is_as_unlikely_as_what_is_sought_is_likely() -> None:
    aims = {key: {key: "go == yes", "weight": 1.3} for key in ("seeks", "avoids")}
    seeks, avoids = (chance_of_yes(lone(interests={"aim": aim})) for aim in aims.values())
    assert seeks == pytest.approx(sigmoid(2.6), abs=1e-9)
    assert seeks + avoids == pytest.approx(1, abs=1e-9)


def test_an_unanswered_red_line_costs_its_weight() -> None:
    line = {"if": "true", "then": "go == yes", "weight": 0.8}
    raw = lone(interests={}, red_lines={"line": line})
    assert chance_of_yes(raw) == pytest.approx(sigmoid(1.6), abs=1e-9)


def test_a_step_that_cannot_be_taken_back_counts_for_all_the_time_ahead() -> None:
    rate, discount, weight, precision = 1 / 5, 1 / 20, 0.7, 0.6
    raw = lone(options={"go": {"irreversible": "up"}}, precision=precision)
    sharp = precision * (discount + rate)
    after = weight / discount

    def fault(before: float) -> float:
        odds = math.exp(sharp * (after - before))
        mean = before + math.log((1 + odds) / 2) / sharp
        return rate * (mean - before) - discount * before

    before = brentq(fault, 0, after, xtol=1e-13)
    assert chance_of_yes(raw) == pytest.approx(sigmoid(sharp * (after - before)), abs=1e-9)
    assert chance_of_yes(raw) > sigmoid(precision * weight)
    assert chance_of_yes(raw, 1) == 1


def test_a_choice_among_three_is_shared_by_their_odds() -> None:
    raw = lone(
        options={"go": ["none", "some", "all"]},
        interests={
            "some": {"seeks": "go == some", "weight": 0.5},
            "all": {"seeks": "go == all", "weight": 0.2},
        },
    )
    game, response = response_of(raw)
    odds = np.exp(2 * np.array([0, 0.5, 0.2]))
    for start in range(3):
        chances = choices_at(game, game.movers[0], response.policy, (start,))
        np.testing.assert_allclose(chances, odds / odds.sum(), atol=1e-9)


def test_an_actor_that_cannot_move_has_the_discounted_value_of_what_happens() -> None:
    up, down, discount, weight = 0.1, 0.3, 1 / 20, 2.0
    raw = lone(
        options={"go": {"irreversible": "down"}},
        interests={"aim": {"seeks": "front == war", "weight": weight}},
    )
    changes = [
        {"from": "calm", "to": "war", "rate": f"{up} per day"},
        {"from": "war", "to": "calm", "rate": f"{down} per day"},
    ]
    raw["conditions"] = {"front": {"levels": ["calm", "war"], "changes": changes}}
    _, response = response_of(raw)
    calm, war = response.values.reshape(2, 2)[:, 0]
    # r (W - C) = weight - (up + down) (W - C)
    assert war - calm == pytest.approx(weight / (discount + up + down), rel=1e-9)
    assert response.values.reshape(2, 2)[1, 1] == pytest.approx(war, abs=1e-9)
