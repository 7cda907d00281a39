"""How likely each level of some options or conditions is, as bars divided by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from standoff.present.charts_shared import (
    LETTER,
    NARROW,
    Chart,
    across,
    down,
    framed,
    layer,
    lines_at,
    wrapped,
)
from standoff.present.theme import colour, shade
from standoff.present.wording import percent


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of levels.

    Attributes
    ----------
    name
        Whose levels; bars in a row with the same name share a heading.
    view
        In whose eyes, in words; empty if that goes without saying.
    levels
        The probability of each level, in order.
    """

    name: str
    view: str
    levels: Mapping[str, float]


def levels_chart(bars: Sequence[Bar], *, title: str | None = None, width: int = NARROW) -> Chart:
    """Return bars of levels.

    Parameters
    ----------
    bars
        From top to bottom.
    title
        What stands above it, if anything.
    width
        Of the whole, in pixels.
    """
    segments: list[Chart] = []
    names: list[Chart] = []
    views: list[Chart] = []
    height, before = 0.0, ""
    for bar in bars:
        if bar.name != before:
            height += 9 if before else 0
            names.append({"y": height + 10, "text": bar.name})
            height += 17
            before = bar.name
        if bar.view:
            lines = wrapped(bar.view, width)
            views.append({"y": height + 9, "text": lines})
            height += 14 * len(lines)
        segments += _segments(bar, height, width)
        height += 24
    x, y = across("low", (0, 1)), down(height, "top")
    layers = [
        layer(
            {"type": "rect", "stroke": colour("paper"), "strokeWidth": 0.75},
            [each for each in segments if each["high"] > each["low"]],
            x=x,
            x2={"field": "high"},
            y=y,
            y2={"field": "bottom"},
            fill={"field": "fill", "type": "nominal", "scale": None},
        ),
        layer(
            {"type": "text"},
            [each for each in segments if each["text"]],
            x=across("middle", (0, 1)),
            y=down(height, "centre"),
            text={"field": "text"},
            color={"field": "ink", "type": "nominal", "scale": None},
        ),
        lines_at(0, names, down(height), fontWeight=600, fontSize=11.5),
        lines_at(0, views, down(height), color=colour("soft"), fontSize=10.5),
    ]
    return framed(layers, title, width=width, height=height)


def _segments(bar: Bar, top: float, width: float) -> list[Chart]:
    segments: list[Chart] = []
    edge = 0.0
    for place, (level, chance) in enumerate(bar.levels.items()):
        step = shade(place, len(bar.levels))
        segments.append(
            {
                "low": round(edge, 9),
                "middle": round(edge + chance / 2, 9),
                "high": round(edge + chance, 9),
                "top": top,
                "centre": top + 9.5,
                "bottom": top + 19,
                "fill": colour(f"level{step}"),
                "ink": colour(f"on_level{step}"),
                "text": _fitting(level, chance, chance * width),
            }
        )
        edge += chance
    return segments


def _fitting(level: str, chance: float, room: float) -> str:
    """The label of a segment: level and number if there is room, the level, or nothing."""
    for text in (f"{level} {percent(chance)}", level):
        if len(text) * LETTER + 6 <= room:
            return text
    return ""
