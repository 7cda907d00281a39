"""What mistakes cost: every correction against the crisis without the belief."""

from __future__ import annotations

import numpy as np
import pytest

import oracle
from narrows import narrows, narrows_raw
from standoff import Crisis, CrisisError, UnknownNameError, Variation, find_corrections
from standoff.study.forecast import forecast
from strait import strait
from translate import Raw

CLOSE = 3e-4
FEAR = "north.believes.south.interests.fear.weight"
PACE = "north.believes.south.decides"
SEA = "south.believes.north.interests.sea.weight"


def chance(crisis: Crisis, question: str, *without: str) -> float:
    return forecast(crisis, question, variation=Variation(without=without)).central


def worths(raw: Raw, without: list[str]) -> dict[str, float]:
    """What each actor gets, by dense matrices."""
    crisis = oracle.prepared(raw, {"situation": "june", "without": without})
    world = oracle._world(crisis)
    generator = oracle.generator_of(crisis, 4, 1.5)
    start = world.start(crisis["state"])
    found = {}
    for actor, said in crisis["actors"].items():
        rate = 1 / oracle.days(said["looks_ahead"])
        right = rate * oracle.payoffs(crisis, world, actor)
        found[actor] = np.linalg.solve(rate * np.eye(len(right)) - generator, right)[start]
    return found


def test_costs_are_what_each_actor_would_gain_by_the_dense_oracle() -> None:
    found = find_corrections(narrows())
    before = worths(narrows_raw(), [])
    assert dict(found.worths) == pytest.approx(before, abs=1e-7)
    single = {each.beliefs[0]: each for each in found.one_by_one}
    for path in (FEAR, PACE, SEA, "patron.believes.storm.no.yes"):
        after = worths(narrows_raw(), [path])
        for actor, cost in single[path].costs.items():
            assert cost == pytest.approx(after[actor] - before[actor], abs=10 * CLOSE)
            assert single[path].worths[actor] == pytest.approx(after[actor], abs=10 * CLOSE)
    assert single[PACE].costs["north"] > 0.3, "it loses by its mistake"
    assert single[FEAR].costs["south"] < -0.3, "another gains by it"


def test_effects_are_those_of_leaving_the_belief_out() -> None:
    crisis = narrows()
    found = find_corrections(crisis, ["mined", "closed"])
    assert set(found.chances) == {"mined", "closed"}
    for each in found.one_by_one:
        if ".believes.patron.believes." in each.beliefs[0]:
            continue  # corrected, it is about what that one believes; left out, about nothing
        for question, effect in each.effects.items():
            left = chance(crisis, question, *each.beliefs)
            assert each.chances[question] == pytest.approx(left, abs=CLOSE)
            assert effect == pytest.approx(left - found.chances[question], abs=CLOSE)


def test_all_together_is_common_knowledge() -> None:
    crisis = narrows()
    found = find_corrections(crisis)
    paths = [belief.path for belief in found.beliefs]
    assert found.together is not None
    assert list(found.together.beliefs) == paths
    assert found.together.holder is None
    for question in ("mined", "closed"):
        left = chance(crisis, question, *paths)
        assert found.together.chances[question] == pytest.approx(left, abs=CLOSE)
    after = worths(narrows_raw(), paths)
    assert dict(found.together.worths) == pytest.approx(after, abs=10 * CLOSE)


def test_all_of_one_actors_beliefs_leave_the_others_theirs() -> None:
    crisis = narrows()
    found = find_corrections(crisis, ["mined"])
    assert [each.holder for each in found.by_holder] == ["north", "south", "patron"]
    north = found.by_holder[0]
    believed = "north.believes.patron.believes.south.interests.fear.weight"
    assert set(north.beliefs) == {b.path for b in found.beliefs if b.holder == "north"}
    # Of the patron it then believes what the patron does believe.
    gone = tuple(path for path in north.beliefs if path != believed)
    view = Variation(without=gone, with_={believed: 0.25})
    expected = forecast(crisis, "mined", variation=view).central
    assert north.chances["mined"] == pytest.approx(expected, abs=CLOSE)


def test_what_is_believed_stands_beside_what_is_so() -> None:
    beliefs = {each.path: each for each in find_corrections(narrows()).beliefs}
    fear = beliefs[FEAR]
    assert (fear.holder, fear.thinks, fear.in_fact, fear.mistaken) == ("north", "0.5", "2", True)
    assert (fear.because, fear.source) == ("It has always given in.", "brief p2")
    right = beliefs["north.believes.patron.interests.peace.weight"]
    assert (right.thinks, right.in_fact, right.mistaken) == ("4", "4", False)
    about = beliefs["north.believes.patron.believes.south.interests.fear.weight"]
    assert (about.thinks, about.in_fact) == ("6", "0.25")
    assert beliefs["patron.believes.storm.no.yes"].in_fact == "every 10 days"
    pace = beliefs[PACE].in_fact
    assert pace == "every 3 days when north.close >= half; every 9 days"


def test_the_largest_effect_comes_first_and_only_mistakes_are_corrected() -> None:
    found = find_corrections(narrows())
    sizes = [each.largest for each in found.one_by_one]
    assert sizes == sorted(sizes, reverse=True)
    wrong = {belief.path for belief in found.beliefs if belief.mistaken}
    assert {each.beliefs[0] for each in found.one_by_one} == wrong
    assert len(wrong) == len(found.beliefs) - 1


def test_where_nobody_is_mistaken_there_is_nothing_to_correct() -> None:
    raw = narrows_raw()
    for actor in raw["actors"].values():
        actor.pop("believes")
    raw["actors"]["north"]["believes"] = {"south.interests.fear.weight": "1..3"}
    found = find_corrections(narrows(actors=raw["actors"]))
    assert (found.one_by_one, found.by_holder, found.together) == ((), (), None)
    assert [belief.mistaken for belief in found.beliefs] == [False]
    assert set(found.worths) == {"north", "south", "patron"}


def test_questions_are_those_of_the_latest_situation_unless_named() -> None:
    assert set(find_corrections(narrows()).chances) == {"mined", "closed"}
    assert find_corrections(narrows()).situation == "june"
    assert set(find_corrections(narrows(), ["came"]).chances) == {"came"}
    assert find_corrections(narrows(), ["came"]).situation == "may"
    moved = find_corrections(narrows(), ["came", "mined"], variation=Variation(situation="may"))
    assert moved.situation == "may"
    assert moved.chances["came"] == pytest.approx(chance(narrows(), "came"), abs=1e-7)


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(CrisisError, match="different situations"):
        find_corrections(narrows(), ["mined", "came"])
    with pytest.raises(CrisisError, match="lasting"):
        find_corrections(narrows(), ["holds"])
    with pytest.raises(UnknownNameError, match="mined"):
        find_corrections(narrows(), ["mind"])


def test_a_crisis_without_situations_is_taken_as_it_stands() -> None:
    raw = strait()
    crisis = narrows(**{**raw, "situations": {}, "questions": {"open": raw["questions"]["open"]}})
    found = find_corrections(crisis)
    assert found.situation is None
    assert set(found.chances) == {"open"}
