"""What a forecast says beside the probability: the curve, dates, words, quantiles, settings."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings

import oracle
from standoff.crisis import Crisis, UnknownNameError
from standoff.crisis.likelihood import word_for
from standoff.study.asking import PATHS, Request, Settings
from standoff.study.batch import answer_all
from standoff.study.forecast import Forecast, forecast
from standoff.study.hierarchy import DEPTH, Hierarchy
from standoff.study.variation import Variation
from strait import strait
from strategies import Raw, crises, loaded

Answers = dict[str, Forecast]


@pytest.fixture(scope="module")
def crisis() -> Crisis:
    return loaded(strait())


def every(crisis: Crisis, *, depth: int = DEPTH, hierarchy: Hierarchy | None = None) -> Answers:
    """Every question's answer, by name."""
    solver = hierarchy or Hierarchy(depth=depth)
    return {
        name: forecast(crisis, name, depth=depth, hierarchy=solver) for name in crisis.questions
    }


@pytest.fixture(scope="module")
def answers(crisis: Crisis) -> Answers:
    return every(crisis)


def test_what_is_asked_before_does_not_matter(crisis: Crisis, answers: Answers) -> None:
    for name in ("mines", "truce", "calm"):
        assert forecast(crisis, name) == answers[name]


def test_the_strait_is_answered_as_by_the_oracle(answers: Answers) -> None:
    raw = strait()
    for name, answer in answers.items():
        if answer.error is None:
            assert answer.central == pytest.approx(oracle.answer(raw, name), abs=1e-8), name
        share = oracle.share_of_time(raw, name)
        assert answer.share_of_time == pytest.approx(share, abs=1e-8), name


def test_an_unknown_question_is_an_error_that_names_the_nearest(crisis: Crisis) -> None:
    with pytest.raises(UnknownNameError, match="mines"):
        forecast(crisis, "mine")


def test_a_forecast_is_dated_by_its_situation(answers: Answers) -> None:
    mines = answers["mines"]
    assert (mines.situation, mines.as_of) == ("january", date(2026, 1, 10))
    assert (mines.days, mines.closes) == (30, date(2026, 2, 9))
    half_a_year = timedelta(days=365.25 / 2)
    assert answers["annexed"].closes == date(2026, 1, 10) + half_a_year
    calm = answers["calm"]
    assert (calm.situation, calm.as_of, calm.closes, calm.days) == (None, None, None, 14)


def test_a_forecast_says_what_it_was_computed_with(crisis: Crisis) -> None:
    answer = forecast(crisis, "truce", depth=2, tau=0.7, seed=9, paths=50)
    assert answer.settings == Settings(depth=2, tau=0.7, seed=9, paths=50)
    assert answer.lineage == ("in situation january",)
    shared = forecast(crisis, "mines", tau=0.7, hierarchy=Hierarchy(tau=3.0))
    assert shared.settings.tau == 3.0


def test_the_words_are_those_of_the_probability(answers: Answers) -> None:
    for answer in answers.values():
        assert answer.words == word_for(answer.central)
        assert answer.asks.endswith("?")


@settings(max_examples=15)
@given(crises())
def test_curves_are_probabilities_that_end_at_the_answer(raw: Raw) -> None:
    for name, answer in every(loaded(raw), depth=2).items():
        days = [day for day, _ in answer.curve]
        chances = [chance for _, chance in answer.curve]
        assert days[0] == 0
        assert days[-1] == answer.days
        assert days == sorted(days)
        assert all(0 <= chance <= 1 for chance in chances)
        assert 0 <= answer.share_of_time <= 1 + 1e-12
        assert chances[-1] == pytest.approx(answer.central, abs=1e-12)
        steps = [b - a for a, b in pairwise(chances)]
        if name in ("within", "until"):
            assert min(steps) >= -1e-9
        if name == "throughout":
            assert max(steps) <= 1e-9


def test_every_point_of_a_curve_is_the_answer_with_that_horizon(
    crisis: Crisis, answers: Answers
) -> None:
    raw = strait()
    for name in ("mines", "annexed", "open", "calm"):
        for day, chance in answers[name].curve[::12]:
            theirs = oracle.answer(raw, name, horizon=day)
            assert chance == pytest.approx(theirs, abs=1e-8), (name, day)


def test_questions_that_differ_in_their_horizon_lie_on_one_curve(
    answers: Answers,
) -> None:
    short, long = answers["mines"], answers["mines_later"]
    assert long.days == 3 * short.days
    assert dict(long.curve)[30] == pytest.approx(short.central, abs=1e-12)
    assert long.central > short.central


def test_questions_that_differ_in_one_thing_only_are_told_apart() -> None:
    raw = strait()
    asked: dict[str, Raw] = {}
    for form in ("within", "at", "throughout"):
        for event in ("south.mines", "north.annex", "south.appeal"):
            for said in (event, f"not {event}"):
                asked[f"{form}_{len(asked)}"] = {"event": said, form: "20 days"}
    for goal in ("patron.stance == arm", "weather == storm"):
        for event in ("not south.mines", "not south.appeal"):
            asked[f"until_{len(asked)}"] = {"event": event, "until": goal, "within": "20 days"}
    asked["share"] = {"event": "south.mines", "at": "9 days"}
    raw["questions"] = {name: {"asks": "?", **question} for name, question in asked.items()}
    crisis = loaded(raw)
    for name, answer in every(crisis, depth=2).items():
        assert answer == forecast(crisis, name, depth=2), name
        theirs = oracle.answer(raw, name, depth=2)
        assert answer.central == pytest.approx(theirs, abs=1e-7), name


def test_quantiles_are_the_days_by_which_it_has_happened(answers: Answers) -> None:
    answer, raw = answers["mines_later"], strait()
    assert [share for share, _ in answer.quantiles] == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert answer.quantiles[0][1] is not None
    for share, day in answer.quantiles:
        if day is None:
            assert answer.central < share
        else:
            assert 0 < day <= answer.days
            assert oracle.answer(raw, "mines", horizon=day) >= share - 1e-9
            assert oracle.answer(raw, "mines", horizon=day - 0.02) < share
    assert all(not answers[name].quantiles for name in ("annexed", "calm", "truce"))


def test_what_is_past_the_horizon_has_no_day(crisis: Crisis) -> None:
    answer = forecast(crisis, "mines", depth=0)
    assert [day for _, day in answer.quantiles] == [None] * 5
    already = forecast(crisis.holding("south.mines", "yes"), "mines", depth=0)
    assert already.central == 1
    assert all(day <= 0.01 for _, day in already.quantiles)


def test_a_lasting_event_is_estimated_with_its_error(crisis: Crisis) -> None:
    answer = forecast(crisis, "truce", seed=1)
    assert answer.settings.paths == PATHS
    share = answer.central
    assert answer.error == pytest.approx(math.sqrt(share * (1 - share) / PATHS))
    assert forecast(crisis, "truce", seed=1) == answer
    other = forecast(crisis, "truce", seed=2)
    assert other.central != share
    assert abs(other.central - share) < 4 * math.sqrt(2) * answer.error
    assert all(forecast(crisis, name).error is None for name in ("mines", "calm"))


# --------------------------------------------------------------------------------- many at a time


def requests() -> list[Request]:
    variations = [
        Variation(),
        Variation(holding={"patron.stance": "aside"}),
        Variation(holding={"patron.stance": "arm"}),
        Variation(without=("north.red_lines.mines",)),
        Variation(seen_by=("north",)),
        Variation(seen_by=("north", "patron")),
        Variation(with_={"north.precision": 3}),
        Variation(under="bluff"),
        Variation(starting={"weather": "storm"}),
    ]
    asked = [Request(name, each) for each in variations for name in ("mines", "open", "truce")]
    return [*asked, Request("annexed", variations[1], depth=2), Request("annexed", variations[1])]


def test_a_batch_is_answered_in_its_order_as_one_by_one(crisis: Crisis) -> None:
    told: list[tuple[str, float]] = []
    answers = answer_all(
        crisis,
        requests(),
        Settings(depth=3, paths=200),
        Hierarchy(depth=3),
        progress=lambda what, share: told.append((what, share)),
    )
    for request, answer in zip(requests(), answers, strict=True):
        alone = forecast(
            crisis,
            request.question,
            variation=request.variation,
            depth=3 if request.depth is None else request.depth,
            paths=200,
        )
        # The search for policies may start elsewhere, so the last digits may differ.
        close = 1e-9 if answer.error is None else 2 / 200
        assert answer.central == pytest.approx(alone.central, abs=close)
        numbers = dict.fromkeys(("central", "error", "share_of_time"), 0.0)
        blank = {**numbers, "words": "", "curve": (), "quantiles": ()}
        assert replace(answer, **blank) == replace(alone, **blank)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_several_processes_answer_with_the_same_bytes_as_one(crisis: Crisis) -> None:
    how = (crisis, requests(), Settings(depth=2, paths=100))
    one = answer_all(*how, Hierarchy(depth=2))
    two = answer_all(*how, Hierarchy(depth=2), workers=2)
    assert one == two
