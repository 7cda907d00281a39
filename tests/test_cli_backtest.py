"""`standoff backtest`: on the screen, as JSON, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from calling import Call

STRAIT = Path(__file__).with_name("test_cli_strait.yaml")


@pytest.fixture
def recorded(tmp_path: Path) -> str:
    entry = "{date: 2026-01-20, sets: {south.mines: yes}, because: Seen., source: brief p1}"
    (tmp_path / "recorded.yaml").write_text(f"{STRAIT.read_text()}record:\n  - {entry}\n")
    return str(tmp_path / "recorded.yaml")


def test_the_screen_says_what_came_out_and_how_good_it_was(call: Call, recorded: str) -> None:
    status, out, err = call("backtest", recorded, "--until", "2026-02-28", "--workers", "1")
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    assert "JANUARY, 2026-01-10" in said
    assert "Said: very likely (82%). Came out: yes, on 2026-01-20 (Seen)." in said
    assert "(p − o)² of each binary question" in said
    assert "Still open on 2026-02-28" in said
    assert max(map(len, out.splitlines())) <= 80


def test_json_has_the_questions_the_scores_and_the_seed(call: Call, recorded: str) -> None:
    given = ("backtest", recorded, "--until", "2026-02-28", "--seed", "5", "--resamples", "50")
    status, out, err = call(*given, "--json", "--draws", "2", "--workers", "1")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["questions"]["mines"]["outcome"] is True
    assert found["questions"]["mines"]["forecast"]["draws"] == 2
    assert (found["seed"], found["scores"]["seed"], found["scores"]["resamples"]) == (5, 5, 50)
    assert found["until"] == "2026-02-28"
    assert call(*given, "--json", "--draws", "2", "--workers", "1")[1] == out


def test_only_earlier_situations_can_be_asked_for(call: Call, recorded: str) -> None:
    given = ("backtest", recorded, "--before", "2026-01-01", "--workers", "1", "--json")
    found = json.loads(call(*given)[1])
    assert list(found["questions"]) == ["open"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((str(STRAIT),), "no `record`"),
        (("chicken",), "against the record"),
        (("RECORDED", "--before", "1900-01-01"), "no question belongs to a situation before 1900"),
        (("RECORDED", "--until", "soon"), "`soon` is not a day, such as 2020-09-01"),
    ],
)
def test_what_cannot_be_tested_is_refused(
    call: Call, recorded: str, arguments: tuple[str, ...], said: str
) -> None:
    given = [recorded if each == "RECORDED" else each for each in arguments]
    status, out, err = call("backtest", *given)
    assert (status, out) == (2, "")
    assert said in " ".join(err.split())
