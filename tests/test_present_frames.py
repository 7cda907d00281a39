"""Results as pandas frames: a row for each thing, every column of one kind."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas
import pytest

import standoff
from standoff import Crisis, CrisisError
from standoff.crisis.uncertain import numbered
from standoff.study import extras
from standoff.study.asking import Request, Settings

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
