r"""How an actor decides, given what it expects of the others.

Actor i, who decides at rate :math:`L`, discounts at :math:`r` and receives :math:`u` a day, has the
values that solve

.. math:: r V = u + L (M[V] - V) + Q V

where Q is the flow of everything else (the others as it expects them, and conditions) and M is
the log-mean-exp over its possible moves, sharpened by :math:`b = precision\,(r + L)`. At a
decision it moves with the logit probabilities of :math:`b V`.

The derivative of M is the logit policy, so Newton's method on this equation is policy iteration
with an entropy term: it converges from anywhere, in a few steps. Each step is a linear system with
the same sweeps as the chain itself, solved by a Krylov method. The flow's row sums are zero, so
the distance to the solution is at most ``max |residual| / r``.

References
----------
.. [1] Asadi, K. & Littman, M. L. (2017), "An alternative softmax operator for reinforcement
   learning", ICML.
.. [2] Fox, R., Pakman, A. & Tishby, N. (2016), "Taming the noise in reinforcement learning via
   soft updates", UAI.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from standoff.game import Game, Mover
from standoff.solve._blocks import Floats
from standoff.solve._flow import Flow, Policy, full, tempo_gates
from standoff.solve._krylov import solve_linear

TOLERANCE = 1e-8
"""Largest residual of the value equation, relative to the spread of the payoffs."""

_MOST_STEPS = 60
_PLAIN_SWEEPS = 100
_PATIENCE = 4  # the values improve with every step, but their residual may first grow
_MOST_KRYLOV_STEPS = 500
_UNDERFLOWS = 1e-250


class Status(Enum):
    """How a search ended, as a sentence."""

    CONVERGED = "the values satisfy their equation to the tolerance asked for"
    AT_PRECISION = (
        "the values satisfy their equation as well as floating-point numbers allow, "
        "which is less than was asked for"
    )
    OUT_OF_STEPS = "the search ran out of steps; the values are not to be relied on"


@dataclass(frozen=True, slots=True)
class Response:
    """An actor's values and policy.

    Attributes
    ----------
    policy
        What it does at a decision.
    values
        Shape ``(states,)``: discounted payoff ahead, in weight units times days, up to a constant.
    residual
        Largest residual of the value equation, relative to the spread of the payoffs.
    sweeps
        How many times the flow was applied.
    status
        How the search ended.
    """

    policy: Policy
    values: Floats
    residual: float
    sweeps: int
    status: Status


def best_response(
    game: Game,
    mover: Mover,
    others: Flow,
    *,
    start: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> Response:
    """Values and logit policy of one actor against a given flow of everything else.

    Parameters
    ----------
    game
        The game as this actor sees it.
    mover
        The actor.
    others
        What the actor expects the other actors and conditions to do.
    start
        Values to start from, shape ``(states,)``; the solution does not depend on them.
    tolerance
        On the residual, relative to the spread of the payoffs.

    Returns
    -------
    Response

    Notes
    -----
    Time is some tens of sweeps; each is ``states * (actors + conditions)`` operations.
    """
    choice = _Choice(game, mover)
    rate = choice.rate
    payoff = mover.payoff.reshape(-1)
    shut = None if game.space.feasible.all() else ~game.space.feasible.reshape(-1)
    possible = payoff if shut is None else payoff[~shut]
    low, high = float(possible.min()), float(possible.max())
    payoff = payoff - (low + high) / 2  # a constant changes nothing; centred, it costs no digits
    if shut is not None:
        payoff[shut] = 0.0
    spread = max(high - low, 1e-300)
    scale = mover.discount + others.diagonal + rate
    # Where all states are worth the same, zero is the solution: from elsewhere the search would
    # never come close enough by the measure of a spread of nothing.
    values = np.zeros(others.size) if start is None or low == high else start.copy()
    sweeps, stalled, best, status = 0, 0, np.inf, Status.OUT_OF_STEPS
    for _ in range(_MOST_STEPS):
        policy, mean = choice.logit(values)
        residual = payoff - mover.discount * values + others.apply(values) + rate * (mean - values)
        if shut is not None:
            residual[shut] = 0.0
        sweeps += 1
        size = float(np.abs(residual).max()) / spread
        if size <= tolerance:
            status = Status.CONVERGED
            break
        # What rounding leaves: of the values times their rates, and of a log-mean-exp near zero.
        rounding = float(scale.max()) * float(np.abs(values).max()) + 1 / mover.precision
        floor = 1e-15 * rounding / spread
        if size <= 10 * floor:
            status = Status.AT_PRECISION
            break
        stalled = stalled + 1 if size > 0.9 * best else 0
        best = min(best, size)
        if stalled > _PATIENCE:  # rounding, or a step that was not solved: plain iteration goes on
            values, more = _plain(choice, mover, others, payoff, scale, values)
            sweeps += more
            stalled, best = 0, np.inf
            continue
        # Newton squares the error: no use in solving a step better than that, or than is asked for.
        accuracy = min(1e-1, max(size, 0.3 * tolerance / size, 1e-6))
        step, more = _newton_step(mover.discount, others.plus(mover, policy), residual, accuracy)
        values = values + step
        sweeps += more
    return Response(policy, values, size, sweeps, status)


def _newton_step(
    discount: float, flow: Flow, residual: Floats, accuracy: float
) -> tuple[Floats, int]:
    """Solve ``(r - Q) step = residual``, Q the flow of everybody, its diagonal divided out."""
    scale = 1.0 / (discount + flow.diagonal)
    work = np.empty_like(residual)
    image = np.empty_like(residual)
    sweeps = 0

    def remaining(x: Floats) -> Floats:
        nonlocal sweeps
        sweeps += 1
        np.multiply(x, scale, out=work)
        np.multiply(work, discount, out=image)
        return np.subtract(image, flow.apply(work), out=image)

    step = solve_linear(remaining, residual, accuracy, _MOST_KRYLOV_STEPS)
    step *= scale
    return step, sweeps


def _plain(
    choice: _Choice, mover: Mover, others: Flow, payoff: Floats, scale: Floats, values: Floats
) -> tuple[Floats, int]:
    """The contraction itself: slow when the horizon is long, and sure."""
    for _ in range(_PLAIN_SWEEPS):
        _, mean = choice.logit(values)
        values = (
            payoff + others.apply(values) + others.diagonal * values + choice.rate * mean
        ) / scale
    return values, _PLAIN_SWEEPS


class _Choice:
    """One actor's log-mean-exp and logit policy, for any values."""

    def __init__(self, game: Game, mover: Mover) -> None:
        space = game.space
        self.lines = space.lines(mover.axis)
        self.rate: Floats = full(mover.rate, space.shape)
        sharpness = mover.precision * (mover.discount + self.rate)
        self.sharpness = sharpness.reshape(self.lines)
        self.allowed = mover.allowed
        self.gates = None
        feasible = space.feasible.reshape(self.lines)
        self.shut = None if feasible.all() else ~feasible
        if self.allowed is not None:
            self.moves = self.allowed.sum(axis=2)
            self.open = self.allowed.astype(float) if mover.rate.shape[mover.axis] == 1 else None
        else:
            self.moves = np.maximum(feasible.sum(axis=1, keepdims=True), 1)
            gates = tempo_gates(game, mover)
            if gates is None:
                self.sharpness = np.ascontiguousarray(self.sharpness[:, :1])
            else:
                self.gates = [
                    (mover.precision * (mover.discount + value), value, gate)
                    for value, gate in gates
                ]

    def logit(self, values: Floats) -> tuple[Policy, Floats]:
        """The logit policy, and M[V] of shape ``(states,)``."""
        values = values.reshape(self.lines)
        if self.allowed is not None:
            return self._restricted(values)
        if self.gates is None:
            weights, mean = self._free(values, self.sharpness)
            return Policy((weights,)), np.broadcast_to(mean, self.lines).reshape(-1)
        total = np.zeros(self.lines)
        policies = []
        for sharpness, _, gate in self.gates:
            weights, mean = self._free(values, sharpness)
            policies.append(weights)
            total += gate * mean
        return Policy(tuple(policies)), total.reshape(-1)

    def _free(self, values: Floats, sharpness: Floats | float) -> tuple[Floats, Floats]:
        exponent = sharpness * values
        if self.shut is not None:
            exponent[self.shut] = -np.inf
        top = exponent.max(axis=1, keepdims=True)
        if self.shut is not None:
            top[np.isneginf(top)] = 0.0
        exponent -= top
        weights = np.exp(exponent, out=exponent)
        total = weights.sum(axis=1, keepdims=True)
        if self.shut is not None:
            total[total == 0.0] = 1.0
        weights /= total
        return weights, (np.log(total / self.moves) + top) / sharpness

    def _restricted(self, values: Floats) -> tuple[Policy, Floats]:
        assert self.allowed is not None
        if self.open is not None:
            exponent = self.sharpness * values
            top = exponent.max(axis=1, keepdims=True)
            weights = np.exp(np.subtract(exponent, top, out=exponent), out=exponent)
            total = np.einsum("osti,oti->osi", self.open, weights)
            if total.min() > _UNDERFLOWS:
                mean = (np.log(total / self.moves) + top) / self.sharpness
                matrix = self.open * weights[:, None]
                matrix /= total[:, :, None]
                return Policy((matrix,)), mean.reshape(-1)
        # What may be reached differs so much from what may not that each row needs its own scale.
        exponent = self.sharpness[:, :, None, :] * values[:, None, :, :]
        exponent[~self.allowed] = -np.inf
        top = exponent.max(axis=2)
        exponent -= top[:, :, None, :]
        weights = np.exp(exponent, out=exponent)
        total = weights.sum(axis=2)
        weights /= total[:, :, None, :]
        mean = (np.log(total / self.moves) + top) / self.sharpness
        return Policy((weights,)), mean.reshape(-1)


def choices_at(game: Game, mover: Mover, policy: Policy, index: tuple[int, ...]) -> Floats:
    """Probability of each strategy of an actor at a decision in one state, shape ``(along,)``."""
    space = game.space
    _, along, inner = space.lines(mover.axis)
    flat = int(np.ravel_multi_index(index, space.shape))
    row, rest = divmod(flat, along * inner)
    own, column = divmod(rest, inner)
    if mover.allowed is not None:
        return policy.weights[0][row, own, :, column]
    gates = tempo_gates(game, mover)
    if gates is None:
        return policy.weights[0][row, :, column]
    at = next(i for i, (_, gate) in enumerate(gates) if gate[row, own, column])
    return policy.weights[at][row, :, column]
