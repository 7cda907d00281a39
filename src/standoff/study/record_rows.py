"""What a mapping does with rows: which a rule applies to, their dates, their texts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from standoff.crisis.edtf import EventDate
from standoff.study.record_mapping import COLUMN, Rule, Test

if TYPE_CHECKING:
    import polars as pl


def date_of(text: str | None, form: str | None) -> EventDate:
    """Read a date: EDTF, without a time of day, or in a form of its own."""
    if text is None:
        raise ValueError
    if form is not None:
        return EventDate.parse(datetime.datetime.strptime(text, form).date())
    if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", text):
        text = text[:10]
    return EventDate.parse(text)


def applies(rule: Rule) -> pl.Expr:
    """Return where all conditions of a rule hold."""
    import polars as pl

    tests = [_test(name, test) for name, test in rule.when.items()]
    return pl.all_horizontal(tests) if tests else pl.lit(True)


def _test(name: str, test: Test) -> pl.Expr:
    import polars as pl

    column, checks = pl.col(name), []
    if test.among is not None:
        checks.append(column.is_in(list(test.among)))
    if test.not_ is not None:
        checks.append(~column.is_in(list(test.not_)))
    if test.contains is not None:
        checks.append(column.str.contains(test.contains, literal=True))
    number = column.cast(pl.Float64, strict=False)
    if test.at_least is not None:
        checks.append(number >= test.at_least)
    if test.at_most is not None:
        checks.append(number <= test.at_most)
    return pl.all_horizontal(checks).fill_null(False) if checks else pl.lit(True)


def filled(template: str | None, row: Mapping[str, Any]) -> str:
    """Return a template with what is in the columns of a row."""
    text = COLUMN.sub(lambda named: str(row[named[1]] or ""), template or "")
    return " ".join(text.split())
