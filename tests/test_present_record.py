"""The record as text, as JSON, as a chart, and as a section of the report."""

from __future__ import annotations

import datetime
import json
import re
from itertools import pairwise
from typing import Any

import pytest

import standoff
from standoff.crisis import EventDate
from standoff.present.charts_shared import NARROW, WIDE
from standoff.present.charts_timeline import MOST_SPREAD, timeline_chart, to_scale
from standoff.present.dates import when
from standoff.present.json import dumps
from standoff.present.json_record import resolution_data, timeline_data
from standoff.present.report_record import record
from standoff.present.svg import drawing
from standoff.present.text import as_text, render
from standoff.study.outcomes import resolution
from standoff.study.record import Timeline, timeline
from test_study_record import crisis_with, said


def example() -> Timeline:
    return timeline(
        crisis_with(
            said("2026-01-04", north__blockade="partial"),
            said("2026-01-13", south__mines="yes") | {"because": "<b>It</b> says so."},
            said("2026-01-16/2026-01-26", north__blockade="full") | {"disputed": True},
            said("2026-02-02", south__mines="yes"),
            said("2026-02-09~", weather="storm") | {"reported": "2026-02-20"},
            said("2026-03-01?", north__blockade="partial", south__mines="no", weather="calm"),
        )
    )


def marks(chart: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [value for layer in chart["layer"] if layer["mark"]["type"] == kind
            for value in layer["data"]["values"]]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2020-10-04", "4 Oct 2020"),
        ("2020-10-04~", "about 4 Oct 2020"),
        ("2020-10-04%", "about 4 Oct 2020 (the date is doubted)"),
        ("2020-10-XX", "October 2020"),
        ("2020", "2020"),
        ("2020-10-04~/2020-11", "between about 4 Oct 2020 and November 2020"),
    ],
)
def test_a_date_is_said_as_prose_says_it(text: str, words: str) -> None:
    assert when(EventDate.parse(text)) == words
    assert when(EventDate.parse(datetime.date(2020, 10, 4))) == "4 Oct 2020"


def test_the_text_tells_what_changed_in_each_situation_and_what_did_not() -> None:
    text = render(as_text(example()))
    assert text.startswith("6 entries, 6 moves, 1 disputed; up to 10 Mar 2026.\n")
    assert "JANUARY\n  From the end of 10 Jan 2026 to 10 Mar 2026, 59 days.\n" in text
    assert "north.blockade: partial -> full (disputed)" in text
    assert "weather: calm -> storm (known from 20 Feb 2026)" in text
    assert re.search(
        r"BEFORE THE FIRST SITUATION\n  Shown only.*\n  4 Jan 2026 +north.blockade", text
    )
    assert re.search(r"ENTRIES THAT CHANGE NOTHING\n  2 Feb 2026 +south.mines: yes", text)
    assert max(map(len, text.splitlines())) <= 80
    assert "under `record`" in render(as_text(timeline(crisis_with())))


def test_the_text_of_a_record_fits_a_narrow_terminal() -> None:
    text = render(as_text(timeline(standoff.load("karabakh-2020"))), width=50)
    assert max(map(len, text.splitlines())) <= 50


def test_the_json_names_entries_by_their_place() -> None:
    data = json.loads(dumps(timeline_data(example())))
    assert [entry["date"] for entry in data["record"]][1:3] == [
        "2026-01-13",
        "2026-01-16/2026-01-26",
    ]
    (segment,) = data["segments"]
    assert [move["entry"] for move in segment["moves"]] == [1, 2, 4, 5, 5, 5]
    assert segment["moves"][1] == {
        "mover": "north", "levels": {"north.blockade": "full"}, "entry": 2,
        "earliest": 5.0, "latest": 16.0,
    }  # fmt: skip
    assert data["record"][4]["known"] == "2026-02-20"
    assert [each["entry"] for each in data["levels"]["south.mines"]] == [None, 1, 5]
    found = resolution_data(resolution(example().crisis, "mines"))
    assert json.loads(dumps(found))["day"] == "2026-01-13"


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_chart_marks_every_entry_that_changed_something_in_its_lane(width: int) -> None:
    found = example()
    chart = timeline_chart(found, width=width)
    dots = marks(chart, "point")
    assert sorted(dot["text"] for dot in dots) == ["2", "3", "5", "6", "6", "6"]
    hollow = {
        dot["text"] for dot in dots if dot["fill"] != dot["ring"] and dot["fill"] == "#ffffff"
    }
    assert hollow == {"3"}
    assert [value["text"] for value in marks(chart, "text") if isinstance(value["text"], list)] == [
        ["north: blockade"],
        ["south: mines"],
        ["weather"],
    ]
    spans = [value for value in marks(chart, "rule") if "x2" in value]
    assert len(spans) == 2
    for value in (*marks(chart, "rect"), *dots, *spans):
        assert 0 <= value["x"] <= value.get("x2", width) <= width
    assert "<svg" in drawing(chart, "it", "A timeline.")


def test_dates_are_apart_even_after_years_of_quiet() -> None:
    found = timeline(standoff.load("karabakh-2020"))
    for width in (NARROW, WIDE):
        places = sorted({dot["x"] for dot in marks(timeline_chart(found, width=width), "point")})
        assert min(later - one for one, later in pairwise(places)) >= 13
        assert places[2] - places[1] < 0.28 * width  # three years of four and a half
    assert not to_scale(found)


def test_with_many_dates_time_is_to_scale() -> None:
    start = datetime.date(2026, 1, 11)
    entries = [
        said(str(start + datetime.timedelta(days=place)), south__mines=("yes", "no")[place % 2])
        for place in range(MOST_SPREAD + 10)
    ]
    found = timeline(crisis_with(*entries))
    assert to_scale(found)
    places = [dot["x"] for dot in marks(timeline_chart(found, width=WIDE), "point")]
    steps = {round(later - one, 2) for one, later in pairwise(places)}
    assert max(steps) - min(steps) < 0.02


def test_the_section_has_every_entry_with_its_number_and_source() -> None:
    crisis = standoff.load("karabakh-2020")
    page = record(crisis)
    assert page is not None
    assert page.count("<li>") == len(crisis.record)
    assert "10. <strong>18 Oct 2020</strong>" in page
    assert page.count("(disputed)") == 2
    assert page.count('href="#source-chronology"') == len(crisis.record)
    assert "not to scale" in page
    assert record(crisis_with()) is None


def test_the_section_escapes_what_the_file_says() -> None:
    page = record(example().crisis)
    assert page is not None
    assert "&lt;b&gt;It&lt;/b&gt; says so." in page
