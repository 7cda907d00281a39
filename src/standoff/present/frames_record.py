"""Frames of the record: accounts weighed by it, and what was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.crisis.observed import Segment
from standoff.present.frames import Kind, as_frame, table
from standoff.study.record import Step, Stretch, Timeline
from standoff.study.weighed import Clue, Weighing

if TYPE_CHECKING:
    from pandas import DataFrame

_NONE = (None, None, None)


@as_frame.register(Weighing)
def _(result: Weighing, *, clues: bool = False, numbers: bool = False) -> DataFrame:
    """A row for each account; with ``clues``, for each part of the record and account; with
    ``numbers``, for each number that an account leaves open.

    What rests on too few draws to be known, or on none, is missing: evidence, Bayes factors,
    posteriors, and what became of numbers.
    """
    if clues:
        return as_frame(result.clues, known=result.known)
    if numbers:
        return _numbers(result)
    return table(
        (
            (each.name, each.asks, each.prior, each.central, each.best,
             *((None, None) if each.short else (each.evidence, each.error)),
             each.effective, *((each.factor if result.known else None) or _NONE),
             *(each.posterior or _NONE))
            for each in result.accounts.values()
        ),
        account="text", asks="text", prior="number", central="number", best="number",
        evidence="number", error="number", effective="number", factor="number", factor_low="number",
        factor_high="number", posterior="number", posterior_low="number", posterior_high="number",
    )  # fmt: skip


def _numbers(result: Weighing) -> DataFrame:
    return table(
        (
            (account.name, each.path, each.kind, *each.prior, *each.posterior, each.moved,
             each.shift)
            for account in result.accounts.values()
            for each in account.numbers
        ),
        account="text", path="text", kind="text", prior_low="number", prior="number",
        prior_high="number", posterior_low="number", posterior="number", posterior_high="number",
        moved="truth", shift="number",
    )  # fmt: skip


@as_frame.register(Clue)
def _(result: Clue, *, known: bool = True) -> DataFrame:
    """A row for each account; ratios are against the crisis as written."""
    averaged = known and bool(result.likelihoods)
    return table(
        (
            (result.entry, result.situation, result.since, result.until, name, central,
             result.central_ratio(name), result.best.get(name),
             *(result.likelihoods[name] if averaged else (None, None)),
             *(result.ratio(name) if averaged else (None, None)))
            for name, central in result.central.items()
        ),
        entry="count", situation="text", since="date", until="date", account="text",
        central="number", central_ratio="number", best="number", likelihood="number",
        error="number", ratio="number", ratio_error="number",
    )  # fmt: skip


@as_frame.register(Timeline)
def _(result: Timeline) -> DataFrame:
    """A row for each level that an option or condition had for some time."""
    rows = [
        (name, *_stretch(each)) for name, stretches in result.levels.items() for each in stretches
    ]
    return table(rows, name="text", **_STRETCH)


@as_frame.register(Stretch)
def _(result: Stretch) -> DataFrame:
    return table([_stretch(result)], **_STRETCH)


_STRETCH: dict[str, Kind] = {
    "since": "date", "until": "date", "level": "text", "entry": "count", "situation": "text",
}  # fmt: skip


def _stretch(each: Stretch) -> tuple[object, ...]:
    return each.since, each.until, each.level, each.entry, each.situation


@as_frame.register(Step)
def _(result: Step) -> DataFrame:
    """A state, with a column for each option and condition."""
    columns: dict[str, Kind] = {"day": "date", "entry": "count", "begins": "text"}
    columns |= dict.fromkeys(result.levels, "text")
    row = (result.day, result.entry, result.situation, *result.levels.values())
    return table([row], **columns)


@as_frame.register(Segment)
def _(result: Segment) -> DataFrame:
    """A row for each level that a move changed; times are in days after the segment's beginning."""
    return table(
        (
            (result.situation, each.entry, each.mover, variable, level, each.earliest, each.latest)
            for each in result.moves
            for variable, level in each.levels.items()
        ),
        situation="text", entry="count", mover="text", variable="text", level="text",
        earliest="number", latest="number",
    )  # fmt: skip
