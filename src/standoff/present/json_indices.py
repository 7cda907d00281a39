"""Which uncertain numbers the spread of an answer comes from, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standoff.present.json import settings_data
from standoff.present.json_scenarios import uncertain_data

if TYPE_CHECKING:
    from standoff.crisis import Crisis
    from standoff.study.indices import Indices


def indices_data(crisis: Crisis, result: Indices) -> dict[str, Any]:
    """Return the indices of one answer, as `standoff indices --json` prints them.

    An estimate may lie below zero, which no index can; `told_from_zero` says whether its interval
    leaves zero out.
    """
    return {
        "crisis": crisis.title,
        "digest": crisis.digest,
        "question": result.question,
        "asks": result.asks,
        "by": result.by,
        "probability": result.probability,
        "variance": result.variance,
        "indices": [
            {
                "party": each.party,
                "numbers": list(each.numbers),
                "first": {
                    "estimate": each.first,
                    "interval": list(each.first_interval),
                    "told_from_zero": each.first_told,
                },
                "total": {
                    "estimate": each.total,
                    "interval": list(each.total_interval),
                    "told_from_zero": each.total_told,
                },
            }
            for each in result.indices
        ],
        "numbers": {key: uncertain_data(each) for key, each in result.numbers.items()},
        "points": result.points,
        "versions": result.versions,
        "confidence": result.confidence,
        "situation": result.situation,
        "lineage": list(result.lineage),
        "settings": settings_data(result.settings),
        "seed": result.seed,
    }
