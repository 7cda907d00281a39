"""The whole analysis: what is drawn, what is explained, and a progress that means something."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import standoff
from report_sample import crisis_of, drawn, ordered_raw, raw, sample
from standoff.crisis import CrisisError, StandoffError, UnknownNameError
from standoff.game.space import space_of
from standoff.present.json import dumps
from standoff.present.json_backtest import backtest_data
from standoff.present.json_weighing import weighing_data
from standoff.study.account import explain, work_of
from standoff.study.analysis import analyse, worth_explaining
from standoff.study.analysis_plan import (
    LOOKED_AT,
    ORDERS,
    QUICK_WEIGHING,
    Plan,
    work_of_weighing,
)
from standoff.study.asking import Request, Settings
from standoff.study.backtest import backtest
from standoff.study.ensemble import draw_answers
from standoff.study.stages import Stages
from standoff.study.variation import AS_IT_IS, Variation
from standoff.study.weighing import weigh

# Draws --------------------------------------------------------------------------------------------


def test_every_question_of_every_situation_is_drawn() -> None:
    whole = drawn()
    assert {each.situation for each in whole.forecasts.values()} == {"january", None}
    assert all(each.spread is not None for each in whole.forecasts.values())
    assert whole.draws == 32


def test_of_a_large_crisis_the_questions_of_the_latest_situation_alone_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crisis = crisis_of(raw())
    whole = Plan(crisis, AS_IT_IS, "january")
    assert whole.drawn(8) == whole.asked
    assert whole.drawn(0) == []
    weight = 8 * space_of(crisis).size * 2  # two situations: january, and none
    monkeypatch.setattr("standoff.study.analysis_plan.QUICK", weight)
    assert whole.drawn(8) == whole.asked
    monkeypatch.setattr("standoff.study.analysis_plan.QUICK", weight - 1)
    late = [each.question for each in whole.drawn(8)]
    assert late == [name for name, each in crisis.questions.items() if each.situation == "january"]
    found = analyse(crisis, draws=8)
    assert [name for name, each in found.forecasts.items() if each.spread is not None] == late
    assert found.scenarios is not None
    assert not found.robustness


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
    alone = explain(whole.crisis, "full", orders=ORDERS, looked_at=LOOKED_AT)
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


# The record ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("draws", [0, 32])
def test_the_backtest_is_that_of_the_same_forecasts(
    draws: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (drawn() if draws else sample()).backtest
    assert found is not None
    alone = backtest(crisis_of(raw()), draws=draws)
    assert dumps(backtest_data(found)) == dumps(backtest_data(alone))
    monkeypatch.setattr("standoff.study.backtest.answer_all", None)  # nothing is answered for it
    short = raw() | {"expects": {}, "explanations": {}}
    again = analyse(crisis_of(short)).backtest
    assert again is not None
    assert len(again.backcasts) == len(found.backcasts) == 6


@pytest.mark.parametrize("draws", [0, 32])
def test_explanations_are_weighed_at_central_values(draws: int) -> None:
    whole = drawn() if draws else sample()
    assert whole.weighing is not None
    alone = weigh(crisis_of(raw()), draws=0)
    data = weighing_data(whole.crisis, whole.weighing)
    assert dumps(data) == dumps(weighing_data(whole.crisis, alone))
    assert whole.unweighed == ""


def test_a_crisis_that_is_varied_is_not_held_against_its_record() -> None:
    crisis = crisis_of(raw() | {"expects": {}})
    for variation in (Variation(situation="january"), Variation(starting={"weather": "storm"})):
        varied = analyse(crisis, variation=variation)
        assert (varied.weighing, varied.unweighed, varied.backtest) == (None, "", None)


@pytest.mark.parametrize("gone", ["explanations", "record"])
def test_without_anything_to_weigh_nothing_is_weighed(gone: str) -> None:
    empty: dict[str, object] = {"explanations": {}, "record": []}
    whole = analyse(crisis_of(raw() | {"expects": {}, gone: empty[gone]}))
    assert (whole.weighing, whole.unweighed) == (None, "")
    assert (whole.backtest is None) == (gone == "record")


def test_a_crisis_that_takes_long_is_not_weighed_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crisis = crisis_of(raw() | {"expects": {}})
    size = 108 / 0.75 * 2  # states of two accounts in one situation
    assert work_of_weighing(crisis, AS_IT_IS) == size
    monkeypatch.setattr("standoff.study.analysis_record.QUICK_WEIGHING", size - 1)
    whole = analyse(crisis)
    assert whole.weighing is None
    assert "takes long" in whole.unweighed
    large = standoff.load("karabakh-2020")
    assert QUICK_WEIGHING / 2 < work_of_weighing(large, AS_IT_IS) <= QUICK_WEIGHING


def test_what_cannot_be_weighed_withholds_nothing_else() -> None:
    data = raw() | {"expects": {}}
    data["explanations"]["bluff"]["prior"] = "certain"
    whole = analyse(crisis_of(data))
    assert whole.weighing is None
    assert whole.unweighed.startswith("the priors of bluff add up to 100%")
    assert whole.forecasts
