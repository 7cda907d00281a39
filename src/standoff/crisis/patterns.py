"""From the levels of a pattern to the statement that a state has all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from standoff.crisis.errors import listed, nearest
from standoff.crisis.resolve import place_of
from standoff.crisis.statements import All, Among
from standoff.crisis.syntax import BadStatement, StatementFault

if TYPE_CHECKING:
    from standoff.crisis.vocabulary import Vocabulary


def resolve_levels(names: Vocabulary, levels: Mapping[str, str], actor: str | None) -> All:
    """Return the statement that every level of a pattern is reached.

    Names are looked up as in a statement: inside an actor's block its own options come first.

    Raises
    ------
    BadStatement
        With everything that is wrong, each at the name of the option or condition.
    """
    parts: list[Among] = []
    faults: list[StatementFault] = []
    for name, level in levels.items():
        variable = names.variable(name, actor)
        if variable is None:
            faults.append(_unknown(names, name, actor))
        elif level not in names.variables[variable]:
            faults.append(_no_level(names, name, variable, level))
        else:
            at = names.variables[variable].index(level)
            parts.append(Among(variable, frozenset({at})))
    if faults:
        raise BadStatement(*faults)
    return All(tuple(parts))


def _unknown(names: Vocabulary, name: str, actor: str | None) -> StatementFault:
    given = f"{actor or ''} {name}"
    if name in names.definitions:
        return StatementFault(
            "SO064",
            f"`{name}` is a definition: it is true or false and has no levels",
            help=f"write the pattern as a statement: `{name}` or `not {name}`",
            given=given,
            at=name,
            on_key=True,
        )
    if name in names.options:
        some = listed(f"{name}.{option}" for option in names.options[name])
        return StatementFault(
            "SO024",
            f"`{name}` is an actor, not an option",
            help=f"name one of its options: {some}" if some else "",
            given=given,
            at=name,
            on_key=True,
        )
    own = names.options.get(actor, ()) if actor else ()
    known = [*own, *(each for each in names.variables if each.removeprefix(f"{actor}.") not in own)]
    holder = next((each for each in names.variables if each.endswith(f".{name}")), None)
    near = holder or nearest(name, known) or nearest(name, names.variables)
    return StatementFault(
        "SO024",
        f"no option or condition is called `{name}`",
        label=f"known: {some}" if (some := listed(known)) else "",
        help=f"did you mean `{near}`?" if near else "",
        declared=place_of(names, near, actor) if near else None,
        given=given,
        at=name,
        on_key=True,
    )


def _no_level(names: Vocabulary, name: str, variable: str, level: str) -> StatementFault:
    levels = names.variables[variable]
    near = nearest(level, levels)
    return StatementFault(
        "SO016",
        f"`{variable}` has no level `{level}`",
        length=0,
        label=f"levels: {some}" if (some := listed(levels)) else "",
        help=f"did you mean `{near}`?" if near else "",
        declared=place_of(names, variable, None) if near else None,
        given=f"{variable} {level}",
        at=name,
    )
