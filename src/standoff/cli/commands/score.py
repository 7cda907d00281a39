"""`standoff score`: how good the kept forecasts were, and which claims were right."""

from __future__ import annotations

import argparse
import os

from standoff.cli.arguments import Parser, memory, one_of, whole
from standoff.cli.ledgers import add_ledger, ledger_of, say_place
from standoff.cli.output import progress, say_json, say_text
from standoff.cli.refusal import Refusal

MOST_RESAMPLES = 1_000_000


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add = parser.add_argument
    add("--resamples", metavar="N", type=whole(MOST_RESAMPLES), default=2000,
        help="bootstrap samples for the intervals (default 2000)")  # fmt: skip
    add("--seed", metavar="S", type=whole(), default=0, help="of the bootstrap (default 0)")
    add_ledger(parser)
    group = parser.add_argument_group(
        "post-mortem", "Instead of the scores: what pushed one resolved forecast which way."
    )
    more = group.add_argument
    more("--postmortem", metavar=("ID", "CRISIS"), nargs=2, default=None,
        help="the forecast, and the crisis that it was kept from")  # fmt: skip
    more("--by", metavar="WHAT", type=one_of("claim", "passage", "actor", "kind"),
        help="claim, passage, actor or kind (default: claim)")  # fmt: skip
    more("--orders", metavar="N", type=whole(10_000), default=None,
        help="orders drawn where there are many claims (default 8)")  # fmt: skip
    more("--anyway", action="store_true",
        help="although the crisis is not the one that was kept")  # fmt: skip
    more("--memory", metavar="SIZE", type=memory, default=None,
        help="refuse a crisis that would need more than this (default 4GiB)")  # fmt: skip
    more("--workers", metavar="N", type=whole(), default=os.cpu_count() or 1,
        help="processes that may share the work (default: one for each core)")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Score a ledger, or look back at one forecast in it."""
    if options.postmortem is not None:
        return _look_back(options)
    if options.by or options.orders is not None or options.anyway:
        raise Refusal("--by, --orders and --anyway belong to --postmortem ID CRISIS")
    from standoff.study.ledger_scores import score_ledger

    ledger = ledger_of(options)
    known = ledger.forecasts()
    found = score_ledger(ledger.place, known, seed=options.seed, resamples=options.resamples)
    if options.json:
        from standoff.present.json_scores import ledger_scores_data

        say_json(ledger_scores_data(found))
        return 0
    from standoff.present.text import as_text

    say_text(as_text(found))
    say_place(options, ledger)
    return 0


def _look_back(options: argparse.Namespace) -> int:
    name, given = options.postmortem
    if options.orders is not None and options.orders < 2:
        raise Refusal("--orders: it takes at least 2 orders", "the default is 8")
    ledger = ledger_of(options)
    kept = ledger.find(name)
    with progress() as advance:
        from standoff.crisis import load
        from standoff.game.size import DEFAULT_MEMORY
        from standoff.study.attribution import ORDERS
        from standoff.study.hierarchy import Hierarchy
        from standoff.study.postmortem import post_mortem

        crisis = load(given)
        settings = kept.known.settings
        found = post_mortem(
            crisis,
            kept,
            by=options.by or "claim",
            orders=options.orders or ORDERS,
            anyway=options.anyway,
            hierarchy=Hierarchy(
                depth=settings.depth, tau=settings.tau, memory=options.memory or DEFAULT_MEMORY
            ),
            workers=options.workers,
            progress=advance,
        )
    if options.json:
        from standoff.present.json_scores import post_mortem_data

        say_json({"ledger": ledger.place, **post_mortem_data(found)})
        return 0
    from standoff.present.text import as_text
    from standoff.present.text_crisis import title

    say_text(title(crisis), "", as_text(found, crisis=crisis))
    say_place(options, ledger)
    return 0
