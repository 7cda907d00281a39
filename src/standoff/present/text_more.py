"""What the screen of `standoff run` says beyond the answers: what they rest on, and scenarios."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.present.account_words import at_central
from standoff.present.in_words import plain, variable
from standoff.present.scenario_words import limit_in_words, why_so_many
from standoff.present.text import INDENT, QUIET, heading, line
from standoff.present.text_account import carries, tipping_points
from standoff.present.text_changes import HARDLY, change_in_words
from standoff.present.wording import likely, percent, points, said
from standoff.present.words import clean, counted, listed
from standoff.study.account import Account
from standoff.study.analysis import Analysis, WhatIf
from standoff.study.scenario_names import label_of
from standoff.study.scenarios import Outcome, Scenario, Scenarios

_MOST_SHARES = 5
_MOST_EVENTS = 5
_MOST_OUTCOMES = 3
_MOST_STEPS = 5


def accounts_text(result: Analysis) -> Iterator[RenderableType]:
    """Yield what the answers that were to be explained rest on."""
    for name, account in result.accounts.items():
        yield heading("What carries the answer")
        yield from _carries(account, result.crisis)
        yield heading("What would change it")
        yield from tipping_points(account, result.crisis)
        if name in result.what_if:
            yield from _otherwise(result.what_if[name], result.crisis)


def _otherwise(found: WhatIf, crisis: Crisis) -> Iterator[RenderableType]:
    """The smallest change, and what other levels would do to the answer."""
    smallest = found.smallest
    if smallest is not None and smallest.sets:
        goal = "below" if smallest.central >= smallest.threshold else "to"
        made = [change_in_words(crisis, change) for change in smallest.sets[0].changes]
        yield line("")
        yield line(
            f"The least that takes it {goal} {smallest.threshold:.0%}: {listed(made)}, then "
            f"{likely(smallest.sets[0].chance)}."
        )
    telling = [each for each in found.events.events
               if not each.asked_about and abs(each.effect) >= HARDLY]  # fmt: skip
    if not telling:
        return
    yield line("")
    yield line("If something were otherwise, at the start alone or throughout:")
    yield line("")
    for event in telling[:_MOST_EVENTS]:
        how = "at the start" if event.how == "starting" else "throughout"
        what = f"{variable(crisis, event.variable)} is {plain(event.level)} {how}"
        yield line(f"{points(event.effect)}  {what}: {likely(event.chance)}", INDENT)
    yield line("")
    yield line("More of each with `standoff explain`, and in the report.", style=QUIET)


def _carries(account: Account, crisis: Crisis) -> Iterator[RenderableType]:
    answer = said(account.forecast)
    yield line(f"{clean(account.forecast.asks)} {answer[0].upper()}{answer[1:]}.", style="bold")
    if central := at_central(account):
        yield line(central)
    yield from carries(account, crisis, _MOST_SHARES)


def scenarios_text(result: Analysis) -> Iterator[RenderableType]:
    """Yield a paragraph for each kind of outcome."""
    found = result.scenarios
    if found is None:
        if any(each.spread is not None and each.situation == result.situation
               for each in result.forecasts.values()):  # fmt: skip
            yield line("")
            yield line(
                "Scenarios were not looked for: they need scikit-learn, which pip install "
                "'standoff[explore]' brings.",
                style=QUIET,
            )
        return
    yield heading("Scenarios")
    yield line(
        f"{counted(found.draws, 'draw')} of {counted(found.numbers, 'uncertain number')}, put "
        f"together by what they answer. {why_so_many(found)}"
    )
    if len(found.scenarios) < 2:
        return
    for number, each in enumerate(found.scenarios, 1):
        yield line("")
        yield line(f"{number}. {each.name}: {percent(each.share)} of the draws", style="bold")
        yield line(_paragraph(found, each, result.crisis), INDENT)
    yield line("")
    yield line("More of each with `standoff scenarios`, and in the report.", style=QUIET)


def _paragraph(found: Scenarios, scenario: Scenario, crisis: Crisis) -> str:
    answers = {each.question: each for each in scenario.outcomes}
    told = [_answer(answers[name], crisis) for name in scenario.telling[:_MOST_OUTCOMES]]
    sentences = [f"{'; '.join(told)}."] if told else []
    if scenario.separated:
        rules = [
            listed(clean(limit_in_words(crisis, limit)) for limit in rule.limits)
            for rule in scenario.rules
        ]
        density = percent(scenario.density or 0.0)
        sentences.append(
            f"Where {'; or where '.join(rules)} (density {density}, coverage "
            f"{percent(scenario.coverage)})."
        )
    else:
        sentences.append("No claim or range tells it from the other draws.")
    story = scenario.story
    steps = () if story is None else (*story.steps, *story.besides)
    if steps:
        told = [
            f"{variable(crisis, step.variable)} becomes {plain(step.level)} (day {step.day:.0f})"
            for step in steps[:_MOST_STEPS]
        ]
        sentences.append(f"Typically {listed(told)}.")
    return " ".join(sentences)


def _answer(outcome: Outcome, crisis: Crisis) -> str:
    return f"{label_of(crisis, outcome.question)} {likely(outcome.probability)}"
