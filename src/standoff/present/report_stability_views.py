"""Who is wrong about what, and what follows from it for what lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from standoff.crisis import Crisis
from standoff.present.html import Content, Markup, element, joined
from standoff.present.report_beliefs import about, beliefs_table, fact_said
from standoff.present.report_claims import folded
from standoff.present.report_shared import cited, dated, section, stacking
from standoff.present.report_stability_start import conditions_said, eyes_said
from standoff.present.report_stability_words import (
    CONCEPTS,
    capital,
    change_said,
    short,
    state_said,
    who,
)
from standoff.present.words import counted
from standoff.solve.sequences import Move
from standoff.study.analysis import Analysis
from standoff.study.perceptions import Correction, Reading
from standoff.study.survey import Held, Mistakes

_MOST_SURPRISES = 6

Told = Sequence[tuple[str | None, Mistakes]]
"""Who was wrong about what, by situation, in the order of their dates."""


def mistakes(result: Analysis) -> Markup | None:
    """Return the section on beliefs and what follows from them; None if nobody holds any."""
    told = _told(result)
    if not told:
        return None
    return section(
        "mistakes",
        "Who is wrong about what",
        element("p", element("strong", _first_sentence(result, told))),
        element("p", _how(told), class_="note"),
        _overview(result, told),
        beliefs_table(result.crisis, {name: each.perceptions.truth.crisis for name, each in told}),
        _follows(result.crisis, told),
    )


def _told(result: Analysis) -> Told:
    if result.situations:
        return list(result.situations.items())
    if result.survey.mistakes is not None:
        return [(result.situation, result.survey.mistakes)]
    return []


def _first_sentence(result: Analysis, told: Told) -> str:
    """Who is mistaken where it matters, over all situations."""
    crisis = result.crisis
    wrong = [
        actor
        for actor in crisis.actors
        if any(actor in held.reading.mistaken for _, each in told for held in each.held)
        or any(actor in each.start.mistaken for _, each in told)
    ]
    places = [name for name, each in told if each.held_count]
    if not wrong:
        return "Nobody's mistake decides whether a state lasts."
    said = (
        f"{capital(who(crisis, wrong))} {'is' if len(wrong) == 1 else 'are'} wrong where it matters"
    )
    if len(told) > 1 and places:
        return (
            f"{said}: in {len(places)} of {counted(len(told), 'situation')} there are states that "
            "last only because somebody is wrong."
        )
    if places:
        return f"{said}: some states last only because somebody is wrong."
    return f"{said}: somebody stays at the start, or leaves it, only by mistake."


def _how(told: Told) -> str:
    first = told[0][1]
    concept = CONCEPTS[first.concept]
    said = (
        "Everybody acts on its own view. A state lasts if every actor would stay there as it sees "
        f"things, reckoning with the others' answers ({concept}). A surprise is a move out of a "
        "state that somebody takes to last. "
    )
    if first.perceptions.truth.conditions == "running":
        said += (
            "Conditions run in this section: a state is worth what an actor would get if nobody "
            "moved again and the conditions went on changing from there. So it may differ from "
            "the section before, where they are held."
        )
    else:
        said += conditions_said(first.perceptions.truth) or ""
    return said


# What follows -----------------------------------------------------------------------------------


def _overview(result: Analysis, told: Told) -> Content:
    crisis = result.crisis
    return stacking(
        "What there is at the start of each situation" if len(told) > 1 else "The start",
        ("Situation", "Would it last?", "Who takes it to last", "Last only by a mistake"),
        [
            (
                _named(crisis, name),
                _lasts(crisis, each.start),
                _believers(crisis, each.start),
                counted(each.held_count, "state") if each.held_count else "No state",
            )
            for name, each in told
        ],
    )


def _named(crisis: Crisis, situation: str | None) -> str:
    return "As the file gives it" if situation is None else dated(crisis, situation)


def _lasts(crisis: Crisis, reading: Reading) -> str:
    said = f"No: {who(crisis, reading.leaves)} would leave it." if reading.leaves else "Yes."
    more = None if reading.kind == "illusory" else eyes_said(crisis, reading)
    return f"{said} {more}" if more else said


def _believers(crisis: Crisis, reading: Reading) -> str:
    if not reading.doubters:
        return "Everybody"
    return who(crisis, reading.believers) or "Nobody"


def _follows(crisis: Crisis, told: Told) -> Content:
    """What follows in each situation in which anything does."""
    parts = [_situation(crisis, name, each) for name, each in told]
    return [element("h3", "What follows"), parts] if any(parts) else None


def _situation(crisis: Crisis, name: str | None, told: Mistakes) -> Content:
    """The states that a mistake upholds, and the surprises."""
    if not told.held and not told.surprises:
        return None
    parts: list[Content] = []
    if told.held:
        more = told.held_count - len(told.held)
        parts += [
            element("h4", "Last only because somebody is wrong"),
            element("ul", [element("li", each) for each in _held(told)], class_="claims"),
            element("p", f"And {counted(more, 'more state')}, farther from the start.",
                    class_="note") if more else None,
        ]  # fmt: skip
    if told.surprises:
        parts += [element("h4", "What would surprise whom"), _surprises(told)]
    return folded(_named(crisis, name), parts)


def _held(told: Mistakes) -> Iterator[Content]:
    """Each state that lasts only by a mistake; those that last by the same one together."""
    truth = told.perceptions.truth
    together: dict[tuple[object, ...], list[Held]] = {}
    for held in told.held:
        reading = held.reading
        key = (reading.mistaken, reading.believers, held.corrections, held.only_together)
        together.setdefault(key, []).append(held)
    for those in together.values():
        first = those[0]
        states = [state_said(truth, held.reading.state) for held in those]
        ending = [each for each in first.corrections if not each.stays]
        yield [
            [element("p", element("strong", capital(state)), class_="claim") for state in states],
            element("p", _who_stays(truth.crisis, first.reading), class_="because"),
            [element("p", each, class_="because") for each in _corrections(truth.crisis, ending)],
            element("p", _several(truth.crisis, first.only_together), class_="because")
            if first.only_together
            else None,
        ]


def _several(crisis: Crisis, actors: Sequence[str]) -> str:
    return (
        f"No single belief of {who(crisis, actors)} does it: only several corrected together would "
        "end it."
    )


def _who_stays(crisis: Crisis, reading: Reading) -> str:
    one = len(reading.mistaken) == 1
    stays = "stays only because it is" if one else "stay only because they are"
    said = f"{capital(who(crisis, reading.mistaken))} {stays} wrong."
    if not reading.believers:
        return f"{said} Nobody takes this to last: each expects another to leave."
    if reading.doubters:
        verb = "takes" if len(reading.believers) == 1 else "take"
        return f"{said} {capital(who(crisis, reading.believers))} {verb} this to last."
    return f"{said} Everybody takes this to last."


def _corrections(crisis: Crisis, corrections: Sequence[Correction]) -> Iterator[Content]:
    for each in corrections:
        fact = fact_said(crisis, each.actor, each.path)
        yield joined(
            f"It would end if {short(crisis, each.actor)} saw one thing as it is, ",
            f"{about(crisis, each.path)}: it believes {each.value}",
            f", in fact {fact}" if fact else None,
            element("span", " (", cited(crisis, each.source), ")", class_="cite")
            if each.source
            else None,
            ".",
        )


def _surprises(told: Mistakes) -> Content:
    """Who takes what to last, and who would leave: of moves that are alike the nearest."""
    truth = told.perceptions.truth
    crisis = truth.crisis
    first: dict[tuple[str, str, str], Move] = {}
    for each in told.surprises:
        first.setdefault((each.actor, each.move.actor, change_said(truth, each.move)), each.move)
    together: dict[Move, list[str]] = {}
    for (actor, _, _), move in first.items():
        together.setdefault(move, []).append(actor)
    return stacking(
        "A state that somebody takes to last, and the move that would end it",
        ("Who", "Takes this to last", "But"),
        [
            (
                who(crisis, actors),
                state_said(truth, move.source),
                f"{short(crisis, move.actor)} would leave: {change_said(truth, move)}",
            )
            for move, actors in list(together.items())[:_MOST_SURPRISES]
        ],
    )
