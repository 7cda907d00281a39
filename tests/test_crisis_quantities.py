"""Ranges, weights, likelihoods, times and rates: what they mean, and that they keep their text."""

from __future__ import annotations

import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.crisis import Likelihood, Margin, Range, Rate, Span, Weight, word_for
from standoff.crisis.errors import BadValue
from standoff.crisis.likelihood import ICD_203
from standoff.crisis.quantities import Quantity


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1", 1, 1),
        ("1..2", 1, 2),
        ("0.5 .. 1.5", 0.5, 1.5),
        (3, 3, 3),
        (0.25, 0.25, 0.25),
        ("1e2", 100, 100),
    ],
)
def test_a_range_is_one_number_or_two(text: object, low: float, high: float) -> None:
    found = Range.parse(text)
    assert (found.low, found.high) == (low, high)
    assert found.central == (low + high) / 2
    assert found.exact == (low == high)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 days", 30), ("1 day", 1), ("every 6 days", 6), ("every day", 1), ("day", 1),
        ("2 weeks", 14), ("6 months", 6 * 30.44), ("1 year", 365.25), ("0.5 years", 182.625),
        ("2..4 weeks", 21), ("30  days", 30),
    ],
)  # fmt: skip
def test_times_are_in_days(text: str, days: float) -> None:
    assert Span.parse(text).central == pytest.approx(days, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("every 30 days", 1 / 30),
        ("every 20..40 days", 1 / 30),
        ("every week", 1 / 7),
        ("0.05 per day", 0.05),
        ("1..3 per month", 2 / 30.44),
        ("2 per year", 2 / 365.25),
        ("70% within 5 days", -math.log(0.3) / 5),
        ("0.7 within 5 days", -math.log(0.3) / 5),
        ("60..80% within 4..6 days", -math.log(0.3) / 5),
        ("likely within 1 week", -math.log(1 - 0.675) / 7),
    ],
)
def test_the_central_rate_comes_from_the_midpoints_of_its_numbers(text: str, rate: float) -> None:
    found = Rate.parse(text)
    assert found.central == pytest.approx(rate, rel=1e-14)
    assert found.per_day(*(number.central for number in found.numbers)) == found.central


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("70%", 0.7, 0.7), (0.7, 0.7, 0.7), ("60..80%", 0.6, 0.8), ("60%..80%", 0.6, 0.8),
        ("0.1..0.2", 0.1, 0.2), ("likely", 0.55, 0.8), ("Very likely", 0.8, 0.95),
        ("remote", 0.01, 0.05), ("certain", 1, 1), (1, 1, 1), (0, 0, 0),
    ],
)  # fmt: skip
def test_a_likelihood_is_a_number_a_percentage_a_range_or_a_word(
    text: object, low: float, high: float
) -> None:
    found = Likelihood.parse(text)
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Range, "1..2"), (Range, "0.5 .. 1.5"), (Weight, "major"), (Weight, "1..2"),
        (Likelihood, "likely"), (Likelihood, "60..80%"), (Span, "2..3 weeks"), (Span, "1 day"),
        (Rate, "70% within 5 days"), (Rate, "every 30 days"), (Rate, "0.05 per day"),
        (Margin, "1.2x"), (Margin, "10 points"),
    ],
)  # fmt: skip
def test_what_was_written_is_written_back(kind: type[Quantity], text: str) -> None:
    found = kind.parse(text)
    assert str(found) == text
    assert found.written() == text
    assert kind.parse(found) is found
    assert pickle.loads(pickle.dumps(found)) == found


@given(st.floats(min_value=0, max_value=1e12), st.floats(min_value=0, max_value=1e12))
def test_a_range_made_of_numbers_reads_as_itself(one: float, other: float) -> None:
    made = Range(min(one, other), max(one, other))
    assert Range.parse(made.written()) == made
    assert Range.parse(str(made)) == made


def test_equality_looks_at_the_numbers_and_not_at_the_text() -> None:
    assert Range.parse("1..2") == Range.parse("1.0..2.0") == Range(1, 2)
    assert hash(Range.parse("1..2")) == hash(Range(1, 2))
    assert Range.parse("1..2") != Range.parse("1..3")


@given(st.text(max_size=30))
@pytest.mark.parametrize("kind", [Range, Weight, Likelihood, Span, Rate, Margin])
def test_any_text_is_read_or_refused_with_a_sentence(kind: type[Quantity], text: str) -> None:
    try:
        kind.parse(text)
    except BadValue as err:
        assert err.code.startswith("SO0")  # noqa: PT017 (either outcome is right)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Weight, "-1", "SO052"), (Weight, "-1..2", "SO052"), (Range, "3..1", "SO051"),
        (Likelihood, "1.01", "SO053"), (Likelihood, "-5%", "SO053"), (Likelihood, "120%", "SO053"),
        (Rate, "0 per day", "SO054"), (Rate, "0% within 5 days", "SO054"),
        (Rate, "100% within 5 days", "SO054"), (Rate, "50..100% within 5 days", "SO054"),
        (Rate, "every 0 days", "SO054"), (Rate, "-1 per day", "SO054"), (Span, "0 days", "SO054"),
        (Span, "-3 days", "SO054"), (Span, "3 fortnights", "SO055"), (Span, "days 3", "SO055"),
        (Rate, "30 days", "SO055"), (Range, "1e999", "SO050"), (Range, "nan", "SO050"),
        (Range, "٣", "SO050"), (Margin, "0.5x", "SO050"), (Range, True, "SO032"),
        (Range, None, "SO032"), (Range, "1" * 5000, "SO032"), (Span, "1" * 60 + "!", "SO055"),
    ],
)  # fmt: skip
def test_numbers_out_of_bounds_are_refused(kind: type[Quantity], text: object, code: str) -> None:
    with pytest.raises(BadValue) as caught:
        kind.parse(text)
    assert caught.value.code == code


def test_likelihood_words_are_half_open_and_the_end_words_reach_the_ends() -> None:
    assert [word_for(edge) for edge in (0.05, 0.2, 0.45, 0.55, 0.8, 0.95)] == [
        row[0] for row in ICD_203[1:]
    ]
    assert word_for(0.0) == word_for(0.049) == "almost no chance"
    assert word_for(1.0) == word_for(0.99) == "almost certain"
    assert word_for(0.62, row="B") == "probable"
