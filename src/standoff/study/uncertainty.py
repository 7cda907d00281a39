"""How robust a stable state is: in what share of draws each actor would stay in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from standoff.crisis.errors import CrisisError
from standoff.crisis.patches import CLAIMS
from standoff.crisis.uncertain import Entry, numbered
from standoff.game.drawn import Draws
from standoff.game.game import Floats
from standoff.game.graph import compile_graph
from standoff.solve.stability import everywhere, stable_states
from standoff.study.draws import draw
from standoff.study.stability import Stability

DRAWS = 128
"""Draws unless another number is asked for."""

_BATCH = 2**20  # states times draws that are solved at once


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """In what share of draws each state is stable.

    Attributes
    ----------
    draws, seed
        How many draws, and from which seed.
    uncertain
        Paths of the claims that were drawn.
    stable
        By concept and actor, shares of the shape of the space.
    equilibria
        By concept, the share of draws in which every actor would stay.
    """

    draws: int
    seed: int
    uncertain: tuple[str, ...]
    stable: Mapping[str, Mapping[str, Floats]]
    equilibria: Mapping[str, Floats]


def find_shares(stability: Stability, draws: int = DRAWS, seed: int = 0) -> Shares:
    """Find in what share of draws each state is stable.

    Parameters
    ----------
    stability
        At central values, with conditions held.
    draws
        How many; a power of two covers the ranges most evenly.
    seed
        The same seed gives the same draws.

    Raises
    ------
    CrisisError
        If there are to be no draws, or if conditions run.
    """
    if draws < 1:
        raise CrisisError(f"find_shares(): it takes at least 1 draw, not {draws}")
    if stability.conditions != "held":
        raise CrisisError("find_shares(): draws are taken with conditions held")
    crisis, numbers = numbered(stability.crisis)
    shape = stability.space.shape
    entries = [each if _is_wanted(each) else _settled(each) for each in numbers]
    uncertain = tuple(
        dict.fromkeys(each.path.rpartition(".")[0] for each in entries if each.uncertain)
    )
    actors = [party.name for party in stability.graph.parties]
    counts = {c: {a: np.zeros(shape) for a in actors} for c in stability.concepts}
    agreed = {c: np.zeros(shape) for c in stability.concepts}
    values = draw(entries, draws, seed).values
    size = max(1, _BATCH // stability.space.size)
    for first in range(0, draws if uncertain else 0, size):
        part = Draws(values[first : first + size])
        found = stable_states(compile_graph(crisis, part), stability.concepts)
        for concept, cells in found.items():
            for actor, truth in cells.items():
                counts[concept][actor] += truth.sum(axis=0)
            agreed[concept] += everywhere(cells.values()).sum(axis=0)
    if not uncertain:  # every draw would be the central one
        for concept in stability.concepts:
            for actor in actors:
                counts[concept][actor] += draws * stability.stable[concept][actor]
            agreed[concept] += draws * stability.equilibria(concept)
    return Shares(
        draws,
        seed,
        uncertain,
        {c: {a: count / draws for a, count in cells.items()} for c, cells in counts.items()},
        {c: count / draws for c, count in agreed.items()},
    )


def _is_wanted(entry: Entry) -> bool:
    """Whether it is about what an actor wants: nothing else counts with conditions held."""
    parts = entry.path.split(".")
    return len(parts) == 4 and parts[1] in CLAIMS


def _settled(entry: Entry) -> Entry:
    return replace(entry, kind="range", low=entry.central, high=entry.central)
