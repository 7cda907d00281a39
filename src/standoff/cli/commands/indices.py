"""`standoff indices`: which uncertain numbers the spread of an answer comes from."""

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

_POINTS = 64


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add = parser.add_argument
    add("--question", metavar="Q", required=True, help="the question")
    add("--by", metavar="WHAT", type=one_of("number", "passage", "actor", "kind"),
        help="look at each number, or at all of a passage, actor or kind together "
             "(default: numbers up to 12, then passages)")  # fmt: skip
    add("--points", metavar="N", type=whole(2**16), default=_POINTS,
        help=f"a power of two: more points, narrower intervals (default {_POINTS})")  # fmt: skip
    add_views(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Say where the spread of one answer comes from."""
    if options.points < 2 or options.points & (options.points - 1):
        near = max(2, 2 ** options.points.bit_length())
        raise Refusal(f"--points: {options.points} is no power of two", f"for example {near}")
    variation = variation_of(options)
    with progress() as advance:
        from standoff.crisis import CrisisError, load
        from standoff.game.compile import why_no_forecast
        from standoff.study.asking import Settings
        from standoff.study.indices import find_indices

        crisis = load(options.crisis)
        if reason := why_no_forecast(crisis):
            raise CrisisError(f"{reason}; `standoff stability` tells what would last")
        result = find_indices(
            crisis,
            options.question,
            by=options.by,
            variation=variation,
            settings=Settings(options.depth, options.tau, options.seed),
            points=options.points,
            hierarchy=hierarchy_of(options),
            workers=options.workers,
            progress=advance,
        )
    if options.json:
        from standoff.present.json_indices import indices_data

        say_json(indices_data(crisis, result))
        return 0
    from standoff.present.text import as_text
    from standoff.present.text_crisis import title

    say_text(title(crisis), "", as_text(result, crisis=crisis))
    return 0
