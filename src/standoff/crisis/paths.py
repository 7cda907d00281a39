"""Patch paths: from dotted text to the one place in a crisis that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standoff.crisis.errors import CrisisError, UnknownNameError, unknown
from standoff.crisis.patches import CLAIMS, ORDERS, PACE, is_belief

if TYPE_CHECKING:
    from standoff.crisis.actors import Actor
    from standoff.crisis.model import Crisis

_OF_CLAIMS = ("weight", "holds")


@dataclass(frozen=True, slots=True)
class Target:
    """The place that a patch sets.

    Attributes
    ----------
    holder
        The actor or the condition.
    section
        `interests`, `red_lines`, `believes`, `changes`, or empty for a field of the actor itself.
    key
        The claim's name, or for `believes` the rest of the path.
    field
        The field that is set.
    position
        For `changes`, which change it is.
    """

    holder: str
    section: str = ""
    key: str = ""
    field: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class BadPath:
    """Why a path leads nowhere; the reason is empty if its form is all that can be said."""

    code: str
    message: str
    reason: str = ""


def find(crisis: Crisis, path: str) -> Target | BadPath:
    """Return what a patch path names, or why it names nothing."""
    parts = path.split(".")
    if is_belief(path) and parts[0] in crisis.actors:
        return _belief(crisis, parts[0], path.split(".", 2)[2])
    reason = ""
    if len(parts) == 2 and parts[1] in (*PACE, *ORDERS) and parts[0] in crisis.actors:
        if parts[1] in _fields(crisis.actors[parts[0]]):
            return Target(parts[0], field=parts[1])
        reason = _why_not(parts[0], crisis.actors[parts[0]], parts[1])
    if len(parts) == 4 and parts[0] in crisis.actors and parts[1] in CLAIMS:
        claims = getattr(crisis.actors[parts[0]], parts[1])
        if parts[2] in claims and parts[3] in _OF_CLAIMS:
            return Target(parts[0], parts[1], parts[2], parts[3])
    if len(parts) == 3 and parts[0] in crisis.conditions:
        for position, change in enumerate(crisis.conditions[parts[0]].changes):
            if [change.from_, change.to] == parts[1:]:
                return Target(parts[0], "changes", position=position)
    return BadPath("SO021", f"the path `{path}` leads to nothing that a patch can set", reason)


def _fields(actor: Actor) -> tuple[str, ...]:
    """Return the fields of an actor itself that a patch may set."""
    paced = actor.decides and actor.looks_ahead is not None
    orders = tuple(order for order in ORDERS if getattr(actor, order))
    return (*PACE, *orders) if paced else orders


def _why_not(name: str, actor: Actor, field: str) -> str:
    """Return why an actor has not got a field that another has."""
    if field in PACE:
        return f"`{name}` has no `decides` and `looks_ahead` of its own"
    by = next((key for key in (*ORDERS, *CLAIMS) if getattr(actor, key)), "")
    return f"`{name}` states its preferences by `{by}`" if by else f"`{name}` has no `{field}`"


def _belief(crisis: Crisis, holder: str, rest: str) -> Target | BadPath:
    if about_oneself(holder, rest):
        return BadPath("SO041", f"`{holder}` cannot hold a belief about itself")
    inner = find(crisis, rest)
    return inner if isinstance(inner, BadPath) else Target(holder, "believes", rest)


def about_oneself(holder: str, path: str) -> bool:
    """Return whether a belief of an actor is about that actor.

    Examples
    --------
    >>> about_oneself("north", "north.interests.cost.weight")
    True
    >>> about_oneself("north", "south.believes.north.precision")
    False
    """
    return path.split(".", 1)[0] == holder


def target_of(crisis: Crisis, path: str, where: str = "", shown: str = "") -> Target:
    """Return what a patch path names.

    Raises
    ------
    UnknownNameError
        It names nothing; the message gives the nearest path that names something.
    CrisisError
        It is a belief of an actor about itself.
    """
    found = find(crisis, path)
    if isinstance(found, Target):
        return found
    if found.code == "SO041":
        raise CrisisError(f"{where}: {path}: {found.message}")
    if found.reason:
        raise UnknownNameError(f"{where}: no path is called {path!r}: {found.reason}")
    suffix = path.removeprefix(shown) if shown else ""
    known = (each.removesuffix(suffix) for each in known_paths(crisis, path))
    raise unknown(where, "path", shown or path, known)


def known_paths(crisis: Crisis, like: str = "") -> list[str]:
    """Return every path that a patch may set, or a belief if `like` is the path of one.

    Examples
    --------
    >>> import standoff
    >>> from standoff.crisis import template
    >>> known_paths(standoff.loads(template("The strait")))[:2]
    ['north.decides', 'north.looks_ahead']
    """
    parts = like.split(".", 2)
    if is_belief(like) and parts[0] in crisis.actors:
        inner = known_paths(crisis, parts[2])
        return [
            f"{parts[0]}.believes.{path}" for path in inner if not about_oneself(parts[0], path)
        ]
    return list(_direct(crisis))


def _direct(crisis: Crisis) -> Iterator[str]:
    for name, actor in crisis.actors.items():
        yield from (f"{name}.{field}" for field in _fields(actor))
        for section in CLAIMS:
            claims: Iterable[str] = getattr(actor, section)
            yield from (
                f"{name}.{section}.{claim}.{field}" for claim in claims for field in _OF_CLAIMS
            )
    for name, condition in crisis.conditions.items():
        yield from (f"{name}.{change.from_}.{change.to}" for change in condition.changes)
