"""Statements: true-or-false expressions over a state, with every name resolved.

A statement is a tree of five kinds of node. Names are gone: what is left are variables (as in
`Crisis.variables`) and the positions of levels in them, so that whatever reads a statement needs
no rules about names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Fixed:
    """True or false, whatever the state."""

    value: bool


@dataclass(frozen=True, slots=True)
class Among:
    """The variable is at one of these levels, given as positions in its list of levels."""

    variable: str
    levels: frozenset[int]


@dataclass(frozen=True, slots=True)
class Not:
    """The operand is false."""

    operand: Statement


@dataclass(frozen=True, slots=True)
class All:
    """Every operand is true."""

    operands: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one operand is true."""

    operands: tuple[Statement, ...]


Statement: TypeAlias = Fixed | Among | Not | All | AnyOf

TRUE = Fixed(True)
FALSE = Fixed(False)


def mentioned(statement: Statement) -> tuple[str, ...]:
    """Return the variables that a statement depends on, in the order they first appear.

    Examples
    --------
    >>> mentioned(All((Among("a.blockade", frozenset({2})), Not(Among("weather", frozenset())))))
    ('a.blockade', 'weather')
    """
    return tuple(dict.fromkeys(_variables(statement)))


def _variables(statement: Statement) -> Iterator[str]:
    if isinstance(statement, Among):
        yield statement.variable
    elif isinstance(statement, Not):
        yield from _variables(statement.operand)
    elif isinstance(statement, All | AnyOf):
        for operand in statement.operands:
            yield from _variables(operand)


def size(statement: Statement) -> int:
    """Return how many nodes a statement has."""
    if isinstance(statement, Not):
        return 1 + size(statement.operand)
    if isinstance(statement, All | AnyOf):
        return 1 + sum(size(operand) for operand in statement.operands)
    return 1


def is_true(statement: Statement, state: Mapping[str, int]) -> bool:
    """Return whether a statement holds in a state.

    Parameters
    ----------
    statement
        The statement.
    state
        For each variable, the position of its level; variables not mentioned may be missing.
    """
    answer = known_truth(statement, state)
    if answer is None:
        missing = ", ".join(name for name in mentioned(statement) if name not in state)
        raise KeyError(missing)
    return answer


def known_truth(statement: Statement, state: Mapping[str, int]) -> bool | None:
    """Return what an incomplete state says about a statement: true, false, or not yet known.

    Variables that the state does not mention could be at any level; the answer None means that the
    parts looked at one by one do not settle it.

    Examples
    --------
    >>> storm = Among("weather", frozenset({1}))
    >>> known_truth(storm, {}) is None
    True
    >>> known_truth(All((storm, FALSE)), {})
    False
    """
    if isinstance(statement, Among):
        level = state.get(statement.variable)
        return None if level is None else level in statement.levels
    if isinstance(statement, Fixed):
        return statement.value
    if isinstance(statement, Not):
        inner = known_truth(statement.operand, state)
        return None if inner is None else not inner
    decisive = isinstance(statement, AnyOf)
    settled = True
    for operand in statement.operands:
        inner = known_truth(operand, state)
        if inner is decisive:
            return decisive
        settled = settled and inner is not None
    return (not decisive) if settled else None
