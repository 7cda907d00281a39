"""The record in the report: the timeline, and every entry with its source."""

from __future__ import annotations

from standoff.crisis import Crisis, Observation
from standoff.crisis.observed import in_order
from standoff.present.charts_shared import NARROW, WIDE, day_text
from standoff.present.charts_timeline import timeline_chart, to_scale
from standoff.present.dates import when
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import levels
from standoff.present.report_shared import figure, reasons, section
from standoff.present.words import counted
from standoff.study.record import Timeline, timeline


def record(crisis: Crisis) -> Markup | None:
    """Return the section on what was observed, or None if nothing was written down."""
    if not crisis.record:
        return None
    found = timeline(crisis)
    return section(
        "record",
        "The record",
        element("p", _summary(found)),
        _drawn(found),
        element("ul", [_entry(crisis, each, entry) for each, entry in in_order(crisis)],
                class_="claims"),
    )  # fmt: skip


def _summary(found: Timeline) -> str:
    crisis = found.crisis
    disputed = sum(entry.disputed for entry in crisis.record)
    said = f"{counted(len(crisis.record), 'dated change')} of what the crisis models"
    said += f", {disputed} of them disputed" if disputed else ""
    said += f", up to {day_text(found.ends)}" if found.ends else ""
    return f"{said}. Where no change is listed, none was observed."


def _drawn(found: Timeline) -> Content:
    if not found.levels:
        return None
    lanes = counted(len(found.levels), "option or condition", "options and conditions")
    spread = "" if to_scale(found) else " Time is not to scale: quiet spells are drawn shorter."
    return figure(
        timeline_chart(found, width=WIDE),
        "timeline",
        f"Levels over time of {lanes}; the same is listed below.",
        "Marks are the entries below, by number; disputed ones are hollow, and a line below one "
        "spans the days on which it may have happened. Dashed lines are the dates of the "
        f"situations.{spread}",
        narrow=timeline_chart(found, width=NARROW),
    )


def _entry(crisis: Crisis, position: int, entry: Observation) -> Markup:
    marks = [text for text, said in (
        (" (disputed)", entry.disputed),
        (f" (known from {day_text(entry.known)})", entry.known > entry.date.last),
    ) if said]  # fmt: skip
    return element(
        "li",
        element("p", f"{position + 1}. ", element("strong", when(entry.date)), ": ",
                levels(crisis, entry.sets), marks, class_="claim"),
        reasons(crisis, entry.because, entry.source),
    )  # fmt: skip
