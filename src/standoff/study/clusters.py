"""How many kinds of outcome draws have, and which draw is of which kind.

Draws are grouped by k-means [1]_ on their outcomes, in principal axes. A number of groups is
judged by the mean silhouette [2]_ of the draws: how much nearer each is to its own group than to
the next. Since any cloud of points can be cut into pieces with a fair silhouette, it is compared
with what points spread evenly over the same box, which have no groups, come to [3]_: the number
with the largest excess over their mean is taken, if that excess is larger than all the even ones
have (a test at 5%). Otherwise the draws are one group. Then every two groups are put to the same
test by themselves, the nearest first, and are put together where they fail it: slices of what
has no gaps are no kinds of their own.

References
----------
.. [1] Lloyd, S. (1982), "Least squares quantization in PCM", IEEE Transactions on Information
   Theory 28(2).
.. [2] Rousseeuw, P. J. (1987), "Silhouettes: a graphical aid to the interpretation and validation
   of cluster analysis", Journal of Computational and Applied Mathematics 20.
.. [3] Tibshirani, R., Walther, G. & Hastie, T. (2001), "Estimating the number of clusters in a data
   set via the gap statistic", Journal of the Royal Statistical Society B 63(2).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from standoff.game.game import Floats
from standoff.study.extras import need

Labels = NDArray[np.intp]

LEAST_DRAWS = 5
LEAST_SHARE = 0.05
"""A group has at least so many draws, and at least this share of them."""

LEAST_APART = 0.05
"""Any two groups differ in the mean of some outcome by at least this much."""

EVEN_CLOUDS = 19
"""Clouds of evenly spread points that the draws are compared with."""

MOST_LOOKED_AT = 1000
"""With more draws, the number of groups is judged on so many of them."""

_AXES_HOLD = 0.99  # of the variance
_STARTS = 4


@dataclass(frozen=True, slots=True)
class Separation:
    """How well draws separate into some number of groups.

    Attributes
    ----------
    groups
        Their number.
    silhouette
        Of the draws: from -1 to 1, the larger the better.
    evenly
        The mean silhouette of evenly spread points.
    allowed
        Whether every group is large enough, and far enough from the others.
    """

    groups: int
    silhouette: float
    evenly: float
    allowed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Draws in groups.

    Attributes
    ----------
    labels
        Shape ``(draws,)``: the group of each draw, from 0.
    separations
        What was found for each number of groups that was tried.
    silhouette
        The mean silhouette of the draws in these groups; None if there is only one.
    """

    labels: Labels
    separations: tuple[Separation, ...]
    silhouette: float | None


def find_clusters(outcomes: Floats, most: int, seed: int) -> Clusters:
    """Group draws by their outcomes.

    Parameters
    ----------
    outcomes
        Shape ``(draws, questions)``: probabilities.
    most
        The largest number of groups.
    seed
        Of the starts of k-means and of the even clouds.
    """
    with _one_thread():
        return _find(outcomes, most, seed)


def _find(outcomes: Floats, most: int, seed: int) -> Clusters:
    one = Clusters(np.zeros(len(outcomes), dtype=np.intp), (), None)
    if np.ptp(outcomes, axis=0).max(initial=0.0) < LEAST_APART:
        return one
    points = _in_principal_axes(outcomes)
    generator = np.random.default_rng(seed)
    looked_at = np.arange(len(points))
    if len(points) > MOST_LOOKED_AT:
        looked_at = np.sort(generator.choice(looked_at, MOST_LOOKED_AT, replace=False))
    different = len(np.unique(points.round(9), axis=0))
    numbers = range(2, min(most, different, len(points) // LEAST_DRAWS) + 1)
    if not numbers:
        return one
    labels = {k: _grouped(points, k, seed) for k in numbers}
    found = np.array([_silhouette(points[looked_at], labels[k][looked_at]) for k in numbers])
    even = np.array(
        [_of_even_points(points[looked_at], numbers, generator, seed) for _ in range(EVEN_CLOUDS)]
    )
    means = even.mean(axis=0)
    allowed = np.array([_allowed(outcomes, labels[k]) for k in numbers])
    separations = tuple(
        Separation(k, float(silhouette), float(mean), bool(fine))
        for k, silhouette, mean, fine in zip(numbers, found, means, allowed, strict=True)
    )
    excess = np.where(allowed, found - means, -np.inf)
    if excess.max() <= (even - means).max():
        return replace(one, separations=separations)
    apart = _put_together(points, labels[numbers[int(excess.argmax())]], generator, seed)
    if apart.max() == 0:
        return replace(one, separations=separations)
    return Clusters(apart, separations, _silhouette(points[looked_at], apart[looked_at]))


def _put_together(
    points: Floats, labels: Labels, generator: np.random.Generator, seed: int
) -> Labels:
    """The same groups, those put together that are no better apart than points spread evenly."""
    tested: set[tuple[bytes, bytes]] = set()
    while True:
        for one, other in _nearest_first(points, labels):
            pair = (labels == one).tobytes(), (labels == other).tobytes()
            if pair not in tested and not _are_two(points, labels, one, other, generator, seed):
                labels = np.where(labels == other, one, labels)
                labels = np.unique(labels, return_inverse=True)[1].astype(np.intp)
                break
            tested.add(pair)
        else:
            return labels


def _nearest_first(points: Floats, labels: Labels) -> list[tuple[int, int]]:
    """Pairs of groups, those whose middles are nearest first."""
    middles = [points[labels == label].mean(axis=0) for label in range(labels.max() + 1)]
    return sorted(
        combinations(range(len(middles)), 2),
        key=lambda pair: float(((middles[pair[0]] - middles[pair[1]]) ** 2).sum()),
    )


def _are_two(
    points: Floats,
    labels: Labels,
    one: int,
    other: int,
    generator: np.random.Generator,
    seed: int,
) -> bool:
    own = np.flatnonzero((labels == one) | (labels == other))
    if len(own) > MOST_LOOKED_AT:
        own = np.sort(generator.choice(own, MOST_LOOKED_AT, replace=False))
    turned = _in_principal_axes(points[own])
    even = [_of_even_points(turned, range(2, 3), generator, seed) for _ in range(EVEN_CLOUDS)]
    return _silhouette(turned, labels[own]) > max(each[0] for each in even)


def _in_principal_axes(outcomes: Floats) -> Floats:
    centred = outcomes - outcomes.mean(axis=0)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    held = np.cumsum(sizes**2) / (sizes**2).sum()
    kept = int(np.searchsorted(held, _AXES_HOLD)) + 1
    return np.asarray(centred @ axes[:kept].T)


def _grouped(points: Floats, number: int, seed: int) -> Labels:
    cluster = need("sklearn.cluster", extra="explore", why="find_scenarios()")
    means = cluster.KMeans(number, n_init=_STARTS, random_state=seed)
    return np.asarray(means.fit_predict(points), dtype=np.intp)


def _silhouette(points: Floats, labels: Labels) -> float:
    """The mean silhouette; -1 where the points looked at are all of one group."""
    metrics = need("sklearn.metrics", extra="explore", why="find_scenarios()")
    if len(np.unique(labels)) < 2:
        return -1.0
    return float(metrics.silhouette_score(points, labels))


def _of_even_points(
    points: Floats, numbers: range, generator: np.random.Generator, seed: int
) -> list[float]:
    cloud = generator.uniform(points.min(axis=0), points.max(axis=0), points.shape)
    return [_silhouette(cloud, _grouped(cloud, k, seed)) for k in numbers]


def _allowed(outcomes: Floats, labels: Labels) -> bool:
    counts = np.bincount(labels)
    if counts.min() < max(LEAST_DRAWS, LEAST_SHARE * len(labels)):
        return False
    means = np.array([outcomes[labels == label].mean(axis=0) for label in range(len(counts))])
    apart = np.abs(means[:, None] - means[None]).max(axis=2)
    return bool(apart[~np.eye(len(counts), dtype=bool)].min() >= LEAST_APART)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Sums that are shared out among threads would not have the same bytes on every machine."""
    pools = need("threadpoolctl", extra="explore", why="find_scenarios()")
    with pools.threadpool_limits(1):
        yield
