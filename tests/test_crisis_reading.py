"""Reading and writing: what a file says is what the crisis says, and the other way round."""

from __future__ import annotations

import datetime
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import standoff
from crisis_examples import STRAIT, crises
from standoff.crisis import Crisis, CrisisError, library_names, template
from standoff.crisis.compose import compose, plain_value
from standoff.crisis.document import Document
from standoff.crisis.faults import Problem
from standoff.crisis.write import dumps


@pytest.fixture(scope="module")
def strait() -> Crisis:
    return standoff.loads(STRAIT)


def test_the_example_of_the_design_says_what_the_design_says(strait: Crisis) -> None:
    north = strait.actors["north"]
    assert strait.title == "The strait"
    assert [(str(it.every), it.when) for it in north.decides] == [
        ("2 days", "south.mines"),
        ("8 days", None),
    ]
    assert north.precision.central == 1.5
    assert strait.actors["south"].precision.central == 2
    assert strait.actors["south"].decides[0].rate == 1 / 6
    assert north.options["annex"].irreversible == "up"
    assert north.options["blockade"].levels == ("none", "partial", "full")
    assert north.interests["open_sea"].sign == 1
    assert north.interests["cost"].holds.central == pytest.approx(0.675)
    assert strait.range_of(north.interests["open_sea"].weight).central == 4.5
    assert north.red_lines["mines"].then == "blockade >= partial"
    assert strait.conditions["weather"].changes[1].times[0].factor.central == 2
    assert strait.situations["january"].as_of == datetime.date(2026, 1, 10)
    assert strait.questions["mines"].form == "within"
    assert strait.questions["mines"].horizon.central == 30
    assert strait.record[0].sets == {"north.blockade": "partial"}
    expectation = strait.expects["patron_matters"]
    assert expectation.by is not None
    assert expectation.by.amount == 1.2
    assert expectation.than is not None
    assert expectation.than.holding == {"patron.stance": "arm"}


def test_short_forms_mean_the_same_as_long_ones(strait: Crisis) -> None:
    long = (
        STRAIT.replace("{mines: [no, yes], appeal: [no,", "{mines: , appeal: {levels: [no,")
        .replace("yes]}\n    interests:\n      survive", "yes]}}\n    interests:\n      survive")
        .replace("decides: every 6 days", "decides: [{every: 6 days}]")
        .replace("survive.weight: major}", "survive.weight: {value: major}}")
        .replace("cost.weight: decisive}", "cost.weight: {value: decisive, source: }}")
    )  # fmt: skip
    assert standoff.loads(long) == strait


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True), ("True", "True"), ("no", "no"), ("NO", "NO"), ("off", "off"),
        ("null", None), ("~", None), ("", None), ("Null", "Null"), ("12", 12), ("-3", -3),
        ("1.50", 1.5), ("1e3", 1000.0), (".5", 0.5), ("1_000", "1_000"), ("0x10", "0x10"),
        (".inf", ".inf"), ("1e999", "1e999"), ("2026-01-10", "2026-01-10"), ("12:30", "12:30"),
        ("1..2", "1..2"), ("٣", "٣"),
    ],
)  # fmt: skip
def test_only_true_false_null_and_decimal_numbers_are_not_text(word: str, value: object) -> None:
    assert plain_value(word) == value
    assert type(plain_value(word)) is type(value)
    assert compose(f"key: {word}\n", "x")[0].data == {"key": value}
    assert compose(f"key: '{word}'\n", "x")[0].data == {"key": word}


@given(crises())
def test_writing_and_reading_gives_the_same_crisis(raw: Any) -> None:
    crisis = standoff.loads(json.dumps(raw))
    again = standoff.loads(dumps(crisis))
    assert again == crisis
    assert dumps(again) == dumps(crisis)


@given(crises())
def test_json_is_read_like_yaml(raw: Any) -> None:
    text = json.dumps(raw)
    # A remark at the end is no JSON, so this takes the way of YAML.
    assert standoff.loads(text) == standoff.loads(text + "\n# a remark")


@given(crises())
def test_a_crisis_in_a_situation_is_written_as_it_is(raw: Any) -> None:
    view = (
        standoff.loads(json.dumps(raw))
        .in_situation("june")
        .holding("weather", "storm")
        .as_seen_by("south")
    )
    again = standoff.loads(dumps(view))
    assert again == view
    assert again.situation == "june"
    assert again.lineage == ()


@given(
    st.text(max_size=200).filter(
        lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text)
    )
)
def test_any_prose_survives_writing(prose: str) -> None:
    crisis = standoff.loads(STRAIT).model_copy(update={"summary": prose})
    assert standoff.loads(dumps(crisis)).summary == prose


def test_long_prose_is_folded(strait: Crisis) -> None:
    crisis = strait.model_copy(update={"summary": "One claim after the other. " * 20 + "The end."})
    text = dumps(crisis)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert standoff.loads(text).summary == crisis.summary


def test_what_is_written_reads_like_the_example(strait: Crisis) -> None:
    text = dumps(strait)
    assert "      cost: {avoids: blockade == full, weight: 1..2, holds: likely}\n" in text
    assert "      blockade: [none, partial, full]\n" in text
    assert "rate: 70% within 5 days\n" in text
    assert "\n\nactors:\n  north:\n    name: Northland\n" in text


def test_names_that_no_statement_uses_may_have_hyphens() -> None:
    text = STRAIT.replace("january", "january-2026")
    assert standoff.loads(text).in_situation("january-2026").situation == "january-2026"
    with pytest.raises(CrisisError, match="`weather-front` cannot be a name"):
        standoff.loads(STRAIT.replace("weather:\n", "weather-front:\n"))


# Places -----------------------------------------------------------------------------------------


def _marked(text: str, path: tuple[Any, ...], **part: Any) -> str:
    document: Document = compose(text, "x")[0]
    fault = document.fault(Problem("SO000", "", path, **part))
    return fault.source_line[fault.column - 1 : fault.column - 1 + fault.length]


@pytest.mark.parametrize(
    "written",
    [
        "north == full and wrong",
        "'north == full and wrong'",
        '"north == full and wrong"',
        ">\n    north == full\n    and wrong",
        "|\n    north == full\n      and wrong",
        "north ==\n    full and wrong",
        "'north ==\n\n    full and wrong'",
    ],
)
def test_part_of_a_text_is_found_however_it_is_written(written: str) -> None:
    text = f"a:\n  b: {written}\n  c: 1\n"
    value = compose(text, "x")[0].data["a"]["b"]
    part = {"column": value.index("wrong"), "length": 5}
    assert _marked(text, ("a", "b"), **part) == "wrong"


def test_columns_count_characters_and_not_bytes() -> None:
    text = 'ä: "ö öö: wrong"\n'
    assert _marked(text, ("ä",), column=6, length=5) == "wrong"
    assert _marked(text, ("ä",), on_key=True) == "ä"


# Files ------------------------------------------------------------------------------------------


def test_a_folder_stands_for_the_crisis_in_it(tmp_path: Path, strait: Crisis) -> None:
    (tmp_path / "crisis.yaml").write_text(STRAIT, "utf-8")
    assert standoff.load(tmp_path) == standoff.load(str(tmp_path / "crisis.yaml")) == strait


def test_a_byte_order_mark_and_windows_lines_are_no_matter(tmp_path: Path, strait: Crisis) -> None:
    content = b"\xef\xbb\xbf" + STRAIT.replace("\n", "\r\n").encode()
    (tmp_path / "windows.yaml").write_bytes(content)
    assert standoff.load(tmp_path / "windows.yaml") == strait
    broken = content.replace(b"weight: major", b"weight: magor", 1)
    (tmp_path / "windows.yaml").write_bytes(broken)
    with pytest.raises(CrisisError, match=r"windows\.yaml:19:51"):
        standoff.load(tmp_path / "windows.yaml")


def test_shipped_crises_are_found_by_name_unless_a_path_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in library_names():
        assert standoff.load(name).title
    if library_names():
        (tmp_path / library_names()[0]).mkdir()  # an empty folder hides nothing
        assert standoff.load(library_names()[0]).title
        (tmp_path / library_names()[0] / "crisis.yaml").write_text(STRAIT, "utf-8")
        assert standoff.load(library_names()[0]).title == "The strait"


@pytest.mark.parametrize(
    "name", ["The strait", "a: b", "", "  ", "# 1", "Überfall 1914", "true", "a\nb"]
)
def test_the_template_is_a_crisis_without_faults_or_warnings(name: str, tmp_path: Path) -> None:
    text = template(name, "crisis.schema.json")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=crisis.schema.json"
    (tmp_path / "new.yaml").write_text(text, "utf-8")
    assert standoff.check_file(tmp_path / "new.yaml") == []
    assert standoff.load(tmp_path / "new.yaml").title == (" ".join(name.split()) or "A crisis")


def test_a_crisis_is_read_fast_enough_to_forget_about() -> None:
    raw = json.loads(
        json.dumps(standoff.loads(STRAIT).model_dump(mode="json", exclude_defaults=True))
    )
    interest = raw["actors"]["south"]["interests"]["survive"]
    raw["actors"]["south"]["interests"] |= {f"claim_{at}": interest for at in range(300)}
    crisis = standoff.loads(json.dumps(raw))
    started = time.perf_counter()
    crisis.as_seen_by("north").in_situation("january").holding("weather", "calm")
    assert time.perf_counter() - started < 0.1  # a hundredth is what it takes; machines are busy
