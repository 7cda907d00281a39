"""`standoff explain-error`: what a code that `check` prints means."""

from __future__ import annotations

import argparse

from standoff.cli.arguments import Parser
from standoff.cli.output import say, say_json


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    parser.add_argument("code", metavar="CODE", help="such as SO014")


def run(options: argparse.Namespace) -> int:
    """Print what a code means."""
    from standoff.crisis import explained

    known = explained(options.code)
    if options.json:
        say_json({"code": known.code, "title": known.title, "text": known.text})
    else:
        say(str(known))
    return 0
