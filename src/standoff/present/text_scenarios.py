"""Scenarios as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.present.in_words import plain, variable
from standoff.present.scenario_words import computed_with, limit_in_words, when, why_so_many
from standoff.present.text import INDENT, QUIET, as_text, heading, line, stacked
from standoff.present.wording import likely, percent
from standoff.present.words import clean, counted, listed, span
from standoff.study.scenario_names import label_of
from standoff.study.scenarios import Outcome, Rule, Scenario, Scenarios
from standoff.study.stories import Step, Story

_QUESTIONS = 4

MANY = 1024


@as_text.register
def _(result: Scenarios, *, crisis: Crisis) -> RenderableType:
    """Every scenario: what it answers, what separates it, its story."""
    parts: list[RenderableType] = [heading("Scenarios"), line(_introduction(result))]
    if result.lineage:
        parts.append(line(f"Asked {'; '.join(result.lineage)}.", style=QUIET))
    for number, scenario in enumerate(result.scenarios, 1):
        parts += [line(""), *_scenario(result, scenario, number, crisis)]
    parts += [line(""), *(line(note, style=QUIET) for note in notes(result))]
    return stacked(parts)


def _introduction(result: Scenarios) -> str:
    answers = counted(len(result.questions), "question")
    return (
        f"{counted(result.draws, 'draw')} of {counted(result.numbers, 'uncertain number')}, "
        f"grouped by what they answer to {answers}. {why_so_many(result)}"
    )


def _scenario(
    result: Scenarios, scenario: Scenario, number: int, crisis: Crisis
) -> Iterator[RenderableType]:
    draws = f"{len(scenario.draws)} of {counted(result.draws, 'draw')} ({scenario.share:.0%})"
    yield line(f"{number}. {_upper(scenario.name)}: {draws}", style="bold")
    answers = {each.question: each for each in scenario.outcomes}
    for question in scenario.telling or result.questions[:_QUESTIONS]:
        yield line(outcome_in_words(answers[question], crisis), 2 * INDENT)
    yield from _rules(scenario, crisis)
    if scenario.story is not None:
        yield from _story(scenario.story, crisis)


def outcome_in_words(outcome: Outcome, crisis: Crisis) -> str:
    """Return what a scenario answers to one question, and the other draws."""
    question = crisis.questions[outcome.question]
    told = f"{label_of(crisis, outcome.question)}, {span(question.horizon.central)}: "
    told += likely(outcome.probability, interval=outcome.interval)
    return told if outcome.otherwise is None else f"{told}; otherwise {likely(outcome.otherwise)}"


def _rules(scenario: Scenario, crisis: Crisis) -> Iterator[RenderableType]:
    if not scenario.rules:
        return
    if not scenario.separated:
        found = "no draws lie inside the best one found"
        if scenario.density is not None:
            found = (
                f"the best found have a density of {percent(scenario.density)} and a coverage of "
                f"{percent(scenario.coverage)}, where {percent(scenario.share)} of all draws belong"
            )
        yield line(f"No rule tells it from the others: {found}.", 2 * INDENT)
        return
    yield line("Where" if len(scenario.rules) == 1 else "Where one of these is so:", 2 * INDENT)
    for rule in scenario.rules:
        limits = [limit_in_words(crisis, each) for each in rule.limits]
        yield line(f"{listed(limits)}: {rule_in_words(rule)}", 3 * INDENT)
    if len(scenario.rules) > 1:
        density = 0.0 if scenario.density is None else scenario.density
        yield line(
            f"Together: density {percent(density)}, coverage {percent(scenario.coverage)}.",
            2 * INDENT,
        )


def rule_in_words(rule: Rule) -> str:
    """Return how good a rule is."""
    if rule.density is None:
        return "no draws are inside"
    return f"density {percent(rule.density)}, coverage {percent(rule.coverage)}"


def notes(result: Scenarios) -> Iterator[str]:
    """Yield what the numbers are, and how they were computed."""
    yield (
        f"{computed_with(result.settings)} Probabilities are means over the draws of a scenario, "
        "with their 5th and 95th percentile, and otherwise over all other draws."
    )
    if any(scenario.story is not None for scenario in result.scenarios):
        yield (
            "Days are the median, and in brackets those between which half of the cases lie; "
            "trajectories are those of the most typical draws."
        )
    if result.measured is None:
        return
    how = (
        "on a third of the draws, held out when the rules were found."
        if result.measured == "held out"
        else "by cross-validation: each rule is found again without a fifth of the draws and tried "
        "on that fifth."
    )
    yield (
        "Density is the share of the draws inside a rule that belong to the scenario, coverage the "
        f"share of the scenario's draws that are inside; both are measured {how}"
    )
    if not all(scenario.separated for scenario in result.scenarios) and result.draws < MANY:
        yield "More draws may find rules where these find none."


def _story(story: Story, crisis: Crisis) -> Iterator[RenderableType]:
    sampled = counted(story.trajectories, "trajectory", "trajectories")
    within = f"of {sampled} of {span(story.days)}"
    if story.steps:
        yield line(f"What happens in most {within}:", 2 * INDENT)
        yield from (line(step_in_words(step, crisis), 3 * INDENT) for step in story.steps)
    else:
        yield line(f"Nothing changes in most {within}.", 2 * INDENT)
    if story.besides:
        yield line("What happens more often than in the others:", 2 * INDENT)
        yield from (line(step_in_words(step, crisis), 3 * INDENT) for step in story.besides)


def step_in_words(step: Step, crisis: Crisis) -> str:
    """Return when something changes, what, and in how many trajectories."""
    what = f"{variable(crisis, step.variable)} becomes {plain(step.level)}"
    share = percent(step.share, estimated=True)
    return f"{when(step.day, step.early, step.late)}: {clean(what)}, in {share}"


def _upper(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
