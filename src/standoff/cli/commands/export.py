"""`standoff export`: the graph of states, or the strategic game, for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.cli.arguments import (
    Parser,
    add_crisis,
    add_views,
    memory,
    one_of,
    variation_of,
    whole,
)
from standoff.cli.output import say, say_json, write_new
from standoff.cli.refusal import Refusal

if TYPE_CHECKING:
    from standoff.study.stability import Stability

_ENDINGS = {"graphml": ".graphml", "gambit": ".nfg"}


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)
    add = parser.add_argument
    add("--to", metavar="FORM", type=one_of(*_ENDINGS), required=True,
        help="graphml: the graph of states and moves, with ranks and what is stable; "
        "gambit: the strategic game, as .nfg")  # fmt: skip
    add("--out", metavar="FILE", default=None,
        help="what to write (default: here, named after the crisis; - for standard "
        "output)")  # fmt: skip
    add("--force", action="store_true", help="write over a file that exists")
    add("--most", metavar="N", type=whole(), default=100_000,
        help="refuse more states or moves than this (default 100000)")  # fmt: skip
    add("--memory", metavar="SIZE", type=memory, default=None,
        help="refuse a crisis that would need more than this (default 4GiB)")  # fmt: skip
    add_views(parser)


def run(options: argparse.Namespace) -> int:
    """Write what another program can read."""
    from standoff.present.words import counted

    stability = _stability(options)
    if options.to == "graphml":
        from standoff.present.export_graph import to_graphml

        text, what = to_graphml(stability, most=options.most), "the graph of states"
    else:
        from standoff.present.export_gambit import to_gambit

        text, what = to_gambit(stability, most=options.most), "the strategic game"
    states = int(stability.space.feasible.sum())
    file = None if options.out == "-" else _file(options)
    if file is not None:
        given = Path(options.crisis)
        source = given if given.is_file() else None
        write_new(file, text.encode(), force=options.force, source=source)
    if options.json:
        data = {
            "file": None if file is None else str(file),
            "to": options.to,
            "crisis": stability.crisis.title,
            "digest": stability.crisis.digest,
            "states": states,
            "lineage": list(stability.graph.lineage),
            "text": text if file is None else None,
        }
        say_json(data)
    elif file is None:
        say(text)
    else:
        say(f"Wrote {what} ({counted(states, 'state')}) to {file}.")
    return 0


def _stability(options: argparse.Namespace) -> Stability:
    """Return what is to be exported, before any long work if it is too large."""
    variation = variation_of(options)
    from standoff.crisis import CrisisError, load
    from standoff.game.size import DEFAULT_MEMORY
    from standoff.study.stability import find_stable

    crisis = load(options.crisis)
    memory = DEFAULT_MEMORY if options.memory is None else options.memory
    try:
        graph_only = find_stable(crisis, variation=variation, concepts=(), memory=memory)
    except CrisisError as err:
        if variation.situation is None and crisis.situations:
            raise Refusal(str(err), f"name a situation: --situation {next(iter(crisis.situations))}"
                          ) from None  # fmt: skip
        raise
    if options.to == "gambit":
        return graph_only
    from standoff.present.export_graph import check_states

    check_states(graph_only.graph, options.most)
    return find_stable(crisis, variation=variation, memory=memory)


def _file(options: argparse.Namespace) -> Path:
    given = Path(options.crisis)
    if given.is_dir() or given.name == "crisis.yaml":
        name = (given if given.is_dir() else given.parent).resolve().name
    else:
        name = given.name.removesuffix(".yaml").removesuffix(".yml")
    file = Path(f"{name or 'crisis'}{_ENDINGS[options.to]}")
    if options.out is None:
        return file
    out = Path(options.out)
    return out / file if out.is_dir() else out
