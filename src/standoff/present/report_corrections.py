"""What mistakes cost: each mistaken belief corrected, those of one holder, and all together."""

from __future__ import annotations

from collections.abc import Mapping

from standoff.crisis import Crisis
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import path as in_words
from standoff.present.report_shared import chance, reasons, section, stacking
from standoff.present.wording import points
from standoff.present.words import called, counted, listed
from standoff.study.analysis import Analysis
from standoff.study.mistakes import Belief, Correction, Corrections

_MOST = 8
_HARDLY = 0.0005
_LEAST_COST = 0.005


def corrections(result: Analysis) -> Markup | None:
    """Return what mistakes cost; None if that was not computed, or nobody is mistaken."""
    found = result.corrections
    if found is None or found.together is None:
        return None
    telling = [each for each in found.one_by_one if _tells(each)]
    silent = [in_words(result.crisis, each.beliefs[0]) for each in found.one_by_one
              if not _tells(each)]  # fmt: skip
    rows = [_belief(result, each, found) for each in telling[:_MOST]]
    rows += [
        _all(result, each, f"All {counted(len(each.beliefs), 'belief')} of "
                           f"{called(result.crisis, each.holder or '')}")
        for each in found.by_holder
        if len(each.beliefs) > 1 and _tells(each)
    ]  # fmt: skip
    if len(found.by_holder) > 1 and _tells(found.together):
        rows.append(_all(result, found.together, "All beliefs of everybody"))
    rest = len(telling) - _MOST
    return section(
        "corrections",
        "What mistakes cost",
        element(
            "p",
            "What follows if a mistaken belief is corrected, so that its holder sees what is so, "
            "and what others believe of it stays as it is. The cost to an actor is by how much its "
            "payoff would rise: on average, discounted at its own horizon, in weight units a day. "
            "Below zero, it gains by the mistake.",
        ),
        stacking("Beliefs corrected", ("Belief", "Moves most", "Costs"), rows)
        if rows
        else None,
        element("p", f"{counted(rest, 'other mistaken belief')} with less.", class_="note")
        if rest > 0
        else None,
        element("p", f"Corrected alone, these change hardly anything: {'; '.join(silent)}.",
                class_="note")
        if silent
        else None,
    )  # fmt: skip


def _tells(correction: Correction) -> bool:
    """Whether a correction changes anything worth a line."""
    costs = max(map(abs, correction.costs.values()), default=0.0)
    effects = max(map(abs, correction.effects.values()), default=0.0)
    return effects >= _HARDLY or costs >= _LEAST_COST


def _belief(result: Analysis, correction: Correction, found: Corrections) -> tuple[Content, ...]:
    crisis = result.crisis
    belief = next(each for each in found.beliefs if each.path == correction.beliefs[0])
    return (
        [
            element("p", _held(crisis, belief), class_="named"),
            reasons(crisis, belief.because, belief.source),
        ],
        _moved(result, correction),
        _costs(crisis, correction.costs),
    )


def _held(crisis: Crisis, belief: Belief) -> str:
    return f"{in_words(crisis, belief.path)}: {belief.thinks}; in fact {belief.in_fact}"


def _all(result: Analysis, correction: Correction, who: str) -> tuple[Content, ...]:
    return who, _moved(result, correction), _costs(result.crisis, correction.costs)


def _moved(result: Analysis, correction: Correction) -> Content:
    """The question that it moves most, and by how much."""
    if not correction.effects:
        return "no question"
    name = max(correction.effects, key=lambda each: abs(correction.effects[each]))
    effect = correction.effects[name]
    if abs(effect) < _HARDLY:
        return "no question by 0.1 points"
    return [
        result.crisis.questions[name].asks,
        " ",
        element("span", points(effect), class_="effect"),
        ", to ",
        chance(correction.chances[name]),
    ]


def _costs(crisis: Crisis, costs: Mapping[str, float]) -> str:
    told = sorted(costs.items(), key=lambda each: -each[1])
    said = [f"{called(crisis, name)} {cost:+.2f}".replace("-", "−") for name, cost in told
            if abs(cost) >= _LEAST_COST]  # fmt: skip
    return listed(said) or "nobody anything"
