"""The dates of a record in words."""

from __future__ import annotations

import datetime

from standoff.crisis.edtf import EventDate
from standoff.present.charts_shared import day_text

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


def when(date: EventDate) -> str:
    """Return the date of an event as prose says it.

    Examples
    --------
    >>> when(EventDate.parse("2020-10-04~"))
    'about 4 Oct 2020'
    >>> when(EventDate.parse("2020-10"))
    'October 2020'
    >>> when(EventDate.parse("2020-09-27/2020-10-10?"))
    'between 27 Sep 2020 and 10 Oct 2020 (the date is doubted)'
    """
    ends = [_end(part.rstrip("~?%"), "~" in part or "%" in part) for part in _parts(date)]
    said = f"between {ends[0]} and {ends[1]}" if len(ends) == 2 else ends[0]
    return f"{said} (the date is doubted)" if date.uncertain else said


def _parts(date: EventDate) -> list[str]:
    return (date.text or date.first.isoformat()).split("/")


def _end(text: str, approximate: bool) -> str:
    known = [part for part in text.split("-") if part != "XX"]
    if len(known) == 3:
        said = day_text(datetime.date.fromisoformat(text))
    elif len(known) == 2:
        said = f"{_MONTHS[int(known[1]) - 1]} {known[0]}"
    else:
        said = known[0]
    return f"about {said}" if approximate else said
