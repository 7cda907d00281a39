"""What the record says of rival accounts, as a section of the report."""

from __future__ import annotations

from standoff.crisis import Crisis
from standoff.present.charts_shared import WIDE
from standoff.present.charts_weighing import weighing_chart
from standoff.present.html import Content, Markup, element, joined
from standoff.present.report_shared import cited, code, figure, section, stacking
from standoff.present.text_weighing import change, looked_at
from standoff.present.weighing_words import (
    MORE,
    NO_POSTERIOR,
    account,
    at,
    caveat,
    central_odds,
    central_sentence,
    decisive,
    first_sentence,
    number,
    odds,
    of_account,
    of_central,
    of_evidence,
    of_factor,
    speaks,
    strength,
    unlikely_to_all,
    what,
)
from standoff.present.wording import percent
from standoff.study.analysis import Analysis
from standoff.study.weighed import AS_WRITTEN, Clue, Weighed, Weighing

_SHOWN = 12
_TITLE = "What the record says of the explanations"


def weighing_of(analysis: Analysis) -> Markup | None:
    """Return what the record says of the explanations of an analysis, or why that is not there."""
    if analysis.weighing is not None:
        return weighing(analysis.weighing, analysis.crisis)
    if not analysis.unweighed:
        return None
    return section(
        "weighing",
        _TITLE,
        element("p", f"They are not weighed here: {analysis.unweighed}."),
        _more(),
    )


def weighing(result: Weighing, crisis: Crisis) -> Markup:
    """Return which account the record speaks for, and which entries decide that."""
    return section(
        "weighing",
        _TITLE,
        element("p", element("strong", first_sentence(result))),
        _doubt(result, result.known or not result.draws),
        element("p", looked_at(result), class_="note"),
        _accounts(result) if result.draws else None,
        None if result.known else _central(result),
        _decided(result, crisis),
        _numbers(result, crisis),
        None if result.draws else _more(),
    )


def _doubt(result: Weighing, said: bool) -> Content:
    """What goes with odds that have just been said."""
    return element("p", doubt) if said and (doubt := caveat(result)) else None


def _more() -> Markup:
    return element("p", code("standoff weigh CRISIS"), f" {MORE}", class_="note")


def _accounts(result: Weighing) -> Markup:
    return stacking(
        "Each account before the record and after it",
        ("Account", "Before", "After", "Against the crisis as written", "Rests on"),
        [_row(each, result) for each in result.accounts.values()],
    )


def _row(each: Weighed, result: Weighing) -> tuple[Content, ...]:
    own = each.name == AS_WRITTEN
    against = ""
    if result.known and each.factor is not None and not own:
        against = f"{of_factor(each)}: {strength(each.factor[0])}"
    return (
        _called(each),
        percent(each.prior),
        of_account(each),
        against,
        of_evidence(each, result.draws),
    )


def _called(each: Weighed) -> Content:
    name = account(each.name)
    asks = None if each.name == AS_WRITTEN else [element("br"), each.asks]
    return [f"{name[0].upper()}{name[1:]}", asks]


def _central(result: Weighing) -> Content:
    """The accounts in the middle of their ranges, where no more than that is known."""
    order = sorted(result.accounts.values(), key=lambda each: -each.central)
    return [
        element("p", central_sentence(result)) if result.draws else None,
        _doubt(result, result.draws > 0),
        stacking(
            f"Each account at central values: {NO_POSTERIOR}",
            ("Account", "At central values", "Odds against the crisis as written"),
            [(_called(each), of_central(each), central_odds(result, each.name)) for each in order],
        ),
    ]


def _decided(result: Weighing, crisis: Crisis) -> Content:
    if not result.clues:
        return None
    told = decisive(result)
    description = (
        "From top to bottom the parts of the record, and for each rival how its odds against the "
        "crisis as written build up with them."
    )
    where = "" if result.known else ", at central values"
    return [
        figure(
            weighing_chart(result, crisis, width=WIDE),
            "odds-over-the-record",
            description,
            f"Odds of each rival against the crisis as written, built up over the record{where}",
            narrow=weighing_chart(result, crisis),
        ),
        stacking(
            f"The parts of the record that tell most{where}, the strongest first",
            ("When", "What", "For each account against the crisis as written", "Source"),
            [_clue(clue, result, crisis) for clue in told[:_SHOWN]],
        )
        if told
        else element("p", "No part of the record tells them apart by itself.", class_="note"),
    ]


def _clue(clue: Clue, result: Weighing, crisis: Crisis) -> tuple[Content, ...]:
    said = sorted(speaks(result, clue).items(), key=lambda each: -each[1])
    entry = None if clue.entry is None else crisis.record[clue.entry]
    because = None if entry is None or not entry.because else [element("br"), entry.because]
    return (
        at(crisis, clue),
        joined(what(crisis, clue), because),
        [
            "; ".join(f"{account(name)} {odds(ratio)}" for name, ratio in said),
            [element("br"), doubt] if (doubt := unlikely_to_all(result, clue)) else None,
        ],
        "" if entry is None else cited(crisis, entry.source),
    )


def _numbers(result: Weighing, crisis: Crisis) -> Content:
    rows = [
        (account(name), number(crisis, each.path), change(each))
        for name, found in result.accounts.items()
        for each in sorted(found.numbers, key=lambda each: -abs(each.shift))
        if each.moved
    ]
    if not rows:
        return None
    caption = "Numbers that the record moved: nine tenths before it and after it"
    return stacking(caption, ("Account", "Number", "From and to"), rows)
