"""The generator of a Markov chain on the state tensor, never written out as a matrix.

A flow Q is what actors' decisions and conditions' changes do to a function of the state. An actor
moves along its own axis only, so with n states its part of ``Q x`` is a product with one number
per state and a sum along that axis; a condition's change is a product on one slice. One sweep
costs about ``n * (actors + conditions)`` operations.

How the sweep is cut to suit the machine is in :mod:`standoff.solve._blocks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby

import numpy as np

from standoff.game import Game, Mover
from standoff.game.drawn import Number
from standoff.solve._blocks import (
    Block,
    Desk,
    Floats,
    Free,
    Gated,
    Jump,
    Phase,
    Restricted,
    Swap,
    Term,
    merged,
    plan,
    pool,
)


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
    A flow keeps the two arrays it works in, and every part holds its views of them, so that a
    sweep of a small game is arithmetic and not bookkeeping. It is not for use by two threads at
    once; within a sweep of a large game it uses as many as there are cores.
    """

    __slots__ = ("_desk", "_game", "_leaving", "_phases", "diagonal", "size")

    def __init__(self, game: Game, diagonal: Floats, desk: Desk, phases: tuple[Phase, ...]) -> None:
        self.size = game.space.size
        self.diagonal = diagonal
        self._game = game
        self._leaving = -diagonal
        self._desk = desk
        self._phases = phases

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
            terms += _decisions(game, mover, policy)
            diagonal += share * full(mover.rate, game.space.shape)
        desk = Desk(game.space.shape, max(1, game.draws))
        return cls(game, diagonal, desk, plan(desk, terms))

    def plus(self, mover: Mover, policy: Policy) -> Flow:
        """Add one actor to this flow; the two share the arrays they work in."""
        diagonal = self.diagonal + full(mover.rate, self._game.space.shape)
        phases = plan(self._desk, _decisions(self._game, mover, policy))
        return Flow(self._game, diagonal, self._desk, merged(self._phases, phases))

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
        return self._sweep(values, forward=False)

    def push(self, mass: Floats) -> Floats:
        """The rate of change of a distribution over states (x Q); otherwise as :meth:`apply`."""
        return self._sweep(mass, forward=True)

    def _sweep(self, x: Floats, *, forward: bool) -> Floats:
        desk = self._desk
        np.copyto(desk.x, x)
        for number, shares in enumerate(self._phases):

            def run(blocks: tuple[Block, ...], first: bool = number == 0) -> None:
                for block in blocks:
                    if first:
                        part = block.stretch
                        np.multiply(self._leaving[part], desk.x[part], out=desk.y[part])
                    block.sweep(forward)

            if len(shares) == 1:
                run(shares[0])
            else:
                for _ in pool().map(run, shares):
                    pass
        return desk.y


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


def _decisions(game: Game, mover: Mover, policy: Policy) -> list[Term]:
    lines = game.space.lines(mover.axis)
    rate = full(mover.rate, game.space.shape).reshape(lines)
    if mover.allowed is not None:
        (matrix,) = policy.weights
        return [Term(Restricted, lines, (rate[:, :, None, :] * matrix,))]
    gates = tempo_gates(game, mover)
    if gates is None:
        (weights,) = policy.weights
        return [Term(Free, lines, (rate * weights,))]
    return [
        Term(Gated, lines, (value * weights, gate))
        for (value, gate), weights in zip(gates, policy.weights, strict=True)
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
