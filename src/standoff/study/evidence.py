r"""The evidence of a record: its likelihood averaged over all that a crisis leaves open.

With :math:`z` the uncertain numbers as standard normal variables (:mod:`.latent`) and :math:`h`
which claims hold,

.. math:: Z = \sum_h P(h) \int L(z, h)\, N(z; 0, I)\, dz,

is estimated by importance sampling [1]_: draws from a normal distribution fitted to the posterior
(:mod:`.fits`), with a fifth from the prior, so that no weight is more than five times a likelihood
[2]_. Claims hold in draws as often as in the prior. Where there are few numbers and claims, there
is a fit for every choice of claims that hold; otherwise one, for those that most likely do.

References
----------
.. [1] Kloek, T. & van Dijk, H. K. (1978), "Bayesian estimates of equation system parameters: an
   application of integration by Monte Carlo", Econometrica 46(1).
.. [2] Hesterberg, T. (1995), "Weighted average importance sampling and defensive mixture
   distributions", Technometrics 37(2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import inf, sqrt

import numpy as np
from scipy.special import logsumexp

from standoff.game.game import Floats
from standoff.study.fits import laplace, laplace_of_many
from standoff.study.latent import Bell, Latent, points

DEFENSIVE = 0.2
"""The share of draws that is from the prior."""

Likelihoods = Callable[[Floats], Floats]
"""From numbers, shape ``(versions, numbers)``, to log-probabilities of each part of the record
given those before, shape ``(versions, parts)``."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Weighted draws, and what they say.

    Attributes
    ----------
    latent
        What was uncertain.
    normal, held
        Shapes ``(draws, ranges)`` and ``(draws, holds)``.
    parts
        Shape ``(draws, parts)``: log-probability of each part of the record given those before.
    weights
        Shape ``(draws,)``: logarithm of the prior density over that which was drawn from.
    likelihoods
        How many likelihoods it took, those of the fit included.
    centre
        Shape ``(ranges,)``: the middle of what was drawn from, besides the prior.
    """

    latent: Latent
    normal: Floats
    held: Floats
    parts: Floats
    weights: Floats
    likelihoods: int
    centre: Floats

    @property
    def draws(self) -> int:
        """How many there are."""
        return len(self.weights)

    @property
    def logs(self) -> Floats:
        """Logarithm of each draw's part in the evidence, shape ``(draws,)``."""
        return np.asarray(self.parts.sum(axis=1) + self.weights)

    @property
    def total(self) -> float:
        """The logarithm of the evidence."""
        return float(logsumexp(self.logs)) - float(np.log(self.draws))

    @property
    def error(self) -> float:
        """Its standard error; 0 where nothing is uncertain."""
        return _error(_relative(self.logs))

    @property
    def posterior(self) -> Floats:
        """The weight of each draw in the posterior, shape ``(draws,)``; they add up to one."""
        total = self.total
        if total == -inf:
            return np.full(self.draws, 1 / self.draws)
        found = np.exp(self.logs - total)
        return np.asarray(found / found.sum())

    @property
    def effective(self) -> float:
        """As how many draws from the posterior they count: the effective sample size."""
        if not (self.latent.ranges or self.latent.holds):
            return inf  # nothing is uncertain, and one draw is all there is to know
        return 0.0 if self.total == -inf else float(1 / (self.posterior**2).sum())

    def by_part(self) -> tuple[Floats, Floats]:
        """Log-probability of each part given those before, and its standard errors.

        Shapes ``(parts,)``; minus infinity from the first part on that never comes about.
        """
        upto = np.cumsum(self.parts, axis=1) + self.weights[:, None]
        totals = logsumexp(upto, axis=0) - np.log(self.draws)
        relative = np.column_stack([np.ones(self.draws), *(_relative(each) for each in upto.T)])
        before = np.concatenate([[0.0], totals[:-1]])
        gone = np.isneginf(before)
        found = np.where(gone, -inf, totals - np.where(gone, 0.0, before))
        errors = [_error(now - then + 1) for then, now in zip(relative.T, relative.T[1:],
                                                              strict=False)]  # fmt: skip
        return found, np.array(errors)


def gather(
    likelihoods: Likelihoods,
    latent: Latent,
    draws: int,
    seed: int,
    around: Callable[[Floats], Likelihoods] | None = None,
    beside: Evidence | None = None,
) -> Evidence:
    """Take weighted draws of what is uncertain.

    Parameters
    ----------
    likelihoods
        Of the record, for numbers of the crisis.
    latent
        What is uncertain.
    draws
        How many; likelihoods that a fit takes come on top.
    seed
        The same seed gives the same draws.
    around
        The same likelihoods, quicker for numbers close to those given, shape ``(numbers,)``.
    beside
        Evidence of an account that differs in some numbers: a fit may start where that one lies.
    """
    if not (latent.ranges or latent.holds):
        nothing = np.empty((1, 0))
        parts = likelihoods(latent.values(nothing, nothing))
        return Evidence(latent, nothing, nothing, parts, np.zeros(1), 1, np.empty(0))
    close = around or (lambda _at: likelihoods)
    return _Sampler(likelihoods, close, latent, draws, seed).run(_starts(latent, beside))


def _starts(latent: Latent, beside: Evidence | None) -> Floats:
    """Where a fit may start, shape ``(starts, ranges)``: the middle, and where another one lies."""
    starts = [np.zeros(len(latent.ranges))]
    if beside is not None:
        known = dict(zip(beside.latent.ranges, beside.centre, strict=True))
        starts.append(np.array([known.get(place, 0.0) for place in latent.ranges]))
    return np.array(starts)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What is drawn from.

    Attributes
    ----------
    usual
        Where nothing else is said.
    given
        By which claims hold (ones and zeros).
    """

    usual: Bell
    given: Mapping[tuple[float, ...], Bell]

    @property
    def moved(self) -> bool:
        """Whether it is another distribution than the prior."""
        return bool(self.given) or bool(self.usual.mean.any())

    def draw(self, points: Floats, held: Floats) -> Floats:
        """Turn points between 0 and 1 into draws, given which claims hold in each."""
        found = self.usual.draw(points)
        for claims, bell in self.given.items():
            those = (held == np.array(claims)).all(axis=1)
            found[those] = bell.draw(points[those])
        return found

    def density(self, normal: Floats, held: Floats) -> Floats:
        """Logarithm of the density, shape ``(draws,)``, given which claims hold in each."""
        found = self.usual.density(normal)
        for claims, bell in self.given.items():
            those = (held == np.array(claims)).all(axis=1)
            found[those] = bell.density(normal[those])
        return found


class _Sampler:
    """Draws so far, and what each round drew from."""

    def __init__(
        self,
        likelihoods: Likelihoods,
        around: Callable[[Floats], Likelihoods],
        latent: Latent,
        draws: int,
        seed: int,
    ) -> None:
        self.likelihoods = likelihoods
        self.around = around
        self.latent = latent
        self.draws = draws
        self.seed = seed
        self.size = len(latent.ranges)
        self.count = 0
        self.normal = np.empty((0, self.size))
        self.held = np.empty((0, len(latent.holds)))
        self.parts: Floats | None = None
        self.sources: list[tuple[int, Fit]] = []

    def run(self, starts: Floats) -> Evidence:
        """Draw from a fit."""
        fit = self._fit(starts)
        self._round(self.draws - len(self.normal), fit)
        assert self.parts is not None
        return Evidence(
            self.latent, self.normal, self.held, self.parts, self._weights(), self.count,
            fit.usual.mean,
        )  # fmt: skip

    def _fit(self, starts: Floats) -> Fit:
        """One for every choice of claims that hold, if that takes no more than there are draws."""
        prior, claims = Fit(Bell.prior(self.size), {}), len(self.latent.holds)
        if not self.size:
            return prior
        if 2**claims * (2 * self.size**2 + 20 * self.size) > self.draws:
            return self._fit_of_many(prior, starts)
        found = {}
        for held in product((0.0, 1.0), repeat=claims):
            bell = laplace(partial(self._alone, held=held), self.size)
            if bell is not None:
                found[held] = bell
        return Fit(prior.usual, found)

    def _alone(self, normal: Floats, held: tuple[float, ...]) -> Floats:
        """Log-likelihoods where the claims that hold are given."""
        self.count += len(normal)
        return np.asarray(self.likelihoods(self._values(normal, held)).sum(axis=1))

    def _fit_of_many(self, prior: Fit, starts: Floats) -> Fit:
        """One fit, for the claims that most likely hold; or that of a draw, if they cannot."""
        held = tuple((self.latent.chances() >= 0.5).astype(float))
        heights = self._alone(starts, held) - (starts**2).sum(axis=1) / 2
        bell = laplace_of_many(partial(self._around, held=held), starts[int(heights.argmax())])
        if bell is None:
            self._round(self.draws // 4, prior)
            assert self.parts is not None
            best = int(self.parts.sum(axis=1).argmax())
            held = tuple(self.held[best])
            bell = laplace_of_many(partial(self._around, held=held), self.normal[best])
        return prior if bell is None else Fit(bell, {})

    def _around(self, at: Floats, held: tuple[float, ...]) -> Likelihoods:
        """Log-likelihoods by part close to a point, where the claims that hold are given."""
        likelihoods = self.around(self._values(at[None], held)[0])

        def found(normal: Floats) -> Floats:
            self.count += len(normal)
            return likelihoods(self._values(normal, held))

        return found

    def _values(self, normal: Floats, held: tuple[float, ...]) -> Floats:
        return self.latent.values(normal, np.tile(np.array(held), (len(normal), 1)))

    def _round(self, count: int, fit: Fit) -> None:
        safe = round(DEFENSIVE * count) if fit.moved else count
        prior = Fit(Bell.prior(self.size), {})
        for place, (size, source) in enumerate(((safe, prior), (count - safe, fit))):
            if not size:
                continue
            key = (self.seed, len(self.sources), place)
            drawn = points(size, self.size + len(self.latent.holds), key)
            held = (drawn[:, self.size :] < self.latent.chances()).astype(float)
            normal = source.draw(drawn[:, : self.size], held)
            parts = self.likelihoods(self.latent.values(normal, held))
            self.count += size
            self.sources.append((size, source))
            self.normal = np.vstack([self.normal, normal])
            self.held = np.vstack([self.held, held])
            self.parts = parts if self.parts is None else np.vstack([self.parts, parts])

    def _weights(self) -> Floats:
        """The prior density over that of the mixture of all sources, as logarithms."""
        drawn = [
            source.density(self.normal, self.held) + np.log(size) for size, source in self.sources
        ]
        mixture = logsumexp(drawn, axis=0) - np.log(len(self.normal))
        return np.asarray(Bell.prior(self.size).density(self.normal) - mixture)


def _relative(logs: Floats) -> Floats:
    """Each draw's part relative to the mean; all ones where there is nothing."""
    if not np.isfinite(logs).any():
        return np.ones(len(logs))
    parts = np.exp(logs - logs.max())
    return np.asarray(parts / parts.mean())


def _error(relative: Floats) -> float:
    """Standard error of the logarithm of a mean, from its parts."""
    return 0.0 if len(relative) < 2 else float(relative.std(ddof=1)) / sqrt(len(relative))
