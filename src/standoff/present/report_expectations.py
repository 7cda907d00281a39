"""Whether the crisis says what its assessment concluded."""

from __future__ import annotations

from standoff.crisis import Expectation, Side, Standing
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import pattern, side
from standoff.present.report_shared import bar, chance, reasons, section
from standoff.present.report_stability_words import names_of
from standoff.present.wording import percent
from standoff.present.words import called, counted, listed
from standoff.study.analysis import Analysis
from standoff.study.expectations import Verdict


def expectations(result: Analysis) -> Markup:
    """Return every expectation, those that do not hold first."""
    title = "What the assessment expects"
    verdicts = sorted(result.verdicts.values(), key=lambda verdict: verdict.holds)
    if not result.crisis.expects:
        return section("expectations", title, element("p", "The crisis states no expectations."))
    unchecked = len(result.crisis.expects) - len(verdicts)
    held = sum(verdict.holds for verdict in verdicts)
    return section(
        "expectations",
        title,
        element(
            "p",
            "The assessment's own conclusions, as tests of the claims it makes: do they follow? ",
            element("strong", f"{held} of {len(verdicts)} hold."),
            f" {counted(unchecked, 'expectation')} about probabilities cannot be checked, as there "
            "is no forecast."
            if unchecked
            else None,
            " All numbers are at central values." if result.draws else None,
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
        element("dl", _numbers(result, expected, verdict), _robust(result, verdict.name)),
        reasons(result.crisis, expected.because, expected.source),
        id=f"expects-{verdict.name}",
        class_="card",
    )


def _robust(result: Analysis, name: str) -> Content:
    """In what share of draws it holds, if that is known."""
    found = result.robustness.get(name)
    if found is None:
        return None
    if found.share is None:
        return _entry("In draws", f"not known: {found.why_not}")
    if found.error == 0:
        return _entry("In draws", "the same in all, as nothing that it asks about is uncertain")
    error = "" if found.error is None else f" (± {100 * found.error:.0f} points)"
    return _entry(
        "In draws",
        bar(found.share),
        f"holds in {percent(found.share)} of {counted(found.draws, 'draw')}{error}",
    )


def _numbers(result: Analysis, expected: Expectation, verdict: Verdict) -> Content:
    if verdict.form is not None:
        return _standing(result, getattr(expected, verdict.form), verdict)
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


def _standing(result: Analysis, expected: Standing, verdict: Verdict) -> Content:
    """What should be stable or not, for whom, and what speaks against it."""
    crisis = result.crisis
    terms = {"equilibria": "Equilibria", "stable": "Stable", "unstable": "Not stable"}
    named = [pattern(crisis, each) for each in expected.states]
    states = "; or ".join(named) if any(" " in each for each in named) else listed(named, "or")
    if verdict.form == "equilibria":
        said = f"exactly these states: {states}" if states else "no state at all"
    else:
        said = f"every state where {states}" if verdict.form == "stable" else states
    whom = listed(called(crisis, name) for name in verdict.whom)
    changed = ", ".join(side(crisis, expected))
    return [
        _entry(terms[verdict.form or "stable"], said),
        _entry("For", f"{whom} together" if len(verdict.whom) > 1 else whom) if whom else None,
        _entry("Under", names_of(verdict.concepts)),
        _entry("Where", changed) if changed else None,
        _entry("Against it", "; ".join(verdict.against)) if verdict.against else None,
    ]


def _side(result: Analysis, term: str, asked: Side, probability: float) -> Markup:
    question = result.crisis.questions[asked.question].asks
    changed = ", ".join(side(result.crisis, asked)) or "as it is"
    return _entry(
        term, question, " ", element("span", changed, class_="by"), ": ", chance(probability)
    )


def _entry(term: str, *said: Content) -> Markup:
    return element("div", element("dt", term), element("dd", said))
