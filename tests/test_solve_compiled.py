"""Compiled code does what NumPy does, each draw alone, and everything works without it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import test_exact
from standoff import loads
from standoff.crisis.uncertain import numbered
from standoff.solve import _flow
from standoff.solve._blocks import Blocks
from standoff.solve._flow import Decisions, Flow
from standoff.solve._parts import Term
from standoff.solve._sweeper import Sweeper
from standoff.study.asking import Request, Settings
from standoff.study.draws import draw
from standoff.study.ensemble import AnswerVersions
from standoff.study.hierarchy import Hierarchy
from strategies import KINDS, DrawnFlow, flows, random_flow

pytest.importorskip("numba")

from standoff.solve._compiled import Program

seeds = st.integers(0, 2**16)
LARGE = [
    ((3, 2, 4, 5, 3, 2), ["gated", "restricted", "restricted", "free"]),
    ((2, 3, 8, 16), ["free", "gated", "restricted"]),
    ((4, 5, 1, 7, 3), ["restricted", "tempo", "gated", "free", "restricted"]),
    ((2, 2, 2, 2, 2, 2, 2, 2), ["free", "restricted", "gated", "tempo"]),
]


@contextmanager
def compiled_from(states: int) -> Iterator[None]:
    """Compiled code for games of this size and more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_flow, "COMPILED_FROM", states)
        patch.setattr(_flow, "COMPILED_FROM_WITH_DRAWS", states)
        patch.setattr(_flow, "compiled", lambda: Program)
        yield


def terms_of(drawn: DrawnFlow) -> list[Term]:
    """Everything that a flow does, off its diagonal."""
    terms = _flow._changes(drawn.game, np.zeros(drawn.game.space.size))
    for mover, policy, _ in drawn.parts:
        terms += Decisions(drawn.game, mover).terms(policy)
    return terms


def assert_alike(drawn: DrawnFlow, seed: int) -> None:
    """Sweeps, solutions and jumps of a flow are the same with and without compiled code."""
    rng = np.random.default_rng(seed)
    with compiled_from(10**9):
        plain = drawn.built()
    with compiled_from(0):
        fast = drawn.built()
    assert isinstance(plain._sweeper, Blocks)
    assert isinstance(fast._sweeper, Program)
    x = rng.normal(size=plain.size)
    np.testing.assert_allclose(fast.apply(x), plain.apply(x), atol=1e-12)
    np.testing.assert_allclose(fast.push(x), plain.push(x), atol=1e-12)
    right, passing = x.reshape(1, -1), np.full(plain.size, 0.4)
    for flow in (plain.leaving(passing), fast.leaving(passing)):
        found, sweeps = flow.solve(right, np.array([1e-13]))
        assert sweeps > 0
        np.testing.assert_allclose(-flow.apply(found.reshape(-1)), x, atol=1e-11)
    values = rng.random((1, plain.size))
    share = (rng.random(plain.size) < 0.8)[None, :] / max(1.0, float(plain.diagonal.max()))
    lines = [
        flow.jumps(values, share, 0, np.array([50]), negligible)[0]
        for flow in (plain, fast)
        for negligible in (0.0, 1e-3)
    ]
    assert len(lines[0]) == len(lines[2]) == 50
    np.testing.assert_allclose(lines[2], lines[0], atol=1e-12)
    assert len(lines[1]) == len(lines[3])


@settings(max_examples=100)
@given(flows(), seeds)
def test_compiled_code_does_what_numpy_does(drawn: DrawnFlow, seed: int) -> None:
    assert_alike(drawn, seed)


@pytest.mark.parametrize(("shape", "kinds"), LARGE)
@pytest.mark.parametrize("holes", [False, True])
def test_runs_of_any_length_are_swept_alike(
    shape: tuple[int, ...], kinds: list[str], holes: bool
) -> None:
    drawn = random_flow(np.random.default_rng(6), shape, kinds, [0.7] * len(kinds), holes=holes)
    assert_alike(drawn, 7)


@pytest.mark.parametrize("depth", [1, 4])
def test_policies_agree_with_the_oracle(depth: int) -> None:
    with compiled_from(0):
        test_exact.test_policies_agree_with_the_oracle_in_every_state(2, depth)


def test_answers_agree_with_the_oracle() -> None:
    with compiled_from(0):
        answers = test_exact.compared.__wrapped__(5).answers
    assert [a for a in answers if not abs(a.mine - a.theirs) <= test_exact.CLOSE] == []


@settings(max_examples=50)
@given(flows(), seeds)
def test_actors_that_are_added_one_by_one_are_the_actors_at_once(
    drawn: DrawnFlow, seed: int
) -> None:
    drawn = replace(drawn, parts=tuple((m, p, 1.0) for m, p, _ in drawn.parts))
    x = np.random.default_rng(seed).normal(size=drawn.game.space.size)
    with compiled_from(0):
        whole, built = drawn.built(), Flow.of(drawn.game, [])
        for mover, policy, _ in drawn.parts:
            built = built.plus(mover, policy)
    np.testing.assert_allclose(built.apply(x), whole.apply(x), atol=1e-12)


def test_any_vector_can_be_swept() -> None:
    drawn = random_flow(np.random.default_rng(1), (2, 3, 4), ["free", "gated"], [1, 1], holes=False)
    with compiled_from(0):
        flow = drawn.built()
    some = np.arange(24) % 3 == 0
    locked = some.astype(float)
    locked.flags.writeable = False
    np.testing.assert_array_equal(flow.apply(some), flow.apply(locked))
    np.testing.assert_array_equal(locked, some)


# -------------------------------------------------------------------------------------------- draws


def drawn_terms(rng: np.random.Generator, draws: int) -> list[list[Term]]:
    """The terms of one game with its numbers changed in each draw."""
    drawn = random_flow(rng, (3, 2, 4, 3, 2), list(KINDS), [0.8] * 4, holes=True)
    return [
        [
            replace(term, arrays=tuple(a * rng.uniform(0.5, 1.5, a.shape) for a in term.arrays))
            for term in terms_of(drawn)
        ]
        for _ in range(draws)
    ]


def together(terms: Sequence[Sequence[Term]]) -> list[Term]:
    """The terms of several draws, with their axis first."""
    return [
        Term(
            each[0].kind,
            (len(each) * each[0].lines[0], *each[0].lines[1:]),
            tuple(np.concatenate(arrays) for arrays in zip(*(t.arrays for t in each), strict=True)),
            each[0].levels,
        )
        for each in zip(*terms, strict=True)
    ]


def everything(sweeper: Sweeper, rows: np.ndarray) -> list[np.ndarray]:
    """What a sweeper gives, for every draw."""
    shape = rows.shape
    leaving = np.full(rows.size, -40.0)
    back, forth = (
        sweeper.sweep(rows.reshape(-1), leaving, forward=way).reshape(shape).copy()
        for way in (False, True)
    )
    solved, _ = sweeper.solve(leaving, rows, np.linspace(1e-3, 1e-9, len(rows)), 100)
    lines = sweeper.jumps(
        rows, leaving, np.full(shape, 0.02), 5, np.full(len(rows), 40), negligible=1e-6
    )
    return [np.concatenate(each) for each in zip(back, forth, solved, lines, strict=True)]


def test_a_draw_has_the_same_bytes_alone_and_among_others() -> None:
    rng = np.random.default_rng(8)
    terms = drawn_terms(rng, 5)
    rows = rng.normal(size=(5, 144))
    whole = Program.of(5, together(terms))
    leaving = np.full(rows.size, -40.0)
    accuracy = np.linspace(1e-3, 1e-9, 5)
    solved, _ = whole.solve(leaving, rows, accuracy, 100)
    jumps = whole.jumps(rows, leaving, np.full((5, 144), 0.02), 5, np.full(5, 40), 1e-6)
    swept = whole.sweep(rows.reshape(-1), leaving, forward=False).reshape(5, 144)
    for i, each in enumerate(terms):
        alone, mine = Program.of(1, each), rows[i : i + 1]
        one, _ = alone.solve(leaving[:144], mine, accuracy[i : i + 1], 100)
        assert one.tobytes() == solved[i].tobytes()
        (line,) = alone.jumps(mine, leaving[:144], np.full((1, 144), 0.02), 5, np.array([40]), 1e-6)
        assert line.tobytes() == jumps[i].tobytes()
        found = alone.sweep(mine.reshape(-1), leaving[:144], forward=False)
        assert found.tobytes() == swept[i].tobytes()


def test_draws_are_what_numpy_makes_of_them() -> None:
    rng = np.random.default_rng(9)
    terms = together(drawn_terms(rng, 4))
    rows = rng.normal(size=(4, 144))
    blocks = Blocks.of((4, 3, 2, 4, 3, 2), 4, terms)
    for mine, theirs in zip(
        everything(Program.of(4, terms), rows), everything(blocks, rows), strict=True
    ):
        np.testing.assert_allclose(mine, theirs, atol=1e-9)


RAW = """
crisis: Two ports
conditions:
  ice:
    levels: [clear, thick]
    changes:
      - {from: clear, to: thick, rate: every 90..200 days}
      - {from: thick, to: clear, rate: every 60 days}
actors:
  ada:
    decides: every 20..40 days
    looks_ahead: 300 days
    options: {push: {levels: [no, some, much], irreversible: up}, arm: {}}
    interests: {gain: {seeks: push != no and ice == clear, weight: 1..3}}
  bob:
    decides: every 30 days
    looks_ahead: 200 days
    options: {block: {}, talk: {}}
    interests:
      calm: {avoids: ada.push == much, weight: 2..5}
      ease: {avoids: block, weight: 0.5..1}
questions:
  q: {asks: "?", event: ada.push == much, within: 200 days}
"""


def test_answers_to_draws_do_not_depend_on_how_they_are_batched() -> None:
    crisis, entries = numbered(loads(RAW))
    values = draw(entries, 7, 3).values
    with compiled_from(0):
        versions = AnswerVersions(crisis, [Request("q")], Settings(), Hierarchy())
        (whole,) = versions.answer(values, at_once=7)
        for size in (1, 2, 3):
            (parts,) = versions.answer(values, at_once=size)
            assert parts.tobytes() == whole.tobytes()
    with compiled_from(10**9):
        versions = AnswerVersions(crisis, [Request("q")], Settings(), Hierarchy())
        (plain,) = versions.answer(values, at_once=7)
    np.testing.assert_allclose(whole, plain, atol=1e-4)


# --------------------------------------------------------------------------------------- without it


@pytest.fixture
def undecided() -> Iterator[None]:
    """Nobody has asked for compiled code yet."""
    _flow.compiled.cache_clear()
    yield
    _flow.compiled.cache_clear()


def forget_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled code has not been imported."""
    for name in ("_compiled", "_kernels"):
        monkeypatch.delitem(sys.modules, f"standoff.solve.{name}", raising=False)
        monkeypatch.delattr(f"standoff.solve.{name}", raising=False)


@pytest.mark.usefixtures("undecided")
def test_a_variable_of_the_environment_switches_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDOFF_COMPILED", "0")
    assert _flow.compiled() is None
    _flow.compiled.cache_clear()
    monkeypatch.delenv("STANDOFF_COMPILED")
    assert _flow.compiled() is Program


@pytest.mark.usefixtures("undecided")
def test_without_numba_everything_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_compiled(monkeypatch)
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(_flow, "COMPILED_FROM", 0)
    monkeypatch.delenv("STANDOFF_COMPILED", raising=False)
    drawn = random_flow(np.random.default_rng(1), (2, 3, 4), ["free", "gated"], [1, 1], holes=False)
    assert isinstance(drawn.built()._sweeper, Blocks)


@pytest.mark.usefixtures("undecided")
def test_where_nothing_can_be_kept_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("cannot cache function: no locator available for file")

    forget_compiled(monkeypatch)
    monkeypatch.setattr(numba, "njit", refuse)
    monkeypatch.delenv("STANDOFF_COMPILED", raising=False)
    assert _flow.compiled() is None


def test_a_small_crisis_does_not_wait_for_it() -> None:
    code = f"""
import sys, standoff
from standoff.study.forecast import forecast
forecast(standoff.loads({RAW!r}), "q")
assert "numba" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
