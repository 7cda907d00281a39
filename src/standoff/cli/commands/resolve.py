"""`standoff resolve`: how a kept forecast came out, and from what it is known."""

from __future__ import annotations

import argparse

from standoff.cli.arguments import Parser, one_of
from standoff.cli.ledgers import add_ledger, ledger_of, say_place, who_of
from standoff.cli.output import say_json, say_text


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add = parser.add_argument
    add("id", metavar="ID", help="the forecast, by the name or number that `standoff ledger` shows")
    add("--outcome", metavar="yes|no", type=one_of("yes", "no", "open"), required=True,
        help="how it came out; open, with --correct, takes back what was said")  # fmt: skip
    add("--source", metavar="TEXT", required=True, help="who reported it, and where")
    add("--note", metavar="TEXT", default=None, help="anything else")
    add("--early", action="store_true",
        help="before it closes, although nothing that happened settles it")  # fmt: skip
    add("--correct", action="store_true",
        help="correct an earlier resolution, which stays in the ledger")  # fmt: skip
    add_ledger(parser, who=True)


def run(options: argparse.Namespace) -> int:
    """Resolve a kept forecast."""
    ledger = ledger_of(options)
    entry = ledger.resolve(
        options.id,
        options.outcome,
        source=options.source,
        note=options.note,
        early=options.early,
        correct=options.correct,
        who=who_of(options),
    )
    kept = ledger.find(entry.id)
    if options.json:
        from standoff.present.json_ledger import kept_data

        say_json({"ledger": ledger.place, "entry": entry.id, **kept_data(kept)})
        return 0
    from standoff.present.text_ledger import just_resolved
    from standoff.study.ledger_kept import others_open

    more = others_open(ledger.forecasts(), kept)
    say_text(just_resolved(kept, more))
    say_place(options, ledger)
    return 0
