"""Draws a second: batched against two at a time, and two processes against one."""

import json
from time import perf_counter

from benchmarks.clock import machine
from benchmarks.stability import random_crisis
from standoff import Crisis, loads
from standoff.crisis.uncertain import numbered
from standoff.game.game import Floats
from standoff.study.asking import Request, Settings
from standoff.study.draws import draw
from standoff.study.ensemble import Versions
from standoff.study.hierarchy import Hierarchy

SIZES = ((7, 2048), (10, 512), (11, 256), (13, 64))
"""Options of five actors, and how many draws are timed."""


def main() -> None:
    print(f"## Draws a second, 5 actors, depth 4 ({machine()})\n")
    print("| states | draws | in pairs | batched | gain | two processes | gain |")
    print("|---|---|---|---|---|---|---|")
    for options, draws in SIZES:
        versions, values = prepared(options, draws)
        few = values[: draws // 16]
        alone = len(few) / seconds(versions, few, at_once=2, workers=1)
        batched = draws / seconds(versions, values, at_once=None, workers=1)
        shared = draws / seconds(versions, values, at_once=None, workers=2)
        print(
            f"| 2^{options} | {draws} | {alone:.1f} | {batched:.1f} | {batched / alone:.1f}x "
            f"| {shared:.1f} | {shared / batched:.1f}x |",
            flush=True,
        )
    print()


def prepared(options: int, draws: int) -> tuple[Versions, Floats]:
    """A random crisis whose weights are ranges, solved at central values, and its draws."""
    crisis, entries = numbered(uncertain(options))
    settings = Settings()
    versions = Versions(crisis, [Request("q")], settings, Hierarchy())
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


def seconds(versions: Versions, values: Floats, at_once: int | None, workers: int) -> float:
    begun = perf_counter()
    versions.answer(values, at_once=at_once, workers=workers)
    return perf_counter() - begun


if __name__ == "__main__":
    main()
