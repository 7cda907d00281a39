"""What was observed: the path of states, and levels over time.

The path itself is put together in :mod:`standoff.crisis.observed`, where a file is checked by it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from standoff.crisis import Crisis, is_true
from standoff.crisis.edtf import EventDate
from standoff.crisis.frozen import Frozen
from standoff.crisis.observed import (
    Move,
    Segment,
    in_order,
    observed_path,
    periods,
    record_end,
    start_in,
)

__all__ = [
    "Move",
    "Segment",
    "Step",
    "Stretch",
    "Timeline",
    "is_true_in",
    "levels_over_time",
    "observed_path",
    "record_end",
    "states_over_time",
    "timeline",
    "truth_on",
]


@dataclass(frozen=True, slots=True)
class Step:
    """A state, from the day on which it began.

    Attributes
    ----------
    day
        By the end of this day it was so: the middle of an entry's date, or that of a situation.
    levels
        The level of every variable.
    changed
        Which of them are new.
    entry
        The entry of `crisis.record` that brought it, counted from 0; None for a situation.
    situation
        The situation that begins with it, if one does.
    """

    day: datetime.date
    levels: Mapping[str, str]
    changed: tuple[str, ...]
    entry: int | None = None
    situation: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A level that a variable had for some time.

    Attributes
    ----------
    since, until
        From the end of the one day to that of the other, where the next stretch or the end of
        the record is.
    level
        The level.
    entry
        The entry of `crisis.record` that brought it, counted from 0; None if a situation says so.
    situation
        The situation that says so, if no entry does.
    """

    since: datetime.date
    until: datetime.date
    level: str
    entry: int | None = None
    situation: str | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a record says, to be shown.

    Attributes
    ----------
    crisis
        The crisis whose record it is.
    segments
        The path, situation by situation.
    levels
        The stretches of every option and condition that ever changed, in file order.
    ends
        The last day that the record tells of; None if it tells nothing.
    """

    crisis: Crisis
    segments: tuple[Segment, ...]
    levels: Mapping[str, tuple[Stretch, ...]]
    ends: datetime.date | None


def states_over_time(
    crisis: Crisis,
    *,
    until: datetime.date | None = None,
    known_by: datetime.date | None = None,
    counted: str = "middle",
) -> tuple[Step, ...]:
    """Return the states of a crisis by its record, from its first situation on.

    Parameters
    ----------
    crisis
        The crisis; which situation it is in does not matter.
    until, known_by
        As for :func:`observed_path`.
    counted
        Which day of an uncertain date counts: its `first`, its `middle` or its `last`.
    """
    crisis = crisis.model_copy(update={"situation": None})
    end = until or known_by or record_end(crisis)
    if end is None:
        return ()
    dated: list[tuple[datetime.date, int, int | None, str | None]] = [
        (_counted(crisis, entry.date, counted), place, position, None)
        for place, (position, entry) in enumerate(in_order(crisis))
        if known_by is None or entry.known <= known_by
    ]
    # At the end of its own day a situation has the last word.
    dated += [(begins, len(crisis.record), None, name) for name, begins, _ in periods(crisis)]
    steps: list[Step] = []
    levels: dict[str, str] = {}
    for day, _, position, situation in sorted(dated, key=lambda each: each[:2]):
        if day > end or (situation is None and not levels):
            continue
        if situation is not None:
            new = start_in(crisis, situation)
        else:
            assert position is not None
            new = {**levels, **crisis.record[position].sets}
        changed = tuple(name for name, level in new.items() if levels.get(name) != level)
        levels = new
        steps.append(Step(day, Frozen(new), changed, position, situation))
    return tuple(steps)


def _counted(crisis: Crisis, date: EventDate, which: str) -> datetime.date:
    """Return the day of a date that counts, within the situation in which its middle lies."""
    day: datetime.date = getattr(date, which)
    for _, begins, ends in periods(crisis):
        if begins < date.middle and (ends is None or date.middle <= ends):
            day = max(day, begins + datetime.timedelta(days=1))
            return min(day, ends) if ends else day
    return day


def levels_over_time(
    crisis: Crisis, *, until: datetime.date | None = None, known_by: datetime.date | None = None
) -> Mapping[str, tuple[Stretch, ...]]:
    """Return for every option and condition the levels it had, one after the other.

    Parameters
    ----------
    crisis, until, known_by
        As for :func:`states_over_time`.

    Returns
    -------
    Mapping
        By variable, in file order; empty if the crisis has no situation.
    """
    steps = states_over_time(crisis, until=until, known_by=known_by)
    if not steps:
        return Frozen()
    end = until or known_by or record_end(crisis)
    assert end is not None  # there would be no steps
    return Frozen({name: _stretches(name, steps, end) for name in crisis.variables})


def _stretches(name: str, steps: Sequence[Step], end: datetime.date) -> tuple[Stretch, ...]:
    own = [step for step in steps if name in step.changed]
    ends = [*(step.day for step in own[1:]), max(end, own[-1].day)]
    return tuple(
        Stretch(step.day, until, step.levels[name], step.entry, step.situation)
        for step, until in zip(own, ends, strict=True)
    )


def timeline(
    crisis: Crisis, *, until: datetime.date | None = None, known_by: datetime.date | None = None
) -> Timeline:
    """Return what the record of a crisis says, ready to be shown.

    Parameters
    ----------
    crisis, until, known_by
        As for :func:`observed_path`.
    """
    levels = levels_over_time(crisis, until=until, known_by=known_by)
    moved = {name: each for name, each in levels.items() if len(each) > 1}
    return Timeline(
        crisis,
        observed_path(crisis, until=until, known_by=known_by),
        Frozen(moved),
        until or known_by or record_end(crisis),
    )


def truth_on(
    crisis: Crisis, statement: str, day: datetime.date, *, known_by: datetime.date | None = None
) -> bool | None:
    """Return whether a statement was true at the end of a day; None if the record does not say.

    Examples
    --------
    >>> import datetime, standoff
    >>> crisis = standoff.load("karabakh-2020")
    >>> truth_on(crisis, "front == breached", datetime.date(2020, 10, 4))
    True
    """
    end = known_by or record_end(crisis)
    steps = states_over_time(crisis, until=day, known_by=known_by)
    if not steps or end is None or day > end:
        return None
    return is_true_in(crisis, statement, steps[-1])


def is_true_in(crisis: Crisis, text: str, step: Step) -> bool:
    """Return whether a statement is true in the state of a step."""
    state = {name: crisis.variables[name].index(level) for name, level in step.levels.items()}
    return is_true(crisis.statement(text), state)
