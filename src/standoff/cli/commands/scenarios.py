"""`standoff scenarios`: the kinds of outcome that the stated uncertainty allows."""

from __future__ import annotations

import argparse

from standoff.cli.arguments import (
    Parser,
    add_crisis,
    add_draws,
    add_scale,
    add_settings,
    add_views,
    hierarchy_of,
    scale_of,
    variation_of,
    whole,
)
from standoff.cli.output import progress, say_json, say_text
from standoff.cli.refusal import Refusal

_MOST = 6


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add = parser.add_argument
    add("--question", metavar="Q", action="append", default=[],
        help="group by this question only; may be repeated")  # fmt: skip
    add("--most", metavar="N", type=whole(_MOST), default=_MOST,
        help="the most scenarios to tell apart (default 6)")  # fmt: skip
    add_draws(parser, "as many as take ten seconds, at least 64")
    add_scale(parser)
    add_views(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Find the scenarios of one situation."""
    if options.draws == 0:
        raise Refusal("--draws: it takes at least 1 draw", "64 or more tell something")
    if options.most == 0:
        raise Refusal("--most: there is at least 1 scenario", f"the default is {_MOST}")
    variation = variation_of(options)
    with scale_of(options) as scale, progress() as advance:
        from standoff.crisis import CrisisError, load
        from standoff.game.compile import why_no_forecast
        from standoff.study.asking import Settings
        from standoff.study.scenarios import find_scenarios

        crisis = load(options.crisis)
        variation.of(crisis)
        if reason := why_no_forecast(crisis):
            raise CrisisError(f"{reason}; `standoff stability` tells what would last")
        result = find_scenarios(
            crisis,
            options.question or None,
            variation=variation,
            settings=Settings(options.depth, options.tau, options.seed),
            draws=options.draws,
            most=options.most,
            hierarchy=hierarchy_of(options),
            workers=options.workers,
            progress=advance,
            **scale,
        )
    if options.json:
        from standoff.present.json_scenarios import scenarios_data

        say_json(scenarios_data(crisis, result))
        return 0
    from standoff.present.text import as_text
    from standoff.present.text_crisis import title

    say_text(title(crisis), as_text(result, crisis=crisis))
    return 0
