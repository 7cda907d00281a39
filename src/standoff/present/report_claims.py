"""The claims that everything else follows from, each next to its source, for a reader to check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from standoff.crisis import (
    Actor,
    Change,
    Condition,
    Crisis,
    Interest,
    Option,
    Pattern,
    Priority,
    RedLine,
)
from standoff.present.html import Content, Markup, element, joined
from standoff.present.in_words import in_fact, path, pattern, plain, statement, value
from standoff.present.report_shared import code, reasons, section, weight
from standoff.present.words import called


def claims(crisis: Crisis) -> Markup:
    """Return what the file claims of actors and conditions, and what its names mean."""
    return section(
        "claims",
        "The claims",
        element(
            "p",
            "What the file says, in its order: every number above follows from this. Under each "
            "claim stand the analyst's reason and the source with its Admiralty code.",
        ),
        [_actor(crisis, name, actor) for name, actor in crisis.actors.items()],
        _conditions(crisis),
        _definitions(crisis),
    )


def folded(title: str, *content: Content, identifier: str | None = None) -> Markup:
    """Return a part that can be folded away; it is open, and open on paper."""
    summary = element("summary", element("h3", title))
    return element("details", summary, content, open=True, id=identifier)


def claim(crisis: Crisis, heading: Content, because: str | None, source: str | None) -> Markup:
    """Return one claim: what is claimed, why, and where it comes from."""
    return element("li", element("p", heading, class_="claim"), reasons(crisis, because, source))


def patch(crisis: Crisis, entries: Mapping[str, Any], *, holder: str | None = None) -> Content:
    """Return what is different in a mind, in a situation or in an explanation.

    Parameters
    ----------
    crisis
        As it is in the file.
    entries
        New values by path.
    holder
        Who believes it, if anybody does.
    """
    there = "in fact" if holder else "otherwise"
    return element(
        "ul",
        [
            claim(
                crisis,
                [
                    f"{path(crisis, dotted)}: ",
                    element("strong", value(entry.value)),
                    f" ({there} {fact})" if (fact := in_fact(crisis, dotted)) else None,
                    " ",
                    code(dotted),
                ],
                entry.because,
                entry.source,
            )
            for dotted, entry in entries.items()
        ],
        class_="claims",
    )


# Actors -------------------------------------------------------------------------------------------


def _actor(crisis: Crisis, name: str, actor: Actor) -> Markup:
    explained = actor.because is not None or actor.source is not None
    return folded(
        called(crisis, name),
        _pace(crisis, name, actor),
        reasons(crisis, actor.because, actor.source) if explained else None,
        _part("Options", [_option(crisis, name, key, each)
                          for key, each in actor.options.items()]),
        _part("Interests", [_interest(crisis, name, key, each)
                            for key, each in actor.interests.items()]),
        _part("Red lines", [_red_line(crisis, name, key, each)
                            for key, each in actor.red_lines.items()]),
        _part("Priorities, the most important first",
              [_priority(crisis, name, each) for each in actor.priorities], in_order=True),
        _part("Ranking of states, the best first",
              [_place(crisis, name, each) for each in actor.ranking], in_order=True),
        [element("h4", "Beliefs that differ"), patch(crisis, actor.believes, holder=name)]
        if actor.believes else None,
        identifier=f"claims-of-{name}",
    )  # fmt: skip


def _pace(crisis: Crisis, name: str, actor: Actor) -> Content:
    """How often it decides and how far ahead it cares, if it is said."""
    if not actor.decides or actor.looks_ahead is None:
        return None
    return element(
        "dl",
        _entry(
            "Decides",
            [[_tempo(crisis, name, each.every, each.when), "; "] for each in actor.decides[:-1]],
            _tempo(crisis, name, actor.decides[-1].every, None),
        ),
        _entry("Looks ahead", str(actor.looks_ahead)),
        None if actor.ordinal else _entry("Precision", str(actor.precision)),
    )


def _entry(term: str, *said: Content) -> Markup:
    return element("div", element("dt", term), element("dd", said))


def _part(title: str, items: list[Markup], *, in_order: bool = False) -> Content:
    if not items:
        return None
    kind = "claims ordered" if in_order else "claims"
    return [element("h4", title), element("ol" if in_order else "ul", items, class_=kind)]


def _priority(crisis: Crisis, actor: str, priority: Priority) -> Markup:
    text = priority.prefers
    said = [statement(crisis, text, actor), " ", code(text)]
    if priority.because is None and priority.source is None:
        return element("li", element("p", said, class_="claim"))
    return claim(crisis, said, priority.because, priority.source)


def _place(crisis: Crisis, actor: str, patterns: tuple[Pattern, ...]) -> Markup:
    """A place in a ranking: the states that match any of its patterns tie."""
    said = "; or ".join(pattern(crisis, each, actor) for each in patterns)
    return element("li", element("p", said, class_="claim"))


def _tempo(crisis: Crisis, actor: str, every: object, when: str | None) -> Content:
    if when is None:
        return f"every {every} on average"
    return [f"every {every} when {statement(crisis, when, actor)} ", code(when)]


def _option(crisis: Crisis, actor: str, name: str, option: Option) -> Markup:
    moves = {"up": "only rises", "down": "only falls", "fixed": "fixed once off the first level"}
    return element(
        "li",
        element(
            "p",
            element("strong", plain(name)),
            f": {', '.join(map(plain, option.levels))}",
            f"; {moves[option.irreversible]}" if option.irreversible else None,
            [f"; to rise it needs that {statement(crisis, option.requires, actor)} ",
             code(option.requires)] if option.requires else None,
            class_="claim",
        ),
    )  # fmt: skip


def _interest(crisis: Crisis, actor: str, name: str, interest: Interest) -> Markup:
    text = interest.statement
    return claim(
        crisis,
        [
            element("strong", plain(name)),
            f": {'seeks' if interest.sign > 0 else 'avoids'} that "
            f"{statement(crisis, text, actor)} ",
            code(text),
            _weighed(crisis, interest),
        ],
        interest.because,
        interest.source,
    )


def _red_line(crisis: Crisis, actor: str, name: str, line: RedLine) -> Markup:
    never = line.then.strip() == "false"
    return claim(
        crisis,
        [
            element("strong", plain(name)),
            f": loses if {statement(crisis, line.if_, actor)} ",
            code(line.if_),
            ", whatever it does"
            if never
            else [f" unless {statement(crisis, line.then, actor)} ", code(line.then)],
            _weighed(crisis, line),
        ],
        line.because,
        line.source,
    )


def _weighed(crisis: Crisis, each: Interest | RedLine) -> Content:
    holds = f"; holds: {each.holds}" if each.holds.central < 1 else None
    return ["; weight ", element("strong", weight(crisis, each.weight)), holds]


# Conditions and names -----------------------------------------------------------------------------


def _conditions(crisis: Crisis) -> Content:
    if not crisis.conditions:
        return None
    return folded(
        "Conditions",
        element("p", "What no actor controls, and how often it changes of itself.", class_="note"),
        [_condition(crisis, name, each) for name, each in crisis.conditions.items()],
        identifier="claims-conditions",
    )


def _condition(crisis: Crisis, name: str, condition: Condition) -> Content:
    said = condition.because is not None or condition.source is not None
    return [
        element("h4", f"{plain(name)}: {', '.join(map(plain, condition.levels))}"),
        reasons(crisis, condition.because, condition.source) if said else None,
        element(
            "ul",
            [
                claim(crisis, _change(crisis, change), change.because, change.source)
                for change in condition.changes
            ],
            class_="claims",
        )
        if condition.changes
        else element("p", "Does not change of itself.", class_="note"),
    ]


def _change(crisis: Crisis, change: Change) -> Content:
    return [
        f"From {plain(change.from_)} to {plain(change.to)}: ",
        element("strong", str(change.rate)),
        [f", only where {statement(crisis, change.when)} ", code(change.when)]
        if change.when
        else None,
        [
            [f"; times {each.factor} where {statement(crisis, each.when)} ", code(each.when)]
            for each in change.times
        ],
    ]


def _definitions(crisis: Crisis) -> Content:
    parts = []
    if crisis.definitions:
        parts.append(
            element(
                "dl",
                [
                    _entry(plain(name), statement(crisis, text), " ", code(text))
                    for name, text in crisis.definitions.items()
                ],
            )
        )
    if crisis.never:
        parts.append(
            joined(
                element("h4", "What can never be"),
                element(
                    "ul",
                    [element("li", statement(crisis, text), " ", code(text))
                     for text in crisis.never],
                    class_="plain",
                ),
            )
        )  # fmt: skip
    return folded("Definitions", parts, identifier="claims-definitions") if parts else None
