"""`standoff scenarios` and `standoff indices`, on the screen and as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from calling import Call

STRAIT = str(Path(__file__).with_name("test_cli_strait.yaml"))

UNSURE = """\
crisis: Whether it is wanted
sources: {note: {title: A note}}
actors:
  red:
    decides: every 5..6 days
    looks_ahead: 60 days
    options: {march: [no, yes]}
    interests:
      land: {seeks: march, weight: major, holds: 60%, source: note p4}
      cost: {avoids: march, weight: minor, source: note p5}
conditions:
  snow: {levels: [none, deep], changes: [{from: none, to: deep, rate: every 20 days}]}
questions:
  march_30: {asks: Will Red march within 30 days?, event: red.march, within: 30 days}
  snow_at_last: {asks: Will there be snow on day 30?, event: snow == deep, at: 30 days}
"""


@pytest.fixture
def unsure(tmp_path: Path) -> str:
    file = tmp_path / "crisis.yaml"
    file.write_text(UNSURE)
    return str(file)


def words(text: str) -> str:
    return " ".join(text.split())


def test_scenarios_are_named_explained_and_told(call: Call, unsure: str) -> None:
    status, out, err = call("scenarios", unsure, "--draws", "64", "--workers", "1")
    assert (status, err) == (0, "")
    said = words(out)
    assert "They separate into 2" in said
    assert "1. March more likely: 39 of 64 draws (61%)" in said
    assert "Where red: interest land holds (60%; note p4): density 100%, coverage 100%" in said
    assert "red: interest land does not hold (60%; note p4)" in said
    assert "red: march becomes yes, in above 99%" in said
    assert "cross-validation" in said
    assert max(map(len, out.splitlines())) <= 80


def test_one_scenario_is_said_to_be_one(call: Call) -> None:
    status, out, _ = call("scenarios", STRAIT, "--draws", "16", "--workers", "1")
    assert status == 0
    assert "Their answers hardly differ: they are one scenario." in words(out)
    assert "1. All draws: 16 of 16 draws (100%)" in out


def test_json_has_every_number_of_the_scenarios(call: Call, unsure: str) -> None:
    found = json.loads(call("scenarios", unsure, "--draws", "64", "--json", "--workers", "1")[1])
    assert found["questions"] == ["march_30", "snow_at_last"]
    assert found["draws"] == 64
    assert sum(each["share"] for each in found["scenarios"]) == pytest.approx(1)
    first = found["scenarios"][0]
    (limit,) = first["rules"][0]["limits"]
    assert (limit["path"], limit["source"]) == ("red.interests.land.holds", "note p4")
    assert first["rules"][0]["density"] == first["density"] == 1.0
    assert first["outcomes"]["march_30"]["otherwise"] is not None
    assert {step["variable"] for step in first["story"]["steps"]} <= {"red.march", "snow"}
    assert found["separations"][0]["groups"] == 2


def test_the_situation_and_the_questions_can_be_chosen(call: Call) -> None:
    drawn = ("--draws", "8", "--workers", "1", "--json")
    autumn = json.loads(call("scenarios", STRAIT, "--situation", "autumn", *drawn)[1])
    assert (autumn["situation"], autumn["questions"]) == ("autumn", ["open"])
    chosen = json.loads(call("scenarios", STRAIT, "--question", "mines", *drawn)[1])
    assert (chosen["situation"], chosen["questions"]) == ("january", ["mines"])


def test_indices_are_shares_with_intervals(call: Call, unsure: str) -> None:
    asked = ("indices", unsure, "--question", "march_30", "--workers", "1")
    status, out, err = call(*asked)
    assert (status, err) == (0, "")
    said = words(out)
    assert said.index("Will Red march within 30 days?") < said.index("WHAT IT COMES FROM")
    assert "red: interest land (60%; note p4) by itself" in said
    assert "red: interest cost, weight (minor, 0.5 to 1.5; note p5) by itself not" in said
    assert "Under 1%, with others: red: decides and red: interest land, weight." in said
    assert "64 points and 384 versions of the crisis; intervals hold with 95%." in said
    assert "-" not in re.sub(r"\d-\d", "", said), "no share is below zero"
    assert max(map(len, out.splitlines())) <= 80


def test_json_has_the_estimates_and_whether_they_are_told_from_zero(
    call: Call, unsure: str
) -> None:
    asked = ("indices", unsure, "--question", "march_30", "--json", "--workers", "1")
    found = json.loads(call(*asked, "--by", "kind", "--points", "16")[1])
    assert (found["by"], found["points"], found["versions"]) == ("kind", 16, 16 * 4)
    parties = {each["party"]: each for each in found["indices"]}
    assert parties.keys() == {"interest", "pace"}
    assert parties["interest"]["total"]["told_from_zero"] is True
    assert "red.interests.land.holds" in parties["interest"]["numbers"]
    assert found["numbers"]["red.interests.land.holds"]["source"] == "note p4"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("indices", STRAIT), "--question is missing"),
        (("indices", STRAIT, "--question", "mine"), "mines"),
        (("indices", STRAIT, "--question", "calm"), "lasting"),
        (("indices", STRAIT, "--question", "mines", "--points", "100"), "for example 128"),
        (("indices", STRAIT, "--question", "mines", "--by", "claim"), "number, passage"),
        (("indices", "chicken", "--question", "x"), "standoff stability"),
        (("scenarios", STRAIT, "--draws", "0"), "at least 1 draw"),
        (("scenarios", STRAIT, "--most", "9"), "from 0 to 6"),
        (("scenarios", STRAIT, "--most", "0"), "at least 1 scenario"),
        (("scenarios", STRAIT, "--question", "mine"), "mines"),
        (("scenarios", STRAIT, "--situation", "march"), "march"),
        (("scenarios", STRAIT, "--question", "mines", "--question", "open"), "several situations"),
        (("scenarios", "chicken"), "standoff stability"),
    ],
)
def test_what_cannot_be_computed_is_refused(
    call: Call, arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert said in err
