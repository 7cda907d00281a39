"""Whether the crisis says what its assessment concluded."""

from __future__ import annotations

from standoff.crisis import Expectation, Side
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import side
from standoff.present.report_shared import chance, reasons, section
from standoff.study.analysis import Analysis
from standoff.study.expectations import Verdict


def expectations(result: Analysis) -> Markup:
    """Return every expectation, those that do not hold first."""
    title = "What the assessment expects"
    verdicts = sorted(result.verdicts.values(), key=lambda verdict: verdict.holds)
    if not verdicts:
        return section("expectations", title, element("p", "The crisis states no expectations."))
    held = sum(verdict.holds for verdict in verdicts)
    return section(
        "expectations",
        title,
        element(
            "p",
            "The assessment's own conclusions, as tests of the claims it makes: do they follow? ",
            element("strong", f"{held} of {len(verdicts)} hold."),
        ),
        element("ul", [_verdict(result, each) for each in verdicts], class_="verdicts"),
    )


def _verdict(result: Analysis, verdict: Verdict) -> Markup:
    expected = result.crisis.expects[verdict.name]
    badge = element(
        "span",
        "Holds" if verdict.holds else "Does not hold",
        class_="badge holds" if verdict.holds else "badge fails",
    )
    return element(
        "li",
        element("p", badge, " ", element("span", verdict.claim, class_="asks")),
        element("dl", _numbers(result, expected, verdict)),
        reasons(result.crisis, expected.because, expected.source),
        id=f"expects-{verdict.name}",
        class_="card",
    )


def _numbers(result: Analysis, expected: Expectation, verdict: Verdict) -> Content:
    if verdict.chance is not None and expected.chance is not None:
        bounds = [
            f"at {word} {100 * bound:g}%"
            for word, bound in (("least", verdict.at_least), ("most", verdict.at_most))
            if bound is not None
        ]
        return [
            _side(result, "The chance", expected.chance, verdict.chance),
            _entry("Should be", " and ".join(bounds)),
        ]
    more, than = verdict.more_likely, verdict.than
    if expected.more_likely is None or expected.than is None or more is None or than is None:
        return None
    return [
        _side(result, "More likely", expected.more_likely, more),
        _side(result, "Than", expected.than, than),
        _entry("By at least", verdict.by) if verdict.by else None,
    ]


def _side(result: Analysis, term: str, asked: Side, probability: float) -> Markup:
    question = result.crisis.questions[asked.question].asks
    changed = ", ".join(side(result.crisis, asked)) or "as it is"
    return _entry(
        term, question, " ", element("span", changed, class_="by"), ": ", chance(probability)
    )


def _entry(term: str, *said: Content) -> Markup:
    return element("div", element("dt", term), element("dd", said))
