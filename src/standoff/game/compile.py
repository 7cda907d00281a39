"""From a crisis to a game, at central values.

A payoff is the sum of an actor's weights where its statements are true: added for what it seeks,
subtracted for what it avoids and for a red line that is crossed without a response. A claim that
holds with less than 50% is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from standoff.crisis import Actor, Crisis, Interest, RedLine
from standoff.crisis.errors import CrisisError
from standoff.game.game import Drift, Floats, Game, Mover
from standoff.game.space import Space, space_of

Weights = Mapping[str, Floats]
"""Weights by the path of a claim (`north.interests.cost`), one number per draw; 0 where a draw
leaves the claim out. A claim that is not named has its central weight."""


def compile_game(crisis: Crisis) -> Game:
    """Turn a crisis into arrays.

    Takes time and memory proportional to states times actors; see
    :func:`standoff.game.check_size` for what that is before it is spent.

    Raises
    ------
    CrisisError
        If the state at time zero, or every state, is infeasible.
    """
    if reason := why_no_forecast(crisis):
        raise CrisisError(f"{reason}; what is stable can be computed (standoff stability)")
    space = space_of(crisis)
    return Game(
        space=space,
        movers=tuple(_mover(crisis, space, name) for name in crisis.actors),
        drifts=_drifts(crisis, space),
        start=start_of(crisis, space),
        lineage=crisis.lineage,
    )


def why_no_forecast(crisis: Crisis) -> str:
    """Why nothing can be forecast of a crisis; empty if it can."""
    ordering = [name for name, actor in crisis.actors.items() if actor.ordinal]
    if not ordering:
        return ""
    verb = "says" if len(ordering) == 1 else "say"
    return (
        f"a forecast needs to know how much actors want things, and {', '.join(ordering)} {verb} "
        "only in what order"
    )


def start_of(crisis: Crisis, space: Space) -> tuple[int, ...]:
    """Index of the state at time zero, which must be feasible."""
    try:
        index = space.index(crisis.start)
    except ValueError:  # a strategy that `never` rules out altogether has no index
        index = None
    if index is None or not space.feasible[index]:
        raise CrisisError("the state at time zero cannot be: a `never` statement is true in it")
    return index


def _mover(crisis: Crisis, space: Space, name: str) -> Mover:
    actor = crisis.actors[name]
    assert actor.looks_ahead is not None, "only actors that order states may leave it out"
    payoff = np.broadcast_to(payoff_of(crisis, space, name), space.shape).copy()
    payoff.setflags(write=False)
    return Mover(
        name=name,
        axis=space.axis_of(name),
        payoff=payoff,
        rate=_rate(crisis, space, name),
        discount=1.0 / actor.looks_ahead.central,
        precision=actor.precision.central,
        allowed=allowed_moves(crisis, space, name),
    )


def payoff_of(crisis: Crisis, space: Space, name: str, weights: Weights | None = None) -> Floats:
    """What an actor with weighed interests gains in each state.

    Returns
    -------
    array
        Weight units, broadcastable against ``space.shape``: an axis on which nothing depends has
        length one. With ``weights``, one leading axis of draws more.
    """
    actor = crisis.actors[name]
    axes = [1] * len(space.axes)
    payoff = np.zeros(axes)
    claims: list[tuple[str, Interest | RedLine]] = [
        *((f"{name}.interests.{key}", claim) for key, claim in actor.interests.items()),
        *((f"{name}.red_lines.{key}", line) for key, line in actor.red_lines.items()),
    ]
    for path, claim in claims:
        if isinstance(claim, Interest):
            sign, counts = claim.sign, space.truth(crisis.statement(claim.statement, name))
        else:
            crossed = space.truth(crisis.statement(claim.if_, name))
            sign, counts = -1, crossed & ~space.truth(crisis.statement(claim.then, name))
        if weights is not None and path in weights:
            payoff = payoff + sign * weights[path].reshape(-1, *axes) * counts
        elif _is_central(claim):
            payoff = payoff + sign * crisis.range_of(claim.weight).central * counts
    return payoff


def _is_central(claim: Interest | RedLine) -> bool:
    return claim.holds.central >= 0.5


def _rate(crisis: Crisis, space: Space, name: str) -> Floats:
    rate: Floats | None = None
    for tempo in reversed(crisis.actors[name].decides):
        value = 1.0 / tempo.every.central
        if rate is None or tempo.when is None:
            rate = np.full([1] * len(space.axes), value)
        else:
            rate = np.where(space.truth(crisis.statement(tempo.when, name)), value, rate)
    assert rate is not None, "an actor has at least one tempo"
    rate.setflags(write=False)
    return rate


def allowed_moves(crisis: Crisis, space: Space, name: str) -> NDArray[np.bool_] | None:
    """Which moves an actor has, as :class:`standoff.game.Mover` keeps them."""
    actor = crisis.actors[name]
    axis = space.axis_of(name)
    outer, along, inner = space.lines(axis)
    if not is_restricted(actor):
        return None
    points = np.array(space.axes[axis].points).reshape(along, -1)
    source, target = points[:, None, :], points[None, :, :]
    allowed = np.ones((1, along, along, 1), dtype=bool)
    for place, option in enumerate(actor.options.values()):
        rises = target[..., place] > source[..., place]
        falls = target[..., place] < source[..., place]
        match option.irreversible:
            case "up":
                allowed = allowed & ~falls[None, :, :, None]
            case "down":
                allowed = allowed & ~rises[None, :, :, None]
            case "fixed":
                left = (source[..., place] != 0) & (rises | falls)
                allowed = allowed & ~left[None, :, :, None]
        if option.requires is not None:
            truth = space.truth(crisis.statement(option.requires, name))
            ready = np.broadcast_to(truth, space.shape).reshape(outer, along, 1, inner)
            allowed = allowed & (ready | ~rises[None, :, :, None])
    feasible = space.feasible.reshape(outer, 1, along, inner)
    allowed = np.array(np.broadcast_to(allowed & feasible, (outer, along, along, inner)))
    stay = np.arange(along)
    allowed[:, stay, stay] = True  # also in infeasible states, where it is never used
    allowed.setflags(write=False)
    return allowed


def is_restricted(actor: Actor) -> bool:
    """Whether some moves between feasible states are forbidden to an actor."""
    return any(o.irreversible is not None or o.requires is not None for o in actor.options.values())


def _drifts(crisis: Crisis, space: Space) -> tuple[Drift, ...]:
    drifts = []
    for name, condition in crisis.conditions.items():
        if name in crisis.held:
            continue
        axis = space.axis_of(name)
        for change in condition.changes:
            source = condition.levels.index(change.from_)
            target = condition.levels.index(change.to)
            rate = np.full([1] * len(space.axes), change.rate.central)
            for factor in change.times:
                applies = space.truth(crisis.statement(factor.when))
                rate = rate * np.where(applies, factor.factor.central, 1.0)
            if change.when is not None:
                rate = rate * space.truth(crisis.statement(change.when))
            if rate.shape[axis] > 1:
                rate = rate.take([source], axis)
            if not space.feasible.all():
                possible = space.feasible.take([source], axis) & space.feasible.take([target], axis)
                rate = rate * possible
            rate.setflags(write=False)
            drifts.append(Drift(axis, source, target, rate))
    return tuple(drifts)
