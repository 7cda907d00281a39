"""All that is told of a crisis and of one state, put together from what is tested by itself."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest

import graph_oracle
from graph_oracle import CONCEPTS
from random_crises import random_crisis
from random_graphs import random_graph_crisis
from standoff.crisis import CrisisError, UnknownNameError
from standoff.solve import coalitions
from standoff.study import survey
from standoff.study.one_state import survey_state
from standoff.study.perceptions import (
    Corrections,
    Perceptions,
    find_corrections,
    find_perceptions,
    kinds_of,
    nearest_to,
    read_state,
    surprises_of,
)
from standoff.study.stability import differing, explain_state, find_stable
from standoff.study.survey import (
    NEAREST,
    Mistakes,
    compare_situations,
    survey_stability,
    tell_mistakes,
)
from standoff.study.uncertainty import DRAWS, find_shares
from standoff.study.variation import Variation
from strategies import loaded
from twice import believing, bluff, doubtful, equilibria_of, twice

Raw = dict[str, Any]


@functools.cache
def mistaken() -> list[tuple[int, Perceptions, Mistakes]]:
    found = []
    for seed in range(36):
        perceptions = find_perceptions(loaded(believing(seed, limit=16, ordinal=seed % 4 == 0)))
        found.append((seed, perceptions, tell_mistakes(perceptions, "seq")))
    return found


@functools.cache
def corrections_in(seed: int) -> Corrections:
    return find_corrections(mistaken()[seed][1], "seq")


# --------------------------------------------------------------------------------- the whole crisis


def test_equilibria_are_counted_and_the_start_is_explained() -> None:
    for seed in range(20):
        each = twice(random_graph_crisis(seed, limit=24))
        found = survey_stability(each.crisis, draws=0, count=3)
        counts = {concept: len(states) for concept, states in equilibria_of(each.explicit).items()}
        assert found.counts == counts, seed
        assert found.start == explain_state(each.stability, each.stability.start)
        assert len(found.equilibria) == min(
            3, len(set.union(*equilibria_of(each.explicit).values()))
        )
        assert found.shares is None
        assert found.mistakes is None
        assert found.concept == "seq"
        assert all(equilibrium.shares == {} for equilibrium in found.equilibria)


def test_shares_and_coalitions_are_those_found_alone() -> None:
    each = twice(doubtful(7, limit=16))
    found = survey_stability(each.crisis, draws=8, seed=3)
    alone = find_shares(each.stability, 8, 3)
    assert found.shares is not None
    assert found.shares.uncertain
    assert found.coalitions is not None
    expected = graph_oracle.stable_for_coalitions(each.explicit)
    for concept in CONCEPTS:
        np.testing.assert_array_equal(found.shares.equilibria[concept], alone.equilibria[concept])
        for coalition, states in expected[concept].items():
            assert each.named(found.coalitions[concept][coalition]) == states
    for equilibrium in found.equilibria:
        shares = {c: float(alone.equilibria[c][equilibrium.state]) for c in CONCEPTS}
        assert equilibrium.shares == shares
        assert equilibrium.no_coalition is not None


def test_coalitions_of_a_large_crisis_are_left_out_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crisis = loaded(random_graph_crisis(0, limit=16))
    assert survey_stability(crisis, draws=0).not_computed == ()
    monkeypatch.setattr(coalitions, "MOST_STATES", 3)
    found = survey_stability(crisis, draws=0)
    assert found.coalitions is None
    assert all(equilibrium.no_coalition is None for equilibrium in found.equilibria)
    (said,) = found.not_computed
    assert said.startswith("Coalitions are computed for crises of up to 3 states")
    assert said.endswith(".")


def test_draws_of_a_large_crisis_are_taken_if_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crisis = loaded(doubtful(7, limit=16))
    found = survey_stability(crisis)
    assert found.shares is not None
    assert found.shares.draws == DRAWS
    size = found.stability.space.size
    monkeypatch.setattr(survey, "MOST_DRAWN", DRAWS * size)
    assert survey_stability(crisis).shares is not None
    monkeypatch.setattr(survey, "MOST_DRAWN", DRAWS * size - 1)
    without = survey_stability(crisis)
    assert without.shares is None
    (said,) = [each for each in without.not_computed if "draws" in each]
    assert f"{DRAWS} draws; `--draws N`" in said
    asked = survey_stability(crisis, draws=DRAWS)
    assert asked.shares is not None
    assert asked.not_computed == found.not_computed


def test_no_shares_are_taken_while_conditions_run() -> None:
    crisis = loaded(running())
    found = survey_stability(crisis, conditions="running", draws=4)
    assert found.stability.conditions == "running"
    assert found.shares is None
    assert "Shares of draws are taken with conditions held." in found.not_computed
    asked = survey_stability(crisis, conditions="running", draws=0)
    assert not any("Shares" in said for said in asked.not_computed)


def running() -> Raw:
    raw = next(r for seed in range(99) if (r := random_graph_crisis(seed, limit=12))["conditions"])
    return raw


def test_views_are_left_out_where_there_is_no_room_or_nobody_believes_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crisis = loaded(believing(1, limit=16))
    found = survey_stability(crisis, draws=0)
    assert found.mistakes is not None
    monkeypatch.setattr(survey, "MOST_SEEN", found.stability.space.size)
    assert survey_stability(crisis, draws=0).mistakes is not None
    monkeypatch.setattr(survey, "MOST_SEEN", found.stability.space.size - 1)
    without = survey_stability(crisis, draws=0)
    assert without.mistakes is None
    assert any("Views are compared" in said for said in without.not_computed)
    nobody = survey_stability(loaded(random_graph_crisis(1, limit=16)), draws=0)
    assert nobody.mistakes is None
    assert not any("Views" in said for said in nobody.not_computed)


# --------------------------------------------------------------------------------- who is mistaken


def test_the_nearest_states_that_last_by_mistake_are_told_with_what_would_end_them() -> None:
    told = 0
    for seed, perceptions, found in mistaken():
        where = kinds_of(perceptions, "seq")["mistaken"]
        nearest = nearest_to(perceptions.truth.start, where)
        assert found.held_count == len(nearest)
        assert [held.reading.state for held in found.held] == nearest[:NEAREST], seed
        for held in found.held:
            corrections = corrections_in(seed)
            assert held.reading == read_state(perceptions, held.reading.state, "seq")
            assert held.reading.kind == "mistaken"
            assert held.corrections == corrections.of(held.reading.state)
            assert held.only_together == corrections.only_together(held.reading.state)
            told += 1
    assert told > 2


def test_no_more_states_are_told_than_are_near_though_all_are_counted() -> None:
    raw = bluff()
    idle = {"options": {name: ["no", "yes"] for name in ("x", "y", "z")}}
    raw["actors"]["idle"] = {**raw["actors"]["south"], **idle, "interests": {}}
    found = survey_stability(loaded(raw), draws=0).mistakes
    assert found is not None
    assert found.held_count == 8
    assert len(found.held) == NEAREST == 3
    assert all(len(held.corrections) == 1 for held in found.held)


def test_each_actors_nearest_surprises_are_told_with_what_would_open_its_eyes() -> None:
    told = opened = 0
    for seed, perceptions, found in mistaken():
        expected = [
            surprise
            for actor in perceptions.actors
            for surprise in list(surprises_of(perceptions, actor, "seq"))[:NEAREST]
        ]
        assert list(found.surprises) == expected, seed
        assert len(found.eye_openers) == len(expected)
        corrections = corrections_in(seed)
        for surprise, openers in zip(found.surprises, found.eye_openers, strict=True):
            assert openers == corrections.opening_eyes(surprise.actor, surprise.move.source)
            opened += bool(openers)
        told += len(expected)
    assert told > 30
    assert opened > 10


def test_who_is_wrong_about_the_start_is_told_what_would_show_it() -> None:
    kinds = set()
    for seed, perceptions, found in mistaken():
        start = perceptions.truth.start
        assert found.start == read_state(perceptions, start, "seq")
        lasts = bool(perceptions.lasting("seq")[start])
        wrong = [
            actor
            for actor in perceptions.actors
            if bool(perceptions.regarded(actor, "seq")[start]) != lasts
        ]
        corrections = corrections_in(seed)
        expected = [c for actor in wrong for c in corrections.opening_eyes(actor, start)]
        assert list(found.start_openers) == expected, seed
        kinds.add((lasts, bool(expected)))
    assert {(True, True), (False, True)} <= kinds


def test_situations_are_compared_in_the_order_of_their_dates() -> None:
    for seed in range(40):
        raw = random_crisis(seed)
        if len(raw.get("situations", {})) == 2 and len(raw["actors"]) < 4:
            break
    raw["situations"]["spring"]["as_of"] = "2026-09-09"
    raw["situations"]["autumn"]["as_of"] = "2025-03-09"
    for variation in (Variation(), Variation(without=("amber.interests.aim0",))):
        found = compare_situations(loaded(raw), variation=variation, concept="sseq")
        assert list(found) == ["autumn", "spring"]
        for name, mistakes in found.items():
            crisis = variation.of(loaded(raw), name)
            alone = find_perceptions(crisis)
            assert mistakes.perceptions.truth.crisis == crisis
            assert mistakes.start == read_state(alone, alone.truth.start, "sseq")
    raw["situations"]["spring"]["as_of"] = "2024-09-09"
    assert list(compare_situations(loaded(raw))) == ["spring", "autumn"]
    assert compare_situations(loaded(believing(1, limit=16))) == {}


# --------------------------------------------------------------------------------------- one state


def test_a_state_is_explained_by_everything_that_is_known_of_it() -> None:
    corrected = 0
    for seed, perceptions, _ in mistaken():
        crisis, space, start = (
            getattr(perceptions.truth, it) for it in ("crisis", "space", "start")
        )
        readings = [read_state(perceptions, state, "seq") for state in space]
        for reading in [readings[0], *[r for r in readings if r.mistaken][:2]]:
            state = reading.state
            found = survey_state(crisis, differing(space, state, start))
            assert (found.state, found.concept) == (state, "seq"), seed
            assert found.cells == explain_state(perceptions.truth, state)
            if not any(actor.believes for actor in crisis.actors.values()):
                assert (found.reading, found.own, found.corrections) == (None, {}, ())
                continue
            assert found.reading == reading
            assert tuple(found.own) == tuple(found.views) == reading.mistaken
            for actor, cells in found.own.items():
                view = find_stable(crisis.as_seen_by(actor))
                assert cells == tuple(c for c in explain_state(view, state) if c.actor == actor)
            if reading.mistaken:
                corrections = corrections_in(seed)
                assert found.corrections == corrections.of(state)
                assert found.only_together == corrections.only_together(state)
                corrected += bool(found.corrections)
            else:
                assert (found.corrections, found.only_together) == ((), ())
    assert corrected > 5


def test_the_coalitions_that_would_leave_a_state_are_named() -> None:
    leaving = 0
    for seed in range(12):
        each = twice(random_graph_crisis(seed, limit=12))
        expected = graph_oracle.stable_for_coalitions(each.explicit)
        for state, name in each.names.items():
            levels = differing(each.stability.space, state, each.stability.start)
            found = survey_state(each.crisis, levels)
            assert found.leaving is not None
            assert found.reading is None
            for concept, cells in expected.items():
                who = tuple(h for h, states in cells.items() if len(h) > 1 and name not in states)
                assert found.leaving[concept] == who, (seed, name)
                leaving += len(who)
    assert leaving > 50


def test_coalitions_of_a_large_crisis_are_left_out_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(coalitions, "MOST_STATES", 3)
    found = survey_state(loaded(random_graph_crisis(0, limit=16)), {})
    assert found.leaving is None
    assert any(said.startswith("Coalitions are computed") for said in found.not_computed)


def test_a_state_that_is_not_known_is_refused() -> None:
    raw = running()
    crisis = loaded(raw)
    option, levels = next((n, ls) for n, ls in crisis.variables.items() if "." in n)
    with pytest.raises(UnknownNameError, match="no option or condition"):
        survey_state(crisis, {f"{option}x": levels[0]})
    with pytest.raises(UnknownNameError, match="level"):
        survey_state(crisis, {option: f"{levels[0]}x"})
    condition = next(iter(crisis.conditions))
    other = next(ls for ls in crisis.variables[condition] if ls != crisis.start[condition])
    with pytest.raises(
        CrisisError, match=f"{condition} is held at .*--starting {condition}={other}"
    ):
        survey_state(crisis, {condition: other})
    assert survey_state(crisis, {condition: crisis.start[condition]}).state
    held = crisis.holding(option, crisis.start[option])
    other = next(ls for ls in levels if ls != crisis.start[option])
    with pytest.raises(CrisisError, match=f"{option} is held at '{crisis.start[option]}'$"):
        survey_state(held, {option: other})


def test_a_state_that_can_never_be_is_refused() -> None:
    raw = bluff()
    raw["never"] = ["north.advance and south.fight"]
    both = {"north.advance": "yes", "south.fight": "yes"}
    with pytest.raises(
        CrisisError, match=r"north\.advance = yes, south\.fight = yes, .*can never be"
    ):
        survey_state(loaded(raw), both)
    raw["state"] = {"south.fight": "yes"}
    with pytest.raises(CrisisError, match=r"north\.advance = yes, .*can never be"):
        survey_state(loaded(raw), {"north.advance": "yes"})
