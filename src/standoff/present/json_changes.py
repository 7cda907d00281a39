"""What would change an answer, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standoff.study.changes import Change
    from standoff.study.events import Events, Impossible
    from standoff.study.levers import Lever, Levers
    from standoff.study.mistakes import Correction, Corrections
    from standoff.study.robustness import Robustness
    from standoff.study.smallest import SmallestChange


def events_data(result: Events) -> dict[str, Any]:
    """Return what each option and condition at another level would do."""
    return {
        "question": result.question,
        "situation": result.situation,
        "central": result.central,
        "present": dict(result.present),
        "events": [
            {
                "variable": each.variable,
                "level": each.level,
                "how": each.how,
                "chance": each.chance,
                "effect": each.effect,
                "asked_about": each.asked_about,
            }
            for each in result.events
        ],
        "impossible": _impossible(result.impossible),
        "held": list(result.held),
    }


def corrections_data(result: Corrections) -> dict[str, Any]:
    """Return what follows if beliefs are corrected."""
    together = result.together
    return {
        "situation": result.situation,
        "chances": dict(result.chances),
        "worths": dict(result.worths),
        "beliefs": [
            {
                "path": each.path,
                "holder": each.holder,
                "thinks": each.thinks,
                "in_fact": each.in_fact,
                "mistaken": each.mistaken,
                "because": each.because,
                "source": each.source,
            }
            for each in result.beliefs
        ],
        "one_by_one": [_correction(each) for each in result.one_by_one],
        "by_holder": [_correction(each) for each in result.by_holder],
        "together": None if together is None else _correction(together),
    }


def smallest_data(result: SmallestChange) -> dict[str, Any]:
    """Return the smallest sets of changes that take the answer across a threshold."""
    return {
        "question": result.question,
        "situation": result.situation,
        "central": result.central,
        "threshold": result.threshold,
        "size": result.size,
        "sets": [
            {"changes": [change_data(change) for change in each.changes], "chance": each.chance}
            for each in result.sets
        ],
        "crossing": result.crossing,
        "kinds": list(result.kinds),
        "candidates": result.candidates,
        "exhaustive": result.exhaustive,
        "stages": [
            {
                "size": each.size,
                "tried": each.tried,
                "possible": each.possible,
                "among": each.among,
            }
            for each in result.stages
        ],
        "claims": {
            each.path: {"because": each.because, "source": each.source} for each in result.claims
        },
        "asked_about": list(result.asked_about),
        "impossible": _impossible(result.impossible),
    }


def levers_data(result: Levers) -> dict[str, Any]:
    """Return what one actor could do about an answer, or about its own lot."""
    return {
        "actor": result.actor,
        "question": result.question,
        "situation": result.situation,
        "central": result.central,
        "worth": result.worth,
        "own": [_lever(each) for each in result.own],
        "beliefs": [_lever(each) for each in result.beliefs],
        "weights": [_lever(each) for each in result.weights],
        "impossible": _impossible(result.impossible),
        "caveat": result.caveat,
    }


def robustness_data(result: Robustness) -> dict[str, Any]:
    """Return in what share of draws an expectation holds, to stand among what it found."""
    return {
        "share": result.share,
        "share_error": result.error,
        "draws": result.draws,
        "seed": result.seed,
        "no_share_because": result.why_not or None,
    }


def change_data(change: Change) -> dict[str, Any]:
    """Return one change."""
    return {"kind": change.kind, "path": change.path, "to": change.to}


def _correction(correction: Correction) -> dict[str, Any]:
    return {
        "beliefs": list(correction.beliefs),
        "holder": correction.holder,
        "chances": dict(correction.chances),
        "effects": dict(correction.effects),
        "worths": dict(correction.worths),
        "costs": dict(correction.costs),
    }


def _lever(lever: Lever) -> dict[str, Any]:
    return {
        "kind": lever.kind,
        "path": lever.path,
        "holder": lever.holder,
        "now": lever.now,
        "then": lever.then,
        "chance": lever.chance,
        "effect": lever.effect,
        "worth": lever.worth,
        "gain": lever.gain,
        "asked_about": lever.asked_about,
        "because": lever.because,
        "source": lever.source,
    }


def _impossible(impossible: Iterable[Impossible]) -> list[dict[str, Any]]:
    return [
        {"variable": each.variable, "level": each.level, "rule": each.rule} for each in impossible
    ]
