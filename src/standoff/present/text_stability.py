"""What is stable, as text: does the start last, what would, and who holds it up how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.game.space import Truth
from standoff.present.stability_words import (
    UNANSWERED,
    changes_words,
    state_words,
    states_text,
    who,
)
from standoff.present.text import INDENT, QUIET, as_text, heading, line, rows, stacked
from standoff.present.text_stability_equilibria import counts_text, equilibria_text
from standoff.present.text_stability_reasons import reasons, units
from standoff.present.text_stability_views import mistakes_text
from standoff.present.words import called, counted
from standoff.solve.sequences import State
from standoff.solve.stability import everywhere
from standoff.study.perceptions import Reading, nearest_to
from standoff.study.stability import (
    Cell,
    Conditions,
    Improvement,
    Stability,
    differing,
    explain_state,
)
from standoff.study.survey import Mistakes, Survey

MOST_SHOWN = 6
"""Equilibria that are shown."""

MOST_HELD = 2
"""Equilibria of which it is said who holds them up."""


_CONDITIONS: dict[Conditions, str] = {
    "held": "Conditions are held as at the start, so what a move brings about only in time does "
    "not count here; with --conditions running it does.",
    "running": "Conditions run: a state is worth what an actor would get if nobody moved again and "
    "the conditions went on changing from there.",
}


@as_text.register
def _(result: Survey) -> RenderableType:
    """What is stable, who holds it up and how, and who is wrong about what."""
    stability = result.stability
    return stacked(
        [
            line(stability.crisis.title, style="bold"),
            line(""),
            line(first_sentence(result)),
            *where(stability.crisis, stability.conditions),
            line(""),
            line(f"Judged by {result.concept} where no other concept is named."),
            heading("The start"),
            *_start(result),
            heading("Equilibria"),
            *counts_text(result),
            *equilibria_text(result, MOST_SHOWN, MOST_HELD),
            *mistakes_text(result),
            *notes(result.not_computed),
            *_hint(result),
        ]
    )


# The answer -------------------------------------------------------------------------------------


def first_sentence(result: Survey) -> str:
    """Say in a sentence or two whether the state at the start lasts, and what might follow it."""
    said = start_sentence(result.stability, result.start, result.concept, result.mistakes)
    leaving = leaving_the_start(result.stability, result.start, result.concept, result.mistakes)
    return said + (_next(result) if leaving else "")


def start_sentence(
    stability: Stability, cells: Iterable[Cell], concept: str, mistakes: Mistakes | None
) -> str:
    """Say whether the state at the start lasts, who leaves it and for where, and who is wrong.

    Parameters
    ----------
    stability
        What is stable in the crisis as it is.
    cells
        Why each actor would stay at the start, or not.
    concept
        By which concept.
    mistakes
        Who is wrong about what, if anybody is.
    """
    crisis = stability.crisis
    leaving = leaving_the_start(stability, cells, concept, mistakes)
    if leaving:
        moves = ", and ".join(
            f"{called(crisis, improvement.move.actor)} would leave it "
            f"({changes_words(view, improvement.move)})"
            for view, improvement in leaving
        )
        text = f"The state at the start does not last: {moves}{UNANSWERED[concept]}."
    else:
        text = "The state at the start lasts: no actor would leave it."
    return text if mistakes is None else text + _but(crisis, mistakes.start)


def leaving_the_start(
    stability: Stability, cells: Iterable[Cell], concept: str, mistakes: Mistakes | None
) -> list[tuple[Stability, Improvement]]:
    """Who would leave the start, as it sees things: its view, and the best move it would make."""
    if mistakes is None:
        seen = [(stability, cell) for cell in cells]
    else:
        views = mistakes.perceptions.views
        seen = [
            (views[actor,], cell)
            for actor in mistakes.start.leaves
            for cell in explain_state(views[actor,], stability.start)
            if cell.actor == actor
        ]
    return [
        (view, next(each for each in cell.improvements if not each.stopped))
        for view, cell in seen
        if cell.concept == concept and not cell.stable
    ]


def _but(crisis: Crisis, reading: Reading) -> str:
    match reading.kind:
        case "mistaken":
            verb = "is" if len(reading.mistaken) == 1 else "are"
            return (
                f" It lasts only because {who(crisis, reading.mistaken)} {verb} wrong: knowing "
                f"better, {who(crisis, reading.would_leave)} would leave it."
            )
        case "missed":
            return " It would last if nobody were wrong."
        case "illusory":
            verb = "takes" if len(reading.believers) == 1 else "take"
            return f" {who(crisis, reading.believers)} {verb} it to last."
        case "unseen":
            verb = "expects" if len(reading.doubters) == 1 else "expect"
            return f" {who(crisis, reading.doubters)} {verb} somebody to leave it."
        case "agreed" | "unstable":
            return ""


def _next(result: Survey) -> str:
    reached = next((e for e in result.equilibria if e.path and result.concept in e.concepts), None)
    if reached is None:
        return " No sequence of improvements was found that leads from there to one that does."
    there = state_words(result.stability, reached.state)
    return f" Improvements lead from there to one that would: {there}."


# Where and how ----------------------------------------------------------------------------------


def where(crisis: Crisis, conditions: Conditions) -> Iterator[RenderableType]:
    """Say which crisis it is: the situation, the views, and what the conditions do."""
    if crisis.situation is not None:
        date = crisis.situations[crisis.situation].as_of
        yield line("")
        yield line(f"As of {date} ({crisis.situation}).")
    elif crisis.situations:
        known = ", ".join(crisis.situations)
        yield line("")
        yield line(f"The crisis as it stands, in none of its situations. It has {known}.")
    views = [view for view in crisis.lineage if view != f"in situation {crisis.situation}"]
    if views:
        yield line("")
        yield line(f"Views: {'; '.join(views)}.")
    if any(condition.changes for condition in crisis.conditions.values()):
        yield line("")
        yield line(_CONDITIONS[conditions])


# The start --------------------------------------------------------------------------------------


def _start(result: Survey) -> Iterator[RenderableType]:
    stability = result.stability
    yield levels_table(stability, stability.start)
    yield line("")
    yield from reasons(stability, result.start, result.concept, INDENT)
    if result.mistakes is not None:
        for actor in result.mistakes.start.mistaken:
            view = result.mistakes.perceptions.views[actor,]
            own = [cell for cell in explain_state(view, stability.start) if cell.actor == actor]
            yield line(f"But as {called(stability.crisis, actor)} sees it:", INDENT)
            yield from reasons(view, own, result.concept, 2 * INDENT)
    if any(cell.improvements for cell in result.start):
        yield line(units(stability), INDENT, QUIET)


def levels_table(stability: Stability, state: State) -> RenderableType:
    """Return the levels of a state, actor by actor, and those of the conditions."""
    crisis = stability.crisis
    levels = stability.space.state(state)
    table = []
    for name, actor in crisis.actors.items():
        own = ", ".join(f"{option} {levels[f'{name}.{option}']}" for option in actor.options)
        table.append((called(crisis, name), own or "no options"))
    if crisis.conditions:
        held = ", ".join(f"{name} {levels[name]}" for name in crisis.conditions)
        what = "changing by themselves" if stability.conditions == "running" else "held there"
        table.append(("conditions", f"{held} ({what})"))
    return rows(table)


def notes(not_computed: Iterable[str]) -> Iterator[RenderableType]:
    """Say what was left out, and why."""
    for sentence in not_computed:
        yield line("")
        yield line(sentence, style=QUIET)


def _hint(result: Survey) -> Iterator[RenderableType]:
    stability = result.stability
    shown = [each.state for each in result.equilibria if each.state != stability.start]
    state = "start"
    if shown:
        levels = differing(stability.space, shown[0], stability.start)
        state = ",".join(f"{name}={level}" for name, level in levels.items())
    yield line("")
    yield line(f"Why each would stay or leave in one state: --explain {state}", style=QUIET)


def limited_text(stability: Stability, moves: int, stable: Mapping[str, Truth]) -> RenderableType:
    """Say where two actors would stay who look some moves ahead, each expecting the other to."""
    both = everywhere(stable.values())
    found = nearest_to(stability.start, both)
    ahead = "1 move" if moves == 1 else f"{moves} moves"
    parts = [
        heading("Limited moves"),
        line(
            f"If each looks {ahead} ahead, and takes the other to look one less, both would stay "
            f"in {counted(len(found), 'state')}{':' if found else '.'}"
        ),
        states_text(stability, found[:MOST_SHOWN]),
    ]
    if len(found) > MOST_SHOWN:
        parts.append(line(f"Shown are the {MOST_SHOWN} nearest to the start; `--json` lists all."))
    return stacked(parts)
