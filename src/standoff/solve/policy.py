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
from standoff.game.drawn import Number
from standoff.solve._flow import Decisions, Flow, Policy, full, tempo_gates
from standoff.solve._parts import Floats

TOLERANCE = 1e-8
"""Largest residual of the value equation, relative to the spread of the payoffs."""

_MOST_STEPS = 60
_PLAIN_SWEEPS = 100
_PATIENCE = 4  # the values improve with every step, but their residual may first grow
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
    equation = _Equation(game, mover, others)
    rows = game.rows
    sharpest = 1 / _column(mover.precision)[:, 0]
    values = np.zeros(rows)
    if start is not None:
        # Where all states are worth the same, zero is the solution: from elsewhere the search
        # would never come close enough by the measure of a spread of nothing.
        values += np.where(equation.level[:, None], 0.0, start.reshape(-1, rows[1]))
    sweeps = 0
    stalled, best = np.zeros(rows[0], dtype=int), np.full(rows[0], np.inf)
    status = np.full(rows[0], Status.OUT_OF_STEPS)
    for _ in range(_MOST_STEPS):
        policy, residual = equation.residual(values)
        sweeps += 1
        size = _largest(residual) / equation.spread
        # What rounding leaves: of the values times their rates, and of a log-mean-exp near zero.
        floor = 1e-15 * (equation.fastest * _largest(values) + sharpest) / equation.spread
        status[(status == Status.OUT_OF_STEPS) & (size <= 10 * floor)] = Status.AT_PRECISION
        status[size <= tolerance] = Status.CONVERGED
        open_ = status == Status.OUT_OF_STEPS
        if not open_.any():
            break
        stalled = np.where(size > 0.9 * best, stalled + 1, 0)
        best = np.minimum(best, size)
        # Rounding, or a step that was not solved: there plain iteration goes on.
        stuck = open_ & (stalled > _PATIENCE)
        if stuck.any():
            values = np.where(stuck[:, None], equation.iterated(values), values)
            sweeps += _PLAIN_SWEEPS
            stalled[stuck], best[stuck] = 0, np.inf
        # Newton squares the error: no use in solving a step better than that, or than is asked for.
        accuracy = np.minimum(
            1e-1, np.maximum(np.maximum(size, 0.3 * tolerance / np.maximum(size, 1e-200)), 1e-6)
        )
        searching = open_ & ~stuck
        if searching.any():
            residual[~searching] = 0.0
            step, more = equation.newton_step(policy, residual, accuracy)
            values += step
            sweeps += more
    worst = max(status, key=list(Status).index)
    return Response(policy, values.reshape(-1), float(size.max()), sweeps, worst)


class _Equation:
    """The value equation of one actor; arrays of rows have shape ``(draws, states)``.

    Attributes
    ----------
    spread
        Shape ``(draws,)``: between the best and the worst payoff.
    level
        Shape ``(draws,)``: where all payoffs are the same.
    fastest
        Shape ``(draws,)``: the highest rate at which anything happens.
    """

    def __init__(self, game: Game, mover: Mover, others: Flow) -> None:
        self.rows = rows = game.rows
        self.choice = _Choice(game, mover)
        payoff = mover.payoff.reshape(rows)
        self.shut = None
        if not game.space.feasible.all():
            self.shut = ~game.space.feasible.reshape(rows)[0]
        possible = payoff if self.shut is None else payoff[:, ~self.shut]
        low, high = possible.min(axis=1, keepdims=True), possible.max(axis=1, keepdims=True)
        self.level = (low == high)[:, 0]
        self.spread = np.maximum(high - low, 1e-300)[:, 0]
        # A constant changes nothing; centred, payoffs cost no digits.
        self.payoff = payoff - (low + high) / 2
        if self.shut is not None:
            self.payoff[:, self.shut] = 0.0
        # Discounting is leaving for nowhere at that rate.
        passing = self.choice.decisions.rate.reshape(rows) + _column(mover.discount)
        self.flow = others.leaving(passing.reshape(-1))
        self.fastest = self.flow.diagonal.reshape(rows).max(axis=1)

    def residual(self, values: Floats) -> tuple[Policy, Floats]:
        """The logit policy, and how far the equation is from holding."""
        policy, gain = self.choice.logit(values)
        residual = self.payoff + self.flow.apply(values.reshape(-1)).reshape(self.rows)
        lines = residual.reshape(self.choice.lines)
        lines += gain
        if self.shut is not None:
            residual[:, self.shut] = 0.0
        return policy, residual

    def newton_step(self, policy: Policy, residual: Floats, accuracy: Floats) -> tuple[Floats, int]:
        """Solve ``(r - Q) step = residual``, Q the flow of everybody; and count the sweeps."""
        flow = self.flow.arriving(self.choice.decisions.terms(policy))
        return flow.solve(residual, accuracy)

    def iterated(self, values: Floats) -> Floats:
        """The contraction itself, for a while: slow when the horizon is long, and sure."""
        scale = self.flow.diagonal.reshape(self.rows)
        for _ in range(_PLAIN_SWEEPS):
            _, residual = self.residual(values)
            values = values + residual / scale
        return values


def _largest(array: Floats) -> Floats:
    return np.asarray(np.maximum(array.max(axis=1), -array.min(axis=1)))


def _column(number: Number) -> Floats:
    """A number, or one for each draw, as a column."""
    return np.asarray(number, dtype=float).reshape(-1, 1)


class _Choice:
    """One actor's log-mean-exp and logit policy, for any values."""

    def __init__(self, game: Game, mover: Mover) -> None:
        space = game.space
        self.decisions = Decisions(game, mover)
        self.lines = self.decisions.lines
        self.draws = max(1, game.draws)
        rate = self.decisions.rate.reshape(self.lines)
        self.rate = rate if mover.rate.shape[mover.axis] > 1 else rate[:, :1]
        sharpness = np.asarray(mover.precision * (mover.discount + mover.rate))
        self.sharpness = full(sharpness, space.shape).reshape(self.lines)
        self.allowed = mover.allowed
        if mover.allowed is not None and game.draws:
            each = np.broadcast_to(mover.allowed, (game.draws, *mover.allowed.shape))
            self.allowed = each.reshape(-1, *mover.allowed.shape[1:])
        self.gates = None
        feasible = space.feasible.reshape(self.lines)
        self.shut = None if feasible.all() else ~feasible
        if self.allowed is not None:
            self.moves = self.allowed.sum(axis=2)
            self.open = self.allowed.astype(float) if mover.rate.shape[mover.axis] == 1 else None
        else:
            self.moves = np.maximum(feasible.sum(axis=1, keepdims=True), 1)
            gates = self.decisions.gates
            if gates is None:
                self.sharpness = np.ascontiguousarray(self.sharpness[:, :1])
            else:
                precision, discount = (
                    number
                    if isinstance(number, float)
                    else full(number, space.shape).reshape(self.lines)[:, :1]
                    for number in (mover.precision, mover.discount)
                )
                self.gates = [(precision * (discount + value), gate) for value, gate in gates]

    def logit(self, values: Floats) -> tuple[Policy, Floats]:
        """The logit policy, and ``L M[V]``, to be broadcast against ``lines``."""
        values = values.reshape(self.lines)
        if self.allowed is not None:
            weights, mean = self._restricted(values)
            return Policy((weights,)), self.rate * mean
        if self.gates is None:
            weights, mean = self._free(values, self.sharpness)
            return Policy((weights,)), self.rate * mean
        total = np.zeros(self.lines)
        policies = []
        for sharpness, gate in self.gates:
            weights, mean = self._free(values, sharpness)
            policies.append(weights)
            total += gate * mean
        return Policy(tuple(policies)), self.rate * total

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

    def _restricted(self, values: Floats) -> tuple[Floats, Floats]:
        assert self.allowed is not None
        if self.open is None:
            return self._row_by_row(values)
        exponent = self.sharpness * values
        top = exponent.max(axis=1, keepdims=True)
        weights = np.exp(np.subtract(exponent, top, out=exponent), out=exponent)
        total = np.einsum("osti,oti->osi", self.open, weights)
        # What may be reached may differ so much from what may not that rows need scales of their
        # own; for each draw that is decided alone.
        fails = total.reshape(self.draws, -1).min(axis=1) <= _UNDERFLOWS
        if fails.all():
            return self._row_by_row(values)
        total[total == 0.0] = 1.0
        mean = (np.log(total / self.moves) + top) / self.sharpness
        matrix = self.open * weights[:, None]
        matrix /= total[:, :, None]
        if fails.any():
            failed = np.repeat(fails, self.lines[0] // self.draws)
            exact, exact_mean = self._row_by_row(values)
            matrix[failed], mean[failed] = exact[failed], exact_mean[failed]
        return matrix, mean

    def _row_by_row(self, values: Floats) -> tuple[Floats, Floats]:
        assert self.allowed is not None
        exponent = self.sharpness[:, :, None, :] * values[:, None, :, :]
        exponent[~self.allowed] = -np.inf
        top = exponent.max(axis=2)
        exponent -= top[:, :, None, :]
        weights = np.exp(exponent, out=exponent)
        total = weights.sum(axis=2)
        weights /= total[:, :, None, :]
        return weights, (np.log(total / self.moves) + top) / self.sharpness


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
