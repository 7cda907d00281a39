"""The whole analysis: what is drawn, what is explained, and a progress that means something."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import standoff
from report_sample import crisis_of, drawn, ordered_raw, raw, sample
from standoff.crisis import CrisisError, StandoffError, UnknownNameError
from standoff.study.account import explain, work_of
from standoff.study.analysis import analyse, worth_explaining
from standoff.study.analysis_plan import Plan
from standoff.study.asking import Request, Settings
from standoff.study.ensemble import draw_answers
from standoff.study.stages import Stages
from standoff.study.variation import AS_IT_IS, Variation

# Draws --------------------------------------------------------------------------------------------


def test_every_question_of_every_situation_is_drawn() -> None:
    whole = drawn()
    assert {each.situation for each in whole.forecasts.values()} == {"january", None}
    assert all(each.spread is not None for each in whole.forecasts.values())
    assert whole.draws == 32


def test_draws_are_those_of_one_ensemble() -> None:
    whole = drawn()
    ensemble = draw_answers(whole.crisis, [Request("war"), Request("full")], Settings(), draws=32)
    for name, spread in zip(("war", "full"), ensemble.spreads, strict=True):
        found = whole.forecasts[name].spread
        assert found is not None
        assert np.array_equal(found.values, spread.values)


def test_draws_leave_central_values_as_they_are() -> None:
    for name, each in sample().forecasts.items():
        assert drawn().forecasts[name].central == each.central
        assert drawn().forecasts[name].curve == each.curve
    assert drawn().verdicts == sample().verdicts
    assert drawn().effects == sample().effects


def test_scenarios_are_those_of_where_the_analysis_starts() -> None:
    found = drawn().scenarios
    assert found is not None
    assert found.situation == "january"
    asked = drawn().crisis.questions
    assert found.questions == tuple(n for n in asked if asked[n].situation == "january")


def test_without_draws_nothing_needs_them() -> None:
    whole = sample()
    assert whole.draws == 0
    assert whole.scenarios is None
    assert not whole.robustness
    assert not whole.accounts
    assert whole.corrections is None


def test_expectations_are_tried_on_draws_only_where_that_does_not_take_long() -> None:
    assert set(drawn().robustness) == set(drawn().verdicts)
    plan = Plan(drawn().crisis, AS_IT_IS, "january")
    assert plan.robust(32)
    assert not plan.robust(10**6)
    assert not plan.robust(0)


# What is explained --------------------------------------------------------------------------------


def test_the_first_exact_question_of_the_latest_situation_is_worth_explaining() -> None:
    crisis = crisis_of(raw())
    assert worth_explaining(crisis) == "mines"
    assert worth_explaining(crisis, Variation(situation="january")) == "mines"
    data = raw()
    data["questions"] = {name: data["questions"][name] for name in ("war", "truce", "quiet")}
    assert worth_explaining(crisis_of(data | {"expects": {}})) == "quiet"
    assert worth_explaining(crisis_of(ordered_raw())) is None
    bare = crisis_of(data | {"expects": {}, "questions": {}})
    assert worth_explaining(bare) is None


def test_an_account_is_that_of_explain_and_carries_what_the_draws_say() -> None:
    whole = drawn()
    alone = explain(whole.crisis, "full")
    account = whole.accounts["full"]
    assert account.attribution == alone.attribution
    assert account.tipping == alone.tipping
    assert account.forecast == whole.forecasts["full"]


@pytest.mark.parametrize(
    ("questions", "actors", "message"),
    [
        (["fll"], [], "full"),
        (["truce"], [], "something lasting"),
        ([], ["norht"], "north"),
    ],
)
def test_what_cannot_be_explained_is_refused_before_any_work(
    questions: list[str], actors: list[str], message: str
) -> None:
    began: list[str] = []
    with pytest.raises(StandoffError, match=message):
        analyse(
            crisis_of(raw()),
            explained=questions,
            levers=actors,
            progress=lambda what, _share: began.append(what),
        )
    assert began == []


def test_nothing_is_explained_where_there_is_no_forecast() -> None:
    with pytest.raises(CrisisError, match="nothing can be explained"):
        analyse(crisis_of(ordered_raw()), explained=["mines"])
    with pytest.raises(UnknownNameError):
        analyse(crisis_of(raw()), explained=["nobody"])


# Progress -----------------------------------------------------------------------------------------


def test_stages_are_one_progress_in_their_sizes() -> None:
    told: list[tuple[str, float]] = []
    stages = Stages(lambda what, share: told.append((what, share)), {"a": 1, "b": 3})
    first, second = stages.of("a"), stages.of("b")
    first("x", 0.5)
    first("y", 1.0)
    second("z", 0.5)
    second("z", 1.0)
    assert told == [("x", 0.125), ("y", 0.25), ("z", 0.625), ("z", 1.0)]


def test_a_stage_that_counts_again_goes_on_and_never_back() -> None:
    shares: list[float] = []
    advance = Stages(lambda _what, share: shares.append(share), {"a": 1}).of("a", first=0.6)
    for share in (0.5, 1.0, 0.5, 1.0, 1.0, 0.2):
        advance("", share)
    assert shares == pytest.approx([0.3, 0.6, 0.7, 0.8, 0.8, 0.82])


def test_stages_of_no_size_do_not_divide_by_nothing() -> None:
    shares: list[float] = []
    Stages(lambda _what, share: shares.append(share), {"a": 0.0}).of("a")("", 1.0)
    assert shares == [0.0]


def test_the_progress_of_an_analysis_never_falls_and_reaches_all_stages() -> None:
    data = raw()
    data["questions"] = {name: data["questions"][name] for name in ("full", "war")}
    told: list[tuple[str, float]] = []
    analyse(
        crisis_of(data | {"expects": {}}),
        draws=4,
        explained=["full"],
        progress=lambda what, share: told.append((what, share)),
    )
    shares = [share for _, share in told]
    assert all(before <= after for before, after in pairwise(shares))
    assert shares[0] == 0
    assert 0.8 < shares[-1] <= 1
    seen = dict.fromkeys(what for what, _ in told)
    order = ("what is stable", "draws", "kinds of outcome", "what carries full")
    assert [what for what in seen if what in order] == list(order)


def test_the_work_of_an_account_grows_with_its_orders() -> None:
    crisis = standoff.load("karabakh-2020")
    few, many = (work_of(crisis, "russian_combat_30", orders=orders) for orders in (2, 8))
    assert few < many
