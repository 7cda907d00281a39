"""From the oracle's plain dictionaries and tuples to the package's objects and indices."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

import standoff
from random_crises import random_crisis, random_variant
from standoff.crisis import Crisis
from standoff.game import Game, Space
from standoff.study.variation import Variation

Raw = dict[str, Any]


def variation(variant: Raw) -> Variation:
    """The package's form of one of the generator's variants; depth is not part of it."""
    given = {"with_" if key == "with" else key: value for key, value in variant.items()}
    given.pop("depth", None)
    for key in ("without", "seen_by"):
        if isinstance(given.get(key), str):
            given[key] = (given[key],)
    return Variation(**{key: tuple(v) if isinstance(v, list) else v for key, v in given.items()})


def drawn(seed: int) -> tuple[Raw, Raw, Crisis]:
    """A random crisis, its variant without the depth, and what the package makes of the two."""
    raw = random_crisis(seed)
    variant = {key: value for key, value in random_variant(raw, seed).items() if key != "depth"}
    return raw, variant, variation(variant).of(standoff.loads(json.dumps(raw)))


def in_oracles_order(space: Space, index: tuple[int, ...]) -> tuple[str, ...]:
    """The oracle's name for a state: levels of the options in file order, then conditions."""
    levels = space.state(index)
    return tuple(levels[name] for name in space.levels)


def dense_moves(game: Game, name: str) -> np.ndarray:
    """A table over the flat states: can this actor go from the one to the other?"""
    (mover,) = (mover for mover in game.movers if mover.name == name)
    space, axis = game.space, mover.axis
    table = np.zeros((space.size, space.size), dtype=bool)
    along = space.shape[axis]
    for here in space:
        for place in range(along):
            there = (*here[:axis], place, *here[axis + 1 :])
            possible = bool(space.feasible[there])
            if mover.allowed is not None:
                shape = (*space.shape[:axis], along, along, *space.shape[axis + 1 :])
                at = (*here[:axis], here[axis], place, *here[axis + 1 :])
                possible = bool(mover.allowed.reshape(shape)[at])
            table[_flat(space, here), _flat(space, there)] = possible
    return table


def dense_drifts(game: Game) -> np.ndarray:
    """The generator of the conditions over the flat states."""
    space = game.space
    table = np.zeros((space.size, space.size))
    for drift in game.drifts:
        shape = tuple(1 if i == drift.axis else n for i, n in enumerate(space.shape))
        rates = np.broadcast_to(drift.rate, shape)
        for here in np.ndindex(space.shape):
            if here[drift.axis] == drift.source:
                there = (*here[: drift.axis], drift.target, *here[drift.axis + 1 :])
                rate = rates[(*here[: drift.axis], 0, *here[drift.axis + 1 :])]
                table[_flat(space, here), _flat(space, there)] += rate
                table[_flat(space, here), _flat(space, here)] -= rate
    return table


def _flat(space: Space, index: tuple[int, ...]) -> int:
    return int(np.ravel_multi_index(index, space.shape))
