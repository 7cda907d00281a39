"""Inputs at the ends: huge weights, long horizons, fast rates, hardly any state."""

from __future__ import annotations

import math

import numpy as np
import pytest

import oracle
from standoff.crisis import Crisis
from standoff.solve.policy import Response, Status
from standoff.study.forecast import Forecast, forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.outlook import find_outlooks
from strait import strait
from strategies import Raw, loaded

GOOD = (Status.CONVERGED, Status.AT_PRECISION)


def solved(crisis: Crisis, depth: int = 4) -> Hierarchy:
    """A hierarchy that has solved everything, after a look at how each search ended."""
    hierarchy = Hierarchy(depth=depth)
    responses: list[Response] = [
        hierarchy.response(crisis, actor, level)
        for actor in crisis.actors
        for level in range(1, depth + 1)
    ]
    for response in responses:
        assert response.status in GOOD
        assert np.isfinite(response.values).all()
        for weights in response.policy.weights:
            assert np.isfinite(weights).all()
            assert (weights >= 0).all()
    return hierarchy


def answers(crisis: Crisis, depth: int = 4) -> dict[str, Forecast]:
    """Every answer, each a finite probability."""
    hierarchy = solved(crisis, depth)
    found = {
        name: forecast(crisis, name, depth=depth, hierarchy=hierarchy) for name in crisis.questions
    }
    for answer in found.values():
        numbers = [answer.central, answer.share_of_time, *(chance for _, chance in answer.curve)]
        assert all(math.isfinite(number) for number in numbers)
        assert all(-1e-12 <= number <= 1 + 1e-12 for number in numbers)
    return found


def asking(raw: Raw, event: str, days: str = "30 days") -> Raw:
    """The same question in the four exact forms, as it is."""
    forms: list[Raw] = [{"within": days}, {"at": days}, {"throughout": days}]
    forms.append({"until": event, "within": days})
    raw["questions"] = {
        next(iter(form)): {"asks": "?", "event": event if len(form) == 1 else "true", **form}
        for form in forms
    }
    return raw


def lone(**block: object) -> Raw:
    actor = {
        "decides": "every 5 days",
        "looks_ahead": "20 days",
        "options": {"go": ["no", "yes"]},
        "interests": {"aim": {"seeks": "go", "weight": 0.7}},
    }
    return asking({"crisis": "Lone", "actors": {"a": {**actor, **block}}}, "a.go")


def agrees(raw: Raw, found: dict[str, Forecast], close: float = 1e-7) -> None:
    for name, answer in found.items():
        assert answer.central == pytest.approx(oracle.answer(raw, name), abs=close), name


# ------------------------------------------------------------------------------ wishes and horizons


def weighing(weight: float) -> Raw:
    raw = strait()
    del raw["questions"]["truce"]
    for actor in raw["actors"].values():
        for claim in [*actor["interests"].values(), *actor.get("red_lines", {}).values()]:
            claim["weight"] = weight
    raw["actors"]["north"]["believes"] = {"patron.interests.treaty.weight": weight / 2}
    raw["situations"]["january"]["with"] = {}
    return raw


@pytest.mark.parametrize("weight", [1000, 0.01, 0])
def test_any_weight(weight: float) -> None:
    raw = weighing(weight)
    agrees(raw, answers(loaded(raw)))


@pytest.mark.parametrize(("weight", "alike"), [(1e-9, 0), (1e6, 1e5)])
def test_weights_so_far_out_that_more_makes_no_difference(weight: float, alike: float) -> None:
    # The oracle checks its own residual, and there rounding is above its limit.
    found, same = answers(loaded(weighing(weight))), answers(loaded(weighing(alike)))
    for name, answer in found.items():
        assert answer.central == pytest.approx(same[name].central, abs=1e-6), name


def test_weights_that_differ_by_a_factor_of_a_million() -> None:
    raw = strait()
    del raw["questions"]["truce"]
    raw["actors"]["south"]["interests"]["survive"]["weight"] = 1e4
    raw["actors"]["south"]["interests"]["deter"]["weight"] = 1e-2
    raw["situations"]["january"]["with"] = {}
    agrees(raw, answers(loaded(raw)))


@pytest.mark.parametrize("ahead", ["50 years", "5 years", "0.01 days"])
def test_any_horizon_of_an_actor(ahead: str) -> None:
    raw = strait()
    del raw["questions"]["truce"]
    for actor in raw["actors"].values():
        actor["looks_ahead"] = ahead
    found = answers(loaded(raw))
    if ahead != "50 years":  # the oracle checks its own residual, and rounding is above its limit
        agrees(raw, found)


@pytest.mark.parametrize("precision", [20, 0.01, 1e-6])
def test_any_precision(precision: float) -> None:
    raw = strait()
    del raw["questions"]["truce"]
    for actor in raw["actors"].values():
        actor["precision"] = precision
    found = answers(loaded(raw))
    if precision > 1e-6:  # rounding, as above
        agrees(raw, found)


def test_large_weights_long_horizons_and_great_precision_together() -> None:
    raw = strait()
    del raw["questions"]["truce"]
    for actor in raw["actors"].values():
        actor |= {"precision": 20, "looks_ahead": "50 years"}
        for claim in actor["interests"].values():
            claim["weight"] = 1000
    answers(loaded(raw))


def test_an_advantage_of_a_thousand_is_never_missed_and_of_nothing_half_the_time() -> None:
    found = answers(loaded(lone(interests={"aim": {"seeks": "go", "weight": 1000}})))
    assert found["at"].central == pytest.approx(1 - math.exp(-6), abs=1e-8)
    found = answers(loaded(lone(interests={"aim": {"seeks": "go", "weight": 1e-12}})))
    assert found["at"].central == pytest.approx((1 - math.exp(-6)) / 2, abs=1e-8)


# ----------------------------------------------------------------------------------- time and rates


def test_a_question_of_fifty_years() -> None:
    raw = asking(strait(), "north.annex", "50 years")
    agrees(raw, answers(loaded(raw)))


def test_a_rate_of_every_fifteen_minutes_over_a_year() -> None:
    raw = lone()
    changes = [
        {"from": "calm", "to": "storm", "rate": "every 0.01 days"},
        {"from": "storm", "to": "calm", "rate": "every 0.02 days"},
    ]
    raw["conditions"] = {"weather": {"levels": ["calm", "storm"], "changes": changes}}
    raw = asking(raw, "weather == storm", "1 year")
    found = answers(loaded(raw))
    assert found["at"].central == pytest.approx(2 / 3, abs=1e-8)
    spent = 2 / 3 * (1 - 1 / (150 * 365.25))
    assert found["at"].share_of_time == pytest.approx(spent, abs=1e-9)
    assert found["within"].central == pytest.approx(1, abs=1e-9)
    raw = asking(raw, "a.go", "1 year")
    found = answers(loaded(raw))
    assert found["at"].central == pytest.approx(1 / (1 + math.exp(-1.4)), abs=1e-8)


def test_an_actor_that_decides_every_fifteen_minutes() -> None:
    raw = lone(decides="every 0.01 days")
    raw = asking(raw, "a.go", "1 year")
    found = answers(loaded(raw))
    assert found["at"].central == pytest.approx(1 / (1 + math.exp(-1.4)), abs=1e-8)
    assert found["within"].central == pytest.approx(1, abs=1e-9)


def test_an_actor_that_decides_once_in_a_thousand_years() -> None:
    found = answers(loaded(lone(decides="every 1000 years")))
    chance = (1 - math.exp(-30 / 365_250)) / (1 + math.exp(-1.4))
    assert found["at"].central == pytest.approx(chance, abs=1e-9)


def test_a_question_of_a_few_seconds() -> None:
    found = answers(loaded(asking(lone(), "a.go", "0.0001 days")))
    chance = 0.0001 / 5 / (1 + math.exp(-1.4))
    assert found["within"].central == pytest.approx(chance, rel=1e-4)


# ---------------------------------------------------------------------------------- hardly anything


def test_a_single_state() -> None:
    crisis = loaded(lone()).holding("a.go", "yes")
    found = answers(crisis)
    assert {name: answer.central for name, answer in found.items()} == {
        "within": 1, "at": 1, "throughout": 1, "until": 1,
    }  # fmt: skip
    assert answers(loaded(lone()).holding("a.go", "no"))["within"].central == 0
    assert find_outlooks(crisis).of("a").now == (({}, 1.0),)


def test_an_actor_without_options_beside_one_with() -> None:
    raw = lone()
    raw["actors"]["b"] = {
        "decides": "every day",
        "looks_ahead": "9 days",
        "options": {},
        "interests": {"x": {"seeks": "a.go", "weight": 1}},
    }
    try:
        crisis = loaded(raw)
    except ValueError:
        return
    agrees(raw, answers(crisis))


def test_an_actor_without_interests_picks_at_random() -> None:
    found = answers(loaded(lone(interests={})))
    assert found["at"].central == pytest.approx((1 - math.exp(-6)) / 2, abs=1e-9)
    raw = strait()
    del raw["questions"]["truce"]
    for actor in raw["actors"].values():
        actor |= {"interests": {}, "red_lines": {}, "believes": {}}
    raw["situations"]["january"]["with"] = {}
    agrees(raw, answers(loaded(raw)))


@pytest.mark.parametrize(
    "terms", [{"requires": "false"}, {"irreversible": "down"}, {"requires": "go == yes"}]
)
def test_an_actor_whose_every_move_is_forbidden_stays(terms: Raw) -> None:
    found = answers(loaded(lone(options={"go": {"levels": ["no", "yes"], **terms}})))
    assert found["at"].central == found["within"].central == 0
    assert found["throughout"].central == 0


def test_all_states_but_one_infeasible() -> None:
    raw = strait()
    raw["never"] = [
        "north.blockade != none or north.annex or south.mines or south.appeal"
        " or patron.stance != aside or weather != calm"
    ]
    raw["situations"]["january"] = {"as_of": "2026-01-10"}
    crisis = loaded(raw)
    found = answers(crisis)
    assert (found["mines"].central, found["calm"].central) == (0, 1)
    assert solved(crisis).game(crisis).space.feasible.sum() == 1


def test_all_but_a_few_states_infeasible() -> None:
    raw = strait()
    raw["never"] = [
        "north.annex or patron.stance != aside",
        "south.mines and north.blockade != full",
        "south.appeal and not south.mines",
    ]
    raw["situations"]["january"] = {"as_of": "2026-01-10"}
    raw["questions"] = {name: raw["questions"][name] for name in ("mines", "mines_later", "calm")}
    agrees(raw, answers(loaded(raw)))


def test_a_condition_that_can_be_nowhere_else_does_not_change() -> None:
    raw = lone()
    changes = [{"from": "calm", "to": "storm", "rate": "every 0.01 days"}]
    raw["conditions"] = {"weather": {"levels": ["calm", "storm"], "changes": changes}}
    raw["never"] = ["weather == storm"]
    agrees(raw, answers(loaded(raw)))
    assert answers(loaded(asking(raw, "weather == storm")))["within"].central == 0


def test_thinking_very_deep_settles() -> None:
    raw = strait()
    crisis = loaded(raw)
    deep = forecast(crisis, "annexed", depth=12)
    assert deep.central == pytest.approx(oracle.answer(raw, "annexed", depth=12), abs=1e-7)
    assert deep.central == pytest.approx(forecast(crisis, "annexed", depth=10).central, abs=1e-3)
