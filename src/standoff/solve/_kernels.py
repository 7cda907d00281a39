"""The sums of NumPy's parts as machine code, one draw after the other.

Every draw is worked on alone, from the first sweep to the last, while its arrays lie in the cache;
so what it gives does not depend on the others. All sums are taken in a fixed order, without
fast-math, but not in NumPy's: results differ from those of :mod:`standoff.solve._parts` in their
last digits.

What belongs to one draw is flat: ``numbers`` holds the arrays of all terms one after the other, and
each row of ``table`` says of one term what kind it is, how many states there are before, along and
after its axis, where its numbers begin, and which levels of a condition it joins. The flow comes on
two such sheets, so that to add an actor does not copy all others.

Numba keeps what it has compiled beside this file or in the user's own cache. To compile costs some
ten seconds once; to load what is there, and Numba with it, about half a second.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from standoff.solve._krylov import BREAKDOWN
from standoff.solve._parts import Floats
from standoff.solve._sweeper import CHECKED_EVERY

Integers: TypeAlias = NDArray[np.int64]
Sheets: TypeAlias = tuple[Integers, Floats, Integers, Floats]

FREE, GATED, RESTRICTED, JUMP, SWAP = range(5)

_SHORT = 4  # runs of fewer states are not worth a loop of their own
_SHEETS = "Tuple((i8[:,::1],f8[:,::1],i8[:,::1],f8[:,::1]))"

_F = TypeVar("_F", bound=Callable[..., object])


def _inner(function: _F) -> _F:
    """Compile what only compiled code calls."""
    return cast(_F, numba.njit(nogil=True, error_model="numpy")(function))


def _outer(signature: str) -> Callable[[_F], _F]:
    """Compile what Python calls, for one kind of arguments, and keep it."""
    compiling = numba.njit(signature, nogil=True, error_model="numpy", cache=True)
    return cast("Callable[[_F], _F]", compiling)


@_inner
def _free(weights: Floats, x: Floats, y: Floats, total: Floats) -> None:
    outer, along, inner = weights.shape
    if inner == 1:
        flat = (outer, along)
        _innermost(weights.reshape(flat), x.reshape(flat), y.reshape(flat))
        return
    for line in range(outer):
        if inner < _SHORT:
            for i in range(inner):
                found = 0.0
                for k in range(along):
                    found += weights[line, k, i] * x[line, k, i]
                for k in range(along):
                    y[line, k, i] += found
        else:
            _weighed(weights, x, line, total)
            for k in range(along):
                for i in range(inner):
                    y[line, k, i] += total[i]


@_inner
def _innermost(weights: Floats, x: Floats, y: Floats) -> None:
    """As :func:`_free` where a line's states lie side by side."""
    outer, along = weights.shape
    for line in range(outer):
        found = 0.0
        for k in range(along):
            found += weights[line, k] * x[line, k]
        for k in range(along):
            y[line, k] += found


@_inner
def _free_forward(weights: Floats, x: Floats, y: Floats) -> None:
    outer, along, inner = weights.shape
    for line in range(outer):
        for i in range(inner):
            found = 0.0
            for k in range(along):
                found += x[line, k, i]
            for k in range(along):
                y[line, k, i] += weights[line, k, i] * found


@_inner
def _gated(weights: Floats, gate: Floats, x: Floats, y: Floats, total: Floats) -> None:
    outer, along, inner = weights.shape
    for line in range(outer):
        if inner < _SHORT:
            for i in range(inner):
                found = 0.0
                for k in range(along):
                    found += weights[line, k, i] * x[line, k, i]
                for k in range(along):
                    y[line, k, i] += gate[line, k, i] * found
        else:
            _weighed(weights, x, line, total)
            for k in range(along):
                for i in range(inner):
                    y[line, k, i] += gate[line, k, i] * total[i]


@_inner
def _weighed(weights: Floats, x: Floats, line: int, total: Floats) -> None:
    """The sum along one line for each of its runs, as ``total``."""
    _, along, inner = weights.shape
    for i in range(inner):
        total[i] = weights[line, 0, i] * x[line, 0, i]
    for k in range(1, along):
        for i in range(inner):
            total[i] += weights[line, k, i] * x[line, k, i]


@_inner
def _restricted(chances: Floats, x: Floats, y: Floats) -> None:
    outer, along, _, inner = chances.shape
    for line in range(outer):
        for s in range(along):
            if inner < _SHORT:
                for i in range(inner):
                    total = 0.0
                    for t in range(along):
                        total += chances[line, s, t, i] * x[line, t, i]
                    y[line, s, i] += total
            else:
                for t in range(along):
                    for i in range(inner):
                        y[line, s, i] += chances[line, s, t, i] * x[line, t, i]


@_inner
def _restricted_forward(chances: Floats, x: Floats, y: Floats) -> None:
    outer, along, _, inner = chances.shape
    for line in range(outer):
        for s in range(along):
            for t in range(along):
                for i in range(inner):
                    y[line, t, i] += chances[line, s, t, i] * x[line, s, i]


@_inner
def _jump(rate: Floats, x: Floats, y: Floats, source: int, target: int) -> None:
    """From x at one level to y at another."""
    outer, inner = rate.shape
    for line in range(outer):
        for i in range(inner):
            y[line, target, i] += rate[line, i] * x[line, source, i]


@_inner
def _swap(rate: Floats, x: Floats, y: Floats, forward: bool) -> None:
    outer, _, inner = rate.shape
    for line in range(outer):
        for level in range(2):
            other = 1 - level
            leaves = other if forward else level
            for i in range(inner):
                y[line, level, i] += rate[line, leaves, i] * x[line, other, i]


@_inner
def _sweep_sheet(
    table: Integers, numbers: Floats, x: Floats, y: Floats, total: Floats, forward: bool
) -> None:
    """Add to y what the terms of one sheet make of x, in one draw."""
    states = x.size
    for row in range(len(table)):
        kind, outer, along, inner, at, source, target = table[row]
        lines = (outer, along, inner)
        from_, to = x.reshape(lines), y.reshape(lines)
        if kind == FREE:
            weights = numbers[at : at + states].reshape(lines)
            if forward:
                _free_forward(weights, from_, to)
            else:
                _free(weights, from_, to, total)
        elif kind == GATED:
            weights = numbers[at : at + states].reshape(lines)
            gate = numbers[at + states : at + 2 * states].reshape(lines)
            if forward:
                weights, gate = gate, weights
            _gated(weights, gate, from_, to, total)
        elif kind == RESTRICTED:
            chances = numbers[at : at + states * along].reshape((outer, along, along, inner))
            if forward:
                _restricted_forward(chances, from_, to)
            else:
                _restricted(chances, from_, to)
        elif kind == JUMP:
            rate = numbers[at : at + outer * inner].reshape((outer, inner))
            if forward:
                _jump(rate, from_, to, source, target)
            else:
                _jump(rate, from_, to, target, source)
        else:
            _swap(numbers[at : at + states].reshape(lines), from_, to, forward)


@_inner
def _dot(left: Floats, right: Floats) -> float:
    """The sum of products, in eight sums that go side by side and are then added up."""
    a = b = c = d = e = f = g = h = 0.0
    whole = left.size - left.size % 8
    for i in range(0, whole, 8):
        a += left[i] * right[i]
        b += left[i + 1] * right[i + 1]
        c += left[i + 2] * right[i + 2]
        d += left[i + 3] * right[i + 3]
        e += left[i + 4] * right[i + 4]
        f += left[i + 5] * right[i + 5]
        g += left[i + 6] * right[i + 6]
        h += left[i + 7] * right[i + 7]
    total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for i in range(whole, left.size):
        total += left[i] * right[i]
    return total


@_inner
def _largest(array: Floats) -> float:
    found = 0.0
    for i in range(array.size):
        found = max(found, abs(array[i]))
    return found


@_inner
def _sweep(sheets: Sheets, draw: int, x: Floats, y: Floats, total: Floats, forward: bool) -> None:
    """Add to y what all terms make of x, in one draw."""
    table, numbers, more_table, more_numbers = sheets
    _sweep_sheet(table, numbers[draw], x, y, total, forward)
    _sweep_sheet(more_table, more_numbers[draw], x, y, total, forward)


@_outer(f"void({_SHEETS},f8[:,::1],f8[:,::1],b1)")
def sweeps(sheets: Sheets, x: Floats, y: Floats, forward: bool) -> None:
    """Add to y what all terms make of x, in every draw."""
    total = np.empty(x.shape[1])
    for draw in range(len(x)):
        _sweep(sheets, draw, x[draw], y[draw], total, forward)


@_inner
def _solution(
    sheets: Sheets,
    draw: int,
    scale: Floats,
    right: Floats,
    target: float,
    most: int,
    found: Floats,
) -> int:
    """BiCGSTAB from zero, as in :func:`standoff.solve._krylov.solve_linear`; steps taken.

    A sweep adds to what is there, so the two images of a step are kept with their signs turned.
    """
    states = right.size
    total, scaled = np.empty(states), np.empty(states)
    moved, image = np.empty(states), np.empty(states)
    residual, direction = right.copy(), right.copy()
    rho = _dot(right, residual)
    for step in range(most):
        for i in range(states):
            scaled[i] = scale[i] * direction[i]
            moved[i] = -direction[i]
        _sweep(sheets, draw, scaled, moved, total, False)
        along = -_dot(right, moved)
        if abs(along) < BREAKDOWN:
            return step
        alpha = rho / along
        for i in range(states):
            found[i] += alpha * direction[i]
            residual[i] += alpha * moved[i]
            scaled[i] = scale[i] * residual[i]
            image[i] = -residual[i]
        _sweep(sheets, draw, scaled, image, total, False)
        size = _dot(image, image)
        if size < BREAKDOWN:
            return step + 1
        omega = -_dot(image, residual) / size
        for i in range(states):
            found[i] += omega * residual[i]
            residual[i] += omega * image[i]
        previous, rho = rho, _dot(right, residual)
        if _largest(residual) <= target or abs(rho) < BREAKDOWN or omega == 0.0:
            return step + 1
        again = rho / previous * alpha / omega
        for i in range(states):
            direction[i] = residual[i] + again * (direction[i] + omega * moved[i])
    return most


@_outer(f"i8({_SHEETS},f8[:,::1],f8[:,::1],f8[::1],i8,f8[:,::1])")
def solutions(
    sheets: Sheets,
    scale: Floats,
    right: Floats,
    accuracy: Floats,
    most: int,
    found: Floats,
) -> int:
    """Solve ``x - terms (scale x) = right`` for every draw; the most steps that one took."""
    longest = 0
    for draw in range(len(right)):
        target = accuracy[draw] * _largest(right[draw])
        if target > 0.0:
            steps = _solution(sheets, draw, scale[draw], right[draw], target, most, found[draw])
            longest = max(longest, steps)
    return longest


@_outer(f"i8[::1]({_SHEETS},f8[:,::1],f8[:,::1],f8[:,::1],i8,i8[::1],f8,f8[:,::1])")
def jumps(
    sheets: Sheets,
    values: Floats,
    leaving: Floats,
    share: Floats,
    start: int,
    lengths: Integers,
    negligible: float,
    found: Floats,
) -> Integers:
    """The value of one state after every number of jumps, for every draw; where each line ends."""
    states = values.shape[1]
    total, step = np.empty(states), np.empty(states)
    ends = lengths.copy()
    for draw in range(len(values)):
        now = values[draw].copy()
        found[draw, 0] = now[start]
        for n in range(1, lengths[draw]):
            for i in range(states):
                step[i] = leaving[draw, i] * now[i]
            _sweep(sheets, draw, now, step, total, False)
            for i in range(states):
                step[i] *= share[draw, i]
                now[i] += step[i]
            found[draw, n] = now[start]
            if n % CHECKED_EVERY == 0 and _largest(step) * (lengths[draw] - n) < negligible:
                ends[draw] = n + 1
                break
    return ends
