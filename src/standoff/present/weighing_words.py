"""What a record says of rival accounts, in words that text, JSON and the report share."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, inf, isinf, log
from typing import TYPE_CHECKING

from standoff.present.charts_shared import day_text
from standoff.present.dates import when
from standoff.present.in_words import path as in_words
from standoff.present.in_words import plain
from standoff.present.wording import likely, percent
from standoff.present.words import counted, span
from standoff.study.weighed import (
    AS_WRITTEN,
    LEAST_EFFECTIVE,
    Clue,
    Weighed,
    Weighing,
    log_ratio,
)

if TYPE_CHECKING:
    from standoff.crisis import Crisis

TELLS = log(1.5)
"""The log-ratio below which a part of the record is not worth mentioning."""

NO_POSTERIOR = "what the ranges leave open is not averaged over, so this is no posterior"
"""What goes with all that is said at central values."""

MORE = "averages over the ranges; by the size of a crisis that takes seconds or hours."
"""What the command `standoff weigh` does beyond central values."""

_MOST_ODDS = log(1e6)
_TEN = log(10)
_SURE = 1.645  # standard errors


def odds(ratio: float) -> str:
    """Say a log-ratio as odds.

    Examples
    --------
    >>> odds(log(3)), odds(-log(25)), odds(0.01), odds(20.0)
    ('3 to 1', '1 to 25', 'even', 'more than 1,000,000 to 1')
    """
    if abs(ratio) < log(1.05):
        return "even"
    if abs(ratio) > _MOST_ODDS:
        return "more than 1,000,000 to 1" if ratio > 0 else "less than 1 to 1,000,000"
    size = exp(abs(ratio))
    number = f"{size:,.0f}" if size >= 9.95 else f"{size:.1f}".removesuffix(".0")
    return f"{number} to 1" if ratio > 0 else f"1 to {number}"


def strength(ratio: float) -> str:
    """Say how much a log Bayes factor is worth, as Kass and Raftery (1995) grade it.

    Examples
    --------
    >>> strength(log(2)), strength(-log(40))
    ('hardly tells them apart', 'speaks strongly against it')
    """
    size = abs(ratio)
    if size < log(3):
        return "hardly tells them apart"
    how = "" if size < log(20) else " strongly" if size < log(150) else " very strongly"
    return f"speaks{how} {'for' if ratio > 0 else 'against'} it"


def account(name: str) -> str:
    """Return how an account is called."""
    return "the crisis as written" if name == AS_WRITTEN else plain(name)


def first_sentence(result: Weighing) -> str:
    """Say what the record says: of the account that is likeliest after it, or at central values
    alone, or that too little is known.
    """
    if not result.draws:
        return central_sentence(result)
    if not result.known:
        least = min(result.accounts.values(), key=_rank)
        return (
            f"What the record says is not known yet: {counted(result.draws, 'draw')} count for "
            f"{_number(least.effective or 0.0)} only in {account(least.name)}, and "
            f"{LEAST_EFFECTIVE:.0f} are the least to go by. About {result.wanted:,} may do."
        )
    best = max(result.accounts.values(), key=_after)
    assert best.posterior is not None
    assert best.evidence is not None
    chance, *interval = best.posterior
    said = likely(chance, interval=(interval[0], interval[1]))
    others = [each for each in result.accounts.values() if each is not best]
    following = max(others, key=_after)
    assert following.evidence is not None
    sentence = f"Given the record, {account(best.name)} is {said}, before it {percent(best.prior)}"
    if following.evidence == -inf:
        return f"{sentence}; no other account can have made the record."
    ratio = best.evidence - following.evidence
    return (
        f"{sentence}; the record favours it {odds(ratio)} over {account(following.name)}, "
        "the next in line."
        if ratio >= 0
        else f"{sentence}, because it was likelier to begin with: the record favours "
        f"{account(following.name)}, the next in line, {odds(-ratio)} over it."
    )


def central_sentence(result: Weighing) -> str:
    """Say under which account the record is likeliest at central values, and what that is not."""
    said = _likeliest({each.name: each.central for each in result.accounts.values()})
    return f"At central values {said}; {NO_POSTERIOR}."


def caveat(result: Weighing) -> str:
    """Say how much of the record no account explains, and what the rest of it says; nothing if
    every part was to be expected under some account.
    """
    missed = [clue for clue in result.clues if unlikely_to_all(result, clue)]
    if not missed:
        return ""
    one = len(missed) == 1
    said = (
        f"{'One' if one else len(missed)} of {len(result.clues)} parts of the record "
        f"{'was' if one else 'were'} all but impossible to every account"
    )
    if not result.known:
        said = f"At central values {said[0].lower()}{said[1:]}"
    if result.draws and not result.known:
        still = sum(_unlikely(max(clue.best.values())) for clue in missed)
        said += f", and in every draw {still or 'none'} of them"
    rest = [_logs(result, clue) for clue in result.clues if clue not in missed]
    left = {name: sum(logs[name] for logs in rest) for name in result.accounts}
    return (
        f"{said}; what tells accounts apart there is only by how much each fails. Taking "
        f"{'it' if one else 'them'} as given, {_likeliest(left)}."
    )


def _likeliest(logs: Mapping[str, float]) -> str:
    """Say under which account something of the record is likeliest, and by how much."""
    (one, best), (other, following) = sorted(logs.items(), key=lambda each: -each[1])[:2]
    one, other = account(one), account(other)
    if best == -inf:
        return "no account can have made the record"
    if following == -inf:
        return f"no account but {one} can have made the record"
    ratio = odds(best - following)
    if ratio == odds(0.0):
        return f"the record is likeliest, and about equally so, under {one} and {other}"
    return f"the record is likeliest under {one}, {ratio} over {other}, the next in line"


def of_account(found: Weighed) -> str:
    """Say how likely an account is given the record."""
    if found.evidence == -inf:
        return "cannot have made the record"
    if found.posterior is None:
        return "not known"
    chance, low, high = found.posterior
    return likely(chance, interval=(low, high))


def of_factor(found: Weighed) -> str:
    """Say by how much the record favours an account over the crisis as written."""
    assert found.factor is not None
    ratio, low, high = found.factor
    if isinf(ratio):
        return odds(ratio)
    one, other = odds(low), odds(high)
    within = "" if one == other == odds(ratio) else f" (90%: {one} .. {other})"
    return f"{odds(ratio)}{within}"


def of_evidence(found: Weighed, draws: int) -> str:
    """Say what the evidence is, and on how much it rests."""
    if found.evidence is None or found.effective is None:
        return ""
    if found.evidence == -inf:
        return "its evidence is zero"
    if isinf(found.effective):
        return f"log evidence {found.evidence:.2f}, exactly: it leaves nothing open"
    if found.short:
        return (
            f"its evidence is not known: effective sample size {_number(found.effective)} of "
            f"{draws:,}; log-likelihood {found.best:.2f} in the likeliest draw"
        )
    return (
        f"log evidence {found.evidence:.2f}, standard error {found.error:.2g}, effective sample "
        f"size {_number(found.effective)} of {draws:,}"
    )


def of_central(found: Weighed) -> str:
    """Say how likely an account makes the record at central values."""
    if found.central == -inf:
        return "it cannot have made the record"
    return f"log-likelihood {found.central:.2f}"


def central_odds(result: Weighing, name: str) -> str:
    """Say by how much the record favours an account over the crisis as written at central values;
    nothing of the crisis as written itself.
    """
    if name == AS_WRITTEN:
        return ""
    return odds(log_ratio(result.accounts[name].central, result.accounts[AS_WRITTEN].central))


def what(crisis: Crisis, clue: Clue) -> str:
    """Say what a part of the record tells of."""
    if clue.entry is None:
        return f"nothing more for {span(float((clue.until - clue.since).days))}"
    entry = crisis.record[clue.entry]
    return ", ".join(f"{name}: {level}" for name, level in entry.sets.items())


def at(crisis: Crisis, clue: Clue) -> str:
    """Say when it was."""
    if clue.entry is None:
        return f"up to {day_text(clue.until)}"
    return when(crisis.record[clue.entry].date)


def ratio_of(result: Weighing, clue: Clue, name: str) -> tuple[float, float]:
    """Return by how much a part of the record speaks for an account against the crisis as written.

    A log-ratio and its error; at central values where it is not known what the record says.
    """
    return clue.ratio(name) if result.known else (clue.central_ratio(name), 0.0)


def unlikely_to_all(result: Weighing, clue: Clue) -> str:
    """Say that no account expected a part of the record, where that is so; otherwise nothing.

    What then tells accounts apart is by how much each fails to explain it.
    """
    best = max(_logs(result, clue).values())
    if not _unlikely(best):
        return ""
    said = f"To every account it was all but impossible: at best {_one_in(best)}"
    if result.known or not result.draws:
        return f"{said}."
    name, most = max(clue.best.items(), key=lambda each: each[1])
    return f"{said}, and {_one_in(most)} in the draw where it was likeliest, of {account(name)}."


def _unlikely(log: float) -> bool:
    return -inf < log < -_MOST_ODDS


def _one_in(log: float) -> str:
    return f"1 in 10^{-log / _TEN:.0f}" if _unlikely(log) else f"1 in {exp(-log):,.0f}"


def _logs(result: Weighing, clue: Clue) -> Mapping[str, float]:
    """How likely a part is under each account: at central values where no more is known."""
    if not result.known:
        return clue.central
    return {name: value for name, (value, _) in clue.likelihoods.items()}


def number(crisis: Crisis, path: str) -> str:
    """Return a number's path in words, and in which situation or explanation it stands."""
    parts = path.split(".", 3)
    if len(parts) == 4 and parts[0] in ("situations", "explanations") and parts[2] == "with":
        return f"{in_words(crisis, parts[3])} (as {plain(parts[1])} has it)"
    return in_words(crisis, path)


def speaks(result: Weighing, clue: Clue) -> Mapping[str, float]:
    """Return for which rivals a part of the record tells, against the crisis as written.

    A log-ratio for each of them that is worth mentioning and told from chance of sampling.
    """
    found = {}
    for name in result.accounts:
        if name != AS_WRITTEN:
            ratio, error = ratio_of(result, clue, name)
            if abs(ratio) > max(TELLS, _SURE * error):
                found[name] = ratio
    return found


def decided(result: Weighing) -> str:
    """Return how to call what the parts of the record do: at central values they decide nothing."""
    return "decided" if result.known else "tells them apart at central values"


def decisive(result: Weighing) -> list[Clue]:
    """Return the parts of the record that tell some rival from the crisis as written, the
    strongest first.
    """
    found = [(speaks(result, clue), clue) for clue in result.clues]
    told = [(max(map(abs, said.values())), clue) for said, clue in found if said]
    return [clue for _, clue in sorted(told, key=lambda each: -each[0])]


def _rank(found: Weighed) -> float:
    return inf if found.evidence == -inf or found.effective is None else found.effective


def _after(found: Weighed) -> float:
    return -1.0 if found.posterior is None else found.posterior[0]


def _number(size: float) -> str:
    return f"{size:,.0f}" if size >= 9.95 else f"{size:.1f}"
