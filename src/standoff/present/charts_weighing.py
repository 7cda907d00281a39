"""How the odds between rival accounts build up from one part of a record to the next."""

from __future__ import annotations

from math import exp, isfinite, log

from standoff.crisis import Crisis
from standoff.present.charts_shared import (
    LINE,
    NARROW,
    Chart,
    across,
    down,
    framed,
    layer,
    lines_at,
    wrapped,
)
from standoff.present.theme import ACTORS, colour
from standoff.present.weighing_words import account, at, odds, ratio_of, what
from standoff.study.weighed import AS_WRITTEN, Weighing

_INSET = 12
_STEPS = (2, 5, 10, 30, 100, 1e3, 1e4, 1e6, 1e9, 1e12)
_DASHES: tuple[list[int], ...] = ([], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [12, 4])


def weighing_chart(
    result: Weighing, crisis: Crisis, *, title: str | None = None, width: int = NARROW
) -> Chart:
    """Return the odds of each rival against the crisis as written, summed up over the record.

    Where it is not known what the record says, at central values, and a title says so.

    Parameters
    ----------
    result
        What is drawn: its parts of the record from top to bottom.
    crisis
        That it is about.
    title
        What stands above it, if anything.
    width
        Of the whole, in pixels.
    """
    rivals = [name for name in result.accounts if name != AS_WRITTEN]
    labels: list[Chart] = []
    rows: list[float] = []
    height = 6.0
    for clue in result.clues:
        lines = wrapped(f"{at(crisis, clue)}: {what(crisis, clue)}", width)
        labels.append({"y": height + 11, "text": lines})
        height += LINE * len(lines) + 8
        rows.append(height)
        height += 14
    sums = {name: _summed(result, name) for name in rivals}
    most = max((abs(each) for line in sums.values() for each in line), default=0.0)
    limit = next((log(each) for each in _STEPS if most <= log(each)), most)
    lasting = sorted(rivals, key=lambda name: sums[name][-1])
    ends = {name: height + 6 + 16 * place for place, name in enumerate(lasting)}
    height += 16 * len(rivals) + 8
    axis = {
        "title": None,
        "values": [-limit, 0, limit],
        "labelExpr": _labels(limit),
        "labelFlush": True,
        "grid": True,
    }
    x, y = across("odds", (-limit, limit), axis), down(height)
    layers = [lines_at(0, labels, y, color=colour("soft"))]
    for place, name in enumerate(rivals):
        tint, end = colour(f"actor{place % ACTORS}"), ends[name]
        values = [
            {"odds": round(each, 6), "y": row} for each, row in zip(sums[name], rows, strict=True)
        ]
        path = [{"odds": 0.0, "y": 2.0}, *values, {"odds": values[-1]["odds"], "y": end}]
        mark = {
            "type": "line",
            "color": tint,
            "strokeWidth": 1.75,
            "strokeDash": _DASHES[place % len(_DASHES)],
        }
        order = {"field": "step", "type": "quantitative"}
        stepped = [{**each, "step": number} for number, each in enumerate(path)]
        layers.append(layer(mark, stepped, x=x, y=y, order=order))
        dot = {"type": "point", "filled": True, "size": 26, "color": tint, "opacity": 1}
        layers.append(layer(dot, values, x=x, y=y))
        right = values[-1]["odds"] > 0
        text = {
            "type": "text",
            "align": "right" if right else "left",
            "dx": -6 if right else 6,
            "color": tint,
            "fontWeight": 600,
        }
        said = f"{account(name)}: {odds(sums[name][-1])}"
        where = [{"odds": values[-1]["odds"], "y": end, "text": said}]
        layers.append(layer(text, where, x=x, y=y, text={"field": "text"}))
    if not result.known:
        title = f"{title}, at central values" if title else "At central values"
    return framed(layers, title, width=width - 2 * _INSET, height=height)


def _summed(result: Weighing, name: str) -> list[float]:
    """The log-ratio against the crisis as written up to each part; what is beyond all bounds
    stays where it is from then on.
    """
    found, total = [], 0.0
    for clue in result.clues:
        ratio, _ = ratio_of(result, clue, name)
        total += ratio if isfinite(ratio) else 0.0
        found.append(total)
    return found


def _labels(limit: float) -> str:
    size = f"{exp(limit):,.0f}"
    return (
        f"datum.value > 0 ? '{size} to 1 for it' : "
        f"datum.value < 0 ? '1 to {size}' : 'as the crisis is written'"
    )
