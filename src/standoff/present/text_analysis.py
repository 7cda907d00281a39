"""The whole analysis as the screen that an analyst would show a colleague."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType

from standoff.game.compile import why_no_forecast
from standoff.present.text import QUIET, as_text, heading, line, stacked
from standoff.present.text_analysis_record import record_text
from standoff.present.text_crisis import title
from standoff.present.text_forecast import bottom_line, settings_line
from standoff.present.text_more import accounts_text, scenarios_text
from standoff.present.text_stability import first_sentence, start_sentence
from standoff.present.text_stability_equilibria import equilibria_text
from standoff.present.text_stability_views import mistakes_in_short, situations_text
from standoff.present.wording import percent
from standoff.present.words import counted, listed, span
from standoff.study.analysis import Analysis
from standoff.study.outlook import Outlooks
from standoff.study.robustness import Robustness
from standoff.study.stability import explain_state
from standoff.study.survey import Mistakes, Survey

ROBUST = 0.9
"""An expectation that holds in fewer draws is named."""

MOST_EQUILIBRIA = 5
"""Equilibria that are shown; `standoff stability` shows more of each."""


@as_text.register
def _(result: Analysis) -> RenderableType:
    """Everything that `standoff run` computed."""
    return stacked(
        [
            *_header(result),
            heading("Bottom line"),
            *_bottom_line(result),
            *accounts_text(result),
            *scenarios_text(result),
            heading("What would last"),
            *_stability(result),
            *_forecast_parts(result),
            heading("What the assessment expects"),
            *_expectations(result),
            *record_text(result),
        ]
    )


def _header(result: Analysis) -> Iterator[RenderableType]:
    yield title(result.crisis)
    date = _date(result)
    yield line("")
    sizes = f"{counted(result.feasible, 'possible state')}"
    yield line(f"As of {date}; {sizes}." if date else f"{sizes}.")
    if views := _views(result):
        yield line(f"Views: {'; '.join(views)}.")
    if result.outlooks is not None:
        yield settings_line(result.settings, result.draws)


def _views(result: Analysis) -> list[str]:
    lineage = result.survey.stability.crisis.lineage
    return [view for view in lineage if view != f"in situation {result.situation}"]


def _bottom_line(result: Analysis) -> Iterator[RenderableType]:
    if reason := why_no_forecast(result.crisis):
        yield line(f"There is no forecast: {reason}. What would last can be told:")
        yield line(first_sentence(result.survey))
    elif result.forecasts:
        yield bottom_line(result.crisis, result.forecasts)
    else:
        yield line("The crisis asks no question.")


def _stability(result: Analysis) -> Iterator[RenderableType]:
    survey = result.survey
    held = any(condition.changes for condition in result.crisis.conditions.values())
    if result.outlooks is not None:
        yield line(first_sentence(survey))
        yield line("")
    now = result.situations.get(result.situation or "")
    if now is not None and now.perceptions.truth.conditions == "running":
        yield from _running(survey, now)
        yield line("")
    yield line(
        f"Judged by {survey.concept}{', conditions held' if held else ''}; more of each with "
        "`standoff stability`.",
        style=QUIET,
    )
    yield from equilibria_text(survey, MOST_EQUILIBRIA, 0)
    if result.situations:
        yield line("")
        yield from situations_text(result.crisis, result.situations)
    elif survey.mistakes is not None:
        yield line("")
        yield line(mistakes_in_short(survey.mistakes))


def _running(survey: Survey, now: Mistakes) -> Iterator[RenderableType]:
    """Say whether the same start lasts where conditions run."""
    held = start_sentence(survey.stability, survey.start, survey.concept, survey.mistakes)
    truth = now.perceptions.truth
    running = start_sentence(truth, explain_state(truth, truth.start), now.concept, now)
    if running == held:
        yield line(
            "That is with conditions held as they are; with conditions running it is so too."
        )
    else:
        yield line("That is with conditions held as they are. With conditions running, so that "
                   "what a move brings about in time counts:")  # fmt: skip
        yield line(running)


def _forecast_parts(result: Analysis) -> Iterator[RenderableType]:
    """What only a crisis has in which every actor weighs what it wants."""
    if result.outlooks is None:
        return
    yield heading("What each actor is about to do")
    yield from _outlook(result, result.outlooks)
    yield heading("What every red line does")
    yield from _red_lines(result)


def _date(result: Analysis) -> str:
    if result.situation is None:
        return ""
    return f"{result.crisis.situations[result.situation].as_of} ({result.situation})"


def _outlook(result: Analysis, outlooks: Outlooks) -> Iterator[RenderableType]:
    date = _date(result)
    since = f"From {date}. What" if date else "What"
    yield line(
        f"{since} each does at its next decision if nothing else changes first, and how its "
        f"options stand in {span(outlooks.days)}. What another actor believes of it follows "
        "where that is at least 5 points away."
    )
    yield as_text(outlooks, crisis=result.crisis)


def _red_lines(result: Analysis) -> Iterator[RenderableType]:
    crisis = result.crisis
    if not any(actor.red_lines for actor in crisis.actors.values()):
        yield line("The crisis has no red lines.")
        return
    if not result.effects:
        yield line("No question starts there that could be asked again without them.")
        return
    asked = counted(len(result.effects[0].with_it), "question")
    date = _date(result)
    since = f" from {date}" if date else ""
    yield line(
        f"Each is left out in turn, and {asked}{since} asked again; shown is the question that it "
        "moves most."
    )
    for effect in result.effects:
        yield line("")
        yield as_text(effect, crisis=crisis)


def _expectations(result: Analysis) -> Iterator[RenderableType]:
    verdicts = result.verdicts.values()
    if left := len(result.crisis.expects) - len(verdicts):
        asks = "asks" if left == 1 else "ask"
        yield line(f"{counted(left, 'expectation')} {asks} for a forecast and could not be tried.")
    if not verdicts:
        if not left:
            yield line("The crisis states no expectations to test it by.")
        return
    views = (
        "" if not _views(result) else " Tried on the crisis as it is in the file, without views."
    )
    yield line(tally(sum(verdict.holds for verdict in verdicts), len(verdicts)) + views)
    if robust := least_robust(result.robustness):
        yield line(robust)
    for verdict in verdicts:
        if not verdict.holds:
            yield line("")
            yield as_text(verdict, crisis=result.crisis)


def tally(held: int, known: int) -> str:
    """Say how many expectations hold."""
    if held == known:
        return f"All {known} hold." if known > 1 else "The one expectation holds."
    verb = "holds" if held == 1 else "hold"
    return f"{held} of {known} {verb}; {known - held} {'does' if known - held == 1 else 'do'} not."


def least_robust(found: Mapping[str, Robustness]) -> str:
    """Say which expectations hold in the fewest draws; empty if there are no draws."""
    shares = sorted(
        ((each.share, name) for name, each in found.items() if each.share is not None),
        key=lambda pair: pair[0],
    )
    if not shares:
        return ""
    draws = counted(next(iter(found.values())).draws, "draw")
    weak = [f"{name} {percent(share)}" for share, name in shares if share < ROBUST]
    if not weak:
        return f"Over {draws}, each holds in {percent(shares[0][0])} or more."
    rest = f"; every other in {ROBUST:.0%} or more" if len(weak) < len(shares) else ""
    return f"Share of {draws} in which they hold: {listed(weak)}{rest}."
