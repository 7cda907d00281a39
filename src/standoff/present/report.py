"""The report: one HTML file that says everything an analysis found, and on what grounds.

It opens offline, runs no script, asks nothing of any network, prints, and carries the crisis, the
results and the lineage inside as JSON. The same analysis gives the same bytes.
"""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path

from standoff.present.html import Content, Markup, data_block, element
from standoff.present.json import analysis_data
from standoff.present.report_actors import actors
from standoff.present.report_answers import bottom_line, on_one_scale, over_time
from standoff.present.report_claims import claims
from standoff.present.report_expectations import expectations
from standoff.present.report_reading import how_to_read
from standoff.present.report_red_lines import red_lines
from standoff.present.report_setting import explanations, questions, record, situations, sources
from standoff.present.report_shared import dated
from standoff.present.report_stability import stability
from standoff.present.report_stability_views import mistakes
from standoff.present.theme import variables
from standoff.present.words import counted
from standoff.study.analysis import Analysis

FILE_NAME = "report.html"
"""What a report is called in a folder."""

_CONTENTS = {
    "answers": "Bottom line",
    "scale": "On one scale",
    "curves": "Over time",
    "stability": "What is stable",
    "mistakes": "Who is wrong",
    "actors": "Actors",
    "red-lines": "Red lines",
    "expectations": "Expectations",
    "claims": "Claims",
    "situations": "Situations",
    "questions": "Questions",
    "explanations": "Explanations",
    "record": "Record",
    "sources": "Sources",
    "reading": "How to read this",
}


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
    sections = {
        "answers": bottom_line(result),
        "scale": on_one_scale(result),
        "curves": over_time(result),
        "stability": stability(result),
        "mistakes": mistakes(result),
        "actors": actors(result),
        "red-lines": red_lines(result),
        "expectations": expectations(result),
        "claims": claims(result.crisis),
        "situations": situations(result.crisis),
        "questions": questions(result.crisis),
        "explanations": explanations(result.crisis),
        "record": record(result.crisis),
        "sources": sources(result.crisis),
        "reading": how_to_read(result),
    }
    present = [name for name, content in sections.items() if content is not None]
    page = element(
        "html",
        _head(result),
        element(
            "body",
            element("a", "Skip to the bottom line", href="#answers", class_="skip"),
            _header(result),
            element(
                "div",
                _contents(present),
                element("main", [sections[name] for name in present]),
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
    if shares is not None and shares.uncertain:
        said = [f"at central values; what is stable also on {counted(shares.draws, 'draw')}"]
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


def _contents(present: list[str]) -> Markup:
    links = [element("li", element("a", _CONTENTS[name], href=f"#{name}")) for name in present]
    return element("nav", element("ul", links), aria_label="Contents")


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
