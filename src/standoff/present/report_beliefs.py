"""Who believes what, next to what is so and to where the claim comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from standoff.crisis import Crisis
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import in_fact, path, plain, value
from standoff.present.report_shared import reasons, stacking
from standoff.present.report_stability_words import capital, short
from standoff.present.words import listed

_BELIEVES = "believes"


@dataclass(slots=True)
class _Belief:
    """One belief, as it is held in one situation or more."""

    holder: str
    about: str
    value: str
    fact: str
    because: str | None
    source: str | None
    where: list[str | None] = field(default_factory=list)


def beliefs_table(crisis: Crisis, situations: Mapping[str | None, Crisis]) -> Content:
    """Return every belief: whose, about what, what is so, when, and on what grounds.

    Parameters
    ----------
    crisis
        As it is in the file.
    situations
        The crisis in each of the situations that are looked at.
    """
    known = _beliefs(situations)
    wrong = [each for each in known if each.value != each.fact]
    columns: tuple[str, ...] = ("Who", "About", "Believes", "In fact", "Why it is said")
    rows = [_row(crisis, each) for each in wrong]
    if len(situations) > 1:
        columns = (*columns[:4], "When", *columns[4:])
        rows = [
            (*row[:4], _when(each, list(situations)), *row[4:])
            for row, each in zip(rows, wrong, strict=True)
        ]
    return [
        element("h3", "Who believes what"),
        stacking("Beliefs that differ from what is so", columns, rows) if rows else None,
        _right(crisis, [each for each in known if each.value == each.fact], list(situations)),
    ]


def about(crisis: Crisis, dotted: str) -> str:
    """Return what a belief is about, such as `Russia: interest union`."""
    return path(crisis, dotted).removesuffix(", weight")


def fact_said(crisis: Crisis, holder: str, dotted: str) -> str | None:
    """Return what is so where an actor believes something, as it is written; None if unknown.

    What is so of another's belief is that belief, if it holds one, and else what is so of the
    thing itself.
    """
    parts = dotted.split(".")
    if len(parts) > 2 and parts[1] == _BELIEVES:
        inner = ".".join(parts[2:])
        held = crisis.actors[parts[0]].believes.get(inner)
        return value(held.value) if held is not None else fact_said(crisis, parts[0], inner)
    return in_fact(crisis, dotted)


def _beliefs(situations: Mapping[str | None, Crisis]) -> list[_Belief]:
    found: dict[tuple[Any, ...], _Belief] = {}
    for name, crisis in situations.items():
        for holder, actor in crisis.actors.items():
            for about, entry in actor.believes.items():
                fact = fact_said(crisis, holder, about) or ""
                key = (holder, about, value(entry.value), fact, entry.because, entry.source)
                found.setdefault(key, _Belief(*key)).where.append(name)
    holders = [name for crisis in situations.values() for name in crisis.actors]
    things = [each.about for each in found.values()]
    return sorted(
        found.values(),
        key=lambda each: (holders.index(each.holder), things.index(each.about)),
    )


def _row(crisis: Crisis, belief: _Belief) -> tuple[Content, ...]:
    return (
        short(crisis, belief.holder),
        about(crisis, belief.about),
        element("strong", belief.value),
        belief.fact,
        reasons(crisis, belief.because, belief.source),
    )


def _when(belief: _Belief, situations: list[str | None]) -> str:
    """In which situations; an unbroken run of them by its ends."""
    if len(belief.where) == len(situations):
        return "throughout"
    named = [capital(plain(name)) for name in belief.where if name is not None]
    first = situations.index(belief.where[0])
    run = situations[first : first + len(belief.where)] == belief.where
    return f"{named[0]} to {named[-1]}" if run and len(named) > 2 else listed(named)


def _right(crisis: Crisis, beliefs: list[_Belief], situations: list[str | None]) -> Markup | None:
    """What actors are right about though they might be wrong, such as others' mistakes."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for belief in beliefs:
        what, _, item = about(crisis, belief.about).rpartition(": ")
        together.setdefault((belief.holder, what, _when(belief, situations)), []).append(item)
    if not together:
        return None
    items = []
    for (holder, what, when), those in together.items():
        whom = f"what {what}" if f" {_BELIEVES} of " in what else what
        said = f"{capital(short(crisis, holder))} is right ({when}) about {whom}: {listed(those)}."
        items.append(element("li", said))
    return element("ul", items, class_="plain")
