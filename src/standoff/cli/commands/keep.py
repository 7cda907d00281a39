"""`standoff keep`: write forecasts into a ledger that is never rewritten."""

from __future__ import annotations

import argparse

from standoff.cli.arguments import Parser, add_crisis, add_settings, add_views, variation_of
from standoff.cli.commands.forecast import add_asked, forecasts_for
from standoff.cli.ledgers import add_ledger, ledger_of, say_place, who_of
from standoff.cli.output import say_json, say_text
from standoff.cli.refusal import Refusal


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add_asked(parser)
    parser.add_argument("--seal", action="store_true",
        help="publish only a hash now, and the forecast with `standoff ledger reveal`")  # fmt: skip
    add_ledger(parser, seals=True, who=True)
    add_views(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Answer the questions of a crisis, and keep the answers."""
    ledger = ledger_of(options)
    ledger.ready()
    crisis, results = forecasts_for(options)
    if not results:
        raise Refusal("the crisis asks no question, so there is nothing to keep")
    variation = variation_of(options)
    entries = ledger.keep(
        crisis, results.values(), variation=variation, sealed=options.seal, who=who_of(options)
    )
    known = ledger.kept_in(entries)
    if options.json:
        from standoff.present.json_ledger import kept_data

        sealed = str(ledger.seals) if options.seal else None
        say_json({
            "ledger": ledger.place,
            "head": entries[-1].hash,
            "seals": sealed,
            "kept": [kept_data(each) for each in known],
        })  # fmt: skip
        return 0
    from standoff.present.text_crisis import title
    from standoff.present.text_ledger import just_kept

    seals = ledger.seals if options.seal else None
    say_text(title(crisis), "", just_kept(known, seals))
    say_place(options, ledger, seals=options.seal)
    return 0
