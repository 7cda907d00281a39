"""Results as pandas frames: a row for each thing, every column of one kind."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest

import standoff
from dam import dam, read
from report_sample import sample
from standoff import Crisis, CrisisError
from standoff.crisis.uncertain import numbered
from standoff.study import extras
from standoff.study.asking import Request, Settings
from standoff.study.ledger_scores import score_ledger
from standoff.study.record import levels_over_time, observed_path, states_over_time
from standoff.study.scores import score_table
from test_study_scores import JULY, MAY, came_out, kept_on, ledger

STRAIT = str(Path(__file__).with_name("test_cli_strait.yaml"))
TEXT, NUMBER, COUNT, TRUTH = "string", "float64", "Int64", "boolean"


@pytest.fixture(scope="module")
def crisis() -> Crisis:
    return standoff.load(STRAIT)


@pytest.fixture(scope="module")
def hierarchy() -> standoff.Hierarchy:
    return standoff.Hierarchy()


def kinds(found: pandas.DataFrame) -> dict[str, str]:
    return {name: str(kind) for name, kind in found.dtypes.items()}


def test_a_forecast_is_a_row_with_dates(crisis: Crisis, hierarchy: standoff.Hierarchy) -> None:
    result = standoff.forecast(crisis, "mines", hierarchy=hierarchy)
    found = standoff.frame(result)
    assert len(found) == 1
    row = found.iloc[0]
    assert row["question"] == "mines"
    assert row["central"] == row["probability"] == result.central
    assert row["as_of"] == pandas.Timestamp(2026, 1, 10)
    assert row["closes"].date() == datetime.date(2026, 2, 9)
    assert kinds(found) == {
        "question": TEXT, "asks": TEXT, "situation": TEXT, "as_of": "datetime64[s]",
        "closes": "datetime64[s]", "days": NUMBER, "probability": NUMBER, "low": NUMBER,
        "high": NUMBER, "central": NUMBER, "error": NUMBER, "words": TEXT, "draws": COUNT,
    }  # fmt: skip
    assert row["draws"] == 0
    assert found[["low", "high", "error"]].isna().all(axis=None)


def test_several_forecasts_are_rows_of_one_frame(
    crisis: Crisis, hierarchy: standoff.Hierarchy
) -> None:
    results = {n: standoff.forecast(crisis, n, hierarchy=hierarchy) for n in ("mines", "open")}
    found = standoff.frame(results)
    assert list(found["question"]) == ["mines", "open"]
    assert kinds(found) == kinds(standoff.frame(results["mines"]))
    pandas.testing.assert_frame_equal(found, standoff.frame(list(results.values())))
    assert standoff.frame([]).empty


def test_draws_are_rows(crisis: Crisis) -> None:
    asked = [Request("mines"), Request("annexed")]
    ensemble = standoff.draw_answers(crisis, asked, Settings(), draws=8)
    spread = standoff.frame(ensemble.spreads[0])
    assert list(spread["draw"]) == list(range(8))
    np.testing.assert_array_equal(spread["probability"], ensemble.spreads[0].values)
    found = standoff.frame(ensemble, questions=["mines", "annexed"])
    assert len(found) == 8
    np.testing.assert_array_equal(found["annexed"], ensemble.spreads[1].values)
    entries = numbered(crisis)[1]
    place = next(n for n, e in enumerate(entries) if e.path == "north.interests.cost.weight")
    np.testing.assert_array_equal(found["north.interests.cost.weight"], ensemble.values[:, place])
    assert set(found["north.interests.cost.holds"]) <= {0.0, 1.0}
    assert "weather.calm.storm" not in found, "nothing is uncertain about it"
    assert {"answer 1", "answer 2"} <= set(standoff.frame(ensemble).columns)
    with pytest.raises(ValueError, match="answers 2 requests, not 1"):
        standoff.frame(ensemble, questions=["mines"])


def test_what_carries_an_answer_is_a_row_for_each_party(
    crisis: Crisis, hierarchy: standoff.Hierarchy
) -> None:
    account = standoff.explain(crisis, "mines", by="passage", orders=2, hierarchy=hierarchy)
    found = standoff.frame(account)
    parts = account.attribution
    assert list(found["party"]) == [each.party for each in parts.shares]
    assert found["share"].sum() == pytest.approx(parts.central - parts.without, abs=1e-9)
    assert found["claims"].sum() == len(account.claims) - len(parts.stays)
    cited = found[found["party"] != "no source"]
    assert all(row.party in row.passages for row in cited.itertuples())
    assert kinds(found)["told_from_zero"] == TRUTH
    assert standoff.frame(parts)["passages"].isna().all()
    tipping = standoff.frame(account.tipping)
    assert list(tipping["threshold"]) == [each.threshold for each in account.tipping]
    assert tipping["value"].isna().sum() == sum(each.value is None for each in account.tipping)


def test_stability_is_a_row_for_each_state_that_can_be(crisis: Crisis) -> None:
    result = standoff.find_stable(crisis, "january")
    found = standoff.frame(result)
    assert len(found) == int(result.space.feasible.sum())
    assert not ((found["north.annex"] == "yes") & (found["south.mines"] == "yes")).any()
    (start,) = found[found["at start"]].to_dict("records")
    assert start["north.blockade"] == "partial"
    for concept in result.concepts:
        column = found[f"equilibrium: {concept}"]
        assert column.sum() == int(result.equilibria(concept).sum())
        stays = found[[f"{concept}: {actor}" for actor in crisis.actors]].all(axis=1)
        assert (stays == column).all()
    assert kinds(found)["weather"] == TEXT


def test_verdicts_and_outlooks(crisis: Crisis, hierarchy: standoff.Hierarchy) -> None:
    verdicts = standoff.check_expectations(crisis, hierarchy=hierarchy)
    found = standoff.frame(verdicts)
    assert list(found["name"]) == ["deterred", "mined"]
    assert found.loc[1, "at_least"] == 0.55
    assert pandas.isna(found.loc[1, "than"])
    assert list(found["holds"]) == [each.holds for each in verdicts.values()]
    outlooks = standoff.find_outlooks(crisis.in_situation("january"), hierarchy=hierarchy)
    levels = standoff.frame(outlooks)
    sums = levels.groupby(["actor", "seen_by", "variable"], dropna=False)["probability"].sum()
    assert sums.to_numpy() == pytest.approx(1)
    assert levels["seen_by"].isna().any()
    assert len(standoff.frame(outlooks.of("north"))) == 3 + 2


def test_scenarios_and_indices(crisis: Crisis, hierarchy: standoff.Hierarchy) -> None:
    scenarios = standoff.find_scenarios(crisis, draws=8, hierarchy=hierarchy)
    found = standoff.frame(scenarios)
    assert list(found["question"]) == list(scenarios.questions)
    assert set(found["name"]) == {"all draws"}
    assert found["otherwise"].isna().all()
    indices = standoff.find_indices(crisis, "mines", by="actor", points=2, hierarchy=hierarchy)
    parties = standoff.frame(indices)
    assert list(parties["party"]) == [each.party for each in indices.indices]
    assert (parties["total_low"] <= parties["total"]).all()
    assert (parties["total"] <= parties["total_high"]).all()
    assert parties["numbers"].sum() == len(indices.numbers)


def test_a_dict_of_what_has_no_name_gets_its_keys_as_names(
    crisis: Crisis, hierarchy: standoff.Hierarchy
) -> None:
    outlooks = standoff.find_outlooks(crisis.in_situation("january"), hierarchy=hierarchy)
    found = standoff.frame({"now": outlooks, "again": outlooks})
    assert list(found["name"].unique()) == ["now", "again"]
    assert found.columns[0] == "name"


def test_an_analysis_is_its_forecasts(hierarchy: standoff.Hierarchy) -> None:
    text = Path(STRAIT).read_text().split("expects:")[0]
    result = standoff.analyse(standoff.loads(text), hierarchy=hierarchy)
    assert list(standoff.frame(result)["question"]) == list(result.forecasts)
    states = standoff.frame(result.survey)
    pandas.testing.assert_frame_equal(states, standoff.frame(result.survey.stability))
    effects = standoff.frame(result.effects)
    assert set(effects["path"]) == {each.path for each in result.effects}


def test_levers_are_rows(crisis: Crisis, hierarchy: standoff.Hierarchy) -> None:
    result = standoff.find_levers(crisis, "south", "mines", hierarchy=hierarchy)
    found = standoff.frame(result)
    those = [*result.own, *result.beliefs, *result.weights]
    assert list(found["path"]) == [each.path for each in those]
    assert list(found["effect"]) == [each.effect for each in those]
    assert set(found["kind"]) == {"option", "belief", "weight"}
    assert (found["actor"] == "south").all()
    assert kinds(found)["asked_about"] == TRUTH
    alone = standoff.frame(standoff.find_levers(crisis, "north", hierarchy=hierarchy))
    assert alone[["question", "chance", "effect"]].isna().all(axis=None)
    assert kinds(alone) == kinds(found)


def test_corrections_are_rows_of_questions_and_actors(
    crisis: Crisis, hierarchy: standoff.Hierarchy
) -> None:
    result = standoff.find_corrections(crisis, ["mines"], hierarchy=hierarchy)
    assert result.together is not None
    found = standoff.frame(result)
    assert set(found["scope"]) == {"one", "holder", "all"}
    whole = found[found["scope"] == "all"].set_index("actor")
    assert whole.loc["south", "value"] == result.together.worths["south"]
    assert whole.loc["south", "change"] == result.together.costs["south"]
    asked = found[found["question"].notna()]
    assert list(asked["change"]) == [
        each.effects["mines"] for each in (*result.one_by_one, *result.by_holder, result.together)
    ]
    assert (asked["beliefs"] == "north.believes.patron.interests.treaty.weight").all()
    assert len(found) == len(asked) * 4


def test_the_smallest_change_is_a_row_for_each_change(
    crisis: Crisis, hierarchy: standoff.Hierarchy
) -> None:
    result = standoff.find_smallest_change(crisis, "annexed", threshold=0.2, hierarchy=hierarchy)
    assert result.sets
    found = standoff.frame(result)
    first = result.sets[0]
    rows = found[found["set"] == 1]
    assert list(rows["path"]) == [each.path for each in first.changes]
    assert (rows["chance"] == first.chance).all()
    assert list(found["set"].unique()) == list(range(1, len(result.sets) + 1))
    assert kinds(found)["to"] == TEXT
    none = standoff.frame(replace(result, sets=()))
    assert none.empty
    assert kinds(none) == kinds(found)


def test_accounts_are_rows_and_so_are_the_parts_of_the_record() -> None:
    result = standoff.weigh(read(dam()), draws=128)
    assert result.known
    found = standoff.frame(result)
    assert list(found["account"]) == ["as_written", "greed", "fear"]
    assert found["posterior"].sum() == pytest.approx(1)
    assert found.loc[1, "factor_low"] < found.loc[1, "factor"] < found.loc[1, "factor_high"]
    assert found.loc[2, "central"] == result.accounts["fear"].central
    clues = standoff.frame(result, clues=True)
    assert len(clues) == 3 * len(result.clues)
    own = clues[clues["account"] == "greed"]
    assert own["ratio"].sum() == pytest.approx(found.loc[1, "factor"])
    assert own["central"].sum() == pytest.approx(found.loc[1, "central"])
    assert list(own["entry"].isna()) == [clue.entry is None for clue in result.clues]
    assert kinds(clues)["since"] == "datetime64[s]"
    numbers = standoff.frame(result, numbers=True)
    moved = [(name, each) for name, a in result.accounts.items() for each in a.numbers]
    assert list(zip(numbers["account"], numbers["path"], strict=True)) == [
        (name, each.path) for name, each in moved
    ]
    for row, (_, each) in zip(numbers.to_dict("records"), moved, strict=True):
        assert (row["prior_low"], row["prior"], row["prior_high"]) == each.prior
        assert row["posterior_low"] <= row["posterior"] <= row["posterior_high"]
        assert (row["moved"], row["shift"]) == (each.moved, each.shift)


@pytest.mark.parametrize("draws", [0, 8])
def test_what_a_record_says_is_missing_where_it_is_not_known(draws: int) -> None:
    result = standoff.weigh(read(dam()), draws=draws)
    found, clues = standoff.frame(result), standoff.frame(result, clues=True)
    unknown = ["factor", "factor_low", "posterior", "posterior_high"]
    assert found[unknown].isna().all(axis=None)
    assert clues[["likelihood", "error", "ratio", "ratio_error"]].isna().all(axis=None)
    assert found[["evidence", "error"]].isna().all(axis=None)
    assert found["best"].isna().all() == clues["best"].isna().all() == (draws == 0)
    assert standoff.frame(result, numbers=True).empty
    assert found["central"].notna().all()
    assert clues[["central", "central_ratio"]].notna().all(axis=None)


def test_what_was_observed_is_rows_over_time() -> None:
    crisis = read(dam())
    found = standoff.frame(standoff.timeline(crisis))
    rain = found[found["name"] == "rain"]
    assert list(rain["level"]) == ["no", "yes", "no"]
    assert list(rain["since"])[1] == pandas.Timestamp(2025, 3, 29)
    assert list(rain["until"])[:-1] == list(rain["since"])[1:]
    assert pandas.isna(rain["entry"].iloc[0])
    assert rain["entry"].iloc[1] == 1
    levels = standoff.frame(levels_over_time(crisis))
    pandas.testing.assert_frame_equal(
        levels[levels["name"] == "rain"].reset_index(drop=True), rain.reset_index(drop=True)
    )
    states = standoff.frame(states_over_time(crisis))
    assert list(states["rain"]) == ["no", "no", "yes", "no", "no", "no", "no"]
    assert list(states["begins"].dropna()) == ["spring", "summer"]
    moves = standoff.frame(observed_path(crisis))
    assert list(moves["variable"][:3]) == ["upper.gate", "lower.protest", "rain"]
    assert moves.loc[0, "earliest"] == 18


def test_scores_are_rows() -> None:
    outcomes, said = [1, 0, 1], [0.9, 0.2, 0.6]
    result = score_table(outcomes, said, {"uniform": [0.5] * 3})
    found = standoff.frame(result)
    assert list(found["score"]) == ["Brier", "log", "Brier", "log"]
    assert found["reference"].isna().tolist() == [True, True, False, False]
    assert found.loc[0, "value"] == result.brier.value
    assert found.loc[3, "high"] == result.skills[0].log.interval[1]
    single = standoff.frame(score_table([1], [0.9]))
    assert single[["low", "high"]].isna().all(axis=None)


def test_a_backtest_is_a_row_for_each_question() -> None:
    result = sample().backtest
    assert result is not None
    found = standoff.frame(result)
    assert list(found["question"]) == [each.forecast.question for each in result.backcasts]
    assert found["outcome"].isna().sum() == len(result.open) == 1
    assert found["brier"].mean() == pytest.approx(result.table.brier.value)
    assert found["log"].mean() == pytest.approx(result.table.log.value)
    assert kinds(found)["outcome"] == TRUTH
    assert kinds(found)["day"] == "datetime64[s]"


def test_kept_forecasts_are_rows_and_those_kept_too_late_say_so() -> None:
    known = ledger(kept_on(MAY), kept_on(JULY, question="late"), came_out(1, "no"),
                   came_out(2, "yes"), kept_on(MAY, question="open"))  # fmt: skip
    found = standoff.frame(score_ledger("here", known))
    assert list(found["id"]) == ["mines-1", "late-2"]
    assert list(found["late"]) == [False, True]
    assert list(found["outcome"]) == [False, True]
    assert found["brier"].tolist() == pytest.approx([0.49, 0.09])
    every = standoff.frame(list(known))
    assert every.loc[2, "question"] == "open"
    assert pandas.isna(every.loc[2, "outcome"])
    sealed = standoff.frame(replace(known[0], assessment=None, resolutions=()))
    assert pandas.isna(sealed.loc[0, "asks"])


def test_what_has_no_frame_is_said_to_have_none() -> None:
    with pytest.raises(TypeError, match="no frame for a int"):
        standoff.frame(3)


def test_without_pandas_it_says_how_to_install_it(
    crisis: Crisis, hierarchy: standoff.Hierarchy, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = standoff.forecast(crisis, "mines", hierarchy=hierarchy)

    def missing(name: str) -> object:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    from standoff.present.frames import frame

    frame(result)
    monkeypatch.setattr(extras.importlib, "import_module", missing)
    with pytest.raises(
        CrisisError, match=r"frame\(\) needs pandas: pip install 'standoff\[tables\]'"
    ):
        frame(result)
