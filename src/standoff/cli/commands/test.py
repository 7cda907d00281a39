"""`standoff test`: whether the crisis says what its assessment concluded."""

from __future__ import annotations

import argparse

from standoff.cli.arguments import (
    Parser,
    add_crisis,
    add_settings,
    add_views,
    hierarchy_of,
    variation_of,
)
from standoff.cli.output import progress, say_json, say_text


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add_views(parser, situation=False)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Compute both sides of every expectation of a crisis."""
    variation = variation_of(options)
    with progress() as advance:
        from standoff.crisis import load
        from standoff.study.expectations import check_expectations

        crisis = variation.of(load(options.crisis))
        verdicts = check_expectations(
            crisis,
            depth=options.depth,
            tau=options.tau,
            seed=options.seed,
            workers=options.workers,
            hierarchy=hierarchy_of(options),
            progress=advance,
        )
    failed = sum(not verdict.holds for verdict in verdicts.values())
    if options.json:
        from standoff.present.json import verdicts_data

        say_json(verdicts_data(verdicts))
        return int(failed > 0)
    from standoff.present.text import as_text, line
    from standoff.present.text_analysis import tally
    from standoff.present.text_crisis import title

    parts = [
        part for verdict in verdicts.values() for part in ("", as_text(verdict, crisis=crisis))
    ]
    last = tally(len(verdicts) - failed, len(verdicts)) if verdicts else "It expects nothing."
    views = [line(f"Views: {'; '.join(crisis.lineage)}.")] if crisis.lineage else []
    say_text(title(crisis), *views, *parts, "", line(last, style="bold"))
    return int(failed > 0)
