"""Whether the start lasts: who would leave it and for where, and what stops the others."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.crisis import Crisis
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import plain
from standoff.present.report_stability_words import (
    capital,
    change_said,
    leaving_together,
    names_of,
    short,
    state_said,
    way_said,
    who,
)
from standoff.present.stability_words import worth
from standoff.present.words import counted
from standoff.solve.stability import IMPROVES
from standoff.study.perceptions import Reading
from standoff.study.stability import Cell, Improvement, Stability, explain_state
from standoff.study.survey import Survey


def answer(survey: Survey) -> list[Content]:
    """Return the answer for the start in paragraphs, the first of them the answer itself."""
    cells = _cells(survey)
    leaving = [view_cell for view_cell in cells if not view_cell[1].stable]
    held = conditions_said(survey.stability)
    return [
        verdict(survey),
        element(
            "ul",
            [element("li", capital(each)) for each in _reasons(survey, cells)],
            class_="plain",
        ),
        element("p", _onward(survey)) if leaving else None,
        element("p", held, class_="note") if held else None,
    ]


def verdict(survey: Survey) -> Markup:
    """Return whether the start lasts, in a paragraph."""
    said = _verdict(survey, _cells(survey))
    return element("p", element("strong", said), " ", _but(survey))


def conditions_said(stability: Stability) -> str | None:
    """Say whether conditions are held or run; None if there are none."""
    crisis = stability.crisis
    if not crisis.conditions:
        return None
    if stability.conditions == "running":
        return (
            "Conditions run here: a state is worth what an actor would get if nobody moved again "
            "and the conditions went on changing from there."
        )
    levels = stability.space.state(stability.start)
    named = ", ".join(f"{plain(name)} {plain(levels[name])}" for name in crisis.conditions)
    return (
        f"Conditions are held as they are at the start ({named}): this is about what the actors "
        "do, not about what happens of itself."
    )


def _cells(survey: Survey) -> list[tuple[Stability, Cell]]:
    """Why each actor would stay at the start or not, as it sees things, with its view."""
    if survey.mistakes is None:
        found = [(survey.stability, cell) for cell in survey.start]
    else:
        seen = survey.mistakes.perceptions
        found = [
            (seen.views[actor,], cell)
            for actor in seen.actors
            for cell in explain_state(seen.views[actor,], survey.stability.start)
            if cell.actor == actor
        ]
    return [(view, cell) for view, cell in found if cell.concept == survey.concept]


def _verdict(survey: Survey, cells: list[tuple[Stability, Cell]]) -> str:
    crisis = survey.stability.crisis
    leaving = [cell.actor for _, cell in cells if not cell.stable]
    if leaving:
        return f"The start does not last: {who(crisis, leaving)} would leave it."
    if any(cell.improvements for _, cell in cells):
        return "The start lasts, because of what the others would do to whoever left it."
    return "The start lasts: no actor has anything better to go to."


def _but(survey: Survey) -> str | None:
    if survey.mistakes is None:
        return None
    return eyes_said(survey.stability.crisis, survey.mistakes.start)


def eyes_said(crisis: Crisis, reading: Reading) -> str | None:
    """Say whose mistake keeps a state or ends it, or who is wrong about that; None for nobody."""
    match reading.kind:
        case "mistaken":
            return (
                f"It lasts only because {_are(crisis, reading.mistaken)} wrong: seeing things as "
                f"they are, {who(crisis, reading.would_leave)} would leave."
            )
        case "missed":
            return f"It would last if {who(crisis, reading.mistaken)} were not wrong."
        case "illusory":
            verb = "takes" if len(reading.believers) == 1 else "take"
            return f"{capital(who(crisis, reading.believers))} {verb} it to last."
        case "unseen":
            verb = "expects" if len(reading.doubters) == 1 else "expect"
            return f"{capital(who(crisis, reading.doubters))} wrongly {verb} somebody to leave it."
        case "agreed" | "unstable":
            return None


def _are(crisis: Crisis, actors: tuple[str, ...]) -> str:
    return f"{who(crisis, actors)} {'is' if len(actors) == 1 else 'are'}"


# Reasons ----------------------------------------------------------------------------------------


def _reasons(survey: Survey, cells: list[tuple[Stability, Cell]]) -> Iterator[str]:
    crisis = survey.stability.crisis
    for view, cell in cells:
        if not cell.stable:
            yield _leaves(survey, view, cell)
    for view, cell in cells:
        if cell.stable and cell.improvements:
            yield _is_deterred(view, cell)
    settled = [cell.actor for _, cell in cells if not cell.improvements]
    if settled:
        verb = "has" if len(settled) == 1 else "have"
        yield f"{who(crisis, settled)} {verb} nothing better to go to."


def _leaves(survey: Survey, view: Stability, cell: Cell) -> str:
    crisis = survey.stability.crisis
    free = [each for each in cell.improvements if not each.stopped]
    best = free[0]
    said = (
        f"{short(crisis, cell.actor)} would leave by {change_said(view, best.move)}"
        f"{_gain(view, cell.actor, best)}"
    )
    if len(free) > 1:
        said += f"; it has {counted(len(free) - 1, 'other such move')}"
    return f"{said}. {_feared(survey, view, cell.actor, best)}"


def _gain(view: Stability, actor: str, improvement: Improvement) -> str:
    """What it is worth: in weight units, or as places in an order of the states."""
    had, gets = worth(view, actor, [improvement.had, improvement.gets])
    return f" (from {had} to {gets})"


def _feared(survey: Survey, view: Stability, actor: str, best: Improvement) -> str:
    """What answers there are to a move that the concept of the survey does not reckon with."""
    if survey.concept == "nash":
        return "What the others would answer is not asked here."
    for cell in explain_state(view, best.move.source):
        if cell.actor != actor or cell.concept != "gmr":
            continue
        same = next(each for each in cell.improvements if each.move == best.move)
        if same.stopped:
            how = f" ({way_said(view, same.sanction)})" if same.sanction else ""
            unless = (
                "by moves that all pay those who make them"
                if survey.concept in IMPROVES
                else "for good"
            )
            return f"The others could undo that{how}, but not {unless}."
    return "Nothing that the others can do undoes that."


def _is_deterred(view: Stability, cell: Cell) -> str:
    crisis = view.crisis
    best = cell.improvements[0]
    name = short(crisis, cell.actor)
    said = f"{name} could gain by {change_said(view, best.move)}{_gain(view, cell.actor, best)}, "
    if best.sanction:
        said += f"but then would come {way_said(view, best.sanction)}, and it would have "
        said += "no more than before"
    else:
        said += "but the others would bring it back to no more than before"
    rest = len(cell.improvements) - 1
    return f"{said}." if not rest else f"{said}; {counted(rest, 'other move')} likewise."


def _onward(survey: Survey) -> str:
    """Where improvements lead."""
    concept = survey.concept
    reached = [
        place
        for place, each in enumerate(survey.equilibria, start=1)
        if each.path and concept in each.concepts
    ]
    if not reached:
        return (
            "No sequence of improvements was found that leads from the start to an equilibrium "
            f"under {names_of([concept])}."
        )
    first = survey.equilibria[reached[0] - 1]
    said = (
        f"Improvements lead from there to state {reached[0]} "
        f"({state_said(survey.stability, first.state)}), where everybody would stay"
    )
    together = leaving_together(survey.coalitions, concept, first.state)
    if together:
        said += f", unless {who(survey.stability.crisis, together[0])} left it together"
    rest = reached[1:]
    if not rest:
        return f"{said}."
    several = "states" if len(rest) > 1 else "state"
    numbers = ", ".join(map(str, rest[:-1])) + (" and " if len(rest) > 1 else "") + str(rest[-1])
    return f"{said}; others lead to {several} {numbers}."
