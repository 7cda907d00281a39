"""Views: what each does, and the laws that hold between them."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import standoff
from crisis_examples import ACTORS, PATHS, STRAIT, crises, states
from standoff.crisis import Crisis, CrisisError, Span, UnknownNameError, Weight
from standoff.crisis.errors import unknown

STRAIT_CRISIS = standoff.loads(STRAIT)
situations = st.sampled_from(["january", "june"])
actors = st.sampled_from(ACTORS)


def made(raw: dict[str, Any]) -> Crisis:
    return standoff.loads(json.dumps(raw))


def weight(crisis: Crisis, actor: str, interest: str) -> str:
    return str(crisis.actors[actor].interests[interest].weight)


# What each does ---------------------------------------------------------------------------------


def test_an_actors_beliefs_replace_the_truth_in_its_own_view() -> None:
    seen = STRAIT_CRISIS.as_seen_by("north")
    assert weight(STRAIT_CRISIS, "patron", "treaty") == "major"
    assert weight(seen, "patron", "treaty") == "negligible"
    assert not seen.actors["north"].believes
    assert weight(STRAIT_CRISIS.as_seen_by("south"), "patron", "treaty") == "major"


def test_in_a_view_the_others_hold_only_the_beliefs_ascribed_to_them() -> None:
    raw = STRAIT.replace(
        "  south:\n",
        "      south.believes.patron.interests.treaty.weight: decisive\n  south:\n"
        "    believes: {patron.interests.treaty.weight: minor}\n",
        1,
    )
    crisis = standoff.loads(raw)
    assert weight(crisis.as_seen_by("south"), "patron", "treaty") == "minor"
    assert weight(crisis.as_seen_by("north"), "patron", "treaty") == "negligible"
    assert weight(crisis.as_seen_by("north", "south"), "patron", "treaty") == "decisive"
    assert weight(crisis.as_seen_by("patron", "south"), "patron", "treaty") == "major"
    nested = crisis.as_seen_by("north").as_seen_by("south")
    assert crisis.as_seen_by("north", "south") == nested
    assert nested.lineage == ("as seen by north", "as seen by south")


def test_a_situation_sets_the_state_and_what_is_different() -> None:
    january = STRAIT_CRISIS.in_situation("january")
    assert january.situation == "january"
    assert str(january.as_of) == "2026-01-10"
    assert january.start["north.blockade"] == "partial"
    assert STRAIT_CRISIS.start["north.blockade"] == "none"
    assert weight(january, "south", "survive") == "major"
    with pytest.raises(CrisisError, match="already in the situation 'january'"):
        january.in_situation("january")


def test_a_situation_may_change_what_an_actor_believes() -> None:
    crisis = standoff.loads(
        STRAIT.replace(
            "with: {south.interests.survive.weight: major}",
            "with: {north.believes.patron.interests.treaty.weight: decisive}",
        )
    )
    assert weight(crisis.as_seen_by("north"), "patron", "treaty") == "negligible"
    assert (
        weight(crisis.in_situation("january").as_seen_by("north"), "patron", "treaty") == "decisive"
    )


def test_holding_wins_over_starting_and_starting_over_the_situation() -> None:
    crisis = STRAIT_CRISIS.starting("north.blockade", "full").in_situation("january")
    assert crisis.start["north.blockade"] == "full"
    held = crisis.holding({"north.blockade": "none", "weather": "storm"})
    assert held.start["north.blockade"] == "none"
    assert held.held == {"north.blockade": "none", "weather": "storm"}
    with pytest.raises(CrisisError, match="held at 'none', so it cannot start at 'full'"):
        held.starting("north.blockade", "full")


def test_what_is_left_out_weighs_nothing() -> None:
    crisis = STRAIT_CRISIS.without("north.interests.open_sea", "north.red_lines.mines")
    assert weight(crisis, "north", "open_sea") == "0"
    assert str(crisis.actors["north"].red_lines["mines"].weight) == "0"
    assert crisis.lineage == ("without north.interests.open_sea, north.red_lines.mines",)


def test_what_is_left_out_is_left_out_in_every_situation() -> None:
    crisis = STRAIT_CRISIS.without("south.interests.survive").in_situation("january")
    assert weight(crisis, "south", "survive") == "0"


def test_others_beliefs_about_what_is_left_out_stay_theirs() -> None:
    crisis = STRAIT_CRISIS.without("patron.interests.treaty")
    assert weight(crisis, "patron", "treaty") == "0"
    assert weight(crisis.as_seen_by("north"), "patron", "treaty") == "negligible"


def test_a_belief_that_is_left_out_is_no_longer_held() -> None:
    crisis = STRAIT_CRISIS.without("north.believes.patron.interests.treaty.weight")
    assert not crisis.actors["north"].believes
    assert weight(crisis.as_seen_by("north"), "patron", "treaty") == "major"


def test_an_explanation_is_a_patch() -> None:
    bluff = STRAIT_CRISIS.under("bluff")
    assert bluff == STRAIT_CRISIS.patched({"north.interests.cost.weight": "decisive"})
    assert bluff.lineage == ("under bluff",)


def test_a_patch_sets_every_kind_of_value() -> None:
    crisis = STRAIT_CRISIS.patched(
        {
            "north.interests.cost.holds": "unlikely",
            "north.decides": [{"every": "1 day", "when": "annex"}, "every 4 days"],
            "south.looks_ahead": "2 weeks",
            "south.precision": "1..3",
            "weather.storm.calm": "every 2 days",
            "south.believes.north.interests.cost.weight": {
                "value": 9,
                "because": "It fears the cost.",
            },
        }
    )
    north, south = crisis.actors["north"], crisis.actors["south"]
    assert str(north.interests["cost"].holds) == "unlikely"
    assert [tempo.when for tempo in north.decides] == ["annex", None]
    assert south.looks_ahead == Span.parse("14 days")
    assert south.precision.central == 2
    assert crisis.conditions["weather"].changes[1].rate.central == 0.5
    assert crisis.conditions["weather"].changes[1].times
    belief = south.believes["north.interests.cost.weight"]
    assert (belief.value, belief.because) == (Weight.parse(9), "It fears the cost.")


# What they refuse -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (lambda it: it.holding("patron.stance", "figth"),
         "holding(): no level of patron.stance is called 'figth'; known: aside, arm, fight. "
         "Did you mean 'fight'?"),
        (lambda it: it.holding({"patron.stanze": "arm"}), "Did you mean 'patron.stance'?"),
        (lambda it: it.starting("wether", "calm"), "Did you mean 'weather'?"),
        (lambda it: it.as_seen_by("nroth"), "as_seen_by(): no actor is called 'nroth'"),
        (lambda it: it.in_situation("janury"), "Did you mean 'january'?"),
        (lambda it: it.under("blufff"), "Did you mean 'bluff'?"),
        (lambda it: it.without("north.interests.costs"), "Did you mean 'north.interests.cost'?"),
        (lambda it: it.without("north.options.annex"), "without(): no claim is called"),
        (lambda it: it.without("south.believes.north.precision"), "without(): no belief is called"),
        (lambda it: it.patched({"north.interests.cst.weight": 1}),
         "Did you mean 'north.interests.cost.weight'?"),
        (lambda it: it.patched({"weather.calm.strom": "every day"}),
         "Did you mean 'weather.calm.storm'?"),
        (lambda it: it.patched({"south.believes.north.interests.cst.weight": 1}),
         "Did you mean 'south.believes.north.interests.cost.weight'?"),
        (lambda it: it.patched({"north.interests.cost.weight": "huge"}),
         "no weight word is called 'huge'"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_refused_with_the_nearest(view: Any, said: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        view(STRAIT_CRISIS)
    assert said in str(caught.value)
    assert isinstance(caught.value, LookupError)


def test_of_many_names_the_nearest_are_listed() -> None:
    names = [f"question_{number}" for number in range(40)]
    assert str(unknown("forecast()", "question", "question_7x", names)).startswith(
        "forecast(): no question is called 'question_7x'; the nearest of 40: question_7, "
    )
    assert str(unknown("forecast()", "question", "zz", names)).count("question_") == 5


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ({"north.interests.cost.weight": -1}, "the weight `-1` is negative"),
        ({"north.interests.cost.holds": 2}, "the probability `2` is over one"),
        ({"weather.calm.storm": "0 per day"}, "is zero"),
        ({"north.decides": []}, "`decides` is empty"),
        ({"north.decides": [{"every": "1 day", "when": "souht.mines"}, "2 days"]}, "`souht`"),
        ({"north.believes.north.precision": 1}, "cannot hold a belief about itself"),
        ({"north.precision": {"value": 1, "becuase": "x"}}, "did you mean `because`?"),
        ({"north.looks_ahead": None}, "expected a time, got nothing"),
    ],
)
def test_a_patch_is_checked_like_a_file(patch: dict[str, Any], said: str) -> None:
    with pytest.raises(CrisisError) as caught:
        STRAIT_CRISIS.patched(patch)
    assert said in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_a_state_that_can_never_be_is_refused() -> None:
    impossible = {"north.annex": "yes", "south.mines": "yes"}
    with pytest.raises(CrisisError, match=r"north\.annex and south\.mines"):
        STRAIT_CRISIS.in_situation("january").starting(impossible)
    with pytest.raises(CrisisError, match=r"north\.annex and south\.mines"):
        STRAIT_CRISIS.holding(impossible).in_situation("january")


def test_levels_come_as_a_mapping_or_as_a_name_and_a_level() -> None:
    assert STRAIT_CRISIS.holding("weather", "storm") == STRAIT_CRISIS.holding({"weather": "storm"})
    with pytest.raises(CrisisError, match="give a level for 'weather'"):
        STRAIT_CRISIS.holding("weather")


# Laws -------------------------------------------------------------------------------------------


@given(crises(), situations, actors)
def test_the_view_of_a_situation_is_the_situation_of_the_view(
    raw: Any, name: str, actor: str
) -> None:
    crisis = made(raw)
    assert crisis.as_seen_by(actor).in_situation(name) == crisis.in_situation(name).as_seen_by(
        actor
    )


@given(crises(), situations, actors, actors)
def test_nested_views_commute_with_situations_as_well(
    raw: Any, name: str, one: str, other: str
) -> None:
    crisis = made(raw)
    assert crisis.as_seen_by(one).in_situation(name).as_seen_by(other) == crisis.as_seen_by(
        one, other
    ).in_situation(name)


@given(crises(), situations, states(), st.sampled_from(PATHS))
def test_every_view_holds_in_every_situation(raw: Any, name: str, levels: Any, path: str) -> None:
    crisis = made(raw)
    claim = "south.interests.survive"
    belief = next((it for it in crisis.actors["north"].believes), None)
    views: list[Any] = [
        lambda it: it.holding(levels),
        lambda it: it.starting(levels),
        lambda it: it.under("bluff"),
        lambda it: it.without(claim),
        lambda it: it.patched({path: raw["situations"]["june"]["with"].get(path, _VALUE[path])}),
    ]
    if belief:
        views.append(lambda it: it.without(f"north.believes.{belief}"))
    for view in views:
        assert view(crisis).in_situation(name) == view(crisis.in_situation(name))


_VALUE = {
    "north.interests.cost.weight": 7, "north.interests.cost.holds": 0.5,
    "north.red_lines.line.weight": 1, "south.interests.survive.weight": 2,
    "south.decides": "every 2 days", "patron.looks_ahead": "3 months", "patron.precision": 1,
    "weather.calm.storm": "every 3 days",
}  # fmt: skip


@given(crises(), actors)
def test_seeing_twice_with_the_same_eyes_is_seeing_once(raw: Any, actor: str) -> None:
    seen = made(raw).as_seen_by(actor)
    assert seen.as_seen_by(actor).actors[actor] == seen.actors[actor]


@given(crises(), states())
def test_views_leave_the_crisis_alone_and_add_one_line(raw: Any, levels: Any) -> None:
    crisis, again = made(raw), made(raw)
    crisis.holding(levels).as_seen_by("north").in_situation("june")
    assert crisis == again
    assert crisis.digest == again.digest
    assert len(crisis.holding(levels).lineage) == 1


@given(crises(), situations)
def test_equal_crises_have_equal_hashes_whatever_their_lineage(raw: Any, name: str) -> None:
    one = made(raw).in_situation(name).without("south.interests.survive")
    other = made(raw).without("south.interests.survive").in_situation(name)
    assert one == other
    assert hash(one) == hash(other)
    assert one.lineage != other.lineage
    assert len({one, other}) == 1


@given(crises())
def test_a_crisis_survives_pickling(raw: Any) -> None:
    crisis = made(raw).in_situation("june").as_seen_by("patron")
    copy = pickle.loads(pickle.dumps(crisis))
    assert copy == crisis
    assert copy.lineage == crisis.lineage


def test_nothing_in_a_crisis_can_be_changed() -> None:
    with pytest.raises(TypeError, match="a crisis is immutable"):
        STRAIT_CRISIS.actors["east"] = STRAIT_CRISIS.actors["north"]  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        STRAIT_CRISIS.title = "Another"


def test_variables_are_options_in_file_order_and_then_conditions() -> None:
    assert list(STRAIT_CRISIS.variables) == [
        "north.blockade", "north.annex", "south.mines", "south.appeal", "patron.stance", "weather",
    ]  # fmt: skip
    assert STRAIT_CRISIS.variables["south.mines"] == ("no", "yes")
