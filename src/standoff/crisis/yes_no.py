"""States as the options that are taken in them: bit k of a number is option k."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Pairs: TypeAlias = tuple[tuple[int, bool], ...]
"""Some options, each with whether it is taken: true where all of them are so."""

AnyPairs: TypeAlias = tuple[Pairs, ...]
"""True where any of its members is."""

MOST_STEPS = 500_000
"""How long a search goes on: about a second."""


class TooMany(Exception):  # noqa: N818 (an outcome, not a mistake)
    """The search was given up: there is too much to look at."""


def holds(statement: AnyPairs, state: int) -> bool:
    """Return whether a statement is true in a state.

    Examples
    --------
    >>> [holds((((0, True), (1, False)),), state) for state in range(4)]
    [False, True, False, False]
    """
    return any(all((state >> k & 1) == taken for k, taken in pairs) for pairs in statement)


def feasible(number: int, never: Sequence[AnyPairs]) -> Iterator[int]:
    """Yield the states of a number of options in which no statement is true, ascending.

    Options are decided from the last to the first, so that a part in which a statement is true
    is left as soon as its options are decided.

    Raises
    ------
    TooMany
        More than `MOST_STEPS` were taken.

    Examples
    --------
    >>> list(feasible(3, [(((0, True), (1, True)),), (((2, False),),)]))
    [4, 5, 6]
    """
    decided: list[list[Pairs]] = [[] for _ in range(number + 1)]
    for statement in never:
        for pairs in statement:
            decided[min((k for k, _ in pairs), default=number)].append(pairs)
    if decided[number]:
        return
    todo = [(number, 0)]
    steps = 0
    while todo:
        steps += 1
        if steps > MOST_STEPS:
            raise TooMany
        left, state = todo.pop()
        if left == 0:
            yield state
            continue
        k = left - 1
        rules = tuple(decided[k])
        todo += [(k, after) for after in (state | 1 << k, state) if not holds(rules, after)]
