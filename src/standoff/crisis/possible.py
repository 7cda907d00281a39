"""Which states can be: a search that never writes down the product of all levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from standoff.crisis.statements import (
    All,
    AnyOf,
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


@dataclass
class Effort:
    """How many parts of statements may still be looked at, by one search or by several."""

    left: int = MOST_WORK

    def spend(self, parts: int) -> None:
        """Take away what a step costs.

        Raises
        ------
        Undecided
            There is nothing left.
        """
        self.left -= parts
        if self.left < 0:
            raise Undecided


def find_state(
    statement: Statement, variables: Mapping[str, tuple[str, ...]], effort: Effort | None = None
) -> dict[str, int] | None:
    """Return levels that make a statement true, or None if nothing does.

    Variables are set one after the other, only those that what is still open mentions. A choice is
    dropped as soon as it settles one part as false, and what it settles as true is not looked at
    again.

    Raises
    ------
    Undecided
        It would cost more effort than is left.
    """
    effort = effort or Effort()
    state: dict[str, int] = {}
    trail: list[tuple[str, list[_Part]]] = []
    whole: list[_Part] = []
    for part in _parts(statement):
        effort.spend(count := size(part))
        whole.append((part, count))
    parts = _open(whole, state, effort)
    while parts is None or parts:
        if parts is None:
            while trail and state[trail[-1][0]] + 1 == len(variables[trail[-1][0]]):
                del state[trail.pop()[0]]
            if not trail:
                return None
            name, before = trail[-1]
            state[name] += 1
        else:
            name = next(name for name in mentioned(parts[0][0]) if name not in state)
            before = parts
            trail.append((name, before))
            state[name] = 0
        parts = _open(before, state, effort)
    return state


_Part: TypeAlias = tuple[Statement, int]
"""A part of what must be true, and its size."""


def _open(parts: list[_Part], state: Mapping[str, int], effort: Effort) -> list[_Part] | None:
    """Return the parts that a state leaves open, or None if it makes one of them false."""
    still = []
    for part, count in parts:
        effort.spend(count)
        known = known_truth(part, state)
        if known is False:
            return None
        if known is None:
            still.append((part, count))
    return still


def _parts(statement: Statement) -> Iterator[Statement]:
    """Yield what all must be true for a statement to be true."""
    if isinstance(statement, All):
        for each in statement.operands:
            yield from _parts(each)
    elif isinstance(statement, Not) and isinstance(statement.operand, AnyOf):
        for each in statement.operand.operands:
            yield from _parts(Not(each))
    else:
        yield statement


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
