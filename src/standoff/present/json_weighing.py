"""What a record says of rival accounts, as JSON."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from standoff.study.weighed import AS_WRITTEN

if TYPE_CHECKING:
    from standoff.crisis import Crisis
    from standoff.study.moved import Moved
    from standoff.study.weighed import Clue, Weighed, Weighing


def weighing_data(crisis: Crisis, result: Weighing) -> dict[str, Any]:
    """Return a weighing, as `standoff weigh --json` prints it.

    Logarithms are natural. One of zero is null, and `impossible` is then true. What rests on too
    few draws to be known, or on none, is null or empty: evidence, posteriors, Bayes factors, and
    which entries decided. What is called `central` is at central values, and `best` in the draw
    where it is likeliest: what the ranges leave open is not averaged over, so neither is evidence.
    """
    return {
        "crisis": result.title,
        "digest": result.digest,
        "known": result.known,
        "draws": result.draws,
        "draws_wanted": result.wanted,
        "seed": result.seed,
        "depth": result.settings.depth,
        "tau": result.settings.tau,
        "until": result.until,
        "known_by": result.known_by,
        "segments": [
            {"situation": each.situation, "begins": each.begins, "ends": each.ends}
            for each in result.segments
        ],
        "accounts": {name: _account(each, result) for name, each in result.accounts.items()},
        "clues": [_clue(crisis, each, result) for each in result.clues],
    }


def _account(each: Weighed, result: Weighing) -> dict[str, Any]:
    return {
        "asks": each.asks,
        "prior": each.prior,
        "posterior": _interval(each.posterior),
        "log_likelihood_central": _finite(each.central),
        "log_evidence": None if each.short else _finite(each.evidence),
        "impossible": not isfinite(each.central if each.evidence is None else each.evidence),
        "error": None if each.short else each.error,
        "effective_sample_size": _finite(each.effective),
        "log_likelihood_best": _finite(each.best),
        "likelihoods": each.likelihoods,
        "log_bayes_factor": _interval(each.factor)
        if result.known and each.name != AS_WRITTEN
        else None,
        "numbers": [_number(number) for number in each.numbers],
    }


def _number(number: Moved) -> dict[str, Any]:
    return {
        "path": number.path,
        "kind": number.kind,
        "prior": list(number.prior),
        "posterior": list(number.posterior),
        "moved": number.moved,
    }


def _clue(crisis: Crisis, clue: Clue, result: Weighing) -> dict[str, Any]:
    entry = None if clue.entry is None else crisis.record[clue.entry]
    return {
        "entry": clue.entry,
        "date": None if entry is None else str(entry.date),
        "sets": {} if entry is None else dict(entry.sets),
        "because": None if entry is None else entry.because,
        "source": None if entry is None else entry.source,
        "situation": clue.situation,
        "since": clue.since,
        "until": clue.until,
        "log_likelihoods_central": {name: _finite(each) for name, each in clue.central.items()},
        "log_ratios_central": {
            name: _finite(clue.central_ratio(name)) for name in clue.central if name != AS_WRITTEN
        },
        "log_likelihoods": {
            name: {"value": _finite(value), "error": error}
            for name, (value, error) in clue.likelihoods.items()
            if result.known
        },
        "log_ratios": {
            name: {"value": _finite(clue.ratio(name)[0]), "error": clue.ratio(name)[1]}
            for name in clue.likelihoods
            if result.known and name != AS_WRITTEN
        },
        "log_likelihoods_best": {name: _finite(each) for name, each in clue.best.items()},
    }


def _interval(given: tuple[float, float, float] | None) -> dict[str, Any] | None:
    if given is None:
        return None
    value, low, high = map(_finite, given)
    return {"value": value, "low": low, "high": high}


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
