"""Scores as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from standoff.present.json_ledger import kept_data
from standoff.study.attribution import Share
from standoff.study.ledger_kept import Kept
from standoff.study.ledger_scores import LedgerScores
from standoff.study.postmortem import PostMortem
from standoff.study.scores import Estimate, ScoreTable, Skill, brier_scores, log_scores

FORMS = {
    "brier": "(p - o)^2 of each binary question, 0 to 1, lower is better",
    "log": "ln p of what happened, p clipped to 0.1-99.9%, higher is better",
    "skill": "1 - score / score of the reference; null where the reference made no error",
    "interval": "5th and 95th percentile of bootstrap samples of whole questions; "
    "null with one question, or where it has no bound",
}
"""Which form of each score is meant."""


def estimate_data(given: Estimate) -> dict[str, Any]:
    """Return a mean with its interval."""
    interval = None if given.interval is None else [_finite(each) for each in given.interval]
    return {"value": _finite(given.value), "interval": interval}


def score_table_data(table: ScoreTable | None) -> dict[str, Any] | None:
    """Return scores, and skill against every reference."""
    if table is None:
        return None
    found = table.calibration
    return {
        "n": table.n,
        "questions": table.questions,
        "yes": table.yes,
        "brier": estimate_data(table.brier),
        "log": estimate_data(table.log),
        "skill": {each.reference: _skill_data(each) for each in table.skills},
        "calibration": None
        if found is None
        else {
            "bins": [
                {
                    "word": each.word,
                    "low": each.low,
                    "high": each.high,
                    "n": each.n,
                    "mean": each.mean,
                    "share": each.share,
                    "interval": list(each.interval),
                }
                for each in found.bins
            ],
            "reliability": found.reliability,
            "resolution": found.resolution,
            "uncertainty": found.uncertainty,
            "rest": found.rest,
        },
        "resamples": table.resamples,
        "seed": table.seed,
        "forms": FORMS,
    }


def _skill_data(skill: Skill) -> dict[str, Any]:
    return {
        "n": skill.n,
        "brier": estimate_data(skill.brier),
        "log": estimate_data(skill.log),
        "reference_brier": skill.reference_brier,
        "reference_log": skill.reference_log,
    }


def ledger_scores_data(found: LedgerScores) -> dict[str, Any]:
    """Return the scores of a ledger, as `standoff score --json` prints them."""
    return {
        "ledger": found.place,
        "scores": score_table_data(found.table),
        "forecasts": _each(found.scored),
        "late": {"scores": score_table_data(found.late_table), "forecasts": _each(found.late)},
        "open": found.open,
        "sealed": found.sealed,
    }


def _each(some: Sequence[Kept]) -> list[dict[str, Any]]:
    outcomes = [bool(each.outcome) for each in some]
    said = [each.known.probability for each in some]
    scores = zip(brier_scores(outcomes, said), log_scores(outcomes, said), strict=True)
    return [
        {**kept_data(each), "brier": float(brier), "log": float(log)}
        for each, (brier, log) in zip(some, scores, strict=True)
    ]


def post_mortem_data(found: PostMortem) -> dict[str, Any]:
    """Return what pushed a forecast which way, as `standoff score --postmortem --json` does."""
    return {
        "forecast": kept_data(found.kept),
        "same_crisis": found.same,
        "by": found.attribution.by,
        "central": found.attribution.central,
        "without": found.attribution.without,
        "orders": found.attribution.orders,
        "seed": found.attribution.seed,
        "right": _shares(found.right),
        "wrong": _shares(found.wrong),
        "not_told_from_zero": [each.party for each in found.silent],
    }


def _shares(shares: Sequence[Share]) -> list[dict[str, Any]]:
    return [
        {
            "party": each.party,
            "claims": list(each.claims),
            "share": each.share,
            "error": each.error,
            "alone": each.alone,
        }
        for each in shares
    ]


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
