"""Events: every effect is that of two forecasts, and what cannot be is named."""

from __future__ import annotations

import json

import pytest

from narrows import narrows
from random_crises import random_crisis
from standoff import CrisisError, UnknownNameError, Variation, find_event_effects, loads
from standoff.study.asking import situated
from standoff.study.forecast import forecast

CLOSE = 1e-8


@pytest.mark.parametrize("question", ["mined", "came"])
def test_every_effect_is_the_difference_of_two_forecasts(question: str) -> None:
    crisis = narrows()
    found = find_event_effects(crisis, question)
    central = forecast(crisis, question).central
    assert found.central == pytest.approx(central, abs=CLOSE)
    for event in found.events:
        levels = {event.variable: event.level}
        view = {"starting": levels} if event.how == "starting" else {"holding": levels}
        chance = forecast(crisis, question, variation=Variation(**view)).central  # type: ignore[arg-type]
        assert event.chance == pytest.approx(chance, abs=CLOSE)
        assert event.effect == pytest.approx(chance - central, abs=CLOSE)


def test_every_level_but_the_present_one_is_there_in_both_ways_ranked() -> None:
    found = find_event_effects(narrows(), "mined")
    expected = {
        ("north.close", "half"), ("north.close", "yes"), ("south.mine", "yes"),
        ("patron.come", "yes"), ("storm", "no"),
    }  # fmt: skip
    assert {(each.variable, each.level) for each in found.events} == expected
    assert len(found.events) == 2 * len(expected)
    assert found.present["storm"] == "yes"
    assert found.situation == "june"
    sizes = [abs(each.effect) for each in found.events]
    assert sizes == sorted(sizes, reverse=True)
    assert {each.variable for each in found.events if each.asked_about} == {"south.mine"}
    assert max(sizes) > 0.1


def test_states_that_cannot_be_are_left_out_and_named() -> None:
    variation = Variation(starting={"patron.come": "yes"})
    found = find_event_effects(narrows(), "mined", variation=variation)
    assert [(each.variable, each.level) for each in found.impossible] == [("north.close", "half")]
    assert found.impossible[0].rule == "patron.come and north.close == half"
    assert ("north.close", "half") not in {(e.variable, e.level) for e in found.events}
    assert find_event_effects(narrows(), "mined").impossible == ()


def test_what_is_held_already_is_not_tried() -> None:
    held = Variation(holding={"storm": "no"})
    found = find_event_effects(narrows(), "mined", variation=held)
    assert found.held == ("storm",)
    assert "storm" not in {each.variable for each in found.events}
    central = forecast(narrows(), "mined", variation=held).central
    assert found.central == pytest.approx(central, abs=CLOSE)


def test_what_nothing_depends_on_has_no_effect() -> None:
    idle = {"moon": {"levels": ["new", "full"]}}
    crisis = narrows()
    known = json.loads(json.dumps(crisis.data()["conditions"]))
    found = find_event_effects(narrows(conditions={**known, **idle}), "mined")
    moons = [each for each in found.events if each.variable == "moon"]
    assert len(moons) == 2
    assert max(abs(each.effect) for each in moons) < 1e-7


@pytest.mark.parametrize("seed", range(6))
def test_random_crises(seed: int) -> None:
    crisis = loads(json.dumps(random_crisis(seed)))
    question = next(name for name, each in crisis.questions.items() if each.lasting is None)
    found = find_event_effects(crisis, question)
    here = situated(crisis, question, Variation())
    for event in found.events[::5]:
        changed = here.holding if event.how == "holding" else here.starting
        chance = forecast(changed(event.variable, event.level), question).central
        assert event.chance == pytest.approx(chance, abs=1e-7)
    for each in found.impossible:
        with pytest.raises(CrisisError, match="can never be"):
            here.starting(each.variable, each.level)


def test_what_has_no_exact_answer_is_refused() -> None:
    with pytest.raises(CrisisError, match="lasting"):
        find_event_effects(narrows(), "holds")
    with pytest.raises(UnknownNameError, match="mined"):
        find_event_effects(narrows(), "mind")
