"""What all charts share: layers, positions, lines of text, and the frame of a specification."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from standoff.present.theme import colour, config

Chart = dict[str, Any]
"""A Vega-Lite specification, or a part of one."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
"""What the specifications conform to: a name, never fetched."""

NARROW, WIDE = 330, 860
"""Widths, in pixels, that fit a phone and a sheet of paper."""

LETTER = 5.9
"""Width of an average letter at the size of chart text, in pixels."""

LINE = 14
"""Height of a line of chart text, in pixels."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(day: datetime.date) -> str:
    """Return a date as it is written in prose.

    Examples
    --------
    >>> day_text(datetime.date(2020, 11, 1))
    '1 Nov 2020'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def wrapped(text: str, room: float) -> list[str]:
    """Return a text as lines that fit into some pixels; at least one line."""
    return textwrap.wrap(text, max(12, int(room / LETTER))) or [""]


def layer(mark: Chart, values: Iterable[Chart], **encoding: Chart) -> Chart:
    """Return one layer with data of its own."""
    return {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}


def across(field: str, domain: Sequence[float], axis: Chart | None = None) -> Chart:
    """Return a horizontal position on a given scale."""
    scale = {"domain": list(domain), "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def down(height: float, field: str = "y") -> Chart:
    """Return a vertical position in pixels, counted from the top."""
    scale = {"domain": [0, height], "reverse": True, "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def lines_at(left: float, values: Iterable[Chart], y: Chart, **style: Any) -> Chart:
    """Return texts of one or more lines that begin at a pixel; `y` is their first baseline."""
    mark = {"type": "text", "align": "left", "baseline": "alphabetic", "lineHeight": LINE}
    return layer(mark | style, values, y=y, x={"value": left}, text={"field": "text"})


def beside(values: Sequence[Chart], x: Chart, y: Chart) -> list[Chart]:
    """Return short texts beside their points, on the side (-1 or 1) that each value names."""
    return [
        layer(
            {"type": "text", "align": "left" if side > 0 else "right", "dx": 8 * side},
            [value for value in values if value["side"] == side],
            x=x,
            y=y,
            text={"field": "text"},
        )
        for side in (-1, 1)
    ]


def framed(
    layers: Sequence[Chart], title: str | None, *, width: float, height: float, fit: bool = False
) -> Chart:
    """Return layers as a complete specification.

    Parameters
    ----------
    layers
        From the bottom up.
    title
        What stands above them, if anything.
    width, height
        In pixels: of the whole if it is to fit, else of what is inside the axes.
    """
    chart: Chart = {"$schema": SCHEMA, "config": config(), "padding": 2}
    if title is not None:
        chart["title"] = {
            "text": wrapped(title, 0.85 * width),
            "anchor": "start",
            "frame": "bounds",
            "fontSize": 13,
            "color": colour("ink"),
        }
    chart["autosize"] = {"type": "fit", "contains": "padding"} if fit else {"type": "pad"}
    return {**chart, "width": width, "height": height, "layer": list(layers)}
