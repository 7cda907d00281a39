"""The nodes of an observed path, and the probability that comes to each; see `likelihood`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from standoff.solve._blocks import Floats
from standoff.solve._exponential import exponentials
from standoff.solve.chain import Chain
from standoff.solve.rates import State, leaving, rates_along

_MOST_DECAY = 300.0  # in the exponent; a stretch in which more than that decays is cut


@dataclass(frozen=True, slots=True)
class Step:
    """One observed move of an actor, or change of a condition.

    Attributes
    ----------
    axis
        Whose: position of the axis, that of draws not counted.
    point
        Where it goes on that axis; None where no such point can be.
    earliest, latest
        The interval in which it happened, in days from the start.
    """

    axis: int
    point: int | None
    earliest: float
    latest: float


@dataclass(frozen=True, slots=True)
class Edge:
    source: int
    target: int
    step: Step
    left: int  # moves of the entry that are still to come, with this one, and as exactly dated
    entry: int | None  # the entry that is complete with this move


class Web:
    """The nodes, and how much probability has come to each.

    ``mass * exp(weight + scale)`` is a node's probability: `weight` is the product of the rates
    that led there, so that moves that are all but impossible cost no digits.
    """

    def __init__(self, chain: Chain, start: State, entries: Sequence[Sequence[Step]]) -> None:
        self.chain = chain
        self.draws = max(1, chain.game.draws)
        states: list[State | None] = [start]
        self.due: list[
            Sequence[Step]
        ] = []  # for each node: of the entry that comes next, what must
        self.edges: list[Edge] = []
        self.empty = [number for number, each in enumerate(entries) if not each]
        for number, steps in enumerate(entries):
            if steps:
                self._add(number, steps, states)
        self.due.append([])
        self.last = len(states) - 1
        self.out = np.zeros((self.draws, len(states)))
        for node, state in enumerate(states):
            if state is not None:
                self.out[:, node] = leaving(chain, state)
        self._weigh(states)
        self.alive = {0}  # nodes that may have any probability, in whichever draw
        self.mass = np.zeros((self.draws, len(states)))
        self.mass[:, 0] = 1.0
        self.scale = np.zeros(self.draws)
        self.arrived = np.full((self.draws, len(entries)), -inf)

    def _add(self, number: int, steps: Sequence[Step], states: list[State | None]) -> None:
        """Add the nodes of one entry: the subsets of its moves, from none to all."""
        base, full = len(states) - 1, 2 ** len(steps) - 1
        for subset in range(full + 1):
            missing = [place for place in range(len(steps)) if not subset >> place & 1]
            if subset:
                done = [step for place, step in enumerate(steps) if place not in missing]
                states.append(_moved(states[base], done))
            if missing:
                self.due.append([steps[place] for place in missing])
            for place in missing:
                step, target = steps[place], subset | 1 << place
                when = (step.earliest, step.latest)
                alike = sum((steps[i].earliest, steps[i].latest) == when for i in missing)
                entry = number if target == full else None
                self.edges.append(Edge(base + subset, base + target, step, alike, entry))

    def _weigh(self, states: Sequence[State | None]) -> None:
        """The rate of every edge, relative to the best way to its target."""
        known: dict[tuple[int, State], Floats] = {}
        rates = np.zeros((self.draws, len(self.edges)))
        for place, edge in enumerate(self.edges):
            state, axis = states[edge.source], edge.step.axis
            if state is not None and edge.step.point is not None:
                if (axis, state) not in known:
                    known[axis, state] = rates_along(self.chain, axis, state)
                rates[:, place] = known[axis, state][:, edge.step.point]
        with np.errstate(divide="ignore"):
            logs = np.log(rates)
        self.weight = np.full((self.draws, len(states)), -inf)
        self.weight[:, 0] = 0.0
        for place, edge in sorted(enumerate(self.edges), key=lambda each: each[1].target):
            best = self.weight[:, edge.source] + logs[:, place]
            self.weight[:, edge.target] = np.maximum(self.weight[:, edge.target], best)
        self.relative = np.zeros_like(rates)
        for place, edge in enumerate(self.edges):
            target = self.weight[:, edge.target]
            reached = ~np.isneginf(target)
            log = self.weight[reached, edge.source] + logs[reached, place] - target[reached]
            self.relative[reached, place] = np.exp(log)

    def jump(self, time: float) -> None:
        """Let the moves happen whose time is exactly this one."""
        for place, edge in enumerate(self.edges):
            if edge.step.earliest == edge.step.latest == time:
                come = self.mass[:, edge.source] * self.relative[:, place] / edge.left
                self.mass[:, edge.target] += come
                if edge.source in self.alive:
                    self.alive.add(edge.target)
                self._arrive(edge, come)

    def drop(self, time: float) -> None:
        """Drop the nodes at which a move has not happened whose interval is over."""
        for node, due in enumerate(self.due):
            if any(step.latest <= time for step in due):
                self.mass[:, node] = 0.0
                self.alive.discard(node)
        self._rescale()

    def flow(self, begin: float, end: float) -> None:
        """Let time pass, between two ends of intervals."""
        active = [
            (place, edge)
            for place, edge in enumerate(self.edges)
            if edge.step.earliest <= begin < end <= edge.step.latest
        ]
        for _, edge in sorted(active, key=lambda each: each[1].target):
            if edge.source in self.alive:
                self.alive.add(edge.target)
        active = [each for each in active if each[1].source in self.alive]
        if active:
            self._move(active, end - begin)
        else:
            self._stay(end - begin)

    def _stay(self, days: float) -> None:
        """Let time pass in which nothing is known to have happened."""
        slowest = np.where(self.mass > 0, self.out, inf).min(axis=1)
        slowest[np.isinf(slowest)] = 0.0
        self.mass *= np.exp(-np.maximum(self.out - slowest[:, None], 0.0) * days)
        self.scale -= slowest * days

    def _move(self, active: list[tuple[int, Edge]], days: float) -> None:
        """Let time pass in which some moves are known to have happened, or may have."""
        live = sorted(self.alive)
        done = {edge.target: edge for _, edge in active if edge.entry is not None}
        at = {node: place for place, node in enumerate([*live, *(-goal for goal in done)])}
        generators = np.zeros((self.draws, len(at), len(at)))
        for node in live:
            generators[:, at[node], at[node]] = -self.out[:, node]
        for place, edge in active:
            generators[:, at[edge.source], at[edge.target]] = self.relative[:, place]
            if edge.entry is not None:  # what has arrived is also counted where nothing leaves
                generators[:, at[edge.source], at[-edge.target]] = self.relative[:, place]
        decay = self.out[:, live].max(axis=1) * days
        stretches = np.maximum(1, np.ceil(decay / _MOST_DECAY)).astype(np.intp)
        powers = exponentials(generators * (days / stretches)[:, None, None])
        for number in range(int(stretches.max())):
            here = np.zeros((self.draws, len(at)))
            here[:, : len(live)] = self.mass[:, live]
            come = np.einsum("di,dij->dj", here, powers)
            come[stretches <= number, len(live) :] = 0.0
            for goal, edge in done.items():
                self._arrive(edge, come[:, at[-goal]])
            going = stretches > number
            self.mass[np.ix_(going, live)] = come[going, : len(live)]
            self._rescale()

    def _arrive(self, edge: Edge, come: Floats) -> None:
        """Note what has come to the node at which an entry is complete."""
        if edge.entry is None:
            return
        with np.errstate(divide="ignore"):
            log = np.log(come) + self.scale + self.weight[:, edge.target]
        self.arrived[:, edge.entry] = np.logaddexp(self.arrived[:, edge.entry], log)

    def _rescale(self) -> None:
        largest = self.mass.max(axis=1)
        largest[largest == 0.0] = 1.0
        self.mass /= largest[:, None]
        self.scale += np.log(largest)

    def found(self) -> tuple[Floats, Floats]:
        """What has arrived at the end of each entry, and what is at the last one now, as logs."""
        with np.errstate(divide="ignore"):
            total = np.log(self.mass[:, self.last]) + self.scale + self.weight[:, self.last]
        for entry in self.empty:
            self.arrived[:, entry] = self.arrived[:, entry - 1] if entry else 0.0
        return self.arrived, total


def _moved(state: State | None, steps: Sequence[Step]) -> State | None:
    """The state after some moves; None where there is none."""
    if state is None or any(step.point is None for step in steps):
        return None
    place = list(state)
    for step in steps:
        assert step.point is not None
        place[step.axis] = step.point
    return tuple(place)
