"""`standoff list`: the crises that ship with standoff."""

from __future__ import annotations

import argparse

from standoff.cli.arguments import Parser
from standoff.cli.output import say_json, say_text


def add_arguments(parser: Parser) -> None:
    """It takes nothing."""


def run(options: argparse.Namespace) -> int:
    """Print the shipped crises by name."""
    from standoff.crisis import CrisisError, library_names, load

    known = {}
    for name in library_names():
        try:
            crisis = load(name)
            known[name] = {"crisis": crisis.title, "summary": crisis.summary}
        except CrisisError:
            known[name] = {"crisis": None, "summary": f"has faults: standoff check {name}"}
    if options.json:
        say_json(known)
        return 0
    from standoff.present.text import line

    parts = [
        part
        for name, about in known.items()
        for part in (
            line(name, style="bold"),
            *(line(text, 2) for text in about.values() if text),
            "",
        )
    ]
    say_text(*parts, line("To see one: standoff run NAME" if known else "None are installed."))
    return 0
