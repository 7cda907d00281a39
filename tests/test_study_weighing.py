"""Rival explanations are weighed as is defined: against quadrature, closed forms and dynesty."""

from __future__ import annotations

import datetime
import itertools
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import RectBivariateSpline
from scipy.special import logsumexp, ndtri
from scipy.stats import norm

import standoff
from dam import dam, read
from standoff import Crisis, CrisisError, UnknownNameError, weigh
from standoff.crisis.uncertain import Entry, numbered
from standoff.game.space import space_of
from standoff.present.json import dumps
from standoff.present.json_weighing import weighing_data
from standoff.solve.likelihood import Step, path_likelihood
from standoff.study.asking import Settings
from standoff.study.evidence import Evidence, _starts, gather
from standoff.study.fits import laplace, laplace_of_many
from standoff.study.hierarchy import Hierarchy
from standoff.study.latent import Bell, Latent, points
from standoff.study.likelihood import RecordVersions, observed
from standoff.study.moved import moved_numbers
from standoff.study.posterior import posteriors
from standoff.study.record import observed_path
from standoff.study.weighed import AS_WRITTEN, LEAST_EFFECTIVE

WEIGHTS = ("upper.interests.water.weight", "lower.interests.fields.weight")
FEW = 256


def versions_of(crisis: Crisis) -> tuple[RecordVersions, Latent]:
    base, entries = numbered(crisis)
    found = RecordVersions(base, observed_path(crisis), Hierarchy())
    return found, Latent.of(entries, found.crises)


# ------------------------------------------------------------------ the record's likelihood


def test_the_record_is_as_likely_as_its_path_in_each_situation_on_the_chain_there() -> None:
    crisis = read(dam())
    versions, latent = versions_of(crisis)
    space = space_of(crisis)
    gate, protest, rain = (space.axis_of(name) for name in ("upper", "lower", "rain"))
    spring = path_likelihood(
        Hierarchy().chain(crisis.in_situation("spring")),
        (0, 0, 0),
        [
            [Step(gate, 1, 18.0, 19.0)],
            [Step(protest, 1, 27.0, 28.0), Step(rain, 1, 27.0, 28.0)],
            [Step(rain, 0, 31.0, 32.0)],
        ],
        61.0,
    )
    summer = path_likelihood(
        Hierarchy().chain(crisis.in_situation("summer")),
        tuple({gate: 1}.get(axis, 0) for axis in range(3)),
        [[Step(protest, 1, 18.0, 19.0)], [Step(gate, 0, 33.0, 34.0)]],
        34.0,
    )
    middle = latent.values(np.zeros((1, len(latent.ranges))), np.empty((1, 0)))
    found = versions.answer(middle)
    assert found[0][0] == pytest.approx(spring.contributions[0], abs=2e-4)
    first, last, rest = summer.contributions[0]  # the record ends on the day of the last entry
    assert found[1][0] == pytest.approx([first, last + rest], abs=2e-4)
    assert found[0].shape == (1, 4)


def test_a_version_is_the_crisis_with_its_numbers_said() -> None:
    crisis = read(dam())
    versions, latent = versions_of(crisis)
    normal = np.random.default_rng(3).normal(size=(3, 2))
    values = latent.values(normal, np.empty((3, 0)))
    found = np.hstack(versions.answer(values)).sum(axis=1)
    for row, total in zip(values, found, strict=True):
        numbers = {WEIGHTS[i]: float(row[place]) for i, place in enumerate(latent.ranges)}
        one, nothing = versions_of(crisis.patched(numbers))
        assert nothing.ranges == ()
        middle = nothing.values(np.empty((1, 0)), np.empty((1, 0)))
        assert total == pytest.approx(np.hstack(one.answer(middle)).sum(), abs=1e-3)


def test_only_numbers_that_matter_are_uncertain() -> None:
    crisis = read(dam())
    base, entries = numbered(crisis)
    paths = [
        [entries[i].path for i in Latent.of(entries, [each.in_situation("spring")]).ranges]
        for each in (base, base.under("greed"))
    ]
    assert paths[0] == list(WEIGHTS)
    assert paths[1] == [WEIGHTS[1], "explanations.greed.with.upper.interests.water.weight"]


def test_an_entry_that_moves_too_many_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.study.likelihood.MOST_AT_ONCE", 1)
    crisis = read(dam())
    with pytest.raises(CrisisError, match="2025-03-29 moves 2 actors and conditions"):
        observed(crisis.in_situation("spring"), observed_path(crisis)[0])


# ------------------------------------------------------------------ evidence, on a grid


def exact_evidence(crisis: Crisis, nodes: int = 14) -> float:
    """By Gauss and Hermite's quadrature in every range, for every choice of claims that hold."""
    versions, latent = versions_of(crisis)
    places, shares = np.polynomial.hermite_e.hermegauss(nodes)
    count = len(latent.ranges)
    normal = np.array(list(itertools.product(places, repeat=count)))
    share = np.log([np.prod(each) for each in itertools.product(shares, repeat=count)])
    share -= count / 2 * math.log(2 * math.pi)
    logs = []
    for claims in itertools.product((0.0, 1.0), repeat=len(latent.holds)):
        held = np.tile(np.array(claims), (len(normal), 1))
        chance = np.prod(np.where(np.array(claims) == 1, latent.chances(), 1 - latent.chances()))
        found = np.hstack(versions.answer(latent.values(normal, held))).sum(axis=1)
        logs.append(logsumexp(found + share) + math.log(chance))
    return float(logsumexp(logs))


def doubtful() -> Crisis:
    """The dam, where it is not sure that Lowerland wants a voice."""
    raw = dam()
    raw["actors"]["lower"]["interests"]["voice"]["holds"] = "likely"
    raw["actors"]["lower"]["interests"]["fields"]["weight"] = 1
    return read(raw)


@pytest.mark.parametrize(("draws", "other"), [(FEW, "laplace_of_many"), (40, "laplace")])
def test_evidence_is_that_of_quadrature(
    draws: int, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the fit for few numbers, and with that for many."""
    monkeypatch.setattr(f"standoff.study.evidence.{other}", None)
    found = weigh(read(dam()), draws=draws)
    for name, each in found.accounts.items():
        assert each.likelihoods > draws
        crisis = read(dam())
        exact = exact_evidence(crisis if name == AS_WRITTEN else crisis.under(name))
        assert abs(each.evidence - exact) < 4 * each.error
        assert each.error < 2 / math.sqrt(draws)


def test_what_is_best_is_the_likeliest_of_the_draws() -> None:
    found = weigh(read(dam()), draws=FEW)
    for name, each in found.accounts.items():
        assert each.best is not None
        assert max(each.central, each.evidence or 0.0) < each.best
        assert each.best <= sum(clue.best[name] for clue in found.clues)
        assert all(clue.best[name] > clue.likelihoods[name][0] for clue in found.clues)
    assert weigh(read(dam()), draws=0).accounts[AS_WRITTEN].best is None


def test_evidence_where_a_claim_may_not_hold_is_that_of_quadrature() -> None:
    crisis = doubtful()
    each = weigh(crisis, ["greed"], draws=FEW).accounts[AS_WRITTEN]
    assert abs(each.evidence - exact_evidence(crisis, 40)) < 4 * each.error
    assert 0 < each.error < 0.06


def test_without_anything_open_the_evidence_is_the_likelihood() -> None:
    raw = dam()
    raw["actors"]["upper"]["interests"]["water"]["weight"] = 1
    raw["actors"]["lower"]["interests"]["fields"]["weight"] = 1
    crisis = read(raw)
    each = weigh(crisis, ["greed"], draws=FEW).accounts[AS_WRITTEN]
    versions, latent = versions_of(crisis)
    total = np.hstack(versions.answer(latent.values(np.empty((1, 0)), np.empty((1, 0))))).sum()
    assert each.evidence == pytest.approx(total)
    assert (each.error, each.effective, each.likelihoods) == (0.0, math.inf, 1)


def test_nested_sampling_agrees() -> None:
    """On a spline through likelihoods, since dynesty asks for one at a time."""
    dynesty = pytest.importorskip("dynesty")
    crisis = read(dam())
    versions, latent = versions_of(crisis)

    def likelihoods(normal: np.ndarray) -> np.ndarray:
        values = latent.values(normal, np.empty((len(normal), 0)))
        return np.hstack(versions.answer(values)).sum(axis=1)

    ticks = np.linspace(-4, 4, 17)
    table = likelihoods(np.array(list(itertools.product(ticks, ticks)))).reshape(17, 17)
    spline = RectBivariateSpline(ticks, ticks, table)
    tried = np.random.default_rng(0).normal(size=(20, 2))
    np.testing.assert_allclose(spline.ev(*tried.T), likelihoods(tried), atol=5e-3)
    sampler = dynesty.NestedSampler(
        lambda normal: float(spline.ev(*normal)), ndtri, 2, nlive=200, bound="single",
        sample="unif", rstate=np.random.default_rng(1),
    )  # fmt: skip
    sampler.run_nested(dlogz=0.1, print_progress=False)
    nested, error = sampler.results.logz[-1], sampler.results.logzerr[-1]
    each = weigh(crisis, ["greed"], draws=FEW).accounts[AS_WRITTEN]
    assert abs(each.evidence - nested) < 3 * math.hypot(error, each.error)
    assert each.error < error
    assert each.likelihoods < sum(sampler.results.ncall) / 5


# ------------------------------------------------------------- evidence, in closed form


def latent_of(ranges: int, holds: tuple[float, ...] = ()) -> Latent:
    entries = [Entry(f"number {i}", "range", 0.0, 1.0) for i in range(ranges)]
    entries += [Entry(f"claim {i}", "holds", chance, chance) for i, chance in enumerate(holds)]
    return Latent(tuple(entries), tuple(range(ranges)), tuple(range(ranges, ranges + len(holds))))


def bells(slopes: np.ndarray, bends: np.ndarray) -> Any:
    """A likelihood exp(b z - c z^2 / 2) in every number, in two parts, and its log evidence."""

    def likelihoods(values: np.ndarray) -> np.ndarray:
        normal = ndtri(np.clip(values[:, : len(slopes)], 1e-15, 1 - 1e-15))
        return np.column_stack([normal @ slopes, -(normal**2) @ bends / 2])

    exact = float((slopes**2 / (1 + bends) / 2 - np.log1p(bends) / 2).sum())
    return likelihoods, exact


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("size", "draws"), [(2, 256), (8, 1024), (40, 512), (160, 512)])
def test_evidence_has_its_closed_form(size: int, draws: int, seed: int) -> None:
    """Few numbers, and many of which ten matter."""
    rng = np.random.default_rng(seed)
    slopes, bends = np.zeros(size), np.zeros(size)
    those = rng.choice(size, min(size, 10), replace=False)
    slopes[those], bends[those] = rng.normal(size=len(those)), rng.random(len(those)) / 2
    likelihoods, exact = bells(slopes, bends)
    found = gather(likelihoods, latent_of(size), draws, seed)
    assert abs(found.total - exact) < 4 * found.error
    assert found.effective > draws / 4 > LEAST_EFFECTIVE
    assert found.draws == draws
    again = gather(likelihoods, latent_of(size), draws, seed)
    assert again.logs.tobytes() == found.logs.tobytes()


def test_claims_that_hold_are_averaged_over() -> None:
    def likelihoods(values: np.ndarray) -> np.ndarray:
        return np.log(np.where(values[:, :1] == 1, 0.9, 0.1))

    found = gather(likelihoods, latent_of(0, (0.3,)), 512, 0)
    assert abs(math.exp(found.total) - (0.3 * 0.9 + 0.7 * 0.1)) < 4 * found.error
    assert abs(math.exp(found.total) - 0.34) < 0.02


def test_a_fit_where_claims_hold_is_made_for_each_choice_of_them() -> None:
    """The likelihood is around 2 where the claim holds, and around -2 where it does not."""

    def likelihoods(values: np.ndarray) -> np.ndarray:
        normal = ndtri(np.clip(values[:, :1], 1e-15, 1 - 1e-15))
        return norm.logpdf(normal, np.where(values[:, 1:] == 1, 2.0, -2.0), 0.1)

    found = gather(likelihoods, latent_of(1, (0.5,)), 256, 0)
    exact = norm.logpdf(2.0, 0.0, math.sqrt(1.01))
    assert abs(found.total - exact) < 4 * found.error
    assert found.effective > 150


def test_parts_add_up_and_what_never_comes_about_is_impossible() -> None:
    likelihoods, _ = bells(np.array([0.7, -0.4]), np.array([0.5, 0.2]))
    found = gather(likelihoods, latent_of(2), 256, 0)
    logs, errors = found.by_part()
    assert logs.sum() == pytest.approx(found.total)
    assert (errors > 0).all()
    assert errors.max() < 0.1

    def never(values: np.ndarray) -> np.ndarray:
        return np.column_stack([likelihoods(values)[:, 0], np.full(len(values), -math.inf)])

    gone = gather(never, latent_of(2), 64, 0)
    assert (gone.total, gone.effective) == (-math.inf, 0.0)
    logs, _ = gone.by_part()
    assert np.isfinite(logs[0])
    assert logs[1] == -math.inf


def test_the_standard_error_is_that_of_repeated_estimates() -> None:
    likelihoods, exact = bells(np.array([1.2, -0.8]), np.array([0.5, 3.0]))
    found = [gather(likelihoods, latent_of(2), 64, seed) for seed in range(40)]
    totals = np.array([each.total for each in found])
    said = np.mean([each.error for each in found])
    assert totals.std() < 1.3 * said  # a Sobol' sequence does better than independent draws
    assert abs(totals.mean() - exact) < 4 * said / math.sqrt(40) + said**2


# ------------------------------------------------------------------------------ fits


def test_laplace_finds_peak_and_spread_of_a_normal_posterior() -> None:
    slope, bend = np.array([1.0, -2.0]), np.array([[2.0, 0.8], [0.8, 1.0]])

    def function(normal: np.ndarray) -> np.ndarray:
        return normal @ slope - np.einsum("di,ij,dj->d", normal, bend, normal) / 2

    found = laplace(function, 2)
    assert found is not None
    precision = np.eye(2) + bend
    np.testing.assert_allclose(found.mean, np.linalg.solve(precision, slope), atol=0.02)
    covariance = found.factor @ found.factor.T
    np.testing.assert_allclose(covariance, 1.21 * np.linalg.inv(precision), rtol=0.01)


def test_there_is_no_peak_where_the_middle_is_impossible() -> None:
    assert laplace(lambda normal: np.full(len(normal), -math.inf), 2) is None


def test_the_fit_of_many_numbers_is_the_posterior_where_the_likelihood_is_a_bell() -> None:
    """It bends along two numbers, and along a direction that all of another ten share."""
    size = 60
    shared = np.zeros(size)
    shared[20:30] = 1.0

    def likelihoods(normal: np.ndarray) -> np.ndarray:
        apart = -2 * (normal[:, 3] - 1) ** 2 - (normal[:, 4] + 2) ** 2
        return np.column_stack([apart, -((normal @ shared - 4) ** 2)])

    bell = laplace_of_many(lambda _at: likelihoods, np.zeros(size))
    assert bell is not None
    precision = np.eye(size) + 2 * np.outer(shared, shared)
    precision[3, 3] += 4
    precision[4, 4] += 2
    slope = 8 * shared
    slope[3], slope[4] = 4, -4
    np.testing.assert_allclose(bell.mean, np.linalg.solve(precision, slope), atol=0.1)
    covariance = bell.factor @ bell.factor.T
    widened = np.where(np.linalg.eigvalsh(precision) > 2, 1.21, 1.0)
    values, vectors = np.linalg.eigh(precision)
    np.testing.assert_allclose(covariance, (vectors * widened / values) @ vectors.T, atol=0.02)


def test_a_search_goes_on_with_numbers_that_matter_only_further_up() -> None:
    def likelihoods(normal: np.ndarray) -> np.ndarray:
        return np.column_stack([-8 * (normal[:, 0] - 2) ** 2 + normal[:, 0] * normal[:, 1]])

    bell = laplace_of_many(lambda _at: likelihoods, np.zeros(30))
    assert bell is not None
    assert bell.mean[1] > 1.4  # at first its slope is zero
    assert bell.mean[0] > 1.8


def test_where_nothing_matters_the_fit_of_many_numbers_is_the_prior() -> None:
    bell = laplace_of_many(lambda _at: lambda normal: np.zeros((len(normal), 3)), np.zeros(30))
    assert bell is not None
    np.testing.assert_array_equal(bell.mean, np.zeros(30))
    np.testing.assert_allclose(bell.factor, np.eye(30))


def test_a_fit_of_many_numbers_starts_elsewhere_where_the_middle_is_impossible() -> None:
    """The likelihood is a bell around 1, and nothing below one half."""

    def likelihoods(values: np.ndarray) -> np.ndarray:
        normal = ndtri(np.clip(values[:, :1], 1e-15, 1 - 1e-15))
        return np.where(normal > 0.5, norm.logpdf(normal, 1.0, 0.5), -math.inf)

    found = gather(likelihoods, latent_of(20), 512, 0)
    width = math.sqrt(0.2)  # of the posterior: its precision is 1 + 1 / 0.25, its mean 0.8
    exact = norm.logpdf(1.0, 0.0, math.sqrt(1.25)) + norm.logsf(0.5, 0.8, width)
    assert abs(found.total - exact) < 4 * found.error
    assert found.effective > 150
    assert laplace_of_many(lambda _at: likelihoods, np.zeros(20)) is None


def test_a_fit_asks_for_likelihoods_close_to_where_it_is() -> None:
    likelihoods, exact = bells(np.linspace(0.5, 1, 20), np.zeros(20))
    seen: list[float] = []

    def around(at: np.ndarray) -> Any:
        def found(values: np.ndarray) -> np.ndarray:
            seen.append(float(np.abs(ndtri(values) - ndtri(at)).max()))
            return likelihoods(values)

        return found

    found = gather(likelihoods, latent_of(20), 256, 0, around)
    assert abs(found.total - exact) < 4 * found.error
    assert np.median(seen) < 0.5
    assert found.likelihoods > 256 + len(seen)


def test_a_fit_may_start_where_that_of_another_account_lies() -> None:
    """The other one leaves one number more open, in front, and its peak is close."""
    slopes = np.linspace(1, 3, 20)
    likelihoods, exact = bells(slopes, np.zeros(20))
    first = gather(likelihoods, latent_of(20), 128, 0)
    np.testing.assert_allclose(first.centre, slopes, atol=0.5)
    more = latent_of(21)
    moved = Latent(more.entries, tuple(range(1, 21)), ())

    def same(values: np.ndarray) -> np.ndarray:
        return likelihoods(values[:, 1:])

    wide = Latent(more.entries, tuple(range(21)), ())
    beside = gather(same, wide, 128, 0)
    alone, quicker = (gather(same, moved, 128, 0, None, other) for other in (None, beside))
    assert quicker.likelihoods < 0.7 * alone.likelihoods
    for found in (alone, quicker):
        assert abs(found.total - exact) < 4 * found.error
    far = replace(beside, centre=np.full(21, -3.0))  # the middle is the better start
    again = gather(same, moved, 128, 0, None, far)
    assert again.logs.tobytes() == alone.logs.tobytes()


def test_a_number_that_another_account_lacks_starts_in_its_middle() -> None:
    beside = gather(bells(np.ones(20), np.zeros(20))[0], latent_of(20), 128, 0)
    wide = latent_of(21)
    starts = _starts(wide, beside)
    np.testing.assert_array_equal(starts[0], np.zeros(21))
    np.testing.assert_array_equal(starts[1], [*beside.centre, 0.0])
    assert len(_starts(wide, None)) == 1


def test_versions_around_some_numbers_are_those_numbers() -> None:
    crisis = doubtful()
    versions, latent = versions_of(crisis)
    rng = np.random.default_rng(0)
    claims = rng.integers(0, 2, size=(6, len(latent.holds))).astype(float)
    values = latent.values(rng.normal(size=(6, len(latent.ranges))), claims)
    close = versions.around(values[0])
    assert close.central.draws is not None
    np.testing.assert_array_equal(close.central.draws.values, values[:1])
    assert versions.central.draws is None
    for one, other in zip(versions.answer(values), close.answer(values), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)
        assert one.std() > 0
    again = close.answer(values, workers=2, at_once=3)
    assert [each.tobytes() for each in again] == [each.tobytes() for each in close.answer(values)]


def test_densities_are_those_of_scipy() -> None:
    from scipy.stats import multivariate_normal

    factor = np.array([[1.0, 0.0], [0.5, 0.7]])
    bell, places = Bell(np.array([0.3, -0.1]), factor), np.random.default_rng(0).normal(size=(5, 2))
    exact = multivariate_normal(bell.mean, factor @ factor.T).logpdf(places)
    np.testing.assert_allclose(bell.density(places), exact)
    drawn = bell.draw(points(4096, 2, (0,)))
    np.testing.assert_allclose(np.cov(drawn.T), factor @ factor.T, atol=0.02)
    np.testing.assert_allclose(drawn.mean(axis=0), bell.mean, atol=0.02)


# ------------------------------------------------------------- numbers that have moved


def test_numbers_move_as_much_as_the_posterior_says() -> None:
    likelihoods, _ = bells(np.array([2.0, 0.0]), np.array([3.0, 0.0]))
    first, second = moved_numbers(gather(likelihoods, latent_of(2), 1024, 0))
    exact = norm.cdf(norm.ppf([0.05, 0.5, 0.95], 0.5, 0.5))
    np.testing.assert_allclose(first.posterior, exact, atol=0.03)
    assert first.prior == pytest.approx((0.05, 0.5, 0.95))
    assert (first.moved, second.moved) == (True, False)
    np.testing.assert_allclose(second.posterior, second.prior, atol=0.03)


def test_a_claim_may_come_to_hold_more_often() -> None:
    def likelihoods(values: np.ndarray) -> np.ndarray:
        return np.log(np.where(values[:, :1] == 1, 0.9, 0.1))

    (claim,) = moved_numbers(gather(likelihoods, latent_of(0, (0.3,)), 1024, 0))
    assert (claim.kind, claim.moved) == ("holds", True)
    assert claim.posterior[1] == pytest.approx(0.27 / 0.34, abs=0.02)


# ---------------------------------------------------------------------- weighing


def test_a_weighing_has_the_same_bytes_for_any_number_of_workers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = dam()
    raw["actors"]["lower"]["interests"] |= {
        f"more_{i}": {"seeks": "protest", "weight": "0..0.1"} for i in range(4)
    }
    crisis = read(raw)
    whole = dumps(weighing_data(crisis, weigh(crisis, ["greed"], draws=48)))
    monkeypatch.setattr("standoff.study.versions._STATES_AT_ONCE", 8 * 16)
    for workers in (1, 2):
        found = weigh(crisis, ["greed"], draws=48, workers=workers)
        assert dumps(weighing_data(crisis, found)) == whole


def test_an_explanation_that_says_what_the_crisis_says_is_as_likely() -> None:
    raw = dam(explanations={"same": {"asks": "?", "with": {WEIGHTS[0]: "0.2..2"}}})
    found = weigh(read(raw), draws=FEW)
    same = found.accounts["same"]
    assert same.factor[1] <= 0 <= same.factor[2]
    assert same.factor[0] == pytest.approx(0, abs=0.05)
    assert same.posterior is not None
    assert same.posterior[0] == pytest.approx(0.5, abs=0.02)
    for clue in found.clues:
        ratio, error = clue.ratio("same")
        assert abs(ratio) <= 4 * error + 1e-6


def test_clues_are_the_record_in_order_and_add_up_to_the_evidence() -> None:
    found = weigh(read(dam()), draws=64)
    assert [clue.entry for clue in found.clues] == [0, 1, 2, None, 3, 4]
    assert found.clues[0].since == datetime.date(2025, 3, 1)
    assert found.clues[3].since == datetime.date(2025, 4, 2)
    assert found.clues[3].until == datetime.date(2025, 5, 1)
    for name, each in found.accounts.items():
        total = sum(clue.likelihoods[name][0] for clue in found.clues)
        assert total == pytest.approx(each.evidence)
    for name in ("greed", "fear"):
        ratios = sum(clue.ratio(name)[0] for clue in found.clues)
        assert ratios == pytest.approx(found.accounts[name].factor[0])


def test_an_entry_speaks_for_whoever_expected_it() -> None:
    """Who wants all the water does not open the gate."""
    found = weigh(read(dam()), draws=FEW)
    opened = next(clue for clue in found.clues if clue.entry == 4)
    ratio, error = opened.ratio("greed")
    assert ratio < -4 * error
    assert opened.ratio(AS_WRITTEN, "greed") == (-ratio, error)
    assert opened.decides >= -ratio


def test_what_was_not_known_by_a_day_is_left_out() -> None:
    crisis = read(dam())
    late = weigh(crisis, ["greed"], draws=64, known_by=datetime.date(2025, 6, 4))
    assert [clue.entry for clue in late.clues] == [0, 1, None, 3, 4]
    early = weigh(crisis, ["greed"], draws=64, until=datetime.date(2025, 3, 25))
    assert [clue.entry for clue in early.clues] == [0, None]
    assert early.segments[-1].ends == datetime.date(2025, 3, 25)
    alone = weigh(crisis.in_situation("summer"), ["greed"], draws=64)
    assert [clue.entry for clue in alone.clues] == [3, 4]


def test_priors_are_those_stated_and_what_they_leave_is_shared_equally() -> None:
    crisis = read(dam())
    equal = weigh(crisis, draws=16)
    assert [each.prior for each in equal.accounts.values()] == pytest.approx([1 / 3] * 3)
    raw = dam()
    raw["explanations"]["greed"]["prior"] = "30..50%"
    stated = weigh(read(raw), draws=16)
    assert [each.prior for each in stated.accounts.values()] == pytest.approx([0.3, 0.4, 0.3])
    raw["explanations"]["fear"]["prior"] = "likely"
    with pytest.raises(CrisisError, match="greed, fear add up to 108%"):
        weigh(read(raw), draws=16)


def test_probabilities_follow_from_priors_and_evidence() -> None:
    found = posteriors(
        {"a": 0.5, "b": 0.25, "c": 0.25}, {"a": -10.0, "b": -9.0, "c": -math.inf},
        {"a": 0.1, "b": 0.0, "c": 0.0},
    )  # fmt: skip
    odds = 2 * math.exp(-1.0)
    assert found["a"][0] == pytest.approx(odds / (1 + odds))
    assert found["b"][0] == pytest.approx(1 / (1 + odds))
    assert found["c"] == (0.0, 0.0, 0.0)
    low = odds * math.exp(-0.1645)
    assert found["a"][1] == pytest.approx(low / (1 + low))
    assert found["b"][2] == pytest.approx(1 / (1 + low))


def test_with_too_few_draws_nothing_is_known() -> None:
    few = weigh(read(dam()), draws=16)
    assert not few.known
    assert few.wanted > 16
    assert all(each.posterior is None for each in few.accounts.values())
    assert all(each.numbers == () for each in few.accounts.values() if each.effective < 50)
    many = weigh(read(dam()), draws=FEW)
    assert many.known
    assert many.wanted == FEW
    assert sum(each.posterior[0] for each in many.accounts.values() if each.posterior) == (
        pytest.approx(1.0)
    )


def test_the_number_of_draws_suits_the_size_of_the_crisis() -> None:
    from standoff.study.weighing import _draws

    crisis = read(dam())
    assert _draws(crisis, observed_path(crisis)) == 1024
    large = standoff.load("karabakh-2020")
    assert _draws(large, observed_path(large)) == 256


# ------------------------------------------------------------------ at central values


def test_the_central_likelihood_is_that_of_the_crisis_with_its_middles_said() -> None:
    middles = {"water": (1.1, 4.0, 1.1), "peace": (1, 1, 4.5), "fields": (1.25,) * 3}
    found = weigh(read(dam()), draws=0)
    for place, each in enumerate(found.accounts.values()):
        raw = dam(explanations={"same": {"asks": "?", "with": {}}})
        interests = {**raw["actors"]["upper"]["interests"], **raw["actors"]["lower"]["interests"]}
        for name, values in middles.items():
            interests[name]["weight"] = values[place]
        exact = weigh(read(raw), draws=2).accounts[AS_WRITTEN]
        assert exact.effective == math.inf, "nothing is left open"
        assert each.central == pytest.approx(exact.evidence, abs=1e-3)
        assert sum(clue.central[each.name] for clue in found.clues) == pytest.approx(each.central)


def test_a_claim_holds_at_central_values_if_it_is_at_least_as_likely_as_not() -> None:
    raw = dam()
    raw["actors"]["lower"]["interests"]["voice"]["holds"] = "likely"
    likely = weigh(read(raw), ["greed"], draws=0).accounts
    certain = weigh(read(dam()), ["greed"], draws=0).accounts
    assert likely["greed"].central == pytest.approx(certain["greed"].central, abs=1e-6)
    raw["actors"]["lower"]["interests"]["voice"]["holds"] = "unlikely"
    unlikely = weigh(read(raw), ["greed"], draws=0).accounts
    assert abs(unlikely["greed"].central - certain["greed"].central) > 0.1


def test_without_draws_there_is_no_evidence_and_one_version_of_each_account_is_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("standoff.study.weighing.gather", None)
    found = weigh(read(dam()), draws=0)
    assert (found.draws, found.known, found.wanted) == (0, False, None)
    for each in found.accounts.values():
        assert (
            each.evidence is each.error is each.effective is each.factor is each.posterior is None
        )
        assert (each.likelihoods, each.numbers) == (0, ())
    opened = next(clue for clue in found.clues if clue.entry == 4)
    assert opened.likelihoods == {}
    assert opened.central_ratio("greed") == opened.central["greed"] - opened.central[AS_WRITTEN]
    assert opened.decides >= -opened.central_ratio("greed") > 0.4


def test_central_values_are_the_same_with_draws_and_whatever_was_solved_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("standoff.study.central.TOLERANCE", 0.05)  # so coarse that it shows
    crisis = read(dam())
    fresh = weigh(crisis, draws=0)
    used = Hierarchy()
    for name in ("greed", "fear"):
        for situation in crisis.situations:
            there = crisis.in_situation(situation)
            used.chain(crisis.under(name).in_situation(situation))
            used.chain(crisis.under(name).in_situation(situation), near=there)
            used.response(crisis.under(name).in_situation(situation), "upper", 4, near=there)
    for other in (weigh(crisis, draws=0, hierarchy=used), weigh(crisis, draws=2)):
        for one, same in zip(fresh.clues, other.clues, strict=True):
            assert one.central == same.central


def test_an_entry_that_cannot_be_is_refused_without_draws_too() -> None:
    crisis = read(dam()).holding("rain", "no")
    with pytest.raises(CrisisError, match=r"spring .* entry of 2025-03-29 \(lower.protest: yes, "):
        weigh(crisis, draws=0)


# ------------------------------------------------------------------ kept on disk


class Stopped(KeyboardInterrupt):
    pass


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """What is computed in this process."""
    seen: list[np.ndarray] = []
    solve = RecordVersions.solve

    def watched(self: RecordVersions, values: np.ndarray, first: int) -> list[np.ndarray]:
        seen.append(values)
        return solve(self, values, first)

    monkeypatch.setattr(RecordVersions, "solve", watched)
    return seen


@pytest.mark.parametrize("draws", [16, FEW])  # with fits of many numbers, and of few
def test_a_weighing_that_was_stopped_goes_on_where_it_was(
    draws: int, tmp_path: Path, solved: list[np.ndarray]
) -> None:
    crisis = read(dam())
    whole = dumps(weighing_data(crisis, weigh(crisis, draws=draws)))
    all_of_it = np.vstack(solved)
    solved.clear()
    limit = len(all_of_it) * 2 // 3

    def stop(_what: str, share: float) -> None:
        if sum(map(len, solved)) >= limit:
            raise Stopped

    with pytest.raises(Stopped):
        weigh(crisis, draws=draws, store=tmp_path, progress=stop)
    kept = sum(map(len, solved))
    assert kept >= limit
    again = weigh(crisis, draws=draws, store=tmp_path)
    assert dumps(weighing_data(crisis, again)) == whole
    np.testing.assert_array_equal(np.vstack(solved), all_of_it)
    solved.clear()
    again = weigh(crisis, draws=draws, store=tmp_path)
    assert dumps(weighing_data(crisis, again)) == whole
    assert not solved
    assert len(list(tmp_path.iterdir())) == len(crisis.explanations) + 1


@pytest.mark.parametrize(
    "other",
    [{"draws": 17}, {"seed": 1}, {"settings": Settings(depth=2)},
     {"until": datetime.date(2025, 6, 5)}],
)  # fmt: skip
def test_one_folder_serves_several_weighings(
    other: dict[str, Any], tmp_path: Path, solved: list[np.ndarray]
) -> None:
    crisis = read(dam())
    weigh(crisis, ["greed"], **({"draws": 16} | other))
    expected = np.vstack(solved)
    weigh(crisis, ["greed"], draws=16, store=tmp_path)
    solved.clear()
    weigh(crisis, ["greed"], **({"draws": 16, "store": tmp_path} | other))
    np.testing.assert_array_equal(np.vstack(solved), expected)


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"explanations": {}}, "no `explanations`"),
        ({"record": []}, "no `record`"),
        ({"situations": {}}, "no `situations`"),
        ({"record": [{"date": "2025-03-20", "sets": {"rain": "yes"}}], "situations": {
            "later": {"as_of": "2026-01-01"}}}, "no day of the record"),
    ],
)  # fmt: skip
def test_without_anything_to_weigh_there_is_a_sentence(changes: Any, said: str) -> None:
    with pytest.raises(CrisisError, match=said):
        weigh(read(dam(**changes)))


def test_an_explanation_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="greed"):
        weigh(read(dam()), ["gred"])
    with pytest.raises(CrisisError, match=r"at least one of the explanations \(.*greed"):
        weigh(read(dam()), [])
    with pytest.raises(CrisisError, match="at least 2 draws, or 0 for central values alone, not 1"):
        weigh(read(dam()), draws=1)


def test_a_record_that_nobody_can_have_made_is_told_by_its_entry() -> None:
    crisis = read(dam()).holding("rain", "no")
    with pytest.raises(CrisisError, match=r"spring .* entry of 2025-03-29 \(lower.protest: yes, "):
        weigh(crisis, draws=16)


# ------------------------------------------------------------------ the shipped crisis


def test_a_rival_does_not_undo_what_does_not_hold_yet() -> None:
    """There was no grudge against a leader before he governed, under whatever explanation."""
    crisis = standoff.load("karabakh-2020")
    for name in crisis.explanations:
        before = crisis.under(name).in_situation("april-2016").actors["russia"].interests
        for claim in ("grudge", "caspian", "partner_in_ankara"):
            assert before[claim].holds.central == 0.0
        assert crisis.explanations[name].source
        assert all(entry.source for entry in crisis.explanations[name].with_.values())


def test_evidence_is_a_mean_of_likelihoods_where_all_draws_are_from_the_prior() -> None:
    logs = np.log(np.array([[0.1], [0.3], [0.2]]))
    found = Evidence(
        latent_of(1), np.zeros((3, 1)), np.empty((3, 0)), logs, np.zeros(3), 3, np.zeros(1)
    )
    assert found.total == pytest.approx(math.log(0.2))
    assert found.error == pytest.approx(0.1 / math.sqrt(3) / 0.2)
    assert found.effective == pytest.approx(0.36 / 0.14)


def test_progress_goes_forward_through_all_accounts() -> None:
    told: list[tuple[str, float]] = []
    weigh(read(dam()), draws=40, progress=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.1
    assert 0.8 < shares[-1] <= 1
    names = list(dict.fromkeys(what.split(":")[0] for what, _ in told))
    assert names == [AS_WRITTEN, "greed", "fear"]
    assert "likelihoods" in told[-1][0]


def test_two_quiet_years_are_as_likely_as_a_forecast_says_that_nothing_changes() -> None:
    whole = standoff.load("karabakh-2020")
    crisis = whole.in_situation("after-april-2016")
    (segment,) = observed_path(crisis)
    assert not segment.moves
    same = " and ".join(f"{name} == {level}" for name, level in segment.start.items())
    asked = {"asks": "?", "situation": crisis.situation, "event": same, "throughout": "100 days"}
    raw = whole.data() | {"questions": {"quiet": asked}, "expects": {}}
    quiet = standoff.forecast(standoff.loads(json.dumps(raw, default=str)), "quiet", draws=0)
    (clue,) = weigh(crisis, ["incapacity"], draws=0).clues
    expected = math.log(quiet.central) * 866 / 100  # the rate stays as it is while nothing changes
    assert clue.central[AS_WRITTEN] == pytest.approx(expected, abs=1e-3)
