"""What one actor or one change does to a function of the state, as NumPy carries it out.

A term says what is done along one axis, for the whole tensor; a part is a term in one block of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Term:
    """A kind of part, and the arrays it needs with the term's axis in second place."""

    kind: type[Part]
    lines: tuple[int, int, int]
    arrays: tuple[Floats, ...]
    levels: tuple[int, int] = (0, 0)


class Part:
    """One term in one block. ``x`` and ``y`` have the term's axis in second place."""

    __slots__ = ("arrays", "levels", "total", "work", "x", "y")

    def __init__(
        self,
        x: Floats,
        y: Floats,
        arrays: tuple[Floats, ...],
        levels: tuple[int, int],
        keep: bool,
    ) -> None:
        self.x = x
        self.y = y
        self.arrays = arrays
        self.levels = levels
        # Small games keep their working arrays; in large ones they would be as many as the states.
        self.total = np.empty_like(x[:, 0]) if keep else None
        self.work = np.empty_like(x) if keep else None

    def backward(self) -> None:
        raise NotImplementedError

    def forward(self) -> None:
        raise NotImplementedError


class Free(Part):
    """An actor whose moves are unrestricted: a product and a sum along its axis."""

    __slots__ = ()

    def backward(self) -> None:
        total = np.einsum("ok...,ok...->o...", self.arrays[0], self.x, out=self.total)
        self.y += total[:, None]

    def forward(self) -> None:
        total = np.einsum("ok...->o...", self.x, out=self.total)
        self.y += np.multiply(self.arrays[0], total[:, None], out=self.work)


class Gated(Part):
    """The same where only some strategies on a line decide at this rate."""

    __slots__ = ()

    def backward(self) -> None:
        total = np.einsum("ok...,ok...->o...", self.arrays[0], self.x, out=self.total)
        self.y += np.multiply(self.arrays[1], total[:, None], out=self.work)

    def forward(self) -> None:
        total = np.einsum("ok...,ok...->o...", self.arrays[1], self.x, out=self.total)
        self.y += np.multiply(self.arrays[0], total[:, None], out=self.work)


class Restricted(Part):
    """An actor some of whose moves are forbidden: a probability per transition."""

    __slots__ = ()

    def backward(self) -> None:
        self.y += np.einsum("ost...,ot...->os...", self.arrays[0], self.x, out=self.work)

    def forward(self) -> None:
        self.y += np.einsum("ost...,os...->ot...", self.arrays[0], self.x, out=self.work)


class Jump(Part):
    """A change of a condition from one level to another."""

    __slots__ = ("x_source", "x_target", "y_source", "y_target")

    def __init__(
        self,
        x: Floats,
        y: Floats,
        arrays: tuple[Floats, ...],
        levels: tuple[int, int],
        keep: bool,
    ) -> None:
        super().__init__(x, y, arrays, levels, keep)
        source, target = levels
        self.x_source, self.x_target = x[:, source], x[:, target]
        self.y_source, self.y_target = y[:, source], y[:, target]

    def backward(self) -> None:
        self.y_source += np.multiply(self.arrays[0], self.x_target, out=self.total)

    def forward(self) -> None:
        self.y_target += np.multiply(self.arrays[0], self.x_source, out=self.total)


class Swap(Part):
    """A condition of two levels that changes both ways: one product instead of two."""

    __slots__ = ()

    def backward(self) -> None:
        self.y += np.multiply(self.arrays[0], self.x[:, ::-1], out=self.work)

    def forward(self) -> None:
        self.y += np.multiply(self.arrays[0], self.x, out=self.work)[:, ::-1]
