"""Whether states are as stable as an assessment says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from standoff.crisis import Crisis, Standing
from standoff.crisis.errors import CrisisError
from standoff.game.drawn import Draws
from standoff.game.graph import Graph, compile_graph
from standoff.game.size import DEFAULT_MEMORY
from standoff.game.space import Truth
from standoff.solve.coalitions import stable_for_coalitions
from standoff.solve.stability import everywhere, stable_states
from standoff.study.stability import Stability, differing, graph_of
from standoff.study.variation import Variation

MOST_AGAINST = 3
"""How many states are named that speak against an expectation."""

_BATCH = 2**20  # states times draws that are solved at once


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges what is expected of stability; every view of the crisis is solved once.

    Attributes
    ----------
    crisis
        As it is in the file.
    memory
        Bytes that may be used.
    """

    crisis: Crisis
    memory: int = DEFAULT_MEMORY
    _solved: dict[tuple[str, str], Stability] = field(default_factory=dict)

    def against(
        self, name: str, form: str, standing: Standing, variation: Variation
    ) -> tuple[int, list[str]]:
        """How many states an expectation is about, and a sentence for each that contradicts it.

        Raises
        ------
        CrisisError
            If a pattern matches no state that can be.
        """
        stability = self._solve(variation.of(self.crisis), standing)
        matched = self._matched(name, standing, stability)
        said: list[str] = []
        for concept in standing.concept:
            stable = self._stable(stability, standing, concept)
            for place in np.argwhere(_wrong(form, stable, matched)):
                state = tuple(int(i) for i in place)
                said.append(_sentence(stability, state, concept, standing, bool(stable[state])))
        return int(matched.sum()), said

    def holds_in(
        self, name: str, form: str, standing: Standing, variation: Variation, draws: Draws
    ) -> Truth:
        """In which draws nothing contradicts an expectation, with conditions held.

        Parameters
        ----------
        name, form, standing, variation
            As for :meth:`against`; the crisis is numbered
            (:func:`standoff.crisis.uncertain.numbered`).
        draws
            What the numbers are in each.

        Returns
        -------
        ndarray
            Booleans of shape ``(draws,)``.

        Raises
        ------
        CrisisError
            If a pattern matches no state that can be.
        """
        crisis = variation.of(self.crisis)
        stability = self._solve(crisis, standing)
        matched = self._matched(name, standing, stability)
        size = max(1, _BATCH // stability.space.size)
        held = [
            self._held(compile_graph(crisis, Draws(draws.values[first : first + size])),
                       form, standing, matched)
            for first in range(0, len(draws), size)
        ]  # fmt: skip
        return np.concatenate(held)

    @staticmethod
    def _held(graph: Graph, form: str, standing: Standing, matched: Truth) -> Truth:
        """In which draws of a graph an expectation holds."""
        if len(standing.for_) > 1:
            return np.array([
                Judge._held_by_coalition(_of_draw(graph, draw), form, standing, matched)
                for draw in range(len(graph.parties[0].rank))
            ])  # fmt: skip
        found = stable_states(graph, standing.concept)
        held = np.array(True)
        for cells in found.values():
            stable = everywhere(cells[actor] for actor in standing.for_ or graph.names)
            wrong = _wrong(form, stable, matched)
            held = held & ~wrong.reshape(len(wrong), -1).any(axis=1)
        return np.asarray(held)

    @staticmethod
    def _held_by_coalition(graph: Graph, form: str, standing: Standing, matched: Truth) -> bool:
        coalition = tuple(name for name in graph.names if name in standing.for_)
        found = stable_for_coalitions(graph, standing.concept, [coalition])
        return not any(_wrong(form, cells[coalition], matched).any() for cells in found.values())

    def _solve(self, crisis: Crisis, standing: Standing) -> Stability:
        key = crisis.digest, standing.conditions
        if key not in self._solved:
            graph = graph_of(crisis, standing.conditions, self.memory)
            stable = stable_states(graph)
            self._solved[key] = Stability(crisis, standing.conditions, graph, stable)
        return self._solved[key]

    def _matched(self, name: str, standing: Standing, stability: Stability) -> Truth:
        space = stability.space
        matched = np.zeros(space.shape, dtype=bool)
        for pattern in standing.states:
            found = space.truth(self.crisis.pattern(pattern)) & space.feasible
            if not found.any():
                raise CrisisError(
                    f"expects.{name}: no state that can be matches `{pattern}` where the "
                    f"conditions are as at the start"
                )
            matched |= found
        return matched

    @staticmethod
    def _stable(stability: Stability, standing: Standing, concept: str) -> Truth:
        whom = standing.for_ or stability.graph.names
        if not standing.for_ or len(whom) == 1:
            return everywhere(stability.stable[concept][actor] for actor in whom)
        coalition = tuple(name for name in stability.graph.names if name in whom)
        return stable_for_coalitions(stability.graph, [concept], [coalition])[concept][coalition]


def _wrong(form: str, stable: Truth, matched: Truth) -> Truth:
    """Which states contradict an expectation; leading axes are those of what is stable."""
    if form == "equilibria":
        return np.asarray(stable ^ matched)
    return np.asarray(matched & (stable if form == "unstable" else ~stable))


def _of_draw(graph: Graph, draw: int) -> Graph:
    """The graph of one draw alone."""
    return replace(
        graph, parties=tuple(replace(each, rank=each.rank[draw]) for each in graph.parties)
    )


def _sentence(
    stability: Stability, state: tuple[int, ...], concept: str, standing: Standing, stable: bool
) -> str:
    """Such as: `us.strike = yes: stable for ussr (nash)`."""
    levels = differing(stability.space, state, stability.start)
    shown = ", ".join(f"{name} = {level}" for name, level in levels.items()) or "as at the start"
    whom = " and ".join(standing.for_) or "every actor"
    return f"{shown}: {'stable' if stable else 'not stable'} for {whom} ({concept})"
