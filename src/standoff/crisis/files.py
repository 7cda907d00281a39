"""Finding and reading crisis files: by path, or by the name of a crisis that ships with us."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path

from standoff.crisis.errors import listed, nearest
from standoff.crisis.faults import Fault

MOST_BYTES = 300_000
"""The largest file that is read: several times any crisis we know, and still read in a second."""

FILE_NAME = "crisis.yaml"


class Missing(Exception):  # noqa: N818 (a note to the reader of the file)
    """There is nothing to read; carries the fault to show."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def library_names() -> tuple[str, ...]:
    """Return the names of the crises that ship with the package, sorted."""
    library = resources.files("standoff") / "library"
    if not library.is_dir():
        return ()
    return tuple(
        sorted(
            folder.name
            for folder in library.iterdir()
            if folder.is_dir() and (folder / FILE_NAME).is_file()
        )
    )


def find_file(name_or_path: str | os.PathLike[str]) -> Path:
    """Return the file that a path or the name of a shipped crisis stands for.

    Raises
    ------
    Missing
        There is none.
    """
    given = os.fspath(name_or_path)
    path = Path(given)
    try:
        if path.is_dir():
            if given in library_names() and not (path / FILE_NAME).exists():
                return _shipped(given)
            return _in_folder(path, given)
        if path.exists():
            return path
    except (OSError, ValueError):
        pass  # such as a name that is too long: then there is no such file
    if given in library_names():
        return _shipped(given)
    raise _nothing(path, given)


def _shipped(name: str) -> Path:
    return Path(str(resources.files("standoff") / "library" / name / FILE_NAME))


def _in_folder(folder: Path, given: str) -> Path:
    if (folder / FILE_NAME).is_file():
        return folder / FILE_NAME
    others = sorted(each.name for each in folder.iterdir() if each.suffix in (".yaml", ".yml"))
    named = f"in the folder: {listed(others)}; " if listed(others) else ""
    advice = f"{named}name the file itself" if others else ""
    raise Missing(
        Fault("SO002", "error", f"the folder has no `{FILE_NAME}`", file=given, help=advice)
    )


def _nothing(path: Path, given: str) -> Missing:
    shipped = library_names()
    try:
        around = [str(path.parent / each.name) for each in path.parent.iterdir()]
    except (OSError, ValueError):
        around = []
    near = nearest(given, [*around, *shipped])
    looks_like_a_path = os.sep in given or path.suffix
    also = "" if looks_like_a_path else ", and no shipped crisis of that name"
    some = "" if looks_like_a_path else listed(shipped)
    known = f"shipped crises: {some}" if some else ""
    return Missing(
        Fault(
            "SO001",
            "error",
            f"there is no file or folder `{given}`{also}",
            help=f"did you mean `{near}`?" if near else known,
        )
    )


def read_text(file: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    Missing
        It cannot be read, is too large, or is not text in UTF-8.
    """
    name = str(file)
    try:
        if not file.is_file():
            raise Missing(Fault("SO003", "error", "this is not a regular file", file=name))
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise Missing(
                Fault(
                    "SO004",
                    "error",
                    f"the file is too large for a crisis ({size:,} bytes, at most {MOST_BYTES:,})",
                    file=name,
                )
            )
        content = file.read_bytes()
    except OSError as err:
        reason = err.strerror or type(err).__name__
        raise Missing(
            Fault("SO003", "error", f"the file cannot be read: {reason}", file=name)
        ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise Missing(_not_utf8(content, err, name)) from None


def _not_utf8(content: bytes, err: UnicodeDecodeError, name: str) -> Fault:
    before = content[: err.start].decode("utf-8", "replace")
    line = before.count("\n") + 1
    start = before.rfind("\n") + 1
    rest = content[err.start :].split(b"\n")[0].decode("latin-1")
    return Fault(
        "SO005",
        "error",
        "the file is not text in UTF-8",
        name,
        line,
        len(before) - start + 1,
        1,
        f"byte {content[err.start]:#04x}",
        "save the file as UTF-8",
        before[start:] + rest,
    )
