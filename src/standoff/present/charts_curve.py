"""How the probability of an answer grows, or falls, with the time allowed."""

from __future__ import annotations

from collections.abc import Sequence

from standoff.present.charts_shared import LETTER, NARROW, Chart, across, day_text, framed, layer
from standoff.present.theme import colour
from standoff.present.wording import word_and_number
from standoff.present.words import span
from standoff.study.forecast import Forecast

_MARGIN = 44


def curve_chart(
    forecasts: Sequence[Forecast], *, title: str | None = None, width: int = NARROW
) -> Chart:
    """Return the curve over time of questions that differ in their horizon only.

    Parameters
    ----------
    forecasts
        By rising horizon; the curve drawn is that of the last.
    title
        What stands above it, if anything.
    width
        Of the whole, in pixels.
    """
    days = [each.days for each in forecasts]
    x, y = across("day", (0, days[-1]), days_axis(forecasts)), share_axis()
    curve = [
        {"day": round(day, 6), "chance": round(chance, 9)} for day, chance in forecasts[-1].curve
    ]
    accent = colour("accent")
    layers = [
        layer({"type": "rule", "strokeDash": [2, 3]}, [{"day": day} for day in days], x=x),
        layer({"type": "area", "color": accent, "opacity": 0.12}, curve, x=x, y=y),
        layer({"type": "line", "color": accent, "strokeWidth": 2}, curve, x=x, y=y),
        layer(
            {"type": "point", "filled": True, "size": 44, "color": accent, "opacity": 1},
            [{"day": each.days, "chance": each.central} for each in forecasts],
            x=x,
            y=y,
        ),
        *_labels(forecasts, width - _MARGIN, x, y),
    ]
    return framed(layers, title, width=width, height=140, fit=True)


def days_axis(forecasts: Sequence[Forecast]) -> Chart:
    """Return an axis with day 0 and the horizons, with their dates where they have any."""
    first = forecasts[0]
    labels = {0.0: ["day 0", *([] if first.as_of is None else [day_text(first.as_of)])]}
    for each in forecasts:
        end = [] if each.closes is None else [day_text(each.closes)]
        labels[each.days] = [span(each.days), *end]
    chosen = "[]"
    for day, lines in labels.items():
        chosen = f"abs(datum.value - {day!r}) < 1e-6 ? {lines!r} : {chosen}"
    return {
        "title": None,
        "values": list(labels),
        "labelExpr": chosen,
        "labelFlush": True,
        "labelOverlap": "greedy",
        "grid": False,
    }


def share_axis() -> Chart:
    """Return an axis from 0% to 100%, upwards."""
    axis = {"title": None, "values": [0, 0.5, 1], "format": ".0%", "domain": False,
            "ticks": False, "labelPadding": 6}  # fmt: skip
    return {**across("chance", (0, 1)), "axis": axis}


def _labels(forecasts: Sequence[Forecast], width: float, x: Chart, y: Chart) -> list[Chart]:
    """Word and number at every horizon; where two would collide, at the later one."""
    layers: list[Chart] = []
    free = float("inf")
    last = forecasts[-1]
    falls = last.curve[0][1] > last.central
    for each in reversed(forecasts):
        lines = list(word_and_number(each.central, estimated=each.error is not None))
        ends_here = each is last
        reach = LETTER * max(map(len, lines)) / (1 if ends_here else 2) + 4
        place = width * each.days / last.days
        if place + (0 if ends_here else reach) > free:
            continue
        free = place - reach
        below = each.central > (0.3 if falls else 0.7)
        mark = {
            "type": "text",
            "align": "right" if ends_here else "center",
            "baseline": "top" if below else "bottom",
            "dy": 8 if below else -21,
            "lineHeight": 13,
            "fontWeight": 600,
        }
        value = {"day": each.days, "chance": each.central, "text": lines}
        layers.append(layer(mark, [value], x=x, y=y, text={"field": "text"}))
    return layers
