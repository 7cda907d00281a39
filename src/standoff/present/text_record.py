"""What was observed, as text: a timeline by situation, and what came of event data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType

from standoff.crisis import Crisis, Observation
from standoff.crisis.observed import in_order
from standoff.present.charts_shared import day_text
from standoff.present.dates import when
from standoff.present.text import INDENT, QUIET, as_text, heading, line, rows, stacked
from standoff.present.words import clean, counted, listed, span
from standoff.study.record import Segment, Timeline
from standoff.study.record_import import ImportedRecord

_LABEL = 13
_MOST_TYPES = 12
_MOST_IMPOSSIBLE = 5


@as_text.register
def _(result: Timeline) -> RenderableType:
    """What happened, in each situation."""
    crisis = result.crisis
    if not crisis.record:
        return line("The crisis has no record: nothing was written down under `record`.")
    return stacked(
        [
            line(_summary(result), style="bold"),
            *_before(result),
            *(part for segment in result.segments for part in _segment(crisis, segment)),
            *_idle(result),
        ]
    )


def _summary(result: Timeline) -> str:
    crisis = result.crisis
    moves = sum(len(segment.moves) for segment in result.segments)
    said = f"{counted(len(crisis.record), 'entry', 'entries')}, {counted(moves, 'move')}"
    disputed = sum(entry.disputed for entry in crisis.record)
    said += f", {disputed} disputed" if disputed else ""
    return f"{said}; up to {day_text(result.ends)}." if result.ends else f"{said}."


def _segment(crisis: Crisis, segment: Segment) -> Iterator[RenderableType]:
    yield heading(segment.situation)
    period = f"From the end of {day_text(segment.begins)} to {day_text(segment.ends)}"
    yield line(f"{period}, {span(float(segment.days))}.", INDENT, QUIET)
    levels = dict(segment.start)
    told: list[tuple[str, RenderableType]] = []
    for entry in dict.fromkeys(each.entry for each in segment.moves):
        changed = {
            name: level
            for each in segment.moves
            if each.entry == entry
            for name, level in each.levels.items()
        }
        told.append(_entry(crisis.record[entry], _moved(changed, levels)))
        levels.update(changed)
    yield rows(told, label=_LABEL) if told else line("Nothing changed.", INDENT)


def _moved(changed: Mapping[str, str], before: Mapping[str, str]) -> str:
    return listed(f"{name}: {before[name]} -> {level}" for name, level in changed.items())


def _entry(entry: Observation, said: str) -> tuple[str, RenderableType]:
    marks = ["disputed"] if entry.disputed else []
    if entry.reported is not None and entry.reported > entry.date.last:
        marks.append(f"known from {day_text(entry.reported)}")
    marked = f" ({', '.join(marks)})" if marks else ""
    cite = f" [{clean(entry.source)}]" if entry.source else ""
    because = f"{clean(entry.because)}{cite}" if entry.because else cite.strip()
    parts = [line(f"{said}{marked}"), *([line(because, style=QUIET)] if because else [])]
    return when(entry.date), stacked(parts)


def _before(result: Timeline) -> Iterator[RenderableType]:
    crisis = result.crisis
    begins = [situation.as_of for situation in crisis.situations.values()]
    early = [
        entry for _, entry in in_order(crisis) if not begins or entry.date.middle <= min(begins)
    ]
    if early:
        yield heading("Before the first situation" if begins else "In no situation")
        yield line("Shown only: nothing is weighed by it.", INDENT, QUIET)
        yield rows((_entry(entry, _levels(entry)) for entry in early), label=_LABEL)


def _idle(result: Timeline) -> Iterator[RenderableType]:
    crisis = result.crisis
    begins = [situation.as_of for situation in crisis.situations.values()]
    moved = {each.entry for segment in result.segments for each in segment.moves}
    idle = [
        entry
        for position, entry in in_order(crisis)
        if position not in moved
        and begins
        and result.ends is not None
        and min(begins) < entry.date.middle <= result.ends
    ]
    if idle:
        yield heading("Entries that change nothing")
        yield rows((_entry(entry, _levels(entry)) for entry in idle), label=_LABEL)


def _levels(entry: Observation) -> str:
    return ", ".join(f"{name}: {level}" for name, level in entry.sets.items()) or "sets nothing"


@as_text.register
def _(result: ImportedRecord) -> RenderableType:
    """How many entries, of how many rows, and what was left out and why."""
    found = counted(len(result.entries), "entry", "entries")
    parts: list[RenderableType] = [
        line(f"{found} of {counted(result.rows, 'row')}.", style="bold"),
        rows(
            (f"{number:,}", line(said))
            for number, said in (
                (result.matched, "rows that a rule applies to, and of them"),
                (result.repeated, "set what was already so, or what another row of the day did"),
                (result.early, "are not after the date of the first situation"),
                (result.undated, "have no date that can be read"),
                (result.contradicting, "days on which rows set the same thing differently; the "
                 "first rule won"),
                (result.rows - result.matched, "rows that no rule applies to, by type"),
            )
            if number
        ),
    ]  # fmt: skip
    kinds = list(result.unmatched.items())
    if kinds:
        shown = [(f"{number:,}", line(clean(kind) or "(empty)")) for kind, number in kinds]
        parts.append(rows(shown[:_MOST_TYPES], indent=3 * INDENT))
        if len(kinds) > _MOST_TYPES:
            parts.append(line(f"and {counted(len(kinds) - _MOST_TYPES, 'other')}", 3 * INDENT))
    if result.impossible:
        faulty = counted(len({place for place, _ in result.impossible}), "entry", "entries")
        parts.append(line(f"The crisis does not allow {faulty}:"))
        for place, why in result.impossible[:_MOST_IMPOSSIBLE]:
            parts.append(line(f"{when(result.entries[place].date)}: {clean(why)}", INDENT))
        more = len(result.impossible) - _MOST_IMPOSSIBLE
        if more > 0:
            parts.append(line(f"and {more:,} more", INDENT))
    if result.undeclared:
        names = listed(f"`{name}`" for name in result.undeclared[:_MOST_TYPES])
        parts.append(line(f"To be declared under `sources`: {names}."))
    return stacked(parts)
