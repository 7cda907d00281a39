"""Where an answer would cross a line as one weight changes: a table with small pictures."""

from __future__ import annotations

from collections.abc import Sequence

from standoff.crisis import Crisis
from standoff.present.account_words import by_number, crossings, never
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import path as in_words
from standoff.present.report_shared import reasons, stacking, weight
from standoff.present.words import listed
from standoff.study.account import Account
from standoff.study.tipping import TippingPoint

_TRACK = 200.0
_HEIGHT = 22.0
_EDGE = 8.0


def tipping_points(crisis: Crisis, account: Account) -> Content:
    """Return where the probability crosses a line, number by number."""
    numbers = by_number(account)
    if not numbers:
        return element("p", "No weight was looked at.", class_="note")
    low, high = account.tipping[0].low, account.tipping[0].high
    central = account.attribution.central
    crossing = {path: each for path, each in numbers.items() if crossings(each, central)}
    silent = [_named(crisis, path) for path in numbers if path not in crossing]
    lines = listed((f"{each.threshold:.0%}" for each in next(iter(numbers.values()))), "or")
    return [
        element(
            "p",
            "For the weights that count most, one at a time: the value nearest to the present one "
            f"at which the probability crosses {lines}, that is even chances or an end of the "
            "range of its likelihood word.",
        ),
        stacking(
            "What a weight would have to be",
            ("Weight", "Now", "The probability", f"From {low:g} to {high:g}"),
            [_row(crisis, account, path, each) for path, each in crossing.items()],
        )
        if crossing
        else None,
        element(
            "p",
            f"No value from {low:g} to {high:g} makes it cross a line: {listed(silent)}.",
            class_="note",
        )
        if silent
        else None,
    ]


def _row(
    crisis: Crisis, account: Account, path: str, tipping: Sequence[TippingPoint]
) -> tuple[Content, ...]:
    central = account.attribution.central
    claim = account.claims.get(path.removesuffix(".weight"))
    said = [*crossings(tipping, central), *([missed] if (missed := never(tipping)) else [])]
    return (
        [_named(crisis, path), reasons(crisis, claim.because, claim.source) if claim else None],
        _present(crisis, path, tipping[0].present),
        [[each, element("br") if n < len(said) else None] for n, each in enumerate(said, 1)],
        _dumbbell(tipping, central),
    )


def _named(crisis: Crisis, path: str) -> str:
    return in_words(crisis, path.removesuffix(".weight"))


def _present(crisis: Crisis, path: str, present: float) -> str:
    """The present value, and how it was written where that says more."""
    parts = path.split(".")
    if len(parts) == 4 and parts[0] in crisis.actors and parts[1] in ("interests", "red_lines"):
        given = getattr(crisis.actors[parts[0]], parts[1])[parts[2]].weight
        meant = crisis.range_of(given)
        if meant.low <= present <= meant.high and weight(crisis, given) != f"{present:.3g}":
            return f"{present:.3g}: {weight(crisis, given)}"
    return f"{present:.3g}"


def _dumbbell(tipping: Sequence[TippingPoint], central: float) -> Markup:
    """A line from the least to the most that was looked at: what is, and what would cross."""
    low, high, present = tipping[0].low, tipping[0].high, tipping[0].present
    crossed = [each.value for each in tipping if each.value is not None]

    def at(value: float) -> float:
        return round(_EDGE + (_TRACK - 2 * _EDGE) * (value - low) / ((high - low) or 1.0), 1)

    said = "; ".join(crossings(tipping, central))
    y = _HEIGHT / 2
    reach = [at(present), *map(at, crossed)]
    return element(
        "svg",
        element("title", f"Now {present:.3g}, looked at from {low:g} to {high:g}: {said}"),
        _line(_EDGE, _TRACK - _EDGE, y, "line", "1.5"),
        _line(min(reach), max(reach), y, "accent", "2"),
        [_diamond(at(value), y) for value in crossed],
        element("circle", cx=f"{at(present):g}", cy=f"{y:g}", r="4.5", fill="var(--accent)"),
        role="img",
        class_="dumbbell",
        width=f"{_TRACK:g}",
        height=f"{_HEIGHT:g}",
        viewBox=f"0 0 {_TRACK:g} {_HEIGHT:g}",
    )


def _diamond(x: float, y: float) -> Markup:
    return element(
        "path",
        d=f"M{x:g} {y - 6:g}L{x + 5:g} {y:g}L{x:g} {y + 6:g}L{x - 5:g} {y:g}Z",
        fill="var(--paper)",
        stroke="var(--mark)",
        stroke_width="1.6",
    )


def _line(start: float, end: float, y: float, role: str, width: str) -> Markup:
    return element(
        "path", d=f"M{start:g} {y:g}H{end:g}", stroke=f"var(--{role})", stroke_width=width
    )
