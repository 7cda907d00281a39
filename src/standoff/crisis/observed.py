"""The path of states that a record says was taken: who moved, and between which days.

Time 0 of a situation is the end of its `as_of` day, so an entry of day D lies between `D - as_of
- 1` and `D - as_of` days after it; an entry that is known less exactly lies between its first and
its last day. A situation lasts until the next one begins, and starts at the state it says itself,
whatever the record before it led to (`standoff check` tells where the two disagree).

Entries come in the order of the middle of their dates, those with the same middle in the order of
the file. An entry belongs to the situation in which the middle of its date lies.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standoff.crisis.frozen import Frozen

if TYPE_CHECKING:
    from standoff.crisis.model import Crisis
    from standoff.crisis.setting import Observation


@dataclass(frozen=True, slots=True)
class Move:
    """One decision of an actor, or one change of a condition, that was observed.

    Attributes
    ----------
    mover
        The actor or the condition.
    levels
        The level that each variable it changed came to have.
    entry
        Which entry of `crisis.record` says so, counted from 0.
    earliest, latest
        Between which times it happened, in days after the beginning of the segment.
    """

    mover: str
    levels: Mapping[str, str]
    entry: int
    earliest: float
    latest: float


@dataclass(frozen=True, slots=True)
class Segment:
    """What was observed in one situation.

    Attributes
    ----------
    situation
        Its name.
    begins, ends
        It lasts from the end of the one day to the end of the other: time 0 is `begins`.
    start
        The level of every variable at time 0.
    moves
        In the order of the record. Those of one entry may have come in any order.
    """

    situation: str
    begins: datetime.date
    ends: datetime.date
    start: Mapping[str, str]
    moves: tuple[Move, ...]

    @property
    def days(self) -> int:
        """How long it lasts."""
        return (self.ends - self.begins).days

    @property
    def end(self) -> dict[str, str]:
        """The level of every variable at its end."""
        levels = dict(self.start)
        for move in self.moves:
            levels.update(move.levels)
        return levels


def observed_path(
    crisis: Crisis, *, until: datetime.date | None = None, known_by: datetime.date | None = None
) -> tuple[Segment, ...]:
    """Return what the record of a crisis says happened, situation by situation.

    Parameters
    ----------
    crisis
        The crisis. In a situation already, it gives that one alone.
    until
        The last day to look at; if not given, `known_by`, otherwise the end of the record.
    known_by
        Leave out what was not known by the end of that day: entries without `reported` became
        known on the last day of their date.

    Returns
    -------
    tuple
        A segment for each situation that lasts a day or more, by date. Empty if the crisis has no
        situation: then nothing says from which state the record begins.
    """
    end = until or known_by or record_end(crisis)
    if end is None:
        return ()
    entries = [
        (position, entry)
        for position, entry in in_order(crisis)
        if known_by is None or entry.known <= known_by
    ]
    return tuple(
        _segment(crisis, name, begins, min(ends or end, end), entries)
        for name, begins, ends in periods(crisis)
        if begins < min(ends or end, end)
    )


def record_end(crisis: Crisis) -> datetime.date | None:
    """Return the day up to which the record tells what happened, or None if it tells nothing.

    That is the last day on which its last entry may have happened, or the date of the last
    situation if that is later: whoever describes it knows what happened before.
    """
    days = [entry.date.last for entry in crisis.record]
    days += [situation.as_of for situation in crisis.situations.values()]
    return max(days, default=None)


def in_order(crisis: Crisis) -> list[tuple[int, Observation]]:
    """Return the entries of a record by date, each with its place in the file."""
    return sorted(enumerate(crisis.record), key=lambda each: (each[1].date.middle, each[0]))


def periods(
    crisis: Crisis,
) -> Iterator[tuple[str, datetime.date, datetime.date | None]]:
    """Yield each situation by date, with when it begins and, but for the last, when it ends."""
    dated = sorted(
        ((situation.as_of, name) for name, situation in crisis.situations.items()),
        key=lambda each: each[0],
    )
    for place, (begins, name) in enumerate(dated):
        if crisis.situation in (None, name):
            later = dated[place + 1 :]
            yield name, begins, later[0][0] if later else None


def start_in(crisis: Crisis, situation: str) -> dict[str, str]:
    """Return the level of every variable at time 0 of a situation."""
    return crisis.model_copy(update={"situation": situation}).start


def _segment(
    crisis: Crisis,
    name: str,
    begins: datetime.date,
    ends: datetime.date,
    entries: list[tuple[int, Observation]],
) -> Segment:
    start = start_in(crisis, name)
    levels, days = dict(start), (ends - begins).days
    moves: list[Move] = []
    for position, entry in entries:
        if not begins < entry.date.middle <= ends:
            continue
        earliest = max(0, (entry.date.first - begins).days - 1)
        latest = min(days, (entry.date.last - begins).days)
        for mover, changed in changes_of(entry, levels).items():
            moves.append(Move(mover, Frozen(changed), position, float(earliest), float(latest)))
            levels.update(changed)
    return Segment(name, begins, ends, Frozen(start), tuple(moves))


def changes_of(entry: Observation, levels: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return by mover what an entry changes, in the order in which it names the movers."""
    found: dict[str, dict[str, str]] = {}
    for variable, level in entry.sets.items():
        if levels[variable] != level:
            found.setdefault(variable.partition(".")[0], {})[variable] = level
    return found
