"""Sampled trajectories: for pictures, narratives and checks, and for the one question without
an exact answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from standoff.game import Mover
from standoff.solve._flow import Policy, full, tempo_gates
from standoff.solve._parts import Floats
from standoff.solve.chain import Chain, Mask

States = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Trajectories of a chain.

    Attributes
    ----------
    times
        Shape ``(steps, paths)``: when each state is entered, in days; at or past the horizon once
        a path has ended.
    states
        Shape ``(steps, paths)``: flat index of the state entered.
    days
        The horizon.
    seed
        What they were drawn with.
    """

    times: Floats
    states: States
    days: float
    seed: int | Sequence[int]


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A probability estimated from trajectories.

    Attributes
    ----------
    probability
        Share of the paths.
    error
        Its standard error. Where no path, or every path, answers yes it is that of one path in
        ``paths``, since a share of zero does not mean an error of zero.
    begun
        Sorted: when it began, in days, on each path that answers yes.
    paths, seed
        How many were drawn, and with what.
    """

    probability: float
    error: float
    begun: Floats
    paths: int
    seed: int | Sequence[int]

    def by(self, days: Sequence[float]) -> list[float]:
        """The probability with each of some earlier times as the horizon."""
        return [float(n) / self.paths for n in np.searchsorted(self.begun, days, side="right")]


def sample_paths(
    chain: Chain, days: float, count: int, seed: int | Sequence[int], draw: int = 0
) -> Paths:
    """Draw trajectories from the start, exactly in distribution.

    Parameters
    ----------
    chain
        The chain.
    days
        How long each trajectory runs.
    count
        How many.
    seed
        The same seed gives the same trajectories.
    draw
        For a chain with draws, of which one.
    """
    generator = np.random.default_rng(seed)
    sources = [_Decisions(chain, mover, policy) for mover, policy in chain.policies]
    changes = _Changes(chain)
    first = draw * chain.game.rows[1] + chain.start
    state = np.full(count, first, dtype=np.intp)
    time = np.zeros(count)
    times, states = [time], [state]
    rates = np.maximum(chain.flow.diagonal, 1e-300)
    while True:
        going = np.flatnonzero(time < days)
        if going.size == 0:
            return Paths(np.array(times), np.array(states), days, seed)
        here = state[going]
        time, state = time.copy(), state.copy()
        time[going] += generator.exponential(size=going.size) / rates[here]
        moved = np.flatnonzero(time[going] < days)
        here = here[moved]
        # Which clock rang: those of the actors first, then the conditions' changes.
        pick = generator.random(here.size) * rates[here]
        new = here.copy()
        for source in sources:
            rang = (pick >= 0) & (pick < source.rate[here])
            new[rang] = source.draw(here[rang], generator)
            pick = np.where(rang, -1.0, np.where(pick >= 0, pick - source.rate[here], pick))
        changes.draw(here, pick, new)
        state[going[moved]] = new
        times.append(time)
        states.append(state)


def estimate_lasting(
    chain: Chain,
    event: Mask,
    lasts: float,
    days: float,
    *,
    count: int,
    seed: int | Sequence[int],
    draw: int = 0,
) -> Estimate:
    """Share of trajectories in which an event holds, or begins, by ``days`` and then lasts.

    Parameters
    ----------
    chain
        The chain.
    event
        Where the event is true, broadcastable against the state tensor.
    lasts
        For how many days it must stay true, without a break.
    days
        By when it must have begun.
    count, seed
        How many trajectories, and their seed.
    draw
        For a chain with draws, of which one.
    """
    paths = sample_paths(chain, days + lasts, count, seed, draw)
    holds = np.broadcast_to(event, chain.game.space.shape).reshape(-1)[paths.states]
    since = np.full(count, np.inf)
    begun = np.full(count, np.inf)
    ends = np.vstack([paths.times[1:], np.full(count, np.inf)])
    for now, end, true in zip(paths.times, np.minimum(ends, paths.days), holds, strict=True):
        since = np.where(true & (now < paths.days), np.minimum(since, now), np.inf)
        # Spells that began at 0 may end on the horizon itself: compare with a rounding allowance.
        lasted = (since <= days) & (end - since >= lasts * (1 - 1e-12))
        begun[lasted] = np.minimum(begun[lasted], since[lasted])
    share = float(np.isfinite(begun).mean())
    spread = max(share * (1 - share), 1 / count * (1 - 1 / count))
    return Estimate(share, sqrt(spread / count), np.sort(begun[np.isfinite(begun)]), count, seed)


class _Decisions:
    """One actor's decisions, drawn for many trajectories at once."""

    def __init__(self, chain: Chain, mover: Mover, policy: Policy) -> None:
        space = chain.game.space
        self.lines = space.lines(mover.axis)
        self.rate: Floats = full(mover.rate, space.shape)
        self.policy = policy
        self.restricted = mover.allowed is not None
        gates = None if self.restricted else tempo_gates(chain.game, mover)
        self.gates = [] if gates is None else [gate for _, gate in gates]

    def draw(self, states: States, generator: np.random.Generator) -> States:
        _, along, inner = self.lines
        outer, rest = np.divmod(states, along * inner)
        own, within = np.divmod(rest, inner)
        if self.restricted:
            chances = self.policy.weights[0][outer, own, :, within]
        elif not self.gates:
            chances = self.policy.weights[0][outer, :, within]
        else:
            chances = np.zeros((states.size, along))
            for gate, weights in zip(self.gates, self.policy.weights, strict=True):
                chances += gate[outer, own, within][:, None] * weights[outer, :, within]
        chances = np.cumsum(chances, axis=1)
        picked = generator.random(states.size) * chances[:, -1]
        new = (picked[:, None] >= chances).sum(axis=1)
        moved: States = (outer * along + new) * inner + within
        return moved


class _Changes:
    """The changes of conditions, drawn for many trajectories at once."""

    def __init__(self, chain: Chain) -> None:
        self.space = chain.game.space
        self.drifts = chain.game.drifts

    def draw(self, states: States, pick: Floats, new: States) -> None:
        """Move those whose ``pick`` is not negative: it counts down through the changes."""
        index = np.unravel_index(states, self.space.shape)
        for change in self.drifts:
            at = tuple(
                np.zeros_like(i) if n == 1 else i
                for i, n in zip(index, change.rate.shape, strict=True)
            )
            rate = np.where(index[change.axis] == change.source, change.rate[at], 0.0)
            rang = (pick >= 0) & (pick < rate)
            _, _, inner = self.space.lines(change.axis)
            new[rang] = states[rang] + (change.target - change.source) * inner
            pick = np.where(rang, -1.0, np.where(pick >= 0, pick - rate, pick))
