"""What a record may have wrong that the crisis itself does not: faults first, then warnings."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from standoff.crisis.allowed import Moves
from standoff.crisis.errors import listed
from standoff.crisis.faults import Path, Problem
from standoff.crisis.model import Crisis
from standoff.crisis.observed import changes_of, in_order, observed_path, periods, start_in


def faults_in(crisis: Crisis) -> Iterator[Problem]:
    """Yield what cannot be in the record of a crisis that is otherwise right."""
    if not crisis.record:
        return
    yield from _contradictions(crisis)
    yield from _impossible(crisis)


def problems_of_record(crisis: Crisis) -> Iterator[Problem]:
    """Yield what is legal in a record and probably not meant."""
    if not crisis.record:
        return
    yield from _outside(crisis)
    yield from _idle(crisis)
    yield from _situations(crisis)


# Faults -----------------------------------------------------------------------------------------


def _contradictions(crisis: Crisis) -> Iterator[Problem]:
    said: dict[tuple[datetime.date, str], tuple[int, str]] = {}
    for position, entry in enumerate(crisis.record):
        if not entry.date.exact:
            continue
        for variable, level in entry.sets.items():
            first, other = said.setdefault((entry.date.first, variable), (position, level))
            if other != level:
                yield Problem(
                    "SO081",
                    f"two entries of {entry.date.first.isoformat()} set `{variable}` differently",
                    ("record", position, "sets", variable),
                    label=f"entry {first + 1} of the record says `{other}`",
                    help="keep the level that the day ended with; if it is in dispute, keep one "
                    "and add `disputed: true`",
                )


def _impossible(crisis: Crisis) -> Iterator[Problem]:
    moves = Moves(crisis)
    for position, levels, changed in _steps(crisis):
        refused = moves.refused(changed, levels)
        if refused is not None:
            yield Problem(
                "SO082",
                refused.message,
                ("record", position, "sets", refused.variable),
                label=refused.label,
                help=refused.help,
            )


def _steps(crisis: Crisis) -> Iterator[tuple[int, dict[str, str], dict[str, dict[str, str]]]]:
    """Yield every entry within a situation: its place, the levels before it, what it changes."""
    entries = in_order(crisis)
    for name, begins, ends in periods(crisis):
        levels = start_in(crisis, name)
        for position, entry in entries:
            if begins < entry.date.middle and (ends is None or entry.date.middle <= ends):
                changed = changes_of(entry, levels)
                yield position, dict(levels), changed
                levels.update(entry.sets)


# Warnings ---------------------------------------------------------------------------------------


def _warn(path: Path, code: str, message: str, label: str, advice: str) -> Problem:
    return Problem(code, message, path, on_key=True, label=label, help=advice)


def _outside(crisis: Crisis) -> Iterator[Problem]:
    begins = sorted(situation.as_of for situation in crisis.situations.values())
    if not begins:
        yield _warn(
            ("record",),
            "SW012",
            "the record belongs to no situation",
            "from which state does it begin?",
            "add a situation with the `as_of` date and the state before the first entry",
        )
        return
    before: dict[str, tuple[int, str]] = {}
    for position, entry in in_order(crisis):
        date = entry.date
        if date.middle <= begins[0]:
            before |= {variable: (position, level) for variable, level in entry.sets.items()}
        elif not date.approximate:
            for day in begins:
                if date.first <= day < date.last:
                    yield Problem(
                        "SW015",
                        f"this entry may lie before or after {day.isoformat()}, the date of a "
                        "situation",
                        ("record", position, "date"),
                        label=f"counted {'after' if date.middle > day else 'before'} it",
                        help="write an interval on one side of that day",
                    )
    name = next(
        name for name, situation in crisis.situations.items() if situation.as_of == begins[0]
    )
    start = start_in(crisis, name)
    for variable, (position, level) in before.items():
        if start[variable] != level:
            yield Problem(
                "SW012",
                f"this entry is not after {begins[0].isoformat()}, and the situation of that day "
                "does not start with it",
                ("record", position, "sets", variable),
                label=f"`{name}` starts with `{start[variable]}`",
                help="the record counts from the end of the day of the first situation on: put its "
                "date before the entry, or its state right",
            )


def _idle(crisis: Crisis) -> Iterator[Problem]:
    for position, _, changed in _steps(crisis):
        if not changed:
            said = listed(
                f"{name}: {level}" for name, level in crisis.record[position].sets.items()
            )
            yield _warn(
                ("record", position),
                "SW013",
                "this entry changes nothing",
                f"already so before it: {said}" if said else "it sets nothing",
                "a record lists changes; leave it out, or see whether an earlier entry is missing",
            )


def _situations(crisis: Crisis) -> Iterator[Problem]:
    if crisis.situation is not None:
        return
    path = observed_path(crisis)
    starts = {name: start_in(crisis, name) for name, _, _ in periods(crisis)}
    names = list(starts)
    for segment in path:
        later = next((name for name in names[names.index(segment.situation) + 1 :]
                      if crisis.situations[name].as_of >= segment.ends), None)  # fmt: skip
        if later is None:
            continue
        if differ := _differing(segment.end, starts[later]):
            yield _warn(
                ("situations", later, "state"),
                "SW014",
                f"the situation `{later}` does not start as the record before it ends",
                differ,
                "add the entry that is missing, or put the state right",
            )


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    return "; ".join(
        f"{name}: {level} here, {before[name]} in the record"
        for name, level in after.items()
        if before[name] != level
    )
