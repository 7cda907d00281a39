"""What a record says of explanations, in words, as a chart and in the report."""

from __future__ import annotations

import functools
import math
from dataclasses import replace

import pytest

from dam import dam, read
from standoff import Weighing, weigh
from standoff.present.charts_weighing import weighing_chart
from standoff.present.json import dumps
from standoff.present.json_weighing import weighing_data
from standoff.present.report_weighing import weighing
from standoff.present.svg import drawing
from standoff.present.text import as_text, render
from standoff.present.weighing_words import account, decisive, odds, of_account, of_evidence, speaks
from standoff.study.weighed import AS_WRITTEN

CRISIS = read(dam())


@functools.cache
def weighed(draws: int = 256) -> Weighing:
    return weigh(CRISIS, draws=draws)


def text(found: Weighing, width: int = 80) -> str:
    return " ".join(render(as_text(found, crisis=CRISIS), width=width).split())


def test_the_first_sentence_is_what_the_record_says() -> None:
    said = text(weighed())
    assert said.startswith("Given the record, the crisis as written is likely (")
    assert "the record favours it" in said.split(".")[0] + said.split(".")[1]


def test_accounts_come_in_the_order_of_their_evidence_with_number_beside_word() -> None:
    said = text(weighed())
    places = [said.index(f"{account(name)}: ") for name in (AS_WRITTEN, "fear", "greed")]
    assert places == sorted(places)
    for each in weighed().accounts.values():
        assert of_account(each) in said
        assert "%" in of_account(each)
        assert of_evidence(each, 256) in said


def test_what_decided_is_told_with_date_source_and_odds() -> None:
    found, said = weighed(), text(weighed())
    told = said[said.index("WHAT DECIDED") : said.index("WHICH NUMBERS")]
    assert "20 Mar 2025 upper.gate: shut" in told
    assert "The gate is shut at dawn. [log 3]" in told
    assert "nothing more for 29 days" in told
    strongest = decisive(found)[0]
    assert strongest.entry == 4
    ratio = speaks(found, strongest)["greed"]
    assert f"greed {odds(ratio)}" in told


def test_numbers_that_moved_are_told_in_words() -> None:
    said = text(weighed())
    assert "Upperland: interest water, weight (as greed has it): from 2.2-5.8 to" in said
    assert "explanations." not in said


def test_what_is_not_known_is_not_said() -> None:
    found = weighed(8)
    said = text(found)
    assert said.startswith("What the record says is not known yet: 8 draws count for ")
    assert f"About {found.wanted:,} may do" in said
    first = said[: said.index("THE ACCOUNTS AT CENTRAL VALUES")]
    assert " to 1" not in first
    for words in ("likely (", "speaks", "hardly tells", "WHAT DECIDED", "standard error"):
        assert words not in said
    for each in found.accounts.values():
        assert each.short
        assert f"log-likelihood {each.best:.2f} in the likeliest draw" in said
    data = weighing_data(CRISIS, found)
    assert all(each["posterior"] is None for each in data["accounts"].values())
    assert all(each["log_bayes_factor"] is None for each in data["accounts"].values())
    assert all(each["log_evidence"] is None for each in data["accounts"].values())
    assert all(each["log_ratios"] == {} for each in data["clues"])
    for each, clue in zip(data["clues"], found.clues, strict=True):
        assert each["log_likelihoods_best"] == clue.best
    assert "not known" in weighing(found, CRISIS)


@pytest.mark.parametrize("draws", [0, 8])
def test_without_enough_draws_there_are_central_values_and_the_word_for_it(draws: int) -> None:
    found = weighed(draws)
    said = text(found)
    label = "what the ranges leave open is not averaged over, so this is no posterior"
    likeliest = f"At central values the record is likeliest under {account(AS_WRITTEN)}, "
    assert said.count(label) == 1
    assert likeliest in said[: said.index(label)]
    for name, each in found.accounts.items():
        assert f"{account(name)}: log-likelihood {each.central:.2f}" in said
    told = said[said.index("WHAT TELLS THEM APART AT CENTRAL VALUES") :]
    strongest = decisive(found)[0]
    assert f"greed {odds(strongest.central_ratio('greed'))}" in told
    assert "The gate is shut at dawn. [log 3]" in told
    page = weighing(found, CRISIS)
    assert likeliest in page
    assert label in page
    assert page.count("<svg") == 2
    assert "built up over the record, at central values" in page
    chart = weighing_chart(found, CRISIS)
    assert chart["title"]["text"] == ["At central values"]
    ends = [each["data"]["values"][-1]["odds"] for each in chart["layer"]
            if each["mark"]["type"] == "line"]  # fmt: skip
    whole = [found.accounts[name].central - found.accounts[AS_WRITTEN].central
             for name in ("greed", "fear")]  # fmt: skip
    assert ends == pytest.approx(whole, abs=1e-5)


def unlikely(found: Weighing, *places: int) -> Weighing:
    """The same where no account expected some parts of the record."""
    clues = tuple(
        replace(
            each,
            central={name: value - 50.0 for name, value in each.central.items()},
            likelihoods={name: (v - 50.0, e) for name, (v, e) in each.likelihoods.items()},
            best={name: value - 50.0 * (place > 0) for name, value in each.best.items()},
        )
        if place in places
        else each
        for place, each in enumerate(found.clues)
    )
    return replace(found, clues=clues)


@pytest.mark.parametrize("draws", [0, 8, 256])
def test_odds_come_with_how_much_of_the_record_no_account_explains(draws: int) -> None:
    found = weighed(draws)
    assert "all but impossible" not in text(found)
    strongest = found.clues.index(decisive(found)[0])
    assert strongest > 0
    when = "" if found.known else "At central values "
    count = f"of {len(found.clues)} parts of the record"
    for places, were, still in (
        ((strongest,), f"{when}{'One' if found.known else 'one'} {count} was", 1),
        ((0, 1), f"{when}2 {count} were", 1),
        ((0,), f"{when}{'One' if found.known else 'one'} {count} was", "none"),
    ):
        doubtful = unlikely(found, *places)
        said, page = text(doubtful), weighing(doubtful, CRISIS)
        sentence = f"{were} all but impossible to every account"
        assert said.count(sentence) == page.count(sentence) == 1
        if draws != 8:  # there, what is not known comes first
            assert said.index(sentence) < said.index("From the end of")
        else:
            assert said.index(sentence) > said.index("THE ACCOUNTS AT CENTRAL VALUES")
            assert f"{sentence}, and in every draw {still} of them; what tells" in said
            clue = doubtful.clues[places[0]]
            name, most = max(clue.best.items(), key=lambda each: each[1])
            share = math.exp(-most)
            one_in = f"{share:,.0f}" if share <= 1e6 else f"10^{math.log10(share):.0f}"
            told = f"1 in {one_in} in the draw where it was likeliest, of {account(name)}"
            assert told in said
        rest = [each for place, each in enumerate(found.clues) if place not in places]
        left = {
            name: sum(each.likelihoods[name][0] if found.known else each.central[name]
                      for each in rest)
            for name in found.accounts
        }  # fmt: skip
        best, following = sorted(left, key=lambda name: -left[name])[:2]
        told = odds(left[best] - left[following])
        given = "it" if len(places) == 1 else "them"
        assert f"Taking {given} as given, the record is likeliest" in said
        tail = said[said.index("as given, ") :]
        if told == "even":
            assert f"under {account(best)} and {account(following)}." in tail
        else:
            assert f"under {account(best)}, {told} over {account(following)}, the next" in tail


def test_without_draws_nothing_is_said_of_posteriors_and_factors() -> None:
    found = weighed(0)
    said, page = text(found), weighing(found, CRISIS)
    for words in (
        "likely (",
        "speaks",
        "hardly",
        "evidence",
        "seed",
        "Before the record",
        "not kn",
    ):
        assert words not in said
        assert words not in page
    assert "no draws" in said
    data = weighing_data(CRISIS, found)
    assert (data["draws"], data["draws_wanted"], data["known"]) == (0, None, False)
    for name, each in data["accounts"].items():
        assert each["log_likelihood_central"] == found.accounts[name].central
        assert not each["impossible"]
        for key in ("posterior", "log_evidence", "error", "effective_sample_size"):
            assert each[key] is None
    first = data["clues"][0]
    assert first["log_ratios_central"]["fear"] == found.clues[0].central_ratio("fear")
    assert first["log_likelihoods_central"][AS_WRITTEN] == found.clues[0].central[AS_WRITTEN]
    assert (first["log_likelihoods"], first["log_ratios"]) == ({}, {})
    dumps(data)


def test_what_is_impossible_or_equal_at_central_values_is_said_so() -> None:
    found = weighed(0)

    def said(**logs: float) -> str:
        accounts = {
            n: replace(a, central=logs.get(n, a.central)) for n, a in found.accounts.items()
        }
        return text(replace(found, accounts=accounts)).split(";")[0]

    gone = -math.inf
    assert said(greed=gone, fear=gone) == (
        "At central values no account but the crisis as written can have made the record"
    )
    assert said(as_written=gone, greed=gone, fear=gone).endswith(
        "no account can have made the record"
    )
    assert said(fear=found.accounts[AS_WRITTEN].central + 0.01).endswith(
        "likeliest, and about equally so, under fear and the crisis as written"
    )


def test_an_account_that_cannot_have_made_the_record_is_said_to_be_impossible() -> None:
    found = weighed()
    gone = replace(
        found.accounts["greed"], evidence=-math.inf, posterior=(0.0, 0.0, 0.0),
        factor=(-math.inf,) * 3, numbers=(), effective=0.0,
    )  # fmt: skip
    changed = replace(found, accounts={**found.accounts, "greed": gone})
    assert "greed: cannot have made the record" in text(changed)
    data = weighing_data(CRISIS, changed)["accounts"]["greed"]
    assert (data["log_evidence"], data["impossible"]) == (None, True)
    dumps(data)
    assert "cannot have made the record" in weighing(changed, CRISIS)


def test_json_has_every_number() -> None:
    found = weighed()
    data = weighing_data(CRISIS, found)
    assert list(data["accounts"]) == [AS_WRITTEN, "greed", "fear"]
    assert data["accounts"]["greed"]["log_bayes_factor"]["value"] == pytest.approx(
        found.accounts["greed"].factor[0]
    )
    assert [each["entry"] for each in data["clues"]] == [0, 1, 2, None, 3, 4]
    total = sum(each["log_ratios"]["fear"]["value"] for each in data["clues"])
    assert total == pytest.approx(found.accounts["fear"].factor[0])
    assert data["clues"][0]["source"] == "log 3"
    dumps(data)


@pytest.mark.parametrize("width", [330, 860])
def test_the_chart_sums_the_odds_up(width: int) -> None:
    chart = weighing_chart(weighed(), CRISIS, width=width)
    lines = [each for each in chart["layer"] if each["mark"]["type"] == "line"]
    assert len(lines) == 2
    for name, line in zip(("greed", "fear"), lines, strict=True):
        last = line["data"]["values"][-1]["odds"]
        assert last == pytest.approx(weighed().accounts[name].factor[0], abs=1e-5)
    words = [
        value["text"]
        for each in chart["layer"]
        if each["mark"]["type"] == "text"
        for value in each["data"]["values"]
    ]
    assert any(str(each).startswith("greed: 1 to ") for each in words)
    assert "<svg" in drawing(chart, "odds", "The odds.")


def test_the_section_of_the_report_says_the_same() -> None:
    page = weighing(weighed(), CRISIS)
    assert 'id="weighing"' in page
    assert "Given the record, the crisis as written is likely (" in page
    assert "The gate is shut at dawn." in page
    assert page.count("<svg") == 2
    assert 'href="#source-log"' in page
    assert page == weighing(weigh(CRISIS, draws=256), CRISIS)


def test_what_no_account_expected_is_said_to_be_so() -> None:
    found = weighed()
    assert "all but impossible" not in text(found)
    strongest = decisive(found)[0]
    far = {name: (value - 40, error) for name, (value, error) in strongest.likelihoods.items()}
    clues = tuple(replace(c, likelihoods=far) if c is strongest else c for c in found.clues)
    changed = replace(found, clues=clues)
    best = max(value for value, _ in far.values())
    said = f"all but impossible: at best 1 in 10^{-best / math.log(10):.0f}."
    assert said in text(changed)
    assert said in weighing(changed, CRISIS)
    central = weighed(0)
    far_too = {name: -40.0 - place for place, name in enumerate(far)}
    clues = tuple(replace(c, central=far_too) if c.entry == 4 else c for c in central.clues)
    assert "all but impossible: at best 1 in 10^17." in text(replace(central, clues=clues))
