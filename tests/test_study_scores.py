"""Scores: worked out by hand, laws that they keep, and what a ledger makes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import inf, log, nan
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from ledger_contract import assessment
from standoff.crisis.errors import CrisisError
from standoff.study.calibration import calibrate
from standoff.study.ledger_entries import ORIGIN, Draft, chained
from standoff.study.ledger_kept import Kept, folded
from standoff.study.ledger_scores import previous, score_ledger
from standoff.study.scores import base_rates, brier_scores, log_scores, score_table

chances = st.lists(
    st.tuples(st.booleans(), st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=40
)


# Worked out by hand -----------------------------------------------------------------------------


def test_scores_are_those_of_the_definitions() -> None:
    table = score_table([1, 0, 0], [0.9, 0.2, 0.5])
    assert table.brier.value == pytest.approx((0.01 + 0.04 + 0.25) / 3)
    assert table.log.value == pytest.approx((log(0.9) + log(0.8) + log(0.5)) / 3)
    assert (table.n, table.questions, table.yes) == (3, 3, 1)


def test_a_certainty_that_fails_is_clipped_for_the_log_score_only() -> None:
    assert brier_scores([1], [0.0]).tolist() == [1.0]
    assert log_scores([1, 0, 0], [0.0, 1.0, 0.0999]).tolist() == pytest.approx(
        [log(0.001), log(0.001), log(1 - 0.0999)]
    )


def test_skill_is_the_share_of_the_references_score_that_is_saved() -> None:
    table = score_table([1, 0], [0.9, 0.1], {"uniform": [0.5, 0.5], "never": [0.0, 0.0]})
    uniform, never = table.skills
    assert uniform.brier.value == pytest.approx(1 - 0.01 / 0.25)
    assert uniform.log.value == pytest.approx(1 - log(0.9) / log(0.5))
    assert never.brier.value == pytest.approx(1 - 0.01 / 0.5)
    assert (never.reference_brier, uniform.reference_log) == (0.5, pytest.approx(log(0.5)))


def test_a_reference_counts_only_where_it_says_something() -> None:
    table = score_table(
        [1, 0, 1], [0.9, 0.5, 0.5], {"before": [0.6, nan, nan], "silent": [nan] * 3}
    )
    (before,) = table.skills
    assert before.n == 1
    assert before.brier.value == pytest.approx(1 - 0.01 / 0.16)
    assert before.brier.interval is None


def test_no_skill_is_to_be_had_against_a_reference_without_error() -> None:
    table = score_table([1, 0], [0.9, 0.0], {"right": [1.0, 0.0]})
    assert table.skills[0].brier.value == -inf
    assert score_table([1], [1.0], {"right": [1.0]}).skills[0].brier.value == 0


def test_the_base_rate_leaves_the_questions_own_outcome_out() -> None:
    assert base_rates([1, 0, 0, 1]).tolist() == pytest.approx([1 / 3, 2 / 3, 2 / 3, 1 / 3])
    assert np.isnan(base_rates([1])).all()
    # Two forecasts of one question know no more of its outcome than one, and count as one.
    assert base_rates([1, 1, 0], ["a", "a", "b"]).tolist() == [0.0, 0.0, 1.0]
    assert base_rates([1, 1, 0, 0], "aabc").tolist() == [0.0, 0.0, 0.5, 0.5]


# Intervals --------------------------------------------------------------------------------------


def test_the_interval_is_that_of_the_percentile_bootstrap() -> None:
    generator = np.random.default_rng(3)
    said = generator.random(60)
    came = generator.random(60) < said
    table = score_table(came, said, resamples=4000, seed=1)
    found = scipy.stats.bootstrap(
        (brier_scores(came, said),),
        np.mean,
        confidence_level=0.9,
        n_resamples=4000,
        method="percentile",
        rng=np.random.default_rng(5),
    ).confidence_interval
    assert table.brier.interval == pytest.approx((found.low, found.high), abs=0.004)


def test_whole_questions_are_drawn() -> None:
    """Ten copies of each forecast are no more evidence than one."""
    came, said = [1, 0, 1, 0, 0], [0.9, 0.3, 0.4, 0.2, 0.6]
    once = score_table(came, said, {"uniform": [0.5] * 5})
    often = score_table(came * 10, said * 10, {"uniform": [0.5] * 50}, groups=list(range(5)) * 10)
    assert often.brier.interval == pytest.approx(once.brier.interval)
    assert often.skills[0].log.interval == pytest.approx(once.skills[0].log.interval)
    alone = score_table(came * 10, said * 10)
    assert alone.brier.interval is not None
    assert once.brier.interval is not None
    assert np.diff(alone.brier.interval) < np.diff(once.brier.interval) / 2
    assert (often.n, often.questions, alone.questions) == (50, 5, 50)


def test_one_question_has_no_interval() -> None:
    table = score_table([1, 1], [0.5, 0.75], groups=["a", "a"])
    assert table.brier.interval is None
    assert table.brier.value == pytest.approx((0.25 + 0.0625) / 2)


def test_the_same_seed_gives_the_same_interval_and_another_one_another() -> None:
    came, said = [1, 0, 1, 0, 0, 1, 1], [0.9, 0.3, 0.4, 0.2, 0.6, 0.55, 0.12]
    one, same, other = (score_table(came, said, seed=seed, resamples=99) for seed in (0, 0, 1))
    assert one == same
    assert one.brier.interval != other.brier.interval


def test_intervals_of_many_forecasts_do_not_need_much_memory() -> None:
    came = np.arange(30_000) % 3 == 0
    table = score_table(came, np.full(30_000, 1 / 3), resamples=200)
    assert table.brier.interval == pytest.approx((2 / 9, 2 / 9), abs=0.002)


@given(chances)
def test_scores_are_in_their_bounds_whatever_was_said(
    rows: list[tuple[bool, float, int]],
) -> None:
    came, said, of = (list(column) for column in zip(*rows, strict=True))
    table = score_table(came, said, {"uniform": [0.5] * len(came)}, groups=of, resamples=20)
    assert 0 <= table.brier.value <= 1
    assert log(0.001) * (1 + 1e-12) <= table.log.value <= 0
    assert table.questions == len(set(of))
    for each in (table.brier, table.log):
        assert (each.interval is None) is (table.questions < 2)
    assert table.skills[0].brier.value == pytest.approx(1 - table.brier.value / 0.25)


# Calibration ------------------------------------------------------------------------------------


def test_calibration_takes_twenty_questions() -> None:
    came, said = [True, False] * 10, [0.6, 0.4] * 10
    assert score_table(came[:19], said[:19]).calibration is None
    assert score_table(came, said, groups=[*range(19), 0]).calibration is None
    assert score_table(came, said).calibration is not None


def test_forecasts_are_compared_with_what_happened_by_their_word() -> None:
    found = calibrate([0, 1, 1, 0, 1], [0.03, 0.2, 0.45, 0.4499, 1.0])
    assert [(each.word, each.n, each.share) for each in found.bins] == [
        ("almost no chance", 1, 0.0),
        ("unlikely", 2, 0.5),  # 20% is the lower edge of unlikely, and 45% that of the next
        ("roughly even chance", 1, 1.0),
        ("almost certain", 1, 1.0),
    ]
    assert (found.bins[0].low, found.bins[-1].high) == (0.0, 1.0)
    assert found.bins[1].mean == pytest.approx((0.2 + 0.4499) / 2)


def test_a_word_fits_if_what_was_said_lies_within_the_interval() -> None:
    good = calibrate([1] * 7 + [0] * 3, [0.7] * 10).bins[0]
    bad = calibrate([0] * 10, [0.7] * 10).bins[0]
    assert (good.fits, bad.fits) == (True, False)


@given(chances)
def test_the_brier_score_is_the_sum_of_its_parts(rows: list[tuple[bool, float, int]]) -> None:
    came, said, _ = zip(*rows, strict=True)
    found = calibrate(came, said)
    whole = found.reliability - found.resolution + found.uncertainty + found.rest
    assert whole == pytest.approx(float(brier_scores(came, said).mean()), abs=1e-12)
    assert min(found.reliability, found.resolution, found.uncertainty) >= 0


def test_where_each_word_has_one_number_nothing_is_left_over() -> None:
    said = [0.1] * 10 + [0.7] * 10
    found = calibrate([1] + [0] * 9 + [1] * 6 + [0] * 4, said)
    assert found.rest == pytest.approx(0, abs=1e-15)
    assert found.reliability == pytest.approx((0 + 0.01) / 2)
    assert found.resolution == pytest.approx((0.35 - 0.1) ** 2)
    assert found.uncertainty == pytest.approx(0.35 * 0.65)


@pytest.mark.parametrize(
    ("came", "said", "more", "told"),
    [
        ([], [], {}, "nothing to score"),
        ([1], [0.5, 0.5], {}, "the same length"),
        ([2], [0.5], {}, "1 for yes or 0 for no"),
        ([1], [1.5], {}, "between 0 and 1"),
        ([1], [nan], {}, "between 0 and 1"),
        ([1], [0.5], {"references": {"x": [2.0]}}, "x has probabilities"),
        ([1], [0.5], {"references": {"x": [0.5, 0.5]}}, "x has"),
        ([1], [0.5], {"groups": [1, 2]}, "2 groups"),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    came: list[float], said: list[float], more: dict[str, Any], told: str
) -> None:
    with pytest.raises(CrisisError, match=told):
        score_table(came, said, **more)


# Of a ledger ------------------------------------------------------------------------------------


def kept_on(day: date, **changes: Any) -> tuple[datetime, Draft]:
    return datetime(day.year, day.month, day.day, tzinfo=UTC), Draft(
        changes.get("question", "mines"), "kept", assessment(**changes).data()
    )


def came_out(number: int, outcome: str) -> tuple[datetime, Draft]:
    body = {"of": number, "outcome": outcome, "source": "a", "note": None, "early": False}
    return datetime(2026, 8, 1, tzinfo=UTC), Draft("resolved", "resolved", body)


def ledger(*given: tuple[datetime, Draft]) -> tuple[Kept, ...]:
    """A ledger written at other times than now; resolutions name what they are about by number."""
    entries: list[Any] = []
    for number, (when, draft) in enumerate(given, 1):
        body = dict(draft.body)
        if "of" in body:
            body["of"] = entries[body["of"] - 1].id
        previous = entries[-1].hash if entries else ORIGIN
        whole = Draft(draft.stem, draft.kind, body)
        entries.append(chained(whole, number, "ann", when, previous))
    return tuple(folded(entries).values())


MAY, JULY = date(2026, 5, 30), date(2026, 7, 2)


def test_resolved_forecasts_are_scored_against_all_references() -> None:
    known = ledger(
        kept_on(MAY, probability=0.6),
        kept_on(MAY + timedelta(days=1), probability=0.9),
        kept_on(MAY, question="other", probability=0.1, unchanged=True),
        kept_on(MAY, question="waiting"),
        came_out(1, "yes"),
        came_out(2, "yes"),
        came_out(3, "no"),
    )
    found = score_ledger("here", known)
    assert found.table is not None
    assert (found.table.n, found.table.questions, found.open) == (3, 2, 1)
    skills = {each.reference: each for each in found.table.skills}
    assert list(skills) == ["base rate", "persistence", "uniform", "the previous assessment"]
    assert found.table.brier.value == pytest.approx((0.16 + 0.01 + 0.01) / 3)
    # Base rates without the own question: none of the other for mines, all of the other for it.
    assert skills["base rate"].reference_brier == pytest.approx(1.0)
    assert skills["persistence"].reference_brier == pytest.approx(1.0)
    before = skills["the previous assessment"]
    assert (before.n, before.reference_brier) == (1, pytest.approx(0.16))
    assert before.brier.value == pytest.approx(1 - 0.01 / 0.16)


def test_the_previous_assessment_is_the_last_one_of_the_same_question() -> None:
    known = ledger(
        kept_on(MAY, probability=0.1),
        kept_on(MAY, probability=0.2),
        kept_on(MAY, probability=0.3),
        kept_on(MAY, closes=date(2026, 9, 1)),
        kept_on(MAY, crisis="another"),
    )
    assert {name: each.id for name, each in previous(known).items()} == {
        "mines-2": "mines-1",
        "mines-3": "mines-2",
    }


def test_what_was_kept_after_it_closed_is_scored_apart() -> None:
    known = ledger(kept_on(MAY), kept_on(JULY, question="late"), came_out(1, "no"),
                   came_out(2, "yes"))  # fmt: skip
    found = score_ledger("here", known)
    assert [each.id for each in found.scored] == ["mines-1"]
    assert [each.id for each in found.late] == ["late-2"]
    assert found.table is not None
    assert found.late_table is not None
    assert found.table.brier.value == pytest.approx(0.49)
    assert found.late_table.brier.value == pytest.approx(0.09)


def test_nothing_resolved_gives_no_table() -> None:
    found = score_ledger("here", ledger(kept_on(MAY)))
    assert (found.table, found.late_table, found.open) == (None, None, 1)
