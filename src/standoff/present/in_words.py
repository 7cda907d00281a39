"""Statements, paths and views in words, for readers who have not seen the file's syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from standoff.crisis import Crisis, Pattern, Priority, Side, Standing
from standoff.crisis.expected import Viewed
from standoff.crisis.paths import Target, find
from standoff.crisis.tempo import Tempo
from standoff.present.words import called, listed

_COMPARED = {
    ast.Eq: "is",
    ast.NotEq: "is not",
    ast.Lt: "is below",
    ast.LtE: "is at most",
    ast.Gt: "is above",
    ast.GtE: "is at least",
    ast.In: "is",
    ast.NotIn: "is none of",
}


def plain(name: str) -> str:
    """Return a name of the file as words.

    Examples
    --------
    >>> plain("no_more_donbass")
    'no more donbass'
    """
    return name.replace("_", " ").replace("-", " ").strip() or name


def variable(crisis: Crisis, name: str, actor: str | None = None) -> str:
    """Return an option or a condition in words: `Northland: blockade`, or `weather`.

    Parameters
    ----------
    crisis
        Says how actors are called.
    name
        Such as `north.blockade`.
    actor
        Whose options need no owner.
    """
    owner, dot, own = name.rpartition(".")
    if not dot or owner == actor:
        return plain(own)
    return f"{called(crisis, owner)}: {plain(own)}" if owner in crisis.actors else plain(name)


def statement(crisis: Crisis, text: str, actor: str | None = None) -> str:
    """Return a statement in words.

    Parameters
    ----------
    crisis
        Says what the names mean.
    text
        Such as `blockade >= partial and not south.mines`.
    actor
        The actor in whose block it stands.
    """
    try:
        return _said(crisis, ast.parse(text.strip(), mode="eval").body, actor)
    except (SyntaxError, ValueError, RecursionError):
        return text


def _said(crisis: Crisis, node: ast.expr, actor: str | None) -> str:
    match node:
        case ast.BoolOp(op=operator, values=values):
            word = "and" if isinstance(operator, ast.And) else "or"
            return f" {word} ".join(_enclosed(crisis, each, actor) for each in values)
        case ast.UnaryOp(operand=ast.Name() | ast.Attribute() as operand):
            name, defined = _named(crisis, operand, actor)
            return f"not {name}" if defined else f"{name} is {_levels(crisis, operand, actor)[0]}"
        case ast.UnaryOp(operand=operand):
            return f"not {_enclosed(crisis, operand, actor)}"
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            name, _ = _named(crisis, left, actor)
            return f"{name} {_COMPARED[type(operator)]} {_level(right)}"
        case ast.Name(id="true" | "false" as constant):
            return "always" if constant == "true" else "never"
        case ast.Name() | ast.Attribute():
            name, defined = _named(crisis, node, actor)
            return name if defined else f"{name} is {_levels(crisis, node, actor)[-1]}"
    return ast.unparse(node)


def _enclosed(crisis: Crisis, node: ast.expr, actor: str | None) -> str:
    said = _said(crisis, node, actor)
    return f"({said})" if isinstance(node, ast.BoolOp) else said


def _full_name(crisis: Crisis, node: ast.expr, actor: str | None) -> str:
    text = ast.unparse(node)
    return f"{actor}.{text}" if f"{actor}.{text}" in crisis.variables else text


def _named(crisis: Crisis, node: ast.expr, actor: str | None) -> tuple[str, bool]:
    """A name in words, and whether it is that of a definition."""
    name = _full_name(crisis, node, actor)
    return variable(crisis, name, actor), name not in crisis.variables


def _levels(crisis: Crisis, node: ast.expr, actor: str | None) -> tuple[str, ...]:
    return crisis.variables[_full_name(crisis, node, actor)]


def _level(node: ast.expr) -> str:
    if isinstance(node, ast.Set | ast.List | ast.Tuple):
        return listed((plain(ast.unparse(each)) for each in node.elts), "or")
    return plain(ast.unparse(node))


def path(crisis: Crisis, dotted: str) -> str:
    """Return a path in words.

    Examples
    --------
    `Russia: interest union, weight` · `weather: calm to storm` · `Baku believes of Russia: ...`
    """
    parts = dotted.split(".")
    if len(parts) > 3 and parts[1] == "believes":
        inner = path(crisis, ".".join(parts[2:]))
        return f"{called(crisis, parts[0])} believes of {inner}"
    if parts[0] in crisis.actors:
        holder = called(crisis, parts[0])
        rest = [plain(each) for each in parts[1:]]
        kinds = {"interests": "interest", "red lines": "red line"}
        if len(rest) >= 2 and rest[0] in kinds:
            tail = f", {rest[2]}" if len(rest) > 2 else ""
            return f"{holder}: {kinds[rest[0]]} {rest[1]}{tail}"
        return f"{holder}: {' '.join(rest)}"
    if len(parts) == 3:
        return f"{plain(parts[0])}: from {plain(parts[1])} to {plain(parts[2])}"
    return dotted


def value(entry: Any) -> str:
    """Return the value of a claim or of a patch as it was written."""
    if isinstance(entry, tuple):
        return "; ".join(map(_part, entry))
    return str(entry)


def _part(entry: Any) -> str:
    """A time between decisions, a priority, or the patterns that share a place in a ranking."""
    match entry:
        case Tempo():
            return f"every {entry.every}" + (f" when {entry.when}" if entry.when else "")
        case Priority():
            return entry.prefers
        case tuple():
            return " = ".join(map(str, entry))
    return str(entry)


def in_fact(crisis: Crisis, dotted: str) -> str | None:
    """Return the value that a crisis itself has where a belief or a situation has another."""
    target = find(crisis, dotted)
    if not isinstance(target, Target) or target.section == "believes":
        return None
    if target.section == "changes":
        return str(crisis.conditions[target.holder].changes[target.position].rate)
    holder = crisis.actors[target.holder]
    if not target.section:
        return value(getattr(holder, target.field))
    return str(getattr(getattr(holder, target.section)[target.key], target.field))


def levels(crisis: Crisis, given: Mapping[str, str]) -> str:
    """Return levels by variable in words: `Patron: stance is aside and weather is storm`."""
    return listed(f"{variable(crisis, name)} is {plain(level)}" for name, level in given.items())


def pattern(crisis: Crisis, entry: Pattern, actor: str | None = None) -> str:
    """Return in words which states a pattern matches.

    Parameters
    ----------
    crisis
        Says what the names mean.
    entry
        Levels, or a statement.
    actor
        The actor in whose block it stands.
    """
    if entry.levels is None:
        return statement(crisis, entry.text, actor)
    named = (
        (f"{actor}.{name}" if f"{actor}.{name}" in crisis.variables else name, level)
        for name, level in entry.levels.items()
    )
    return listed(f"{variable(crisis, name, actor)} is {plain(level)}" for name, level in named)


def side(crisis: Crisis, asked: Viewed) -> tuple[str, ...]:
    """Return what an expectation changes before it asks, one change after another."""
    said = []
    if asked.situation is not None:
        said.append(f"in the situation {plain(asked.situation)}")
    if asked.under is not None:
        said.append(f"if the explanation {plain(asked.under)} is true")
    said += [
        f"with {path(crisis, dotted)} at {value(entry.value)}"
        for dotted, entry in asked.with_.items()
    ]
    said += _without(crisis, asked.without)
    if asked.starting:
        said.append(f"starting where {levels(crisis, asked.starting)}")
    if asked.holding:
        said.append(f"held so that {levels(crisis, asked.holding)}")
    if isinstance(asked, Side) and asked.depth is not None:
        said.append(f"at depth {asked.depth}")
    if isinstance(asked, Standing) and asked.conditions == "running":
        said.append("with conditions running")
    if asked.seen_by:
        eyes = ", as seen by ".join(called(crisis, name) for name in reversed(asked.seen_by))
        said.append(f"as seen by {eyes}")
    return tuple(said)


def _without(crisis: Crisis, paths: Iterable[str]) -> Iterator[str]:
    """Claims left out, those of one holder together."""
    together: dict[str, list[str]] = {}
    for dotted in paths:
        holder, _, claim = path(crisis, dotted.removesuffix(".weight")).rpartition(": ")
        together.setdefault(holder, []).append(claim)
    for holder, left_out in together.items():
        what = f"what {holder}" if " believes of " in holder else holder
        yield f"without {what}: {listed(left_out)}" if holder else f"without {listed(left_out)}"
