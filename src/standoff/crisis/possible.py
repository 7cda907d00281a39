"""Which states can be: a search that never writes down the product of all levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from standoff.crisis.statements import (
    All,
    Not,
    Statement,
    is_true,
    known_truth,
    mentioned,
    size,
)

if TYPE_CHECKING:
    from standoff.crisis.model import Crisis

MOST_WORK = 1_000_000
"""How many parts of statements a search looks at before it gives up."""


class Undecided(Exception):  # noqa: N818 (an outcome, not a mistake)
    """The search was given up: it would have taken too long to say."""


def find_state(
    statement: Statement, variables: Mapping[str, tuple[str, ...]], work: int = MOST_WORK
) -> dict[str, int] | None:
    """Return levels that make a statement true, or None if nothing does.

    Variables are set one after the other, and a choice is dropped as soon as it settles the
    statement as false; only variables that the statement mentions are tried.

    Raises
    ------
    Undecided
        More than `work` parts of the statement would have to be looked at.
    """
    names = mentioned(statement)
    parts = size(statement)
    state: dict[str, int] = {}
    steps = 0

    def search(position: int) -> bool:
        nonlocal steps
        steps += 1
        if steps * parts > work:
            raise Undecided
        known = known_truth(statement, state)
        if known is not None or position == len(names):
            return bool(known)
        name = names[position]
        for level in range(len(variables[name])):
            state[name] = level
            if search(position + 1):
                return True
        del state[name]
        return False

    return state if search(0) else None


def rules_of(crisis: Crisis) -> list[tuple[str, Statement]]:
    """Return the `never` statements of a crisis, as written and resolved."""
    return [(text, crisis.statement(text)) for text in crisis.never]


def broken_rule(crisis: Crisis, levels: Mapping[str, str]) -> str | None:
    """Return the first `never` statement that is true in a state, as written, or None."""
    state = {name: crisis.variables[name].index(level) for name, level in levels.items()}
    return next((text for text, rule in rules_of(crisis) if is_true(rule, state)), None)


def some_state(crisis: Crisis) -> dict[str, int] | None:
    """Return levels that no `never` statement forbids, or None if every state is forbidden."""
    allowed = All(tuple(Not(rule) for _, rule in rules_of(crisis)))
    return find_state(allowed, crisis.variables)
