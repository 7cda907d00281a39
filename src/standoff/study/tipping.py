"""What would change an answer: where a probability crosses a line as one number changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import elementwise

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError, unknown
from standoff.crisis.likelihood import BOUNDARIES
from standoff.crisis.uncertain import Entry, numbered
from standoff.game.game import Floats
from standoff.study.asking import Progress, Request, Settings, quiet, situated
from standoff.study.draws import central_values
from standoff.study.engines import engine_for
from standoff.study.ensemble import AnswerVersions
from standoff.study.hierarchy import Hierarchy
from standoff.study.variation import AS_IT_IS, Variation

MOST_WEIGHT = 20.0
"""Weights are looked at up to this."""

THRESHOLDS = (0.5, *BOUNDARIES)

_WEIGHTS = np.array([0.0, 0.5, 1.0, 2.0, 3.0, 4.5, 6.0, 9.0, 12.0, 16.0, MOST_WEIGHT])
_FACTORS = 2.0 ** np.arange(-4, 5)
_CLOSE = 1e-3  # how closely a crossing is found, of the larger of 1 and the value


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """Where a probability crosses a line, when one number changes.

    Attributes
    ----------
    path
        The number: a patch path such as `north.interests.cost.weight` or `weather.calm.storm`.
    present
        Its central value.
    threshold
        The probability that is crossed.
    value
        The nearest value at which it is; None if there is none from ``low`` to ``high``.
    low, high
        How far was looked.
    """

    path: str
    present: float
    threshold: float
    value: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Bracket:
    place: int
    threshold: float
    inner: float
    outer: float


def find_tipping_points(
    crisis: Crisis,
    question: str,
    paths: Iterable[str],
    *,
    thresholds: Sequence[float] = (0.5,),
    variation: Variation = AS_IT_IS,
    settings: Settings | None = None,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> tuple[TippingPoint, ...]:
    """Find for some numbers the nearest value at which a question's probability crosses a line.

    Weights are looked at from 0 to :data:`MOST_WEIGHT`; times and other numbers from a sixteenth
    to sixteen times their value. Between the points of a grid a crossing there and back again
    would be missed.

    Parameters
    ----------
    crisis, question
        The question, which has an exact answer.
    paths
        The numbers, by their patch paths; of a rate such as `70% within 5 days`, the time.
    thresholds
        The lines.
    variation, settings, hierarchy, workers, progress
        As for :func:`standoff.study.attribution.attribute`.

    Raises
    ------
    CrisisError
        If the question asks for something lasting.
    UnknownNameError
        If a path is that of no number.
    """
    chosen = settings or Settings()
    changed, entries = numbered(situated(crisis, question, variation))
    if changed.questions[question].lasting is not None:
        raise CrisisError(
            f"find_tipping_points(): {question} asks for something lasting, which is estimated "
            "and not exact"
        )
    places = [_place(entries, path) for path in paths]
    central = central_values(entries)
    solver = hierarchy or Hierarchy(depth=chosen.depth, tau=chosen.tau)
    versions = AnswerVersions(changed, [Request(question)], chosen, solver)
    grids = [_grid(entries[place]) for place in places]
    with engine_for(versions, workers=workers) as engine:

        def chances(where: Sequence[int], values: Floats) -> Floats:
            rows = np.tile(central, (len(values), 1))
            rows[np.arange(len(values)), where] = values
            lines = versions.answer(rows, engine=engine, progress=progress)
            return lines[0][:, -1].copy()

        values = _crossings(chances, places, grids, central, thresholds) if places else {}
    return tuple(
        TippingPoint(
            path=entries[place].path,
            present=float(central[place]),
            threshold=threshold,
            value=values.get((place, threshold)),
            low=float(grid[0]),
            high=float(grid[-1]),
        )
        for place, grid in zip(places, grids, strict=True)
        for threshold in thresholds
    )


def _crossings(
    chances: Callable[[Sequence[int], Floats], Floats],
    places: Sequence[int],
    grids: Sequence[Floats],
    central: Floats,
    thresholds: Sequence[float],
) -> dict[tuple[int, float], float]:
    """For numbers by their places and for lines, the nearest value at which a line is crossed."""
    where = np.repeat(places, [len(grid) for grid in grids])
    found = chances(where.tolist(), np.concatenate(grids))
    lines = np.split(found, np.cumsum([len(grid) for grid in grids])[:-1])
    brackets = [
        bracket
        for place, grid, line in zip(places, grids, lines, strict=True)
        for threshold in thresholds
        if (bracket := _nearest(place, threshold, grid, line, float(central[place]))) is not None
    ]
    if not brackets:
        return {}

    def above(at: Floats, number: Floats) -> Floats:
        rows = [int(n) for n in np.ravel(number)]
        lines_at = np.array([brackets[n].threshold for n in rows])
        chance = chances([brackets[n].place for n in rows], np.ravel(at))
        return np.reshape(chance - lines_at, np.shape(at))

    ends = (np.array([b.inner for b in brackets]), np.array([b.outer for b in brackets]))
    root = elementwise.find_root(
        above, ends, args=(np.arange(len(brackets)),),
        tolerances={"xatol": _CLOSE, "xrtol": _CLOSE, "fatol": 1e-6},
    )  # fmt: skip
    return {
        (bracket.place, bracket.threshold): float(value)
        for bracket, value in zip(brackets, root.x, strict=True)
    }


def _place(entries: Sequence[Entry], path: str) -> int:
    places = [n for n, each in enumerate(entries) if each.path == path and each.kind == "range"]
    if places:
        return places[-1]
    known = dict.fromkeys(entry.path for entry in entries if entry.kind == "range")
    raise unknown("find_tipping_points()", "number", path, known)


def _grid(entry: Entry) -> Floats:
    """Values to look at, ascending, the present one among them."""
    present = entry.central
    grid = _WEIGHTS if entry.path.endswith(".weight") else present * _FACTORS
    return np.unique(np.append(grid, present))


def _nearest(
    place: int, threshold: float, grid: Floats, line: Floats, present: float
) -> _Bracket | None:
    """The two neighbouring values, nearest to the present one, between which a line is crossed."""
    side = line >= threshold
    crossed = [n for n in range(len(grid) - 1) if side[n] != side[n + 1]]
    if not crossed:
        return None
    n = min(crossed, key=lambda n: min(abs(grid[n] - present), abs(grid[n + 1] - present)))
    low, high = float(grid[n]), float(grid[n + 1])
    return _Bracket(place, threshold, low, high)
