"""What draws leave open about a probability, over time: the fan, and the draws at its end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from standoff.present.charts_curve import days_axis, share_axis
from standoff.present.charts_shared import NARROW, Chart, across, framed, layer
from standoff.present.theme import colour
from standoff.study.forecast import Forecast
from standoff.study.spread import Spread

BINS = 20
"""How many steps the draws at the end are counted in."""

_BESIDE = 0.03
_DEEP = 0.13
"""Where the draws at the end begin, and how far they reach, as shares of the time."""


def fan_chart(
    forecasts: Sequence[Forecast], *, title: str | None = None, width: int = NARROW
) -> Chart:
    """Return the fan over time of questions that differ in their horizon only.

    Parameters
    ----------
    forecasts
        By rising horizon; the fan drawn is that of the last, which has draws.
    title
        What stands above it, if anything.
    width
        Of the whole, in pixels.

    Notes
    -----
    The darker band holds the middle half of the draws, the lighter one 90% of them. The mean is a
    full line, the median a dotted one, and central values a dashed one. To the right of the fan
    stand the draws themselves, counted in steps of five points: the longer a bar, the more there
    are.
    """
    last = forecasts[-1]
    spread = last.spread
    assert spread is not None  # there is no fan without draws
    end = last.days
    x = across("day", (0, end * (1 + _BESIDE + _DEEP)), days_axis(forecasts) | {"domain": False})
    y = share_axis()
    fan = _fan(spread)
    layers = [
        layer({"type": "rule"}, [{"day": 0, "to": end}], x=x, x2={"field": "to"}, y={"value": 140}),
        layer({"type": "rule", "strokeDash": [2, 3]}, [{"day": e.days} for e in forecasts], x=x),
        _band(fan, "low", "high", 0.16, x, y),
        _band(fan, "lower", "upper", 0.28, x, y),
        _line(fan, "median", x, y, strokeWidth=1.4, strokeDash=[1, 2.5]),
        _line(fan, "mean", x, y, strokeWidth=2.2),
        _line(_central(last), "central", x, y, strokeWidth=1.3, strokeDash=[5, 3],
              color=colour("ink")),
        layer(
            {"type": "point", "filled": True, "size": 44, "color": colour("accent"), "opacity": 1},
            [{"day": each.days, "mean": each.probability} for each in forecasts],
            x=x,
            y=y | {"field": "mean"},
        ),
        layer(
            {"type": "rect", "color": colour("accent"), "opacity": 0.55},
            _at_the_end(spread, end),
            x=x,
            x2={"field": "to"},
            y=y | {"field": "low"},
            y2={"field": "high"},
        ),
    ]  # fmt: skip
    return framed(layers, title, width=width, height=140, fit=True)


def _fan(spread: Spread) -> list[Chart]:
    names = ("low", "lower", "median", "upper", "high")
    return [
        {
            "day": round(float(day), 6),
            **{name: round(float(value), 9) for name, value in zip(names, row, strict=True)},
            "mean": round(float(mean), 9),
        }
        for day, row, mean in zip(spread.days, spread.fan, spread.mean, strict=True)
    ]


def _central(last: Forecast) -> list[Chart]:
    return [{"day": round(day, 6), "central": round(chance, 9)} for day, chance in last.curve]


def _band(fan: list[Chart], low: str, high: str, opacity: float, x: Chart, y: Chart) -> Chart:
    mark = {"type": "area", "color": colour("accent"), "opacity": opacity}
    return layer(mark, fan, x=x, y=y | {"field": low}, y2={"field": high})


def _line(values: list[Chart], field: str, x: Chart, y: Chart, **style: object) -> Chart:
    mark = {"type": "line", "color": colour("accent"), **style}
    return layer(mark, values, x=x, y=y | {"field": field})


def _at_the_end(spread: Spread, end: float) -> list[Chart]:
    """How many draws there are in each step of probability, as bars from left to right."""
    counts, edges = np.histogram(spread.values, BINS, (0.0, 1.0))
    start = end * (1 + _BESIDE)
    return [
        {
            "day": start,
            "to": start + end * _DEEP * float(count) / float(counts.max()),
            "low": round(float(low) + 0.004, 9),
            "high": round(float(high) - 0.004, 9),
            "draws": int(count),
        }
        for count, low, high in zip(counts, edges, edges[1:], strict=False)
        if count
    ]
