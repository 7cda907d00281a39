"""The generator of a chain at a few states: how fast each is left, and for where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from standoff.game import Game
from standoff.solve._blocks import Floats
from standoff.solve._flow import Policy, tempo_gates
from standoff.solve.chain import Chain

State: TypeAlias = tuple[int, ...]
"""A position on every axis of a crisis; that of draws is not counted."""


def rates_along(chain: Chain, axis: int, state: State) -> Floats:
    """How fast one actor or condition takes a state to each point of its axis.

    Parameters
    ----------
    chain
        The chain.
    axis
        Position of the axis, that of draws not counted.
    state
        The state that is left.

    Returns
    -------
    ndarray
        Shape ``(draws, points)``, per day; one row where the chain has no draws. Zero at the point
        where the state is: a decision to stay changes nothing.
    """
    game = chain.game
    place = axis + bool(game.draws)
    found = np.zeros((max(1, game.draws), len(game.space.axes[place])))
    for change in game.drifts:
        if change.axis == place and change.source == state[axis]:
            found[:, change.target] += _at(change.rate, game, state)
    for mover, policy in chain.policies:
        if mover.axis == place:
            rate = _at(mover.rate, game, state)[:, None]
            gates = None if mover.allowed is not None else tempo_gates(game, mover)
            number = 0 if gates is None else _open(gates, game, place, state)
            found += rate * _chances(policy, number, game, place, state)
    found[:, state[axis]] = 0.0
    return found


def rate_between(chain: Chain, source: State, target: State) -> Floats:
    """The generator's entry from a state to another, per day, shape ``(draws,)``.

    It is zero unless the states differ on one axis.
    """
    axes = [axis for axis, at in enumerate(source) if target[axis] != at]
    if len(axes) != 1:
        return np.zeros(max(1, chain.game.draws))
    return rates_along(chain, axes[0], source)[:, target[axes[0]]]


def leaving(chain: Chain, state: State) -> Floats:
    """The rate at which a state is left for any other, per day, shape ``(draws,)``."""
    total = np.zeros(max(1, chain.game.draws))
    for axis in range(len(state)):
        total += rates_along(chain, axis, state).sum(axis=1)
    return total


def _at(array: Floats, game: Game, state: State) -> Floats:
    """An array that can be broadcast to the states, in one state of every draw."""
    shape = array.shape[1:] if game.draws else array.shape
    index: list[slice | int] = [slice(None)]
    index += [0 if length == 1 else at for at, length in zip(state, shape, strict=True)]
    rows = array if game.draws else array[None]
    return np.broadcast_to(rows[tuple(index)], max(1, game.draws))


def _line(game: Game, place: int, state: State) -> tuple[slice, int, int]:
    """Where a state is among lines along an axis: its rows, one a draw; its point; its column."""
    outer, along, inner = game.space.lines(place)
    draws, states = game.rows
    row, rest = divmod(
        int(np.ravel_multi_index(state, game.space.shape[-len(state) :])), along * inner
    )
    point, column = divmod(rest, inner)
    assert states == outer // draws * along * inner
    return slice(row, None, outer // draws), point, column


def _open(gates: Sequence[tuple[object, Floats]], game: Game, place: int, state: State) -> int:
    """Which of an actor's tempos applies in a state; it is the same in every draw."""
    rows, point, column = _line(game, place, state)
    return next(i for i, (_, gate) in enumerate(gates) if gate[rows, point, column][0])


def _chances(policy: Policy, number: int, game: Game, place: int, state: State) -> Floats:
    """Probability of each strategy at a decision, shape ``(draws, points)``."""
    rows, point, column = _line(game, place, state)
    weights = policy.weights[number]
    chosen = weights[rows, :, column] if weights.ndim == 3 else weights[rows, point, :, column]
    return np.asarray(chosen)
