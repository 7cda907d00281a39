"""Expectations: both sides are forecasts, and the verdict follows from them and the margin."""

from __future__ import annotations

import math

import pytest

from standoff.crisis import Crisis, UnknownNameError
from standoff.study.effects import red_line_effects
from standoff.study.expectations import RESOLUTION, check_expectations, variation_of
from standoff.study.forecast import forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.variation import Variation
from strait import strait
from strategies import Raw, loaded


def chance_of(days: float, rate: float = 0.1) -> float:
    return 1 - math.exp(-rate * days)


def expecting(**expects: Raw) -> Crisis:
    """A condition that changes at 0.1 per day, and an actor that does nothing."""
    actor = {"decides": "every day", "looks_ahead": "9 days", "options": {"go": ["no", "yes"]}}
    war = {"levels": ["no", "yes"], "changes": [{"from": "no", "to": "yes", "rate": "0.1 per day"}]}
    questions = {
        f"in_{days}": {"asks": "?", "event": "war == yes", "within": f"{days} days"}
        for days in (5, 10)
    }
    claims = {name: {"claim": "It follows.", **said} for name, said in expects.items()}
    return loaded(
        {
            "crisis": "Expecting",
            "actors": {"a": actor},
            "conditions": {"war": war},
            "questions": questions,
            "explanations": {"worse": {"asks": "?", "with": {"war.no.yes": "0.3 per day"}}},
            "expects": claims,
        }
    )


def test_a_comparison_holds_when_the_one_is_larger() -> None:
    crisis = expecting(
        right={"more_likely": "in_10", "than": "in_5"},
        wrong={"more_likely": "in_5", "than": "in_10"},
    )
    verdicts = check_expectations(crisis)
    assert list(verdicts) == ["right", "wrong"]
    right, wrong = verdicts["right"], verdicts["wrong"]
    assert (right.holds, wrong.holds) == (True, False)
    assert right.more_likely == pytest.approx(chance_of(10), abs=1e-9)
    assert right.than == pytest.approx(chance_of(5), abs=1e-9)
    assert (right.chance, right.at_least, right.at_most, right.by) == (None, None, None, None)
    assert (right.name, right.claim) == ("right", "It follows.")


def test_two_equal_probabilities_are_no_comparison() -> None:
    verdicts = check_expectations(expecting(same={"more_likely": "in_5", "than": "in_5"}))
    assert not verdicts["same"].holds
    assert verdicts["same"].more_likely - verdicts["same"].than <= RESOLUTION


# 1 - exp(-1) = 0.632 and 1 - exp(-0.5) = 0.393: 1.607 times, or 23.9 points.
@pytest.mark.parametrize(
    ("by", "holds"),
    [("1.5x", True), ("1.6x", True), ("1.61x", False), ("23 points", True), ("24 points", False)],
)
def test_a_margin_is_a_factor_or_points(by: str, *, holds: bool) -> None:
    crisis = expecting(e={"more_likely": "in_10", "than": "in_5", "by": by})
    verdict = check_expectations(crisis)["e"]
    assert (verdict.holds, verdict.by) == (holds, by)


@pytest.mark.parametrize(
    ("bounds", "holds"),
    [
        ({"at_least": 0.63}, True),
        ({"at_least": 0.64}, False),
        ({"at_most": "64%"}, True),
        ({"at_most": "63%"}, False),
        ({"at_least": "55%", "at_most": "80%"}, True),
        ({"at_least": 0.64, "at_most": 0.7}, False),
        ({"at_least": 0.1, "at_most": 0.2}, False),
        ({"at_least": "likely"}, True),  # 55 to 80%
        ({"at_most": "likely"}, True),
        ({"at_most": "unlikely"}, False),  # 20 to 45%
        ({"at_least": "60..70%", "at_most": "50..60%"}, False),
    ],
)
def test_a_bound_is_kept_or_not(bounds: Raw, *, holds: bool) -> None:
    verdict = check_expectations(expecting(e={"chance": "in_10", **bounds}))["e"]
    assert verdict.holds is holds
    assert verdict.chance == pytest.approx(chance_of(10), abs=1e-9)
    assert (verdict.at_least is None) == ("at_least" not in bounds)
    assert (verdict.at_most is None) == ("at_most" not in bounds)
    assert (verdict.more_likely, verdict.than) == (None, None)


def test_every_part_of_a_side_counts() -> None:
    sides: dict[str, Raw] = {
        "starting": {"starting": {"war": "yes"}},
        "holding": {"holding": {"war": "no"}},
        "with": {"with": {"war.no.yes": "0.2 per day"}},
        "under": {"under": "worse"},
    }
    crisis = expecting(
        **{
            name: {"chance": {"question": "in_5", **side}, "at_least": 0}
            for name, side in sides.items()
        }
    )
    chances = {name: verdict.chance for name, verdict in check_expectations(crisis).items()}
    expected = {
        "starting": 1.0,
        "holding": 0.0,
        "with": chance_of(5, 0.2),
        "under": chance_of(5, 0.3),
    }
    assert chances == pytest.approx(expected, abs=1e-9)


def test_a_sides_views_are_those_of_the_crisis() -> None:
    raw = strait()
    side: Raw = {
        "question": "mines",
        "situation": "autumn",
        "without": "north.red_lines.mines",
        "seen_by": ["north", "patron"],
        "depth": 2,
    }
    raw["expects"] = {"e": {"claim": "It follows.", "chance": side, "at_least": 0.5}}
    crisis = loaded(raw)
    view = (
        crisis.in_situation("autumn")
        .without("north.red_lines.mines")
        .as_seen_by("north")
        .as_seen_by("patron")
    )
    expected = forecast(view, "mines", depth=2).central
    assert check_expectations(crisis, depth=4)["e"].chance == pytest.approx(expected, abs=1e-9)
    assert expected != pytest.approx(forecast(crisis, "mines").central, abs=1e-3)
    chance = crisis.expects["e"].chance
    assert chance is not None
    assert variation_of(chance) == Variation(
        situation="autumn", without=("north.red_lines.mines",), seen_by=("north", "patron")
    )


def test_only_what_is_named_is_checked_and_it_must_exist() -> None:
    crisis = expecting(one={"chance": "in_5", "at_least": 0}, two={"chance": "in_5", "at_least": 1})
    assert list(check_expectations(crisis, ["two"])) == ["two"]
    with pytest.raises(UnknownNameError, match="two"):
        check_expectations(crisis, ["tow"])


def test_an_effect_is_the_difference_to_the_forecast_without_the_red_line() -> None:
    raw, solver = strait(), Hierarchy()
    crisis = loaded(raw)
    effects = red_line_effects(crisis, ("mines", "annexed"), hierarchy=solver)
    assert [effect.path for effect in effects] == [
        "north.red_lines.mines",
        "patron.red_lines.annexation",
    ]
    for effect in effects:
        for name in ("mines", "annexed"):
            without = forecast(crisis, name, variation=Variation(without=(effect.path,)))
            assert effect.with_it[name] == forecast(crisis, name).central
            assert effect.without_it[name] == pytest.approx(without.central, abs=1e-9)
        question, change = effect.largest
        changes = {n: effect.with_it[n] - effect.without_it[n] for n in effect.with_it}
        assert change == changes[question]
        assert abs(change) == max(map(abs, changes.values()))
    # An unanswered answer costs the South nothing, a likely one deters: the line lowers the chance.
    assert effects[0].with_it["mines"] != effects[0].without_it["mines"]


def test_effects_can_be_those_in_a_variation() -> None:
    crisis = loaded(strait())
    there = Variation(holding={"patron.stance": "aside"}, without=("patron.red_lines.annexation",))
    first, second = red_line_effects(crisis, ("mines",), variation=there, depth=2)
    base = forecast(crisis, "mines", variation=there, depth=2).central
    assert first.with_it == second.with_it == {"mines": base}
    assert second.without_it["mines"] == base
