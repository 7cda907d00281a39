"""What an answer rests on, as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.present.account_words import by_number, crossings, in_sum, never, not_told, party
from standoff.present.in_words import path as in_words
from standoff.present.text import INDENT, QUIET, as_text, heading, line, stacked
from standoff.present.wording import likely, points
from standoff.present.words import clean, counted, listed
from standoff.study.account import Account
from standoff.study.attribution import Share

SHOWN = 12
"""Shares that are shown, the largest, unless another number is asked for."""


@as_text.register
def _(result: Account, *, crisis: Crisis) -> RenderableType:
    """The answer, what carries it, what would change it."""
    return stacked([*_answer(result), *_carries(result, crisis), *_changes(result, crisis)])


def _answer(result: Account) -> Iterator[RenderableType]:
    found = result.forecast
    yield line(f"{clean(found.asks)} {_upper(likely(found.central))}.", style="bold")
    if found.as_of is not None:
        yield line(f"From {found.as_of} ({found.situation}) to {found.closes}.")
    if found.lineage:
        yield line(f"Asked {'; '.join(found.lineage)}.", style=QUIET)


def _carries(result: Account, crisis: Crisis) -> Iterator[RenderableType]:
    yield line("")
    yield heading("What carries it")
    yield from carries(result, crisis)
    if result.attribution.stays:
        yield line(f"Not left out: {listed(result.attribution.stays)}.", INDENT, style=QUIET)


def carries(result: Account, crisis: Crisis, most: int = SHOWN) -> Iterator[RenderableType]:
    """Yield what carries an answer, the largest shares first, each with what it says."""
    found = result.attribution
    yield line(in_sum(found))
    yield line("")
    told = [each for each in found.shares if each.told_from_zero]
    for share in told[:most]:
        yield from _share(share, result, crisis)
    rest = len(told) - most
    if rest > 0:
        yield line(f"and {counted(rest, 'other')} with less.", INDENT)
    if silent := not_told(found, crisis):
        yield line(silent, INDENT, style=QUIET)


def _share(share: Share, result: Account, crisis: Crisis) -> Iterator[RenderableType]:
    error = f" (standard error {100 * share.error:.1f})" if share.error else ""
    alone = f"; without it alone {points(-share.alone)}"
    yield line(f"{points(share.share)}{error}  {party(share.party, crisis)}{alone}", INDENT)
    for path in share.claims[:3]:
        claim = result.claims[path]
        because = f": {clean(claim.because)}" if claim.because else ""
        source = f" ({claim.source})" if claim.source and share.party == path else ""
        named = "" if share.party == path else f"{in_words(crisis, path)}"
        if named or because or source:
            yield line(f"{named}{because}{source}".lstrip(": "), 4 * INDENT, style=QUIET)
    if len(share.claims) > 3:
        yield line(f"and {counted(len(share.claims) - 3, 'other claim')}", 4 * INDENT, style=QUIET)


def _changes(result: Account, crisis: Crisis) -> Iterator[RenderableType]:
    yield line("")
    yield heading("What would change it")
    yield from tipping_points(result, crisis)


def tipping_points(result: Account, crisis: Crisis) -> Iterator[RenderableType]:
    """Yield where the answer would cross a line, number by number."""
    numbers = by_number(result)
    if not numbers:
        yield line("No weight was looked at.")
        return
    low, high = result.tipping[0].low, result.tipping[0].high
    yield line(
        "For the weights that count most, one at a time, the value nearest to the present one at "
        f"which the probability crosses a line, looked for from {low:g} to {high:g}."
    )
    yield line("")
    silent = []
    for path, tipping in numbers.items():
        named = in_words(crisis, path.removesuffix(".weight"))
        crossed = crossings(tipping, result.attribution.central)
        if not crossed:
            silent.append(named)
            continue
        missed = never(tipping)
        said = "; ".join(each for each in (listed(crossed), missed) if each)
        yield line(f"{named}, now {tipping[0].present:.3g}: {said}.", INDENT)
    if silent:
        lines = listed((f"{each.threshold:.0%}" for each in next(iter(numbers.values()))), "or")
        yield line(f"Never {lines}: {listed(silent)}.", INDENT)


def _upper(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
