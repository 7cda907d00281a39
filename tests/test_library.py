"""The shipped crises: each is data with sources, a README in fixed sections, and expectations."""

import datetime
import os
import re
from importlib.resources import files

import pytest

import standoff
from standoff.crisis import Crisis
from standoff.crisis.lints import claims_of, warnings_of

NAMES = standoff.library_names()
SECTIONS = [
    "What it is",
    "How to read it",
    "Things to notice",
    "Things to try",
    "What it leaves out",
]
ROWS = [f"s{row:02}" for row in range(1, 20)]


@pytest.fixture(scope="module", params=NAMES)
def crisis(request: pytest.FixtureRequest) -> Crisis:
    return standoff.load(request.param)


def readme(name: str) -> str:
    return (files("standoff") / "library" / name / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_its_readme_has_the_fixed_sections(name: str) -> None:
    assert re.findall(r"^## (.*)$", readme(name), flags=re.MULTILINE) == SECTIONS


def test_it_survives_being_written_and_read_again(crisis: Crisis) -> None:
    assert standoff.loads(standoff.dumps(crisis)) == crisis


def test_every_claim_cites_a_source(crisis: Crisis) -> None:
    assert [path for path, source in claims_of(crisis) if not source] == []


def test_nothing_is_wrong_with_it_but_that_some_actors_have_one_option(crisis: Crisis) -> None:
    """Even that is not wrong: a conflict may be about one choice each."""
    assert [fault for fault in warnings_of(crisis) if fault.code != "SW002"] == []


def test_every_interest_red_line_belief_and_rate_has_a_reason(crisis: Crisis) -> None:
    bare = [
        (name, key)
        for name, actor in crisis.actors.items()
        for section in (actor.interests, actor.red_lines, actor.believes)
        for key, claim in section.items()
        if not claim.because
    ]
    bare += [
        (name, change.to)
        for name, condition in crisis.conditions.items()
        for change in condition.changes
        if not (change.because or condition.because)
    ]
    assert bare == []


def test_every_order_of_preference_has_a_reason(crisis: Crisis) -> None:
    ordinal = [actor for actor in crisis.actors.values() if actor.ordinal]
    assert [actor.name for actor in ordinal if not (actor.because and actor.source)] == []


def test_every_conclusion_of_its_assessment_follows_from_it(crisis: Crisis) -> None:
    verdicts = standoff.check_expectations(crisis, workers=os.cpu_count() or 1)
    assert len(verdicts) == len(crisis.expects) > 0
    assert [name for name, verdict in verdicts.items() if not verdict.holds] == []


def test_karabakh_has_an_expectation_for_each_of_the_essays_systems() -> None:
    crisis = standoff.load("karabakh-2020")
    rows = {name.split("_")[0] for name in crisis.expects}
    assert rows == set(ROWS)
    assert all(expected.source for expected in crisis.expects.values())
    compared = [name for name, expected in crisis.expects.items() if expected.more_likely]
    assert len(compared) > len(crisis.expects) / 2


def test_karabakh_is_a_real_crisis_of_the_size_that_was_asked_for() -> None:
    crisis = standoff.load("karabakh-2020")
    assert {"azerbaijan", "armenia", "russia", "turkey", "west"} <= set(crisis.actors)
    assert 5_000 <= crisis_states(crisis) <= 60_000


def test_karabakh_knows_nothing_after_the_first_of_november_2020() -> None:
    crisis = standoff.load("karabakh-2020")
    last = datetime.date(2020, 11, 1)
    assert max(situation.as_of for situation in crisis.situations.values()) == last
    assert all(str(entry.date) <= "2020-11-01" for entry in crisis.record)


def crisis_states(crisis: Crisis) -> int:
    number = 1
    for levels in crisis.variables.values():
        number *= len(levels)
    return number
