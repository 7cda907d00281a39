"""Warnings: what is legal and probably not meant."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import standoff
from crisis_examples import STRAIT
from standoff.crisis import CODES, template

GOOD = template("The strait", "x")
EVERYTHING = datetime.date(2100, 1, 1)


def codes(text: str, today: datetime.date | None = None) -> list[str]:
    return [fault.code for fault in standoff.loads(text).warnings(today)]


def test_the_template_gives_no_warning() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("SW001", ", holds: likely, source: brief p5}", "}"),
        ("SW001", "        source: brief p7\n", ""),
        ("SW001", "    source: brief p10\n    changes:\n", "    changes:\n"),
        ("SW001", "    source: brief p1\n    state", "    state"),
        ("SW001", ", source: brief p2}", "}"),
        ("SW001", "    source: brief p13\n", ""),
        ("SW002", "      appeal: [no, yes]\n", ""),
        ("SW003", "        value: minor\n", "        value: 6..12\n"),
        ("SW006", "seeks: not south.mines", "seeks: weather == calm or weather == storm"),
        ("SW006", "seeks: not south.mines", "seeks: weather > storm"),
        ("SW007", "sources:\n", "sources:\n  memo: {title: A memo}\n"),
        ("SW008", "definitions:\n", "definitions:\n  calm_sea: weather == calm\n"),
    ],
)
def test_each_slip_gives_its_warning(code: str, old: str, new: str) -> None:
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    if code == "SW002":
        text = text.replace("      standing: {avoids: appeal,", "      standing: {avoids: mines,")
        text = text.replace(", times: [{factor: 3, when: south.appeal}]", "")
    if code == "SW006":
        assert set(codes(text)) == {code}
    elif code == "SW001" and "p10" in old:
        assert codes(text) == [code, code]  # two changes leaned on that source
    else:
        assert codes(text) == [code]
    assert code in CODES


def test_an_actor_without_interests_will_drift() -> None:
    start, end = GOOD.index("    interests:\n      survive"), GOOD.index("# What nobody controls")
    text = GOOD[:start] + GOOD[end:]
    for name in ("survive", "trade"):
        text = "\n".join(
            line for line in text.splitlines() if f"south.interests.{name}" not in line
        )
    because = "        value: minor\n        because: It thinks"
    text = text.replace(because, "      south.precision:\n" + because.replace("minor", "1"))
    assert codes(text) == ["SW005"]


def test_a_belief_that_a_situation_makes_false_is_no_slip() -> None:
    text = GOOD.replace("        value: minor\n", "        value: decisive\n").replace(
        "with: {south.interests.trade.weight: minor}",
        "with: {south.interests.survive.weight: minor}",
    )
    assert codes(text) == []


def test_what_is_meant_to_be_constant_says_so() -> None:
    assert codes(GOOD.replace("seeks: not south.mines", "seeks: true")) == []


def test_only_a_given_day_makes_a_question_one_of_the_past() -> None:
    assert codes(GOOD, datetime.date(2026, 2, 9)) == []
    assert codes(GOOD, datetime.date(2026, 2, 10)) == ["SW004"]
    assert codes(GOOD, EVERYTHING) == ["SW004", "SW004"]


def test_warnings_of_a_file_have_places_and_are_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "strait.yaml").write_text(STRAIT, "utf-8")
    faults = standoff.check_file(tmp_path / "strait.yaml", EVERYTHING)
    assert {fault.severity for fault in faults} == {"warning"}
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    assert all(fault.line for fault in faults)
    first = faults[0]
    assert first.source_line[first.column - 1 :].startswith("cost:")
    assert str(first).startswith("warning[SW001]: a claim has no source\n  --> ")
    assert len(faults) == len(standoff.loads(STRAIT).warnings(EVERYTHING))


def test_warnings_without_a_file_say_where_by_path() -> None:
    assert standoff.loads(STRAIT).warnings()[1].where == "actors.north.interests.cost"
