"""What was observed, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standoff.crisis import Observation
    from standoff.study.outcomes import Answered
    from standoff.study.record import Segment, Timeline
    from standoff.study.record_import import ImportedRecord


def timeline_data(found: Timeline) -> dict[str, Any]:
    """Return a timeline, as `standoff record show --json` prints it.

    Entries are named by their place in the record, counted from 0.
    """
    crisis = found.crisis
    return {
        "crisis": crisis.title,
        "digest": crisis.digest,
        "ends": found.ends,
        "record": [entry_data(entry) for entry in crisis.record],
        "segments": [_segment(segment) for segment in found.segments],
        "levels": {
            name: [
                {
                    "since": each.since,
                    "until": each.until,
                    "level": each.level,
                    "entry": each.entry,
                    "situation": each.situation,
                }
                for each in stretches
            ]
            for name, stretches in found.levels.items()
        },
    }


def entry_data(entry: Observation) -> dict[str, Any]:
    """Return one entry of a record."""
    return {
        "date": str(entry.date),
        "first": entry.date.first,
        "last": entry.date.last,
        "approximate": entry.date.approximate,
        "uncertain": entry.date.uncertain,
        "known": entry.known,
        "disputed": entry.disputed,
        "sets": dict(entry.sets),
        "because": entry.because,
        "source": entry.source,
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "situation": segment.situation,
        "begins": segment.begins,
        "ends": segment.ends,
        "days": segment.days,
        "start": dict(segment.start),
        "moves": [
            {
                "mover": move.mover,
                "levels": dict(move.levels),
                "entry": move.entry,
                "earliest": move.earliest,
                "latest": move.latest,
            }
            for move in segment.moves
        ],
    }


def resolution_data(found: Answered) -> dict[str, Any]:
    """Return how a question came out."""
    return {
        "question": found.question,
        "form": found.form,
        "situation": found.situation,
        "as_of": found.as_of,
        "closes": found.closes,
        "outcome": found.outcome,
        "day": found.day,
        "entry": found.entry,
        "disputed": found.disputed,
        "doubtful": found.doubtful,
        "seen_until": found.seen_until,
    }


def imported_data(found: ImportedRecord) -> dict[str, Any]:
    """Return what came of event data, as `standoff record import --json` prints it."""
    return {
        "entries": [entry_data(entry) for entry in found.entries],
        "rows": found.rows,
        "matched": found.matched,
        "undated": found.undated,
        "early": found.early,
        "repeated": found.repeated,
        "contradicting": found.contradicting,
        "unmatched": dict(found.unmatched),
        "impossible": [{"entry": place, "why": why} for place, why in found.impossible],
        "undeclared": list(found.undeclared),
    }
