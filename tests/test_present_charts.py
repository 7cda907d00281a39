"""Charts: plain specifications that say what the results say, and draw."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import vl_convert

from report_sample import bare, sample
from standoff.crisis.likelihood import ICD_203
from standoff.present.charts import (
    NARROW,
    WIDE,
    Bar,
    Chart,
    Dots,
    Marks,
    as_chart,
    curve_chart,
    effects_chart,
    levels_chart,
    scale_chart,
)
from standoff.present.svg import drawing
from standoff.present.theme import PALETTE, by_variable, shade, variables
from standoff.present.wording import word_and_number


def results() -> list[object]:
    whole = sample()
    return [
        whole,
        *whole.forecasts.values(),
        *whole.outlooks.outlooks,
        *whole.effects,
        *bare().outlooks.outlooks,
    ]


def everything_in(chart: Any) -> Iterator[Any]:
    yield chart
    inside = chart.values() if isinstance(chart, dict) else chart if isinstance(chart, list) else ()
    for each in inside:
        yield from everything_in(each)


def texts_in(chart: Chart) -> str:
    return json.dumps(chart, ensure_ascii=False)


@pytest.mark.parametrize("place", range(len(results())))
def test_every_result_has_a_chart_that_is_plain_data_and_draws(place: int) -> None:
    chart = as_chart(results()[place])
    assert json.loads(json.dumps(chart)) == chart
    assert not any(isinstance(each, dict) and "url" in each for each in everything_in(chart))
    assert vl_convert.vegalite_to_svg(chart, allowed_base_urls=[]).startswith("<svg")


def test_something_without_a_chart_says_so() -> None:
    with pytest.raises(TypeError, match="no chart for a str"):
        as_chart("a text")


def test_a_curve_chart_holds_the_curve() -> None:
    forecast = sample().forecasts["mines"]
    chart = as_chart(forecast)
    line = next(each for each in chart["layer"] if each["mark"].get("type") == "line")
    drawn = [(value["day"], value["chance"]) for value in line["data"]["values"]]
    assert drawn == [(pytest.approx(x), pytest.approx(y)) for x, y in forecast.curve]


def test_a_curve_chart_names_word_and_number_of_every_horizon_that_has_room() -> None:
    pair = [sample().forecasts["mines"], sample().forecasts["mines_later"]]
    said = texts_in(curve_chart(pair))
    for each in pair:
        assert json.dumps(word_and_number(each.central)) in said


def test_horizons_close_together_leave_the_label_to_the_last() -> None:
    mines = sample().forecasts["mines"]
    chart = curve_chart([mines, mines, mines])
    labels = [each for each in chart["layer"] if each["mark"]["type"] == "text"]
    assert len(labels) == 1


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_scale_names_every_band_and_its_edges(width: int) -> None:
    chart = scale_chart([Marks("Will it?", (("30 days", 0.3, False),))], width=width)
    said = texts_in(chart)
    for word, *_ in ICD_203:
        assert (f'["{word}"]' if width == WIDE else word.split()[-1]) in said
    svg = vl_convert.vegalite_to_svg(chart)
    for _, _, low, _ in ICD_203[1:]:
        assert f">{low:.0%}<" in svg


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_scale_shows_each_horizon_with_its_number(width: int) -> None:
    rows: list[Marks | str] = [
        "From January",
        Marks("Will it?", (("30 days", 0.2, False), ("60 days", 0.4, False), ("1 year", 1, True))),
    ]
    said = texts_in(scale_chart(rows, width=width))
    assert "30 d: 20%" in said
    assert "1 y: above 99%" in said
    assert "60 d" not in said  # a dot between two with labels
    assert said.count('"chance": 0.4') == 1


def test_bars_are_as_long_as_their_probabilities() -> None:
    chart = levels_chart([Bar("stance", "", {"aside": 0.25, "arm": 0.5, "fight": 0.25})])
    values = chart["layer"][0]["data"]["values"]
    assert [(each["low"], each["high"]) for each in values] == [(0, 0.25), (0.25, 0.75), (0.75, 1)]
    assert [each["text"] for each in values] == ["aside 25%", "arm 50%", "fight 25%"]


def test_a_segment_too_short_for_its_label_has_none() -> None:
    chart = levels_chart([Bar("stance", "", {"aside": 0.97, "fight": 0.03, "never": 0.0})])
    values = chart["layer"][0]["data"]["values"]
    assert [each["text"] for each in values] == ["aside 97%", ""]


def test_effects_of_nothing_are_drawn_too() -> None:
    said = texts_in(effects_chart([Dots("a line", (0.0, -0.0)), Dots("another", (0.02, -0.31))]))
    assert "no change" in said
    assert "−31 points" in said


def test_many_levels_have_rising_shades() -> None:
    for count in range(2, 12):
        shades = [shade(level, count) for level in range(count)]
        assert shades == sorted(shades)
        assert (shades[0], shades[-1]) == (0, 6)


@pytest.mark.parametrize("place", range(len(results())))
def test_charts_use_the_palette_and_nothing_else(place: int) -> None:
    drawn = drawing(as_chart(results()[place]), "test", "A test")
    assert not re.search(r'(?:fill|stroke)="(?!none|var\()', drawn)


def _contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", [0, 1])
def test_every_text_can_be_read_on_its_ground(ground: int) -> None:
    for role in ("ink", "soft", "accent", "mark", "good", "bad"):
        for behind in ("paper", "wash", "band"):
            assert _contrast(PALETTE[role][ground], PALETTE[behind][ground]) >= 4.5
    for level in range(7):
        assert (
            _contrast(PALETTE[f"level{level}"][ground], PALETTE[f"on_level{level}"][ground]) > 4.5
        )


def test_no_two_roles_share_a_colour_so_that_each_can_be_replaced() -> None:
    light = [pair[0] for pair in PALETTE.values()]
    assert len(set(light)) == len(light)
    assert by_variable('fill="#1b2230"') == 'fill="var(--ink)"'
    assert "--on-level3:" in variables()


def test_a_text_in_a_chart_is_never_markup_and_keeps_its_digits() -> None:
    nasty = '</text><script>alert("1.23456")</script>" role="x" #1b2230'
    chart = scale_chart([Marks(nasty, (("1 day", 0.5, False),))], width=WIDE, title=nasty)
    drawn = drawing(chart, "nasty", nasty)
    assert "<script" not in drawn
    assert "1.23456" in drawn


def test_several_drawings_share_no_names() -> None:
    chart = as_chart(sample().forecasts["mines"])
    names = re.findall(r' id="([^"]*)"', drawing(chart, "a", "A") + drawing(chart, "b", "B"))
    assert len(set(names)) == len(names) >= 2


def test_charts_and_results_import_nothing_that_draws() -> None:
    code = (
        "import sys, standoff.present.charts, standoff.present.report\n"
        "assert 'vl_convert' not in sys.modules\n"
        "import standoff.study.analysis\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    code = "import sys, standoff.study.analysis as a\nassert 'standoff.present' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
