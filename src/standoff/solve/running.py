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

import numpy as np
from scipy.sparse import coo_matrix, eye_array
from scipy.sparse.linalg import splu

from standoff.game.game import Floats, Game

TIE = 1e-7
"""Worths that differ by less, in weight units, are ties: they are solutions of equations."""


def worth_while_conditions_run(game: Game) -> dict[str, Floats]:
    """The worth of every state to every actor, in weight units per day, by actor.

    Returns
    -------
    dict
        Arrays of shape ``space.shape``.
    """
    states = game.space.size
    generator = _changes(game)
    worth: dict[str, Floats] = {}
    for discount in {mover.discount for mover in game.movers}:
        factored = splu((discount * eye_array(states) - generator).tocsc())
        for mover in game.movers:
            if mover.discount == discount:
                solved = factored.solve(discount * mover.payoff.reshape(-1))
                worth[mover.name] = solved.reshape(game.space.shape)
    return worth


def _changes(game: Game) -> coo_matrix:
    shape, states = game.space.shape, game.space.size
    place = np.arange(states).reshape(shape)
    sources, targets, rates = [], [], []
    for drift in game.drifts:
        source = place.take([drift.source], drift.axis)
        target = place.take([drift.target], drift.axis)
        sources.append(source.reshape(-1))
        targets.append(target.reshape(-1))
        rates.append(np.broadcast_to(drift.rate, source.shape).reshape(-1))
    if not rates:
        return coo_matrix((states, states))
    source, target = np.concatenate(sources), np.concatenate(targets)
    rate = np.concatenate(rates)
    leaving = coo_matrix((rate, (source, source)), shape=(states, states))
    return coo_matrix((rate, (source, target)), shape=(states, states)) - leaving
