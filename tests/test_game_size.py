"""A crisis that is too large is refused at once, before anything is allocated, with what to do."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from standoff.crisis import Crisis
from standoff.game import DEFAULT_MEMORY, TooLargeError, check_size, compile_game
from standoff.game.size import bytes_needed, states_of
from standoff.study.forecast import forecast
from standoff.study.hierarchy import Hierarchy
from strategies import Raw, loaded


def sized(actors: int, options: int, *, levels: int = 2, **terms: str) -> Crisis:
    """A crisis with so many actors of so many options each."""
    option = {"levels": [f"l{number}" for number in range(levels)], **terms}
    block: Raw = {
        "decides": "every 6 days",
        "looks_ahead": "60 days",
        "options": {f"o{number}": option for number in range(options)},
    }
    question = {"asks": "?", "event": "a0.o0 == l1", "within": "30 days"}
    return loaded(
        {
            "crisis": "Large",
            "actors": {f"a{number}": block for number in range(actors)},
            "questions": {"q": question},
        }
    )


@pytest.mark.parametrize(("actors", "options"), [(40, 1), (10, 4), (1, 40)])
def test_forty_options_are_refused_at_once(actors: int, options: int) -> None:
    crisis = sized(actors, options)
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(TooLargeError) as refused:
        forecast(crisis, "q")
    took = time.perf_counter() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 1
    assert peak < 2_000_000
    assert "1,099,511,627,776 states" in str(refused.value)


def test_the_refusal_says_how_much_it_needs_and_what_to_drop() -> None:
    with pytest.raises(TooLargeError) as refused:
        check_size(sized(5, 3, levels=4), depth=4, limit=2**20)
    said = str(refused.value)
    assert "1,073,741,824 states" in said
    assert "about 2,288 GiB" in said or "TiB" in said
    assert "the limit of 1.0 MiB" in said
    assert "Drop or hold" in said
    assert "a4.o2 (4 levels)" in said
    assert "raise the limit" in said


def test_dropping_what_the_refusal_names_is_enough_and_no_more_than_needed() -> None:
    crisis, limit = sized(4, 3, levels=3), 3 * 10**6
    with pytest.raises(TooLargeError) as refused:
        check_size(crisis, depth=4, limit=limit)
    named = [name for name in crisis.variables if f"{name} (" in str(refused.value)]
    assert named
    held = crisis.holding(dict.fromkeys(named, "l0"))
    assert check_size(held, depth=4, limit=limit) == 3 ** (12 - len(named))
    for name in named:
        fewer = crisis.holding(dict.fromkeys(set(named) - {name}, "l0"))
        with pytest.raises(TooLargeError):
            check_size(fewer, depth=4, limit=limit)


def test_options_with_more_levels_are_named_first() -> None:
    raw: Raw = {"crisis": "Large", "actors": {}, "conditions": {}}
    for number in range(20):
        raw["actors"][f"a{number}"] = {
            "decides": "every day",
            "looks_ahead": "9 days",
            "options": {"go": ["no", "yes"]},
        }
    raw["conditions"]["front"] = {"levels": ["west", "middle", "east"]}
    with pytest.raises(TooLargeError, match=r"for example front \(3 levels\), a9.go \(2 levels\)"):
        check_size(loaded(raw), depth=4, limit=2**20)


def test_the_limit_can_be_raised_and_lowered() -> None:
    crisis = sized(2, 3)
    needed = bytes_needed(crisis, depth=4)
    assert check_size(crisis, depth=4) == 64
    assert check_size(crisis, depth=4, limit=needed) == 64
    with pytest.raises(TooLargeError):
        check_size(crisis, depth=4, limit=needed - 1)
    with pytest.raises(TooLargeError):
        forecast(crisis, "q", hierarchy=Hierarchy(memory=needed - 1))
    assert 0 < forecast(crisis, "q", hierarchy=Hierarchy(memory=needed)).central < 1
    assert needed < DEFAULT_MEMORY


def test_deeper_thinking_needs_more() -> None:
    crisis = sized(2, 3)
    assert bytes_needed(crisis, depth=1) < bytes_needed(crisis, depth=4)


def test_a_refusal_is_a_memory_error_too() -> None:
    with pytest.raises(MemoryError):
        check_size(sized(40, 1), depth=4)


def test_holding_makes_a_crisis_small_enough_to_be_compiled() -> None:
    crisis = sized(10, 4)
    held = crisis.holding(dict.fromkeys(list(crisis.variables)[3:], "l0"))
    assert states_of(held) == 8
    tracemalloc.start()
    game = compile_game(held)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert game.space.size == 8
    assert peak < 2_000_000
    assert 0 < forecast(held, "q").central < 1


@pytest.mark.parametrize("terms", [{}, {"irreversible": "up"}, {"requires": "a1.o1 == l0"}])
@pytest.mark.parametrize("believing", [False, True])
def test_what_is_needed_is_about_what_is_said(terms: dict[str, str], believing: bool) -> None:
    crisis = sized(3, 4, **terms)
    if believing:
        pairs = ((0, 1), (1, 2), (2, 0))
        patch = {f"a{i}.believes.a{j}.precision": 1.0 + i for i, j in pairs}
        patch |= {f"a{i}.believes.a{j}.believes.a{i}.precision": 0.5 for i, j in pairs}
        crisis = crisis.patched(patch)
    estimate = bytes_needed(crisis, depth=4)
    tracemalloc.start()
    forecast(crisis, "q")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.2 < peak / estimate < 1.3


def test_an_actor_that_is_restricted_needs_room_for_every_move() -> None:
    free, restricted = sized(1, 12), sized(1, 12, irreversible="up")
    assert bytes_needed(restricted, depth=4) > 1000 * bytes_needed(free, depth=4)
    with pytest.raises(TooLargeError):
        forecast(sized(1, 16, irreversible="up"), "q")
