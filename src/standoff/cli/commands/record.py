"""`standoff record`: the timeline of a crisis, and entries from event data."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.cli.arguments import Parser, one_of
from standoff.cli.output import say, say_json, say_text, write_new
from standoff.cli.refusal import Refusal

if TYPE_CHECKING:
    from standoff.study.record_import import ImportedRecord

_TABLES = (".csv", ".parquet")


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add = parser.add_argument
    add("action", metavar="ACTION", type=one_of("show", "import"),
        help="show: the timeline; import: entries from event data")  # fmt: skip
    add("crisis", metavar="CRISIS", help="a file, a folder, or the name of a shipped crisis")
    add("file", metavar="FILE", nargs="?", default=None,
        help="import: event data, a row for each event (.csv, .tsv, .txt, .parquet)")  # fmt: skip
    add("--mapping", metavar="MAP", default=None,
        help="import: which rows set which levels, a YAML file")  # fmt: skip
    add("--out", metavar="FILE", default=None,
        help="import: a .csv, .parquet or .yaml to write (default: print the entries)")  # fmt: skip
    add("--force", action="store_true", help="import: write over a file that exists")


def run(options: argparse.Namespace) -> int:
    """Show what was observed, or make entries of event data."""
    return _import(options) if options.action == "import" else _show(options)


def _show(options: argparse.Namespace) -> int:
    from standoff.crisis import load
    from standoff.study.record import timeline

    for name in ("file", "mapping", "out"):
        if (value := getattr(options, name)) is not None:
            raise Refusal(f"`standoff record show` takes no `{value}`",
                          "it shows the record of one crisis")  # fmt: skip
    found = timeline(load(options.crisis))
    if options.json:
        from standoff.present.json_record import timeline_data

        say_json(timeline_data(found))
    else:
        from standoff.present.text import as_text

        say_text(as_text(found))
    return 0


def _import(options: argparse.Namespace) -> int:
    from standoff.crisis import load
    from standoff.study.record_import import import_record

    if options.file is None or options.mapping is None:
        missing = "FILE" if options.file is None else "--mapping MAP"
        raise Refusal(
            f"{missing} is missing",
            "standoff record import CRISIS FILE --mapping MAP [--out FILE]",
        )
    out = None if options.out in (None, "-") else Path(options.out)
    if out is not None and out.suffix not in (*_TABLES, ".yaml", ".yml"):
        raise Refusal(f"--out: `{out}` is neither .csv, .parquet nor .yaml")
    found = import_record(load(options.crisis), options.file, options.mapping)
    if out is not None:
        content = _content(found, out)
        write_new(out, content, force=options.force, source=Path(options.file))
    if options.json:
        from standoff.present.json_record import imported_data

        say_json({"file": None if out is None else str(out), **imported_data(found)})
        return 0
    from standoff.present.text import as_text, render

    if out is None:
        said = render(as_text(found)).rstrip("\n")
        comment = "\n".join(f"# {line}".rstrip() for line in said.split("\n"))
        say(f"{comment}\n{_yaml(found)}")
        return 0
    say_text(as_text(found), f"\nWrote {out}.{_advice(out)}")
    return 0


def _advice(out: Path) -> str:
    if out.suffix in _TABLES:
        return f" Beside a crisis, name it there: record: {{file: {out.name}}}"
    return " Put the section into the crisis."


def _content(found: ImportedRecord, out: Path) -> bytes:
    if out.suffix in _TABLES:
        from standoff.study.record_import import write_table

        return write_table(found.entries, out)
    return _yaml(found).encode()


def _yaml(found: ImportedRecord) -> str:
    from standoff.crisis.write import dumps_record
    from standoff.present.words import printable

    return printable(dumps_record(found.entries))
