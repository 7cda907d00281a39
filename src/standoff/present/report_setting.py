"""The rest of the file: situations, questions, explanations, and the sources."""

from __future__ import annotations

from standoff.crisis import Crisis, Question, Source
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import levels, statement
from standoff.present.report_claims import folded, patch
from standoff.present.report_shared import (
    CREDIBILITY,
    RELIABILITY,
    code,
    dated,
    grade,
    reasons,
    section,
)


def situations(crisis: Crisis) -> Markup | None:
    """Return the dates that questions start from, and what is different at each."""
    if not crisis.situations:
        return None
    return section(
        "situations",
        "The situations",
        element("p", "Where questions start, and what is claimed to be different then."),
        [
            folded(
                dated(crisis, name),
                element("p", each.summary) if each.summary else None,
                reasons(crisis, each.because, each.source) if each.because or each.source else None,
                element("p", f"At the start {levels(crisis, each.state)}.") if each.state else None,
                [element("h4", "What is different"), patch(crisis, each.with_)]
                if each.with_
                else element("p", "Nothing else is different.", class_="note"),
                identifier=f"situation-{name}",
            )
            for name, each in crisis.situations.items()
        ],
    )


def questions(crisis: Crisis) -> Markup | None:
    """Return every question as it is asked, with what it means in the model."""
    if not crisis.questions:
        return None
    return section(
        "questions",
        "The questions in full",
        element(
            "ul",
            [
                element(
                    "li",
                    element("p", each.asks, class_="asks"),
                    element("p", "Yes if ", _meaning(crisis, each), class_="claim"),
                    element("p", "Resolves: ", each.resolves, class_="because")
                    if each.resolves
                    else None,
                    reasons(crisis, each.because, each.source)
                    if each.because or each.source
                    else None,
                    id=f"question-{name}",
                )
                for name, each in crisis.questions.items()
            ],
            class_="claims",
        ),
    )


def _meaning(crisis: Crisis, question: Question) -> Content:
    event = [statement(crisis, question.event), " ", code(question.event)]
    time = str(question.horizon)
    match question.form:
        case "at":
            return [event, f" after {time}."]
        case "throughout":
            return [event, f" all the time for {time}."]
        case "until":
            goal = question.until or "true"
            return [event, " stays so until ", statement(crisis, goal), " ", code(goal),
                    f", within {time}."]  # fmt: skip
        case "lasting":
            return [event, f" becomes so within {time} and stays so for {question.lasting}."]
        case _:
            return [event, f" at any time within {time}."]


def explanations(crisis: Crisis) -> Markup | None:
    """Return the rival versions of the crisis."""
    if not crisis.explanations:
        return None
    return section(
        "explanations",
        "Rival explanations",
        element("p", "Other versions of the crisis, which its record may speak for or against."),
        [
            folded(
                each.asks,
                reasons(crisis, each.because, each.source) if each.because or each.source else None,
                patch(crisis, each.with_),
            )
            for each in crisis.explanations.values()
        ],
    )


def sources(crisis: Crisis) -> Markup:
    """Return where the claims come from, and how far each source is to be trusted."""
    if not crisis.sources:
        return section("sources", "The sources", element("p", "The crisis names no sources."))
    return section(
        "sources",
        "The sources",
        element(
            "ul",
            [_source(name, each) for name, each in crisis.sources.items()],
            class_="claims",
        ),
    )


def _source(name: str, source: Source) -> Markup:
    about = [source.author, source.publisher, source.published, source.url, source.file]
    trust = []
    if source.reliability:
        trust.append(f"{source.reliability}, {RELIABILITY[source.reliability]}")
    if source.credibility:
        trust.append(f"{source.credibility}, {CREDIBILITY[source.credibility]}")
    return element(
        "li",
        element(
            "p",
            element("strong", source.title),
            " ",
            code(name),
            [" ", element("span", source.mark, class_="warned")] if source.mark else None,
            class_="claim",
        ),
        element("p", ". ".join(each for each in about if each), class_="because"),
        element("p", source.note, class_="because") if source.note else None,
        element(
            "p",
            [element("span", grade(source), class_="grade"), f" {'; '.join(trust)}"]
            if trust
            else "Not graded",
            class_="cite",
        ),
        id=f"source-{name}",
    )
