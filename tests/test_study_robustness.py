"""The share of draws in which an expectation holds, against a plain loop over the draws."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from narrows import narrows, narrows_raw
from standoff import Crisis, CrisisError, UnknownNameError, check_expectations, expectation_shares
from standoff.crisis.uncertain import Entry, numbered
from standoff.study import robustness, standings
from standoff.study.asking import Settings
from standoff.study.draws import draw
from standoff.study.robustness import RUNNING

EXPECTS: dict[str, Any] = {
    "sooner": {
        "claim": "Mines are likelier if the patron stays away.",
        "more_likely": {"question": "mined", "holding": {"patron.come": "no"}},
        "than": "mined",
        "by": "2 points",
    },
    "clearly": {
        "claim": "And in a storm by more.",
        "more_likely": {"question": "mined", "starting": {"storm": "yes"}},
        "than": {"question": "mined", "without": "south.interests.gain"},
        "by": "45 points",
    },
    "bounded": {
        "claim": "Closing is unlikely.",
        "chance": {"question": "closed", "depth": 2},
        "at_most": "6%",
    },
    "same": {
        "claim": "A thing is likelier than itself.",
        "more_likely": "mined",
        "than": {"question": "mined", "without": "north.interests.void"},
    },
    "open": {
        "claim": "The strait stays open.",
        "stable": {"concept": "nash", "states": "north.close == no and not south.mine",
                   "for": "north"},
    },
    "empty": {
        "claim": "Mines on their own do not last.",
        "unstable": {"concept": ["gmr", "nash"], "states": "north.close == no and south.mine"},
    },
    "none": {
        "claim": "What lasts is open, mined, and without the patron.",
        "equilibria": {"concept": "gmr",
                       "states": "north.close == no and south.mine and not patron.come"},
    },
    "apart": {
        "claim": "North and south do not leave together.",
        "stable": {"concept": "nash", "states": "north.close == no and south.mine",
                   "for": ["north", "south"]},
    },
    "moving": {
        "claim": "It lasts in a storm that ends.",
        "unstable": {"concept": "nash", "states": "south.mine", "for": "south",
                     "conditions": "running"},
    },
}  # fmt: skip


def uncertain(**expects: Any) -> Crisis:
    """Weights wide enough that most expectations hold in some draws only."""
    raw = narrows_raw(expects=expects or EXPECTS)
    raw["actors"]["south"]["interests"]["gain"]["weight"] = "0.5..4"
    raw["situations"]["june"]["with"] = {}
    raw["actors"]["north"]["interests"]["sea"]["weight"] = "0..6"
    raw["actors"]["north"]["interests"]["trade"]["weight"] = "0..2"
    raw["actors"]["north"]["interests"]["toll"] = {"seeks": "close == yes", "weight": "0..2"}
    return narrows(**raw)


def in_draw(crisis: Crisis, entries: tuple[Entry, ...], row: np.ndarray) -> Crisis:
    """The crisis with the numbers of one draw written into its file."""
    data = json.loads(json.dumps(crisis.data(), default=str))
    for entry, value in zip(entries, row, strict=True):
        if entry.uncertain:
            actor, section, name, field = entry.path.split(".")
            said = data["actors"][actor][section][name]
            said[field] = float(value) if entry.kind == "range" else ("certain" if value else 0)
    return narrows(**data)


def test_shares_are_those_of_a_plain_loop_over_the_draws() -> None:
    crisis = uncertain()
    names = [name for name in EXPECTS if name not in ("moving", "same")]
    found = expectation_shares(crisis, names, draws=16)
    entries = numbered(crisis)[1]
    values = draw(entries, 16, 0).values
    held = dict.fromkeys(names, 0)
    for row in values:
        for name, verdict in check_expectations(in_draw(crisis, entries, row), names).items():
            held[name] += verdict.holds
    assert {name: each.share for name, each in found.items()} == {
        name: count / 16 for name, count in held.items()
    }
    assert sum(0 < count < 16 for count in held.values()) == 6, held


def test_two_sides_are_compared_in_the_same_draws() -> None:
    """What differs in nothing that counts is never likelier, whatever is drawn."""
    moon = {"levels": ["new", "full"], "changes": [{"from": "new", "to": "full",
                                                    "rate": "every 3 days"}]}  # fmt: skip
    raw = json.loads(json.dumps(uncertain().data(), default=str))
    raw["conditions"]["moon"] = moon
    questions = ("mined", "closed", "came")
    raw["expects"] = {
        name: {
            "claim": "The moon counts.",
            "more_likely": {"question": name, "holding": {"moon": level}},
            "than": name,
        }
        for name, level in zip(questions, ("full", "new", "full"), strict=True)
    } | {"same": EXPECTS["same"]}
    found = expectation_shares(narrows(**raw), draws=16)
    assert {each.share for each in found.values()} == {0.0}


def test_conditions_that_run_have_no_share_and_that_is_said() -> None:
    found = expectation_shares(uncertain(), ["moving", "open"], draws=8)
    assert (found["moving"].share, found["moving"].error) == (None, None)
    assert found["moving"].why_not == RUNNING
    assert found["open"].why_not == ""


def test_the_error_is_that_of_a_share_and_never_zero_while_something_is_drawn() -> None:
    found = expectation_shares(uncertain(), ["open", "bounded"], draws=8)
    for each in found.values():
        assert each.share is not None
        assert each.error is not None
        guess = (8 * each.share + 2) / 12
        assert each.error == pytest.approx((guess * (1 - guess) / 12) ** 0.5)
    share = 40 / 64
    assert robustness._error(40, 64) == pytest.approx((share * (1 - share) / 64) ** 0.5, rel=0.05)


def test_where_nothing_is_uncertain_the_share_is_the_verdict_without_error() -> None:
    raw = narrows_raw(expects={name: EXPECTS[name] for name in ("sooner", "open", "empty")})
    for actor in raw["actors"].values():
        for claim in actor["interests"].values():
            claim["weight"] = 2
            claim.pop("holds", None)
    raw["conditions"]["storm"]["changes"] = []
    raw["actors"]["patron"]["believes"].pop("storm.no.yes")
    crisis = narrows(**raw)
    assert not any(entry.uncertain for entry in numbered(crisis)[1])
    verdicts = check_expectations(crisis)
    for name, each in expectation_shares(crisis, draws=4).items():
        assert (each.share, each.error) == (float(verdicts[name].holds), 0.0)


def test_shares_have_the_same_bytes_in_any_batches_and_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["sooner", "open", "empty"]
    first = expectation_shares(uncertain(), names, draws=12)
    monkeypatch.setattr(standings, "_BATCH", 1)
    again = expectation_shares(uncertain(), names, draws=12, workers=2)
    assert first == again
    other = expectation_shares(uncertain(), names, draws=12, settings=Settings(seed=3))
    assert {each.seed for each in other.values()} == {3}


def test_crises_that_only_order_states_have_shares_too() -> None:
    from standoff import load

    crisis = load("cuban-missile-crisis-1962")
    verdicts = check_expectations(crisis)
    for name, each in expectation_shares(crisis, draws=2).items():
        assert each.share == float(verdicts[name].holds)
        assert each.error == 0.0


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="sooner"):
        expectation_shares(uncertain(), ["soone"])
    with pytest.raises(CrisisError, match="at least 1 draw"):
        expectation_shares(uncertain(), draws=0)
    assert expectation_shares(narrows()) == {}
