"""A record kept as a table beside its crisis: one row for each entry, in CSV or Parquet.

The columns are those of an entry (`date`, `reported`, `disputed`, `source`, `because`) and one for
each option (`actor.option`) or condition; an empty cell says nothing. A table may list levels day
by day: cells that repeat what is already so are left out, so that a crisis holds changes only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from standoff.crisis.edtf import EventDate
from standoff.crisis.errors import BadValue, listed, nearest
from standoff.crisis.faults import Fault, Problem
from standoff.crisis.fields import day_of
from standoff.crisis.model import Crisis
from standoff.crisis.record_columns import changes_only, scan, with_days
from standoff.crisis.record_file import polars
from standoff.crisis.record_place import Places, uneven
from standoff.crisis.setting import Observation

if TYPE_CHECKING:
    import polars as pl

MOST_ENTRIES = 20_000
"""How many entries a record may have once repeats are left out."""

MOST_FAULTS = 50
"""Of one kind, in one column; more are not looked for."""

COLUMNS = ("date", "reported", "disputed", "source", "because")
"""What a row may say beside the levels it sets."""

_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


@dataclass
class Table:
    """The entries of a table, and where each stands in it.

    Attributes
    ----------
    file, name
        The file, and what messages call it.
    columns
        Its columns.
    entries
        What it says, in the order of its rows; repeats are left out.
    rows
        The row of each entry, counted from 0.
    faults
        What is wrong with it.
    """

    file: FilePath
    name: str
    columns: tuple[str, ...] = ()
    entries: tuple[Observation, ...] = ()
    rows: tuple[int, ...] = ()
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def places(self) -> Places:
        """Where the cells of the file stand, if it is CSV."""
        return Places(self.file)

    def wrong(
        self, code: str, message: str, row: int, column: str, label: str = "", advice: str = ""
    ) -> Fault:
        """Return a fault in one cell; row -1 is the head."""
        if self.file.suffix == ".parquet":
            where = f"row {row + 1}, column `{column}`: " if row >= 0 else ""
            return Fault(
                code,
                "warning" if code.startswith("SW") else "error",
                f"{where}{message}",
                self.name,
                label=label,
                help=advice,
            )
        cell = self.places.cell(row, column, self.columns)
        shown = f"column `{column}`" if row >= 0 else ""
        return Fault(
            code,
            "warning" if code.startswith("SW") else "error",
            message,
            self.name,
            cell.line,
            cell.column,
            cell.length,
            "; ".join(part for part in (shown, label) if part),
            advice,
            cell.text,
        )

    def fault(self, problem: Problem) -> Fault:
        """Return a problem of one of the entries as a fault of its row."""
        position = problem.path[1]
        assert isinstance(position, int)
        named = [step for step in problem.path[2:] if step in self.columns]
        return self.wrong(
            problem.code,
            problem.message,
            self.rows[position],
            str(named[-1]) if named else "date",
            problem.label,
            problem.help,
        )


def read_table(file: FilePath, name: str, crisis: Crisis) -> Table:
    """Return the entries of a table for a crisis.

    Parameters
    ----------
    file
        A CSV or Parquet file.
    name
        What messages call it.
    crisis
        The crisis without a record.

    Raises
    ------
    NoTable
        It cannot be read at all.
    """
    pl = polars("a record in a file")
    table = Table(file, name)
    try:
        lazy = scan(file)
        table.columns = tuple(lazy.collect_schema().names())
        table.faults += _heads(table, crisis)
        if table.faults:
            return table
        frame = lazy.with_row_index("row").collect(engine="streaming")
    except (pl.exceptions.PolarsError, OSError) as err:
        table.faults.append(_unreadable(table, err))
        return table
    frame = frame.filter(pl.any_horizontal(pl.exclude("row").is_not_null()))
    _fill(table, frame, crisis)
    return table


def _unreadable(table: Table, err: Exception) -> Fault:
    """Say why a table cannot be read, with the line if it is one with too many or too few cells."""
    found = uneven(table.file) if table.file.suffix == ".csv" else None
    if found is None:
        said = next(iter(str(err).splitlines()), type(err).__name__)
        return Fault("SO083", "error", f"the table cannot be read: {said}", table.name)
    line, text, cells, wanted = found
    return Fault(
        "SO083",
        "error",
        f"the row has {cells} cells, and the head has {wanted}",
        table.name,
        line,
        1,
        max(1, len(text)),
        "too many" if cells > wanted else "too few",
        "put a cell that contains a comma in quotation marks" if cells > wanted else "",
        text,
    )


def _heads(table: Table, crisis: Crisis) -> Iterator[Fault]:
    known = [*COLUMNS, *crisis.variables]
    if "date" not in table.columns:
        yield table.wrong("SO084", "the table needs the column `date`", -1, "", "`date` is missing")
        return
    for column in table.columns:
        if column not in known:
            near = nearest(column, [name for name in known if name not in table.columns])
            yield table.wrong(
                "SO084",
                f"the record has no column `{column}`",
                -1,
                column,
                f"known: {some}" if (some := listed(known)) else "",
                f"did you mean `{near}`?" if near else "",
            )


def _fill(table: Table, frame: pl.DataFrame, crisis: Crisis) -> None:
    variables = [name for name in crisis.variables if name in table.columns]
    dates = _dates(table, frame)
    for variable in variables:
        _levels(table, frame, variable, crisis.variables[variable])
    for column, read in (("reported", day_of), ("disputed", _yes_no)):
        if column in table.columns:
            _cells(table, frame, column, read)
    if table.faults:
        return
    changed = changes_only(with_days(frame, dates), crisis, variables).sort("row")
    if len(changed) > MOST_ENTRIES:
        said = f"the table has {len(changed):,} changes, and a record at most {MOST_ENTRIES:,}"
        table.faults.append(table.wrong("SO083", said, int(changed["row"][MOST_ENTRIES]), "date"))
        return
    entries, rows = [], []
    for row in changed.iter_rows(named=True):
        entry = _entry(table, row, dates, variables)
        if entry is not None:
            entries.append(entry)
            rows.append(int(row["row"]))
    table.entries, table.rows = tuple(entries), tuple(rows)


def _dates(table: Table, frame: pl.DataFrame) -> dict[str, EventDate]:
    read: dict[str, EventDate] = {}
    wrong: dict[str | None, BadValue] = {}
    for text in frame["date"].unique(maintain_order=True):
        try:
            read[text or ""] = EventDate.parse(text)
        except BadValue as bad:
            wrong[text] = bad
    _mark(table, frame, "date", wrong)
    return read


def _cells(table: Table, frame: pl.DataFrame, column: str, read: Any) -> None:
    wrong: dict[str | None, BadValue] = {}
    for text in frame[column].drop_nulls().unique(maintain_order=True):
        try:
            read(text)
        except BadValue as bad:
            wrong[text] = bad
    _mark(table, frame, column, wrong)


def _yes_no(text: str | None) -> bool:
    if (text or "").lower() not in _YES_NO:
        raise BadValue("SO059", f"`{text}` is neither true nor false", label="true or false")
    return _YES_NO[(text or "").lower()]


def _levels(table: Table, frame: pl.DataFrame, variable: str, known: tuple[str, ...]) -> None:
    wrong: dict[str | None, BadValue] = {}
    for text in frame[variable].drop_nulls().unique(maintain_order=True):
        if text not in known:
            near = nearest(text, known)
            wrong[text] = BadValue(
                "SO016",
                f"`{variable}` has no level `{text}`",
                label=f"levels: {listed(known)}",
                help=f"did you mean `{near}`?" if near else "",
            )
    _mark(table, frame, variable, wrong)


def _mark(
    table: Table, frame: pl.DataFrame, column: str, wrong: Mapping[str | None, BadValue]
) -> None:
    """Turn what is wrong with some texts of a column into faults of the cells they stand in."""
    if not wrong:
        return
    import polars as pl

    texts = pl.Series([text for text in wrong if text is not None], dtype=pl.String)
    bad = pl.col(column).is_in(texts.implode())
    bad = (bad | pl.col(column).is_null()) if None in wrong else bad
    for row, text in frame.filter(bad).select("row", column).head(MOST_FAULTS).iter_rows():
        cause = wrong[text]
        table.faults.append(
            table.wrong(cause.code, cause.message, row, column, cause.label, cause.help)
        )


def _entry(
    table: Table, row: Mapping[str, Any], dates: Mapping[str, EventDate], variables: list[str]
) -> Observation | None:
    said = {name: row[name] for name in ("reported", "source", "because") if row.get(name)}
    try:
        return Observation(
            date=dates[row["date"]],
            sets={name: row[name] for name in variables if row[name] is not None},
            disputed=_yes_no(row.get("disputed")),
            **said,
        )
    except ValidationError as err:
        for each in err.errors(include_url=False):
            cause = each.get("ctx", {}).get("error")
            column = str(each["loc"][-1]) if each["loc"] else "reported"
            if isinstance(cause, BadValue):
                found = (cause.code, cause.message, row["row"], column, cause.label, cause.help)
            else:
                found = ("SO032", each["msg"], row["row"], column, "", "")
            table.faults.append(table.wrong(*found))
        return None
