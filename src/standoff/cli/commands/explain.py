"""`standoff explain`: what an answer rests on, and what would change it."""

from __future__ import annotations

import argparse

from standoff.cli.arguments import (
    Parser,
    add_crisis,
    add_settings,
    add_views,
    hierarchy_of,
    one_of,
    variation_of,
    whole,
)
from standoff.cli.output import progress, say_json, say_text
from standoff.cli.refusal import Refusal


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add = parser.add_argument
    add("--question", metavar="Q", required=True, help="the question")
    add("--by", metavar="WHAT", type=one_of("claim", "passage", "actor", "kind"),
        help="share the answer out by claim, passage, actor or kind of claim")  # fmt: skip
    add("--orders", metavar="N", type=whole(10_000), default=8,
        help="orders drawn where there are many (default 8)")  # fmt: skip
    add("--retract", metavar="SOURCE", action="append", default=[],
        help="instead: what the answer becomes without a source or passage")  # fmt: skip
    add_views(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Say what carries the answer to one question."""
    if options.orders < 2:
        raise Refusal("--orders: it takes at least 2 orders", "the default is 8")
    variation = variation_of(options)
    with progress() as advance:
        from standoff.crisis import CrisisError, load
        from standoff.game.compile import why_no_forecast
        from standoff.study.account import explain
        from standoff.study.asking import Settings
        from standoff.study.attribution import retract

        crisis = load(options.crisis)
        if reason := why_no_forecast(crisis):
            raise CrisisError(f"{reason}; `standoff stability --explain` tells why a state lasts")
        settings = Settings(options.depth, options.tau, options.seed)
        solver = hierarchy_of(options)
        if options.retract:
            changed = variation.of(crisis)
            retracted = {
                passage: retract(
                    changed,
                    passage,
                    [options.question],
                    settings=settings,
                    hierarchy=solver,
                    workers=options.workers,
                )
                for passage in options.retract
            }
        else:
            account = explain(
                crisis,
                options.question,
                by=options.by,
                variation=variation,
                orders=options.orders,
                workers=options.workers,
                progress=advance,
                settings=settings,
                hierarchy=solver,
            )
    if options.retract:
        return _say_retracted(options, retracted)
    if options.json:
        from standoff.present.json_account import account_data

        say_json(account_data(crisis, account))
        return 0
    from standoff.present.text import as_text
    from standoff.present.text_crisis import title
    from standoff.present.text_forecast import settings_line

    say_text(title(crisis), "", as_text(account, crisis=crisis), "", settings_line(settings))
    return 0


def _say_retracted(
    options: argparse.Namespace, found: dict[str, dict[str, tuple[float, float]]]
) -> int:
    if options.json:
        data = {
            passage: {name: {"central": now, "without": left} for name, (now, left) in each.items()}
            for passage, each in found.items()
        }
        say_json({"retracted": data})
        return 0
    from standoff.present.text import line
    from standoff.present.wording import likely, points

    lines = []
    for passage, each in found.items():
        for now, left in each.values():
            change = f"instead of {likely(now)}, {points(left - now)}"
            lines.append(line(f"Without {passage}: {likely(left)} {change}."))
    say_text(*lines)
    return 0
