"""What an answer rests on, as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.present.in_words import path as in_words
from standoff.present.text import INDENT, QUIET, as_text, heading, line, stacked
from standoff.present.wording import likely, percent, points
from standoff.present.words import called, clean, counted, listed
from standoff.study.account import Account
from standoff.study.attribution import Share
from standoff.study.tipping import TippingPoint

_SHOWN = 12

_NAMES = {"passage": "passage", "actor": "actor", "kind": "kind of claim", "claim": "claim"}


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
    found = result.attribution
    yield line("")
    yield heading("What carries it")
    claims = counted(sum(len(each.claims) for each in found.shares), "claim")
    yield line(
        f"Without any of the {claims} that can be left out it would be "
        f"{percent(found.without, estimated=True)}. The difference of "
        f"{points(found.central - found.without)} is shared out by {_NAMES[found.by]}: what each "
        "adds on average when they are put in one after the other"
        + (", in every order." if not found.orders else f", in {found.orders} orders drawn.")
    )
    yield line("")
    told = [each for each in found.shares if each.told_from_zero]
    for share in told[:_SHOWN]:
        yield from _share(share, result, crisis)
    rest = len(told) - _SHOWN
    if rest > 0:
        yield line(f"and {counted(rest, 'other')} with less.", INDENT)
    silent = [each.party for each in found.shares if not each.told_from_zero]
    if silent:
        names = [_party(name, crisis) for name in silent]
        shown = listed(names[:8] + ([f"{len(names) - 8} more"] if len(names) > 8 else []))
        yield line(f"Not to be told from zero: {shown}.", INDENT, style=QUIET)
    if found.stays:
        yield line(f"Not left out: {listed(found.stays)}.", INDENT, style=QUIET)


def _share(share: Share, result: Account, crisis: Crisis) -> Iterator[RenderableType]:
    error = f" (standard error {100 * share.error:.1f})" if share.error else ""
    alone = f"; without it alone {points(-share.alone)}"
    yield line(f"{points(share.share)}{error}  {_party(share.party, crisis)}{alone}", INDENT)
    for path in share.claims[:3]:
        claim = result.claims[path]
        because = f": {clean(claim.because)}" if claim.because else ""
        source = f" ({claim.source})" if claim.source and share.party == path else ""
        named = "" if share.party == path else f"{in_words(crisis, path)}"
        if named or because:
            yield line(f"{named}{because}{source}".removeprefix(": "), 4 * INDENT, style=QUIET)
    if len(share.claims) > 3:
        yield line(f"and {counted(len(share.claims) - 3, 'other claim')}", 4 * INDENT, style=QUIET)


def _changes(result: Account, crisis: Crisis) -> Iterator[RenderableType]:
    yield line("")
    yield heading("What would change it")
    if not result.tipping:
        yield line("No weight was looked at.")
        return
    yield line(
        "For the weights that count most, the value nearest to the present one at which the "
        "probability crosses a line, looked for from 0 to 20."
    )
    yield line("")
    by_path: dict[str, list[TippingPoint]] = {}
    for point in result.tipping:
        by_path.setdefault(point.path, []).append(point)
    for path, tipping in by_path.items():
        claim = path.removesuffix(".weight")
        now = f"{in_words(crisis, claim)}, now {tipping[0].present:.3g}"
        crossed = [f"{each.threshold:.0%} at {each.value:.3g}" for each in tipping
                   if each.value is not None]  # fmt: skip
        missed = [f"{each.threshold:.0%}" for each in tipping if each.value is None]
        said = [f"crosses {listed(crossed)}"] if crossed else []
        said += [f"never {listed(missed, 'or')}"] if missed else []
        yield line(f"{now}: {'; '.join(said)}", INDENT)


def _party(name: str, crisis: Crisis) -> str:
    if name in crisis.actors:
        return called(crisis, name)
    return in_words(crisis, name) if name.count(".") >= 2 else name


def _upper(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
