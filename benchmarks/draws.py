"""Draws a second: compiled code against NumPy, and two processes against one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from benchmarks.clock import machine
from benchmarks.stability import random_crisis
from standoff import Crisis, loads
from standoff.crisis.uncertain import numbered
from standoff.game.game import Floats
from standoff.solve import _flow
from standoff.study.asking import Request, Settings
from standoff.study.draws import draw
from standoff.study.ensemble import AnswerVersions
from standoff.study.hierarchy import Hierarchy

SIZES = ((7, 2048), (10, 512), (11, 256), (13, 64))
"""Options of five actors, and how many draws are timed."""


def main() -> None:
    print(f"## Draws a second, 5 actors, depth 4 ({machine()})\n")
    print("| states | draws | NumPy alone | compiled | gain | two processes | gain |")
    print("|---|---|---|---|---|---|---|")
    for options, draws in SIZES:
        versions, values = prepared(options, draws)
        some = values[: draws // 4]
        seconds(versions, values[:2], workers=1)  # loads compiled code
        with numpy_alone():
            plain = len(some) / seconds(versions, some, workers=1)
        batched = draws / seconds(versions, values, workers=1)
        shared = draws / seconds(versions, values, workers=2)
        print(
            f"| 2^{options} | {draws} | {plain:.1f} | {batched:.1f} | {batched / plain:.1f}x "
            f"| {shared:.1f} | {shared / batched:.1f}x |",
            flush=True,
        )
    print()


@contextmanager
def numpy_alone() -> Iterator[None]:
    """Without compiled code, in this process."""
    compiled, _flow.compiled = _flow.compiled, lambda: None
    yield
    _flow.compiled = compiled


def prepared(options: int, draws: int) -> tuple[AnswerVersions, Floats]:
    """A random crisis whose weights are ranges, solved at central values, and its draws."""
    crisis, entries = numbered(uncertain(options))
    settings = Settings()
    versions = AnswerVersions(crisis, [Request("q")], settings, Hierarchy())
    return versions, draw(entries, draws, settings.seed).values


def uncertain(options: int) -> Crisis:
    raw = random_crisis(options, 5)
    actors = raw["actors"]
    assert isinstance(actors, dict)
    for actor in actors.values():
        for interest in actor["interests"].values():
            weight = interest["weight"]
            interest["weight"] = f"{0.7 * weight:.3f}..{1.3 * weight:.3f}"
    question = {"asks": "?", "event": "a0.o0 and a1.o0", "within": "30 days"}
    return loads(json.dumps({**raw, "questions": {"q": question}}))


def seconds(versions: AnswerVersions, values: Floats, workers: int) -> float:
    begun = perf_counter()
    versions.answer(values, workers=workers)
    return perf_counter() - begun


if __name__ == "__main__":
    main()
