"""What would change an answer: weights, the smallest change, events, and what an actor could do."""

from __future__ import annotations

from collections.abc import Sequence

from standoff.crisis import Crisis
from standoff.present.account_words import at_central
from standoff.present.charts import NARROW, WIDE, Carried, tornado_chart
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import path as in_words
from standoff.present.in_words import plain, variable
from standoff.present.report_shared import chance, figure, reasons, section
from standoff.present.report_tipping import tipping_points
from standoff.present.text_changes import change_in_words
from standoff.present.wording import points
from standoff.present.words import called, counted, listed
from standoff.study.analysis import Analysis, WhatIf
from standoff.study.changes import Change
from standoff.study.events import Event, Events
from standoff.study.levers import Lever, Levers
from standoff.study.smallest import SmallestChange

_MOST_BARS = 10
_WORTH_A_BAR = 0.005


def changes(result: Analysis) -> Markup | None:
    """Return what would change the answers that were to be explained; None if none was."""
    if not result.accounts:
        return None
    return section(
        "changes",
        "What would change the answer",
        [_answer(result, name) for name in result.accounts],
    )


def _answer(result: Analysis, name: str) -> Content:
    account = result.accounts[name]
    found = result.what_if.get(name)
    return [
        element("h3", account.forecast.asks),
        element("p", at_central(account)) if account.forecast.spread is not None else None,
        element("h4", "Weights at which it would tip"),
        tipping_points(result.crisis, account),
        _more(result.crisis, name, found) if found is not None else None,
    ]


def _more(crisis: Crisis, name: str, found: WhatIf) -> Content:
    return [
        _smallest(crisis, found.smallest) if found.smallest is not None else None,
        element("h4", "If something were otherwise"),
        _events(crisis, name, found.events),
        [_levers(crisis, name, each) for each in found.levers],
    ]


# The smallest change ------------------------------------------------------------------------------


def _smallest(crisis: Crisis, found: SmallestChange) -> Content:
    side = "below" if found.central >= found.threshold else "to"
    goal = f"{side} {100 * found.threshold:g}%"
    if not found.sets:
        most = found.stages[-1].size if found.stages else 0
        said = f"No set of up to {counted(most, 'change')} that was tried takes it {goal}."
    elif found.size == 1:
        said = f"One change takes it {goal}; {counted(found.crossing, 'way')} to do it."
    else:
        said = (
            f"It takes {found.size} changes together to bring it {goal}; "
            f"{counted(found.crossing, 'way')} to do it."
        )
    if found.sets and len(found.sets) < found.crossing:
        said += f" The {len(found.sets)} that go furthest:"
    return [
        element("h4", "The smallest change that would"),
        element("p", said),
        element("ul", [_set(crisis, found, each.changes, each.chance) for each in found.sets],
                class_="claims")
        if found.sets
        else None,
        None
        if found.exhaustive
        else element("p", "Not every set of changes was tried, but those of the changes that alone "
                          "come furthest.", class_="note"),
    ]  # fmt: skip


def _set(crisis: Crisis, found: SmallestChange, made: Sequence[Change], then: float) -> Markup:
    claims = {claim.path: claim for claim in found.claims}
    cited = [claims[each.path] for each in made if each.path in claims]
    return element(
        "li",
        element("p", chance(then), ": ", listed(change_in_words(crisis, each) for each in made),
                class_="claim"),
        [reasons(crisis, claim.because, claim.source) for claim in cited],
    )  # fmt: skip


# Events -------------------------------------------------------------------------------------------


def _events(crisis: Crisis, name: str, found: Events) -> Content:
    telling = [each for each in found.events if not each.asked_about]
    shown = [each for each in telling if abs(each.effect) >= _WORTH_A_BAR][:_MOST_BARS]
    about = dict.fromkeys(each.variable for each in found.events if each.asked_about)
    intro = (
        "What it would become if an option or a condition had another level: at the start, from "
        "where things go on, or throughout, so that nobody can change it."
    )
    if about:
        intro += f" Left out is {listed(variable(crisis, each) for each in about)}, which the "
        intro += "question itself is about."
    if not shown:
        none = element("p", "Nothing changes it by half a point.", class_="note")
        return [element("p", intro), none]
    rows = [Carried(_event(crisis, each), each.effect) for each in shown]
    return [
        element("p", intro),
        _ranked(rows, f"events-{name}", "What other levels would do to the answer"),
        _rest(len([each for each in telling if abs(each.effect) >= 5e-4]) - len(shown)),
        _impossible(crisis, found),
    ]


def _event(crisis: Crisis, event: Event) -> str:
    how = "at the start" if event.how == "starting" else "throughout"
    return f"{variable(crisis, event.variable)} is {plain(event.level)}, {how}"


def _impossible(crisis: Crisis, found: Events) -> Content:
    said = [
        f"{variable(crisis, each.variable)} is {plain(each.level)}" for each in found.impossible
    ]
    if not said:
        return None
    return element("p", f"Could not be tried, as it cannot be: {listed(said)}.", class_="note")


# Levers -------------------------------------------------------------------------------------------


def _levers(crisis: Crisis, name: str, found: Levers) -> Content:
    who = called(crisis, found.actor)
    parts = (
        ("own", "What it could do itself, holding to it", found.own),
        ("beliefs", "Others' beliefs, corrected", found.beliefs),
        ("weights", "What others want, shifted", found.weights),
    )
    return [
        element("h4", f"Levers of {who}"),
        element("p", element("strong", found.caveat), " Beside each, what ", who,
                " itself would get by it: a payoff on average, in weight units a day."),
        [_part(crisis, f"levers-{name}-{found.actor}-{key}", title, levers)
         for key, title, levers in parts],
    ]  # fmt: skip


def _part(crisis: Crisis, identifier: str, title: str, levers: Sequence[Lever]) -> Content:
    shown = [each for each in levers if abs(each.effect or 0.0) >= _WORTH_A_BAR][:_MOST_BARS]
    if not shown:
        return element("p", f"{title}: nothing that moves it by half a point.", class_="note")
    rows = [Carried(f"{_lever(crisis, each)} ({_gain(each.gain)})", each.effect or 0.0)
            for each in shown]  # fmt: skip
    return [
        element("p", title, class_="label"),
        _ranked(rows, identifier, title),
        [reasons(crisis, each.because, each.source) for each in shown if each.because],
    ]


def _lever(crisis: Crisis, lever: Lever) -> str:
    if lever.kind == "option":
        return f"{variable(crisis, lever.path)} held at {plain(lever.then)}"
    return f"{in_words(crisis, lever.path)}: {lever.then} instead of {lever.now}"


def _gain(amount: float) -> str:
    return f"{amount:+.2f}".replace("-", "−")


# Bars ---------------------------------------------------------------------------------------------


def _ranked(rows: Sequence[Carried], identifier: str, what: str) -> Markup:
    said = "; ".join(f"{row.label}: {points(row.share)}" for row in rows)
    return figure(
        tornado_chart(rows, width=WIDE),
        identifier,
        f"{what}, in percentage points. {said}.",
        narrow=tornado_chart(rows, width=NARROW),
    )


def _rest(count: int) -> Content:
    if count <= 0:
        return None
    return element("p", f"{counted(count, 'other')} with less.", class_="note")
