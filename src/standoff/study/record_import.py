"""From event data to the entries of a record: a million rows in, the changes out.

Rows are matched by the rules of a mapping (:mod:`standoff.study.record_mapping`) while the file is
read. Of what happened on one day one entry is made: where rows of a day set the same option or
condition differently, the rule that stands first in the mapping wins, so that an analyst decides
whether a day with a truce and an attack was one of truce. What sets what is already so is left out.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standoff.crisis import Crisis, Observation, citations
from standoff.crisis.edtf import EventDate
from standoff.crisis.errors import BadValue, CrisisError
from standoff.crisis.faults import Problem
from standoff.crisis.frozen import Frozen
from standoff.crisis.lints_record import faults_in
from standoff.crisis.record_columns import changes_only, first_day, scan, separator_of, with_days
from standoff.crisis.record_place import uneven
from standoff.study.extras import need
from standoff.study.record_mapping import EventMapping, read_mapping
from standoff.study.record_rows import applies, date_of, filled

if TYPE_CHECKING:
    import polars as pl

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet")
_MOST_SOURCES = 5


@dataclass(frozen=True, slots=True)
class ImportedRecord:
    """What came of event data.

    Attributes
    ----------
    entries
        The changes, by date.
    rows
        How many rows the data has.
    matched
        To how many of them a rule applies.
    undated
        How many of those have no date that can be read.
    early
        How many of those are not after the date of the first situation.
    repeated
        How many of those set what was already so, or what another row of that day did.
    contradicting
        On how many days rows set the same option or condition differently.
    unmatched
        How many rows no rule applies to, by type, the most first.
    impossible
        Entries that no move of the crisis allows: which, counted from 0, and why.
    undeclared
        Sources that entries cite and the crisis does not declare.
    """

    entries: tuple[Observation, ...]
    rows: int
    matched: int
    undated: int
    early: int
    repeated: int
    contradicting: int
    unmatched: Mapping[str, int]
    impossible: tuple[tuple[int, str], ...]
    undeclared: tuple[str, ...]


def import_record(
    crisis: Crisis, file: str | os.PathLike[str], mapping: str | os.PathLike[str]
) -> ImportedRecord:
    """Turn event data into entries of a record.

    Parameters
    ----------
    crisis
        The crisis; its own record is not looked at.
    file
        A table with one row for each event: CSV, text separated by tabs (.tsv, .txt), or Parquet.
    mapping
        A file that says which rows set which levels.

    Raises
    ------
    CrisisError
        A file cannot be read, the mapping has faults, or polars is not installed.

    Notes
    -----
    Takes some seconds for a million rows; held at once are row, rule and date of those that match.
    """
    need("polars", extra="tables", why="reading event data")
    path = Path(file)
    if path.suffix not in SUFFIXES:
        raise CrisisError(f"{path}: event data is a table: {', '.join(SUFFIXES)}")
    if not path.is_file():
        raise CrisisError(f"there is no file `{path}`")
    read = read_mapping(Path(mapping))
    import polars as pl

    _check_rows(path)
    try:
        return _Import(crisis, scan(path), read.mapping).run(read, path.name)
    except (pl.exceptions.PolarsError, OSError) as err:
        said = next(iter(str(err).splitlines()), type(err).__name__)
        raise CrisisError(f"{path}: the table cannot be read: {said}") from err


def _check_rows(path: Path) -> None:
    """Refuse a row with too many cells: what is in it may have moved to other columns.

    Polars would only notice if the row were read as a whole.
    """
    found = None if path.suffix == ".parquet" else uneven(path, separator_of(path))
    if found is not None:
        line, _, cells, wanted = found
        raise CrisisError(f"{path}:{line}: the row has {cells} cells, and the head has {wanted}")


class _Import:
    def __init__(self, crisis: Crisis, table: pl.LazyFrame, mapping: EventMapping) -> None:
        self.crisis = crisis
        self.mapping = mapping
        self.columns = table.collect_schema().names()
        self.table = table
        self.variables = [
            name for name in crisis.variables if any(name in rule.sets for rule in mapping.rules)
        ]

    def run(self, read: Any, name: str) -> ImportedRecord:
        import polars as pl

        read.check(self.crisis, self.columns, name)
        matching = self.table.with_row_index("row ").with_columns(self.rule().alias("rule "))
        date = pl.col(self.mapping.date.column).alias("date")
        picked = matching.filter(pl.col("rule ").is_not_null()).select("row ", "rule ", date)
        types = self.types()
        kinds = pl.col(types).fill_null("") if types else pl.lit("")
        others = matching.filter(pl.col("rule ").is_null()).group_by(kinds.alias("kind")).len()
        rows, left = pl.collect_all([picked, others], engine="streaming")
        unmatched = dict(left.sort(["len", "kind"], descending=[True, False]).iter_rows())
        dates = self.dates(rows["date"].unique(maintain_order=True).to_list())
        dated = with_days(rows.filter(pl.col("date").is_in(list(dates))), dates)
        first = first_day(self.crisis)
        counted = dated if first is None else dated.filter(pl.col("day") > first)
        days, contradicting = self.by_day(counted)
        entries, used = self.entries(changes_only(days, self.crisis, self.variables), dates)
        return ImportedRecord(
            entries=entries,
            rows=len(rows) + sum(unmatched.values()),
            matched=len(rows),
            undated=len(rows) - len(dated),
            early=len(dated) - len(counted),
            repeated=len(counted) - used,
            contradicting=contradicting,
            unmatched=Frozen(unmatched),
            impossible=_impossible(self.crisis, entries),
            undeclared=_undeclared(self.crisis, entries),
        )

    def types(self) -> str | None:
        """The column by which rows that no rule applies to are counted."""
        if self.mapping.types is not None:
            return self.mapping.types
        used = [name for rule in self.mapping.rules for name in rule.when]
        return next((name for name in ("event_type", *used) if name in self.columns), None)

    def rule(self) -> pl.Expr:
        """Which rule applies to a row: the first that does, or null."""
        import polars as pl

        return pl.coalesce(
            pl.when(applies(rule)).then(pl.lit(place, dtype=pl.Int32))
            for place, rule in enumerate(self.mapping.rules)
        )

    def dates(self, texts: Sequence[str | None]) -> dict[str, EventDate]:
        """Read the dates that can be read."""
        found: dict[str, EventDate] = {}
        for text in texts:
            try:
                found[text or ""] = date_of(text, self.mapping.date.format)
            except (BadValue, ValueError):
                continue
        return found

    def by_day(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """Return one row for each date, and on how many of them rows contradict each other.

        Beside each level stands the row that it is from.
        """
        import polars as pl

        days = rows.group_by("date", "day").agg(pl.col("row ").min().alias("row"))
        clashing: set[str] = set()
        for name in self.variables:
            levels = {
                place: rule.sets[name]
                for place, rule in enumerate(self.mapping.rules)
                if name in rule.sets
            }
            setting = rows.filter(pl.col("rule ").is_in(list(levels))).with_columns(
                pl.col("rule ").replace_strict(levels, return_dtype=pl.String).alias(name)
            )
            best = setting.sort("rule ", "row ").group_by("date", maintain_order=True)
            said = best.agg(
                pl.col(name).first(),
                pl.col("row ").first().alias(f"row of {name}"),
                pl.col(name).n_unique().alias("said"),
            )
            clashing |= set(said.filter(pl.col("said") > 1)["date"])
            days = days.join(said.drop("said"), on="date", how="left")
        return days, len(clashing)

    def entries(
        self, changes: pl.DataFrame, dates: Mapping[str, EventDate]
    ) -> tuple[tuple[Observation, ...], int]:
        """Return the entries, and of how many rows they are made."""
        found: list[tuple[str, dict[str, str], list[int]]] = []
        for day in changes.iter_rows(named=True):
            sets = {name: day[name] for name in self.variables if day[name] is not None}
            found.append((day["date"], sets, list({day[f"row of {name}"]: None for name in sets})))
        wanted = {row for _, _, rows in found for row in rows}
        said = self.rows(sorted(wanted))
        entries = tuple(self.entry(dates[date], sets, [said[row] for row in rows])
                        for date, sets, rows in found)  # fmt: skip
        return entries, len(wanted)

    def rows(self, wanted: list[int]) -> dict[int, dict[str, Any]]:
        """Read some rows in full."""
        import polars as pl

        table = self.table.with_row_index("row ").with_columns(self.rule().alias("rule "))
        if not wanted:
            return {}
        full = table.filter(pl.col("row ").is_in(wanted)).collect(engine="streaming")
        return {row["row "]: row for row in full.iter_rows(named=True)}

    def entry(
        self, date: EventDate, sets: dict[str, str], rows: Sequence[dict[str, Any]]
    ) -> Observation:
        """Make one entry of the rows of a day."""
        said = self.mapping
        rules = [said.rules[row["rule "]] for row in rows]
        disputed = any(rule.disputed for rule in rules)
        if said.disputed is not None:
            disputed |= any(str(row[said.disputed]).lower() in ("true", "yes", "1") for row in rows)
        texts: dict[str, Any] = {}
        for key, joint in (("source", "; "), ("because", " ")):
            parts = dict.fromkeys(
                filled(getattr(rule, key) or getattr(said, key), row)
                for rule, row in zip(rules, rows, strict=True)
            )
            shown = [part for part in parts if part][:_MOST_SOURCES]
            if shown:
                texts[key] = joint.join(shown)
        reported = self.reported(rows, date)
        if reported is not None:
            texts["reported"] = reported
        return Observation(date=date, sets=sets, disputed=disputed, **texts)

    def reported(self, rows: Sequence[dict[str, Any]], date: EventDate) -> datetime.date | None:
        """When all of it was known, where that is later than the event."""
        if self.mapping.reported is None:
            return None
        column, form = self.mapping.reported.column, self.mapping.reported.format
        days = [each.last for each in self._read(rows, column, form)]
        return max(days) if days and max(days) > date.last else None

    def _read(self, rows: Sequence[dict[str, Any]], column: str, form: str | None) -> Any:
        for row in rows:
            try:
                yield date_of(row[column], form)
            except (BadValue, ValueError):
                continue


def _impossible(crisis: Crisis, entries: tuple[Observation, ...]) -> tuple[tuple[int, str], ...]:
    problems: list[Problem] = list(faults_in(crisis.model_copy(update={"record": entries})))
    return tuple((int(problem.path[1]), f"{problem.message} ({problem.label})")
                 for problem in problems)  # fmt: skip


def _undeclared(crisis: Crisis, entries: tuple[Observation, ...]) -> tuple[str, ...]:
    cited = {each.source for entry in entries for each in citations(entry.source)}
    return tuple(sorted(cited - crisis.sources.keys()))


def write_table(entries: Sequence[Observation], file: Path) -> bytes:
    """Return entries as a table that a crisis can name as its record: CSV or Parquet.

    Parameters
    ----------
    entries
        The entries.
    file
        Its name says which: `.csv` or `.parquet`.
    """
    pl = need("polars", extra="tables", why="writing a table")
    variables = list(dict.fromkeys(name for entry in entries for name in entry.sets))
    columns: dict[str, list[Any]] = {
        "date": [str(entry.date) for entry in entries],
        "reported": [entry.reported and entry.reported.isoformat() for entry in entries],
        "disputed": ["true" if entry.disputed else None for entry in entries],
        "source": [entry.source for entry in entries],
        "because": [entry.because for entry in entries],
    }
    columns |= {name: [entry.sets.get(name) for entry in entries] for name in variables}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    import io

    paper = io.BytesIO()
    if file.suffix == ".parquet":
        frame.write_parquet(paper)
    else:
        frame.write_csv(paper)
    return paper.getvalue()
