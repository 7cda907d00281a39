"""A ledger as plain data."""

from __future__ import annotations

from typing import Any

from standoff.study.ledger_kept import Kept, Resolution
from standoff.study.ledger_verify import Verification


def kept_data(kept: Kept) -> dict[str, Any]:
    """Return one forecast of a ledger, and what became of it."""
    entry, stands = kept.entry, kept.resolution
    return {
        "id": kept.id,
        "number": entry.number,
        "when": entry.when,
        "who": entry.who,
        "hash": entry.hash,
        "previous": entry.previous,
        "sealed": kept.assessment is None,
        "commitment": kept.commitment,
        "revealed": kept.revealed,
        "late": kept.late,
        "outcome": None if stands is None else stands.outcome,
        "resolutions": [resolution_data(each) for each in kept.resolutions],
        "forecast": None if kept.assessment is None else kept.assessment.data(),
    }


def resolution_data(given: Resolution) -> dict[str, Any]:
    """Return how a question came out."""
    return {
        "entry": given.entry,
        "outcome": given.outcome,
        "source": given.source,
        "note": given.note,
        "early": given.early,
        "when": given.when.isoformat(),
        "who": given.who,
        "corrects": given.corrects,
    }


def verification_data(found: Verification) -> dict[str, Any]:
    """Return whether a ledger fits together."""
    return {
        "ledger": found.place,
        "fits": found.fits,
        "entries": found.entries,
        "head": found.head,
        "fault": found.fault,
        "at": found.at,
    }
