"""Normal distributions that come close to a posterior, to draw from.

Where few numbers are uncertain: at the peak of the posterior with the curvature there (Laplace).
Where many are: from likelihoods of draws, in which most numbers make no difference, by a
regression that finds out which do [1]_.

References
----------
.. [1] MacKay, D. J. C. (1992), "Bayesian interpolation", Neural Computation 4(3); as automatic
   relevance determination in Tipping, M. E. (2001), "Sparse Bayesian learning and the relevance
   vector machine", Journal of Machine Learning Research 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize

from standoff.game.game import Floats
from standoff.study.latent import Bell

LogLikelihood = Callable[[Floats], Floats]
"""From standard normal variables, shape ``(versions, ranges)``, to ``(versions,)``."""

_STEP = 0.1  # of a gradient, in standard deviations of the prior
_CURVED = 0.3  # of a curvature: as wide as what is then drawn from
_WIDENED = 1.1  # tails of the posterior may be heavier than those of a normal distribution
_FLATTEST = 0.25
_MOST_STEPS = 20
_MOST_ROUNDS = 300


def laplace(function: LogLikelihood, size: int) -> Bell | None:
    """Fit at the peak of the posterior; None where the likelihood is zero at the middle.

    Notes
    -----
    Likelihoods: ``2 size + 1`` for each step to the peak, ``2 size**2 + 1`` for the curvature.
    """

    def towards(at: Floats) -> tuple[float, Floats]:
        offsets = np.vstack([np.zeros(size), _STEP * np.eye(size), -_STEP * np.eye(size)])
        found = function(at + offsets)
        if not np.isfinite(found).all():
            return (1e12, np.zeros(size))
        slope = (found[1 : size + 1] - found[size + 1 :]) / (2 * _STEP)
        return float(at @ at / 2 - found[0]), at - slope

    if not np.isfinite(function(np.zeros((1, size)))[0]):
        return None
    peak = minimize(
        towards, np.zeros(size), jac=True, method="L-BFGS-B", bounds=[(-4.0, 4.0)] * size,
        options={"maxiter": _MOST_STEPS, "gtol": 1e-2},
    ).x  # fmt: skip
    precision = np.eye(size) - _curvature(function, peak)
    if not np.isfinite(precision).all():
        return None
    values, vectors = np.linalg.eigh((precision + precision.T) / 2)
    covariance = vectors @ np.diag(_WIDENED**2 / np.maximum(values, _FLATTEST)) @ vectors.T
    return Bell(peak, np.linalg.cholesky(covariance))


def _curvature(function: LogLikelihood, peak: Floats) -> Floats:
    """Second derivatives of a log-likelihood, from points around."""
    size = len(peak)
    steps = _CURVED * np.eye(size)
    pairs = [(i, j) for i in range(size) for j in range(i)]
    singles = [sign * steps[i] for i in range(size) for sign in (1, -1)]
    doubles = [a * steps[i] + b * steps[j] for i, j in pairs for a in (1, -1) for b in (1, -1)]
    found = function(peak + np.array([np.zeros(size), *singles, *doubles]))
    curved = np.zeros((size, size))
    for i in range(size):
        curved[i, i] = found[1 + 2 * i] + found[2 + 2 * i] - 2 * found[0]
    for place, (i, j) in enumerate(pairs):
        up, one, other, down = found[1 + 2 * size + 4 * place :][:4]
        curved[i, j] = curved[j, i] = (up - one - other + down) / 4
    return curved / _CURVED**2


def from_draws(normal: Floats, held: Floats, found: Floats, weights: Floats) -> Bell:
    """Fit to the log-likelihoods of draws.

    Parameters
    ----------
    normal
        Shape ``(draws, ranges)``.
    held
        Shape ``(draws, holds)``.
    found
        Shape ``(draws,)``: log-likelihoods, minus infinity where it cannot be.
    weights
        Shape ``(draws,)``: how much each counts.

    Notes
    -----
    The log-likelihood is taken for a sum of straight lines in all variables, and of parabolas in
    those whose lines are steepest. With the prior that is a normal distribution.
    """
    size = normal.shape[1]
    use = np.isfinite(found) & (weights > 0)
    if use.sum() < 8:
        return Bell.prior(size)
    normal, held, found, weights = normal[use], held[use], found[use], weights[use]
    lines, _ = relevant(np.hstack([normal, held]), found, weights)
    steepest = np.argsort(-np.abs(lines[:size]), kind="stable")[: max(2, len(found) // 16)]
    steepest = steepest[np.abs(lines[steepest]) > 0.05]
    columns = np.hstack([normal, held, (normal[:, steepest] ** 2 - 1) / np.sqrt(2)])
    terms, _ = relevant(columns, found, weights)
    precision = np.ones(size)
    precision[steepest] -= np.sqrt(2) * terms[normal.shape[1] + held.shape[1] :]
    precision = np.clip(precision, 0.6, 30.0)
    mean = np.clip(terms[:size] / precision, -3.0, 3.0)
    width = 1 / np.sqrt(precision)
    width[steepest] *= _WIDENED  # all of them widened, in many dimensions, would lose every draw
    return Bell(mean, np.diag(width))


def relevant(columns: Floats, found: Floats, weights: Floats) -> tuple[Floats, float]:
    """Regress on many columns, most of which make no difference.

    Parameters
    ----------
    columns
        Shape ``(draws, columns)``.
    found
        Shape ``(draws,)``.
    weights
        Shape ``(draws,)``.

    Returns
    -------
    tuple
        A coefficient for each column, and the standard deviation of what they leave over.
    """
    share = weights / weights.sum()
    root = np.sqrt(share * len(found))[:, None]
    left = root * (columns - share @ columns)
    right = root[:, 0] * (found - share @ found)
    spread = float(right @ right) / len(right)
    if spread <= 1e-24:
        return np.zeros(columns.shape[1]), 0.0
    room = np.full(columns.shape[1], spread / columns.shape[1])  # prior variance of each
    noise, terms = spread / 2, np.zeros(columns.shape[1])
    for _ in range(_MOST_ROUNDS):
        (open_,) = np.nonzero(room > 1e-12 * spread)
        mean, known = _ridge(left[:, open_], right, room[open_], noise)
        moved = float(np.abs(mean - terms[open_]).max(initial=0.0))
        terms[:] = 0.0
        terms[open_] = mean
        rest = right - left[:, open_] @ mean
        noise = max(float(rest @ rest) / max(len(right) - known.sum(), 1.0), 1e-6 * spread)
        room[:] = 0.0
        room[open_] = mean**2 / known
        if moved < 1e-3 * np.sqrt(spread):
            break
    return terms, float(np.sqrt(noise))


def _ridge(left: Floats, right: Floats, room: Floats, noise: float) -> tuple[Floats, Floats]:
    """Coefficients given the prior variance of each, and how much of each the data decide.

    In as many dimensions as there are columns, or draws, whichever are fewer.
    """
    count, size = left.shape
    if size < count:
        scale = np.sqrt(room)
        scaled = left * scale
        inverse = np.linalg.inv(scaled.T @ scaled / noise + np.eye(size))
        mean = scale * (inverse @ (scaled.T @ right)) / noise
        return mean, np.clip(1 - np.diag(inverse), 1e-12, 1.0)
    kernel = np.linalg.inv((left * room) @ left.T + noise * np.eye(count))
    mean = room * (left.T @ (kernel @ right))
    return mean, np.clip(room * (left * (kernel @ left)).sum(axis=0), 1e-12, 1.0)
