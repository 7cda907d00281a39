"""`standoff weigh`: which explanation the record speaks for."""

from __future__ import annotations

import argparse
from datetime import date

from standoff.cli.arguments import (
    MOST_DRAWS,
    Parser,
    add_crisis,
    add_settings,
    hierarchy_of,
    keeping,
    not_blank,
    whole,
)
from standoff.cli.output import progress, say_json, say_text
from standoff.cli.refusal import Refusal


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add = parser.add_argument
    add("--explanation", metavar="E", action="append", default=[],
        help="only this one besides the crisis as written; repeatable (default: all)")  # fmt: skip
    add("--draws", metavar="N", type=whole(MOST_DRAWS),
        help="draws of each account from all that is uncertain; 0 for central values alone, which "
             "is quick (default: by the size of the crisis, 64 to 1024)")  # fmt: skip
    add("--store", metavar="FOLDER", type=not_blank,
        help="keep draws there: the same command goes on where it was stopped")  # fmt: skip
    add("--until", metavar="DATE", type=_day, help="look at the record up to this day only")
    add("--known-by", metavar="DATE", type=_day,
        help="leave out what was not known by the end of this day")  # fmt: skip
    add("--situation", metavar="S", default=None, help="look at this situation only")
    add_settings(parser)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a day, such as 2020-11-01") from None


def run(options: argparse.Namespace) -> int:
    """Say which account the record speaks for, and which entries decide that."""
    if options.draws == 1:
        raise Refusal(
            "--draws: it takes at least 2 draws, or 0 for central values alone",
            "leave it out for a number that suits",
        )
    with progress() as advance, keeping(options):
        from standoff.crisis import load
        from standoff.study.asking import Settings
        from standoff.study.weighing import weigh

        crisis = load(options.crisis)
        settings = Settings(options.depth, options.tau, options.seed)
        found = weigh(
            crisis if options.situation is None else crisis.in_situation(options.situation),
            options.explanation or None,
            draws=options.draws,
            seed=options.seed,
            until=options.until,
            known_by=options.known_by,
            settings=settings,
            hierarchy=hierarchy_of(options),
            workers=options.workers,
            store=options.store,
            progress=advance,
        )
    if options.json:
        from standoff.present.json_weighing import weighing_data

        say_json(weighing_data(crisis, found))
        return 0
    from standoff.present.text import as_text
    from standoff.present.text_crisis import title
    from standoff.present.text_forecast import settings_line

    say_text(title(crisis), "", as_text(found, crisis=crisis), "", settings_line(settings))
    return 0
