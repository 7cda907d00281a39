"""What carries an answer, and what would change it, in words that text and report share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from standoff.crisis import Crisis
from standoff.crisis.likelihood import word_for
from standoff.present.in_words import path as in_words
from standoff.present.wording import likely, percent, points
from standoff.present.words import called, counted, listed
from standoff.study.account import Account
from standoff.study.attribution import Attribution, Share
from standoff.study.tipping import TippingPoint

SHARED_OUT = {
    "passage": "passage",
    "actor": "actor",
    "kind": "kind of claim",
    "claim": "claim",
}
"""What an answer is shared out among, in words."""

WORTH_A_BAR = 0.005
"""A share smaller than this is not shown as a bar."""


def party(name: str, crisis: Crisis) -> str:
    """Return what carries something: a claim in words, an actor, or a passage as it is cited."""
    if name in crisis.actors:
        return called(crisis, name)
    return in_words(crisis, name) if name.count(".") >= 2 else name


def labelled(share: Share, crisis: Crisis) -> str:
    """Return a party and, where it is more than one claim, what it says first.

    Examples
    --------
    `Northland: interest open sea` · `essay p10: Russia: red line soil, and 2 other claims`
    """
    name = party(share.party, crisis)
    if share.claims == (share.party,) or not share.claims:
        return name
    rest = len(share.claims) - 1
    more = f", and {counted(rest, 'other claim')}" if rest else ""
    return f"{name}: {in_words(crisis, share.claims[0])}{more}"


def in_sum(found: Attribution) -> str:
    """Say what the shares add up to, and how they were found."""
    claims = counted(sum(len(each.claims) for each in found.shares), "claim")
    how = "in every order" if not found.orders else f"in {found.orders} orders drawn"
    return (
        f"Without any of the {claims} that can be left out it would be "
        f"{percent(found.without, estimated=True)}. The difference of "
        f"{points(found.central - found.without)} is shared out by {SHARED_OUT[found.by]}: what "
        f"each adds on average when they are put in one after the other, {how}."
    )


def at_central(account: Account) -> str:
    """Say what the answer is at central values, if the answer given is another."""
    if account.forecast.spread is None:
        return ""
    return f"What follows is of the answer at central values, {likely(account.forecast.central)}."


def not_told(found: Attribution, crisis: Crisis, most: int = 8) -> str:
    """Name the parties whose share cannot be told from zero; empty if there are none."""
    names = [party(each.party, crisis) for each in found.shares if not each.told_from_zero]
    if not names:
        return ""
    shown = names[:most] + ([f"{len(names) - most} more"] if len(names) > most else [])
    return f"Not to be told from zero: {listed(shown)}."


def by_number(account: Account) -> dict[str, list[TippingPoint]]:
    """Return the tipping points of each number, those that it has first where it has any."""
    found: dict[str, list[TippingPoint]] = {}
    for point in account.tipping:
        found.setdefault(point.path, []).append(point)
    return dict(sorted(found.items(), key=lambda pair: all(each.value is None for each in pair[1])))


def crossings(tipping: Sequence[TippingPoint], central: float) -> list[str]:
    """Say where each line is crossed, the nearest first.

    Examples
    --------
    `rises to 50% (roughly even chance) at 1.2` · `falls below 20% (very unlikely) at 7.25`
    """
    crossed = [(abs(p.value - p.present), p.value, p.threshold) for p in tipping
               if p.value is not None]  # fmt: skip
    return [f"{_beyond(line, central)} at {value:.3g}" for _, value, line in sorted(crossed)]


def never(tipping: Iterable[TippingPoint]) -> str:
    """Say which lines are not crossed anywhere in what was looked at; empty if all are.

    Examples
    --------
    `never 50% or 80%`
    """
    missed = [each for each in tipping if each.value is None]
    if not missed:
        return ""
    lines = listed((f"{each.threshold:.0%}" for each in missed), "or")
    return f"never {lines}"


def _beyond(line: float, central: float) -> str:
    if line > central:
        return f"rises to {line:.0%} ({word_for(line)})"
    return f"falls below {line:.0%} ({word_for(line - 1e-9)})"
