"""`standoff explain`: what an answer rests on, and what would change it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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
from standoff.cli.refusal import Refusal, near

if TYPE_CHECKING:
    from rich.console import RenderableType

    from standoff.crisis import Crisis
    from standoff.study.account import Account
    from standoff.study.asking import Progress, Settings
    from standoff.study.events import Events
    from standoff.study.forecast import Forecast
    from standoff.study.levers import Levers
    from standoff.study.mistakes import Corrections
    from standoff.study.smallest import SmallestChange

PARTS = ("account", "events", "beliefs", "smallest")
_ACCOUNT_TAKES = 20  # times as long as each of the other parts, roughly


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add = parser.add_argument
    add("--question", metavar="Q", required=True, help="the question")
    add("--only", metavar="PART", type=one_of(*PARTS), action="append", default=[],
        help="only the account (what carries it), events, beliefs or smallest")  # fmt: skip
    add("--levers", metavar="ACTOR", action="append", default=[],
        help="also what this actor could do, and would want of others")  # fmt: skip
    add("--every-question", action="store_true",
        help="what mistakes cost in every question that starts in the same situation")  # fmt: skip
    add("--smallest", action="store_true",
        help="look for the smallest change however long it takes")  # fmt: skip
    add("--threshold", metavar="P", type=_chance, default=0.5,
        help="the probability that the smallest change is to cross (default 50%%)")  # fmt: skip
    add("--by", metavar="WHAT", type=one_of("claim", "passage", "actor", "kind"),
        help="share the answer out by claim, passage, actor or kind of claim")  # fmt: skip
    add("--orders", metavar="N", type=whole(10_000), default=8,
        help="orders drawn where there are many (default 8)")  # fmt: skip
    add("--retract", metavar="SOURCE", action="append", default=[],
        help="instead: what the answer becomes without a source or passage")  # fmt: skip
    add_views(parser)
    add_settings(parser)


@dataclass
class _Found:
    """What was computed."""

    crisis: Crisis
    settings: Settings
    account: Account | None = None
    forecast: Forecast | None = None
    events: Events | None = None
    beliefs: Corrections | None = None
    smallest: SmallestChange | None = None
    levers: list[Levers] = field(default_factory=list)


def run(options: argparse.Namespace) -> int:
    """Say what carries the answer to one question, and what would change it."""
    if options.orders < 2:
        raise Refusal("--orders: it takes at least 2 orders", "the default is 8")
    variation_of(options)  # refused before anything is loaded
    with progress() as advance:
        from standoff.crisis import CrisisError, load
        from standoff.game.compile import why_no_forecast

        crisis = load(options.crisis)
        if reason := why_no_forecast(crisis):
            raise CrisisError(f"{reason}; `standoff stability --explain` tells why a state lasts")
        for actor in options.levers:
            if actor not in crisis.actors:
                raise Refusal(
                    f"--levers: the crisis has no actor `{actor}`",
                    near(actor, crisis.actors) or f"known: {', '.join(crisis.actors)}",
                )
        if options.retract:
            retracted = _retract(options, crisis)
        else:
            found = _compute(options, crisis, advance)
    if options.retract:
        return _say_retracted(options, retracted)
    if options.json:
        say_json(_data(options, found))
    else:
        say_text(*_text(options, found))
    return 0


def _compute(options: argparse.Namespace, crisis: Crisis, advance: Progress) -> _Found:
    from standoff.study.account import explain
    from standoff.study.asking import Settings
    from standoff.study.events import find_event_effects
    from standoff.study.forecast import forecast
    from standoff.study.levers import find_levers
    from standoff.study.mistakes import find_corrections
    from standoff.study.smallest import FEW_SETS, find_smallest_change
    from standoff.study.stages import Stages

    question = options.question
    settings = Settings(options.depth, options.tau, options.seed)
    asked: dict[str, Any] = {
        "variation": variation_of(options),
        "settings": settings,
        "hierarchy": hierarchy_of(options),
        "workers": options.workers,
    }
    parts = _parts(options, crisis)
    sizes = {part: _ACCOUNT_TAKES if part == "account" else 1.0 for part in parts}
    stages = Stages(advance, sizes | dict.fromkeys(options.levers, 1.0))
    found = _Found(crisis, settings)
    if "account" in parts:
        found.account = explain(
            crisis, question, by=options.by, orders=options.orders,
            progress=stages.of("account", first=0.9), **asked,
        )  # fmt: skip
    else:
        how = {"depth": options.depth, "seed": options.seed, "hierarchy": asked["hierarchy"]}
        found.forecast = forecast(crisis, question, variation=asked["variation"], **how)
    if "events" in parts:
        found.events = find_event_effects(
            crisis, question, progress=stages.of("events"), **asked
        )  # fmt: skip
    if "beliefs" in parts:
        names = _beside(crisis, question) if options.every_question else [question]
        found.beliefs = find_corrections(crisis, names, progress=stages.of("beliefs"), **asked)
    if "smallest" in parts:
        found.smallest = find_smallest_change(
            crisis, question, threshold=options.threshold,
            most_sets=None if options.smallest or options.only else FEW_SETS,
            progress=stages.of("smallest", first=0.4), **asked,
        )  # fmt: skip
    for actor in options.levers:
        found.levers.append(
            find_levers(crisis, actor, question, progress=stages.of(actor), **asked)
        )
    return found


def _parts(options: argparse.Namespace, crisis: Crisis) -> tuple[str, ...]:
    """Which parts are computed: all, unless some were named, or one would take long unasked."""
    from standoff.study.smallest import is_quick

    if options.only:
        wanted = {*options.only, *(["smallest"] if options.smallest else [])}
        return tuple(part for part in PARTS if part in wanted)
    if options.smallest or is_quick(crisis, options.question, variation_of(options)):
        return PARTS
    return PARTS[:-1]


def _beside(crisis: Crisis, question: str) -> list[str]:
    """A question, and the others that start in the same situation and have exact answers."""
    start = crisis.questions[question].situation
    return [
        name
        for name, asked in crisis.questions.items()
        if asked.situation == start and asked.lasting is None
    ]


def _data(options: argparse.Namespace, found: _Found) -> dict[str, Any]:
    from standoff.present.json import forecast_data
    from standoff.present.json_account import account_data
    from standoff.present.json_changes import (
        corrections_data,
        events_data,
        levers_data,
        smallest_data,
    )

    if found.account is not None:
        data = account_data(found.crisis, found.account)
    else:
        assert found.forecast is not None
        data = {
            "crisis": found.crisis.title,
            "digest": found.crisis.digest,
            "question": options.question,
            "answer": forecast_data(found.forecast),
        }

    def given(result: Any, as_data: Callable[[Any], dict[str, Any]]) -> dict[str, Any] | None:
        return None if result is None else as_data(result)

    return {
        **data,
        "events": given(found.events, events_data),
        "beliefs": given(found.beliefs, corrections_data),
        "smallest_change": given(found.smallest, smallest_data),
        "levers": [levers_data(each) for each in found.levers],
    }


def _text(options: argparse.Namespace, found: _Found) -> list[RenderableType]:
    from standoff.present.text import QUIET, as_text, heading, line
    from standoff.present.text_crisis import title
    from standoff.present.text_forecast import settings_line

    first = found.account if found.account is not None else found.forecast
    parts = [first, found.events, found.beliefs, found.smallest, *found.levers]
    said = [as_text(part, crisis=found.crisis) for part in parts if part is not None]
    if not options.only and found.smallest is None:
        said += [heading("The smallest change"), line(_TAKES_LONG)]
    more = _more(options)
    said += ["", *([line(f"More can be asked: {more}.", style=QUIET)] if more else [])]
    return [title(found.crisis), "", *said, settings_line(found.settings)]


_TAKES_LONG = (
    "It was not looked for, as this crisis is so large that it takes a while; `--smallest` looks "
    "for at most three changes that take the answer across a threshold."
)


def _more(options: argparse.Namespace) -> str:
    hints = []
    if not options.levers:
        hints.append("`--levers ACTOR` for what an actor could do")
    if not options.every_question:
        hints.append("`--every-question` for what mistakes cost in the other questions")
    if not options.smallest and not options.only:
        hints.append("`--smallest` for the smallest change out of more sets")
    if options.threshold == 0.5:
        hints.append("`--threshold P` for a smallest change across another line than 50%")
    if not options.only:
        hints.append("`--only PART` for a part alone, which is quicker")
    return "; ".join(hints)


def _chance(text: str) -> float:
    """Read a probability between 0 and 1, or a percentage."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(%?)", text.strip())
    value = float(found[1]) / (100 if found[2] else 1) if found else 0.0
    if 0 < value < 1:
        return value
    raise argparse.ArgumentTypeError(f"`{text}` is not a probability such as 30% or 0.3")


def _retract(
    options: argparse.Namespace, crisis: Crisis
) -> dict[str, dict[str, tuple[float, float]]]:
    from standoff.study.asking import Settings
    from standoff.study.attribution import retract

    changed = variation_of(options).of(crisis)
    settings = Settings(options.depth, options.tau, options.seed)
    solver = hierarchy_of(options)
    return {
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
