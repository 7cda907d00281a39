"""Results as pandas frames: tidy, one row for each thing, every column of one type.

:func:`frame` takes a result, or several of one kind. A new kind of result is one function in a
module that starts with `frames_`, registered with `as_frame.register(Class)`; the module is named
in :data:`_HOMES`.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from standoff.study.extras import need

if TYPE_CHECKING:
    from pandas import DataFrame

Kind = Literal["text", "number", "count", "truth", "date"]

_DTYPES = {"text": "string", "number": "float64", "count": "Int64", "truth": "boolean"}

_ANSWERS = "standoff.present.frames_answers"
_CHANGES = "standoff.present.frames_changes"
_REASONS = "standoff.present.frames_reasons"
_RECORD = "standoff.present.frames_record"
_SCORES = "standoff.present.frames_scores"
_STABILITY = "standoff.present.frames_stability"

_HOMES = {
    "standoff.crisis.observed": _RECORD,
    "standoff.study.account": _REASONS,
    "standoff.study.analysis": _ANSWERS,
    "standoff.study.attribution": _REASONS,
    "standoff.study.backtest": _SCORES,
    "standoff.study.effects": _REASONS,
    "standoff.study.ensemble": _ANSWERS,
    "standoff.study.events": _REASONS,
    "standoff.study.expectations": _ANSWERS,
    "standoff.study.forecast": _ANSWERS,
    "standoff.study.indices": _REASONS,
    "standoff.study.ledger_kept": _SCORES,
    "standoff.study.ledger_scores": _SCORES,
    "standoff.study.levers": _CHANGES,
    "standoff.study.mistakes": _CHANGES,
    "standoff.study.outlook": _ANSWERS,
    "standoff.study.record": _RECORD,
    "standoff.study.robustness": _ANSWERS,
    "standoff.study.scenarios": _REASONS,
    "standoff.study.scores": _SCORES,
    "standoff.study.smallest": _CHANGES,
    "standoff.study.spread": _ANSWERS,
    "standoff.study.stability": _STABILITY,
    "standoff.study.survey": _STABILITY,
    "standoff.study.tipping": _REASONS,
    "standoff.study.weighed": _RECORD,
}
"""Which module makes frames of the results of which module; imported when one turns up."""


def frame(result: Any, **what: Any) -> DataFrame:
    """Return a result as a pandas frame.

    Parameters
    ----------
    result
        A forecast (one row), a spread or an ensemble (a row for each draw), an account or an
        attribution (for each party), tipping points, an outlook (for each level), stability (for
        each state), a verdict, scenarios (for each scenario and question), indices (for each
        party), a weighing (for each account; with ``clues=True`` for each part of the record and
        account, with ``numbers=True`` for each number that an account leaves open), a timeline (for
        each level that something had), a backtest (for each question), scores and so on; or several
        of one kind: a list, a tuple, or a dict, whose keys become a column unless the rows are
        named already.
    **what
        What else the result's own function takes, such as ``questions`` for an ensemble.

    Returns
    -------
    pandas.DataFrame
        Probabilities are between 0 and 1, times in days, dates are dates; what there is not is
        missing.

    Raises
    ------
    TypeError
        There is no frame for results of this type.
    CrisisError
        If pandas, which the extra `tables` installs, is missing.
    """
    return as_frame(result, **what)


@singledispatch
def as_frame(result: Any, **what: Any) -> DataFrame:
    """Return a result as a pandas frame; see :func:`frame`."""
    home = _HOMES.get(type(result).__module__)
    if home is not None:
        importlib.import_module(home)
        if as_frame.dispatch(type(result)) is not _unregistered:
            return as_frame(result, **what)
    raise TypeError(f"frame(): there is no frame for a {type(result).__name__}")


_unregistered = as_frame.dispatch(object)


@as_frame.register(list | tuple)
def _(results: Sequence[Any], **what: Any) -> DataFrame:
    return _together([as_frame(each, **what) for each in results])


@as_frame.register(Mapping)
def _(results: Mapping[Any, Any], **what: Any) -> DataFrame:
    frames = []
    for name, each in results.items():
        one = as_frame(each, **what)
        if not {"name", "question"} & set(one.columns):
            one.insert(0, "name", table([(str(name),)] * len(one), name="text")["name"])
        frames.append(one)
    return _together(frames)


def _together(frames: list[DataFrame]) -> DataFrame:
    pandas = need("pandas", extra="tables", why="frame()")
    found: DataFrame = pandas.concat(frames, ignore_index=True) if frames else pandas.DataFrame()
    return found


def table(rows: Iterable[Sequence[Any]], /, **columns: Kind) -> DataFrame:
    """Return rows as a frame.

    Parameters
    ----------
    rows
        With one value for each column; None where there is none.
    columns
        What kind each column is of.
    """
    pandas = need("pandas", extra="tables", why="frame()")
    known = list(rows)
    return pandas.DataFrame(  # type: ignore[no-any-return]
        {
            name: _column(pandas, [row[place] for row in known], kind)
            for place, (name, kind) in enumerate(columns.items())
        }
    )


def _column(pandas: Any, values: list[Any], kind: Kind) -> Any:
    if kind == "date":
        return pandas.Series(np.array(values, dtype="datetime64[D]").astype("datetime64[s]"))
    return pandas.Series(values, dtype=_DTYPES[kind])
