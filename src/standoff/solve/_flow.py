"""The generator of a Markov chain on the state tensor, never written out as a matrix.

A flow Q is what actors' decisions and conditions' changes do to a function of the state. An actor
moves along its own axis only, so with n states its part of ``Q x`` is a product with one number
per state and a sum along that axis; a condition's change is a product on one slice. One sweep
costs about ``n * (actors + conditions)`` operations.

Large games are swept in blocks that stay in the cache, on as many threads as there are cores:
first slabs of the trailing axes, which hold whole lines of those, then columns of the leading
ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, reduce
from itertools import cycle
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from standoff.game import Drift, Game, Mover

Floats = NDArray[np.float64]

THREADED_FROM = 2**18
"""Games with fewer states are swept in one block on one thread."""

_BLOCK = 2**17
"""States in a block: smaller ones cost more in calls than they save in memory traffic."""

_SHORT = 32
"""Axes with shorter contiguous runs than this are swept on a transposed copy."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What an actor does at a decision, in every state.

    Attributes
    ----------
    weights
        Where moves are unrestricted: for each tempo of the actor that differs along its own axis
        (usually one), an array ``(outer, along, inner)`` whose entries are the probability of
        moving to that state from any state on its line. Where they are restricted: one array
        ``(outer, along, along, inner)``, from the second axis to the third.
    """

    weights: tuple[Floats, ...]


def mixture(shares: Sequence[float], policies: Sequence[Policy]) -> Policy:
    """The policy of an actor that follows each of several with a given probability."""
    stacks = zip(*(policy.weights for policy in policies), strict=True)
    return Policy(
        tuple(
            reduce(np.add, (share * array for share, array in zip(shares, stack, strict=True)))
            for stack in stacks
        )
    )


class Flow:
    """The generator of a chain, applied without being stored.

    Attributes
    ----------
    size
        Number of states.
    diagonal
        Shape ``(size,)``: the rate of decisions and changes in every state, decisions to stay
        included.

    Notes
    -----
    A flow keeps the two arrays it works in, and every part holds its views of them, so that a
    sweep of a small game is arithmetic and not bookkeeping. It is not for use by two threads at
    once; within a sweep of a large game it uses as many as there are cores.
    """

    __slots__ = ("_game", "_in", "_out", "_phases", "diagonal", "size")

    def __init__(self, game: Game, diagonal: Floats, work: tuple[Floats, Floats]) -> None:
        self.size = game.space.size
        self.diagonal = diagonal
        self._game = game
        self._in, self._out = work
        self._phases: tuple[_Phase, ...] = ()

    @classmethod
    def of(cls, game: Game, policies: Sequence[tuple[Mover, Policy, float]]) -> Flow:
        """What conditions do, and actors that follow policies.

        Parameters
        ----------
        game
            The game whose states it moves.
        policies
            For each mover that moves: its policy, and the share of its decisions that follow it
            (the others stay). The policy's probabilities add up to that share.
        """
        diagonal: Floats = np.zeros(game.space.size)
        terms = [_change(game, change, diagonal) for change in game.drifts]
        for mover, policy, share in policies:
            terms += _decisions(game, mover, policy)
            diagonal += share * full(mover.rate, game.space.shape)
        flow = cls(game, diagonal, (np.empty(diagonal.size), np.empty(diagonal.size)))
        flow._phases = _plan(game.space.shape, terms, flow._in, flow._out)
        return flow

    def plus(self, mover: Mover, policy: Policy) -> Flow:
        """This flow and one more actor; the two share the arrays they work in."""
        shape = self._game.space.shape
        flow = Flow(self._game, self.diagonal + full(mover.rate, shape), (self._in, self._out))
        terms = _decisions(self._game, mover, policy)
        flow._phases = self._phases + _plan(shape, terms, self._in, self._out)
        return flow

    def apply(self, values: Floats) -> Floats:
        """Q x: the rate of change of the expected value of a function of the state.

        Parameters
        ----------
        values
            Shape ``(size,)``.

        Returns
        -------
        ndarray
            The flow's own working array: use it before the next call.
        """
        return self._sweep(values, forward=False)

    def push(self, mass: Floats) -> Floats:
        """x Q: the rate of change of a distribution over states; otherwise as :meth:`apply`."""
        return self._sweep(mass, forward=True)

    def _sweep(self, x: Floats, *, forward: bool) -> Floats:
        np.copyto(self._in, x)
        for number, shares in enumerate(self._phases):

            def run(blocks: tuple[_Block, ...], first: bool = number == 0) -> None:
                for block in blocks:
                    if first:
                        out = self._out[block.stretch]
                        np.multiply(self.diagonal[block.stretch], self._in[block.stretch], out=out)
                        np.negative(out, out=out)
                    block.sweep(forward)

            if len(shares) == 1:
                run(shares[0])
            else:
                for _ in _pool().map(run, shares):
                    pass
        return self._out


def tempo_gates(game: Game, mover: Mover) -> list[tuple[float, Floats]] | None:
    """Where each decision rate applies, if the rate varies along the actor's own axis.

    Returns
    -------
    list or None
        Pairs of a rate and an array of ones and zeros of shape ``(outer, along, inner)``.
    """
    if mover.rate.shape[mover.axis] == 1:
        return None
    lines = game.space.lines(mover.axis)
    rate = full(mover.rate, game.space.shape).reshape(lines)
    return [(float(value), (rate == value).astype(float)) for value in np.unique(mover.rate)]


def full(array: NDArray[np.generic], shape: tuple[int, ...]) -> NDArray[np.generic]:
    """A broadcastable array at its full shape, flat and contiguous."""
    return np.ascontiguousarray(np.broadcast_to(array, shape)).reshape(-1)


# --- terms: what one actor or change does to the whole tensor ---------------------------------


@dataclass(frozen=True, slots=True)
class _Term:
    """A kind of part, and the arrays it needs with the term's axis in second place."""

    kind: type[_Part]
    lines: tuple[int, int, int]
    arrays: tuple[Floats | float, ...]
    levels: tuple[int, int] = (0, 0)


def _decisions(game: Game, mover: Mover, policy: Policy) -> list[_Term]:
    lines = game.space.lines(mover.axis)
    rate = full(mover.rate, game.space.shape).reshape(lines)
    if mover.allowed is not None:
        (matrix,) = policy.weights
        return [_Term(_Restricted, lines, (rate[:, :, None, :] * matrix,))]
    gates = tempo_gates(game, mover)
    if gates is None:
        (weights,) = policy.weights
        return [_Term(_Free, lines, (rate * weights,))]
    return [
        _Term(_Gated, lines, (value * weights, gate))
        for (value, gate), weights in zip(gates, policy.weights, strict=True)
    ]


def _change(game: Game, change: Drift, diagonal: Floats) -> _Term:
    space = game.space
    outer, along, inner = lines = space.lines(change.axis)
    rate: Floats | float
    if change.rate.size == 1:
        rate = float(change.rate.item())
    else:
        shape = tuple(1 if i == change.axis else n for i, n in enumerate(space.shape))
        rate = full(change.rate, shape).reshape(outer, inner)
    diagonal.reshape(lines)[:, change.source] += rate
    return _Term(_Jump, lines, (rate,), (change.source, change.target))


# --- parts: a term cut to a block, bound to the arrays it reads and adds to -------------------


class _Part:
    """One term in one block. ``x`` and ``y`` have the term's axis in second place."""

    __slots__ = ("arrays", "levels", "total", "work", "x", "y")

    def __init__(
        self,
        x: Floats,
        y: Floats,
        arrays: tuple[Floats | float, ...],
        levels: tuple[int, int],
        keep: bool,
    ) -> None:
        self.x = x
        self.y = y
        self.arrays = arrays
        self.levels = levels
        # Small games keep their working arrays; in large ones they would be as many as the states.
        self.total = np.empty_like(x[:, 0]) if keep else None
        self.work = np.empty_like(x) if keep else None

    def backward(self) -> None:
        raise NotImplementedError

    def forward(self) -> None:
        raise NotImplementedError


class _Free(_Part):
    """An actor whose moves are unrestricted: a product and a sum along its axis."""

    __slots__ = ()

    def backward(self) -> None:
        total = np.einsum("ok...,ok...->o...", self.arrays[0], self.x, out=self.total)
        self.y += total[:, None]

    def forward(self) -> None:
        total = np.einsum("ok...->o...", self.x, out=self.total)
        self.y += np.multiply(self.arrays[0], total[:, None], out=self.work)


class _Gated(_Part):
    """The same where only some strategies on a line decide at this rate."""

    __slots__ = ()

    def backward(self) -> None:
        total = np.einsum("ok...,ok...->o...", self.arrays[0], self.x, out=self.total)
        self.y += np.multiply(self.arrays[1], total[:, None], out=self.work)

    def forward(self) -> None:
        total = np.einsum("ok...,ok...->o...", self.arrays[1], self.x, out=self.total)
        self.y += np.multiply(self.arrays[0], total[:, None], out=self.work)


class _Restricted(_Part):
    """An actor some of whose moves are forbidden: a probability per transition."""

    __slots__ = ()

    def backward(self) -> None:
        self.y += np.einsum("ost...,ot...->os...", self.arrays[0], self.x, out=self.work)

    def forward(self) -> None:
        self.y += np.einsum("ost...,os...->ot...", self.arrays[0], self.x, out=self.work)


class _Jump(_Part):
    """A change of a condition from one level to another."""

    __slots__ = ()

    def backward(self) -> None:
        source, target = self.levels
        into = self.y[:, source]
        into += np.multiply(self.arrays[0], self.x[:, target], out=self.total)

    def forward(self) -> None:
        source, target = self.levels
        into = self.y[:, target]
        into += np.multiply(self.arrays[0], self.x[:, source], out=self.total)


@dataclass(frozen=True, slots=True)
class _Block:
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
    straight: tuple[_Part, ...]
    turned: tuple[_Part, ...] = ()
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


_Phase: TypeAlias = tuple[tuple[_Block, ...], ...]
"""The blocks of every worker; the blocks of a phase write to different places."""

_Cut: TypeAlias = Callable[[Floats], Floats]


def _plan(
    shape: tuple[int, ...], terms: Sequence[_Term], x: Floats, y: Floats
) -> tuple[_Phase, ...]:
    size = prod(shape)
    workers = _workers() if size >= THREADED_FROM else 1
    split = 0
    if size >= THREADED_FROM:
        split = len(shape) - 1
        while split > 1 and prod(shape[split - 1 :]) <= _BLOCK:
            split -= 1
    leading, trailing = prod(shape[:split]), prod(shape[split:])
    inside = [term for term in terms if term.lines[0] >= leading]
    across = [term for term in terms if term.lines[0] < leading]
    scratch = [(np.empty(trailing), np.empty(trailing)) for _ in range(workers)]
    slabs = _dealt(
        [
            _slab(shape[split:], inside, slice(i * trailing, (i + 1) * trailing), leading, x, y, s)
            for i, s in zip(range(leading), cycle(scratch), strict=False)
        ],
        workers,
    )
    if not across:
        return (slabs,)
    width = max(64, _BLOCK // leading)
    columns = [
        _Block(stretch, tuple(_in_columns(term, stretch, trailing, x, y) for term in across))
        for stretch in (
            slice(start, min(start + width, trailing)) for start in range(0, trailing, width)
        )
    ]
    return (slabs, _dealt(columns, workers))


def _dealt(blocks: list[_Block], workers: int) -> _Phase:
    return tuple(tuple(blocks[i::workers]) for i in range(workers))


def _slab(
    shape: tuple[int, ...],
    terms: Sequence[_Term],
    stretch: slice,
    slabs: int,
    x: Floats,
    y: Floats,
    scratch: tuple[Floats, Floats],
) -> _Block:
    """Terms whose lines lie inside a contiguous stretch of the flat arrays."""
    size = prod(shape)
    first = next(
        (i for i in range(1, len(shape)) if prod(shape[i + 1 :]) < _SHORT), len(shape)
    )
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
            views = x[stretch].reshape(lines), y[stretch].reshape(lines)
            straight.append(_bind(term, *views, lambda a, r=rows: a[r], slabs == 1))
        else:
            lines = (outer // rest, along, inner, rest)
            views = turned_in.reshape(lines), turned_out.reshape(lines)

            def cut(array: Floats, rows: slice = rows, outer: int = outer) -> Floats:
                array = array[rows].reshape(rest, outer // rest, *array.shape[1:])
                return np.ascontiguousarray(np.moveaxis(array, 0, -1))

            turned.append(_bind(term, *views, cut, slabs == 1))
    if not turned:
        return _Block(stretch, tuple(straight))
    flat_in, flat_out = (array[stretch].reshape(rest, inmost).T for array in (x, y))
    turn = (flat_in, turned_in, turned_out, flat_out)
    return _Block(stretch, tuple(straight), tuple(turned), turn)


def _in_columns(term: _Term, stretch: slice, trailing: int, x: Floats, y: Floats) -> _Part:
    """A term on a leading axis, cut to some columns of the trailing axes."""
    outer, along, inner = term.lines
    shape = (outer, along, inner // trailing, trailing)

    def cut(array: Floats) -> Floats:
        return array.reshape(*array.shape[:-1], *shape[2:])[..., stretch]

    return _bind(
        term, x.reshape(shape)[..., stretch], y.reshape(shape)[..., stretch], cut, keep=False
    )


def _bind(term: _Term, x: Floats, y: Floats, cut: _Cut, keep: bool) -> _Part:
    arrays = tuple(a if isinstance(a, float) else cut(a) for a in term.arrays)
    return term.kind(x, y, arrays, term.levels, keep)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=_workers())


def _workers() -> int:
    return os.cpu_count() or 1
