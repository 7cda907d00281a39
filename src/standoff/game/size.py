"""Is it too large? Counted before anything is allocated."""

from __future__ import annotations

from math import prod

from standoff.crisis import Crisis
from standoff.crisis.errors import StandoffError
from standoff.game.space import raw_axes

DEFAULT_MEMORY = 4 * 2**30
"""Bytes that solving one crisis may take unless the user says otherwise."""


class TooLargeError(StandoffError, MemoryError):
    """The crisis has more states than the memory limit allows."""


def states_of(crisis: Crisis) -> int:
    """Number of states of a crisis before `never` is applied, held variables counted once."""
    held = crisis.held
    return prod(len(levels) for name, levels in crisis.variables.items() if name not in held)


def bytes_needed(states: int, actors: int, depth: int) -> int:
    """Memory to forecast one crisis, in bytes.

    Payoffs and the policies of every actor at every depth, for the crisis as it is and as each
    actor sees it, and about sixteen arrays to work in.
    """
    return 8 * states * ((1 + actors) * actors * (1 + depth) + 16)


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
    states = states_of(crisis)
    needed = bytes_needed(states, len(crisis.actors), depth)
    if needed <= limit:
        return states
    sizes = sorted(
        (
            (len(crisis.variables[variable]), variable)
            for _, variables in raw_axes(crisis)
            for variable in variables
            if variable not in crisis.held
        ),
        reverse=True,
    )
    left, dropped = needed, []
    for levels, variable in sizes:
        if left <= limit:
            break
        left //= levels
        dropped.append(f"{variable} ({levels} levels)")
    raise TooLargeError(
        f"this crisis has {states:,} states and solving it needs about {_amount(needed)}, "
        f"more than the limit of {_amount(limit)}. "
        f"Drop or hold some options or conditions, for example {', '.join(dropped)}: "
        f"that would need about {_amount(left)}. Or raise the limit (--memory)."
    )


def _amount(count: int) -> str:
    value = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:,.0f} TiB"
