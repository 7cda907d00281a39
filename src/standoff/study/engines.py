"""Who computes batches of versions: this process, several on this machine, or a Dask cluster.

An engine is given batches and yields what they come to, in whatever order they are ready. What a
version answers does not depend on the batch it is in, so all engines give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from standoff.crisis.errors import StandoffError
from standoff.game.game import Floats

if TYPE_CHECKING:
    from distributed import Client

Batch: TypeAlias = tuple[int, Floats]
"""The number of the first version, and values of shape ``(versions, numbers)``."""

Solved: TypeAlias = tuple[int, list[Floats]]
"""The number of the first version, and for each request the probability by each time."""


class EngineError(StandoffError):
    """Those who share the work cannot be reached, or are gone."""


class Solver(Protocol):
    """What solves a batch; it can be sent to another process."""

    def solve(self, values: Floats, first: int) -> list[Floats]:
        """Answer one batch of versions, given the number of the first one."""
        ...


class Engine(Protocol):
    """What has batches solved."""

    def map(self, batches: Sequence[Batch]) -> Iterator[Solved]:
        """Solve batches; they come back in any order, each once."""
        ...


@dataclass(frozen=True, slots=True)
class Here:
    """Solves batches in this process, one after the other."""

    solver: Solver

    def map(self, batches: Sequence[Batch]) -> Iterator[Solved]:
        """Solve batches, in their order."""
        for first, values in batches:
            yield first, self.solver.solve(values, first)


def missing_batches(
    first: int, values: Floats, parts: Mapping[int, list[Floats]], size: int
) -> list[Batch]:
    """Cut into batches what is not there yet.

    They end at multiples of their size, so that batches on disk are the same whoever computes
    them.

    Parameters
    ----------
    first, values
        All versions that are asked for.
    parts
        What is there, by the number of its first version.
    size
        Of a batch.
    """
    batches = []
    start, end = first, first + len(values)
    for there in (*sorted(parts), end):
        while start < there:
            stop = min(there, (start // size + 1) * size)
            batches.append((start, values[start - first : stop - first]))
            start = stop
        if there in parts:
            start += len(parts[there][0])
    return batches


@contextmanager
def engine_for(
    solver: Solver, *, workers: int = 1, dask: str | Client | None = None
) -> Iterator[Engine]:
    """An engine, for as long as it is needed.

    Parameters
    ----------
    solver
        Solves a batch.
    workers
        How many processes on this machine may share the work.
    dask
        The address of a Dask scheduler, or a client of one, whose workers do it instead.

    Raises
    ------
    EngineError
        If the scheduler does not answer, or those who share the work are lost.
    CrisisError
        If Dask is asked for and not installed.
    """
    if dask is not None:
        from standoff.study.dask_cluster import Cluster, connected

        with connected(dask) as client:
            yield Cluster(client, solver)
    elif workers > 1:
        from standoff.study.processes import sharing

        with sharing(solver, workers) as processes:
            yield processes
    else:
        yield Here(solver)
