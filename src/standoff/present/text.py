"""Results as text to read in a terminal, in a file or through a pipe.

`as_text` turns a result into something Rich can lay out in any width; `render` lays it out. Nothing
relies on colour: without it the same words stand in the same places.
"""

from __future__ import annotations

import importlib
import io
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from standoff.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType, RenderResult

HEADING = "bold"
QUIET = "dim"
INDENT = 2

_HOMES = {
    "standoff.crisis": "standoff.present.text_crisis",
    "standoff.study.forecast": "standoff.present.text_forecast",
    "standoff.study.account": "standoff.present.text_account",
    "standoff.study.outlook": "standoff.present.text_outlook",
    "standoff.study.effects": "standoff.present.text_claims",
    "standoff.study.events": "standoff.present.text_changes",
    "standoff.study.expectations": "standoff.present.text_claims",
    "standoff.study.levers": "standoff.present.text_levers",
    "standoff.study.mistakes": "standoff.present.text_changes",
    "standoff.study.record": "standoff.present.text_record",
    "standoff.study.robustness": "standoff.present.text_claims",
    "standoff.study.smallest": "standoff.present.text_changes",
    "standoff.study.survey": "standoff.present.text_stability",
    "standoff.study.one_state": "standoff.present.text_stability_state",
    "standoff.study.analysis": "standoff.present.text_analysis",
    "standoff.study.weighed": "standoff.present.text_weighing",
    "standoff.study.backtest": "standoff.present.text_backtest",
    "standoff.study.ledger": "standoff.present.text_ledger",
    "standoff.study.ledger_scores": "standoff.present.text_scores",
    "standoff.study.postmortem": "standoff.present.text_scores",
    "standoff.study.scores": "standoff.present.text_scores",
    "standoff.study.indices": "standoff.present.text_indices",
    "standoff.study.scenarios": "standoff.present.text_scenarios",
}
"""Which module knows how the results of which module read; imported when one turns up."""


@singledispatch
def as_text(result: Any, **what: Any) -> RenderableType:
    """Return a result as text that can be laid out in any width.

    Parameters
    ----------
    result
        A crisis, or a result from `standoff.study`.
    **what
        What else the result's own renderer needs, such as the crisis that it is about.

    Raises
    ------
    TypeError
        There is no text for results of this type.
    """
    for home, module in _HOMES.items():
        if type(result).__module__.startswith(home):
            importlib.import_module(module)
            if as_text.dispatch(type(result)) is not _unregistered:
                return as_text(result, **what)
    raise TypeError(f"there is no text for a {type(result).__name__}")


_unregistered = as_text.dispatch(object)


def render(*parts: RenderableType, width: int = 80, colour: bool = False) -> str:
    """Return text laid out in a width, ready to print.

    Parameters
    ----------
    parts
        Strings, or what `as_text` returns.
    width
        In columns.
    colour
        Whether to add the codes that make a terminal show bold and colours.
    """
    paper = io.StringIO()
    console = Console(
        file=paper,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for part in parts:
        console.print(Text(clean(part)) if isinstance(part, str) else part)
    return "\n".join(line.rstrip() for line in paper.getvalue().rstrip("\n").split("\n")) + "\n"


# The few shapes that all text here is made of ---------------------------------------------------


def heading(text: str) -> RenderableType:
    """Return the heading of a part, with an empty line before it."""
    return Text(f"\n{clean(text).upper()}", style=HEADING)


def line(text: str, indent: int = 0, style: str = "") -> RenderableType:
    """Return a paragraph, wrapped at the width there is."""
    return Padding(Text(clean(text), style=style), (0, 0, 0, indent))


def rows(
    pairs: Iterable[tuple[str, RenderableType]], indent: int = INDENT, label: int | None = None
) -> RenderableType:
    """Return labels with what belongs to them beside, wrapped under itself.

    Parameters
    ----------
    pairs
        Labels and texts; an empty label continues the one above.
    indent
        Columns before the labels.
    label
        Width of the labels; that of the longest if not given.
    """
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=label)
    table.add_column(ratio=1)
    for name, text in pairs:
        table.add_row(Text(clean(name)), Text(clean(text)) if isinstance(text, str) else text)
    return Padding(table, (0, 0, 0, indent))


def tallied(counts: Iterable[tuple[str, int, str]], indent: int = INDENT) -> RenderableType:
    """Return how many there are of some things: a name if there is one, the number, what it is."""
    table = Table.grid(padding=(0, 2, 0, 0))
    named = [(Text(clean(name)), f"{number:,}", Text(clean(what))) for name, number, what in counts]
    if any(name for name, _, _ in named):
        table.add_column()
    table.add_column(justify="right")
    table.add_column(ratio=1)
    for row in named:
        table.add_row(*row[-len(table.columns) :])
    return Padding(table, (0, 0, 0, indent))


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Short texts beside each other in columns, as many as there is room for.

    Attributes
    ----------
    cells
        The texts.
    width
        Of one column; a text that is longer moves what follows it to the next line.
    """

    cells: tuple[str, ...]
    width: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay the texts out in the width that there is."""
        widest = max(self.width, *(len(cell) for cell in self.cells)) if self.cells else 1
        count = max(1, (options.max_width + 1) // (widest + 1))
        for first in range(0, len(self.cells), count):
            row = self.cells[first : first + count]
            yield Text(" ".join(f"{cell:{widest}}" for cell in row).rstrip(), style=HEADING)


def stacked(parts: Iterable[RenderableType]) -> RenderableType:
    """Return parts one below the other."""
    return Group(*parts)
