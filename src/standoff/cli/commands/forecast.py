"""`standoff forecast`: how likely the answer to each question is yes."""

from __future__ import annotations

import argparse

from standoff.cli.arguments import (
    Parser,
    add_crisis,
    add_settings,
    add_views,
    hierarchy_of,
    variation_of,
    whole,
)
from standoff.cli.output import progress, say_json, say_text
from standoff.cli.refusal import Refusal


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add = parser.add_argument
    add("--question", metavar="Q", action="append", default=[],
        help="answer only this question; may be repeated")  # fmt: skip
    add("--draws", metavar="N", type=whole(), default=0,
        help="only 0 so far: the central value alone")  # fmt: skip
    add_views(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Answer the questions of a crisis."""
    if options.draws:
        raise Refusal(
            "--draws: this version computes the central value only, without draws",
            "leave --draws out, or write --draws 0",
        )
    variation = variation_of(options)
    with progress() as advance:
        from standoff.crisis import CrisisError, load
        from standoff.crisis.errors import unknown
        from standoff.game.compile import why_no_forecast
        from standoff.study.batch import Request, answer_all, forecasts_of
        from standoff.study.forecast import Settings

        crisis = load(options.crisis)
        variation.of(crisis)
        if reason := why_no_forecast(crisis):
            raise CrisisError(f"{reason}; `standoff stability` tells what would last")
        names = tuple(dict.fromkeys(options.question)) or tuple(crisis.questions)
        for name in names:
            if name not in crisis.questions:
                raise unknown("forecast()", "question", name, crisis.questions)
        answers = answer_all(
            crisis,
            [Request(name, variation) for name in names],
            Settings(options.depth, options.tau, options.seed),
            hierarchy_of(options),
            workers=options.workers,
            progress=advance,
        )
        results = forecasts_of(names, iter(answers))
    if options.json:
        from standoff.present.json import forecasts_data

        say_json(forecasts_data(crisis, results))
        return 0
    from standoff.present.text import as_text, line
    from standoff.present.text_crisis import title
    from standoff.present.text_forecast import settings_line

    if not results:
        say_text(title(crisis), "", line("The crisis asks no question."))
        return 0
    parts = [part for result in results.values() for part in ("", as_text(result, crisis=crisis))]
    say_text(title(crisis), *parts, "", settings_line(next(iter(results.values())).settings))
    return 0
