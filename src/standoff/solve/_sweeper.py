"""What is asked of whatever carries a flow out, and how sweeps alone answer it.

:mod:`standoff.solve._blocks` sweeps with NumPy, whatever the size; :mod:`standoff.solve._compiled`
does all of this in machine code, one draw after the other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from standoff.solve._krylov import solve_each, solve_linear
from standoff.solve._parts import Floats, Term

CHECKED_EVERY = 16


class Sweeper(ABC):
    """The terms of a flow, ready to be carried out.

    In what follows, arrays of rows have shape ``(draws, states)``, and what is computed for one
    draw does not depend on the others.
    """

    __slots__ = ()

    @abstractmethod
    def plus(self, terms: Sequence[Term]) -> Sweeper:
        """Some terms more."""

    @abstractmethod
    def sweep(self, x: Floats, leaving: Floats, *, forward: bool) -> Floats:
        """Return ``leaving * x`` and what every term adds to it, all flat.

        The result may be the sweeper's own working array: use it before the next call.
        """

    def solve(
        self, leaving: Floats, right: Floats, accuracy: Floats, most: int
    ) -> tuple[Floats, int]:
        """Solve ``-Q x = right``, the diagonal divided out; see :meth:`Flow.solve`."""
        rows = right.shape
        scale = -1.0 / leaving.reshape(rows)
        work = np.empty_like(right)
        sweeps = 0

        def remaining(x: Floats) -> Floats:
            nonlocal sweeps
            sweeps += 1
            np.multiply(x.reshape(rows), scale, out=work)
            image = self.sweep(work.reshape(-1), leaving, forward=False).reshape(x.shape)
            return np.negative(image, out=image)

        if len(right) == 1:
            alone = solve_linear(remaining, right.reshape(-1), float(accuracy[0]), most)
            solution = alone.reshape(rows)
        else:
            solution = solve_each(remaining, right, accuracy, most)
        solution *= scale
        return solution, sweeps

    def jumps(
        self,
        values: Floats,
        leaving: Floats,
        share: Floats,
        start: int,
        lengths: NDArray[np.int64],
        negligible: float,
    ) -> list[Floats]:
        """The value of one state after n jumps, for every row; see :meth:`Flow.jumps`."""
        rows = values.shape
        values = values.copy()
        lengths = lengths.copy()
        jumps = np.empty((rows[0], int(lengths.max())))
        jumps[:, 0] = values[:, start]
        going = lengths > 1
        for n in range(1, jumps.shape[1]):
            step = self.sweep(values.reshape(-1), leaving, forward=False).reshape(rows)
            step *= share
            values += step
            jumps[:, n] = values[:, start]
            if n % CHECKED_EVERY == 0:
                left = np.abs(step).max(axis=1) * (lengths - n)
                settled = going & (left < negligible)
                lengths[settled] = np.minimum(lengths[settled], n + 1)
                going &= ~settled & (lengths > n + 1)
                if not going.any():
                    break
        return [line[:length].copy() for line, length in zip(jumps, lengths, strict=True)]
