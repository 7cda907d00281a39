"""Names become axes, and indices become names again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

import oracle
import standoff
from random_crises import random_crisis
from standoff.crisis import Crisis, CrisisError
from standoff.game import space_of
from strategies import Raw, crises, loaded
from translate import drawn, in_oracles_order

TWO = """
crisis: Two neighbours
actors:
  north:
    decides: every 6 days
    looks_ahead: 60 days
    options: {blockade: [none, partial, full], annex: [no, yes]}
  south:
    decides: every 6 days
    looks_ahead: 60 days
    options: {mines: [no, yes]}
conditions:
  weather: {levels: [calm, storm]}
"""


@pytest.fixture(scope="module")
def two() -> Crisis:
    return standoff.loads(TWO)


def test_conditions_come_first_and_then_the_actors_in_file_order(two: Crisis) -> None:
    space = space_of(two)
    assert [axis.name for axis in space.axes] == ["weather", "north", "south"]
    assert space.shape == (2, 6, 2)
    assert space.size == 24
    assert [space.axis_of(name) for name in ("weather", "north", "south")] == [0, 1, 2]
    assert [space.lines(axis) for axis in range(3)] == [(1, 2, 12), (2, 6, 2), (12, 2, 1)]


def test_a_point_of_an_actors_axis_is_a_combination_of_its_levels(two: Crisis) -> None:
    axis = space_of(two).axes[1]
    assert axis.variables == ("north.blockade", "north.annex")
    assert axis.points == ((0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1))
    assert len(axis) == 6


def test_a_state_has_an_index_and_an_index_a_state(two: Crisis) -> None:
    space = space_of(two)
    seen = set()
    for index in space:
        levels = space.state(index)
        assert space.index(levels) == index
        seen.add(tuple(levels.values()))
    assert len(seen) == space.size
    everything_up = {
        "weather": "storm",
        "north.blockade": "full",
        "north.annex": "yes",
        "south.mines": "yes",
    }
    assert space.index(everything_up) == (1, 5, 1)
    with pytest.raises(ValueError):  # noqa: PT011 (a level that is not one)
        space.index({**everything_up, "weather": "fog"})


def test_a_statement_is_as_small_as_what_it_mentions(two: Crisis) -> None:
    space = space_of(two)
    assert space.truth(two.statement("weather == storm")).shape == (2, 1, 1)
    assert space.truth(two.statement("south.mines or weather == storm")).shape == (2, 1, 2)
    assert space.truth(two.statement("true")).shape == (1, 1, 1)
    assert space.truth(two.statement("blockade == full", "north")).sum() == 2


def test_arrays_of_a_space_cannot_be_written_to(two: Crisis) -> None:
    space = space_of(two)
    for array in (space.feasible, space.truth(two.statement("weather == storm"))):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = False


def with_never(*statements: str) -> Crisis:
    return standoff.loads(TWO + "never:\n" + "".join(f"  - {text}\n" for text in statements))


def test_a_strategy_that_can_never_be_is_no_point_of_the_axis() -> None:
    space = space_of(with_never("north.annex and north.blockade != full"))
    assert space.axes[1].points == ((0, 0), (1, 0), (2, 0), (2, 1))
    assert space.feasible.all()


def test_a_level_of_a_condition_that_can_never_be_keeps_its_place() -> None:
    crisis = with_never("weather == storm")
    space = space_of(crisis)
    assert space.axes[0].points == ((0,), (1,))
    assert not space.feasible[1].any()
    assert space.feasible[0].all()


def test_a_state_that_can_never_be_is_infeasible() -> None:
    space = space_of(with_never("north.annex and south.mines", "weather == storm and south.mines"))
    for index in np.ndindex(space.shape):
        levels = space.state(index)
        broken = levels["south.mines"] == "yes" and (
            levels["north.annex"] == "yes" or levels["weather"] == "storm"
        )
        assert space.feasible[index] == (not broken)
    assert len(list(space)) == int(space.feasible.sum())


def test_a_held_variable_has_one_level(two: Crisis) -> None:
    space = space_of(two.holding({"weather": "storm", "north.blockade": "partial"}))
    assert space.shape == (1, 2, 2)
    assert space.state((0, 1, 0)) == {
        "weather": "storm",
        "north.blockade": "partial",
        "north.annex": "yes",
        "south.mines": "no",
    }


def test_a_crisis_in_which_nothing_can_be_is_refused(two: Crisis) -> None:
    nothing = two.model_copy(update={"never": ("true",)})
    with pytest.raises(CrisisError, match="no state is feasible"):
        space_of(nothing)


def test_crises_that_differ_in_wishes_only_share_a_space(two: Crisis) -> None:
    assert space_of(two) is space_of(two.patched({"north.precision": 3}))
    assert space_of(two) is not space_of(two.holding("south.mines", "yes"))


@given(crises())
def test_the_feasible_states_are_the_oracles(raw: Raw) -> None:
    space = space_of(loaded(raw))
    assert sorted(in_oracles_order(space, index) for index in space) == sorted(oracle.states(raw))


def test_the_feasible_states_of_random_crises_are_the_oracles() -> None:
    for seed in range(40):
        raw = random_crisis(seed)
        space = space_of(drawn(seed)[2].model_copy(update={"held": {}}))
        mine = sorted(in_oracles_order(space, index) for index in space)
        assert mine == sorted(oracle.states(raw)), seed
