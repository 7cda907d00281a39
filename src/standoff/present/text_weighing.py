"""What a record says of rival accounts, as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.present.charts_shared import day_text
from standoff.present.text import INDENT, QUIET, as_text, heading, line, rows, stacked
from standoff.present.weighing_words import (
    account,
    at,
    caveat,
    central_odds,
    central_sentence,
    decided,
    decisive,
    first_sentence,
    number,
    odds,
    of_account,
    of_central,
    of_evidence,
    of_factor,
    speaks,
    strength,
    unlikely_to_all,
    what,
)
from standoff.present.wording import percent
from standoff.present.words import clean, counted, listed
from standoff.study.moved import Moved
from standoff.study.weighed import AS_WRITTEN, Weighed, Weighing

_SHOWN = 12
_LABEL = 14


@as_text.register
def _(result: Weighing, *, crisis: Crisis) -> RenderableType:
    """What it says, of whom, by which entries, and of which numbers."""
    return stacked(
        [
            line(first_sentence(result), style="bold"),
            *_doubt(result, result.known or not result.draws),
            line(looked_at(result), style=QUIET),
            *(_accounts(result) if result.draws else ()),
            *(() if result.known else _central(result)),
            *_clues(result, crisis),
            *_numbers(result, crisis),
        ]
    )


def _doubt(result: Weighing, said: bool) -> Iterator[RenderableType]:
    """What goes with odds that have just been said."""
    if said and (doubt := caveat(result)):
        yield line(doubt)


def looked_at(result: Weighing) -> str:
    """Say what of the record was looked at, and with how many draws."""
    first, last = result.segments[0].begins, result.segments[-1].ends
    entries = len({move.entry for each in result.segments for move in each.moves})
    known = "" if result.known_by is None else f", as known by {day_text(result.known_by)}"
    draws = f"{counted(result.draws, 'draw')} of each account, seed {result.seed}"
    return (
        f"From the end of {day_text(first)} to {day_text(last)}{known}: "
        f"{counted(entries, 'entry', 'entries')} in {counted(len(result.segments), 'situation')}; "
        f"{draws if result.draws else 'no draws'}."
    )


def _accounts(result: Weighing) -> Iterator[RenderableType]:
    yield heading("The accounts")
    order = sorted(result.accounts.values(), key=lambda each: -(each.evidence or 0.0))
    for each in order if result.known else result.accounts.values():
        yield line("")
        yield line(f"{account(each.name)}: {of_account(each)}", INDENT, style="bold")
        if each.name != AS_WRITTEN:
            yield line(clean(each.asks), 2 * INDENT)
        yield line(_grounds(each, result), 2 * INDENT, style=QUIET)


def _grounds(each: Weighed, result: Weighing) -> str:
    said = [f"Before the record {percent(each.prior)}"]
    if result.known and each.factor is not None and each.name != AS_WRITTEN:
        against = "against the crisis as written the record"
        said.append(f"{against} {strength(each.factor[0])}, {of_factor(each)}")
    return f"{'; '.join([*said, of_evidence(each, result.draws)])}."


def _central(result: Weighing) -> Iterator[RenderableType]:
    """The accounts in the middle of their ranges, where no more than that is known."""
    yield heading("The accounts at central values")
    if result.draws:  # otherwise it has been said
        yield line(central_sentence(result))
    yield from _doubt(result, result.draws > 0)
    for each in sorted(result.accounts.values(), key=lambda each: -each.central):
        yield line("")
        own = each.name == AS_WRITTEN
        against = (
            "" if own else f", odds against the crisis as written {central_odds(result, each.name)}"
        )
        yield line(f"{account(each.name)}: {of_central(each)}{against}", INDENT, style="bold")
        if not own:
            yield line(clean(each.asks), 2 * INDENT)


def _clues(result: Weighing, crisis: Crisis) -> Iterator[RenderableType]:
    yield heading(f"What {decided(result)}")
    told = decisive(result)
    if not told:
        yield line("No entry by itself tells any of them from the crisis as written.")
        return
    left_out = "within 1.5 to 1, or too close to tell" if result.known else "within 1.5 to 1"
    yield line(
        "Odds for each account against the crisis as written, from what was seen given all "
        f"before it; those left out are {left_out}."
    )
    yield line("")
    for clue in told[:_SHOWN]:
        said = speaks(result, clue)
        ratios = [
            f"{account(name)} {odds(ratio)}"
            for name, ratio in sorted(said.items(), key=lambda each: -each[1])
        ]
        entry = None if clue.entry is None else crisis.record[clue.entry]
        parts = [line(what(crisis, clue)), line(listed(ratios))]
        if doubt := unlikely_to_all(result, clue):
            parts.append(line(doubt))
        if entry is not None and (entry.because or entry.source):
            cite = f" [{clean(entry.source)}]" if entry.source else ""
            parts.append(line(f"{clean(entry.because or '')}{cite}".strip(), style=QUIET))
        yield rows([(at(crisis, clue), stacked(parts))], label=_LABEL)
    if len(told) > _SHOWN:
        yield line(f"and {counted(len(told) - _SHOWN, 'other')} with less.", INDENT)


def _numbers(result: Weighing, crisis: Crisis) -> Iterator[RenderableType]:
    told = {each.name: [n for n in each.numbers if n.moved] for each in result.accounts.values()}
    if not any(each.numbers for each in result.accounts.values()):
        return
    yield heading("Which numbers the record moved")
    yield line("Ranges that hold nine tenths, before the record and after it.")
    for name, numbers in told.items():
        if not result.accounts[name].numbers:
            continue
        yield line("")
        if not numbers:
            still = counted(len(result.accounts[name].numbers), "number")
            yield line(f"In {account(name)} none of {still} that it leaves open.", INDENT)
            continue
        yield line(f"In {account(name)}:", INDENT)
        strongest = sorted(numbers, key=lambda each: -abs(each.shift))
        for each in strongest[:_SHOWN]:
            yield line(f"{number(crisis, each.path)}: {change(each)}", 2 * INDENT)
        if len(numbers) > _SHOWN:
            yield line(f"and {counted(len(numbers) - _SHOWN, 'other')}.", 2 * INDENT)


def change(each: Moved) -> str:
    """Say what a number was before the record, and is after it."""
    if each.kind == "holds":
        before, after = each.prior[1], each.posterior[1]
        return f"holds with {percent(before)} before, {percent(after, estimated=True)} after"
    low, _, high = each.prior
    first, middle, last = each.posterior
    return f"from {low:.3g}-{high:.3g} to {first:.3g}-{last:.3g}, half of it above {middle:.3g}"
