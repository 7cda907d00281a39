"""`standoff forecast`: how likely the answer to each question is yes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

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
)
from standoff.cli.output import progress, say_json, say_text

if TYPE_CHECKING:
    from standoff.crisis import Crisis
    from standoff.study.forecast import Forecast


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add_asked(parser)
    add_views(parser)
    add_settings(parser)


def add_asked(parser: Parser) -> None:
    """Add which questions are answered, and from how many draws."""
    parser.add_argument("--question", metavar="Q", action="append", default=[],
        help="answer only this question; may be repeated")  # fmt: skip
    add_draws(parser, "as many as take ten seconds, at least 64")
    add_scale(parser)


def run(options: argparse.Namespace) -> int:
    """Answer the questions of a crisis."""
    crisis, results = forecasts_for(options)
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
    first = next(iter(results.values()))
    draws = 0 if first.spread is None else first.spread.draws
    say_text(title(crisis), *parts, "", settings_line(first.settings, draws))
    return 0


def forecasts_for(options: argparse.Namespace) -> tuple[Crisis, dict[str, Forecast]]:
    """Return the crisis, and the forecasts that were asked for by name of the question."""
    variation = variation_of(options)
    with scale_of(options) as scale, progress() as advance:
        from standoff.crisis import CrisisError, load
        from standoff.crisis.errors import unknown
        from standoff.crisis.uncertain import numbered
        from standoff.game.compile import why_no_forecast
        from standoff.study.asking import Request, Settings
        from standoff.study.batch import answer_all, forecasts_of
        from standoff.study.ensemble import draw_answers

        crisis = load(options.crisis)
        variation.of(crisis)
        if reason := why_no_forecast(crisis):
            raise CrisisError(f"{reason}; `standoff stability` tells what would last")
        names = tuple(dict.fromkeys(options.question)) or tuple(crisis.questions)
        for name in names:
            if name not in crisis.questions:
                raise unknown("forecast()", "question", name, crisis.questions)
        asked = [Request(name, variation) for name in names]
        settings = Settings(options.depth, options.tau, options.seed)
        solver = hierarchy_of(options)
        drawn = options.draws != 0 and bool(names)
        known = numbered(crisis)[0] if drawn else crisis
        # What is solved in this process is where the draws start.
        workers = 1 if drawn else options.workers
        answers = answer_all(known, asked, settings, solver, workers=workers, progress=advance)
        results = forecasts_of(names, iter(answers))
        if drawn:
            ensemble = draw_answers(
                crisis,
                asked,
                settings,
                draws=options.draws,
                hierarchy=solver,
                workers=options.workers,
                progress=advance,
                **scale,
            )
            spreads = dict(zip(names, ensemble.spreads, strict=True))
            results = {name: each.spread_by(spreads[name]) for name, each in results.items()}
    return crisis, results
