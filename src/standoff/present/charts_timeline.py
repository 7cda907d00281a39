"""What was observed over time: a lane for each option or condition, its levels, the entries."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from typing import Any

from standoff.present.charts_shared import (
    LETTER,
    NARROW,
    Chart,
    across,
    day_text,
    down,
    framed,
    layer,
    lines_at,
    wrapped,
)
from standoff.present.in_words import plain, variable
from standoff.present.theme import colour, shade
from standoff.study.record import Stretch, Timeline

MOST_SPREAD = 48
"""Up to how many dates long quiet spells are drawn shorter; with more, time is to scale."""

_MARGIN, _BAND, _GAP, _ROW = 8.0, 18.0, 8.0, 13.0
_LEAST, _DOT = 15.0, 7.0
"""How far apart two dates are at least, and the radius of the mark of an entry, in pixels."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where each day is, in pixels: straight between dates that are known."""

    days: tuple[datetime.date, ...]
    places: tuple[float, ...]

    def __call__(self, day: datetime.date) -> float:
        if day <= self.days[0]:
            return self.places[0]
        if day >= self.days[-1]:
            return self.places[-1]
        after = bisect_right(self.days, day)
        before, behind = self.days[after - 1], self.days[after]
        share = (day - before).days / (behind - before).days
        return self.places[after - 1] + share * (self.places[after] - self.places[after - 1])


def to_scale(found: Timeline) -> bool:
    """Return whether the chart of a timeline has time to scale."""
    return len(_dates(found)) > MOST_SPREAD


def timeline_chart(found: Timeline, *, title: str | None = None, width: int = NARROW) -> Chart:
    """Return a timeline: a lane for each option and condition that changed.

    Parameters
    ----------
    found
        The timeline; there is nothing to draw if nothing ever changed.
    title
        What stands above it, if anything.
    width
        Of the whole, in pixels.
    """
    axis = _axis(found, width)
    marks = _Marks(found, axis)
    top = _ROW * (1 + max((row for _, _, row in _situations(found, axis, width)), default=0)) + 4
    height = top
    for name in found.levels:
        height = marks.lane(name, height, width)
    x, y = across("x", (0, width)), down(height)
    rules = [
        {"x": axis(day), "top": band - 3, "bottom": band + _BAND + 3}
        for day in _begun(found)
        for band in marks.tops
    ]
    end = {"x2": {"field": "x2"}, "y2": {"field": "bottom"}}
    layers = [
        layer(
            {"type": "rect", "stroke": colour("paper"), "strokeWidth": 0.75},
            marks.bands,
            x=x,
            x2=end["x2"],
            y=y,
            y2=end["y2"],
            fill=_raw("fill"),
        ),
        layer(
            {"type": "rule", "strokeDash": [3, 3], "color": colour("soft"), "opacity": 0.7},
            rules,
            x=x,
            y=down(height, "top"),
            y2=end["y2"],
        ),
        layer(
            {"type": "rule", "strokeWidth": 2, "color": colour("ink")},
            marks.spans,
            x=x,
            x2=end["x2"],
            y=y,
        ),
        layer(
            {"type": "text", "align": "left", "baseline": "middle"},
            marks.labels,
            x=x,
            y=y,
            text={"field": "text"},
            color=_raw("ink"),
        ),
        layer(
            {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 1.5,
             "size": (2 * _DOT) ** 2 * 0.785 if marks.numbered else 36},
            marks.dots,
            x=x,
            y=y,
            fill=_raw("fill"),
            stroke=_raw("ring"),
        ),
        layer(
            {"type": "text", "align": "center", "baseline": "middle", "fontSize": 9,
             "fontWeight": 600},
            marks.dots if marks.numbered else [],
            x=x,
            y=y,
            text={"field": "text"},
            color=_raw("ink"),
        ),
        lines_at(0, marks.names, down(height), fontWeight=600, fontSize=11.5),
        *_dated(found, axis, width, height),
    ]  # fmt: skip
    return framed(layers, title, width=width, height=height)


class _Marks:
    """What is drawn in the lanes."""

    def __init__(self, found: Timeline, axis: _Axis) -> None:
        self.found = found
        self.axis = axis
        self.numbered = len(found.crisis.record) < 100 and not to_scale(found)
        self.bands: list[Chart] = []
        self.labels: list[Chart] = []
        self.dots: list[Chart] = []
        self.spans: list[Chart] = []
        self.names: list[Chart] = []
        self.tops: list[float] = []

    def lane(self, name: str, top: float, width: int) -> float:
        """Add the lane of a variable below what is there; return how far down it reaches."""
        crisis = self.found.crisis
        heading = wrapped(variable(crisis, name), width)
        self.names.append({"y": top + 12, "text": heading})
        top += 3 + 14 * len(heading)
        self.tops.append(top)
        for stretch in self.found.levels[name]:
            self.stretch(stretch, crisis.variables[name], top, top + _BAND)
        return top + _BAND + _GAP

    def stretch(self, stretch: Stretch, levels: tuple[str, ...], top: float, bottom: float) -> None:
        """Add one level and the entry that brought it."""
        left, right, middle = self.axis(stretch.since), self.axis(stretch.until), (top + bottom) / 2
        step = shade(levels.index(stretch.level), len(levels))
        self.bands.append(
            {"x": left, "x2": right, "y": top, "bottom": bottom, "fill": colour(f"level{step}")}
        )
        marked = stretch.entry is not None
        begins = left + (_DOT + 3 if marked else 4)
        text = plain(stretch.level)
        if begins + LETTER * len(text) <= right - (_DOT if self.numbered else 4):
            ink = colour(f"on_level{step}")
            self.labels.append({"x": begins, "y": middle, "text": text, "ink": ink})
        if stretch.entry is not None:
            self.entry(stretch.entry, left, middle)

    def entry(self, position: int, place: float, middle: float) -> None:
        """Mark an entry, and the days on which it may have happened."""
        entry = self.found.crisis.record[position]
        first, last = (self.axis(day) for day in (entry.date.first, entry.date.last))
        if not entry.date.exact:
            self.spans.append({"x": first, "x2": last, "y": middle + _BAND / 2 + 3})
        paper, ink = colour("paper"), colour("ink")
        self.dots.append(
            {
                "x": place,
                "y": middle,
                "text": str(position + 1),
                "fill": paper if entry.disputed else ink,
                "ink": ink if entry.disputed else paper,
                "ring": ink if entry.disputed else paper,
            }
        )


def _raw(field: str) -> Chart:
    return {"field": field, "type": "nominal", "scale": None}


def _begun(found: Timeline) -> list[datetime.date]:
    """The dates of the situations that are looked at."""
    days = {situation.as_of for situation in found.crisis.situations.values()}
    first = min(each.since for stretches in found.levels.values() for each in stretches)
    return sorted(day for day in days if first <= day and (not found.ends or day <= found.ends))


def _dates(found: Timeline) -> list[datetime.date]:
    stretches = [each for lane in found.levels.values() for each in lane]
    days = {each.since for each in stretches} | {each.until for each in stretches}
    return sorted(days | set(_begun(found)))


def _axis(found: Timeline, width: int) -> _Axis:
    days = _dates(found)
    gaps = [(later - day).days for day, later in pairwise(days)]
    room = width - 2 * _MARGIN
    if to_scale(found):
        sizes, least = [float(gap) for gap in gaps], 0.0
    else:
        sizes, least = [log2(1 + gap) for gap in gaps], min(_LEAST, 0.7 * room / max(1, len(gaps)))
    unit = (room - least * len(gaps)) / (sum(sizes) or 1.0)
    places = [_MARGIN]
    for size in sizes:
        places.append(places[-1] + least + unit * size)
    return _Axis(tuple(days), tuple(round(place, 3) for place in places))


def _situations(
    found: Timeline, axis: _Axis, width: int
) -> Iterable[tuple[datetime.date, float, int]]:
    """Yield the dates to write above the lanes: the day, where it begins, and in which row."""
    taken: list[float] = []
    placed: list[tuple[datetime.date, float, int]] = []
    for day in sorted({*_begun(found), *([found.ends] if found.ends else [])}):
        long = LETTER * len(day_text(day))
        left = max(0.0, min(axis(day) - long / 2, width - long))
        row = next((row for row, end in enumerate(taken) if end + 8 <= left), len(taken))
        taken[row : row + 1] = [left + long]
        placed.append((day, left, row))
    return placed


def _dated(found: Timeline, axis: _Axis, width: int, height: float) -> Sequence[Chart]:
    values: list[dict[str, Any]] = [
        {"x": left, "y": _ROW * (row + 1) - 3, "text": day_text(day)}
        for day, left, row in _situations(found, axis, width)
    ]
    mark = {"type": "text", "align": "left", "baseline": "alphabetic", "fontSize": 10.5,
            "color": colour("soft")}  # fmt: skip
    return [layer(mark, values, x=across("x", (0, width)), y=down(height), text={"field": "text"})]
