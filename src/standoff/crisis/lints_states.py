"""Warnings that take a search over states: orders with gaps or idle entries, impossible levels.

Each search shares a bounded effort with the others of its kind. What it cannot settle within that
is left unsaid: a warning is only given where it is certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from standoff.crisis.actors import Actor
from standoff.crisis.faults import Path, Problem
from standoff.crisis.model import Crisis
from standoff.crisis.possible import Effort, Undecided, find_state, rules_of
from standoff.crisis.preferences import Pattern
from standoff.crisis.resolve import place_of
from standoff.crisis.statements import All, Among, AnyOf, Fixed, Not, Statement, mentioned

_WORK = 300_000
"""How many parts of statements the warnings of one kind may look at."""
_PAIR = 4
"""As how many such parts a comparison of two entries counts, by the time it takes."""


def problems_of_states(crisis: Crisis) -> Iterator[Problem]:
    """Yield the warnings about orders of states, and about levels that can never be."""
    for search in (_gaps, _idle_entries, _idle_priorities, _impossible_levels):
        with suppress(Undecided):
            yield from search(crisis, Effort(_WORK))


def _possible(crisis: Crisis) -> tuple[Statement, ...]:
    return tuple(Not(rule) for _, rule in rules_of(crisis))


# Rankings ---------------------------------------------------------------------------------------


def _gaps(crisis: Crisis, effort: Effort) -> Iterator[Problem]:
    possible = _possible(crisis)
    for name, actor in crisis.actors.items():
        if not actor.ranking:
            continue
        others = tuple(Not(statement) for _, _, statement in _entries(crisis, name, actor))
        state = find_state(All((*others, *possible)), crisis.variables, effort)
        if state is not None:
            which = f"states such as {_shown(crisis, state)}" if state else "every state"
            yield Problem(
                "SW009",
                f"the ranking of `{name}` leaves out {which}",
                ("actors", name, "ranking"),
                on_key=True,
                label="what matches no entry comes last, tied",
                help="rank these states, or end the ranking with `true` if that is meant",
            )


def _entries(
    crisis: Crisis, name: str, actor: Actor
) -> Iterator[tuple[tuple[int, int], Pattern, Statement]]:
    for position, entry in enumerate(actor.ranking):
        for at, pattern in enumerate(entry):
            yield (position, at), pattern, crisis.vocabulary.pattern(pattern, name)


def _shown(crisis: Crisis, state: Mapping[str, int]) -> str:
    levels = (
        f"{name}: {known[state[name]]}" for name, known in crisis.variables.items() if name in state
    )
    return f"`{{{', '.join(levels)}}}`"


def _idle_entries(crisis: Crisis, effort: Effort) -> Iterator[Problem]:
    possible = _possible(crisis)
    for name, actor in crisis.actors.items():
        earlier: list[Statement] = []
        for place, pattern, statement in _entries(crisis, name, actor):
            effort.spend(_PAIR * len(earlier))
            before = tuple(Not(each) for each in earlier if not _apart(each, statement))
            earlier.append(statement)
            all_the_rest = pattern.text.strip() == "true" and place == (len(actor.ranking) - 1, 0)
            if all_the_rest or _some(crisis, (statement, *before, *possible), effort):
                continue
            here: Path = ("actors", name, "ranking", *place)
            if _some(crisis, (statement, *possible), effort):
                yield _idle(
                    here,
                    f"this entry in the ranking of `{name}` changes nothing",
                    "all that it matches has its place by an earlier entry",
                )
            elif pattern.levels is not None or _some(crisis, (statement,), effort):
                yield _idle(
                    here,
                    f"this entry in the ranking of `{name}` matches no state that can be",
                    "ruled out",
                )


def _some(crisis: Crisis, statements: tuple[Statement, ...], effort: Effort) -> bool:
    """Return whether there is a state in which all statements are true."""
    return find_state(All(statements), crisis.variables, effort) is not None


def _idle(path: Path, message: str, label: str) -> Problem:
    return Problem("SW010", message, path, label=label, help="correct it, move it, or remove it")


def _apart(one: Statement, other: Statement) -> bool:
    """Return whether two lists of levels cannot both be matched, as far as can be seen at once."""
    return (
        isinstance(one, All)
        and isinstance(other, All)
        and any(
            a.variable == b.variable and not a.levels & b.levels
            for a in one.operands
            for b in other.operands
            if isinstance(a, Among) and isinstance(b, Among)
        )
    )


# Priorities -------------------------------------------------------------------------------------


def _idle_priorities(crisis: Crisis, effort: Effort) -> Iterator[Problem]:
    """Look for two states that agree on all earlier priorities and differ in this one."""
    possible = _possible(crisis)
    variables = {
        f"{copy}{name}": known for copy in "12" for name, known in crisis.variables.items()
    }
    both = [_renamed(rule, copy) for copy in "12" for rule in possible]
    for name, actor in crisis.actors.items():
        agreed: list[Statement] = []
        for position, priority in enumerate(actor.priorities):
            statement = crisis.statement(priority.prefers, name)
            one, other = _renamed(statement, "1"), _renamed(statement, "2")
            differ = find_state(All((one, Not(other), *agreed, *both)), variables, effort)
            agreed.append(AnyOf((All((one, other)), All((Not(one), Not(other))))))
            if differ is not None or _constant(crisis, statement, effort):
                continue
            yield _idle(
                ("actors", name, "priorities", position, "prefers"),
                f"this priority of `{name}` changes nothing",
                "possible states that agree on all before it agree on it",
            )


def _constant(crisis: Crisis, statement: Statement, effort: Effort) -> bool:
    """Return whether a statement is the same in every state; of that there is another warning."""
    return not all(_some(crisis, (each,), effort) for each in (statement, Not(statement)))


def _renamed(statement: Statement, copy: str) -> Statement:
    """Return a statement about a copy of the variables."""
    if isinstance(statement, Among):
        return Among(copy + statement.variable, statement.levels)
    if isinstance(statement, Fixed):
        return statement
    if isinstance(statement, Not):
        return Not(_renamed(statement.operand, copy))
    return type(statement)(tuple(_renamed(each, copy) for each in statement.operands))


# Levels -----------------------------------------------------------------------------------------


def _impossible_levels(crisis: Crisis, effort: Effort) -> Iterator[Problem]:
    possible = _possible(crisis)
    seen: set[tuple[str, int]] = set()
    for name in mentioned(All(possible)):
        for level, word in enumerate(crisis.variables[name]):
            if (name, level) in seen:
                continue
            wanted = All((Among(name, frozenset({level})), *possible))
            state = find_state(wanted, crisis.variables, effort)
            if state is not None:
                seen |= state.items()
                continue
            yield Problem(
                "SW011",
                f"`{name}` can never be at `{word}`",
                (*place_of(crisis.vocabulary, name, None), "levels", level),
                label="every state with this level is ruled out by `never`",
                help="leave the level out, or narrow what `never` says",
            )
