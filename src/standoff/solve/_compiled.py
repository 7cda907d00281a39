"""Terms carried out by compiled code: see :mod:`standoff.solve._kernels` for what it does.

Importing this module takes Numba. It is imported where a game is large enough to repay that
(:func:`standoff.solve._flow.compiled`), and everything works without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from standoff.solve import _kernels
from standoff.solve._kernels import Integers, Sheets
from standoff.solve._parts import Floats, Free, Gated, Jump, Part, Restricted, Swap, Term
from standoff.solve._sweeper import Sweeper

_KINDS: dict[type[Part], int] = {
    Free: _kernels.FREE,
    Gated: _kernels.GATED,
    Restricted: _kernels.RESTRICTED,
    Jump: _kernels.JUMP,
    Swap: _kernels.SWAP,
}
_AT, _COLUMNS = 4, 7


@dataclass(frozen=True, slots=True)
class Sheet:
    """Terms written out for compiled code.

    Attributes
    ----------
    table
        One row of integers for each term.
    numbers
        Shape ``(draws, ...)``: the arrays of all terms, one after the other.
    """

    table: Integers
    numbers: Floats

    @classmethod
    def of(cls, terms: Sequence[Term], draws: int) -> Sheet:
        """Write terms out."""
        rows, arrays = [], [np.empty((draws, 0))]
        at = 0
        for term in terms:
            outer, along, inner = term.lines
            rows.append((_KINDS[term.kind], outer // draws, along, inner, at, *term.levels))
            arrays += [array.reshape(draws, -1) for array in term.arrays]
            at += sum(array.size // draws for array in term.arrays)
        table = np.array(rows, dtype=np.int64).reshape(-1, _COLUMNS)
        return cls(table, np.concatenate(arrays, axis=1))

    def joined(self, other: Sheet) -> Sheet:
        """The terms of two sheets on one."""
        table = other.table.copy()
        table[:, _AT] += self.numbers.shape[1]
        numbers = np.concatenate((self.numbers, other.numbers), axis=1)
        return Sheet(np.concatenate((self.table, table)), numbers)


class Program(Sweeper):
    """Terms carried out by compiled code, which are written on two sheets."""

    __slots__ = ("base", "more")

    def __init__(self, base: Sheet, more: Sheet) -> None:
        self.base = base
        self.more = more

    @classmethod
    def of(cls, draws: int, terms: Sequence[Term]) -> Program:
        """Write terms out."""
        return cls(Sheet.of(terms, draws), Sheet.of((), draws))

    def plus(self, terms: Sequence[Term]) -> Program:
        """Some terms more."""
        base = self.base.joined(self.more) if len(self.more.table) else self.base
        return Program(base, Sheet.of(terms, len(base.numbers)))

    def sweep(self, x: Floats, leaving: Floats, *, forward: bool) -> Floats:
        """Return ``leaving * x`` and what every term adds to it."""
        x = np.require(x, np.float64, ("C", "W"))
        y = leaving * x
        rows = (len(self.base.numbers), -1)
        _kernels.sweeps(self._sheets, x.reshape(rows), y.reshape(rows), forward)
        return y

    def solve(
        self, leaving: Floats, right: Floats, accuracy: Floats, most: int
    ) -> tuple[Floats, int]:
        """Solve ``-Q x = right``, the diagonal divided out."""
        scale = -1.0 / leaving.reshape(right.shape)
        found = np.zeros_like(right)
        steps = _kernels.solutions(self._sheets, scale, right, accuracy, most, found)
        found *= scale
        return found, 2 * steps

    def jumps(
        self,
        values: Floats,
        leaving: Floats,
        share: Floats,
        start: int,
        lengths: Integers,
        negligible: float,
    ) -> list[Floats]:
        """The value of one state after n jumps, for every row."""
        leaving = leaving.reshape(values.shape)
        lines = np.empty((len(values), int(lengths.max())))
        ends = _kernels.jumps(
            self._sheets, values, leaving, share, start, lengths, negligible, lines
        )
        return [line[:end].copy() for line, end in zip(lines, ends, strict=True)]

    @property
    def _sheets(self) -> Sheets:
        return self.base.table, self.base.numbers, self.more.table, self.more.numbers
