"""Is it too large? Counted before anything is allocated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

from standoff.crisis import Actor, Crisis
from standoff.crisis.errors import StandoffError
from standoff.game.compile import is_restricted
from standoff.game.space import raw_axes

DEFAULT_MEMORY = 4 * 2**30
"""Bytes that solving one crisis may take unless the user says otherwise."""


class TooLargeError(StandoffError, MemoryError):
    """The crisis has more states than the memory limit allows."""


def states_of(crisis: Crisis) -> int:
    """Number of states of a crisis before `never` is applied, held variables counted once."""
    return prod(_free(crisis).values())


def bytes_needed(crisis: Crisis, depth: int) -> int:
    """Memory to forecast one crisis, in bytes.

    Payoffs, and the values and policies of every actor at every depth, for the crisis as it is and
    as each actor sees it, and about sixteen arrays to work in. A policy is one number per state,
    or, where `irreversible` or `requires` restricts the actor, one per state and strategy.
    """
    return _needed(crisis, _free(crisis), depth)


def check_size(crisis: Crisis, depth: int, limit: int = DEFAULT_MEMORY) -> int:
    """Refuse a crisis that would not fit, and say what to leave out.

    Returns
    -------
    int
        The number of states.

    Raises
    ------
    TooLargeError
        If more than ``limit`` bytes would be needed.
    """
    return _refuse_over(limit, crisis, lambda free: _needed(crisis, free, depth))


def check_graph_size(crisis: Crisis, limit: int = DEFAULT_MEMORY) -> int:
    """Refuse a crisis whose stability would not fit, and say what to leave out.

    Returns
    -------
    int
        The number of states.

    Raises
    ------
    TooLargeError
        If more than ``limit`` bytes would be needed.
    """
    start = crisis.start
    held = crisis.holding({name: start[name] for name in crisis.conditions})
    return _refuse_over(limit, held, lambda free: _needed_by_graph(held, free))


def check_running_size(crisis: Crisis, limit: int = DEFAULT_MEMORY) -> int:
    """Refuse a crisis whose stability with conditions running would not fit.

    Returns
    -------
    int
        The number of states, every level of every condition included.

    Raises
    ------
    TooLargeError
        If more than ``limit`` bytes would be needed.
    """
    return _refuse_over(limit, crisis, lambda free: _needed_to_run(crisis, free))


def _refuse_over(limit: int, crisis: Crisis, needed_by: Callable[[Mapping[str, int]], int]) -> int:
    free = _free(crisis)
    states, needed = prod(free.values()), needed_by(free)
    if needed <= limit:
        return states
    sizes = sorted(
        (
            (free[variable], variable)
            for _, variables in raw_axes(crisis)
            for variable in variables
            if variable in free
        ),
        reverse=True,
    )
    left, dropped = needed, []
    for levels, variable in sizes:
        if left <= limit:
            break
        del free[variable]
        left = needed_by(free)
        dropped.append(f"{variable} ({levels} levels)")
    raise TooLargeError(
        f"this crisis has {states:,} states and solving it needs about {_amount(needed)}, "
        f"more than the limit of {_amount(limit)}. "
        f"Drop or hold some options or conditions, for example {', '.join(dropped)}: "
        f"that would need about {_amount(left)}. Or raise the limit (--memory)."
    )


def _free(crisis: Crisis) -> dict[str, int]:
    """How many levels each variable has that is not held."""
    held = crisis.held
    return {name: len(levels) for name, levels in crisis.variables.items() if name not in held}


def _needed(crisis: Crisis, free: Mapping[str, int], depth: int) -> int:
    actors = len(crisis.actors)
    widths = _widths(crisis, free)
    kept = (1 + actors) * (actors + depth * (actors + sum(widths)))
    return 8 * prod(free.values()) * (kept + 16 * max(widths, default=1))


def _needed_by_graph(crisis: Crisis, free: Mapping[str, int]) -> int:
    """Ranks, payoffs and five answers for every actor, moves where restricted, room to work in."""
    ranks = [_bytes_of_rank(actor) for actor in crisis.actors.values()]
    widths = [width for width in _widths(crisis, free) if width > 1]
    kept = sum(3 * rank + 5 for rank in ranks) + sum(widths)
    work = 40 + 10 * max(ranks, default=1) + 2 * max(widths, default=0)
    strategies = sum(
        prod(free.get(variable, 1) for variable in variables) for _, variables in raw_axes(crisis)
    )
    return prod(free.values()) * (kept + work) + 240 * strategies


def _bytes_of_rank(actor: Actor) -> int:
    """Of what an actor tells apart: each of its claims doubles it at most."""
    claims = len(actor.interests) + len(actor.red_lines) + len(actor.priorities)
    return 1 if claims < 8 else 2 if claims < 16 else 4


def _needed_to_run(crisis: Crisis, free: Mapping[str, int]) -> int:
    """What every state is worth to every actor, and the equations for it, solved.

    Factors fill up within each block, which has one row for each combination of conditions.
    """
    block = prod(free.get(name, 1) for name in crisis.conditions)
    kept = 128 * len(crisis.actors) + sum(width for width in _widths(crisis, free) if width > 1)
    return prod(free.values()) * (kept + 400 + 16 * block)


def _widths(crisis: Crisis, free: Mapping[str, int]) -> list[int]:
    """For each actor the strategies it can choose from, if its moves are kept one by one."""
    return [
        prod(free.get(f"{name}.{option}", 1) for option in actor.options)
        if is_restricted(actor)
        else 1
        for name, actor in crisis.actors.items()
    ]


def _amount(count: int) -> str:
    value = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:,.0f} TiB"
