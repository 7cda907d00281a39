"""Batches on a Dask cluster: a real scheduler and real workers, some of which are killed."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from distributed import Client

from standoff import CrisisError, loads
from standoff.study import dask_cluster
from standoff.study.asking import Progress, Request, Settings, quiet
from standoff.study.engines import EngineError
from standoff.study.ensemble import AnswerVersions, Ensemble, draw_answers
from standoff.study.hierarchy import Hierarchy
from standoff.study.versions import Versions
from strait import strait

ASKED = (Request("mines"), Request("open"))
DRAWS, SIZE = 160, 4


class Machines:
    """A scheduler and workers, each a process of its own, on this machine only."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._file = folder / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--port", "0")
        until = time.monotonic() + 30
        while not self._file.exists() and time.monotonic() < until:
            time.sleep(0.05)
        self.address: str = json.loads(self._file.read_text())["address"]

    def add_worker(self) -> None:
        """Start one that works on one batch at a time; nobody starts it again when it is lost."""
        more = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self._folder))
        self.workers.append(self._start("worker", *more))

    def kill_worker(self) -> None:
        worker = self.workers.pop()
        worker.kill()
        worker.wait()

    def _start(self, what: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [
            *(sys.executable, "-m", f"distributed.cli.dask_{what}"),
            *("--scheduler-file", str(self._file), "--host", "127.0.0.1"),
            *("--no-dashboard", "--dashboard-address", "127.0.0.1:0", *arguments),
        ]
        paper = self._stack.enter_context((self._folder / "log").open("ab"))
        process = subprocess.Popen(command, stdout=paper, stderr=paper)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with ExitStack() as stack:
        yield Machines(tmp_path_factory.mktemp("dask"), stack)


@pytest.fixture(scope="module")
def client(machines: Machines) -> Iterator[Client]:
    with Client(machines.address, set_as_default=False) as found:
        yield found


def with_workers(machines: Machines, client: Client, count: int) -> None:
    while len(machines.workers) < count:
        machines.add_worker()
    client.wait_for_workers(count, timeout=30)


def answers(
    dask: str | Client | None, *, store: Path | None = None, progress: Progress = quiet
) -> Ensemble:
    return draw_answers(
        loads(json.dumps(strait())),
        ASKED,
        Settings(depth=1),
        draws=DRAWS,
        at_once=SIZE,
        dask=dask,
        store=store,
        progress=progress,
    )


def bytes_of(found: Ensemble) -> list[bytes]:
    return [
        part.tobytes()
        for spread in found.spreads
        for part in (spread.values, spread.fan, spread.mean)
    ]


@pytest.fixture(scope="module")
def local() -> list[bytes]:
    return bytes_of(answers(None))


def test_without_a_worker_one_sentence_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "WORKS_WITHIN", 0.5)
    with pytest.raises(EngineError, match="has had no worker for 0 s; `dask worker ADDRESS`"):
        answers(client)


def test_a_worker_that_is_killed_in_mid_run_changes_not_a_byte(
    machines: Machines,
    client: Client,
    local: list[bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_workers(machines, client, 2)
    packed = []
    pack = Versions.__getstate__
    monkeypatch.setattr(Versions, "__getstate__", lambda self: packed.append(1) or pack(self))
    shares = []

    def kill_one(_what: str, share: float) -> None:
        shares.append(share)
        if len(shares) == 1 + DRAWS // SIZE // 4:  # the first says that nothing is done yet
            busy = client.processing()
            assert len(busy) == 2
            assert all(busy.values())
            machines.kill_worker()

    found = answers(machines.address, store=tmp_path, progress=kill_one)
    assert bytes_of(found) == local
    assert len(client.scheduler_info()["workers"]) == 1
    assert shares == [done / (DRAWS // SIZE) for done in range(DRAWS // SIZE + 1)]
    assert packed == [1]
    files = sorted(file.name for file in tmp_path.rglob("*.parquet"))
    assert files == [f"{first:08}-{SIZE:08}.parquet" for first in range(0, DRAWS, SIZE)]
    monkeypatch.setattr(Versions, "solve", None)
    assert bytes_of(answers(None, store=tmp_path)) == local


def test_when_all_workers_are_lost_others_that_come_go_on(
    machines: Machines, client: Client, local: list[bytes]
) -> None:
    with_workers(machines, client, 1)
    killed = []

    def kill_all(_what: str, share: float) -> None:
        if share > 0.2 and not killed:
            killed.append(share)
            machines.kill_worker()
            machines.add_worker()

    assert bytes_of(answers(client, progress=kill_all)) == local
    assert killed
    assert client.status == "running"  # a client that was given stays open


def test_a_worker_of_another_version_is_refused_and_lives_on(
    machines: Machines, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_workers(machines, client, 1)
    monkeypatch.setattr(dask_cluster, "_release", lambda: "99.0")
    with pytest.raises(EngineError, match=r"need standoff 99\.0, as here; tcp://127.* has 0\."):
        answers(client)
    assert machines.workers[0].poll() is None


def test_what_goes_wrong_in_a_worker_is_told_here(machines: Machines, client: Client) -> None:
    with_workers(machines, client, 1)
    crisis = loads(json.dumps(strait()))
    versions = AnswerVersions(crisis, ASKED, Settings(depth=1), Hierarchy(depth=1))
    with pytest.raises(TypeError, match="has no len"):
        list(dask_cluster.Cluster(client, versions).map([(0, None)]))  # type: ignore[list-item]


def unused_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{}", "nonsense", "foo://127.0.0.1:{}", " "])
def test_an_address_where_nobody_listens_gets_a_sentence_soon(address: str) -> None:
    address = address.format(unused_port())
    begun = time.monotonic()
    with pytest.raises(EngineError, match=f"^no Dask scheduler answers at `{address}`; "):
        answers(address)
    assert time.monotonic() - begun < 10


def test_a_port_where_something_else_listens_gets_the_same_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dask_cluster, "ANSWERS_WITHIN", 0.5)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(EngineError, match="no Dask scheduler answers"):
            answers(address)


def test_without_distributed_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CrisisError, match=r"needs distributed: pip install 'standoff\[dask\]'"):
        answers("tcp://127.0.0.1:1")
