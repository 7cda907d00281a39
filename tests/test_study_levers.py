"""Levers: each effect and each gain is that of the changed crisis."""

from __future__ import annotations

import pytest

from narrows import narrows, narrows_raw
from standoff import CrisisError, UnknownNameError, Variation, find_levers
from standoff.solve.worth import worth_at_start
from standoff.study.forecast import forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.levers import CAVEAT, Lever

CLOSE = 3e-4


def view_of(lever: Lever) -> Variation:
    match lever.kind:
        case "option":
            return Variation(holding={lever.path: lever.then})
        case "belief":
            return Variation(without=(lever.path,))
        case "weight":
            return Variation(with_={f"{lever.path}.weight": float(lever.then)})


def got(actor: str, variation: Variation) -> float:
    changed = variation.of(narrows(), "june")
    return float(worth_at_start(Hierarchy().chain(changed))[actor][0])


@pytest.mark.parametrize("actor", ["north", "south"])
def test_every_lever_does_what_the_changed_crisis_says(actor: str) -> None:
    found = find_levers(narrows(), actor, "mined")
    before, own = forecast(narrows(), "mined").central, got(actor, Variation())
    assert found.central == pytest.approx(before, abs=1e-8)
    assert found.worth == pytest.approx(own, abs=1e-7)
    for lever in (*found.own, *found.beliefs, *found.weights):
        if ".believes.patron.believes." in lever.path:
            continue  # tested with corrections
        view = view_of(lever)
        chance = forecast(narrows(), "mined", variation=view).central
        assert lever.chance == pytest.approx(chance, abs=CLOSE)
        assert lever.effect == pytest.approx(chance - before, abs=CLOSE)
        assert lever.worth == pytest.approx(got(actor, view), abs=10 * CLOSE)
        assert lever.gain == pytest.approx(lever.worth - own, abs=1e-6)


def test_own_options_others_beliefs_and_others_weights() -> None:
    found = find_levers(narrows(), "south", "mined")
    assert {(each.path, each.then) for each in found.own} == {
        ("south.mine", "no"),
        ("south.mine", "yes"),
    }
    assert all(each.asked_about for each in found.own)
    assert {each.holder for each in found.beliefs} == {"north", "patron"}
    assert {each.holder for each in found.weights} == {"north", "patron"}
    paths = {each.path for each in found.beliefs}
    assert "north.believes.patron.interests.peace.weight" not in paths, "that is right already"
    weights = {(each.path, each.now, each.then) for each in found.weights}
    assert {("north.interests.sea", "3", "2"), ("north.interests.sea", "3", "4")} <= weights
    assert {("patron.interests.peace", "4", "2"), ("patron.interests.peace", "4", "8")} <= weights
    assert not any(path == "north.interests.doubt" for path, _, _ in weights), "it does not hold"
    sea = next(each for each in found.weights if each.path == "north.interests.sea")
    assert sea.source == "brief p1"
    assert found.caveat == CAVEAT


def test_with_a_question_the_largest_effect_comes_first() -> None:
    found = find_levers(narrows(), "north", "mined")
    for levers in (found.own, found.beliefs, found.weights):
        sizes = [abs(each.effect or 0.0) for each in levers]
        assert sizes == sorted(sizes, reverse=True)
    assert abs(found.beliefs[0].effect or 0.0) > 0.005


def test_without_a_question_the_largest_gain_comes_first() -> None:
    found = find_levers(narrows(), "south")
    assert (found.question, found.central, found.situation) == (None, None, "june")
    for levers in (found.own, found.beliefs, found.weights):
        gains = [each.gain for each in levers]
        assert gains == sorted(gains, reverse=True)
        assert {each.chance for each in levers} <= {None}
    best = max(found.beliefs, key=lambda each: each.gain)
    assert found.beliefs[0] == best
    with_question = find_levers(narrows(), "south", "mined")
    gains = {(each.path, each.then): each.gain for each in with_question.weights}
    for each in found.weights:
        assert each.gain == pytest.approx(gains[each.path, each.then], abs=1e-9)


def test_a_weight_that_nothing_depends_on_is_no_lever() -> None:
    void = [
        each for each in find_levers(narrows(), "south", "mined").weights
        if each.path == "north.interests.void"
    ]  # fmt: skip
    assert [each.then for each in void] == ["2.5", "10"]
    assert max(abs(each.effect or 0.0) for each in void) < CLOSE


def test_levels_that_cannot_be_are_named() -> None:
    started = Variation(starting={"north.close": "half"})
    found = find_levers(narrows(), "patron", "mined", variation=started)
    assert [(each.variable, each.level) for each in found.impossible] == [("patron.come", "yes")]
    assert [each.then for each in found.own] == ["no"]


def test_a_crisis_that_asks_nothing_has_levers_too() -> None:
    crisis = narrows(questions={})
    found = find_levers(crisis, "south")
    assert found.worth == pytest.approx(find_levers(narrows(), "south").worth, abs=1e-9)


def test_who_or_what_is_unknown_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="north"):
        find_levers(narrows(), "nort")
    with pytest.raises(UnknownNameError, match="mined"):
        find_levers(narrows(), "north", "mind")
    with pytest.raises(CrisisError, match="lasting"):
        find_levers(narrows(), "north", "holds")


def test_a_crisis_in_a_situation_stays_there() -> None:
    raw = narrows_raw()
    assert find_levers(narrows(**raw).in_situation("may"), "south").situation == "may"
