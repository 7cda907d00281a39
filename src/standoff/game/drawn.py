"""The numbers of a crisis: central ones, or those of many versions of it at once.

Everything that compiles a crisis takes its numbers from here. With draws, every number is an
array with one entry for each draw, on a leading axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from standoff.crisis import Likelihood, Range, Rate, Span

Number: TypeAlias = "float | NDArray[np.float64]"


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Versions of a crisis that differ in numbers only.

    Attributes
    ----------
    values
        Shape ``(draws, numbers)``: one column for each entry that
        :func:`standoff.crisis.uncertain.numbered` gave, in its units; for `holds`, 1 where the
        claim holds and 0 where it does not.
    """

    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Gives numbers for the quantities of a crisis.

    Attributes
    ----------
    draws
        None for central values.
    axes
        How many axes follow that of draws in the arrays that are made of them.
    """

    draws: Draws | None
    axes: int

    def of(self, quantity: Range | Span) -> Number:
        """A range or a time, in its units: a float, or of shape ``(draws, 1, ...)``."""
        if self.draws is None or quantity.number is None:
            return quantity.central
        return self._shaped(self.draws.values[:, quantity.number])

    def rate(self, rate: Rate) -> Number:
        """A rate per day, likewise."""
        places = [each.number for each in rate.numbers if each.number is not None]
        if self.draws is None or len(places) < len(rate.numbers):
            return rate.central
        columns = self.draws.values[:, places]
        return self._shaped(np.array([rate.per_day(*map(float, row)) for row in columns]))

    def holds(self, likelihood: Likelihood) -> bool | NDArray[np.bool_]:
        """Whether a claim holds, likewise."""
        if self.draws is None or likelihood.number is None:
            return likelihood.central >= 0.5
        return self._shaped(self.draws.values[:, likelihood.number]) >= 0.5

    def _shaped(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return values.reshape(-1, *[1] * self.axes)
