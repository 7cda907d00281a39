"""Every question on one axis of probability, with the bands of ICD 203 named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from standoff.crisis.likelihood import ICD_203
from standoff.present.charts_shared import (
    LINE,
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
from standoff.present.wording import word_and_number
from standoff.study.forecast import Forecast

EDGES = [low for _, _, low, _ in ICD_203[1:]]
"""The probabilities at which one word gives way to the next."""

_RIGHT = 62
_GAP = 76
_LINE = 15  # height of one horizon, where each has a line of its own


@dataclass(frozen=True, slots=True)
class Marks:
    """A line of the scale: a label and what is marked on it.

    Attributes
    ----------
    label
        The question.
    marks
        For each horizon: how it is called, the probability, and whether that is estimated.
    spans
        For each horizon, percentiles 5, 25, 75 and 95 over draws, if there were any; each horizon
        then has a line of its own.
    """

    label: str
    marks: tuple[tuple[str, float, bool], ...]
    spans: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(slots=True)
class _Drawn:
    """What has been put on the scale so far."""

    height: float
    labels: list[Chart] = field(default_factory=list)
    headings: list[Chart] = field(default_factory=list)
    tracks: list[Chart] = field(default_factory=list)
    dots: list[Chart] = field(default_factory=list)
    numbers: list[Chart] = field(default_factory=list)
    spans: list[Chart] = field(default_factory=list)


def scale_chart(rows: Sequence[Marks | str], *, title: str | None = None, width: int) -> Chart:
    """Return questions on one axis of probability.

    Parameters
    ----------
    rows
        Questions in order; a text is a heading for those after it.
    title
        What stands above it, if anything.
    width
        Of the whole. From 600 pixels on, labels stand to the left of the axis, else above it.
    """
    wide = width >= 600
    left = 400 if wide else _RIGHT
    track = width - left - _RIGHT
    top = 36 if wide else 56
    drawn = _Drawn(top)
    for row in rows:
        if isinstance(row, str):
            lines = wrapped(row, 0.9 * width)
            drawn.headings.append({"y": drawn.height + 22, "text": lines})
            drawn.height += 16 + LINE * len(lines)
        elif wide:
            _beside(row, drawn, (left - _GAP) / 1.09)
        else:
            _above(row, drawn, width)
    height = drawn.height + 4
    y = down(height)
    axis = {"title": None, "values": EDGES, "format": ".0%", "labelFontSize": 10 if wide else 9,
            "grid": False, "labelOverlap": False, "labelFlush": False}  # fmt: skip
    x, to = across("chance", (0, 1), axis), {"field": "to"}
    accent = colour("accent")
    layers = [
        *_bands(height, top, x, wide),
        layer(
            {"type": "rule", "strokeDash": [1, 3]},
            drawn.tracks,
            y=y,
            x={"value": 0},
            x2={"value": track},
        ),
        layer({"type": "rule", "color": accent, "strokeWidth": 2}, drawn.tracks, y=y, x=x, x2=to),
        *_spans(drawn.spans, x, y),
        layer(
            {"type": "point", "filled": True, "size": 60, "opacity": 1, "color": accent},
            drawn.dots,
            y=y,
            x=x,
        ),
        *beside(drawn.numbers, x, y),
        lines_at(-left, drawn.labels, y, fontSize=12 if wide else 11),
        lines_at(-left, drawn.headings, y, fontWeight=700, fontSize=12.5 if wide else 11.5),
    ]
    return framed(layers, title, width=track, height=height)


def spans(forecasts: Iterable[Forecast]) -> tuple[tuple[float, float, float, float], ...]:
    """Return what draws leave open about each forecast, for :class:`Marks`; nothing without."""
    drawn = [each.spread.fan[-1] for each in forecasts if each.spread is not None]
    return tuple((float(f[0]), float(f[1]), float(f[3]), float(f[4])) for f in drawn)


def _beside(row: Marks, drawn: _Drawn, room: float) -> None:
    """Add a line with its label to the left."""
    lines = wrapped(row.label, room)
    text = LINE * len(lines)
    tall = max(text, _LINE * len(row.spans))
    middle = drawn.height + tall / 2 + 7
    drawn.labels.append({"y": middle - text / 2 + 11, "text": lines})
    drawn.height += tall + 13
    _mark(row, drawn, middle)


def _above(row: Marks, drawn: _Drawn, room: float) -> None:
    """Add a line with its label above."""
    lines = wrapped(row.label, room)
    drawn.labels.append({"y": drawn.height + 12, "text": lines})
    more = _LINE * max(0, len(row.spans) - 1) / 2
    middle = drawn.height + LINE * len(lines) + 13 + more
    drawn.height = middle + 13 + more
    _mark(row, drawn, middle)


def _mark(row: Marks, drawn: _Drawn, y: float) -> None:
    if row.spans:
        _mark_each(row, drawn, y)
        return
    shown = sorted(row.marks, key=lambda mark: mark[1])
    low, high = shown[0], shown[-1]
    drawn.tracks.append({"y": y, "chance": low[1], "to": high[1]})
    drawn.dots += [{"y": y, "chance": chance} for _, chance, _ in shown]
    for name, chance, estimated in shown[:1] + shown[1:][-1:]:
        _, number = word_and_number(chance, estimated=estimated)
        side = -1 if len(shown) > 1 and (name, chance) == low[:2] else 1
        text = f"{_short(name)}: {number}"
        drawn.numbers.append({"y": y, "chance": chance, "side": side, "text": text})


def _mark_each(row: Marks, drawn: _Drawn, y: float) -> None:
    """Every horizon on a line of its own, with what draws leave open."""
    top = y - _LINE * (len(row.marks) - 1) / 2
    for place, ((name, chance, estimated), ends) in enumerate(
        zip(row.marks, row.spans, strict=True)
    ):
        at = top + place * _LINE
        low, lower, upper, high = ends
        drawn.spans.append({"y": at, "low": low, "lower": lower, "upper": upper, "high": high})
        drawn.dots.append({"y": at, "chance": chance})
        _, number = word_and_number(chance, estimated=estimated)
        last = max(high, chance)
        text = f"{_short(name)}: {number}"
        drawn.numbers.append({"y": at, "chance": last, "side": 1, "text": text})


def _spans(values: list[Chart], x: Chart, y: Chart) -> list[Chart]:
    """A thin line for 90% of the draws, and a thick one for the middle half."""
    accent = {"type": "rule", "color": colour("accent")}
    return [
        layer(
            {**accent, **style},
            values,
            y=y,
            x=x | {"field": low},
            x2={"field": high},
        )
        for low, high, style in (
            ("low", "high", {"strokeWidth": 2, "opacity": 0.55}),
            ("lower", "upper", {"strokeWidth": 6, "opacity": 0.4}),
        )
    ]


def _bands(height: float, top: float, x: Chart, wide: bool) -> list[Chart]:
    """The bands of the standard, tinted in turn, with their names above."""
    bounds = [0.0, *EDGES, 1.0]
    tinted = [
        {"chance": low, "to": high} for low, high in zip(bounds[0::2], bounds[1::2], strict=True)
    ]
    layers = [
        layer(
            {"type": "rect", "color": colour("band")},
            tinted,
            x=x,
            x2={"field": "to"},
            y={"value": top - 2},
            y2={"value": height},
        )
    ]
    last = len(ICD_203) - 1
    for place, (word, *_) in enumerate(ICD_203):
        first_row = place in (0, 3, last)
        at = {0: 0.0, last: 1.0}.get(place, (bounds[place] + bounds[place + 1]) / 2)
        lines = [word] if wide else _two_lines(word)
        mark = {
            "type": "text",
            "align": {0: "left", last: "right"}.get(place, "center"),
            "baseline": "top",
            "y": 0 if first_row else 15 if wide else 25,
            "fontSize": 11 if wide else 9.5,
            "lineHeight": 11,
            "color": colour("soft"),
        }
        layers.append(layer(mark, [{"chance": at, "text": lines}], x=x, text={"field": "text"}))
    return layers


def _two_lines(word: str) -> list[str]:
    """Break a likelihood word after its first part."""
    return word.split(" ", 1)


def _short(name: str) -> str:
    """A horizon in as few letters as can be understood."""
    number, _, unit = name.partition(" ")
    return f"{number} {unit[0]}" if unit in ("day", "days", "year", "years") else name
