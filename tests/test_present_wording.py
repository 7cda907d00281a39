"""Probabilities in words: the number is always there, and never says more than is known."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.crisis.likelihood import word_for
from standoff.present.wording import likely, percent, points

probabilities = st.floats(0, 1)


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.07, "very unlikely (7%)"),
        (0.62, "likely (62%)"),
        (0.0, "almost no chance (0%)"),
        (1e-9, "almost no chance (below 1%)"),
        (0.9999, "almost certain (above 99%)"),
        (1.0, "almost certain (100%)"),
        (0.2, "unlikely (20%)"),
        (0.1996, "very unlikely (19.96%)"),
        (0.55, "likely (55%)"),
        (0.5499999, "roughly even chance (54.99999%)"),
        (0.99, "almost certain (99%)"),
    ],
)
def test_a_probability_is_a_word_with_its_number(probability: float, said: str) -> None:
    assert likely(probability) == said


@given(probabilities)
def test_the_word_is_the_one_of_the_standard(probability: float) -> None:
    assert likely(probability).startswith(f"{word_for(probability)} (")


@given(probabilities)
def test_a_number_beside_a_word_lies_in_the_range_of_the_word(probability: float) -> None:
    number = re.fullmatch(r"(.+) \(([\d.]+)%\)", likely(probability))
    if number:
        assert abs(float(number[2]) / 100 - probability) <= 0.005 + 1e-12
        near_an_edge = word_for(probability - 1e-9) != word_for(probability + 1e-9)
        assert word_for(float(number[2]) / 100) == number[1] or near_an_edge


@given(st.floats(1e-11, 1 - 1e-11))
def test_nothing_is_rounded_to_certainty(probability: float) -> None:
    assert percent(probability) not in ("0%", "100%")


def test_an_estimate_is_never_certain_and_carries_its_error() -> None:
    assert likely(0.0, error=0.0) == "almost no chance (below 1%; estimated)"
    assert likely(1.0, error=0.0) == "almost certain (above 99%; estimated)"
    assert likely(0.08, error=0.0043) == "very unlikely (8%; standard error 0.4 points)"


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (0.3, "+30 points"),
        (-0.3, "−30 points"),
        (0.0096, "+1 point"),
        (-0.004, "−0.4 points"),
        (1e-5, "under 0.1 points"),
        (0.0, "no change"),
    ],
)
def test_a_difference_is_in_points(difference: float, said: str) -> None:
    assert points(difference) == said
