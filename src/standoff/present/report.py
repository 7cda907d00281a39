"""The report: one HTML file that says everything an analysis found, and on what grounds.

It opens offline, runs no script, asks nothing of any network, prints, and carries the crisis, the
results and the lineage inside as JSON. The same analysis gives the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeAlias

from standoff.crisis import Crisis
from standoff.present.html import Content, Markup, data_block, element
from standoff.present.json import analysis_data
from standoff.present.report_account import accounts
from standoff.present.report_actors import actors
from standoff.present.report_answers import bottom_line, on_one_scale, over_time
from standoff.present.report_changes import changes
from standoff.present.report_claims import claims
from standoff.present.report_corrections import corrections
from standoff.present.report_expectations import expectations
from standoff.present.report_reading import how_to_read
from standoff.present.report_record import record
from standoff.present.report_red_lines import red_lines
from standoff.present.report_scenarios import scenarios
from standoff.present.report_scores import backtest
from standoff.present.report_setting import explanations, questions, situations, sources
from standoff.present.report_shared import dated
from standoff.present.report_stability import stability
from standoff.present.report_stability_views import mistakes
from standoff.present.report_weighing import weighing_of
from standoff.present.theme import variables
from standoff.present.words import counted
from standoff.study.analysis import Analysis

FILE_NAME = "report.html"
"""What a report is called in a folder."""

_Build: TypeAlias = "Callable[[Analysis], Markup | None]"


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the report.

    Attributes
    ----------
    group
        Under which heading it stands in the contents.
    identifier
        Of the section that ``build`` returns.
    title
        How it is called in the contents: a word or two.
    build
        Returns the section, or None if there is nothing to say: then there is none.
    """

    group: str
    identifier: str
    title: str
    build: _Build


def _of_crisis(build: Callable[[Crisis], Markup | None]) -> _Build:
    """A section that needs the crisis only."""
    return lambda result: build(result.crisis)


PARTS = (
    Part("Answers", "answers", "Bottom line", bottom_line),
    Part("Answers", "scale", "On one scale", on_one_scale),
    Part("Answers", "curves", "Over time", over_time),
    Part("Answers", "scenarios", "Scenarios", scenarios),
    Part("Why", "why", "What carries it", accounts),
    Part("Why", "changes", "What would change it", changes),
    Part("Why", "corrections", "What mistakes cost", corrections),
    Part("Why", "red-lines", "Red lines", red_lines),
    Part("Actors", "actors", "What they do", actors),
    Part("Actors", "stability", "What is stable", stability),
    Part("Actors", "mistakes", "Who is wrong", mistakes),
    Part("Checks", "expectations", "Expectations", expectations),
    Part("Checks", "weighing", "Explanations weighed", weighing_of),
    Part("Checks", "backtest", "Backtest", lambda result: backtest(result.backtest)),
    Part("The file", "claims", "Claims", _of_crisis(claims)),
    Part("The file", "situations", "Situations", _of_crisis(situations)),
    Part("The file", "questions", "Questions", _of_crisis(questions)),
    Part("The file", "explanations", "Explanations", _of_crisis(explanations)),
    Part("The file", "record", "Record", _of_crisis(record)),
    Part("The file", "sources", "Sources", _of_crisis(sources)),
    Part("Reading", "reading", "How to read this", how_to_read),
)
"""Every section, in the order of the page. To add one, add a line."""


def write_report(result: Analysis, folder_or_path: str | os.PathLike[str]) -> Path:
    """Write the report of an analysis.

    Parameters
    ----------
    result
        The analysis.
    folder_or_path
        A file that ends in `.html`, or a folder, which gets a `report.html`. Folders that are
        missing are made.

    Returns
    -------
    Path
        The file that was written.
    """
    path = Path(folder_or_path)
    if path.suffix.lower() not in (".html", ".htm"):
        path /= FILE_NAME
    page = report_html(result)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def report_html(result: Analysis) -> str:
    """Return the report of an analysis as one HTML page."""
    built = [(part, part.build(result)) for part in PARTS]
    present = [(part, content) for part, content in built if content is not None]
    page = element(
        "html",
        _head(result),
        element(
            "body",
            element("a", "Skip to the bottom line", href="#answers", class_="skip"),
            _header(result),
            element(
                "div",
                _contents([part for part, _ in present]),
                element("main", [content for _, content in present]),
                class_="page",
            ),
            _footer(result),
            _data(result),
        ),
        lang="en",
    )
    return f"<!DOCTYPE html>\n{page}\n"


def _head(result: Analysis) -> Markup:
    style = (resources.files(__package__) / "report.css").read_text(encoding="utf-8")
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="generator", content="standoff"),
        element("title", f"{result.crisis.title}: report"),
        element("style", Markup(f"\n{variables()}{style}")),
    )


def _header(result: Analysis) -> Markup:
    crisis = result.crisis
    views = _views(result)
    return element(
        "header",
        element("p", "Conflict analysis", class_="eyebrow"),
        element("h1", crisis.title),
        element("p", crisis.summary, class_="summary") if crisis.summary else None,
        element(
            "p",
            "Every number in this report is computed from the claims listed in it, each with its "
            "source: it says what follows from them, not what will happen.",
            class_="what",
        ),
        element(
            "dl",
            _fact("As of", _as_of(result)),
            _fact("Views", "; ".join(views)) if views else None,
            _fact("Computed", _computed(result)),
            class_="facts",
        ),
    )


def _computed(result: Analysis) -> str:
    settings, shares = result.settings, result.survey.shares
    said = ["at central values, no draws"]
    if result.draws:
        draws = counted(result.draws, "draw")
        said = [f"probabilities with an interval are means over {draws}, all else is at central "
                "values"]  # fmt: skip
    if shares is not None and shares.uncertain:
        said = [said[0].removesuffix(", no draws"),
                f"what is stable also on {counted(shares.draws, 'draw')}"]  # fmt: skip
    if result.outlooks is not None:
        said.append(f"depth {settings.depth}, tau {settings.tau:g}, seed {settings.seed}")
    said.append(counted(result.feasible, "possible state"))
    return "; ".join(said)


def _as_of(result: Analysis) -> str:
    if result.situation is None:
        return "no date; the state that the file gives"
    summary = result.crisis.situations[result.situation].summary
    about = f". {summary}" if summary else ""
    return f"{dated(result.crisis, result.situation)}{about}"


def _views(result: Analysis) -> list[str]:
    """The views that the crisis went through, other than being put in its situation."""
    usual = f"in situation {result.situation}"
    return [view for view in result.survey.stability.crisis.lineage if view != usual]


def _fact(term: str, *said: Content) -> Markup:
    return element("div", element("dt", term), element("dd", said))


def _contents(present: list[Part]) -> Markup:
    """Links to the sections, those that belong together in one line."""
    groups: dict[str, list[Part]] = {}
    for part in present:
        groups.setdefault(part.group, []).append(part)
    return element(
        "nav",
        element(
            "ul",
            [
                element(
                    "li",
                    element("span", group),
                    element("ul", [element("li", element("a", each.title,
                                                         href=f"#{each.identifier}"))
                                   for each in parts]),
                )
                for group, parts in groups.items()
            ],
        ),
        aria_label="Contents",
    )  # fmt: skip


def _footer(result: Analysis) -> Markup:
    return element(
        "footer",
        element("p", f"standoff. Crisis {result.crisis.digest[:12]}."),
    )


def _data(result: Analysis) -> Content:
    return [
        data_block(result.crisis.data(), "standoff-crisis"),
        "\n",
        data_block(analysis_data(result), "standoff-results"),
        "\n",
        data_block(
            {
                "crisis": list(result.crisis.lineage),
                "stability": list(result.survey.stability.graph.lineage),
                "outlooks": [] if result.outlooks is None else list(result.outlooks.lineage),
                "questions": {name: list(each.lineage) for name, each in result.forecasts.items()},
            },
            "standoff-lineage",
        ),
    ]
