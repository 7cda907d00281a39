"""`standoff run`: the whole analysis, as a screen and as a report."""

from __future__ import annotations

import argparse
from pathlib import Path

from standoff.cli.arguments import (
    Parser,
    add_crisis,
    add_settings,
    add_views,
    hierarchy_of,
    today_for,
    variation_of,
)
from standoff.cli.output import progress, say, say_json, say_text, writable

FOLDER = "standoff-report"


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    parser.add_argument("--out", metavar="FOLDER", default=FOLDER,
        help=f"where to write the report (default ./{FOLDER})")  # fmt: skip
    add_views(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Analyse a crisis, print the screen and write the report."""
    variation = variation_of(options)
    writable(options.out)
    with progress() as advance:
        from standoff.crisis import load
        from standoff.study.analysis import analyse
        from standoff.study.outlook import latest_situation

        crisis = load(options.crisis)
        start = variation.of(crisis, variation.situation or latest_situation(crisis)).start
        analysis = analyse(
            crisis,
            variation=variation,
            depth=options.depth,
            tau=options.tau,
            seed=options.seed,
            workers=options.workers,
            hierarchy=hierarchy_of(options),
            progress=advance,
        )
        from standoff.present.report import write_report

        advance("writing the report", 0.99)
        folder = Path(options.out)
        folder.mkdir(parents=True, exist_ok=True)
        report = write_report(analysis, folder / f"{_name(options.crisis)}.html")
    warnings = crisis.warnings(today_for(options.crisis))
    if options.json:
        from standoff.present.json import analysis_data, faults_data

        extra = {"warnings": faults_data(warnings), "report": str(report)}
        say_json({**analysis_data(analysis), **extra})
        return 0
    from standoff.present.text import as_text
    from standoff.present.words import counted, printable

    say_text(as_text(analysis, start=start))
    if warnings:
        found = counted(len(warnings), "warning")
        say(printable(f"\n{found}; to see: standoff check {options.crisis}"))
    say(printable(f"\nReport: {report}"))
    return 0


def _name(given: str) -> str:
    """Return what to call the report of a crisis that was given as a path or a name."""
    path = Path(given)
    name = path.parent.resolve().name if path.name == "crisis.yaml" else path.stem
    return name or path.resolve().name or "report"
