"""Draws on disk: what is there is used, what is not what it should be is refused."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import polars
import pytest

from standoff import CrisisError, StandoffError, analyse, forecast, loads
from standoff.study import ensemble, patience, store
from standoff.study.asking import Progress, Request, Settings, quiet
from standoff.study.ensemble import Ensemble, draw_answers
from standoff.study.store import Store, StoreError
from standoff.study.variation import Variation
from standoff.study.versions import Versions
from strait import strait

SETTINGS = Settings(depth=1)
DRAWS, SIZE = 20, 4
FILES = [f"{first:08}-{SIZE:08}.parquet" for first in range(0, DRAWS, SIZE)]
ASKED = (Request("mines"), Request("open", Variation(holding={"south.appeal": "no"})))


def answers(
    folder: Path | None,
    draws: int | None = DRAWS,
    *,
    asked: tuple[Request, ...] = ASKED,
    settings: Settings = SETTINGS,
    workers: int = 1,
    size: int = SIZE,
    progress: Progress = quiet,
) -> Ensemble:
    return draw_answers(
        loads(json.dumps(strait())),
        asked,
        settings,
        draws=draws,
        workers=workers,
        at_once=size,
        store=folder,
        progress=progress,
    )


def bytes_of(found: Ensemble) -> list[bytes]:
    parts = [found.values]
    for spread in found.spreads:
        parts += [spread.values, spread.fan, spread.mean]
    return [part.tobytes() for part in parts]


def files_in(folder: Path) -> dict[str, bytes]:
    """What a folder holds, by name without the folder of the key."""
    return {file.name: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.fixture(scope="module")
def whole() -> list[bytes]:
    return bytes_of(answers(None))


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[range]:
    """Which draws are computed in this process."""
    seen: list[range] = []
    solve = Versions.solve

    def watched(self: Versions, values: np.ndarray, first: int) -> list[np.ndarray]:
        seen.append(range(first, first + len(values)))
        return solve(self, values, first)

    monkeypatch.setattr(Versions, "solve", watched)
    return seen


class Stopped(KeyboardInterrupt):
    pass


def stopped_after(batches: int) -> Progress:
    told: list[float] = []

    def progress(_what: str, share: float) -> None:
        told.append(share)
        if len(told) == batches + 1:  # the first says that nothing is done yet
            raise Stopped

    return progress


# What is there is used --------------------------------------------------------------------------


def test_keeping_draws_changes_not_a_byte_and_reading_them_computes_none(
    tmp_path: Path, whole: list[bytes], solved: list[range]
) -> None:
    assert bytes_of(answers(tmp_path)) == whole
    assert list(files_in(tmp_path)) == FILES
    solved.clear()
    assert bytes_of(answers(tmp_path)) == whole
    assert solved == []


def test_an_interrupted_run_goes_on_where_it_was(
    tmp_path: Path, whole: list[bytes], solved: list[range]
) -> None:
    with pytest.raises(Stopped):
        answers(tmp_path, progress=stopped_after(2))
    assert list(files_in(tmp_path)) == FILES[:2]
    solved.clear()
    assert bytes_of(answers(tmp_path)) == whole
    assert [batch.start for batch in solved] == [8, 12, 16]


def test_more_draws_need_only_the_rest_and_fewer_need_none(
    tmp_path: Path, whole: list[bytes], solved: list[range]
) -> None:
    few = bytes_of(answers(tmp_path, 10))
    solved.clear()
    assert bytes_of(answers(tmp_path)) == whole
    assert solved == [range(10, 12), range(12, 16), range(16, 20)]
    solved.clear()
    assert bytes_of(answers(tmp_path, 10)) == few
    assert solved == []


def test_a_batch_that_is_gone_is_computed_again_with_the_same_bytes(
    tmp_path: Path, whole: list[bytes], solved: list[range]
) -> None:
    answers(tmp_path)
    before = files_in(tmp_path)
    for name in FILES[1], FILES[3]:
        next(tmp_path.rglob(name)).unlink()
    solved.clear()
    assert bytes_of(answers(tmp_path)) == whole
    assert [batch.start for batch in solved] == [4, 12]
    assert files_in(tmp_path) == before


def test_files_that_overlap_are_read_once(
    tmp_path: Path, whole: list[bytes], solved: list[range]
) -> None:
    answers(tmp_path, 6, size=6)
    (there,) = tmp_path.rglob("*.parquet")
    there = there.rename(tmp_path / there.name)
    answers(tmp_path, 16)
    (first,) = tmp_path.rglob(FILES[0])
    there.rename(first.with_name(there.name))
    first.unlink()
    solved.clear()
    assert bytes_of(answers(tmp_path)) == whole
    assert solved == [range(16, 20)]


def test_batches_on_disk_do_not_depend_on_how_many_share_the_work(
    tmp_path: Path, whole: list[bytes]
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    answers(one)
    assert bytes_of(answers(two, workers=2)) == whole
    assert files_in(one) == files_in(two)


def test_by_default_batches_are_as_the_crisis_has_them(tmp_path: Path) -> None:
    answers(tmp_path, 120, size=0)
    assert list(files_in(tmp_path)) == ["00000000-00000113.parquet", "00000113-00000007.parquet"]


def test_one_folder_serves_several_questions_settings_and_crises(
    tmp_path: Path, solved: list[range]
) -> None:
    how = [
        {},
        {"asked": ASKED[:1]},
        {"asked": (ASKED[0], Request("open"))},
        {"asked": (ASKED[0], Request(ASKED[1].question, ASKED[1].variation, depth=2))},
        {"settings": Settings(depth=2)},
        {"settings": Settings(depth=1, seed=1)},
    ]
    alone = [bytes_of(answers(None, 4, **each)) for each in how]
    assert len({tuple(each) for each in alone}) == len(how)
    for each, expected in zip(how, alone, strict=True):
        assert bytes_of(answers(tmp_path, 4, **each)) == expected
    solved.clear()
    for each, expected in zip(how, alone, strict=True):
        assert bytes_of(answers(tmp_path, 4, **each)) == expected
    assert solved == []
    assert len(list(tmp_path.iterdir())) == len(how)


def test_numbers_in_another_order_are_other_draws(tmp_path: Path) -> None:
    """Crises that differ in the order of a patch are equal, and their draws are not."""
    raw = strait()
    patch = {"south.interests.survive.weight": "1..4", "north.precision": "1..3"}
    for order in (list(patch.items()), list(patch.items())[::-1]):
        raw["situations"]["january"]["with"] = dict(order)
        crisis = loads(json.dumps(raw))
        kept, alone = (
            draw_answers(crisis, ASKED[:1], Settings(depth=1), draws=2, store=folder)
            for folder in (tmp_path, None)
        )
        assert bytes_of(kept) == bytes_of(alone)


def test_forecast_and_analyse_keep_their_draws(tmp_path: Path, solved: list[range]) -> None:
    raw = {**strait(), "questions": {"mines": strait()["questions"]["mines"]}}
    crisis = loads(json.dumps(raw))
    for _ in range(2):
        forecast(crisis, "mines", depth=1, draws=4, store=tmp_path / "forecast")
    for _ in range(2):
        analyse(crisis, depth=1, draws=4, store=tmp_path / "analysis")
    assert solved == [range(4)] * 2


def test_a_table_says_what_it_holds(tmp_path: Path) -> None:
    found = answers(tmp_path, 4)
    (file,) = tmp_path.rglob("*.parquet")
    table = polars.read_parquet(file)
    assert table.columns == ["draw", "inputs", "answer 1: mines", "answer 2: open"]
    assert table["draw"].to_list() == [0, 1, 2, 3]
    np.testing.assert_array_equal(table["inputs"].to_numpy(), found.values)
    answer = table["answer 2: open"].to_numpy()
    np.testing.assert_array_equal(answer[:, -1], found.spreads[1].values)
    said = json.loads(polars.read_parquet_metadata(file)["standoff"])
    assert (said["format"], said["first"], said["count"]) == (1, 0, 4)
    assert said["about"]["crisis"] == loads(json.dumps(strait())).digest
    assert file.parent.name == f"draws-{said['key'][:16]}"


# How many, where no number is asked for ---------------------------------------------------------


def test_without_a_number_a_whole_stage_on_disk_is_the_answer_again(
    tmp_path: Path, solved: list[range]
) -> None:
    answers(tmp_path, 128, asked=ASKED[:1], size=64)
    solved.clear()
    assert answers(tmp_path, None, asked=ASKED[:1], size=64).spreads[0].draws == 128
    assert solved == []


@pytest.mark.parametrize("there", [30, 70])
def test_without_a_number_a_stage_on_disk_that_is_not_whole_is_completed(
    tmp_path: Path, solved: list[range], monkeypatch: pytest.MonkeyPatch, there: int
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.0)
    answers(tmp_path, there, asked=ASKED[:1], size=64)
    solved.clear()
    draws = answers(tmp_path, None, asked=ASKED[:1], size=64).spreads[0].draws
    assert draws == (64 if there < 64 else 128)
    assert sum(map(len, solved)) == draws - there


def test_stages_go_on_while_there_is_time_and_say_where_they_will_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 1.0, 2.0, 4.0, 8.0])
    monkeypatch.setattr(patience, "monotonic", lambda: next(clock))
    assert list(patience.stages(None)) == [(64, 64), (128, 512), (256, 512), (512, 512)]


# Progress ---------------------------------------------------------------------------------------


def test_the_share_that_is_told_is_that_of_what_is_still_to_be_computed(tmp_path: Path) -> None:
    answers(tmp_path, 12)
    told: list[tuple[str, float]] = []
    answers(tmp_path, progress=lambda what, share: told.append((what, share)))
    assert told == [("12 of 20 draws", 0), ("16 of 20 draws", 0.5), ("20 of 20 draws", 1)]
    told.clear()
    answers(tmp_path, progress=lambda what, share: told.append((what, share)))
    assert told == [("20 of 20 draws", 1)]


# What is not what it should be is refused -------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """A file with draws; nothing may happen to what is beside it."""
    answers(tmp_path, 4, asked=ASKED[:1])
    (file,) = tmp_path.rglob("*.parquet")
    yield file
    assert file.exists()


def refusal(folder: Path) -> str:
    with pytest.raises(StoreError) as caught:
        answers(folder, 4, asked=ASKED[:1])
    assert isinstance(caught.value, StandoffError)
    return str(caught.value)


def test_a_file_is_refused_wherever_a_byte_of_it_is_changed_or_it_is_cut(tmp_path: Path) -> None:
    draws = Store(tmp_path, {"crisis": "it"}, ("answer 1: q",))
    values, lines = np.arange(6.0).reshape(2, 3), [np.linspace(0, 1, 8).reshape(2, 4)]
    draws.write(0, values, lines)
    (file,) = tmp_path.iterdir()
    good = file.read_bytes()
    np.testing.assert_array_equal(draws.read(0, values)[0][1], lines)
    for place in range(0, len(good), 3):
        file.write_bytes(good[:place] + bytes([good[place] ^ 0x20]) + good[place + 1 :])
        with pytest.raises(StoreError, match=r"parquet (is|holds|was) "):
            draws.read(0, values)
    for length in range(0, len(good), 31):
        file.write_bytes(good[:length])
        with pytest.raises(StoreError, match=r"parquet is "):
            draws.read(0, values)
    file.write_bytes(good + b" ")
    with pytest.raises(StoreError, match="damaged"):
        draws.read(0, values)


def test_a_damaged_file_is_named_and_left_where_it_is(kept: Path) -> None:
    bad = kept.read_bytes()[:500]
    kept.write_bytes(bad)
    said = refusal(kept.parents[1])
    assert said.startswith(f"{kept} is cut short")
    assert said.endswith("move it elsewhere and call again, and the draws that are missing are "
                         "computed anew")  # fmt: skip
    assert kept.read_bytes() == bad


def test_a_damaged_file_is_refused_even_among_good_ones(tmp_path: Path) -> None:
    answers(tmp_path)
    file = next(tmp_path.rglob(FILES[2]))
    data = file.read_bytes()
    file.write_bytes(data[:200] + bytes(20) + data[220:])
    with pytest.raises(StoreError, match=FILES[2]):
        answers(tmp_path)


def test_draws_of_something_else_are_refused(kept: Path) -> None:
    folder = kept.parents[1]
    answers(folder, 4, asked=ASKED[:1], settings=Settings(depth=1, seed=9))
    (other,) = (file for file in folder.rglob("*.parquet") if file != kept)
    kept.write_bytes(other.read_bytes())
    assert "holds draws of another crisis, other questions or other settings" in refusal(folder)


def test_a_file_that_was_renamed_is_refused(kept: Path) -> None:
    copy = kept.with_name("00000002-00000004.parquet")
    copy.write_bytes(kept.read_bytes())
    with pytest.raises(StoreError, match=f"{copy.name} has been renamed"):
        answers(kept.parents[1], 6, asked=ASKED[:1])


@pytest.mark.parametrize("content", [b"", b"hello", b"PAR1", b"PAR1 hello PAR1"])
def test_what_is_not_parquet_is_refused(kept: Path, content: bytes) -> None:
    kept.write_bytes(content)
    assert str(kept) in refusal(kept.parents[1])


def test_a_table_of_somebody_else_is_refused_by_name_and_by_content(kept: Path) -> None:
    table = polars.DataFrame({"draw": [0, 1, 2, 3]})
    table.write_parquet(kept)
    assert "was not written by standoff" in refusal(kept.parents[1])
    table.write_parquet(kept.with_name("mine.parquet"))
    assert "mine.parquet is not one of these draws" in refusal(kept.parents[1])


def rewritten(file: Path, **changes: object) -> None:
    """Write a file again that says something else of itself, and whose checksum is right."""
    said = json.loads(polars.read_parquet_metadata(file)["standoff"])
    text = json.dumps({**said, **changes, "checksum": "0" * 64})
    paper = BytesIO()
    polars.read_parquet(file).write_parquet(paper, metadata={"standoff": text})
    blank = paper.getvalue()
    assert blank.count(b"0" * 64) == 1
    file.write_bytes(blank.replace(b"0" * 64, sha256(blank).hexdigest().encode()))


def test_a_newer_format_is_refused(kept: Path) -> None:
    rewritten(kept, format=2)
    said = refusal(kept.parents[1])
    assert said.startswith(f"{kept} was written by a newer standoff (format 2, this one reads 1)")


def test_a_table_laid_out_in_another_way_is_refused(kept: Path) -> None:
    rewritten(kept)
    assert answers(kept.parents[1], 4, asked=ASKED[:1]).spreads[0].draws == 4
    said = json.loads(polars.read_parquet_metadata(kept)["standoff"])
    table = polars.read_parquet(kept).head(2)
    table.write_parquet(kept, metadata={"standoff": json.dumps(said)})
    rewritten(kept)
    assert "is not laid out as draws are" in refusal(kept.parents[1])


def test_draws_that_were_drawn_in_another_way_are_refused(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = ensemble.draw
    monkeypatch.setattr(ensemble, "draw", lambda entries, count, seed: draw(entries, count, 7))
    assert "drawn in another way" in refusal(kept.parents[1])


def test_other_files_beside_the_draws_are_left_alone(kept: Path) -> None:
    notes = [kept.with_name(name) for name in ("notes.txt", ".00000004-00000004.parquet.0123")]
    for note in notes:
        note.write_text("half a")
    answers(kept.parents[1], 8, asked=ASKED[:1])
    assert [note.read_text() for note in notes] == ["half a"] * 2


# Where nothing can be written -------------------------------------------------------------------


def test_a_full_disk_is_said_in_a_sentence_and_what_is_there_stays(
    tmp_path: Path, whole: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(tmp_path, 8)
    before = files_in(tmp_path)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match="No space left on device; those that are there stay"):
            answers(tmp_path)
    assert files_in(tmp_path) == before
    assert bytes_of(answers(tmp_path)) == whole


def test_a_place_where_nothing_can_be_written_is_refused_before_anything_is_computed(
    tmp_path: Path, solved: list[range]
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for folder in (file, file / "below"):
        with pytest.raises(StoreError, match="no draws can be kept in"):
            answers(folder)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    if not os.access(closed, os.W_OK):  # who may do everything can write there too
        with pytest.raises(StoreError, match="no draws can be kept in"):
            answers(closed)
    assert solved == []


def test_without_polars_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(CrisisError, match=r"needs polars: pip install 'standoff\[tables\]'"):
        answers(tmp_path)


# Runs that are killed, and runs at once ---------------------------------------------------------

MANY = 160

_RUN = f"""
import sys

if __name__ == "__main__":  # so that the processes that share the work import none of it
    sys.path.insert(0, {str(Path(__file__).parent)!r})
    import time
    from multiprocessing import active_children
    from pathlib import Path
    from test_study_store import ASKED, answers

    def tell(what, share):
        print(what.split()[0], *[child.pid for child in active_children()], flush=True)
        time.sleep(float(sys.argv[3]))

    folder, workers = Path(sys.argv[1]), int(sys.argv[2])
    answers(folder, {MANY}, asked=ASKED[:1], workers=workers, progress=tell)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "run.py"
    file.write_text(_RUN)
    return file


def started(script: Path, folder: Path, workers: int, pause: float) -> subprocess.Popen[str]:
    command = [sys.executable, str(script), str(folder), str(workers), str(pause)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def gone(process: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet counts as ended."""
    try:
        return ") Z " in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
def test_a_run_that_is_killed_loses_at_most_the_batches_at_work_and_leaves_nobody_behind(
    tmp_path: Path, script: Path, solved: list[range]
) -> None:
    folder = tmp_path / "store"
    with started(script, folder, 2, 0.05) as run:
        assert run.stdout is not None
        for line in run.stdout:
            told, *workers = map(int, line.split())
            if told >= 10 * SIZE:
                break
        run.send_signal(signal.SIGKILL)
    files = files_in(folder)
    there = [name for name in files if not name.startswith(".")]
    assert told <= len(there) * SIZE < MANY  # what was told was kept
    assert len(files) - len(there) <= 1  # and at most one was being written
    assert len(workers) == 2
    until = time.monotonic() + 10
    while not all(map(gone, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert all(map(gone, workers))
    draws = (max(int(name[:8]) for name in there) // SIZE + 4) * SIZE
    solved.clear()
    kept, alone = (answers(where, draws, asked=ASKED[:1]) for where in (folder, None))
    assert bytes_of(kept) == bytes_of(alone)
    assert sum(map(len, solved)) == draws - len(there) * SIZE + draws


def test_two_runs_at_once_in_one_folder_do_no_harm(
    tmp_path: Path, script: Path, solved: list[range]
) -> None:
    folder = tmp_path / "store"
    with started(script, folder, 1, 0) as run:
        assert run.stdout is not None
        run.stdout.readline()
        mine = answers(folder, MANY, asked=ASKED[:1])
        run.communicate(timeout=60)
    assert run.returncode == 0
    assert len(files_in(folder)) == MANY // SIZE
    solved.clear()
    assert bytes_of(answers(folder, MANY, asked=ASKED[:1])) == bytes_of(mine)
    assert solved == []
    assert bytes_of(answers(None, MANY, asked=ASKED[:1])) == bytes_of(mine)


def test_the_store_is_documented_where_it_is(tmp_path: Path) -> None:
    answers(tmp_path, 4)
    assert "draws-" in (store.__doc__ or "")
    assert all(entry.name.startswith("draws-") for entry in tmp_path.iterdir())
