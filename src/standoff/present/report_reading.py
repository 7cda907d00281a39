"""How to read the report: what the words mean, how the numbers come about, what they are not."""

from __future__ import annotations

from standoff.crisis.likelihood import ICD_203
from standoff.present.html import Content, Markup, element
from standoff.present.report_shared import section
from standoff.present.words import counted, span
from standoff.study.analysis import Analysis


def how_to_read(result: Analysis) -> Markup:
    """Return the section that explains the others."""
    return section(
        "reading",
        "How to read this",
        _likelihoods() if result.outlooks is not None else None,
        element("h3", "Where the numbers come from"),
        element(
            "ul",
            [element("li", element("strong", f"{term}. "), text) for term, text in _terms(result)],
            class_="plain",
        ),
        element("h3", "What the numbers are not"),
        element(
            "ul",
            [element("li", text) for text in _limits(result)],
            class_="plain",
        ),
        element(
            "p",
            _settings(result) if result.outlooks is not None else None,
            "The crisis, the results and the lineage are inside this file as JSON "
            "(the elements standoff-crisis, standoff-results and standoff-lineage).",
            class_="note",
        ),
    )


def _likelihoods() -> Content:
    return [
        element("h3", "Words and numbers"),
        element(
            "p",
            "Likelihood words are those of Intelligence Community Directive 203, and the number "
            "always stands beside the word. Below 1% and above 99% only the bound is given; 0% and "
            "100% stand only where nothing else is possible.",
        ),
        _words(),
    ]


def _settings(result: Analysis) -> str:
    settings = result.settings
    return (
        f"Depth {settings.depth}, tau {settings.tau:g}, seed {settings.seed}, "
        f"{counted(settings.paths, 'trajectory', 'trajectories')} where a probability is "
        "estimated. "
    )


def _limits(result: Analysis) -> list[str]:
    forecast = result.outlooks is not None
    known = [
        "They are not about the world, but about the crisis as it is written down. If a claim is "
        "wrong or missing, the numbers are off, and nothing here shows by how much.",
        "They say nothing about how much confidence the sources deserve. The Admiralty code "
        "beside each claim does.",
    ]
    if result.draws:
        known.insert(
            1,
            "An interval says what the ranges and doubts that the file states leave open. It says "
            "nothing of doubts that it does not state: the world may well end up outside.",
        )
    elif forecast:
        known.insert(
            1,
            "Probabilities carry no interval: nothing was drawn from the ranges that the file "
            "gives. A close call may go the other way within those ranges.",
        )
    return known


def _words() -> Markup:
    return element(
        "table",
        element("caption", "Likelihood words"),
        element(
            "thead",
            element("tr", [element("th", name, scope="col") for name in ("Word", "Probability")]),
        ),
        element(
            "tbody",
            [
                element("tr", element("th", word, scope="row"), element("td", _range(low, high)))
                for word, _, low, high in ICD_203
            ],
        ),
        class_="words",
    )


def _range(low: float, high: float) -> str:
    if low <= ICD_203[0][2]:
        return f"below {high:.0%}"
    if high >= ICD_203[-1][3]:
        return f"{low:.0%} and more"
    return f"{low:.0%} to below {high:.0%}"


def _terms(result: Analysis) -> list[tuple[str, str]]:
    settings, outlooks = result.settings, result.outlooks
    central = (
        "Every range in the file is taken at its midpoint, and every claim as true that is "
        "at least as likely true as not."
    )
    size = (
        f"{counted(result.states, 'combination')} of levels, {result.feasible:,} of them possible"
    )
    stable = (
        "A state is stable for an actor if it would not leave it; it is an equilibrium if no actor "
        "would. What an actor reckons with before it leaves is the concept (Nash, SEQ and so on). "
        "It needs no probabilities, only what each actor prefers."
    )
    known = [("Central", central), ("Stable", stable)]
    if outlooks is None:
        return [*known, ("Size", f"{size}.")]
    follows = "What is said to be at central values follows then."
    if not result.draws:
        follows = "Each probability is the one that follows then."
    known[0] = ("Central", f"{central} {follows}")
    return [
        *known,
        *_drawn(result),
        *_explained(result),
        (
            "Decisions",
            "Actors decide at random times, as often as the file says, and mostly pick what "
            "serves them better; the more is at stake, the rarer the mistake.",
        ),
        (
            "Depth",
            f"Each actor thinks {counted(settings.depth, 'step')} ahead about what the others "
            "think, and expects the others to think less far "
            f"(on average {settings.tau:g} steps, a value that fits experiments). At depth 0 "
            "nobody moves.",
        ),
        (
            "As an actor believes",
            "The same computation in a crisis in which that actor's beliefs are true and known "
            "to all.",
        ),
        (
            "Exactness",
            "Probabilities are computed, not simulated, except where a standard error is given.",
        ),
        ("Size", f"{size}; the outlook is {span(outlooks.days)} ahead."),
    ]


def _drawn(result: Analysis) -> list[tuple[str, str]]:
    """What draws are, if there were any."""
    if not result.draws:
        return []
    said = (
        "A draw takes one value from every range in the file and decides for every claim that may "
        f"not hold whether it does; then everything is computed anew. {result.draws:,} draws, "
        f"seed {result.settings.seed}, cover the ranges evenly. A probability is the mean over "
        "them; the interval is from their 5th to their 95th percentile. More draws narrow the "
        "error of the mean (±), not the interval."
    )
    return [("Draws", said)]


def _explained(result: Analysis) -> list[tuple[str, str]]:
    """What it is to carry an answer, if one was explained."""
    if not result.accounts:
        return []
    said = (
        "The answer with all claims is compared with that without any, and the difference shared "
        "out: each claim or passage gets what it adds on average when they are put in one after "
        "the other (its Shapley value). The shares add up to the difference."
    )
    return [("What carries an answer", said)]
