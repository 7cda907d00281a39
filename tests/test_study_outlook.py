"""Outlooks: what the next decision will be, and where things stand after a while, in every view."""

from __future__ import annotations

import pytest

import oracle
from random_crises import random_crisis
from standoff.crisis import Crisis
from standoff.study.hierarchy import Hierarchy
from standoff.study.outlook import find_outlooks, latest_situation
from strait import Raw, strait
from strategies import loaded


def raws() -> list[tuple[Raw, str | None]]:
    drawn = [(random_crisis(seed), None) for seed in (3, 8, 21)]
    return [(strait(), "january"), *drawn]


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("depth", [0, 3])
def test_outlooks_agree_with_the_oracle_in_every_view(number: int, depth: int) -> None:
    raw, situation = raws()[number]
    crisis = loaded(raw) if situation is None else loaded(raw).in_situation(situation)
    days = 17.0
    found = find_outlooks(crisis, days=days, depth=depth)
    assert (found.days, found.situation, found.lineage) == (days, situation, crisis.lineage)
    assert found.start == crisis.start
    names = list(oracle.variables(raw))
    for observer in (None, *raw["actors"]):
        view = {} if observer is None else {"seen_by": observer}
        chances = oracle.distribution(raw, situation, at=days, depth=depth, **view)
        start = oracle.start_state(raw, situation=situation)
        for actor in raw["actors"]:
            if actor == observer:
                continue
            outlook = found.of(actor, observer)
            for variable, levels in outlook.later.items():
                place = names.index(variable)
                for level, chance in levels.items():
                    theirs = sum(p for state, p in chances.items() if state[place] == level)
                    assert chance == pytest.approx(theirs, abs=1e-7), (observer, variable, level)
            if depth:
                moves = oracle.policy(raw, actor, depth, situation, **view)[start]
                mine = {
                    tuple(now.get(name, level) for name, level in zip(names, start, strict=True)): p
                    for now, p in outlook.now
                }
                for state, p in moves.items():
                    assert mine.pop(state) == pytest.approx(p, abs=1e-7), (observer, actor)
                assert all(p == 0 for p in mine.values())
            else:
                assert outlook.now == ()
    for name, levels in found.conditions.items():
        truth = oracle.distribution(raw, situation, at=days, depth=depth)
        for level, chance in levels.items():
            theirs = sum(p for state, p in truth.items() if state[names.index(name)] == level)
            assert chance == pytest.approx(theirs, abs=1e-7)


def test_choices_are_in_order_and_staying_changes_nothing() -> None:
    found = find_outlooks(loaded(strait()).in_situation("january"), depth=2)
    for outlook in found.outlooks:
        chances = [chance for _, chance in outlook.now]
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) == pytest.approx(1, abs=1e-12)
        assert sum(not changed for changed, _ in outlook.now) == 1
        for levels in outlook.later.values():
            assert sum(levels.values()) == pytest.approx(1, abs=1e-9)


def test_nobodys_own_view_of_itself_is_shown() -> None:
    found = find_outlooks(loaded(strait()), depth=1)
    shown = [(outlook.actor, outlook.seen_by) for outlook in found.outlooks]
    assert shown == [
        ("north", None), ("north", "south"), ("north", "patron"),
        ("south", None), ("south", "north"), ("south", "patron"),
        ("patron", None), ("patron", "north"), ("patron", "south"),
    ]  # fmt: skip


def test_the_tempo_is_that_of_the_first_state() -> None:
    crisis = loaded(strait()).in_situation("january")
    assert find_outlooks(crisis, depth=1).of("north").every == pytest.approx(8)
    mined = crisis.starting("south.mines", "yes")
    assert find_outlooks(mined, depth=1).of("north").every == pytest.approx(2)
    believed = crisis.patched({"south.believes.north.decides": "every 33 days"})
    found = find_outlooks(believed, depth=1)
    assert found.of("north", "south").every == pytest.approx(33)
    assert found.of("north", "patron").every == found.of("north").every == pytest.approx(8)


def test_what_the_north_believes_of_the_patron_is_what_it_is_shown_to_expect() -> None:
    found = find_outlooks(loaded(strait()).in_situation("january"), hierarchy=Hierarchy())
    true = found.of("patron").later["patron.stance"]
    believed = found.of("patron", "north").later["patron.stance"]
    assert believed["arm"] < true["arm"]


def dated(**situations: str) -> Crisis:
    raw = strait()
    raw["questions"] = {}
    raw["situations"] = {name: {"as_of": day} for name, day in situations.items()}
    return loaded(raw)


def test_the_latest_situation_is_the_one_with_the_latest_date() -> None:
    crisis = dated(later="2026-03-01", first="2025-12-31", middle="2026-01-01")
    assert latest_situation(crisis) == "later"
    assert latest_situation(crisis.in_situation("first")) == "first"
    assert latest_situation(dated()) is None
