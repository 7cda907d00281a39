r"""A crisis in time: a continuous-time Markov chain on its states, and questions about it.

Every question is answered exactly, by uniformization [1]_: with Q the chain's generator and
:math:`\Lambda` at least every exit rate,

.. math:: e^{Qt} = \sum_n \mathrm{Poisson}(n; \Lambda t)\,(I + Q/\Lambda)^n

so one pass of sweeps gives the whole curve over time. The sum is cut where the Poisson weights
left out are below :data:`TRUNCATION` in total.

References
----------
.. [1] Jensen, A. (1953), "Markoff chains as an aid in the study of Markoff processes",
   Skandinavisk Aktuarietidskrift 36.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, pdtrc

from standoff.game import Game, Mover
from standoff.solve._flow import Flow, Policy
from standoff.solve._parts import Floats

Mask = NDArray[np.bool_]

TRUNCATION = 1e-10
"""Bound on the error of every probability, from cutting the sum."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """What happens in time: every actor follows its policy, conditions change at their rates.

    Attributes
    ----------
    game
        The game as it is.
    policies
        One per mover that moves, with that mover.
    flow
        The chain's generator.
    """

    game: Game
    policies: tuple[tuple[Mover, Policy], ...]
    flow: Flow

    @property
    def start(self) -> int:
        """Flat index of the state at time zero; with draws, among the states of each."""
        return int(np.ravel_multi_index(self.game.start, self.game.space.shape))

    def alone(self) -> Chain:
        """Return this chain, unless it has draws.

        Raises
        ------
        ValueError
            If it has: then the functions that end in ``_each`` answer.
        """
        if self.game.draws:
            raise ValueError("a chain with draws has no one answer")
        return self


def build_chain(game: Game, policies: Sequence[tuple[Mover, Policy]]) -> Chain:
    """The chain in which each mover follows its policy at every decision."""
    flow = Flow.of(game, [(mover, policy, 1.0) for mover, policy in policies])
    return Chain(game, tuple(policies), flow)


@dataclass(frozen=True, slots=True)
class Curve:
    """A probability as a function of time, from one pass of uniformization.

    Attributes
    ----------
    rate
        Jumps per day of the uniformized chain.
    jumps
        The probability after n jumps, n = 0, 1, ...; constant after the last to within the
        truncation error.
    """

    rate: float
    jumps: Floats

    def at(self, days: float) -> float:
        """The probability at a time, in days."""
        weights = poisson_weights(self.rate * days, len(self.jumps))
        last = max(0.0, 1.0 - float(weights.sum()))
        return _unit(float(weights @ self.jumps) + last * float(self.jumps[-1]))


def along(curve: Curve, days: Floats) -> Floats:
    """The probability at several times at once, shape ``(times,)``; as :meth:`Curve.at`."""
    counts = np.arange(len(curve.jumps))
    means = curve.rate * days[:, None]
    weights = np.exp(counts * np.log(np.maximum(means, 1e-300)) - means - gammaln(counts + 1.0))
    weights[means[:, 0] == 0] = counts == 0
    reached = (weights * curve.jumps).sum(axis=1)
    rest = np.maximum(0.0, 1.0 - weights.sum(axis=1))
    return np.asarray(np.clip(reached + rest * curve.jumps[-1], 0.0, 1.0))


def at_time(chain: Chain, event: Mask, days: float) -> Curve:
    """Probability that an event is true at a time, for times up to ``days``.

    Parameters
    ----------
    chain
        The chain, without draws.
    event
        Where the event is true, broadcastable against the state tensor.
    days
        The longest time asked for.
    """
    return at_time_each(chain.alone(), event, days)[0]


def within(chain: Chain, event: Mask, days: float) -> Curve:
    """Probability that an event becomes true at some time in ``[0, t]``, for t up to ``days``."""
    return within_each(chain.alone(), event, days)[0]


def until(chain: Chain, event: Mask, goal: Mask, days: float) -> Curve:
    """Probability that ``event`` stays true until ``goal`` becomes true, by t up to ``days``."""
    return until_each(chain.alone(), event, goal, days)[0]


def throughout(chain: Chain, event: Mask, days: float) -> Curve:
    """Probability that an event is true all the time in ``[0, t]``, for t up to ``days``."""
    return throughout_each(chain.alone(), event, days)[0]


def at_time_each(chain: Chain, event: Mask, days: float) -> tuple[Curve, ...]:
    """As :func:`at_time`, for every draw of a chain."""
    return _backward(chain, _flat(chain, event), None, days)


def within_each(chain: Chain, event: Mask, days: float) -> tuple[Curve, ...]:
    """As :func:`within`, for every draw of a chain."""
    happened = _flat(chain, event)
    return _backward(chain, happened, happened, days)


def until_each(chain: Chain, event: Mask, goal: Mask, days: float) -> tuple[Curve, ...]:
    """As :func:`until`, for every draw of a chain."""
    reached = _flat(chain, goal)
    return _backward(chain, reached, reached | ~_flat(chain, event), days)


def throughout_each(chain: Chain, event: Mask, days: float) -> tuple[Curve, ...]:
    """As :func:`throughout`, for every draw of a chain."""
    broken = within_each(chain, np.logical_not(event), days)
    return tuple(Curve(curve.rate, 1.0 - curve.jumps) for curve in broken)


def distribution(chain: Chain, days: float) -> Floats:
    """Probability of every state at a time, shape ``space.shape``."""
    mass = np.zeros(chain.alone().flow.size)
    mass[chain.start] = 1.0
    rate = float(_uniform_rates(chain, None)[0])
    weights = poisson_weights(rate * days, _length(rate * days))
    total = weights[0] * mass
    for weight in weights[1:]:
        mass = mass + chain.flow.push(mass) / rate
        total += weight * mass
    return _normalised(total, chain)


def occupancy(chain: Chain, days: float) -> Floats:
    """Expected share of the time in ``[0, days]`` spent in every state, shape ``space.shape``."""
    mass = np.zeros(chain.alone().flow.size)
    mass[chain.start] = 1.0
    rate = float(_uniform_rates(chain, None)[0])
    mean = rate * days
    if mean == 0:
        return mass.reshape(chain.game.space.shape)
    # The time spent after exactly n jumps is P(more than n jumps by then) / rate.
    spent = pdtrc(np.arange(_length(mean)), mean) / mean
    total = spent[0] * mass
    for weight in spent[1:]:
        mass = mass + chain.flow.push(mass) / rate
        total += weight * mass
    return _normalised(total, chain)


def _normalised(mass: Floats, chain: Chain) -> Floats:
    shares: Floats = mass / mass.sum()
    return shares.reshape(chain.game.space.shape)


def _backward(chain: Chain, event: Mask, stopped: Mask | None, days: float) -> tuple[Curve, ...]:
    """Expected value of an event after n jumps, where some states are never left.

    Masks have shape ``(states,)``; there is one curve for each draw, or one without draws. What a
    draw's curve is does not depend on the others.
    """
    rows = draws, _ = chain.game.rows
    values = np.tile(event.astype(float), (draws, 1))
    start = chain.start
    if stopped is not None and stopped[start]:
        return tuple(Curve(0.0, np.array([value])) for value in values[:, start])
    rates = _uniform_rates(chain, stopped)
    lengths = np.array([_length(float(rate) * days) for rate in rates])
    # Infeasible states stay too: their rates may exceed the uniform one, and would overflow.
    moving = chain.game.space.feasible.reshape(rows)[0]
    if stopped is not None:
        moving = moving & ~stopped
    share = moving / rates[:, None]
    # Steps never grow, so when those left add up to less than this they cannot move the answer.
    lines = chain.flow.jumps(values, share, start, lengths, TRUNCATION / 10)
    return tuple(Curve(float(rate), line) for rate, line in zip(rates, lines, strict=True))


def _uniform_rates(chain: Chain, stopped: Mask | None) -> Floats:
    """For each draw, a rate at least that of leaving any state that is left."""
    rows = chain.game.rows
    counted = chain.game.space.feasible.reshape(rows)[0]
    if stopped is not None:
        counted = counted & ~stopped
    leaving = chain.flow.diagonal.reshape(rows)
    fastest = leaving.max(axis=1, where=counted, initial=0.0)
    return np.asarray(np.maximum(fastest, 1e-12))


def _length(mean: float) -> int:
    """How many Poisson weights to keep so that the rest is below the truncation error."""
    size = ceil(mean + 6.5 * sqrt(mean) + 20)
    while pdtrc(size - 1, mean) > TRUNCATION / 2:
        size += max(8, size // 20)
    return size


def poisson_weights(mean: float, length: int) -> Floats:
    """Poisson probabilities of 0 .. length - 1, without underflow for large means."""
    if mean == 0:
        return np.array([1.0] + [0.0] * (length - 1))
    n = np.arange(length)
    weights: Floats = np.exp(n * log(mean) - mean - gammaln(n + 1.0))
    return weights


def _flat(chain: Chain, event: Mask) -> Mask:
    """Where an event is true, shape ``(states,)``: statements know nothing of draws."""
    shape = chain.game.space.shape
    if chain.game.draws:
        shape = (1, *shape[1:])
    return np.ascontiguousarray(np.broadcast_to(event, shape)).reshape(-1)


def _unit(probability: float) -> float:
    return min(1.0, max(0.0, probability))


__all__ = [
    "TRUNCATION",
    "Chain",
    "Curve",
    "along",
    "at_time",
    "at_time_each",
    "build_chain",
    "distribution",
    "occupancy",
    "poisson_weights",
    "throughout",
    "throughout_each",
    "until",
    "until_each",
    "within",
    "within_each",
]
