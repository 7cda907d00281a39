"""What goes to standard output and standard error, and how wide."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from standoff.cli.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

_LONGEST = 36
NARROW, WIDE = 80, 100
"""The width of text that goes to a file or a pipe, and the most that any text takes."""


def say(text: str) -> None:
    """Print text on standard output; a reader who has gone away is no error."""
    try:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still in the buffer must go somewhere when the interpreter shuts down.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def say_json(data: Any) -> None:
    """Print one JSON document on standard output."""
    from standoff.present.json import dumps

    text = dumps(data)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        text = dumps(data, ascii_only=True)
    say(text)


def say_text(*results: RenderableType) -> None:
    """Print what is to be read: in colour on a terminal that has it, otherwise plain."""
    from standoff.present.text import render

    say(render(*results, width=width(), colour=_colour()))


def on_terminal() -> bool:
    """Return whether standard output is read by a person."""
    return sys.stdout.isatty()


def width() -> int:
    """Return the width of the text: the terminal's, but not too wide to read; 80 if piped."""
    if not on_terminal():
        return NARROW
    return max(20, min(WIDE, shutil.get_terminal_size((NARROW, 24)).columns))


def _colour() -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return on_terminal() and not plain


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str, float], None]]:
    """Give a function to call with what is being done and the share that is done.

    On a terminal it shows a bar on standard error, with the time left; elsewhere nothing.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _what, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
    console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
    began, base, last = time.monotonic(), 0.0, 0.0
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=1.0)

        def advance(what: str, share: float) -> None:
            nonlocal began, base, last
            if share < last:  # other work has begun, which goes at a pace of its own
                began, base = time.monotonic(), share
            last = share
            left = time_left(time.monotonic() - began, (share - base) / ((1 - base) or 1))
            done = shorten(what, _LONGEST, placeholder=" ...")
            bar.update(task, description=f"{done}{left}", completed=share)

        yield advance


def time_left(elapsed: float, share: float) -> str:
    """Say how long it will take yet, once enough is done to tell.

    Examples
    --------
    >>> time_left(10.0, 0.25), time_left(300.0, 0.5), time_left(1.0, 0.01)
    (', about 30 s left', ', about 5 min left', '')
    """
    if share < 0.05:
        return ""
    seconds = elapsed * (1 - share) / share
    if seconds < 1:
        return ""
    about = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
    return f", about {about} left"


def writable(folder: str) -> None:
    """Refuse a folder that cannot be written to, before any long work is done for it.

    Raises
    ------
    Refusal
        If it is not a folder, or may not be written to.
    """
    here = os.path.abspath(folder)
    while not os.path.exists(here) and os.path.dirname(here) != here:
        here = os.path.dirname(here)
    if not os.path.isdir(here):
        raise Refusal(f"--out: `{here}` is a file, not a folder")
    if not os.access(here, os.W_OK | os.X_OK):
        raise Refusal(
            f"--out: nothing can be written to `{here}`", "name another folder with --out FOLDER"
        )


def write_new(file: Path, content: bytes, *, force: bool, source: Path | None = None) -> None:
    """Write a file that is not there yet, or over one that is if that is asked for.

    Parameters
    ----------
    file, content
        Where to write, and what.
    force
        Whether to write over what is there.
    source
        A file that is never written over.

    Raises
    ------
    Refusal
        If the file is there, or cannot be written.
    """
    writable(str(file.parent))
    if file.is_dir():
        raise Refusal(f"--out: `{file}` is a folder, not a file")
    if source is not None and file.exists() and file.samefile(source):
        raise Refusal(f"--out: `{file}` is the file that is read", "name another file")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb" if force else "xb") as paper:
            paper.write(content)
    except FileExistsError:
        raise Refusal(
            f"`{file}` exists already, and is left as it is",
            "name another file with --out FILE, or add --force to write over it",
        ) from None
