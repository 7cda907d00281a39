"""A crisis as text: what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from standoff.crisis import Condition, Crisis, Option, Source, Tempo
from standoff.crisis.actors import Actor
from standoff.crisis.patches import in_short
from standoff.present.text import as_text, heading, line, rows, stacked
from standoff.present.words import clean, counted, form, listed


def title(crisis: Crisis) -> RenderableType:
    """Return what the crisis is called and what it is about."""
    summary = [line(crisis.summary)] if crisis.summary else []
    return stacked([line(crisis.title, style="bold"), *summary])


@as_text.register
def _(result: Crisis, *, states: int | None = None, possible: int | None = None) -> RenderableType:
    """What is in a crisis.

    Parameters
    ----------
    result
        The crisis.
    states, possible
        How many combinations of levels it has, and how many of them can be.
    """
    return stacked(
        [
            title(result),
            line(""),
            line(_sizes(result, states, possible)),
            heading("Actors"),
            *(
                part
                for name, actor in result.actors.items()
                for part in (line(""), *_actor(name, actor))
            ),
            *_conditions(result),
            *_part("Definitions", iter(result.definitions.items())),
            *_part("Cannot be", (("-", text) for text in result.never)),
            *_part("Situations", _situations(result)),
            *_part("Questions", _questions(result)),
            *_part("Explanations", ((n, e.asks) for n, e in result.explanations.items())),
            *_part("Expectations", ((n, e.claim) for n, e in result.expects.items())),
            *_part("Sources", ((n, _source(s)) for n, s in result.sources.items())),
            *_record(result),
        ]
    )


def _sizes(crisis: Crisis, states: int | None, possible: int | None) -> str:
    options = sum(len(actor.options) for actor in crisis.actors.values())
    parts = [
        counted(len(crisis.actors), "actor"),
        counted(options, "option"),
        counted(len(crisis.conditions), "condition"),
    ]
    text = listed(parts)
    if states is not None:
        text += f": {counted(states, 'combination')} of levels"
    if possible is not None and possible != states:
        text += f", of which {possible:,} are possible"
    return f"{text}."


def _part(name: str, entries: Iterator[tuple[str, str]]) -> Iterator[RenderableType]:
    known = list(entries)
    if known:
        yield heading(name)
        yield named(known)


def named(entries: list[tuple[str, str]]) -> RenderableType:
    """Return names with a text for each: beside it if the names are short, else below."""
    longest = max(len(name) for name, _ in entries)
    if longest <= 20:
        return rows(entries)
    return stacked(part for name, text in entries for part in (line(name, 2), line(text, 6)))


def _actor(name: str, actor: Actor) -> Iterator[RenderableType]:
    head = Text(clean(name), style="bold")
    if actor.name:
        head.append(f"  {clean(actor.name)}", style="")
    yield head
    tempo = [_tempo(actor.decides)] if actor.decides else []
    if actor.looks_ahead is not None:
        tempo.append(f"looks {actor.looks_ahead} ahead")
    facts = [("decides", "; ".join(tempo))] if tempo else []
    facts += [
        ("" if i else "options", f"{key}: {_option(option)}")
        for i, (key, option) in enumerate(actor.options.items())
    ]
    if actor.interests:
        weights = (f"{key} ({interest.weight})" for key, interest in actor.interests.items())
        facts.append(("interests", ", ".join(weights)))
    if actor.red_lines:
        weights = (f"{key} ({claim.weight})" for key, claim in actor.red_lines.items())
        facts.append(("red lines", ", ".join(weights)))
    facts += [("" if i else "prefers", text) for i, text in enumerate(_order(actor))]
    facts += [
        ("" if i else "believes", f"{path}: {_value(entry.value)}")
        for i, (path, entry) in enumerate(actor.believes.items())
    ]
    yield rows(facts, label=9)


def _order(actor: Actor) -> Iterator[str]:
    """What an actor that only orders the states prefers, first what matters or is best."""
    for place, priority in enumerate(actor.priorities, start=1):
        yield f"{place}. {priority.prefers}"
    for place, entry in enumerate(actor.ranking, start=1):
        yield f"{place}. {', or '.join(str(pattern) for pattern in entry)}"


def _tempo(decides: tuple[Tempo, ...]) -> str:
    return ", else ".join(
        f"every {tempo.every}" + (f" when {tempo.when}" if tempo.when else "") for tempo in decides
    )


def _value(value: Any) -> str:
    timed = isinstance(value, tuple) and isinstance(value[0], Tempo)
    return _tempo(value) if timed else in_short(value)


_DIRECTIONS = {"up": "only rises", "down": "only falls", "fixed": "stays once changed"}


def _option(option: Option) -> str:
    remarks = [_DIRECTIONS[option.irreversible]] if option.irreversible else []
    if option.requires:
        remarks.append(f"to rise needs {option.requires}")
    return ", ".join(option.levels) + (f" ({'; '.join(remarks)})" if remarks else "")


def _conditions(crisis: Crisis) -> Iterator[RenderableType]:
    if crisis.conditions:
        yield heading("Conditions")
    for name, condition in crisis.conditions.items():
        yield line(name, 2, style="bold")
        yield rows([("", text) for text in _condition(condition)], label=0)


def _condition(condition: Condition) -> Iterator[str]:
    yield ", ".join(condition.levels)
    for change in condition.changes:
        when = f" when {change.when}" if change.when else ""
        factors = (f" (x{each.factor} when {each.when})" for each in change.times)
        yield f"{change.from_} -> {change.to}: {change.rate}{when}{''.join(factors)}"


def _situations(crisis: Crisis) -> Iterator[tuple[str, str]]:
    for name, situation in crisis.situations.items():
        yield name, f"{situation.as_of}" + (f": {situation.summary}" if situation.summary else "")


def _questions(crisis: Crisis) -> Iterator[tuple[str, str]]:
    for name, question in crisis.questions.items():
        start = f"; from {question.situation}" if question.situation else ""
        yield name, f"{question.asks} ({question.event} {form(question)}{start})"


def _source(source: Source) -> str:
    grade = f"{source.reliability or ''}{source.credibility or ''}"
    facts = [source.title, source.author, source.publisher, source.published]
    text = ", ".join(fact for fact in facts if fact)
    text += f" [{grade}]" if grade else ""
    return f"{text} {source.mark.upper()}" if source.mark else text


def _record(crisis: Crisis) -> Iterator[RenderableType]:
    if crisis.record:
        days = sorted((entry.date for entry in crisis.record), key=lambda date: date.middle)
        entries = counted(len(days), "entry", "entries")
        yield heading("Record")
        yield line(f"{entries}, {days[0]} to {days[-1]}.", 2)
