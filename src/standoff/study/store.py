"""Draws on disk: one Parquet file a batch, so that a run can stop at any time and go on later.

A folder may hold draws of many crises, questions and settings. Those that belong together lie in a
folder of their own, named after a digest of everything that answers depend on::

    FOLDER/draws-1f3a09c47be2d811/00000064-00000008.parquet     draws 64 to 71

A file carries that digest, which draws it holds, and a checksum of all its bytes. It is written
under another name and renamed when it is whole, so there is never half a file; and one that is not
what it should be is refused, and left for its owner to look at.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import StandoffError
from standoff.crisis.uncertain import Entry
from standoff.game.game import Floats
from standoff.study.asking import Settings
from standoff.study.engines import Solved
from standoff.study.extras import need
from standoff.study.hierarchy import Hierarchy

FORMAT = 1
"""Of the files; a file of a later one is refused."""

_SUFFIX = ".parquet"
_NAME = re.compile(r"(\d{8,})-(\d{8,})\.parquet")
_ENTRY = "standoff"
_MARK = re.compile(rb'"checksum": "([0-9a-f]{64})"')
_BLANK = b"0" * 64


class StoreError(StandoffError):
    """What is in a store cannot be used, or nothing can be written to it."""


@dataclass(frozen=True, slots=True)
class Store:
    """The draws that belong together.

    Attributes
    ----------
    folder
        Where they are.
    about
        Everything that they depend on.
    columns
        What each answer is called.
    """

    folder: Path
    about: Mapping[str, Any]
    columns: tuple[str, ...]

    @property
    def key(self) -> str:
        """A SHA-256 of everything that the draws depend on, in hexadecimal."""
        return _key(self.about)

    @property
    def end(self) -> int:
        """One more than the number of the last draw that is there."""
        return max((first + count for first, count, _ in self._files()), default=0)

    def read(self, first: int, values: Floats) -> list[Solved]:
        """What is there already of some draws.

        Parameters
        ----------
        first, values
            The number of the first draw, and what the draws take, shape ``(draws, numbers)``.

        Returns
        -------
        list
            Parts that do not overlap, in order.

        Raises
        ------
        StoreError
            If a file is damaged, or holds something else.
        """
        parts: list[Solved] = []
        need_from, end = first, first + len(values)
        for start, count, file in sorted(self._files(), key=lambda each: (each[0], -each[1])):
            low, high = max(start, need_from), min(start + count, end)
            if low >= high:
                continue
            taken, lines = self._load(file, start, count)
            here = slice(low - start, high - start)
            if taken[here].tobytes() != values[low - first : high - first].tobytes():
                raise _refused(file, "holds draws that were drawn in another way")
            parts.append((low, [line[here] for line in lines]))
            need_from = high
        return parts

    def write(self, first: int, values: Floats, lines: Sequence[Floats]) -> None:
        """Keep a batch; whoever reads meanwhile sees all of it or nothing.

        Parameters
        ----------
        first, values
            As for :meth:`read`.
        lines
            For each answer, shape ``(draws, ...)``, such as its probability by each time.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        name = f"{first:08}-{len(values):08}{_SUFFIX}"
        temporary = self.folder / f".{name}.{secrets.token_hex(6)}"
        try:
            try:
                with temporary.open("xb") as paper:
                    paper.write(self._packed(first, values, lines))
                    paper.flush()
                    os.fsync(paper.fileno())
                temporary.replace(self.folder / name)
            except BaseException:
                with suppress(OSError):
                    temporary.unlink()
                raise
            _settle(self.folder)
        except OSError as err:
            raise StoreError(
                f"no more draws can be kept in {self.folder}: {err.strerror or err}; those that "
                "are there stay, and the same call goes on from them"
            ) from err

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """The first draw, how many, and the file."""
        for file in _listed(self.folder):
            if file.suffix != _SUFFIX or file.name.startswith("."):
                continue  # another run is writing it, or was killed while it did
            found = _NAME.fullmatch(file.name)
            if found is None:
                raise _refused(file, "is not one of these draws")
            yield int(found[1]), int(found[2]), file

    def _packed(self, first: int, values: Floats, lines: Sequence[Floats]) -> bytes:
        polars = _polars()
        columns = {"draw": polars.Series(range(first, first + len(values)), dtype=polars.UInt32)}
        for name, table in (("inputs", values), *zip(self.columns, lines, strict=True)):
            if table.shape[1]:
                columns[name] = polars.Series(
                    np.ascontiguousarray(table), dtype=polars.Array(polars.Float64, table.shape[1])
                )
        whole = {"format": FORMAT, "key": self.key, "first": first, "count": len(values)}
        text = _text({**whole, "checksum": _BLANK.decode(), "about": self.about})
        paper = BytesIO()
        polars.DataFrame(columns).write_parquet(paper, metadata={_ENTRY: text})
        blank = paper.getvalue()
        (place,) = _MARK.finditer(blank)
        return _with_checksum(blank, place, sha256(blank).hexdigest().encode())

    def _load(self, file: Path, first: int, count: int) -> tuple[Floats, list[Floats]]:
        """What the draws of a file take and answer, once it is known to be what it should be."""
        data = _whole(file)
        try:
            return self._unpacked(file, data, first, count)
        except (ValueError, KeyError, TypeError, LookupError, _polars().exceptions.PolarsError):
            raise _refused(file, "is not laid out as draws are") from None

    def _unpacked(
        self, file: Path, data: bytes, first: int, count: int
    ) -> tuple[Floats, list[Floats]]:
        polars = _polars()
        said = json.loads(polars.read_parquet_metadata(BytesIO(data))[_ENTRY])
        if said["format"] > FORMAT:
            raise StoreError(
                f"{file} was written by a newer standoff (format {said['format']}, this one reads "
                f"{FORMAT}); use that one, or another folder"
            )
        if said["key"] != self.key:
            raise _refused(file, "holds draws of another crisis, other questions or other settings")
        if (said["first"], said["count"]) != (first, count):
            raise _refused(file, "has been renamed")
        table = polars.read_parquet(BytesIO(data))
        if len(table) != count:
            raise ValueError
        inputs, *lines = (
            table[name].to_numpy() if name in table.columns else np.empty((count, 0))
            for name in ("inputs", *self.columns)
        )
        return inputs, lines


def open_store(
    folder: str | Path,
    crisis: Crisis,
    entries: tuple[Entry, ...],
    settings: Settings,
    central: Hierarchy,
    about: Mapping[str, Any],
    asked: Iterable[str],
) -> Store:
    """Open the part of a folder that holds certain draws; it is made if it is not there.

    Parameters
    ----------
    folder
        Where draws are kept; it may hold those of other crises, questions and settings too.
    crisis, entries, settings, central
        What is drawn from, as for :func:`standoff.study.ensemble.draw_answers`.
    about
        What else the answers depend on, as it could be written as JSON.
    asked
        What is asked, in the order of the answers.

    Raises
    ------
    StoreError
        If nothing can be written there.
    CrisisError
        If polars is not installed.
    """
    check_folder(folder)
    whole = {
        "standoff": version("standoff"),
        "crisis": crisis.digest,
        "numbers": sha256(repr(entries).encode()).hexdigest(),  # equal crises may order theirs
        "depth": settings.depth,
        "tau": central.tau,
        "seed": settings.seed,
        "central tolerance": central.tolerance,
        **about,
    }
    here = Path(folder) / f"draws-{_key(whole)[:16]}"
    check_folder(here)
    columns = (f"answer {number}: {each}" for number, each in enumerate(asked, 1))
    return Store(here, whole, tuple(columns))


def check_folder(folder: str | Path) -> None:
    """See to it that draws can be kept in a folder: it is made if it is not there.

    Raises
    ------
    StoreError
        If it cannot be written to.
    CrisisError
        If polars is not installed.
    """
    _polars()
    here = Path(folder)
    try:
        here.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise StoreError(f"no draws can be kept in {here}: it is a file, not a folder") from None
    except OSError as err:
        raise StoreError(f"no draws can be kept in {here}: {err.strerror or err}") from err
    if not os.access(here, os.R_OK | os.W_OK | os.X_OK):
        raise StoreError(f"no draws can be kept in {here}: it may not be written to")


def _polars() -> Any:
    return need("polars", extra="tables", why="keeping draws on disk")


def _key(about: Mapping[str, Any]) -> str:
    return sha256(_text({"format": FORMAT, **about}).encode()).hexdigest()


def _text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, default=repr)  # a patch may give a weight or a time as an object


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as err:
        raise StoreError(f"{folder} cannot be read: {err.strerror or err}") from err


def _whole(file: Path) -> bytes:
    """The bytes of a file, if they are what they were when it was written."""
    try:
        data = file.read_bytes()
    except OSError as err:
        raise StoreError(f"{file} cannot be read: {err.strerror or err}") from err
    if not data.startswith(b"PAR1"):
        raise _refused(file, "is not a Parquet file")
    places = list(_MARK.finditer(data))
    if not places:
        raise _refused(file, "is cut short, or was not written by standoff")
    place = places[-1]
    if sha256(_with_checksum(data, place, _BLANK)).hexdigest().encode() != place[1]:
        raise _refused(file, "is damaged: its checksum does not match")
    return data


def _with_checksum(data: bytes, place: re.Match[bytes], checksum: bytes) -> bytes:
    return data[: place.start(1)] + checksum + data[place.end(1) :]


def _refused(file: Path, why: str) -> StoreError:
    return StoreError(
        f"{file} {why}; move it elsewhere and call again, and the draws that are missing are "
        "computed anew"
    )


def _settle(folder: Path) -> None:
    """Let the names in a folder survive a power cut too, where a system can be asked to."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
