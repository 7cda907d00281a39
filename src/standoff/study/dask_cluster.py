"""Batches on an existing Dask cluster.

The solver is packed once and sent to the workers once; each unpacks it once and keeps it for all
batches of the same run. When a worker is lost the scheduler gives its batches to others, and when
the packed solver is lost with it, it is sent again.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import TYPE_CHECKING, Any

from standoff.game.game import Floats
from standoff.study.engines import Batch, EngineError, Solved, Solver
from standoff.study.extras import need

if TYPE_CHECKING:
    from distributed import Client

ANSWERS_WITHIN = 4.0
"""Seconds in which a scheduler has to answer."""

WORKS_WITHIN = 60.0
"""Seconds in which a cluster that starts workers when they are needed has to have one."""

_TRIES = 3
_LEAST_AHEAD = 256


@contextmanager
def connected(dask: str | Client) -> Iterator[Client]:
    """A client of a scheduler: a given one stays open, one that is made here is closed.

    Parameters
    ----------
    dask
        A client, or the address of a scheduler, such as `tcp://10.0.0.5:8786`.

    Raises
    ------
    EngineError
        If no scheduler answers at the address.
    CrisisError
        If Dask is not installed.
    """
    distributed = need("distributed", extra="dask", why="running on Dask")
    if not isinstance(dask, str):
        yield dask
        return
    found: list[Any] = []

    def connect() -> None:
        with suppress(OSError, ValueError):
            found.append(distributed.Client(dask, timeout=ANSWERS_WITHIN, set_as_default=False))

    # In a thread, because who listens there may be no scheduler, and then there is never an answer.
    thread = threading.Thread(target=connect, daemon=True)
    if dask.strip():
        thread.start()
        thread.join(ANSWERS_WITHIN + 2)
    if not found:
        raise EngineError(
            f"no Dask scheduler answers at `{dask}`; `dask scheduler` starts one and prints its "
            "address"
        )
    with found[0] as client:
        yield client


class Cluster:
    """Has batches solved by the workers of a Dask scheduler.

    Parameters
    ----------
    client
        Connected to the scheduler.
    solver
        What the workers need; it is packed when the first batches come.
    """

    def __init__(self, client: Client, solver: Solver) -> None:
        self._client: Any = client
        self._solver = solver
        self._packed: bytes | None = None

    def map(self, batches: Sequence[Batch]) -> Iterator[Solved]:
        """Solve batches, as :class:`standoff.study.engines.Engine` has it.

        Raises
        ------
        EngineError
            If there are no workers, they run another standoff, or they are lost again and again.
        """
        if not batches:
            return
        self._check_workers()
        waiting = dict(batches)
        for _ in range(_TRIES):
            for first, lines in self._solved(waiting):
                del waiting[first]
                yield first, lines
            if not waiting:
                return
        raise EngineError(
            "the Dask workers were lost again and again, perhaps for want of memory; give them "
            "more, or fewer threads each"
        )

    def _check_workers(self) -> None:
        """Wait for a worker, and see whether all have what they need.

        They are asked with what every Python has: one that cannot import a task ends.
        """
        client, name = self._client, "standoff"
        try:
            client.submit(str, pure=False).result(timeout=WORKS_WITHIN)
        except TimeoutError:
            raise EngineError(
                f"the Dask scheduler at `{client.scheduler.address}` has had no worker for "
                f"{WORKS_WITHIN:.0f} s; `dask worker ADDRESS` starts one"
            ) from None
        found = client.run(version, name, on_error="return")
        try:
            found["the scheduler"] = client.run_on_scheduler(version, name)
        except PackageNotFoundError as err:
            found["the scheduler"] = err
        for where, release in found.items():
            if release != _release():
                has = release if isinstance(release, str) else "none"
                raise EngineError(
                    f"the Dask scheduler and all its workers need standoff {_release()}, as "
                    f"here; {where} has {has}"
                )

    def _solved(self, waiting: Mapping[int, Floats]) -> Iterator[Solved]:
        """Those batches that were solved before what they all need was lost, if it was."""
        if self._packed is None:
            self._packed = pickle.dumps(self._solver, protocol=pickle.HIGHEST_PROTOCOL)
        token = sha256(self._packed).hexdigest()
        shared = self._client.scatter(self._packed, broadcast=True, hash=False)
        ahead = max(_LEAST_AHEAD, 4 * sum(self._client.nthreads().values()))
        batches = iter(tuple(waiting.items()))
        running: dict[Any, int] = {}

        def submit(many: int) -> list[Any]:
            tasks = {
                self._client.submit(_work, shared, token, *batch, pure=False): batch[0]
                for batch in islice(batches, many)
            }
            running.update(tasks)
            return list(tasks)

        distributed = need("distributed", extra="dask", why="running on Dask")
        ready = distributed.as_completed(submit(ahead), loop=self._client.loop)
        try:
            for task in ready:
                if task.cancelled():  # what it needs is gone
                    return
                lines = task.result()
                for more in submit(1):
                    ready.add(more)
                yield running.pop(task), lines
        finally:
            self._client.cancel(list(running))


def _release() -> str:
    return version("standoff")


# In a worker: what the tasks of one run share. Each thread has its own, as solving changes what is
# remembered, and only that of the latest run.
_known = threading.local()


def _work(packed: bytes, token: str, first: int, values: Floats) -> list[Floats]:
    if getattr(_known, "token", None) != token:
        _known.solver = pickle.loads(packed)
        _known.token = token
    solved: list[Floats] = _known.solver.solve(values, first)
    return solved
