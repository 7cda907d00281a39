"""Changes, in numbers and as views: both give what a forecast of the changed crisis gives."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from narrows import narrows, narrows_raw
from random_crises import random_crisis
from standoff import Crisis, Variation, loads
from standoff.crisis.uncertain import numbered
from standoff.solve.worth import worth_at_start
from standoff.study.asking import Settings, situated
from standoff.study.changes import Change, Changer
from standoff.study.forecast import forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.removal import claims_of
from standoff.study.trials import Trials
from standoff.study.variation import AS_IT_IS

CLOSE = 3e-4  # values in versions are solved for to 1e-4 of the payoffs' spread

FEAR = "north.believes.south.interests.fear.weight"
SECOND = "patron.believes.south.interests.fear.weight"
THIRD = "north.believes.patron.believes.south.interests.fear.weight"
UNHELD = "north.believes.patron.believes.south.interests.gain.weight"
PACE = "north.believes.south.decides"
RATE = "patron.believes.storm.no.yes"

ALONE = [
    (Change("left out", "south.red_lines.closed"), {"without": ("south.red_lines.closed",)}),
    (Change("weight", "north.interests.sea", 4.0), {"with_": {"north.interests.sea.weight": 4}}),
    (Change("held", "storm", "no"), {"holding": {"storm": "no"}}),
    (Change("held", "patron.come", "yes"), {"holding": {"patron.come": "yes"}}),
    (Change("corrected", FEAR), {"without": (FEAR,)}),
    (Change("corrected", PACE), {"without": (PACE,)}),
    (Change("corrected", RATE), {"without": (RATE,)}),
    (Change("corrected", THIRD), {"with_": {THIRD: 0.25}}),  # what the patron really believes
    (Change("corrected", UNHELD), {"with_": {UNHELD: 1.5}}),  # it has no such belief: what is so
]
TOGETHER = [
    (
        (Change("corrected", THIRD), Change("corrected", SECOND)),
        {"without": (SECOND,), "with_": {THIRD: 2}},
    ),
    (
        (Change("corrected", FEAR), Change("weight", "south.interests.fear", 5.0)),
        {"without": (FEAR,), "with_": {"south.interests.fear.weight": 5}},
    ),
    (
        (Change("corrected", PACE), Change("left out", "south.interests.gain"),
         Change("held", "storm", "yes")),
        {"without": (PACE, "south.interests.gain"), "holding": {"storm": "yes"}},
    ),
]  # fmt: skip


def trials(crisis: Crisis, *questions: str) -> Trials:
    here = situated(crisis, questions[0], AS_IT_IS)
    return Trials(here, questions, Settings(), Hierarchy(), worths=True)


def directly(crisis: Crisis, question: str, variation: Variation) -> tuple[float, dict[str, float]]:
    changed = situated(crisis, question, variation)
    worths = worth_at_start(Hierarchy().chain(changed))
    chance = forecast(crisis, question, variation=variation).central
    return chance, {name: float(found[0]) for name, found in worths.items()}


@pytest.mark.parametrize(("changes", "views"), [((one,), v) for one, v in ALONE] + TOGETHER)
def test_changes_give_what_the_views_give(
    changes: tuple[Change, ...], views: dict[str, object]
) -> None:
    crisis = narrows()
    tried = trials(crisis, "mined", "closed")
    (outcome,) = tried.outcomes([changes])
    exact = tried.exact(changes)
    for question in ("mined", "closed"):
        chance, worths = directly(crisis, question, Variation(**views))  # type: ignore[arg-type]
        assert exact.chances[question] == pytest.approx(chance, abs=1e-8)
        assert exact.worths == pytest.approx(worths, abs=1e-7)
        assert outcome.chances[question] == pytest.approx(chance, abs=CLOSE)
        assert outcome.worths == pytest.approx(worths, abs=10 * CLOSE)
    before, _ = directly(crisis, "closed", AS_IT_IS)
    assert tried.central.chances["closed"] == pytest.approx(before, abs=1e-8)


def test_every_change_of_the_example_matters() -> None:
    tried = trials(narrows(), "mined", "closed")
    for change, _ in ALONE:
        if change.path in (THIRD, UNHELD):  # beliefs about beliefs do little
            continue
        (outcome,) = tried.outcomes([[change]])
        moved = [abs(outcome.chances[q] - tried.central.chances[q]) for q in outcome.chances]
        assert max(moved) > 5 * CLOSE, change


def test_what_is_a_number_is_not_solved_as_a_game_of_its_own() -> None:
    crisis, entries = numbered(narrows().in_situation("june"))
    changer = Changer(crisis, entries)
    numbers = {change.path: changer.is_number(change) for change, _ in ALONE}
    assert [path for path, number in numbers.items() if not number] == [
        "storm", "patron.come", PACE, RATE,
    ]  # fmt: skip


@pytest.mark.parametrize(("when", "number"), [("north.close >= half", True), ("storm", False)])
def test_times_between_decisions_are_numbers_where_they_apply_in_the_same_states(
    when: str, number: bool
) -> None:
    actors = narrows_raw()["actors"]
    actors["north"]["believes"] = {
        "south.decides": [{"every": "8 days", "when": when}, {"every": "20 days"}]
    }
    here = narrows(actors=actors).in_situation("june")
    assert Changer(*numbered(here)).is_number(Change("corrected", PACE)) is number
    tried = Trials(here, ["mined"], Settings(depth=2), Hierarchy(depth=2))
    (outcome,) = tried.outcomes([[Change("corrected", PACE)]])
    left = forecast(here, "mined", variation=Variation(without=(PACE,)), depth=2).central
    assert outcome.chances["mined"] == pytest.approx(left, abs=CLOSE)


def test_a_belief_that_is_right_changes_nothing_when_corrected() -> None:
    tried = trials(narrows(), "mined")
    right = Change("corrected", "north.believes.patron.interests.peace.weight")
    assert tried.outcomes([[right]])[0].chances == tried.central.chances
    beside, _ = tried.outcomes([[right], [Change("corrected", FEAR)]])
    assert beside.chances == tried.central.chances, "also where it is solved beside others"
    assert beside.worths == tried.central.worths
    (both,) = tried.outcomes([[right, Change("corrected", FEAR)]])
    (one,) = tried.outcomes([[Change("corrected", FEAR)]])
    assert both.chances == one.chances


@pytest.mark.parametrize("seed", range(10))
def test_numbers_and_views_agree_in_random_crises(seed: int) -> None:
    crisis = loads(json.dumps(random_crisis(seed)))
    question = next(name for name, each in crisis.questions.items() if each.lasting is None)
    here = situated(crisis, question, AS_IT_IS)
    changes = []
    for claim in claims_of(here):
        if claim.kind == "belief":
            changes.append(Change("corrected", claim.path))
        else:
            changes += [Change("left out", claim.path), Change("weight", claim.path, 2.5)]
    sets = [[one] for one in changes]
    sets += [list(pair) for pair in combinations(changes, 2) if pair[0].path != pair[1].path][::7]
    tried = Trials(here, [question], Settings(depth=2), Hierarchy(depth=2), worths=True)
    for outcome in tried.outcomes(sets):
        exact = tried.exact(outcome.changes)
        assert outcome.chances == pytest.approx(exact.chances, abs=5 * CLOSE), outcome.changes
        scale = 1 + max(map(abs, exact.worths.values()))
        assert outcome.worths == pytest.approx(exact.worths, abs=20 * CLOSE * scale)


def test_it_does_not_matter_how_many_processes_share_the_work() -> None:
    crisis = narrows().in_situation("june")
    sets = [[Change("weight", "north.interests.sea", 0.5 * n)] for n in range(2, 30)]
    alone, shared = (
        Trials(crisis, ["mined"], Settings(), Hierarchy(), worths=True, workers=workers).outcomes(
            sets
        )
        for workers in (1, 2)
    )
    assert alone == shared
