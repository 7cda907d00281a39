"""What carries an answer, as bars from nought to the left and to the right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from standoff.present.charts_shared import (
    LINE,
    NARROW,
    Chart,
    across,
    beside,
    down,
    framed,
    layer,
    lines_at,
    wrapped,
)
from standoff.present.theme import colour
from standoff.present.wording import points

_INSET = 74
_LABELS = 360
_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
_THICK = 14


@dataclass(frozen=True, slots=True)
class Carried:
    """One bar.

    Attributes
    ----------
    label
        What carries.
    share
        How much: a difference of probabilities.
    error
        Its standard error; 0 where it is exact.
    told
        Whether it can be told from zero.
    """

    label: str
    share: float
    error: float = 0.0
    told: bool = True

    @property
    def ends(self) -> tuple[float, float]:
        """Two standard errors to the left and to the right, if there is a finite one."""
        error = 2 * self.error if math.isfinite(self.error) else 0.0
        return self.share - error, self.share + error


def tornado_chart(
    rows: Sequence[Carried], *, title: str | None = None, width: int = NARROW
) -> Chart:
    """Return shares as bars, each with its number and, as a thin line, two standard errors.

    Parameters
    ----------
    rows
        From top to bottom. Bars that cannot be told from zero are hollow.
    title
        What stands above it, if anything.
    width
        Of the whole. From 600 pixels on, labels stand to the left of the bars, else above them.
    """
    wide = width >= 600
    left = (_LABELS if wide else 0) + (_INSET if any(row.share < 0 for row in rows) else 6)
    track = width - left - (_INSET if any(row.share >= 0 for row in rows) else 6)
    bars: list[Chart] = []
    labels: list[Chart] = []
    height = 4.0
    for row in rows:
        lines = wrapped(row.label, (_LABELS - 12) / 1.05 if wide else width)
        tall = LINE * len(lines)
        if wide:
            height += max(tall, _THICK + 2) + 8
            middle = height - max(tall, _THICK + 2) / 2 - 4
            labels.append({"y": middle - tall / 2 + 11, "text": lines})
        else:
            height += tall + 26
            middle = height - 13
            labels.append({"y": middle - tall - 1, "text": lines})
        bars.append(_bar(row, middle))
    height += 4
    x, y = across("share", *_scale(rows, grid=wide)), down(height)
    layers = [
        *(
            _drawn([bar for bar in bars if bar["look"] == look], style, x, height)
            for look, style in _LOOKS.items()
        ),
        layer(
            {"type": "rule", "color": colour("ink")},
            [{"share": 0.0, "y": 0.0, "bottom": height}]
            if wide
            else [{"share": 0.0, "y": bar["top"] - 4, "bottom": bar["bottom"] + 4} for bar in bars],
            x=x,
            y=y,
            y2={"field": "bottom"},
        ),
        layer(
            {"type": "rule", "color": colour("ink"), "strokeWidth": 1.2},
            [bar for bar in bars if bar["low"] < bar["high"]],
            x=x | {"field": "low"},
            x2={"field": "high"},
            y=y,
        ),
        *beside([{**bar, "share": bar["end"]} for bar in bars], x, y),
        lines_at(-left, labels, y, fontSize=12 if wide else 11),
    ]
    return framed(layers, title, width=track, height=height)


_LOOKS: dict[str, Chart] = {
    "adds": {"color": colour("accent"), "fillOpacity": 0.85},
    "takes": {"color": colour("mark"), "fillOpacity": 0.85},
    "open": {
        "color": colour("band"),
        "stroke": colour("soft"),
        "strokeDash": [3, 2],
        "strokeWidth": 1,
    },
}


def _bar(row: Carried, middle: float) -> Chart:
    low, high = row.ends
    side = -1 if row.share < 0 else 1
    end = min(0.0, row.share, low) if side < 0 else max(0.0, row.share, high)
    return {
        "y": middle,
        "top": middle - _THICK / 2,
        "bottom": middle + _THICK / 2,
        "zero": 0.0,
        "share": round(row.share, 9),
        "low": round(low, 9),
        "high": round(high, 9),
        "end": round(end, 9),
        "look": "open" if not row.told else "takes" if row.share < 0 else "adds",
        "side": side,
        "text": points(row.share),
    }


def _drawn(bars: list[Chart], style: Chart, x: Chart, height: float) -> Chart:
    return layer(
        {"type": "rect"} | style,
        bars,
        x=x,
        x2={"field": "zero"},
        y=down(height, "top"),
        y2={"field": "bottom"},
    )


def _scale(rows: Sequence[Carried], *, grid: bool) -> tuple[list[float], Chart]:
    """From the lowest to the highest end, with a few round numbers in between."""
    low = min((min(0.0, row.share, row.ends[0]) for row in rows), default=0.0)
    high = max((max(0.0, row.share, row.ends[1]) for row in rows), default=0.0)
    if high - low < 1e-6:
        high = low + 0.01
    step = next((each for each in _STEPS if (high - low) / each <= 4), 1.0)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    axis = {
        "title": None,
        "values": [round(step * n, 9) for n in range(first, last + 1)],
        "labelExpr": "(datum.value > 0 ? '+' : '') + format(100 * datum.value, '~g')"
        " + (datum.value == 0 ? ' points' : '')",
        "grid": grid,
        "domain": False,
    }
    return [low, high], axis
