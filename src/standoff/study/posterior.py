"""From evidence and priors: Bayes factors, and probabilities given the record."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, inf, log, sqrt

from standoff.study.weighed import AS_WRITTEN

_TAIL = 1.645  # standard errors to each side of a 90% interval


def bayes_factor(
    name: str, totals: Mapping[str, float], errors: Mapping[str, float]
) -> tuple[float, float, float]:
    """Log Bayes factor of an account against the crisis as written, and its 90% interval.

    Parameters
    ----------
    name
        Which account.
    totals, errors
        By account, the logarithm of its evidence and the standard error of that.
    """
    if name == AS_WRITTEN:
        return 0.0, 0.0, 0.0
    one, other = totals[name], totals[AS_WRITTEN]
    if one == -inf or other == -inf:
        found = 0.0 if one == other else one - other
        return found, found, found
    error = _TAIL * sqrt(errors[name] ** 2 + errors[AS_WRITTEN] ** 2)
    return one - other, one - other - error, one - other + error


def posteriors(
    priors: Mapping[str, float], totals: Mapping[str, float], errors: Mapping[str, float]
) -> dict[str, tuple[float, float, float]]:
    """Probabilities given the record, each with the 90% interval that sampling leaves.

    The error is that of the log-odds of each account against all others together, to first order.

    Parameters
    ----------
    priors
        By account, its probability before.
    totals, errors
        The logarithm of its evidence, not minus infinity for all, and the standard error of that.
    """
    top = max(totals.values())
    parts = {name: priors[name] * exp(totals[name] - top) for name in priors}
    whole = sum(parts.values())
    found = {}
    for name, part in parts.items():
        rest = whole - part
        if part == 0.0 or rest == 0.0:
            chance = part / whole
            found[name] = (chance, chance, chance)
            continue
        variance = errors[name] ** 2 + sum(
            (parts[other] / rest * errors[other]) ** 2 for other in parts if other != name
        )
        odds, error = log(part / rest), _TAIL * sqrt(variance)
        found[name] = (part / whole, _chance(odds - error), _chance(odds + error))
    return found


def _chance(odds: float) -> float:
    return 1 / (1 + exp(-odds)) if odds > -700 else 0.0
