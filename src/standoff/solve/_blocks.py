"""Sweeping a tensor in blocks: what one actor or change does, cut to pieces that suit the machine.

A small game is one block on one thread. A large one is swept twice: slabs of the trailing axes,
which hold whole lines of those, and then columns of the leading ones, shared out among as many
threads as there are cores (NumPy lets go of the interpreter while it computes). Inside a block,
axes with short contiguous runs are swept on a transposed copy, where their runs are long.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import cycle, zip_longest
from math import prod
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from standoff.solve._parts import Floats as Floats
from standoff.solve._parts import Part, Term
from standoff.solve._sweeper import Sweeper

THREADED_FROM = 2**18
"""Games with fewer states are swept in one block on one thread."""

_BLOCK = 2**17
"""States in a block: smaller ones cost more in calls than they save in memory traffic."""

_SHORT = 32
_SHORT_IN_LARGE = 4
"""Axes with shorter contiguous runs than this are swept on a transposed copy."""

_CHEAP_TO_TURN = 2**14
"""In larger blocks a transposed copy costs more, and is made for shorter runs only."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is swept at once.

    Attributes
    ----------
    stretch
        The part of the flat arrays whose diagonal this block handles.
    straight
        Parts that work on the flat arrays where they lie.
    turned
        Parts on the innermost axes, whose short runs would be slow: they work on a transposed
        copy, in which those axes come first.
    turn
        None, or four views: the flat input, its turned copy, the turned output, the flat output.
    """

    stretch: slice
    straight: tuple[Part, ...]
    turned: tuple[Part, ...] = ()
    turn: tuple[Floats, Floats, Floats, Floats] | None = None

    def sweep(self, forward: bool) -> None:
        for part in self.straight:
            part.forward() if forward else part.backward()
        if self.turn is not None:
            flat_in, turned_in, turned_out, flat_out = self.turn
            np.copyto(turned_in, flat_in)
            turned_out[...] = 0.0
            for part in self.turned:
                part.forward() if forward else part.backward()
            flat_out += turned_out

    def merged(self, other: Block) -> Block:
        """The parts of two blocks of the same stretch, bound to the same arrays."""
        turned = self.turned + other.turned
        return Block(self.stretch, self.straight + other.straight, turned, self.turn or other.turn)


Phase: TypeAlias = tuple[tuple[Block, ...], ...]
"""The blocks of every worker; the blocks of a phase write to different places."""

_Cut: TypeAlias = Callable[[Floats], Floats]


class Desk:
    """The arrays that the parts of a flow are bound to, and how they are cut.

    Attributes
    ----------
    shape, split
        The tensor, and how many of its axes lead: a slab is all states at one point of those.
    draws
        How many draws the tensor holds. How it is cut depends on the states of one only, so that
        a draw has the same bytes whatever it is computed together with.
    x, y
        What is read and what is added to, flat.
    scratch
        For each thread, where a slab of x and of y is kept transposed.
    """

    __slots__ = ("draws", "scratch", "shape", "split", "x", "y")

    def __init__(self, shape: tuple[int, ...], draws: int = 1) -> None:
        size = prod(shape)
        self.shape = shape
        self.draws = draws
        self.split = 0
        if size // draws >= THREADED_FROM:
            self.split = len(shape) - 1
            while self.split > 1 and prod(shape[self.split - 1 :]) <= _BLOCK:
                self.split -= 1
        self.x: Floats = np.empty(size)
        self.y: Floats = np.empty(size)
        threads = workers() if size // draws >= THREADED_FROM else 1
        slab = prod(shape[self.split :])
        self.scratch = [(np.empty(slab), np.empty(slab)) for _ in range(threads)]


class Blocks(Sweeper):
    """Terms carried out by NumPy, block after block.

    Blocks keep the two arrays they work in, and every part holds its views of them, so that a
    sweep of a small game is arithmetic and not bookkeeping. They are not for use by two threads at
    once; within a sweep of a large game they use as many as there are cores.
    """

    __slots__ = ("desk", "phases")

    def __init__(self, desk: Desk, phases: tuple[Phase, ...]) -> None:
        self.desk = desk
        self.phases = phases

    @classmethod
    def of(cls, shape: tuple[int, ...], draws: int, terms: Sequence[Term]) -> Blocks:
        """Cut terms to blocks."""
        desk = Desk(shape, draws)
        return cls(desk, plan(desk, terms))

    def plus(self, terms: Sequence[Term]) -> Blocks:
        """Some terms more; the two share the arrays they work in."""
        return Blocks(self.desk, merged(self.phases, plan(self.desk, terms)))

    def sweep(self, x: Floats, leaving: Floats, *, forward: bool) -> Floats:
        """Return ``leaving * x`` and what every term adds to it."""
        desk = self.desk
        np.copyto(desk.x, x)
        for number, shares in enumerate(self.phases):

            def run(blocks: tuple[Block, ...], first: bool = number == 0) -> None:
                for block in blocks:
                    if first:
                        part = block.stretch
                        np.multiply(leaving[part], desk.x[part], out=desk.y[part])
                    block.sweep(forward)

            if len(shares) == 1:
                run(shares[0])
            else:
                for _ in pool().map(run, shares):
                    pass
        return desk.y


def merged(phases: Sequence[Phase], others: Sequence[Phase]) -> tuple[Phase, ...]:
    """Two plans for the same desk as one."""
    return tuple(
        phase
        if other is None
        else other
        if phase is None
        else tuple(
            tuple(block.merged(more) for block, more in zip(mine, theirs, strict=True))
            for mine, theirs in zip(phase, other, strict=True)
        )
        for phase, other in zip_longest(phases, others)
    )


def plan(desk: Desk, terms: Sequence[Term]) -> tuple[Phase, ...]:
    """Cut terms to blocks."""
    shape, split, x, y = desk.shape, desk.split, desk.x, desk.y
    threads = len(desk.scratch)
    leading, trailing = prod(shape[:split]), prod(shape[split:])
    inside = [term for term in terms if term.lines[0] >= leading]
    across = [term for term in terms if term.lines[0] < leading]
    slabs = _dealt(
        [
            _slab(
                shape[split:],
                inside,
                slice(i * trailing, (i + 1) * trailing),
                leading,
                x,
                y,
                s,
                desk.draws,
            )
            for i, s in zip(range(leading), cycle(desk.scratch), strict=False)
        ],
        threads,
    )
    if not across:
        return (slabs,)
    width = max(64, _BLOCK // leading)
    columns = [
        Block(stretch, tuple(_in_columns(term, stretch, trailing, x, y) for term in across))
        for stretch in (
            slice(start, min(start + width, trailing)) for start in range(0, trailing, width)
        )
    ]
    return (slabs, _dealt(columns, threads))


def _dealt(blocks: list[Block], threads: int) -> Phase:
    return tuple(tuple(blocks[i::threads]) for i in range(threads))


def _slab(
    shape: tuple[int, ...],
    terms: Sequence[Term],
    stretch: slice,
    slabs: int,
    x: Floats,
    y: Floats,
    scratch: tuple[Floats, Floats],
    draws: int,
) -> Block:
    """Terms whose lines lie inside a contiguous stretch of the flat arrays."""
    size = prod(shape)
    short = _SHORT if size // draws <= _CHEAP_TO_TURN else _SHORT_IN_LARGE
    first = next((i for i in range(1, len(shape)) if prod(shape[i + 1 :]) < short), len(shape))
    inmost = prod(shape[first:])
    rest = size // inmost
    number = stretch.start // size
    straight, turned = [], []
    turned_in, turned_out = (array.reshape(inmost, rest) for array in scratch)
    for term in terms:
        outer, along, inner = term.lines
        outer //= slabs
        rows = slice(number * outer, (number + 1) * outer)
        if outer < rest or inmost == 1:
            lines = (outer, along, inner)
            work = x[stretch].reshape(lines), y[stretch].reshape(lines)
            cut: _Cut = itemgetter(rows)
            straight.append(_bind(term, work, cut, slabs == 1))
        else:
            turned_lines = (outer // rest, along, inner, rest)
            work = turned_in.reshape(turned_lines), turned_out.reshape(turned_lines)
            cut = partial(_turned, rows=rows, rest=rest)
            turned.append(_bind(term, work, cut, slabs == 1))
    if not turned:
        return Block(stretch, tuple(straight))
    flat_in, flat_out = (array[stretch].reshape(rest, inmost).T for array in (x, y))
    turn = (flat_in, turned_in, turned_out, flat_out)
    return Block(stretch, tuple(straight), tuple(turned), turn)


def _turned(array: Floats, *, rows: slice, rest: int) -> Floats:
    array = array[rows]
    array = array.reshape(rest, array.shape[0] // rest, *array.shape[1:])
    return np.ascontiguousarray(np.moveaxis(array, 0, -1))


def _in_columns(term: Term, stretch: slice, trailing: int, x: Floats, y: Floats) -> Part:
    """A term on a leading axis, cut to some columns of the trailing axes."""
    outer, along, inner = term.lines
    shape = (outer, along, inner // trailing, trailing)

    def cut(array: Floats) -> Floats:
        return array.reshape(*array.shape[:-1], *shape[2:])[..., stretch]

    work = x.reshape(shape)[..., stretch], y.reshape(shape)[..., stretch]
    return _bind(term, work, cut, keep=False)


def _bind(term: Term, work: tuple[Floats, Floats], cut: _Cut, keep: bool) -> Part:
    arrays = tuple(cut(array) for array in term.arrays)
    return term.kind(*work, arrays, term.levels, keep)


@cache
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=workers())


def workers() -> int:
    return os.cpu_count() or 1
