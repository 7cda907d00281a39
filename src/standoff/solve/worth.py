r"""What the process is worth to each actor: the payoffs it really gets, as what happens happens.

An actor's own values (:mod:`standoff.solve.policy`) are what it expects, in its own view. Here the
flow is that of what truly happens and the payoff ``u`` is what the actor truly gets. Put as an
average payoff, discounted at the actor's own rate :math:`r`, the worth of a state solves

.. math:: (r - Q)\, w = r\, u

so that :math:`w(s) = \int_0^\infty r e^{-rt}\, E[u(s_t) \mid s_0 = s]\, dt`, in weight units per
day. The rows of Q add up to zero, so the error of w is at most ``max |residual| / r``.
"""

from __future__ import annotations

import numpy as np

from standoff.game import Mover
from standoff.solve._blocks import Floats
from standoff.solve._flow import Flow
from standoff.solve._krylov import solve_each, solve_linear
from standoff.solve.chain import Chain

ACCURACY = 1e-10
"""Largest error that is aimed at, relative to the spread of the actor's payoffs."""

_MOST_ROUNDS = 10
_MOST_STEPS = 500
_PLAIN_SWEEPS = 100
_LEAST_PROGRESS = 0.5  # of a round: where a residual shrinks less, rounding is all that is left


def worth_of(chain: Chain) -> dict[str, Floats]:
    """The worth of every state to every actor, in weight units per day.

    Parameters
    ----------
    chain
        What happens, with or without draws.

    Returns
    -------
    dict
        By actor, arrays of shape ``space.shape``; in states that cannot be they mean nothing.

    Notes
    -----
    Time is some tens of sweeps for each actor.
    """
    shape = chain.game.space.shape
    return {mover.name: _worth(chain, mover).reshape(shape) for mover in chain.game.movers}


def worth_at_start(chain: Chain) -> dict[str, Floats]:
    """The worth of the state at time zero to every actor: shape ``(draws,)``, or one without."""
    rows = chain.game.rows
    start = chain.start
    return {
        name: everywhere.reshape(rows)[:, start].copy()
        for name, everywhere in worth_of(chain).items()
    }


def _worth(chain: Chain, mover: Mover) -> Floats:
    rows = chain.game.rows
    shut = ~chain.game.space.feasible.reshape(rows)[0]
    payoff = mover.payoff.reshape(rows)
    possible = payoff[:, ~shut]
    low, high = possible.min(axis=1, keepdims=True), possible.max(axis=1, keepdims=True)
    middle = (low + high) / 2
    payoff = payoff - middle  # a constant is worth itself; centred, it costs no digits
    payoff[:, shut] = 0.0
    discount = np.asarray(mover.discount, dtype=float).reshape(-1, 1)
    system = _System(chain.flow, discount, rows, alone=chain.game.draws == 0)
    wanted = ACCURACY * (high - low)[:, 0] * discount[:, 0]
    worth = np.zeros(rows)
    left = discount * payoff
    size = np.abs(left).max(axis=1)
    for _ in range(_MOST_ROUNDS):
        going = size > wanted
        if not going.any():
            break
        accuracy = np.clip(wanted / np.where(going, size, 1.0), 1e-10, 0.1)
        step = system.solved(np.where(going[:, None], left, 0.0), accuracy)
        worth, left, after = system.better(worth, step, discount * payoff)
        stuck = going & (after > _LEAST_PROGRESS * size)
        if stuck.any():
            plain = system.swept(worth, discount * payoff)
            worth = np.where(stuck[:, None], plain, worth)
            left, after = system.remaining(worth, discount * payoff)
            if (after > _LEAST_PROGRESS * size)[stuck].all():
                break
        size = after
    return np.asarray(worth + middle)


class _System:
    """``r - Q``, for every draw at once."""

    def __init__(self, flow: Flow, discount: Floats, rows: tuple[int, int], *, alone: bool) -> None:
        self.flow = flow
        self.discount = discount
        self.rows = rows
        self.alone = alone
        self.scale = 1.0 / (discount + flow.diagonal.reshape(rows))

    def applied(self, values: Floats) -> Floats:
        """``(r - Q) values``."""
        flowing = self.flow.apply(values.reshape(-1)).reshape(self.rows)
        return np.asarray(self.discount * values - flowing)

    def remaining(self, worth: Floats, right: Floats) -> tuple[Floats, Floats]:
        """The residual, and its largest entry in each draw."""
        left = right - self.applied(worth)
        return left, np.abs(left).max(axis=1)

    def solved(self, right: Floats, accuracy: Floats) -> Floats:
        """A solution, its diagonal divided out on the way."""

        def apply(x: Floats) -> Floats:
            return self.applied(x.reshape(self.rows) * self.scale).reshape(x.shape)

        if self.alone:
            found = solve_linear(apply, right.reshape(-1), float(accuracy[0]), _MOST_STEPS)
            return found.reshape(self.rows) * self.scale
        return solve_each(apply, right, accuracy, _MOST_STEPS) * self.scale

    def better(self, worth: Floats, step: Floats, right: Floats) -> tuple[Floats, Floats, Floats]:
        """The step taken in the draws in which it helps; then the residual and its size."""
        _, before = self.remaining(worth, right)
        tried = worth + step
        _, after = self.remaining(tried, right)
        taken = np.where((after < before)[:, None], tried, worth)
        return taken, *self.remaining(taken, right)

    def swept(self, worth: Floats, right: Floats) -> Floats:
        """The contraction itself, for a while: slow when the horizon is long, and sure."""
        for _ in range(_PLAIN_SWEEPS):
            worth = worth + self.scale * (right - self.applied(worth))
        return worth
