"""`standoff import`: a crisis from another program's file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standoff.cli.arguments import Parser
from standoff.cli.output import say, say_json, write_new
from standoff.cli.refusal import Refusal

if TYPE_CHECKING:
    from standoff.crisis.gmcr import Imported


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add = parser.add_argument
    add("file", metavar="FILE.gmcr", help="a graph model saved by gmcr-py")
    add("--out", metavar="FILE", default=None,
        help="what to write (default: FILE.yaml, here; - for standard output)")  # fmt: skip
    add("--force", action="store_true", help="write over a file that exists")


def run(options: argparse.Namespace) -> int:
    """Read a file, write a crisis, and say what became of the rest."""
    from standoff.crisis.gmcr import read_gmcr

    given = Path(options.file)
    if given.suffix in (".yaml", ".yml"):
        raise Refusal(f"`{given}` is no .gmcr file", f"`standoff check {given}` reads a crisis")
    found = read_gmcr(given)
    text = found.text
    _readable(text)
    if options.out == "-":
        if options.json:
            say_json(_data(found, None, text))
        else:
            say(text)
        return 0
    file = Path(options.out if options.out is not None else f"{given.stem}.yaml")
    if file.is_dir():
        file = file / f"{given.stem}.yaml"
    write_new(file, text.encode(), force=options.force, source=given)
    if options.json:
        say_json(_data(found, file, text))
    else:
        say(_in_words(found, given, file))
    return 0


def _readable(text: str) -> None:
    """Refuse to write what could not be read again."""
    from standoff.crisis import CrisisError, loads
    from standoff.crisis.files import MOST_BYTES

    size = len(text.encode())
    if size > MOST_BYTES:
        raise Refusal(
            f"the crisis would have {size:,} bytes, and a crisis file may have {MOST_BYTES:,}",
            "rankings of many states take the most: order the states by statements",
        )
    try:
        loads(text)
    except CrisisError as err:
        raise Refusal(
            f"the crisis could not be read again: {err.faults[0].message if err.faults else err}"
        ) from None


def _data(found: Imported, file: Path | None, text: str) -> dict[str, Any]:
    crisis = found.crisis
    return {
        "file": None if file is None else str(file),
        "crisis": crisis.title,
        "digest": crisis.digest,
        "actors": {name: actor.name or name for name, actor in crisis.actors.items()},
        "options": dict(found.names),
        "notes": list(found.notes),
        "text": text if file is None else None,
    }


def _in_words(found: Imported, given: Path, file: Path) -> str:
    import textwrap

    from standoff.cli.output import width
    from standoff.present.words import clean, counted

    crisis = found.crisis
    actors = counted(len(crisis.actors), "actor")
    lines = [f"Wrote {file} from {given.name}: {actors}, {counted(len(found.names), 'option')}."]
    for name, actor in crisis.actors.items():
        owned = ", ".join(actor.options) or "no options"
        lines.append(f"  {name} ({clean(actor.name or name)}): {owned}")
    if crisis.conditions:
        lines.append(f"  nobody: {', '.join(crisis.conditions)}")
    if found.notes:
        lines += ["", "Notes, also at the top of the file:"]
    lines += [f"- {clean(note)}" for note in found.notes]
    lines += ["", f"Go on with `standoff stability {file}`, or look at it with "
                  f"`standoff check {file}`."]  # fmt: skip
    return "\n".join(
        textwrap.fill(
            line,
            width(),
            subsequent_indent="    " if line.startswith("  ") else "  " * line.startswith("-"),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines
    )
