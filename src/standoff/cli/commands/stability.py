"""`standoff stability`: which states last, who holds them up, and who is wrong about it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from standoff.cli.arguments import (
    Parser,
    add_crisis,
    add_views,
    memory,
    one_of,
    pairs,
    variation_of,
    whole,
)
from standoff.cli.output import progress, say_json, say_text
from standoff.cli.refusal import Refusal

if TYPE_CHECKING:
    from standoff.crisis import Crisis

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
MOST_DRAWS = 100_000
MOST_MOVES = 1000


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add = parser.add_argument
    add("--explain", metavar="STATE", default=None,
        help="why one state is stable or not: NAME=LEVEL,NAME=LEVEL ... with the rest as at the "
        "start; `start` for the start itself")  # fmt: skip
    add("--concept", metavar="C", type=one_of(*CONCEPTS), default="seq",
        help=f"by which to say what lasts: {', '.join(CONCEPTS)} (default seq)")  # fmt: skip
    add("--conditions", metavar="DO", type=one_of("held", "running"), default="held",
        help="held: as at the start (default); running: they go on changing while "
        "nobody moves")  # fmt: skip
    add("--draws", metavar="N", type=whole(MOST_DRAWS),
        help="draws from the ranges of the weights, 0 for none (default 128)")  # fmt: skip
    add("--seed", metavar="S", type=whole(), default=0,
        help="seed of the draws (default 0)")  # fmt: skip
    add("--limited", metavar="H", type=_moves, default=None,
        help="also: where two actors would stay who look H moves ahead")  # fmt: skip
    add("--memory", metavar="SIZE", type=memory, default=None,
        help="refuse a crisis that would need more than this (default 4GiB)")  # fmt: skip
    add_views(parser)


def _moves(text: str) -> int:
    number = whole(MOST_MOVES)(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it takes at least 1 move")
    return number


def run(options: argparse.Namespace) -> int:
    """Find what is stable in a crisis, or explain one state."""
    variation = variation_of(options)
    levels = None if options.explain is None else _levels(options.explain)
    with progress() as advance:
        advance("what is stable", 0.0)
        from standoff.crisis import load
        from standoff.game.size import DEFAULT_MEMORY

        crisis = variation.of(load(options.crisis))
        _check_start(crisis)
        room = DEFAULT_MEMORY if options.memory is None else options.memory
        parts = (
            _survey(crisis, options, room)
            if levels is None
            else _explained(crisis, levels, options, room)
        )
    if options.json:
        say_json(parts[0])
    else:
        say_text(*parts)
    return 0


def _check_start(crisis: Crisis) -> None:
    """Refuse a crisis that can be nowhere but in one of its situations."""
    from standoff.crisis.possible import broken_rule

    if crisis.situation is not None or not crisis.situations:
        return
    if rule := broken_rule(crisis, crisis.start):
        raise Refusal(
            f"in none of its situations, the crisis would start where it can never be ({rule})",
            f"name one: --situation {' or '.join(crisis.situations)}",
        )


def _survey(crisis: Crisis, options: argparse.Namespace, room: int) -> list[Any]:
    """What is stable: one document, or what is to be printed one below the other."""
    from standoff.game.size import check_graph_size
    from standoff.solve.limited import limited_move
    from standoff.study.stability import graph_of
    from standoff.study.survey import survey_stability

    check_graph_size(crisis, room)
    limited = None
    if options.limited is not None:
        graph = graph_of(crisis, options.conditions, room)
        limited = options.limited, limited_move(graph, options.limited)
    if options.json:
        from standoff.present.json_stability import check_listed

        check_listed(crisis)
    result = survey_stability(
        crisis,
        conditions=options.conditions,
        concept=options.concept,
        draws=options.draws,
        seed=options.seed,
        memory=room,
    )
    if options.json:
        from standoff.present.json_stability import stability_data

        return [stability_data(result, limited)]
    from standoff.present.text import as_text
    from standoff.present.text_stability import limited_text

    return [
        as_text(result),
        *([] if limited is None else [limited_text(result.stability, *limited)]),
    ]


def _explained(
    crisis: Crisis, levels: dict[str, str], options: argparse.Namespace, room: int
) -> list[Any]:
    """One state: a document, or what is to be printed."""
    from standoff.study.one_state import survey_state

    result = survey_state(
        crisis, levels, conditions=options.conditions, concept=options.concept, memory=room
    )
    if options.json:
        from standoff.present.json_stability import state_data

        return [state_data(result)]
    from standoff.present.text import as_text

    return [as_text(result)]


def _levels(text: str) -> dict[str, str]:
    """Read `name=level,name=level`; `start` names no level."""
    if text.strip() == "start":
        return {}
    return pairs("--explain", "NAME=LEVEL,NAME=LEVEL or `start`", text.split(","))
