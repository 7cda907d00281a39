"""How robust the conclusions are: in what share of draws each expectation of a crisis holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from standoff.crisis import Crisis, Expectation
from standoff.crisis.errors import CrisisError, unknown
from standoff.crisis.expected import STANDINGS
from standoff.crisis.uncertain import Entry, numbered
from standoff.game.drawn import Draws
from standoff.game.game import Floats
from standoff.study.asking import Progress, Settings, quiet
from standoff.study.draws import draw
from standoff.study.ensemble import draw_answers
from standoff.study.expectations import requests_of, variation_of
from standoff.study.hierarchy import Hierarchy
from standoff.study.standings import Judge
from standoff.study.trials import settled

DRAWS = 64
"""Draws unless another number is asked for."""

RESOLUTION = 4e-4
"""Two probabilities of one draw are taken to be equal, so that a comparison fails, if they differ
by less than this, relative to how far the two are from both being 0 or both being 1.

That is twice of what the tolerance to which draws are solved was seen to bring about
(:data:`standoff.study.versions.TOLERANCE`).
"""

RUNNING = "draws are taken with conditions held, and it is about conditions running"


@dataclass(frozen=True, slots=True)
class Robustness:
    """In what share of draws one expectation holds.

    Attributes
    ----------
    name
        The expectation.
    share
        The share of draws in which it holds; None if that was not computed.
    error
        Its Monte Carlo error: the standard error of a share of so many independent draws, not
        zero where all of them agree. The draws are more even than that, so it is an upper bound.
        Zero if nothing is uncertain, None if there is no share.
    draws, seed
        How many draws, and from which seed.
    why_not
        Why there is no share; empty if there is one.
    """

    name: str
    share: float | None
    error: float | None
    draws: int
    seed: int
    why_not: str = ""


def expectation_shares(
    crisis: Crisis,
    names: Iterable[str] | None = None,
    *,
    draws: int = DRAWS,
    settings: Settings | None = None,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> dict[str, Robustness]:
    """Find in what share of draws each expectation of a crisis, or each of those named, holds.

    All expectations are judged by the same draws: the two sides of a comparison are compared in
    each of them. Both probabilities and stability are computed anew in every draw.

    Parameters
    ----------
    crisis
        As it is in the file.
    names
        Which expectations; all by default.
    draws
        How many; a power of two covers the ranges most evenly.
    settings, hierarchy, workers, progress
        As for :func:`standoff.study.ensemble.draw_answers`; a side with its own depth keeps it.

    Raises
    ------
    UnknownNameError
        If the crisis has no such expectation.
    CrisisError
        If there are to be no draws, or a pattern of states matches none that can be.
    """
    chosen = tuple(crisis.expects if names is None else names)
    for name in chosen:
        if name not in crisis.expects:
            raise unknown("expectation_shares()", "expectation", name, crisis.expects)
    if draws < 1:
        raise CrisisError(f"expectation_shares(): it takes at least 1 draw, not {draws}")
    here, solver = settled(settings, hierarchy)
    base, entries = numbered(crisis)
    held = _judged(base, entries, chosen, draws, here.seed, solver)
    asking = [name for name in chosen if requests_of(crisis.expects[name])]
    requests = [each for name in asking for each in requests_of(crisis.expects[name])]
    if requests:
        ensemble = draw_answers(
            base,
            requests,
            here,
            draws=draws,
            hierarchy=solver,
            workers=workers,
            progress=progress,
        )
        left = iter(ensemble.spreads)
        for name in asking:
            sides = [next(left).values for _ in requests_of(crisis.expects[name])]
            held[name] = _held(crisis.expects[name], *sides)
    return {name: _robustness(name, held[name], draws, here.seed, entries) for name in chosen}


def _held(expected: Expectation, first: Floats, second: Floats | None = None) -> NDArray[np.bool_]:
    """In which draws a comparison or a bound holds."""
    if second is not None:
        by = expected.by
        room = np.minimum(np.maximum(first, second), 1 - np.minimum(first, second))
        larger = first - second > RESOLUTION * room
        if by is None:
            return np.asarray(larger)
        met = [
            by.met(more=float(more), than=float(than))
            for more, than in zip(first, second, strict=True)
        ]
        return np.asarray(larger & met)
    low = 0.0 if expected.at_least is None else expected.at_least.low
    high = 1.0 if expected.at_most is None else expected.at_most.high
    return np.asarray((first >= low) & (first <= high))


def _judged(
    base: Crisis,
    entries: tuple[Entry, ...],
    names: Iterable[str],
    draws: int,
    seed: int,
    solver: Hierarchy,
) -> dict[str, NDArray[np.bool_] | str]:
    """In which draws expectations of stability hold, or why that is not computed."""
    judge = Judge(base, solver.memory)
    values = Draws(draw(entries, draws, seed).values)
    found: dict[str, NDArray[np.bool_] | str] = {}
    for name in names:
        expected = base.expects[name]
        for form in STANDINGS:
            standing = getattr(expected, form)
            if standing is None:
                continue
            if standing.conditions == "running":
                found[name] = RUNNING
            else:
                found[name] = judge.holds_in(name, form, standing, variation_of(standing), values)
    return found


def _robustness(
    name: str,
    held: NDArray[np.bool_] | str,
    draws: int,
    seed: int,
    entries: tuple[Entry, ...],
) -> Robustness:
    if isinstance(held, str):
        return Robustness(name, None, None, draws, seed, held)
    share = float(held.mean())
    error = _error(int(held.sum()), draws) if any(entry.uncertain for entry in entries) else 0.0
    return Robustness(name, share, error, draws, seed)


def _error(held: int, draws: int) -> float:
    """The standard error of a share, with two draws added that agree and two that do not.

    Agresti & Coull (1998), "Approximate is better than exact for interval estimation of binomial
    proportions", The American Statistician 52(2).
    """
    share = (held + 2) / (draws + 4)
    return sqrt(share * (1 - share) / (draws + 4))
