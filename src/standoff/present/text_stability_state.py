"""One state, as text: why every actor would stay in it or leave it, under every concept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType

from standoff.present.stability_words import (
    START,
    changes_words,
    levels_words,
    path_words,
    state_words,
    who,
    worth,
)
from standoff.present.text import INDENT, QUIET, as_text, heading, line, rows, stacked
from standoff.present.text_stability import levels_table, notes, where
from standoff.present.text_stability_equilibria import coalitions_words, smallest
from standoff.present.text_stability_reasons import units
from standoff.present.text_stability_views import corrections_text
from standoff.present.words import called, listed
from standoff.solve.sequences import Move
from standoff.solve.stability import ESCAPES
from standoff.study.one_state import StateSurvey
from standoff.study.perceptions import Reading
from standoff.study.stability import Cell, Stability

_NOTHING = "nothing stops it"
_TOO_LONG = "stopped by an answer that is too long to look for"


@as_text.register
def _(result: StateSurvey) -> RenderableType:
    """Why a state is stable or not, for whom, and who is wrong about it."""
    stability = result.stability
    crisis = stability.crisis
    return stacked(
        [
            line(crisis.title, style="bold"),
            line(""),
            line(_answer(result)),
            *where(crisis, stability.conditions),
            heading("The state"),
            levels_table(stability, result.state),
            *_from_the_start(result),
            heading("Who would stay, who would leave"),
            *_actors(stability, result.cells),
            *_coalitions(result),
            *_wrong(result),
            *notes(result.not_computed),
        ]
    )


def _answer(result: StateSurvey) -> str:
    stability = result.stability
    concepts = stability.concepts_of(result.state)
    name = state_words(stability, result.state)
    what = "The state at the start" if name == START else f"The state with {name}"
    if len(concepts) == len(stability.concepts):
        return f"{what} is an equilibrium by every concept: no actor would leave it."
    if not concepts:
        return f"{what} is an equilibrium by no concept."
    others = [c for c in stability.concepts if c not in concepts]
    return f"{what} is an equilibrium by {listed(concepts)}, and not by {listed(others)}."


def _from_the_start(result: StateSurvey) -> Iterator[RenderableType]:
    stability = result.stability
    if result.state != stability.start:
        start = stability.space.state(stability.start)
        here = stability.space.state(result.state)
        other = {name: level for name, level in start.items() if here[name] != level}
        yield line(f"At the start instead: {levels_words(stability.crisis, other)}.", INDENT)


# Actor by actor ---------------------------------------------------------------------------------


def _actors(stability: Stability, cells: Iterable[Cell]) -> Iterator[RenderableType]:
    crisis = stability.crisis
    by_actor: dict[str, list[Cell]] = {}
    for cell in cells:
        by_actor.setdefault(cell.actor, []).append(cell)
    settled = [actor for actor, own in by_actor.items() if not own[0].improvements]
    for actor, own in by_actor.items():
        if actor not in settled:
            yield line("")
            yield line(f"{called(crisis, actor)} {_stays(own)}", style="bold")
            yield from actor_text(stability, own)
    if settled:
        verb = "has" if len(settled) == 1 else "have"
        yield line("")
        yield line(f"{who(crisis, settled)} {verb} nothing better to go to, so would stay by every "
                   "concept.")  # fmt: skip
    if len(settled) < len(by_actor):
        yield line("")
        yield line(units(stability), style=QUIET)


def _stays(cells: list[Cell]) -> str:
    stays = [cell.concept for cell in cells if cell.stable]
    leaves = [cell.concept for cell in cells if not cell.stable]
    said = [f"would stay by {listed(stays)}"] if stays else []
    return "; ".join(said + ([f"would leave by {listed(leaves)}"] if leaves else []))


def actor_text(stability: Stability, cells: list[Cell]) -> Iterator[RenderableType]:
    """Say of one actor what it could change, and what stops it by which concepts."""
    for number, improvement in enumerate(cells[0].improvements):
        had, gets = worth(stability, cells[0].actor, [improvement.had, improvement.gets])
        changes = changes_words(stability, improvement.move)
        yield line(f"{changes} ({gets} instead of {had})", INDENT)
        answers: dict[tuple[Move, ...] | bool, list[Cell]] = {}
        for cell in cells:
            answer = cell.improvements[number].sanction
            answers.setdefault(cell.stable if answer is None else answer, []).append(cell)
        yield rows(
            (
                (", ".join(cell.concept for cell in alike), _answered(stability, alike, number))
                for alike in answers.values()
            ),
            indent=2 * INDENT,
        )


def _answered(stability: Stability, cells: list[Cell], number: int) -> str:
    """Say what stops an improvement under some concepts by which the same does."""
    first = cells[0].improvements[number]
    if first.sanction is None or first.ends is None:
        return _TOO_LONG if cells[0].stable else _NOTHING
    actor = cells[0].actor
    there = stability.payoff(actor, first.sanction[-1].target)
    rests = [cell.improvements[number].ends for cell in cells if cell.concept in ESCAPES]
    rest = rests[0] if rests and rests[0] is not None else there
    *_, ends, back = worth(stability, actor, [first.had, first.gets, there, rest])
    answer = f"{path_words(stability, first.sanction)}; that leaves it at {ends}"
    if not rests:
        return answer
    way = "no way back up" if back == ends else f"a way back to {back} and no further"
    return f"{answer}, with {way}"


# Coalitions and views ---------------------------------------------------------------------------


def _coalitions(result: StateSurvey) -> Iterator[RenderableType]:
    if result.leaving is None or len(result.stability.graph.parties) < 2:
        return
    yield heading("Coalitions")
    alike: dict[str, list[str]] = {}
    for concept, those in result.leaving.items():
        said = coalitions_words(result.stability.crisis, smallest(those))
        alike.setdefault(said, []).append(concept)
    if len(alike) == 1:
        said = next(iter(alike))
        yield line(f"{said[0].upper()}{said[1:]}, by any concept.", INDENT)
    else:
        yield rows((", ".join(concepts), said) for said, concepts in alike.items())


def _wrong(result: StateSurvey) -> Iterator[RenderableType]:
    reading = result.reading
    if reading is None:
        return
    crisis = result.stability.crisis
    yield heading("Who is wrong about it")
    yield line(f"{_read(result, reading)} (By {result.concept}, each as it sees things.)")
    for actor, cells in result.own.items():
        yield line("")
        yield line(f"As {called(crisis, actor)} sees it, it {_stays(list(cells))}.", style="bold")
        view = result.views[actor]
        yield from actor_text(view, list(cells))
        if not cells[0].improvements:
            yield line("Nothing better to go to.", INDENT)
    if result.own:
        yield line("")
        yield from corrections_text(crisis, result.corrections, result.only_together)


def _read(result: StateSurvey, reading: Reading) -> str:
    crisis = result.stability.crisis
    leaves, believers = who(crisis, reading.leaves), who(crisis, reading.believers)
    match reading.kind:
        case "agreed":
            return "It lasts, and every actor takes it to."
        case "unseen":
            return f"It lasts, though {who(crisis, reading.doubters)} would not expect it to."
        case "mistaken":
            return f"It lasts, but only because of what {who(crisis, reading.mistaken)} believes."
        case "missed":
            return f"It does not last: {leaves} leaves it, and would not if it were not wrong."
        case "illusory":
            return f"It does not last: {leaves} leaves it. {believers} would expect it to last."
        case "unstable":
            return f"It does not last: {leaves} leaves it. Nobody would expect it to last."
