"""Warnings: what is legal in a crisis and probably not meant."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from standoff.crisis.citations import citations
from standoff.crisis.expected import STANDINGS, Expectation, Standing, Viewed
from standoff.crisis.faults import Fault, Path, Problem, where_of
from standoff.crisis.lints_record import problems_of_record
from standoff.crisis.lints_states import problems_of_states
from standoff.crisis.model import Crisis
from standoff.crisis.patches import Believed, is_belief, patterns_in
from standoff.crisis.paths import Target, target_of
from standoff.crisis.possible import Effort, Undecided, find_state
from standoff.crisis.preferences import Pattern
from standoff.crisis.quantities import Range, Weight
from standoff.crisis.statements import Not, Statement
from standoff.crisis.tempo import Tempo

_WORK = 20_000
"""How hard to try to find out whether a statement is the same in every state."""
_ALL_WORK = 1_000_000
"""How hard to try for all statements together."""


def warnings_of(crisis: Crisis, today: datetime.date | None = None) -> tuple[Fault, ...]:
    """Return the warnings of a crisis that has no file; `where` says what each is about."""
    return tuple(
        Fault(
            problem.code,
            "warning",
            problem.message,
            label=problem.label,
            help=problem.help,
            where=where_of(problem.path),
        )
        for problem in problems_of(crisis, today)
    )


def problems_of(crisis: Crisis, today: datetime.date | None = None) -> list[Problem]:
    """Return the warnings of a crisis, with paths to look their places up."""
    found = [
        *_actors(crisis),
        *_unsourced(crisis),
        *_beliefs(crisis),
        *_constant(crisis),
        *problems_of_states(crisis),
        *problems_of_record(crisis),
        *_unused(crisis),
    ]
    if today is not None:
        found += _past(crisis, today)
    return found


def _on(path: Path, code: str, message: str, label: str = "", advice: str = "") -> Problem:
    return Problem(code, message, path, on_key=True, label=label, help=advice)


def _actors(crisis: Crisis) -> Iterator[Problem]:
    for name, actor in crisis.actors.items():
        if len(actor.options) < (1 if actor.ordinal else 2):
            how_many = "only one option" if actor.options else "no options"
            yield _on(
                ("actors", name),
                "SW002",
                f"`{name}` has {how_many}",
                advice="an actor that can do little may be better described as a condition",
            )
        if not (actor.interests or actor.red_lines or actor.ordinal):
            yield _on(
                ("actors", name),
                "SW005",
                f"`{name}` has no preferences",
                label="indifferent to everything: it drifts, and finds every state stable",
                advice="say what it seeks or avoids, or how it ranks statements or states",
            )


# Claims without a source ------------------------------------------------------------------------


def claims_of(crisis: Crisis) -> Iterator[tuple[Path, str | None]]:
    """Yield every claim, as its path and the source it cites.

    What an actor prefers, a change of a condition and an entry of a patch may lean on the source
    of the whole.
    """
    for name, actor in crisis.actors.items():
        here: Path = ("actors", name)
        for key, interest in actor.interests.items():
            yield (*here, "interests", key), interest.source or actor.source
        for key, line in actor.red_lines.items():
            yield (*here, "red_lines", key), line.source or actor.source
        for position, priority in enumerate(actor.priorities):
            yield (*here, "priorities", position), priority.source or actor.source
        if actor.ranking:
            yield (*here, "ranking"), actor.source
        for key, entry in actor.believes.items():
            yield (*here, "believes", key), entry.source
    for name, condition in crisis.conditions.items():
        for position, change in enumerate(condition.changes):
            place: Path = ("conditions", name, "changes", position)
            yield place, change.source or condition.source
    for section in ("situations", "explanations"):
        for name, holder in getattr(crisis, section).items():
            for key, entry in holder.with_.items():
                yield (section, name, "with", key), entry.source or holder.source
    for position, observation in enumerate(crisis.record):
        yield ("record", position), observation.source
    for name, expectation in crisis.expects.items():
        yield ("expects", name), expectation.source


def _unsourced(crisis: Crisis) -> Iterator[Problem]:
    for path, source in claims_of(crisis):
        if source is None:
            yield _on(
                path,
                "SW001",
                "a claim has no source",
                label="who says so?",
                advice="add `source: NAME PLACE`, with the source under `sources`",
            )


# Beliefs that are no beliefs --------------------------------------------------------------------


def _beliefs(crisis: Crisis) -> Iterator[Problem]:
    elsewhere = {path for situation in crisis.situations.values() for path in situation.with_}
    for name, actor in crisis.actors.items():
        for path, entry in actor.believes.items():
            if path in elsewhere or is_belief(path):
                continue
            if _same(crisis, truth(crisis, target_of(crisis, path)), entry):
                yield _on(
                    ("actors", name, "believes", path),
                    "SW003",
                    f"`{name}` believes what is true",
                    label="the same as in the crisis itself",
                    advice="a belief is written down where it differs; remove it or change it",
                )


def truth(crisis: Crisis, target: Target) -> Any:
    """Return what the crisis itself says at a path (other than a belief)."""
    if target.section == "changes":
        return crisis.conditions[target.holder].changes[target.position].rate
    actor = crisis.actors[target.holder]
    if target.section:
        return getattr(getattr(actor, target.section)[target.key], target.field)
    return getattr(actor, target.field)


def _same(crisis: Crisis, value: Any, entry: Believed) -> bool:
    if isinstance(value, Weight) and isinstance(entry.value, Weight):
        mine: Range = crisis.range_of(value)
        return mine == crisis.range_of(entry.value)
    if isinstance(value, tuple):  # why it is so makes no difference
        said = list(patterns_in(entry.model_copy(update={"value": value})))
        return said == list(patterns_in(entry)) and _times(value) == _times(entry.value)
    return bool(value == entry.value)


def _times(value: tuple[Any, ...]) -> list[Any]:
    return [each.every for each in value if isinstance(each, Tempo)]


# Statements that say nothing --------------------------------------------------------------------


def statements_of(crisis: Crisis) -> Iterator[tuple[Path, str, str | None]]:
    """Yield every statement, as its path, its text, and the actor in whose block it stands."""
    for name, actor in crisis.actors.items():
        here: Path = ("actors", name)
        for position, tempo in enumerate(actor.decides):
            if tempo.when is not None:
                yield (*here, "decides", position, "when"), tempo.when, name
        for key, option in actor.options.items():
            if option.requires is not None:
                yield (*here, "options", key, "requires"), option.requires, name
        for key, interest in actor.interests.items():
            direction = "seeks" if interest.seeks is not None else "avoids"
            yield (*here, "interests", key, direction), interest.statement, name
        for key, line in actor.red_lines.items():
            yield (*here, "red_lines", key, "if"), line.if_, name
            yield (*here, "red_lines", key, "then"), line.then, name
        for position, priority in enumerate(actor.priorities):
            yield (*here, "priorities", position, "prefers"), priority.prefers, name
        for position, entry in enumerate(actor.ranking):
            yield from _texts((*here, "ranking", position), _numbered(entry), name)
    for name, condition in crisis.conditions.items():
        for position, change in enumerate(condition.changes):
            place: Path = ("conditions", name, "changes", position)
            if change.when is not None:
                yield (*place, "when"), change.when, None
            for each, factor in enumerate(change.times):
                yield (*place, "times", each, "when"), factor.when, None
    for name, text in crisis.definitions.items():
        yield ("definitions", name), text, None
    for position, text in enumerate(crisis.never):
        yield ("never", position), text, None
    for name, question in crisis.questions.items():
        yield ("questions", name, "event"), question.event, None
        if question.until is not None:
            yield ("questions", name, "until"), question.until, None
    for name, expectation in crisis.expects.items():
        for key, viewed in _viewed(expectation):
            if isinstance(viewed, Standing):
                states = _numbered(viewed.states)
                yield from _texts(("expects", name, key, "states"), states, None)
    for here, key, believed in _patched(crisis):
        yield from _texts((*here, key, "value"), patterns_in(believed), key.split(".")[-2])


Placed = Iterable[tuple[Path, Pattern]]


def _numbered(patterns: tuple[Pattern, ...]) -> Placed:
    return (((position,), pattern) for position, pattern in enumerate(patterns))


def _texts(
    here: Path, patterns: Placed, actor: str | None
) -> Iterator[tuple[Path, str, str | None]]:
    """Yield the patterns that are statements."""
    for place, pattern in patterns:
        if pattern.levels is None:
            yield (*here, *place), pattern.text, actor


def _viewed(expectation: Expectation) -> Iterator[tuple[str, Viewed]]:
    """Yield what an expectation is about, by its keys."""
    for key in ("more_likely", "than", "chance", *STANDINGS):
        viewed: Viewed | None = getattr(expectation, key)
        if viewed is not None:
            yield key, viewed


def _patched(crisis: Crisis) -> Iterator[tuple[Path, str, Believed]]:
    """Yield every entry of every patch: where the patch is, the path it sets, and the entry."""
    patches: list[tuple[Path, Mapping[str, Believed]]] = []
    for name, actor in crisis.actors.items():
        patches.append((("actors", name, "believes"), actor.believes))
    for section in ("situations", "explanations"):
        for name, holder in getattr(crisis, section).items():
            patches.append(((section, name, "with"), holder.with_))
    for name, expectation in crisis.expects.items():
        for key, viewed in _viewed(expectation):
            patches.append((("expects", name, key, "with"), viewed.with_))
    for here, patch in patches:
        yield from ((here, path, entry) for path, entry in patch.items())


def _constant(crisis: Crisis) -> Iterator[Problem]:
    left = _ALL_WORK
    known: dict[tuple[str, str | None], str] = {}
    for path, text, actor in statements_of(crisis):
        if text.strip() in ("true", "false"):
            continue
        if (text, actor) not in known:
            effort = Effort(min(_WORK, left))
            left -= effort.left
            known[text, actor] = _always(crisis, crisis.statement(text, actor), effort)
            left += max(0, effort.left)
        always = known[text, actor]
        if not always:
            continue
        yield Problem(
            "SW006",
            f"a statement is {always} in every state",
            path,
            label=f"always {always}",
            help=f"if that is meant, write `{always}`",
        )


def _always(crisis: Crisis, statement: Statement, effort: Effort) -> str:
    """Return whether a statement is `true` or `false` in every state, or neither as far as seen."""
    with suppress(Undecided):
        if find_state(statement, crisis.variables, effort) is None:
            return "false"
        if find_state(Not(statement), crisis.variables, effort) is None:
            return "true"
    return ""


# What is declared and never used ----------------------------------------------------------------


def _unused(crisis: Crisis) -> Iterator[Problem]:
    cited = {citation.source for text in _sources(crisis) for citation in citations(text)}
    for name in crisis.sources:
        if name not in cited:
            yield _on(("sources", name), "SW007", f"the source `{name}` is never cited")
    texts = [(path, text) for path, text, _ in statements_of(crisis)]
    for name in crisis.definitions:
        own = ("definitions", name)
        word = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)")
        if not any(word.search(text) for path, text in texts if path != own):
            yield _on(own, "SW008", f"the definition `{name}` is never used")


def _sources(crisis: Crisis) -> Iterator[str | None]:
    yield from (source for _, source in claims_of(crisis))
    for section in ("actors", "conditions", "situations", "questions", "explanations"):
        for holder in getattr(crisis, section).values():
            yield holder.source
    for expectation in crisis.expects.values():
        for _, viewed in _viewed(expectation):
            yield from (entry.source for entry in viewed.with_.values())


# Questions of yesterday -------------------------------------------------------------------------


def _past(crisis: Crisis, today: datetime.date) -> Iterator[Problem]:
    for name, question in crisis.questions.items():
        situation = question.situation or crisis.situation
        if situation is None:
            continue
        horizon = datetime.timedelta(days=question.horizon.high)
        try:
            due = crisis.situations[situation].as_of + horizon
        except OverflowError:
            continue
        if due < today:
            yield _on(
                ("questions", name),
                "SW004",
                f"the question `{name}` was to be decided by {due.isoformat()}",
                label="in the past",
                advice="ask it of a later situation, or see whether it came true",
            )
