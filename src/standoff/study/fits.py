"""Normal distributions that come close to a posterior, to draw from.

They lie at its peak and bend as it does there: Laplace's method [1]_. Where many numbers are
uncertain, most make little difference and the posterior bends much in a few directions only. So
the search leaves out numbers along which it is flat, and curvature is taken along each number by
itself and, among each other, for the directions in which slopes were steepest on the way [2]_.

References
----------
.. [1] Tierney, L. & Kadane, J. B. (1986), "Accurate approximations for posterior moments and
   marginal densities", Journal of the American Statistical Association 81(393).
.. [2] Constantine, P. G. (2015), *Active Subspaces*, SIAM.
.. [3] Nocedal, J. & Wright, S. J. (2006), *Numerical Optimization*, chapter 6 (BFGS), Springer.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from standoff.game.game import Floats
from standoff.study.latent import Bell

LogLikelihood = Callable[[Floats], Floats]
"""From standard normal variables, shape ``(versions, ranges)``, to ``(versions,)``."""

Around = Callable[[Floats], LogLikelihood]
"""From a point, shape ``(ranges,)``, to log-likelihoods of points close to it by part of the
record: then they have shape ``(versions, parts)``."""

_STEP = 0.1  # of a gradient, in standard deviations of the prior
_CURVED = 0.3  # of a curvature: as wide as what is then drawn from
_WIDENED = 1.1  # tails of the posterior may be heavier than those of a normal distribution
_FLATTEST = 0.25
_MOST_STEPS = 20
_FLAT = 0.1  # a slope that moves a peak by less than that many standard deviations
_LITTLE = 0.02  # the share of the steepest slope below which another is left for later
_CLOSE = 0.3  # by so little does a step to the peak raise the logarithm
_LENGTHS = 2.0 ** np.arange(1, -7, -1)  # of a step
_MOST_DIRECTIONS = 8
_MOST_SEARCHES = 3
_COVERED = 0.1  # of a number: by directions, so that nothing is to be told of it alone


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
    precision = np.eye(size) - _curvature(lambda at: function(peak + at), size)
    if not np.isfinite(precision).all():
        return None
    values, vectors = np.linalg.eigh((precision + precision.T) / 2)
    covariance = vectors @ np.diag(_WIDENED**2 / np.maximum(values, _FLATTEST)) @ vectors.T
    return Bell(peak, np.linalg.cholesky(covariance))


def _curvature(function: LogLikelihood, size: int) -> Floats:
    """Second derivatives of a log-likelihood at the origin, from points around."""
    steps = _CURVED * np.eye(size)
    pairs = [(i, j) for i in range(size) for j in range(i)]
    singles = [sign * steps[i] for i in range(size) for sign in (1, -1)]
    doubles = [a * steps[i] + b * steps[j] for i, j in pairs for a in (1, -1) for b in (1, -1)]
    found = function(np.array([np.zeros(size), *singles, *doubles]))
    curved = np.zeros((size, size))
    for i in range(size):
        curved[i, i] = found[1 + 2 * i] + found[2 + 2 * i] - 2 * found[0]
    for place, (i, j) in enumerate(pairs):
        up, one, other, down = found[1 + 2 * size + 4 * place :][:4]
        curved[i, j] = curved[j, i] = (up - one - other + down) / 4
    return curved / _CURVED**2


def laplace_of_many(around: Around, start: Floats) -> Bell | None:
    """Fit at the peak of the posterior of many numbers; None where the start is impossible.

    Notes
    -----
    Likelihoods: as many as there are numbers for each of up to three searches, and some dozens of
    times as many as matter.
    """
    peak, use = start.copy(), np.empty(0, dtype=int)
    whole, inverse = np.arange(len(peak)), np.eye(len(peak))  # the curvature of the prior
    seen = [_slopes(around(peak), peak, whole)]
    if not np.isfinite(seen[0]).any():
        return None
    for _ in range(_MOST_SEARCHES):
        rises = np.abs(seen[-1].sum(axis=1) - peak)
        steep = np.flatnonzero(rises > max(_FLAT, _LITTLE * rises.max()))
        if not np.setdiff1d(steep, use).size:
            break
        use = np.union1d(use, steep)
        peak, inverse[np.ix_(use, use)] = _climbed(
            around, peak, use, inverse[np.ix_(use, use)], seen
        )
        seen.append(_slopes(around(peak), peak, whole))
    return _bent(around(peak), peak, use, np.hstack(seen[-_MOST_DIRECTIONS:]))


def _climbed(
    around: Around, at: Floats, use: NDArray[np.int_], inverse: Floats, seen: list[Floats]
) -> tuple[Floats, Floats]:
    """Climb along some numbers, from where slopes were seen last (quasi-Newton steps [3]_).

    Slopes take many likelihoods and a point takes one, so the length of each step is looked for
    among many. Returned are the point, and the inverse of the curvature as far as it is known.
    """
    rise = seen[-1][use].sum(axis=1) - at[use]
    for _ in range(_MOST_STEPS):
        step = np.zeros(len(at))
        step[use] = inverse @ rise
        tried = at + np.vstack([np.zeros(len(at)), _LENGTHS[:, None] * step])
        heights = around(at)(tried).sum(axis=1) - (tried**2).sum(axis=1) / 2
        best = int(np.argmax(np.where(np.isnan(heights), -np.inf, heights)))
        if heights[best] < heights[0] + _CLOSE:
            break
        moved, at = (tried[best] - at)[use], tried[best]
        seen.append(_slopes(around(at), at, use))
        before, rise = rise, seen[-1][use].sum(axis=1) - at[use]
        fall = before - rise
        if (length := moved @ fall) > 0:
            left = np.eye(len(use)) - np.outer(moved, fall) / length
            inverse = left @ inverse @ left.T + np.outer(moved, moved) / length
    return at, inverse


def _slopes(function: LogLikelihood, at: Floats, use: NDArray[np.int_]) -> Floats:
    """Slopes of the parts of a log-likelihood along some numbers, shape ``(ranges, parts)``.

    Zero where either end is impossible, and nowhere a number if the point itself is.
    """
    steps = np.zeros((len(use), len(at)))
    steps[np.arange(len(use)), use] = _STEP
    parts = function(at + np.vstack([np.zeros(len(at)), steps]))
    if not np.isfinite(parts[0]).all():
        return np.full((len(at), parts.shape[1]), np.nan)
    slopes = (parts[1:] - parts[0]) / _STEP
    found = np.zeros((len(at), parts.shape[1]))
    found[use] = np.where(np.isfinite(slopes), slopes, 0.0)
    return found


def _bent(function: LogLikelihood, peak: Floats, use: NDArray[np.int_], slopes: Floats) -> Bell:
    """A fit with a given peak, and slopes of the parts around it."""

    def along(offsets: Floats) -> Floats:
        return np.asarray(function(peak + offsets).sum(axis=1))

    each = np.zeros((len(use), len(peak)))
    each[np.arange(len(use)), use] = _CURVED
    found = along(np.vstack([np.zeros(len(peak)), each, -each]))
    bends = np.zeros(len(peak))
    bends[use] = (found[1 : len(use) + 1] + found[len(use) + 1 :] - 2 * found[0]) / _CURVED**2
    axes, sizes, _ = np.linalg.svd(slopes, full_matrices=False)
    axes = axes[:, :_MOST_DIRECTIONS][:, sizes[:_MOST_DIRECTIONS] > _FLAT]
    among = _curvature(lambda at: along(np.einsum("di,ji->dj", at, axes)), axes.shape[1])
    bends, among = (np.where(np.isfinite(each), each, 0.0) for each in (bends, among))
    # A diagonal, and a part along the directions, that bend together as was measured.
    onto = axes @ axes.T
    rest = bends - np.diag(axes @ among @ axes.T)
    diagonal = np.linalg.lstsq(np.eye(len(peak)) - onto**2, rest, rcond=_COVERED)[0]
    apart = np.einsum("ij,i,ik->jk", axes, diagonal, axes)
    whole = np.diag(1 - diagonal) - axes @ (among - apart) @ axes.T
    values, vectors = np.linalg.eigh((whole + whole.T) / 2)
    # All of them widened, in many dimensions, would lose every draw.
    width = np.where(values > 2.0, _WIDENED, 1.0) ** 2 / np.maximum(values, _FLATTEST)
    return Bell(peak, np.linalg.cholesky((vectors * width) @ vectors.T))
