"""Why actors stay in a state or leave it, as text: what they could gain, and what stops them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.present.stability_words import UNANSWERED, changes_words, path_words, who, worth
from standoff.present.text import line
from standoff.present.words import called, counted
from standoff.solve.stability import ESCAPES
from standoff.study.stability import Cell, Improvement, Stability

_MOST = 3


def reasons(
    stability: Stability, cells: Iterable[Cell], concept: str, indent: int = 0
) -> Iterator[RenderableType]:
    """Say of each actor, by one concept, what it would rather have and what stops it.

    Parameters
    ----------
    stability
        The crisis.
    cells
        Why each actor stays in one state or not.
    concept
        By which concept.
    indent
        Columns before each line.
    """
    crisis = stability.crisis
    asked = [cell for cell in cells if cell.concept == concept]
    for cell in asked:
        better = sorted(cell.improvements, key=lambda each: each.stopped)
        for improvement in better[:_MOST]:
            yield line(reason(stability, cell, improvement), indent)
        if len(better) > _MOST:
            more = counted(len(better) - _MOST, "other better state")
            yield line(f"{called(crisis, cell.actor)} has {more} to go to.", indent)
    settled = [cell.actor for cell in asked if not cell.improvements]
    if settled:
        yield line(f"{_those(crisis, settled, len(asked))} nothing better to go to.", indent)


def _those(crisis: Crisis, settled: list[str], asked: int) -> str:
    if len(settled) == asked and asked > 1:
        return "The actors have"
    return f"{who(crisis, settled)} {'has' if len(settled) == 1 else 'have'}"


def reason(stability: Stability, cell: Cell, improvement: Improvement) -> str:
    """Say what an actor could change, what that is worth, and what would follow."""
    ends = [] if improvement.ends is None else [improvement.ends]
    had, gets, *ended = worth(stability, cell.actor, [improvement.had, improvement.gets, *ends])
    actor = called(stability.crisis, cell.actor)
    could = f"{actor} could change {changes_words(stability, improvement.move)}"
    could += f" ({gets} instead of {had})"
    if improvement.sanction is not None:
        stuck = "stuck " if cell.concept in ESCAPES else ""
        answer = path_words(stability, improvement.sanction)
        return f"{could}. But then {answer}, which leaves it {stuck}at {ended[0]}."
    if cell.stable:
        return f"{could}. An answer too long to look for stops it."
    return f"{could}{UNANSWERED[cell.concept]}."


def units(stability: Stability) -> str:
    """Say what the numbers in brackets are."""
    ordinal = [actor.ordinal for actor in stability.crisis.actors.values()]
    if all(ordinal):
        return "Places count from the best state in an actor's order; ties share one."
    if any(ordinal):
        return (
            "Numbers are payoffs in weight units; of actors that only order the states, places "
            "from the best."
        )
    return "Numbers are payoffs in weight units."
