"""Draws: each is the crisis with its numbers said, whatever it is computed together with."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from multiprocessing import active_children, get_context
from time import sleep

import numpy as np
import pytest

from random_crises import random_crisis, random_variant
from standoff import Crisis, loads
from standoff.crisis.quantities import Likelihood, Range, Weight
from standoff.crisis.times import Rate, Span
from standoff.crisis.uncertain import numbered
from standoff.study import ensemble, patience
from standoff.study.asking import Request, Settings
from standoff.study.draws import draw
from standoff.study.engines import EngineError
from standoff.study.ensemble import draw_answers
from standoff.study.forecast import forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.processes import pool
from standoff.study.variation import Variation
from standoff.study.versions import Versions

SEEDS = range(24)


def uncertain_crisis(seed: int) -> Crisis:
    return loads(json.dumps(random_crisis(seed)))


def said(value: object, point: np.ndarray) -> object:
    """The same model with every numbered quantity replaced by what the draw takes."""
    if isinstance(value, Weight):
        return value if value.range is None else Weight(range=said(value.range, point))
    if isinstance(value, Likelihood) and value.number is not None:
        return Likelihood(point[value.number], point[value.number])
    if isinstance(value, Range | Span) and value.number is not None:
        return type(value)(point[value.number], point[value.number])
    if isinstance(value, Rate):
        return replace(value, numbers=tuple(said(each, point) for each in value.numbers))
    if isinstance(value, tuple):
        return tuple(said(each, point) for each in value)
    if hasattr(value, "model_copy"):
        fields = {key: said(getattr(value, key), point) for key in type(value).model_fields}
        copied = value.model_copy(update=fields)
        for key in copied.__dict__.keys() - type(value).model_fields.keys():
            del copied.__dict__[key]
        return copied
    if hasattr(value, "items"):
        return type(value)({key: said(each, point) for key, each in value.items()})
    return value


def requests_of(crisis: Crisis, seed: int) -> list[Request]:
    raw = random_crisis(seed)
    variant = random_variant(raw, seed)
    keys = {"holding", "starting"} & variant.keys()
    variation = Variation(**{key: variant[key] for key in keys})
    return [Request(name, variation) for name in crisis.questions]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_draw_is_the_crisis_with_its_numbers_said(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Versions, "tolerance", 1e-10)
    crisis = uncertain_crisis(seed)
    asked = requests_of(crisis, seed)
    found = draw_answers(crisis, asked, Settings(seed=seed), draws=4)
    known, entries = numbered(crisis)
    assert known == crisis
    for number, point in enumerate(draw(entries, 4, seed).values):
        one = said(known, point)
        solver = Hierarchy(tolerance=1e-10)
        for request, spread in zip(asked, found.spreads, strict=True):
            exact = forecast(one, request.question, variation=request.variation, hierarchy=solver)
            assert spread.values[number] == pytest.approx(exact.central, abs=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_draw_is_computed_with_changes_not_a_byte(seed: int) -> None:
    crisis = uncertain_crisis(seed)
    asked = requests_of(crisis, seed)
    alone, few, together = (
        draw_answers(crisis, asked, Settings(seed=seed), draws=8, at_once=size)
        for size in (1, 3, 8)
    )
    for one, other, third in zip(alone.spreads, few.spreads, together.spreads, strict=True):
        assert one.values.tobytes() == other.values.tobytes() == third.values.tobytes()
        assert one.fan.tobytes() == other.fan.tobytes() == third.fan.tobytes()


def test_what_is_said_of_the_draws_follows_from_them() -> None:
    crisis = uncertain_crisis(3)
    (request, *_) = requests_of(crisis, 3)
    spread = draw_answers(crisis, [request], Settings(), draws=12).spreads[0]
    values = spread.values
    assert spread.draws == len(values) == 12
    assert spread.probability == pytest.approx(sum(values) / 12)
    variance = sum((value - spread.probability) ** 2 for value in values) / 11
    assert spread.error == pytest.approx((variance / 12) ** 0.5)
    assert spread.interval == pytest.approx(tuple(np.percentile(values, (5, 95))))
    np.testing.assert_allclose(spread.fan[-1], np.percentile(values, (5, 25, 50, 75, 95)))
    assert spread.mean[-1] == pytest.approx(spread.probability)
    assert spread.days[-1] == crisis.questions[request.question].horizon.central


def test_draws_are_added_in_stages_and_none_is_taken_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    crisis = uncertain_crisis(3)
    asked = requests_of(crisis, 3)[:1]
    at_once = draw_answers(crisis, asked, Settings(), draws=8)
    monkeypatch.setattr(ensemble, "stages", lambda *_: iter(((2, 8), (4, 8), (8, 8))))
    in_stages = draw_answers(crisis, asked, Settings())
    np.testing.assert_array_equal(in_stages.values, at_once.values)
    np.testing.assert_array_equal(in_stages.spreads[0].values, at_once.spreads[0].values)


def test_without_patience_the_least_number_of_draws_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crisis = uncertain_crisis(3)
    asked = requests_of(crisis, 3)[:1]
    monkeypatch.setattr(patience, "PATIENCE", 0.0)
    assert draw_answers(crisis, asked, Settings()).spreads[0].draws == patience.LEAST_DRAWS == 64


def test_a_process_that_is_killed_gets_a_sentence() -> None:
    def kill(_what: str, share: float) -> None:
        for process in active_children():
            process.kill()

    crisis = uncertain_crisis(3)
    asked = requests_of(crisis, 3)[:1]
    with pytest.raises(EngineError, match="has been killed, perhaps for want of memory"):
        draw_answers(crisis, asked, Settings(), draws=400, at_once=2, workers=2, progress=kill)


def test_all_stages_are_shared_by_the_same_processes_and_others_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crisis = uncertain_crisis(3)
    asked = requests_of(crisis, 3)[:1]
    at_once = draw_answers(crisis, asked, Settings(), draws=16)
    monkeypatch.setattr(ensemble, "stages", lambda *_: iter(((4, 16), (8, 16), (16, 16))))
    seen: set[int | None] = set()
    told: list[float] = []

    def look(_what: str, share: float) -> None:
        seen.update(process.pid for process in active_children())
        told.append(share)
        if share == 1.0:
            raise ZeroDivisionError

    other = get_context("spawn").Process(target=sleep, args=(60,))
    other.start()
    threads = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        draw_answers(crisis, asked, Settings(), at_once=2, workers=2, progress=look)
    assert threading.active_count() == threads
    other.join(1)
    assert other.is_alive()
    assert len(seen - {other.pid}) == 2
    assert told == sorted(told)
    assert active_children() == [other]
    other.kill()
    other.join()
    in_stages = draw_answers(crisis, asked, Settings(), at_once=2, workers=2)
    assert in_stages.spreads[0].values.tobytes() == at_once.spreads[0].values.tobytes()


_STOPPED_IN_AN_ANSWER = """
import time
from standoff.study.processes import pool
with pool(1, int, ()) as executor:
    executor.submit(bytes, 2**27)  # takes long to be written
    while not executor._result_queue._reader.poll():
        time.sleep(0.001)
    raise KeyboardInterrupt
"""


_STOPPED_AND_SLOW_TO_CLOSE = """
import os, time
from multiprocessing.connection import Connection
from standoff.study.processes import pool

def close_slowly(connection):
    handle = connection._handle
    time.sleep(0.2)
    os.close(handle)

with pool(1, int, ()) as executor:
    executor.submit(abs, 1).result()
    for size in (2**27, 2**24):  # takes long to be answered, and one that waits in the other pipe
        executor.submit(bytes, size)
        executor.submit(len, bytes(size))
    Connection._close = close_slowly
    raise KeyboardInterrupt
"""


@pytest.mark.parametrize("script", [_STOPPED_IN_AN_ANSWER, _STOPPED_AND_SLOW_TO_CLOSE])
def test_what_is_stopped_while_pipes_are_full_ends(script: str) -> None:
    """Half an answer is in a pipe, nobody will write the rest; two threads close what is left."""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr.splitlines()[-1] == "KeyboardInterrupt"
    assert done.stderr.count("Traceback") == 1
    assert done.returncode != 0


def test_a_process_that_is_killed_is_told_of_in_a_sentence_whatever_it_was_for() -> None:
    with (
        pytest.raises(EngineError, match="has been killed, perhaps for want of memory"),
        pool(1, int, ()) as executor,
    ):
        executor.submit(os._exit, 1).result()
