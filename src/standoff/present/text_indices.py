"""Which uncertain numbers the spread of an answer comes from, as text."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.present.scenario_words import computed_with, drawn_from, number_in_words
from standoff.present.text import INDENT, QUIET, as_text, heading, line, stacked
from standoff.present.wording import likely
from standoff.present.words import called, clean, counted, listed
from standoff.study.indices import Index, Indices

_SHOWN = 12
_LEAST = 0.01
_PLURAL = {"number": "", "passage": "by passage", "actor": "by actor", "kind": "by kind of claim"}


@as_text.register
def _(result: Indices, *, crisis: Crisis) -> RenderableType:
    """The answer's spread, and what it comes from."""
    return stacked(
        [
            line(f"{clean(result.asks)} {_upper(likely(result.probability))}.", style="bold"),
            line(_spread(result)),
            *_parts(result, crisis),
            line(""),
            line(
                f"{computed_with(result.settings)} {counted(result.points, 'point')} and "
                f"{counted(result.versions, 'version')} of the crisis; intervals hold with "
                f"{result.confidence:.0%}.",
                style=QUIET,
            ),
        ]
    )


def _spread(result: Indices) -> str:
    if not result.indices:
        return "Nothing that it depends on is uncertain."
    if result.variance == 0 or not any(each.total for each in result.indices):
        return "It does not vary with anything that is uncertain."
    numbers = counted(len(result.numbers), "uncertain number")
    return (
        f"Over {numbers} it has a standard deviation of {100 * sqrt(result.variance):.1f} points. "
    )


def _parts(result: Indices, crisis: Crisis) -> Iterator[RenderableType]:
    told = [each for each in result.indices if each.total_told and each.total >= _LEAST]
    little = [each for each in result.indices if each.total_told and each.total < _LEAST]
    silent = [each for each in result.indices if not each.total_told]
    if told:
        yield heading(" ".join(["What it comes from", _PLURAL[result.by]]).strip())
        yield line(
            "The share of the variance that is due to each by itself, and with all that it does "
            "together with the others."
        )
        yield line("")
    for index in told[:_SHOWN]:
        yield line(f"{party_in_words(index, result, crisis)}", INDENT)
        yield line(shares_in_words(index), 3 * INDENT)
    if len(told) > _SHOWN:
        yield line(f"and {counted(len(told) - _SHOWN, 'other')} with less.", INDENT)
    if not result.variance:
        return
    for what, those in (
        ("Under 1%, with others", little),
        ("Not distinguishable from zero", silent),
    ):
        if those:
            names = [party_in_words(each, result, crisis, short=True) for each in those]
            shown = names[:8] + ([f"{len(names) - 8} more"] if len(names) > 8 else [])
            yield line("")
            yield line(f"{what}: {listed(shown)}.", INDENT, style=QUIET)


def party_in_words(index: Index, result: Indices, crisis: Crisis, *, short: bool = False) -> str:
    """Return what a party is; unless it is to be short, with the numbers that it stands for."""
    if result.by == "number":
        number = result.numbers[index.party]
        words = number_in_words(crisis, number)
        return words if short else f"{words} ({drawn_from(number)})"
    name = called(crisis, index.party) if index.party in crisis.actors else index.party
    return name if short else f"{name} ({counted(len(index.numbers), 'number')})"


def shares_in_words(index: Index) -> str:
    """Return both shares of a party; none is said to be below zero, which none can be.

    Examples
    --------
    >>> shares_in_words(Index("x", (), -0.02, (-0.1, 0.06), 0.3, (0.2, 0.4)))
    'by itself not distinguishable from zero (at most 6%); with others 30% (20-40%)'
    """
    return "; ".join(
        f"{how} {share_in_words(*each)}"
        for how, each in (
            ("by itself", (index.first, index.first_interval)),
            ("with others", (index.total, index.total_interval)),
        )
    )


def share_in_words(middle: float, interval: tuple[float, float]) -> str:
    """Return one share with its interval, or that it cannot be told from zero."""
    low, high = interval
    if low <= 0:
        most = f"at most {high:.0%}" if high >= _LEAST else "under 1%"
        return f"not distinguishable from zero ({most})"
    if high < _LEAST:
        return "under 1%"
    return f"{min(middle, 1.0):.0%} ({low * 100:.0f}-{min(high, 1.0):.0%})"


def _upper(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
