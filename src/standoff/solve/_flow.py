"""The generator of a Markov chain on the state tensor, never written out as a matrix.

A flow Q is what actors' decisions and conditions' changes do to a function of the state. An actor
moves along its own axis only, so with n states its part of ``Q x`` is a product with one number
per state and a sum along that axis; a condition's change is a product on one slice. One sweep
costs about ``n * (actors + conditions)`` operations.

How it is carried out is in :mod:`standoff.solve._compiled` where Numba is installed, and in
:mod:`standoff.solve._blocks` where it is not, and for games large or small enough.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.game import Game, Mover
from standoff.game.drawn import Number
from standoff.solve import _blocks
from standoff.solve._parts import Floats, Free, Gated, Jump, Restricted, Swap, Term
from standoff.solve._sweeper import Sweeper

if TYPE_CHECKING:
    from standoff.solve._compiled import Program

_MOST_STEPS = 500

COMPILED_FROM = 2**12
COMPILED_FROM_WITH_DRAWS = 2**8
"""States from which loading compiled code is repaid: half a second, and ten the first time."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What an actor does at a decision, in every state.

    Attributes
    ----------
    weights
        Where moves are unrestricted: for each tempo of the actor that differs along its own axis
        (usually one), an array ``(outer, along, inner)`` whose entries are the probability of
        moving to that state from any state on its line. Where they are restricted: one array
        ``(outer, along, along, inner)``, from the second axis to the third.
    """

    weights: tuple[Floats, ...]


def mixture(shares: Sequence[float], policies: Sequence[Policy]) -> Policy:
    """The policy of an actor that follows each of several with a given probability."""
    stacks = zip(*(policy.weights for policy in policies), strict=True)
    return Policy(
        tuple(
            reduce(np.add, (share * array for share, array in zip(shares, stack, strict=True)))
            for stack in stacks
        )
    )


class Flow:
    """The generator of a chain, applied without being stored.

    Attributes
    ----------
    size
        Number of states.
    diagonal
        Shape ``(size,)``: the rate of decisions and changes in every state, decisions to stay
        included.

    Notes
    -----
    A flow keeps the arrays it works in: it is not for use by two threads at once.
    """

    __slots__ = ("_game", "_leaving", "_sweeper", "diagonal", "size")

    def __init__(self, game: Game, diagonal: Floats, sweeper: Sweeper) -> None:
        self.size = game.space.size
        self.diagonal = diagonal
        self._game = game
        self._leaving = -diagonal
        self._sweeper = sweeper

    @classmethod
    def of(cls, game: Game, policies: Sequence[tuple[Mover, Policy, float]]) -> Flow:
        """What conditions do, and actors that follow policies.

        Parameters
        ----------
        game
            The game whose states it moves.
        policies
            For each mover that moves: its policy, and the share of its decisions that follow it
            (the others stay). The policy's probabilities add up to that share.
        """
        diagonal: Floats = np.zeros(game.space.size)
        terms = _changes(game, diagonal)
        for mover, policy, share in policies:
            decisions = Decisions(game, mover)
            terms += decisions.terms(policy)
            diagonal += share * decisions.rate
        return cls(game, diagonal, _carried_out(game, terms))

    def plus(self, mover: Mover, policy: Policy) -> Flow:
        """Add one actor to this flow; the two share the arrays they work in."""
        decisions = Decisions(self._game, mover)
        return self.leaving(decisions.rate).arriving(decisions.terms(policy))

    def leaving(self, rate: Floats) -> Flow:
        """Leave every state for nowhere too, at a rate of shape ``(size,)``."""
        return Flow(self._game, self.diagonal + rate, self._sweeper)

    def arriving(self, terms: Sequence[Term]) -> Flow:
        """Add terms that only arrive: the states they come from are left already."""
        return Flow(self._game, self.diagonal, self._sweeper.plus(terms))

    def apply(self, values: Floats) -> Floats:
        """Q x: the rate of change of the expected value of a function of the state.

        Parameters
        ----------
        values
            Shape ``(size,)``.

        Returns
        -------
        ndarray
            The flow's own working array: use it before the next call.
        """
        return self._sweeper.sweep(values, self._leaving, forward=False)

    def push(self, mass: Floats) -> Floats:
        """The rate of change of a distribution over states (x Q); otherwise as :meth:`apply`."""
        return self._sweeper.sweep(mass, self._leaving, forward=True)

    def solve(self, right: Floats, accuracy: Floats) -> tuple[Floats, int]:
        """Solve ``-Q x = right`` for every draw, where states are left for nowhere as well.

        Parameters
        ----------
        right
            Shape ``(draws, states)``; a row of zeros has nothing to solve.
        accuracy
            Shape ``(draws,)``: largest entry of the residual to stop at, relative to ``right``.

        Returns
        -------
        ndarray, int
            The best solution found, of the shape of ``right``, and how many sweeps it took. It
            may be inaccurate if the steps ran out or the method broke down, so the caller checks
            its own residual.
        """
        return self._sweeper.solve(self._leaving, right, accuracy, _MOST_STEPS)

    def jumps(
        self,
        values: Floats,
        share: Floats,
        start: int,
        lengths: NDArray[np.int64],
        negligible: float,
    ) -> list[Floats]:
        """The value of one state after n jumps ``x -> x + share * Q x``, for every draw.

        Parameters
        ----------
        values
            Shape ``(draws, states)``: after no jump.
        share
            Of the same shape: zero in states that are never left, elsewhere one over a rate at
            least that of leaving.
        start
            The state, among those of each draw.
        lengths
            Shape ``(draws,)``: how many numbers of jumps are asked for, none included.
        negligible
            Where all that is left cannot move the value by more than this, its row ends.
        """
        return self._sweeper.jumps(values, self._leaving, share, start, lengths, negligible)


def _carried_out(game: Game, terms: Sequence[Term]) -> Sweeper:
    """What carries terms out: that depends on the states of one draw only, as its bytes do."""
    draws, states = game.rows
    least = COMPILED_FROM_WITH_DRAWS if game.draws else COMPILED_FROM
    if least <= states < _blocks.THREADED_FROM and (program := compiled()):
        return program.of(draws, terms)
    return _blocks.Blocks.of(game.space.shape, draws, terms)


@cache
def compiled() -> type[Program] | None:
    """Compiled code for flows, unless it is switched off or Numba is not installed."""
    if os.environ.get("STANDOFF_COMPILED") == "0":
        return None
    try:
        from standoff.solve._compiled import Program
    except (ImportError, RuntimeError):  # the latter where Numba may keep nothing it compiles
        return None
    return Program


def tempo_gates(game: Game, mover: Mover) -> list[tuple[Number, Floats]] | None:
    """Where each decision rate applies, if the rate varies along the actor's own axis.

    Returns
    -------
    list or None
        Pairs of a rate and an array of ones and zeros of shape ``(outer, along, inner)``. With
        draws the rate is an array too, of shape ``(outer, 1, inner)``.
    """
    if mover.rate.shape[mover.axis] == 1:
        return None
    lines = game.space.lines(mover.axis)
    rate = full(mover.rate, game.space.shape).reshape(lines)
    if mover.tempo is None:
        return [(float(value), (rate == value).astype(float)) for value in np.unique(mover.rate)]
    tempo = np.broadcast_to(mover.tempo, game.space.shape).reshape(lines)
    gates = [(tempo == place).astype(float) for place in np.unique(mover.tempo)]
    return [((rate * gate).max(axis=1, keepdims=True), gate) for gate in gates]


def full(array: Floats, shape: tuple[int, ...]) -> Floats:
    """A broadcastable array at its full shape, flat and contiguous."""
    return np.ascontiguousarray(np.broadcast_to(array, shape)).reshape(-1)


class Decisions:
    """How the decisions of one actor become terms.

    Attributes
    ----------
    lines
        The tensor, seen from its axis.
    rate
        Shape ``(states,)``: decisions per day in every state.
    gates
        See :func:`tempo_gates`; None also where moves are restricted.
    """

    __slots__ = ("_each", "gates", "lines", "rate", "restricted")

    def __init__(self, game: Game, mover: Mover) -> None:
        self.lines = game.space.lines(mover.axis)
        self.rate: Floats = full(mover.rate, game.space.shape)
        self.restricted = mover.allowed is not None
        self.gates = None if self.restricted else tempo_gates(game, mover)
        each = self.rate.reshape(self.lines)
        # One rate for each line is enough, unless it differs along the line.
        self._each = each if mover.rate.shape[mover.axis] > 1 else each[:, :1]

    def terms(self, policy: Policy) -> list[Term]:
        """What the actor's decisions do if it follows a policy."""
        if self.restricted:
            (matrix,) = policy.weights
            return [Term(Restricted, self.lines, (self._each[:, :, None] * matrix,))]
        if self.gates is None:
            (weights,) = policy.weights
            return [Term(Free, self.lines, (self._each * weights,))]
        return [
            Term(Gated, self.lines, (value * weights, gate))
            for (value, gate), weights in zip(self.gates, policy.weights, strict=True)
        ]


def _changes(game: Game, diagonal: Floats) -> list[Term]:
    """What conditions do, added to the diagonal as well."""
    terms: list[Term] = []
    for axis, group in groupby(game.drifts, key=lambda change: change.axis):
        lines = outer, along, inner = game.space.lines(axis)
        levels = tuple(1 if i == axis else n for i, n in enumerate(game.space.shape))
        changes = list(group)
        rates = [full(change.rate, levels).reshape(outer, inner) for change in changes]
        for change, rate in zip(changes, rates, strict=True):
            diagonal.reshape(lines)[:, change.source] += rate
        if along == 2 and len(changes) == 2:
            both = rates if changes[0].source == 0 else rates[::-1]
            terms.append(Term(Swap, lines, (np.stack(both, axis=1),)))
        else:
            terms += [
                Term(Jump, lines, (rate,), (change.source, change.target))
                for change, rate in zip(changes, rates, strict=True)
            ]
    return terms
