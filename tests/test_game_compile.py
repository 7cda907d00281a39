"""A compiled game says the same as the crisis, state by state: payoffs, tempos, moves, rates."""

from __future__ import annotations

import numpy as np
import pytest

import oracle
import standoff
from standoff.crisis import CrisisError
from standoff.game import compile_game
from translate import dense_drifts, dense_moves, drawn, in_oracles_order

ONE = """
crisis: One
actors:
  a:
    decides: every 4 days
    looks_ahead: 20 days
    options: {{go: {option}}}
    interests: {{x: {{seeks: go != no, weight: 1}}}}
"""


@pytest.mark.parametrize("block", range(6))
def test_a_game_is_the_oracles_in_every_state(block: int) -> None:
    for seed in range(block * 10, (block + 1) * 10):
        raw, variant, crisis = drawn(seed)
        game = compile_game(crisis)
        plain = oracle.prepared(raw, variant)
        world = oracle._world(plain)
        indices = list(game.space)
        flat = [int(np.ravel_multi_index(index, game.space.shape)) for index in indices]
        theirs = [world.index[in_oracles_order(game.space, index)] for index in indices]
        here, there = np.ix_(flat, flat), np.ix_(theirs, theirs)
        outside = np.ix_(flat, np.setdiff1d(np.arange(game.space.size), flat))
        start = in_oracles_order(game.space, game.start)
        assert start == oracle.start_state(raw, **variant)
        for mover in game.movers:
            said = (oracle.payoffs(plain, world, mover.name), mover.payoff)
            np.testing.assert_allclose(said[1].reshape(-1)[flat], said[0][theirs], atol=1e-12)
            rate = np.broadcast_to(mover.rate, game.space.shape).reshape(-1)
            np.testing.assert_allclose(
                rate[flat], oracle.decision_rates(plain, world, mover.name)[theirs], rtol=1e-14
            )
            moves = dense_moves(game, mover.name)
            np.testing.assert_array_equal(moves[here], world.moves[mover.name][there])
            assert not moves[outside].any()
        rates = dense_drifts(game)
        np.testing.assert_allclose(
            rates[here], oracle.condition_generator(plain, world)[there], atol=1e-13
        )
        assert not rates[outside].any()


@pytest.mark.parametrize(
    ("option", "possible"),
    [
        ("[no, some, all]", {a + b for a in "012" for b in "012"}),
        ("{levels: [no, some, all], irreversible: up}", {"00", "01", "02", "11", "12", "22"}),
        ("{levels: [no, some, all], irreversible: down}", {"00", "10", "11", "20", "21", "22"}),
        ("{levels: [no, some, all], irreversible: true}", {"00", "01", "02", "11", "22"}),
        (
            "{levels: [no, some, all], requires: go == some}",
            {"00", "10", "11", "12", "20", "21", "22"},
        ),
    ],
)
def test_an_options_terms_forbid_moves(option: str, possible: set[str]) -> None:
    game = compile_game(standoff.loads(ONE.format(option=option)))
    moves = dense_moves(game, "a")
    assert {f"{source}{target}" for source, target in np.argwhere(moves)} == possible


def test_an_actor_that_nothing_restricts_stores_no_moves() -> None:
    game = compile_game(standoff.loads(ONE.format(option="[no, yes]")))
    assert game.movers[0].allowed is None


def test_a_held_condition_does_not_change_and_a_free_one_does() -> None:
    crisis = standoff.loads(
        ONE.format(option="[no, yes]")
        + """
conditions:
  front: {levels: [calm, war], changes: [{from: calm, to: war, rate: every 10 days}]}
  mood: {levels: [calm, angry], changes: [{from: angry, to: calm, rate: 0.3 per day}]}
"""
    )
    game = compile_game(crisis)
    assert [(d.axis, d.source, d.target, d.rate.item()) for d in game.drifts] == [
        (0, 0, 1, pytest.approx(0.1)),
        (1, 1, 0, pytest.approx(0.3)),
    ]
    (only,) = compile_game(crisis.holding("front", "war")).drifts
    assert (only.axis, only.source, only.target) == (1, 1, 0)


def test_a_change_into_a_state_that_cannot_be_does_not_happen() -> None:
    crisis = standoff.loads(
        ONE.format(option="[no, yes]")
        + """
conditions:
  front: {levels: [calm, war], changes: [{from: calm, to: war, rate: every 10 days}]}
never: [a.go and front == war]
"""
    )
    (drift,) = compile_game(crisis).drifts
    assert drift.rate.reshape(-1).tolist() == [pytest.approx(0.1), 0]


def test_a_state_at_time_zero_that_cannot_be_is_refused() -> None:
    crisis = standoff.loads(ONE.format(option="[no, yes]") + "never: [a.go]\n")
    with pytest.raises(CrisisError, match="time zero"):
        compile_game(crisis.model_copy(update={"state": {"a.go": "yes"}}))


def test_arrays_of_a_game_cannot_be_written_to() -> None:
    _, _, crisis = drawn(3)
    game = compile_game(crisis)
    arrays = [array for m in game.movers for array in (m.payoff, m.rate, m.allowed)]
    arrays += [drift.rate for drift in game.drifts]
    for array in arrays:
        if array is not None:
            assert not array.flags.writeable


def test_a_game_carries_the_lineage_of_its_crisis() -> None:
    crisis = standoff.loads(ONE.format(option="[no, yes]")).holding("a.go", "yes")
    assert compile_game(crisis).lineage == crisis.lineage == ("holding a.go = yes",)
