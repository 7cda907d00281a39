"""`standoff ledger`: what was kept, whether it fits together, and what was sealed."""

from __future__ import annotations

import argparse

from standoff.cli.arguments import Parser, one_of
from standoff.cli.ledgers import add_ledger, ledger_of, say_place, who_of
from standoff.cli.output import say_json, say_text
from standoff.cli.refusal import Refusal


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add = parser.add_argument
    add("action", metavar="verify, show, reveal", nargs="?", default="list",
        type=one_of("verify", "show", "reveal", "list"),
        help="verify: does every hash fit? show: one forecast; reveal: what a sealed one "
        "says; without any of them: all forecasts")  # fmt: skip
    add("id", metavar="ID", nargs="?", default=None, help="for show and reveal: which forecast")
    add("--head", metavar="HASH", default=None,
        help="for verify: a hash noted earlier, that must still be there")  # fmt: skip
    add_ledger(parser, seals=True, who=True)


def run(options: argparse.Namespace) -> int:
    """Show a ledger, verify it, or reveal what was sealed in it."""
    _check(options)
    match options.action:
        case "verify":
            return _verify(options)
        case "show":
            return _show(options)
        case "reveal":
            return _reveal(options)
        case _:
            return _list(options)


def _check(options: argparse.Namespace) -> None:
    action = options.action
    if action in ("show", "reveal") and options.id is None:
        raise Refusal(f"`standoff ledger {action}` needs an ID", "`standoff ledger` lists them")
    if action in ("verify", "list") and options.id is not None:
        raise Refusal(
            f"`standoff ledger {action}` takes no ID", f"`standoff ledger show {options.id}`"
        )
    if options.head is not None and action != "verify":
        raise Refusal("--head belongs to `standoff ledger verify`")
    if options.head is not None and len(options.head) < 8:
        raise Refusal("--head: give at least the first 8 digits of the hash")


def _list(options: argparse.Namespace) -> int:
    ledger = ledger_of(options)
    entries = ledger.entries()
    known = ledger.kept_in(entries)
    head = entries[-1].hash if entries else None
    if options.json:
        from standoff.present.json_ledger import kept_data

        say_json({
            "ledger": ledger.place,
            "entries": len(entries),
            "head": head,
            "forecasts": [kept_data(each) for each in known],
        })  # fmt: skip
        return 0
    from standoff.present.text_ledger import ledger_table

    say_text(ledger_table(known, entries))
    say_place(options, ledger)
    return 0


def _verify(options: argparse.Namespace) -> int:
    ledger = ledger_of(options)
    found = ledger.verify(options.head)
    if options.json:
        from standoff.present.json_ledger import verification_data

        say_json(verification_data(found))
    else:
        from standoff.present.text import as_text

        say_text(as_text(found))
        say_place(options, ledger)
    return 0 if found.fits else 1


def _show(options: argparse.Namespace) -> int:
    ledger = ledger_of(options)
    kept = ledger.find(options.id)
    if options.json:
        from standoff.present.json_ledger import kept_data

        say_json({"ledger": ledger.place, **kept_data(kept)})
        return 0
    from standoff.present.text import as_text

    say_text(as_text(kept))
    say_place(options, ledger)
    return 0


def _reveal(options: argparse.Namespace) -> int:
    ledger = ledger_of(options)
    entry = ledger.reveal(options.id, who=who_of(options))
    kept = ledger.find(entry.id)
    if options.json:
        from standoff.present.json_ledger import kept_data

        say_json({"ledger": ledger.place, "entry": entry.id, **kept_data(kept)})
        return 0
    from standoff.present.text import as_text, line

    told = line(f"Revealed, and it fits the hash that was published: {entry.id}.")
    say_text(told, "", as_text(kept))
    say_place(options, ledger)
    return 0
