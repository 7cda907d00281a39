"""`standoff run`: the whole analysis, as a screen and as a report."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.cli.arguments import (
    MOST_DRAWS,
    Parser,
    add_crisis,
    add_scale,
    add_settings,
    add_views,
    hierarchy_of,
    scale_of,
    today_for,
    variation_of,
    whole,
)
from standoff.cli.output import progress, say, say_json, say_text, writable

if TYPE_CHECKING:
    from standoff.study.analysis import Analysis

FOLDER = "standoff-report"
NONE = "none"


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    parser.add_argument("--out", metavar="FOLDER", default=FOLDER,
        help=f"where to write the report (default ./{FOLDER})")  # fmt: skip
    parser.add_argument("--draws", metavar="N", type=whole(MOST_DRAWS), default=64,
        help="draws from all that is uncertain (default 64; 0 for central values)")  # fmt: skip
    parser.add_argument("--explain", metavar="Q", action="append", default=[],
        help="say what this answer rests on; `none` for no answer (default: the first question "
             "of the latest situation)")  # fmt: skip
    parser.add_argument("--levers", metavar="ACTOR", action="append", default=[],
        help="also what this actor could do about these answers")  # fmt: skip
    add_scale(parser)
    add_views(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Analyse a crisis, print the screen and write the report."""
    variation = variation_of(options)
    writable(options.out)
    with scale_of(options) as scale, progress() as advance:
        from standoff.crisis import load
        from standoff.study.analysis import analyse, worth_explaining

        crisis = load(options.crisis)
        explained = options.explain or [worth_explaining(crisis, variation) or NONE]
        analysis = analyse(
            crisis,
            variation=variation,
            depth=options.depth,
            tau=options.tau,
            seed=options.seed,
            draws=options.draws,
            explained=[name for name in dict.fromkeys(explained) if name != NONE],
            levers=tuple(dict.fromkeys(options.levers)),
            workers=options.workers,
            hierarchy=hierarchy_of(options),
            progress=advance,
            **scale,
        )
    warnings = crisis.warnings(today_for(options.crisis))
    file = Path(options.out) / f"{_name(options.crisis)}.html"
    if options.json:
        from standoff.present.json import analysis_data, faults_data

        extra = {"warnings": faults_data(warnings), "report": str(_report(analysis, file))}
        say_json({**analysis_data(analysis), **extra})
        return 0
    from standoff.present.text import as_text
    from standoff.present.words import counted, printable

    say_text(as_text(analysis))
    if warnings:
        found = counted(len(warnings), "warning")
        say(printable(f"\n{found}; to see: standoff check {options.crisis}"))
    # Written last: should it fail, the answers have been given.
    say(printable(f"\nReport: {_report(analysis, file)}"))
    return 0


def _report(analysis: Analysis, file: Path) -> Path:
    from standoff.present.report import write_report

    return write_report(analysis, file)


def _name(given: str) -> str:
    """Return what to call the report of a crisis that was given as a path or a name."""
    path = Path(given)
    if path.name == "crisis.yaml" or path.is_dir():
        path = path.resolve()
        return (path.parent if path.is_file() else path).name or "report"
    return path.stem if path.suffix in (".yaml", ".yml", ".json") else path.name
