"""`standoff show`: what is in a crisis."""

from __future__ import annotations

import argparse
from math import prod
from typing import TYPE_CHECKING

from standoff.cli.arguments import Parser, add_crisis
from standoff.cli.output import say_json, say_text

if TYPE_CHECKING:
    from standoff.crisis import Crisis

_MOST_COUNTED = 20_000_000


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    add_crisis(parser)


def run(options: argparse.Namespace) -> int:
    """Print what is in a crisis."""
    from standoff.crisis import load

    crisis = load(options.crisis)
    states = prod(len(levels) for levels in crisis.variables.values())
    possible = _possible(crisis, states)
    if options.json:
        from standoff.present.json import crisis_data

        say_json(crisis_data(crisis, states=states, possible=possible))
        return 0
    from standoff.present.text import as_text

    say_text(as_text(crisis, states=states, possible=possible))
    return 0


def _possible(crisis: Crisis, states: int) -> int | None:
    """Count the states that can be, unless there are too many to look at each."""
    if not crisis.never:
        return states
    if states > _MOST_COUNTED:
        return None
    from standoff.game.space import space_of

    return int(space_of(crisis).feasible.sum())
