"""From a crisis to a game: at central values, or for several draws at once.

A payoff is the sum of an actor's weights where its statements are true: added for what it seeks,
subtracted for what it avoids and for a red line that is crossed without a response. A claim that
holds with less than 50% is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standoff.crisis import Actor, Crisis, Interest, RedLine
from standoff.crisis.errors import CrisisError
from standoff.game.drawn import Draws, Numbers
from standoff.game.game import Drift, Floats, Game, Mover
from standoff.game.space import Space, space_of


def compile_game(crisis: Crisis, draws: Draws | None = None) -> Game:
    """Turn a crisis into arrays.

    Takes time and memory proportional to states times actors; see
    :func:`standoff.game.check_size` for what that is before it is spent.

    Parameters
    ----------
    crisis
        The crisis.
    draws
        Draws from what is uncertain in it, computed at once along a leading axis: then the crisis
        is numbered (:func:`standoff.crisis.uncertain.numbered`). None for central values.

    Raises
    ------
    CrisisError
        If the state at time zero, or every state, is infeasible.
    """
    if reason := why_no_forecast(crisis):
        raise CrisisError(f"{reason}; what is stable can be computed (standoff stability)")
    base = space_of(crisis)
    start = start_of(crisis, base)
    space = base if draws is None else base.drawn(len(draws))
    numbers = Numbers(draws, len(base.axes))
    return Game(
        space=space,
        movers=tuple(_mover(crisis, space, name, numbers) for name in crisis.actors),
        drifts=_drifts(crisis, space, numbers),
        start=start if draws is None else (0, *start),
        lineage=crisis.lineage,
        draws=0 if draws is None else len(draws),
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


def _mover(crisis: Crisis, space: Space, name: str, numbers: Numbers) -> Mover:
    actor = crisis.actors[name]
    assert actor.looks_ahead is not None, "only actors that order states may leave it out"
    payoff = np.broadcast_to(payoff_of(crisis, space, name, numbers), space.shape).copy()
    payoff.setflags(write=False)
    rate, tempo = _rate(crisis, space, name, numbers)
    return Mover(
        name=name,
        axis=space.axis_of(name),
        payoff=payoff,
        rate=rate,
        discount=1.0 / numbers.of(actor.looks_ahead),
        precision=numbers.of(actor.precision),
        allowed=allowed_moves(crisis, space_of(crisis), name),
        tempo=tempo,
    )


def payoff_of(crisis: Crisis, space: Space, name: str, numbers: Numbers) -> Floats:
    """What an actor with weighed interests gains in each state.

    Returns
    -------
    array
        Weight units, broadcastable against ``space.shape``: an axis on which nothing depends has
        length one.
    """
    actor = crisis.actors[name]
    payoff = np.zeros([1] * len(space.axes))
    claims: list[Interest | RedLine] = [*actor.interests.values(), *actor.red_lines.values()]
    for claim in claims:
        holds = numbers.holds(claim.holds)
        if holds is False:
            continue
        if isinstance(claim, Interest):
            sign, counts = claim.sign, space.truth(crisis.statement(claim.statement, name))
        else:
            crossed = space.truth(crisis.statement(claim.if_, name))
            sign, counts = -1, crossed & ~space.truth(crisis.statement(claim.then, name))
        weight = np.multiply(numbers.of(crisis.range_of(claim.weight)), holds)
        payoff = payoff + sign * weight * counts
    return payoff


def _rate(
    crisis: Crisis, space: Space, name: str, numbers: Numbers
) -> tuple[Floats, NDArray[np.intp] | None]:
    """The rate of decisions, and with draws which entry it is from if that varies."""
    rate: Floats | None = None
    tempo = np.zeros([1] * len(space.axes), dtype=np.intp)
    for place, entry in reversed(list(enumerate(crisis.actors[name].decides))):
        value = 1.0 / np.asarray(numbers.of(entry.every)).reshape(-1, *[1] * (len(space.axes) - 1))
        if rate is None or entry.when is None:
            rate, tempo = value, np.full_like(tempo, place)
        else:
            applies = space.truth(crisis.statement(entry.when, name))
            rate, tempo = np.where(applies, value, rate), np.where(applies, place, tempo)
    assert rate is not None, "an actor has at least one tempo"
    rate.setflags(write=False)
    return rate, None if numbers.draws is None else tempo


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


def _drifts(crisis: Crisis, space: Space, numbers: Numbers) -> tuple[Drift, ...]:
    drifts = []
    for name, condition in crisis.conditions.items():
        if name in crisis.held:
            continue
        axis = space.axis_of(name)
        for change in condition.changes:
            source = condition.levels.index(change.from_)
            target = condition.levels.index(change.to)
            rate = np.asarray(numbers.rate(change.rate)).reshape(-1, *[1] * (len(space.axes) - 1))
            for factor in change.times:
                applies = space.truth(crisis.statement(factor.when))
                rate = rate * np.where(applies, numbers.of(factor.factor), 1.0)
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
