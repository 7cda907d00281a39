"""Changing a crisis before asking: the order of changes, and what equals what."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from standoff.crisis import Crisis, CrisisError
from standoff.study.forecast import forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.variation import AS_IT_IS, Variation
from strait import strait
from strategies import FORMS, Raw, crises, levels_of, loaded


@pytest.fixture(scope="module")
def crisis() -> Crisis:
    return loaded(strait())


def test_no_variation_is_the_crisis_itself(crisis: Crisis) -> None:
    assert Variation() == AS_IT_IS
    assert AS_IT_IS.of(crisis) is crisis
    assert AS_IT_IS.of(crisis, "january") == crisis.in_situation("january")


def test_a_variations_situation_wins_over_the_questions(crisis: Crisis) -> None:
    variation = Variation(situation="autumn")
    assert variation.of(crisis, "january") == crisis.in_situation("autumn")
    assert forecast(crisis, "mines", variation=variation).situation == "autumn"


def test_a_crisis_in_a_situation_stays_there(crisis: Crisis) -> None:
    there = crisis.in_situation("autumn")
    assert Variation().of(there, "january") is there
    assert forecast(there, "mines").situation == "autumn"


def test_each_part_is_the_view_of_its_name(crisis: Crisis) -> None:
    base = crisis.in_situation("january")
    path = "north.interests.cost.weight"
    views = [
        (Variation(under="bluff"), base.under("bluff")),
        (Variation(with_={path: 3}), base.patched({path: 3})),
        (Variation(without=("north.interests.cost",)), base.without("north.interests.cost")),
        (Variation(starting={"weather": "storm"}), base.starting("weather", "storm")),
        (Variation(holding={"weather": "storm"}), base.holding("weather", "storm")),
        (Variation(seen_by=("north", "south")), base.as_seen_by("north", "south")),
    ]
    for variation, view in views:
        assert variation.of(crisis, "january") == view
        assert variation.of(crisis, "january").lineage == view.lineage
        assert view != base


def test_what_is_left_out_is_left_out_whatever_was_said_of_it(crisis: Crisis) -> None:
    path = "north.red_lines.mines"
    both = Variation(with_={f"{path}.weight": 9}, without=(path,))
    assert both.of(crisis) == crisis.without(path)
    said = Variation(under="bluff", with_={"north.interests.cost.weight": 0})
    assert said.of(crisis) == crisis.patched({"north.interests.cost.weight": 0})


def test_what_is_so_and_what_is_held_may_need_each_other(crisis: Crisis) -> None:
    # In January the sea is open; annexed and mined at once can never be.
    base = crisis.in_situation("january").starting("south.mines", "yes")
    variation = Variation(starting={"south.mines": "no"}, holding={"north.annex": "yes"})
    with pytest.raises(CrisisError, match="never"):
        base.holding("north.annex", "yes")
    levels = variation.of(base).start
    assert (levels["south.mines"], levels["north.annex"]) == ("no", "yes")
    other = Variation(starting={"north.annex": "yes"}, holding={"south.mines": "no"})
    assert other.of(base).start == levels
    assert 0 <= forecast(base, "mines", variation=other).central <= 1


def test_what_is_held_wins_over_what_is_so(crisis: Crisis) -> None:
    variation = Variation(starting={"weather": "storm"}, holding={"weather": "calm"})
    assert variation.of(crisis).start["weather"] == "calm"


@settings(max_examples=15)
@given(crises())
def test_asking_in_a_view_is_asking_of_the_view(raw: Raw) -> None:
    crisis, hierarchy = loaded(raw), Hierarchy(depth=3)
    for actor in crisis.actors:
        there = crisis.in_situation("later")
        asked = Variation(situation="later", seen_by=(actor,))
        for form in FORMS:
            mine = forecast(crisis, form, variation=asked, depth=3, hierarchy=hierarchy).central
            view = forecast(there.as_seen_by(actor), form, depth=3).central
            assert mine == pytest.approx(view, abs=1e-10)


@settings(max_examples=25)
@given(crises())
def test_the_view_of_a_situation_is_the_situation_of_the_view(raw: Raw) -> None:
    crisis = loaded(raw)
    for actor in crisis.actors:
        view = crisis.in_situation("later").as_seen_by(actor)
        assert crisis.as_seen_by(actor).in_situation("later") == view


@settings(max_examples=15)
@given(crises())
def test_an_explanation_is_its_patch(raw: Raw) -> None:
    patch = raw["situations"]["later"]["with"]
    assume(patch)
    raw["explanations"] = {"other": {"asks": "?", "with": patch}}
    crisis = loaded(raw)
    under, patched = (
        forecast(crisis, "within", variation=variation, depth=2).central
        for variation in (Variation(under="other"), Variation(with_=patch))
    )
    assert under == patched
    there = forecast(crisis, "at", variation=Variation(situation="later"), depth=2).central
    start = {**raw["situations"]["later"]["state"]}
    alike = Variation(with_=patch, starting=start)
    assert forecast(crisis, "at", variation=alike, depth=2).central == pytest.approx(
        there, abs=1e-10
    )


@settings(max_examples=15)
@given(crises(), st.data())
def test_holding_what_nothing_would_change_changes_nothing(raw: Raw, data: st.DataObject) -> None:
    """An actor that is alone in deciding a thing, and that has been made unable to."""
    name = data.draw(st.sampled_from(sorted(levels_of(raw))))
    if "." in name:
        actor, option = name.split(".")
        raw["actors"][actor]["options"][option] |= {"irreversible": "up", "requires": "false"}
    else:
        raw["conditions"][name]["changes"] = []
    raw["situations"] = {}
    for block in raw["actors"].values():
        block["believes"] = {}
    crisis = loaded(raw)
    level = crisis.start[name]
    for form in FORMS:
        held = forecast(crisis.holding(name, level), form, depth=2).central
        assert held == pytest.approx(forecast(crisis, form, depth=2).central, abs=1e-7)
