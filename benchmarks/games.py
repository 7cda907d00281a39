"""Synthetic games of a given size, and the same chain as a SciPy sparse matrix."""

from math import prod

import numpy as np
import scipy.sparse

from standoff.game import Axis, Game, Mover, Space
from standoff.solve._flow import Policy

SHAPES = {
    2**16: (8, 8, 8, 8, 4, 4),
    2**20: (16, 16, 8, 8, 8, 8),
    2**24: (16, 16, 16, 16, 16, 16),
}


def free_game(shape: tuple[int, ...], payoffs: bool = False, seed: int = 0) -> Game:
    """A game of unrestricted actors, one per axis, who decide every five days."""
    rng = np.random.default_rng(seed)
    axes = tuple(
        Axis(f"a{i}", (f"a{i}.x",), tuple((j,) for j in range(n))) for i, n in enumerate(shape)
    )
    space = Space(axes, {}, np.ones(shape, dtype=bool), {})
    rate = np.full([1] * len(shape), 0.2)
    movers = tuple(
        Mover(f"a{i}", i, _payoff(shape, rng) if payoffs else np.zeros(1), rate, 1 / 180, 2.0, None)
        for i in range(len(shape))
    )
    return Game(space, movers, (), (0,) * len(shape), ())


def _payoff(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Eight claims about two actors each, weighing between 0.5 and 6."""
    payoff = np.zeros(shape)
    for _ in range(8):
        about = rng.choice(len(shape), 2, replace=False)
        where = rng.random([n if i in about else 1 for i, n in enumerate(shape)]) < 0.5
        payoff += rng.choice([-1, 1]) * rng.uniform(0.5, 6) * where
    return payoff


def random_policies(game: Game, seed: int = 0) -> list[tuple[Mover, Policy]]:
    """A random policy for every actor."""
    rng = np.random.default_rng(seed)
    policies = []
    for mover in game.movers:
        weights = rng.random(game.space.lines(mover.axis))
        weights /= weights.sum(axis=1, keepdims=True)
        policies.append((mover, Policy((weights,))))
    return policies


def as_matrix(game: Game, policies: list[tuple[Mover, Policy]]) -> scipy.sparse.csr_array:
    """The generator of the chain with every transition stored, as a sparse engine would have it."""
    shape = game.space.shape
    size = prod(shape)
    states = np.arange(size, dtype=np.int64)
    width = sum(shape)
    columns = np.empty((size, width), dtype=np.int32)
    values = np.empty((size, width))
    place = 0
    leaving = 0.0
    for mover, policy in policies:
        _, along, inner = game.space.lines(mover.axis)
        first = states - (states // inner % along) * inner
        rate = float(mover.rate.item())
        leaving += rate
        flat = policy.weights[0].reshape(-1)
        for point in range(along):
            target = first + point * inner
            columns[:, place] = target
            values[:, place] = rate * flat[target]
            place += 1
    pointer = np.arange(0, size * width + 1, width, dtype=np.int64)
    matrix = scipy.sparse.csr_array(
        (values.reshape(-1), columns.reshape(-1), pointer), (size, size)
    )
    matrix.sum_duplicates()
    return matrix - leaving * scipy.sparse.eye_array(size, format="csr")
