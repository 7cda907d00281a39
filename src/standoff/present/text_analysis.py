"""The whole analysis as the screen that an analyst would show a colleague."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from standoff.present.text import as_text, heading, line, stacked
from standoff.present.text_crisis import title
from standoff.present.text_forecast import bottom_line, settings_line
from standoff.present.words import counted, span
from standoff.study.analysis import Analysis


@as_text.register
def _(result: Analysis) -> RenderableType:
    """Everything that `standoff run` computed."""
    return stacked(
        [
            *_header(result),
            heading("Bottom line"),
            bottom_line(result.crisis, result.forecasts)
            if result.forecasts
            else line("The crisis asks no question."),
            heading("What each actor is about to do"),
            *_outlook(result),
            heading("What every red line does"),
            *_red_lines(result),
            heading("What the assessment expects"),
            *_expectations(result),
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
    yield settings_line(result.settings)


def _views(result: Analysis) -> list[str]:
    return [view for view in result.outlooks.lineage if view != f"in situation {result.situation}"]


def _date(result: Analysis) -> str:
    if result.situation is None:
        return ""
    return f"{result.crisis.situations[result.situation].as_of} ({result.situation})"


def _outlook(result: Analysis) -> Iterator[RenderableType]:
    date = _date(result)
    since = f"From {date}. What" if date else "What"
    yield line(
        f"{since} each does at its next decision if nothing else changes first, and how its "
        f"options stand in {span(result.outlooks.days)}. What another actor believes of it follows "
        "where that is at least 5 points away."
    )
    yield as_text(result.outlooks, crisis=result.crisis)


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
    if not verdicts:
        yield line("The crisis states no expectations to test it by.")
        return
    views = (
        "" if not _views(result) else " Tried on the crisis as it is in the file, without views."
    )
    yield line(tally(sum(verdict.holds for verdict in verdicts), len(verdicts)) + views)
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
