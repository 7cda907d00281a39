"""What leaving claims out does to the answers, as dots on one axis of percentage points."""

from __future__ import annotations

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

_INSET = 70
_LIMITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Dots:
    """A line of dots: a label, and changes of probability between -1 and 1."""

    label: str
    changes: tuple[float, ...]


def effects_chart(rows: Sequence[Dots], *, title: str | None = None, width: int = NARROW) -> Chart:
    """Return changes of probability as dots.

    Parameters
    ----------
    rows
        From top to bottom; the largest change of each has its number beside it.
    title
        What stands above it, if anything.
    width
        Of the whole, in pixels.
    """
    most = max((abs(change) for row in rows for change in row.changes), default=0.0)
    limit = next((each for each in _LIMITS if most <= each), 1.0)
    track = width - 2 * _INSET
    dots: list[Chart] = []
    numbers: list[Chart] = []
    labels: list[Chart] = []
    tracks: list[Chart] = []
    height = 0.0
    for row in rows:
        lines = wrapped(row.label, width)
        labels.append({"y": height + 11, "text": lines})
        height += LINE * len(lines) + 11
        tracks.append({"y": height})
        dots += [{"y": height, "change": round(change, 9)} for change in row.changes]
        largest = max(row.changes, key=abs, default=0.0)
        side = -1 if largest < 0 else 1
        numbers.append(
            {"y": height, "change": round(largest, 9), "side": side, "text": points(largest)}
        )
        height += 14
    axis = {
        "title": None,
        "values": [-limit, 0, limit],
        "labelExpr": "(datum.value > 0 ? '+' : '') + format(100 * datum.value, '.0f') + ' points'",
        "grid": True,
    }
    x, y = across("change", (-limit, limit), axis), down(height)
    mark = {"type": "point", "filled": True, "size": 44, "opacity": 0.7, "color": colour("accent")}
    layers = [
        layer({"type": "rule"}, tracks, y=y, x={"value": 0}, x2={"value": track}),
        layer(mark, dots, x=x, y=y),
        *beside(numbers, x, y),
        lines_at(-_INSET, labels, y),
    ]
    return framed(layers, title, width=track, height=height)
