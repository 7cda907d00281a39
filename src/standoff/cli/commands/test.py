"""`standoff test`: whether the crisis says what its assessment concluded."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from standoff.cli.arguments import (
    Parser,
    add_crisis,
    add_draws,
    add_settings,
    add_views,
    hierarchy_of,
    variation_of,
)
from standoff.cli.output import progress, say_json, say_text

if TYPE_CHECKING:
    from rich.console import RenderableType


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add_draws(parser, "0; with some, the share of them in which each holds")
    add_views(parser, situation=False)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Compute both sides of every expectation of a crisis."""
    variation = variation_of(options)
    with progress() as advance:
        from standoff.crisis import load
        from standoff.study.asking import Settings
        from standoff.study.expectations import check_expectations
        from standoff.study.robustness import expectation_shares
        from standoff.study.stages import Stages

        crisis = variation.of(load(options.crisis))
        solver = hierarchy_of(options)
        stages = Stages(advance, {"central": 1.0, "draws": options.draws or 0.0})
        verdicts = check_expectations(
            crisis,
            depth=options.depth,
            tau=options.tau,
            seed=options.seed,
            workers=options.workers,
            hierarchy=solver,
            progress=stages.of("central"),
        )
        shares = {}
        if options.draws and verdicts:
            shares = expectation_shares(
                crisis,
                draws=options.draws,
                settings=Settings(options.depth, options.tau, options.seed),
                workers=options.workers,
                hierarchy=solver,
                progress=stages.of("draws"),
            )
    failed = sum(not verdict.holds for verdict in verdicts.values())
    if options.json:
        from standoff.present.json import verdicts_data

        say_json(verdicts_data(verdicts, shares))
        return int(failed > 0)
    from standoff.present.text import as_text, line
    from standoff.present.text_analysis import tally
    from standoff.present.text_crisis import title

    parts: list[RenderableType] = []
    for name, verdict in verdicts.items():
        parts += ["", as_text(verdict, crisis=crisis)]
        if name in shares:
            parts.append(as_text(shares[name]))
    last = tally(len(verdicts) - failed, len(verdicts)) if verdicts else "It expects nothing."
    views = [line(f"Views: {'; '.join(crisis.lineage)}.")] if crisis.lineage else []
    say_text(title(crisis), *views, *parts, "", line(last, style="bold"))
    return int(failed > 0)
