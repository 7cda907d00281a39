"""What carries an answer, and what would change it: laws, and answers computed another way."""

import json
from dataclasses import replace
from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest

from narrows import narrows
from random_crises import random_crisis
from standoff import Crisis, CrisisError, UnknownNameError, loads
from standoff.crisis import template
from standoff.crisis.uncertain import numbered
from standoff.study import attribution, tipping
from standoff.study.asking import Request, Settings, situated
from standoff.study.attribution import attribute, retract
from standoff.study.ensemble import AnswerVersions, draw_answers
from standoff.study.forecast import forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.removal import Removal, claims_of
from standoff.study.tipping import find_tipping_points
from standoff.study.variation import AS_IT_IS, Variation

CLOSE = 2e-4  # values in versions are solved for to 1e-4 of the payoffs' spread


def waterway(**more: object) -> Crisis:
    """Two actors, five claims, one belief; everything is cheap."""
    return loads(
        json.dumps(
            {
                "crisis": "Waterway",
                "sources": {"brief": {"title": "B"}, "wire": {"title": "W"}},
                "actors": {
                    "north": {
                        "decides": "every 5 days",
                        "looks_ahead": "60 days",
                        "options": {"close": ["no", "yes"]},
                        "interests": {
                            "sea": {"seeks": "not south.mine", "weight": 3, "source": "brief p1"},
                            "trade": {"avoids": "close", "weight": 1, "source": "brief p2"},
                            "echo": {"avoids": "close", "weight": 1, "source": "wire 3"},
                            "void": {"seeks": "true", "weight": 5, "source": "wire 3"},
                        },
                        "believes": {
                            "south.interests.fear.weight": {"value": 0.5, "source": "brief p2"}
                        },
                    },
                    "south": {
                        "decides": "every 6 days",
                        "looks_ahead": "90 days",
                        "options": {"mine": ["no", "yes"]},
                        "interests": {
                            "fear": {"avoids": "north.close", "weight": 2, "source": "brief p1"},
                            "gain": {"seeks": "mine", "weight": "0.5..1", "source": "brief p1"},
                        },
                    },
                },
                "questions": {
                    "mined": {"asks": "?", "event": "south.mine", "within": "30 days"},
                    "closed": {"asks": "?", "event": "north.close", "at": "40 days"},
                    "holds": {
                        "asks": "?",
                        "event": "south.mine",
                        "lasting": "9 days",
                        "within": "9 days",
                    },
                },
                **more,
            }
        )
    )


def chance(crisis: Crisis, question: str, without: tuple[str, ...] = ()) -> float:
    return forecast(crisis, question, variation=Variation(without=without)).central


@pytest.mark.parametrize("question", ["mined", "closed"])
def test_shares_are_the_averages_over_every_order(question: str) -> None:
    crisis = waterway()
    found = attribute(crisis, question)
    paths = [claim.path for claim in claims_of(crisis)]
    assert found.orders == 0
    known: dict[frozenset[str], float] = {}

    def with_only(kept: frozenset[str]) -> float:
        if kept not in known:
            known[kept] = chance(crisis, question, tuple(p for p in paths if p not in kept))
        return known[kept]

    expected = dict.fromkeys(paths, 0.0)
    for order in permutations(paths):
        for place, path in enumerate(order):
            before = frozenset(order[:place])
            expected[path] += with_only(before | {path}) - with_only(before)
    for share in found.shares:
        assert share.share == pytest.approx(expected[share.party] / factorial(7), abs=CLOSE)
        assert share.error == 0
    assert found.central == pytest.approx(chance(crisis, question), abs=CLOSE)
    assert found.without == pytest.approx(with_only(frozenset()), abs=CLOSE)


def test_shares_add_up_and_equal_claims_share_equally_and_idle_ones_get_nothing() -> None:
    found = attribute(waterway(), "mined")
    shares = {each.party: each for each in found.shares}
    total = sum(each.share for each in found.shares)
    assert total == pytest.approx(found.central - found.without, abs=1e-12)
    twins = (shares["north.interests.trade"], shares["north.interests.echo"])
    assert twins[0].share == pytest.approx(twins[1].share, abs=CLOSE)
    assert abs(shares["north.interests.void"].share) < CLOSE
    assert not shares["north.interests.void"].told_from_zero
    assert shares["south.interests.gain"].told_from_zero
    assert list(found.shares) == sorted(found.shares, key=lambda each: -abs(each.share))


def test_alone_is_the_difference_one_claim_makes() -> None:
    crisis = waterway()
    for share in attribute(crisis, "closed").shares:
        left = chance(crisis, "closed", (share.party,))
        assert share.alone == pytest.approx(chance(crisis, "closed") - left, abs=CLOSE)


def test_sampled_orders_agree_with_the_exact_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = {each.party: each.share for each in attribute(waterway(), "mined").shares}
    monkeypatch.setattr(attribution, "MOST_EXACT", 2)
    found = attribute(waterway(), "mined", orders=40)
    assert found.orders == 40
    for each in found.shares:
        assert abs(each.share - exact[each.party]) <= 4 * each.error + CLOSE
    total = sum(each.share for each in found.shares)
    assert total == pytest.approx(found.central - found.without, abs=1e-12)
    again = attribute(waterway(), "mined", orders=40)
    assert again == found
    assert attribute(waterway(), "mined", orders=40, settings=Settings(seed=1)) != found


@pytest.mark.parametrize(
    ("by", "parties"),
    [
        ("passage", {"brief p1", "brief p2", "wire 3"}),
        ("actor", {"north", "south"}),
        ("kind", {"interest", "belief"}),
    ],
)
def test_parties_are_groups_of_claims(by: attribution.Grouping, parties: set[str]) -> None:
    found = attribute(waterway(), "mined", by=by)
    assert {each.party for each in found.shares} == parties
    together = sorted(path for each in found.shares for path in each.claims)
    assert together == sorted(claim.path for claim in claims_of(waterway()))
    for each in found.shares:
        left = chance(waterway(), "mined", each.claims)
        assert each.alone == pytest.approx(found.central - left, abs=CLOSE)


@pytest.mark.parametrize("seed", range(12))
def test_leaving_a_claim_out_in_numbers_is_leaving_it_out(seed: int) -> None:
    crisis = loads(json.dumps(random_crisis(seed)))
    question = next(name for name, each in crisis.questions.items() if each.lasting is None)
    here = situated(crisis, question, AS_IT_IS)
    solver = Hierarchy()
    found = attribute(crisis, question, by="kind")
    assert found.central == pytest.approx(forecast(here, question, hierarchy=solver).central,
                                          abs=CLOSE)  # fmt: skip
    for share in found.shares:
        variation = Variation(without=share.claims)
        left = forecast(here, question, variation=variation, hierarchy=solver).central
        assert share.alone == pytest.approx(found.central - left, abs=5 * CLOSE)


def test_beliefs_left_out_in_numbers_are_left_out_whatever_else_is() -> None:
    here, entries = numbered(situated(narrows(), "mined", AS_IT_IS))
    removal = Removal(here, entries)
    names = [claim.path for claim in removal.claims]
    assert "patron.believes.storm.no.yes" not in names  # `0.3 per day` instead of `every 10 days`
    assert "north.believes.south.decides" not in names  # a time where the truth has a condition
    ascribed = "north.believes.patron.believes.south.interests.fear.weight"
    assert ascribed in names
    own = "north.believes.south.interests.fear.weight"
    together = [ascribed, own, "south.interests.fear"]
    sets = [(), *((name,) for name in names), *combinations(together, 2), together]
    solver = Hierarchy()
    versions = AnswerVersions(here, [Request("mined"), Request("closed")], Settings(), solver)
    found = versions.answer(removal.values(sets))
    for question, lines in zip(("mined", "closed"), found, strict=True):
        for paths, line in zip(sets, lines, strict=True):
            left = Variation(without=tuple(paths))
            exact = forecast(here, question, variation=left, hierarchy=solver).central
            assert line[-1] == pytest.approx(exact, abs=CLOSE), paths


def test_without_what_is_ascribed_another_sees_what_the_holder_does() -> None:
    here, entries = numbered(situated(narrows(), "mined", AS_IT_IS))
    removal = Removal(here, entries)
    claim = "south.interests.fear"
    own = f"north.believes.{claim}.weight"
    ascribed = f"north.believes.patron.believes.{claim}.weight"
    (place,) = (n for n, entry in enumerate(entries) if entry.path.endswith(ascribed))
    sets = [(), (ascribed,), (ascribed, own), (ascribed, own, claim), (ascribed, claim)]
    assert removal.values(sets)[:, place].tolist() == [6.0, 0.5, 2.0, 0.0, 0.5]


def test_what_cannot_be_attributed_is_refused() -> None:
    with pytest.raises(CrisisError, match="lasting"):
        attribute(waterway(), "holds")
    with pytest.raises(UnknownNameError, match="mined"):
        attribute(waterway(), "mind")


# retract ----------------------------------------------------------------------------------------


def test_retracting_a_passage_leaves_out_every_claim_that_cites_it() -> None:
    crisis = waterway()
    cited = {
        "brief p2": ("north.interests.trade", "north.believes.south.interests.fear.weight"),
        "wire": ("north.interests.echo", "north.interests.void"),
    }
    for passage, paths in cited.items():
        found = retract(crisis, passage)
        assert list(found) == ["mined", "closed"]
        for question, (now, left) in found.items():
            assert now == pytest.approx(chance(crisis, question))
            assert left == pytest.approx(chance(crisis, question, paths))


def test_retracting_what_nobody_cites_names_what_is_cited() -> None:
    with pytest.raises(CrisisError, match="cited are brief p1, brief p2, wire 3"):
        retract(waterway(), "brief p9")


# Tipping points ---------------------------------------------------------------------------------


def test_at_a_tipping_point_the_answer_crosses_the_line() -> None:
    crisis = waterway()
    entries = numbered(crisis)[1]
    paths = list(dict.fromkeys(entry.path for entry in entries if entry.kind == "range"))
    lines = (0.01, 0.05, 0.1, 0.2)
    found = find_tipping_points(crisis, "closed", paths, thresholds=lines)
    assert [(each.path, each.threshold) for each in found] == [
        (path, line) for path in paths for line in lines
    ]
    crossed = [each for each in found if each.value is not None]
    assert len(crossed) > 5
    for each in crossed:
        assert each.value is not None
        step = 0.01 * max(1.0, each.value)
        sides = [at(crisis, each.path, max(each.value + way, 0.0)) for way in (-step, step)]
        assert min(sides) <= each.threshold <= max(sides), each


def at(crisis: Crisis, path: str, value: float) -> float:
    written = f"every {value} days" if path.endswith("decides") else value
    written = f"{value} days" if path.endswith("looks_ahead") else written
    return forecast(crisis.patched({path: written}), "closed").central


def test_the_nearest_crossing_is_found_and_its_absence_is_said() -> None:
    crisis = waterway()
    (none,) = find_tipping_points(crisis, "closed", ["north.interests.void.weight"])
    assert none == replace(none, value=None, low=0.0, high=20.0, present=5.0)
    gain = "north.interests.trade.weight"
    (point,) = find_tipping_points(crisis, "closed", [gain], thresholds=[0.05])
    assert point.value is not None
    grid = np.linspace(0, 3, 61)
    over = [at(crisis, gain, float(value)) >= 0.05 for value in grid]
    change = next(n for n in range(60) if over[n] != over[n + 1])
    assert grid[change] - 0.01 <= point.value <= grid[change + 1] + 0.01


def test_an_unknown_number_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"south\.interests\.gain\.weight"):
        find_tipping_points(waterway(), "mined", ["south.interests.gian.weight"])


def test_of_several_crossings_the_nearest_is_taken() -> None:
    grid = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    line = np.array([0.9, 0.1, 0.1, 0.1, 0.9, 0.1])
    for present, between in ((0.5, (0.0, 1.0)), (3.2, (3.0, 4.0)), (5.0, (4.0, 5.0))):
        bracket = tipping._nearest(0, 0.5, grid, line, present)
        assert bracket is not None
        assert (bracket.inner, bracket.outer) == between
    assert tipping._nearest(0, 0.95, grid, line, 2.0) is None


def test_an_order_is_drawn_together_with_its_reverse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two parties these are all the orders there are, so that their shares are exact."""
    crisis = loads(template("The strait"))
    exact = attribute(crisis, "mines", by="actor")
    assert any(abs(each.share - each.alone) > 0.02 for each in exact.shares), "order matters"
    monkeypatch.setattr(attribution, "MOST_EXACT", 1)
    drawn = attribute(crisis, "mines", by="actor", orders=2)
    for one, other in zip(exact.shares, drawn.shares, strict=True):
        assert one.party == other.party
        assert one.share == pytest.approx(other.share, abs=CLOSE)


def test_trajectories_of_a_draw_do_not_depend_on_its_batch() -> None:
    asked = [Request("holds")]
    few, many = (
        draw_answers(waterway(), asked, Settings(), draws=6, at_once=size) for size in (2, 6)
    )
    assert few.spreads[0].values.tobytes() == many.spreads[0].values.tobytes()
    assert 0 < few.spreads[0].probability < 1
