"""What carries the answer to a question: bars, and the passages behind them."""

from __future__ import annotations

from collections.abc import Sequence

from standoff.crisis import Crisis
from standoff.present.account_words import (
    WORTH_A_BAR,
    at_central,
    in_sum,
    labelled,
    not_told,
)
from standoff.present.charts import NARROW, WIDE, Carried, tornado_chart
from standoff.present.html import Content, Markup, element
from standoff.present.in_words import path as in_words
from standoff.present.report_answers import answer, left_open
from standoff.present.report_shared import figure, reasons, section
from standoff.present.wording import points
from standoff.present.words import counted
from standoff.study.account import Account
from standoff.study.analysis import Analysis
from standoff.study.attribution import Share

MOST_BARS = 12
_IN_FULL = 5
_CLAIMS = 3


def accounts(result: Analysis) -> Markup | None:
    """Return what the answers that were to be explained rest on; None if none was."""
    if not result.accounts:
        return None
    return section(
        "why",
        "What carries the answer",
        [_account(result.crisis, name, each) for name, each in result.accounts.items()],
    )


def _account(crisis: Crisis, name: str, account: Account) -> Content:
    found = account.forecast
    return [
        element("h3", found.asks),
        element("p", answer(found)),
        left_open(found),
        element("p", f"{at_central(account)} {in_sum(account.attribution)}".lstrip()),
        _bars(crisis, name, account),
    ]


def _bars(crisis: Crisis, name: str, account: Account) -> Content:
    """The bars, and under them every bar's passage."""
    shares = account.attribution.shares
    shown = [each for each in shares if abs(each.share) >= WORTH_A_BAR][:MOST_BARS]
    silent = not_told(account.attribution, crisis)
    rest = [each for each in shares if each.told_from_zero and each not in shown]
    if not shown:
        return element("p", "No claim carries as much as half a point of it.", class_="note")
    rows = [
        Carried(labelled(each, crisis), each.share, each.error, each.told_from_zero)
        for each in shown
    ]
    said = "; ".join(f"{row.label}: {points(row.share)}" for row in rows)
    drawn = account.attribution.orders > 0
    return [
        figure(
            tornado_chart(rows, width=WIDE),
            f"carried-{name}",
            f"What carries the answer, in percentage points. {said}.",
            element("p", _reading(drawn, any(not row.told for row in rows)), class_="note"),
            narrow=tornado_chart(rows, width=NARROW),
        ),
        element("p", silent, class_="note") if silent else None,
        element("p", f"{counted(len(rest), 'other')} with less than is shown.", class_="note")
        if rest
        else None,
        _passages(crisis, account, shown),
    ]


def _reading(drawn: bool, silent: bool) -> str:
    said = (
        "Bars to the right raise the answer, bars to the left lower it, in percentage points of "
        "the probability at central values."
    )
    if drawn:
        said += " The thin line is two standard errors to each side."
    if silent:
        said += " Hollow bars cannot be told from zero."
    return said


def _passages(crisis: Crisis, account: Account, shown: Sequence[Share]) -> Content:
    """What each bar stands for, in the analyst's words; the first in full, the rest folded."""
    items = [_passage(crisis, account, each) for each in shown]
    first, rest = items[:_IN_FULL], items[_IN_FULL:]
    return [
        element("h4", "The claims behind the bars"),
        element("ol", first, class_="claims carried"),
        element(
            "details",
            element("summary", f"The other {counted(len(rest), 'bar')}"),
            element("ol", rest, class_="claims carried", start=_IN_FULL + 1),
        )
        if rest
        else None,
    ]


def _passage(crisis: Crisis, account: Account, share: Share) -> Markup:
    alone = f"{points(-share.alone)} without it alone"
    error = f" (standard error {100 * share.error:.1f})" if share.error else ""
    single = share.claims == (share.party,)
    return element(
        "li",
        element(
            "p",
            element("strong", points(share.share), class_="effect"),
            f"{error}; {alone}: ",
            element("strong", labelled(share, crisis) if single else share.party),
            class_="claim",
        ),
        [_claim(crisis, account, path, single) for path in share.claims[:_CLAIMS]],
        element("p", f"and {counted(len(share.claims) - _CLAIMS, 'other claim')}", class_="cite")
        if len(share.claims) > _CLAIMS
        else None,
    )


def _claim(crisis: Crisis, account: Account, path: str, single: bool) -> Content:
    claim = account.claims[path]
    named = None if single else element("p", in_words(crisis, path), class_="named")
    return [named, reasons(crisis, claim.because, claim.source)]
