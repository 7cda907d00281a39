"""What the commands about a ledger share: where it is, and who writes in it."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from standoff.cli.arguments import Parser
from standoff.cli.output import say
from standoff.cli.refusal import Refusal

if TYPE_CHECKING:
    from standoff.study.ledger import Ledger

VARIABLE = "STANDOFF_LEDGER"
FILE = "standoff-ledger.sqlite"


def add_ledger(parser: Parser, *, seals: bool = False, who: bool = False) -> None:
    """Add where the ledger is; where seals are, and who writes, for commands that need them."""
    group = parser.add_argument_group("the ledger")
    add = group.add_argument
    add("--ledger", metavar="FILE_OR_URL", default=None,
        help=f"a file, or postgresql+psycopg://... for a team (default: {VARIABLE} if it is set, "
        f"else {FILE} in this folder)")  # fmt: skip
    if seals:
        add("--seals", metavar="FOLDER", default=None,
            help="what sealed forecasts say (default: seals, beside the ledger)")  # fmt: skip
    if who:
        add("--who", metavar="NAME", default=None,
            help="who signs (default: STANDOFF_WHO if it is set, else your user name)")  # fmt: skip


def ledger_of(options: argparse.Namespace) -> Ledger:
    """Return the ledger that is meant."""
    from standoff.study.ledger import Ledger

    return Ledger(_place(options)[0], seals=getattr(options, "seals", None))


def who_of(options: argparse.Namespace) -> str | None:
    """Return who signs; None for the user's name on this machine."""
    return options.who or os.environ.get("STANDOFF_WHO") or None


def say_place(options: argparse.Namespace, ledger: Ledger, *, seals: bool = False) -> None:
    """Print where the ledger is, and who says so: on one line, to be copied whole."""
    from standoff.present.words import printable

    folder = f"\nSeals: {os.path.abspath(ledger.seals)}" if seals else ""
    say(printable(f"{folder}\nLedger: {ledger.place} ({_place(options)[1]})"))


def _place(options: argparse.Namespace) -> tuple[str, str]:
    """Return the file or URL, and where it was named."""
    if options.ledger is not None:
        if not options.ledger.strip():
            raise Refusal("--ledger: it is empty", "name a file, or a URL")
        return options.ledger, "named by --ledger"
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return named, f"named by {VARIABLE}"
    return FILE, "the default"
