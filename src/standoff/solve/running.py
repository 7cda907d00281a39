"""What a state is worth to each actor if nobody moves again, while conditions go on changing.

A graph model has no nature: with conditions held, nothing that an actor does has consequences
that take time. This gives it some. Put as an amount per day, the worth ``v`` of a state to an
actor with discount rate ``r`` solves

    r v(s) = r u(s) + sum over changes of (rate) (v(s') - v(s))

which is its value at depth 0 of the cognitive hierarchy, times ``r``. Without changes it is the
payoff itself. The conditions of one choice of everybody's strategies are a system of their own,
so the matrix is block diagonal and is factored directly.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import TypeAlias

import numpy as np
from scipy.sparse import coo_matrix, eye_array
from scipy.sparse.linalg import SuperLU, splu

from standoff.game.game import Floats, Game

TIE = 1e-7
"""Worths that differ by less, in weight units, are ties: they are solutions of equations."""

_Change: TypeAlias = tuple[int, int, int, tuple[int, ...], bytes]
"""A condition's axis, the levels left and reached, and the shape and bytes of its rates."""


def worth_while_conditions_run(game: Game) -> dict[str, Floats]:
    """The worth of every state to every actor, in weight units per day, by actor.

    Returns
    -------
    dict
        Arrays of shape ``space.shape``.
    """
    shape = game.space.shape
    changes = tuple(
        (each.axis, each.source, each.target, each.rate.shape, each.rate.tobytes())
        for each in game.drifts
    )
    worth: dict[str, Floats] = {}
    for mover in game.movers:
        discount = float(mover.discount)
        solved = _factored(shape, changes, discount).solve(discount * mover.payoff.reshape(-1))
        worth[mover.name] = solved.reshape(shape)
    return worth


@lru_cache(maxsize=16)
def _factored(shape: tuple[int, ...], changes: tuple[_Change, ...], discount: float) -> SuperLU:
    """The matrix of the equation: the same in all views that agree on how conditions change."""
    return splu((discount * eye_array(prod(shape)) - _generator(shape, changes)).tocsc())


def _generator(shape: tuple[int, ...], changes: tuple[_Change, ...]) -> coo_matrix:
    states = prod(shape)
    place = np.arange(states).reshape(shape)
    sources, targets, rates = [], [], []
    for axis, level, reached, rate_shape, numbers in changes:
        source = place.take([level], axis)
        rate = np.frombuffer(numbers).reshape(rate_shape)
        sources.append(source.reshape(-1))
        targets.append(place.take([reached], axis).reshape(-1))
        rates.append(np.broadcast_to(rate, source.shape).reshape(-1))
    if not rates:
        return coo_matrix((states, states))
    source, target = np.concatenate(sources), np.concatenate(targets)
    rate = np.concatenate(rates)
    leaving = coo_matrix((rate, (source, source)), shape=(states, states))
    return coo_matrix((rate, (source, target)), shape=(states, states)) - leaving
