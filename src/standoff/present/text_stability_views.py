"""Who is wrong about what, as text: what lasts by mistake, and what would surprise whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from standoff.crisis import Crisis
from standoff.present import in_words
from standoff.present.stability_words import move_words, states_text, who
from standoff.present.text import INDENT, QUIET, heading, line, tallied
from standoff.present.words import called, clean, counted
from standoff.study.perceptions import Correction, Kind, Perceptions, Reading, kinds_of
from standoff.study.survey import Held, Mistakes, Survey

_LASTING: dict[Kind, str] = {
    "agreed": "would if nobody were wrong, and every actor takes them to last",
    "unseen": "would if nobody were wrong, but some actor expects another to leave",
    "mistaken": "do so only because somebody is wrong",
}
_PASSING: dict[Kind, str] = {
    "missed": "would if nobody were wrong",
    "illusory": "are taken to last by some actor",
    "unstable": "are taken to last by nobody",
}

_ALONE: dict[Kind, str] = {
    "agreed": "lasts, would if nobody were wrong, and is taken to last by every actor",
    "unseen": "lasts, and would if nobody were wrong, but some actor expects another to leave",
    "mistaken": "lasts, and does so only because somebody is wrong",
    "missed": "does not last, and would if nobody were wrong",
    "illusory": "does not last, and is taken to last by some actor",
    "unstable": "does not last, and is taken to last by nobody",
}

_MOST_SURPRISES = 2


def mistakes_text(result: Survey) -> Iterator[RenderableType]:
    """Say who is wrong about what."""
    yield heading("Who is wrong about what")
    crisis = result.stability.crisis
    if result.mistakes is None:
        if not any(actor.believes for actor in crisis.actors.values()):
            yield line("Nobody is said to believe what is not so: all see the crisis as it is.")
        else:
            yield line("Not compared: the crisis is too large.")
        return
    mistakes = result.mistakes
    wrong = [name for name, actor in crisis.actors.items() if actor.believes]
    verb = "sees" if len(wrong) == 1 else "see"
    yield line(
        f"{who(crisis, wrong)} {verb} some things otherwise than they are. A state lasts where "
        f"every actor stays as it sees things ({mistakes.concept})."
    )
    yield from _kinds(mistakes.perceptions, mistakes.concept)
    yield from _held(mistakes)
    yield from _surprises(mistakes)


def _kinds(perceptions: Perceptions, concept: str) -> Iterator[RenderableType]:
    found = {kind: int(truth.sum()) for kind, truth in kinds_of(perceptions, concept).items()}
    for kinds, verb in ((_LASTING, "last"), (_PASSING, "do not last")):
        table = [("", found[kind], said) for kind, said in kinds.items() if found[kind]]
        total = sum(found[kind] for kind in kinds)
        states = f"{counted(total, 'state')} {verb}"
        if len(table) > 1:
            yield line("")
            yield line(f"{states}, of which", 2)
            yield tallied(table, indent=4)
        elif total > 1:
            yield line("")
            yield line(f"{states}; all {table[0][2]}.", 2)
        elif total:
            yield line("")
            yield line(f"1 state {_ALONE[next(kind for kind in kinds if found[kind])]}.", 2)


# What lasts by mistake --------------------------------------------------------------------------


def _held(mistakes: Mistakes) -> Iterator[RenderableType]:
    if not mistakes.held:
        return
    nearest = "" if len(mistakes.held) == mistakes.held_count else ", those nearest to the start"
    yield line("")
    yield line(f"What lasts only because somebody is wrong{nearest}:")
    alike: dict[object, list[Held]] = {}
    for held in mistakes.held:
        why = held.reading.mistaken, held.corrections, held.only_together
        alike.setdefault(why, []).append(held)
    stability = mistakes.perceptions.truth
    for those in alike.values():
        yield line("")
        yield states_text(stability, [held.reading.state for held in those])
        first = those[0]
        yield line(f"{who(stability.crisis, first.reading.would_leave, 'or')} would leave "
                   f"{'it' if len(those) == 1 else 'them'}, knowing better.", 5)  # fmt: skip
        yield from corrections_text(stability.crisis, first.corrections, first.only_together, 5)


def corrections_text(
    crisis: Crisis,
    corrections: tuple[Correction, ...],
    only_together: tuple[str, ...],
    indent: int = 0,
) -> Iterator[RenderableType]:
    """Say which beliefs keep actors where they are, or drive them away, and whence they come."""
    for actor in dict.fromkeys(each.actor for each in corrections):
        those = [each for each in corrections if each.actor == actor]
        which = "This belief" if len(those) == 1 else "Any one of these beliefs"
        yield line(f"{which} of {called(crisis, actor)} makes the difference:", indent)
        for each in those:
            yield line(_belief(crisis, each), indent + 2)
            source = f"({each.source})" if each.source else None
            if said := [part for part in (each.because, source) if part]:
                yield line(" ".join(said), indent + 4, style=QUIET)
    for actor in only_together:
        yield line(
            f"No single belief of {called(crisis, actor)} makes the difference; several together "
            "do.",
            indent,
        )


def _belief(crisis: Crisis, each: Correction) -> str:
    fact = in_words.in_fact(crisis, each.path)
    tail = "" if fact is None else f", in fact {fact}"
    return f"{in_words.path(crisis, each.path)}: {each.value}{tail}"


# Surprises --------------------------------------------------------------------------------------


def _surprises(mistakes: Mistakes) -> Iterator[RenderableType]:
    stability = mistakes.perceptions.truth
    yield line("")
    if not mistakes.surprises:
        yield line("No actor takes a state to last that another is about to leave.")
        return
    yield line("What would surprise whom, nearest to the start:")
    for actor in dict.fromkeys(each.actor for each in mistakes.surprises):
        those = [each for each in mistakes.surprises if each.actor == actor]
        yield line("")
        yield line(f"{called(stability.crisis, actor)} takes to last", 2)
        for each in those[:_MOST_SURPRISES]:
            yield states_text(stability, [each.move.source], indent=4)
            yield line(f"but then {move_words(stability, each.move)}", 7)


# Situation by situation -------------------------------------------------------------------------


def situations_text(crisis: Crisis, situations: Mapping[str, Mistakes]) -> Iterator[RenderableType]:
    """Say who was wrong about what in each situation, in the order of their dates."""
    running = any(each.perceptions.truth.conditions == "running" for each in situations.values())
    yield line(f"Who was wrong about what{', conditions running' if running else ''}:")
    yield line("")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for ratio in (5, 4, 4):
        table.add_column(ratio=ratio)
    heads = ("", "the start", "what lasts only by mistake", "who takes to last what does not")
    table.add_row(*(Text(head, style=QUIET) for head in heads))
    for name, mistakes in situations.items():
        table.add_row(
            Text(f"{crisis.situations[name].as_of} {clean(name)}"),
            Text(_start_in_short(mistakes.start)),
            Text(_held_in_short(mistakes)),
            Text(_some(mistakes, [each.actor for each in mistakes.surprises])),
        )
    yield Padding(table, (0, 0, 0, INDENT))


def _start_in_short(reading: Reading) -> str:
    verb = "leaves" if len(reading.leaves) == 1 else "leave"
    leave = f"{', '.join(reading.leaves)} {verb}"
    match reading.kind:
        case "agreed":
            return "lasts, as all expect"
        case "unseen":
            return f"lasts, unexpected by {', '.join(reading.doubters)}"
        case "mistaken":
            return f"lasts by mistake of {', '.join(reading.mistaken)}"
        case "missed":
            return f"{leave} by mistake"
        case "illusory":
            return f"{leave}, unexpected by {', '.join(reading.believers)}"
        case "unstable":
            return f"{leave}, as all expect"


def _held_in_short(mistakes: Mistakes) -> str:
    if not mistakes.held_count:
        return "nothing"
    mistaken = [actor for held in mistakes.held for actor in held.reading.mistaken]
    return f"{counted(mistakes.held_count, 'state')}: {_some(mistakes, mistaken)}"


def _some(mistakes: Mistakes, actors: list[str]) -> str:
    """Some actors by their short names, in the order of the file."""
    known = [actor for actor in mistakes.perceptions.actors if actor in actors]
    if len(known) == len(mistakes.perceptions.actors) and len(known) > 2:
        return "all"
    return ", ".join(known) or "nobody"


def mistakes_in_short(mistakes: Mistakes) -> str:
    """Say in two sentences what is mistaken where there are no situations to compare."""
    crisis = mistakes.perceptions.truth.crisis
    mistaken = dict.fromkeys(a for held in mistakes.held for a in held.reading.mistaken)
    verb = "is" if len(mistaken) == 1 else "are"
    states = counted(mistakes.held_count, "state")
    last = "lasts" if mistakes.held_count == 1 else "last"
    said = (
        [f"{states} {last} only because {who(crisis, mistaken)} {verb} wrong."] if mistaken else []
    )
    if surprised := dict.fromkeys(each.actor for each in mistakes.surprises):
        said.append(f"{who(crisis, surprised)} would be surprised by what others do.")
    return " ".join(said) or "Nobody's mistakes change what lasts, or would surprise them."
