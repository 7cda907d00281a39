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
from standoff.solve._blocks import Floats
from standoff.solve._flow import Flow, Policy

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
        """Flat index of the state at time zero."""
        return int(np.ravel_multi_index(self.game.start, self.game.space.shape))


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


def at_time(chain: Chain, event: Mask, days: float) -> Curve:
    """Probability that an event is true at a time, for times up to ``days``.

    Parameters
    ----------
    chain
        The chain.
    event
        Where the event is true, broadcastable against the state tensor.
    days
        The longest time asked for.
    """
    return _backward(chain, _flat(chain, event), None, days)


def within(chain: Chain, event: Mask, days: float) -> Curve:
    """Probability that an event becomes true at some time in ``[0, t]``, for t up to ``days``."""
    happened = _flat(chain, event)
    return _backward(chain, happened, happened, days)


def until(chain: Chain, event: Mask, goal: Mask, days: float) -> Curve:
    """Probability that ``event`` stays true until ``goal`` becomes true, by t up to ``days``."""
    reached = _flat(chain, goal)
    return _backward(chain, reached, reached | ~_flat(chain, event), days)


def throughout(chain: Chain, event: Mask, days: float) -> Curve:
    """Probability that an event is true all the time in ``[0, t]``, for t up to ``days``."""
    broken = within(chain, ~_flat(chain, event).reshape(chain.game.space.shape), days)
    return Curve(broken.rate, 1.0 - broken.jumps)


def distribution(chain: Chain, days: float) -> Floats:
    """Probability of every state at a time, shape ``space.shape``."""
    mass = np.zeros(chain.flow.size)
    mass[chain.start] = 1.0
    rate = _uniform_rate(chain, None)
    weights = poisson_weights(rate * days, _length(rate * days))
    total = weights[0] * mass
    for weight in weights[1:]:
        mass = mass + chain.flow.push(mass) / rate
        total += weight * mass
    return _normalised(total, chain)


def occupancy(chain: Chain, days: float) -> Floats:
    """Expected share of the time in ``[0, days]`` spent in every state, shape ``space.shape``."""
    mass = np.zeros(chain.flow.size)
    mass[chain.start] = 1.0
    rate = _uniform_rate(chain, None)
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


def _backward(chain: Chain, event: Mask, stopped: Mask | None, days: float) -> Curve:
    """Expected value of an event after n jumps, where some states are never left."""
    values = event.astype(float)
    start = chain.start
    if stopped is not None and stopped[start]:
        return Curve(0.0, np.array([values[start]]))
    rate = _uniform_rate(chain, stopped)
    length = _length(rate * days)
    jumps = np.empty(length)
    jumps[0] = values[start]
    # Infeasible states stay too: their rates may exceed the uniform one, and would overflow.
    moving = chain.game.space.feasible.reshape(-1)
    if stopped is not None:
        moving = moving & ~stopped
    for n in range(1, length):
        step = chain.flow.apply(values) / rate
        step *= moving
        values += step
        jumps[n] = values[start]
        # Steps never grow, so what is left cannot move the answer by more than this.
        if n % 16 == 0 and float(np.abs(step).max()) * (length - n) < TRUNCATION / 10:
            return Curve(rate, jumps[: n + 1])
    return Curve(rate, jumps)


def _uniform_rate(chain: Chain, stopped: Mask | None) -> float:
    leaving = chain.flow.diagonal
    counted = chain.game.space.feasible.reshape(-1)
    if stopped is not None:
        counted = counted & ~stopped
    return max(float(leaving.max(where=counted, initial=0.0)), 1e-12)


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
    return np.ascontiguousarray(np.broadcast_to(event, chain.game.space.shape)).reshape(-1)


def _unit(probability: float) -> float:
    return min(1.0, max(0.0, probability))


__all__ = [
    "TRUNCATION",
    "Chain",
    "Curve",
    "at_time",
    "build_chain",
    "distribution",
    "occupancy",
    "poisson_weights",
    "throughout",
    "until",
    "within",
]
