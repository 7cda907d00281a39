"""Tables of levels with polars: read as text, in order of days, without repeats.

Polars is imported in functions only: most crises write their record out.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from standoff.crisis.edtf import EventDate
from standoff.crisis.model import Crisis
from standoff.crisis.observed import periods, start_in

if TYPE_CHECKING:
    import polars as pl


def scan(file: FilePath) -> pl.LazyFrame:
    """Return a table to be read, every cell as text without blanks around it."""
    import polars as pl

    if file.suffix == ".parquet":
        lazy = pl.scan_parquet(file)
        as_days = [name for name, kind in lazy.collect_schema().items() if kind == pl.Datetime]
        lazy = lazy.with_columns(pl.col(name).cast(pl.Date) for name in as_days)
        return lazy.with_columns(pl.all().cast(pl.String, strict=False))
    lazy = pl.scan_csv(file, infer_schema=False, separator=separator_of(file))
    return lazy.with_columns(pl.all().str.strip_chars().replace("", None))


def separator_of(file: FilePath) -> str:
    """Return what separates the cells of a table: a comma in .csv, otherwise a tab."""
    return "," if file.suffix == ".csv" else "\t"


def with_days(frame: pl.DataFrame, dates: Mapping[str, EventDate]) -> pl.DataFrame:
    """Add the day in the middle of each date, by which entries are put in order."""
    import polars as pl

    days = {text: date.middle for text, date in dates.items()}
    return frame.join(
        pl.DataFrame(
            {"date": list(days), "day": list(days.values())},
            schema={"date": pl.String, "day": pl.Date},
        ),
        on="date",
        how="left",
        maintain_order="left",
    )


def changes_only(frame: pl.DataFrame, crisis: Crisis, variables: list[str]) -> pl.DataFrame:
    """Return the rows that change something, other cells emptied, by day and then by row.

    Parameters
    ----------
    frame
        With columns `row` and `day`, and one of levels for each variable.
    crisis
        What is so at the beginning of each of its situations.
    variables
        Which columns hold levels.
    """
    import polars as pl

    spans = list(periods(crisis))
    begun = [pl.col("day") > begins for _, begins, _ in spans]
    frame = frame.sort("day", "row").with_columns(
        pl.sum_horizontal(begun).alias("period") if begun else pl.lit(0).alias("period")
    )
    starts = [start_in(crisis, name) for name, _, _ in spans]
    for name in variables:
        level = {0: None} | {place + 1: start[name] for place, start in enumerate(starts)}
        at_first = pl.col("period").replace_strict(level, return_dtype=pl.String)
        before = pl.col(name).forward_fill().shift(1).over("period").fill_null(at_first)
        new = pl.when(pl.col(name).ne_missing(before)).then(pl.col(name))
        frame = frame.with_columns(new.alias(f"{name} "))
    frame = frame.drop(variables).rename({f"{name} ": name for name in variables})
    said = [pl.col(name).is_not_null() for name in variables]
    return frame.filter(pl.any_horizontal(said) if said else pl.lit(False))


def first_day(crisis: Crisis) -> datetime.date | None:
    """Return the date of the first situation, after which entries count."""
    return min((each.as_of for each in crisis.situations.values()), default=None)
