"""Many versions of a crisis that differ in numbers only, solved in batches.

What a version answers does not depend on which others it is computed with, so the result has the
same bytes for any number of processes and any size of batch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from standoff.crisis import Crisis
from standoff.game.drawn import Draws
from standoff.game.game import Floats
from standoff.game.space import space_of
from standoff.study.asking import Progress, quiet
from standoff.study.engines import Engine, engine_for, missing_batches
from standoff.study.hierarchy import Hierarchy

if TYPE_CHECKING:
    from standoff.study.store import Store

TOLERANCE = 1e-4
"""How well values are solved for in a version, relative to the spread of the payoffs.

This moved no probability by more than 0.0001 (on the shipped crisis 0.00002); the error of a mean
over hundreds of draws is larger by far.
"""

_STATES_AT_ONCE = 2**14


class Versions(ABC):
    """Solves many versions of a crisis; a kind of it says what is then read off each.

    Parameters
    ----------
    crises
        What is solved for every version: views of one crisis that is numbered
        (:func:`standoff.crisis.uncertain.numbered`).
    central
        Solves central values, where the search in every version starts.

    Attributes
    ----------
    tolerance
        How well values are solved for, relative to the spread of the payoffs.
    """

    tolerance = TOLERANCE

    def __init__(self, crises: Sequence[Crisis], central: Hierarchy) -> None:
        self.crises = tuple(crises)
        self.central = central

    @abstractmethod
    def found(self, solver: Hierarchy, first: int) -> list[Floats]:
        """Return what is read off one batch of versions.

        Parameters
        ----------
        solver
            Solves these versions.
        first
            The number of the first one.

        Returns
        -------
        list
            Arrays whose first axis is that of the versions.
        """

    def answer(
        self,
        values: Floats,
        *,
        first: int = 0,
        workers: int = 1,
        at_once: int | None = None,
        progress: Progress = quiet,
        noun: str = "versions",
        engine: Engine | None = None,
        store: Store | None = None,
    ) -> list[Floats]:
        """What is read off every version.

        Parameters
        ----------
        values
            Shape ``(versions, numbers)``, one at least; see :class:`standoff.game.drawn.Draws`.
        first
            The number of the first version, which seeds its trajectories.
        workers, at_once, progress
            As for :func:`standoff.study.ensemble.draw_answers`.
        noun
            What the versions are called when progress is told.
        engine
            What has batches solved, if it is there already.
        store
            Where answers are kept, and taken from.

        Returns
        -------
        list
            As :meth:`found` gives them, for all versions.
        """
        parts = {} if store is None else dict(store.read(first, values))
        missing = missing_batches(first, values, parts, at_once or self.size)
        sizes = {start: len(batch) for start, batch in missing}
        todo = left = sum(sizes.values())

        def report() -> None:
            progress(f"{first + len(values) - left} {noun}", (todo - left) / todo if todo else 1.0)

        report()
        with (
            engine_for(self, workers=min(workers, len(missing)))
            if engine is None
            else nullcontext(engine)
        ) as solver:
            for start, lines in solver.map(missing):
                if store is not None:
                    store.write(start, values[start - first :][: sizes[start]], lines)
                parts[start] = lines
                left -= sizes[start]
                report()
        in_order = (parts[start] for start in sorted(parts))
        return [np.concatenate(pieces) for pieces in zip(*in_order, strict=True)]

    @property
    def size(self) -> int:
        """How many versions are solved together: as many as suit the machine."""
        return versions_at_once(self.crises)

    def solve(self, values: Floats, first: int) -> list[Floats]:
        """Answer one batch of versions in this process, as :meth:`answer` does."""
        if len(values) == 1:  # NumPy adds up in another order where their axis has length one
            return [line[:1] for line in self.solve(np.repeat(values, 2, axis=0), first)]
        solver = Hierarchy(
            depth=self.central.depth,
            tau=self.central.tau,
            tolerance=max(self.tolerance, self.central.tolerance),
            memory=self.central.memory,
            draws=Draws(values),
            central=self.central,
        )
        return self.found(solver, first)

    def __getstate__(self) -> dict[str, object]:
        """What another process needs: the central policies are solved already."""
        central = self.central
        settings = (central.depth, central.tau, central.tolerance, central.memory)
        return {**vars(self), "central": (settings, central.responses())}

    def __setstate__(self, state: dict[str, Any]) -> None:
        (depth, tau, tolerance, memory), known = state.pop("central")
        central = Hierarchy(depth=depth, tau=tau, tolerance=tolerance, memory=memory)
        central.learn(known)
        vars(self).update(state, central=central)


def versions_at_once(crises: Iterable[Crisis]) -> int:
    """How many versions of some crises to solve together, by the largest of these."""
    states = max((space_of(each).size for each in crises), default=1)
    return max(2, _STATES_AT_ONCE // states)
