"""`standoff check`: faults and warnings, each with its place in the file."""

from __future__ import annotations

import argparse

from standoff.cli.arguments import Parser, add_crisis, one_of, today_for
from standoff.cli.output import say, say_json


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    parser.add_argument("--format", metavar="FORM", type=one_of("text", "json", "short"),
        default="text", help="text (default), short (one line each) or json")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print what is wrong with a crisis, and what is probably not meant."""
    from standoff.crisis import check_file, render
    from standoff.present.words import counted, listed, printable

    faults = check_file(options.crisis, today_for(options.crisis))
    errors = sum(fault.severity == "error" for fault in faults)
    status = 2 if errors else 0
    if options.json or options.format == "json":
        from standoff.present.json import faults_data

        say_json(faults_data(faults))
    elif options.format == "short":
        if faults:
            say(printable("\n".join(fault.short for fault in faults)))
    else:
        warnings = len(faults) - errors
        found = [
            counted(number, noun)
            for number, noun in ((errors, "error"), (warnings, "warning"))
            if number
        ]
        text = f"{render(faults)}\n\n" if faults else ""
        say(printable(f"{text}{options.crisis}: {listed(found) or 'no faults, no warnings'}"))
    return status
