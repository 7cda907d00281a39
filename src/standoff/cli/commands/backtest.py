"""`standoff backtest`: what earlier situations would have forecast, against the later record."""

from __future__ import annotations

import argparse
from datetime import date

from standoff.cli.arguments import MOST_DRAWS, Parser, add_crisis, add_settings, hierarchy_of, whole
from standoff.cli.output import progress, say_json, say_text


def day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a day, such as 2020-09-01") from None


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add = parser.add_argument
    add("--before", metavar="DAY", type=day, default=None,
        help="only situations before this day (default: before the record ends)")  # fmt: skip
    add("--until", metavar="DAY", type=day, default=None,
        help="the day up to which the record is read (default: its end)")  # fmt: skip
    add("--draws", metavar="N", type=whole(MOST_DRAWS), default=0,
        help="score the mean over draws instead of central values (default 0)")  # fmt: skip
    add("--resamples", metavar="N", type=whole(1_000_000), default=2000,
        help="bootstrap samples for the intervals (default 2000)")  # fmt: skip
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Score what earlier situations would have forecast."""
    with progress() as advance:
        from standoff.crisis import CrisisError, load
        from standoff.game.compile import why_no_forecast
        from standoff.study.backtest import backtest

        crisis = load(options.crisis)
        if reason := why_no_forecast(crisis):
            raise CrisisError(f"{reason}, so there is nothing to test against the record")
        found = backtest(
            crisis,
            before=options.before,
            until=options.until,
            draws=options.draws,
            depth=options.depth,
            tau=options.tau,
            seed=options.seed,
            resamples=options.resamples,
            workers=options.workers,
            hierarchy=hierarchy_of(options),
            progress=advance,
        )
    if options.json:
        from standoff.present.json_backtest import backtest_data

        say_json(backtest_data(found))
        return 0
    from standoff.present.text import as_text
    from standoff.present.text_crisis import title
    from standoff.present.text_forecast import settings_line

    settings = settings_line(found.settings, found.draws)
    say_text(title(crisis), "", as_text(found), "", settings)
    return 0
