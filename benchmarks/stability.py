"""What is stable: all five concepts for all actors, from 2^10 to 2^24 states, with memory.

Each size is measured in a process of its own, so that its peak memory is its own.
"""

import json
import subprocess
import sys
from random import Random
from time import perf_counter

import numpy as np

from benchmarks.clock import machine
from standoff import loads
from standoff.game.graph import Graph, compile_graph
from standoff.solve.stability import CONCEPTS, stable_states

SIZES = ((10, 2), (10, 5), (12, 5), (14, 2), (14, 5), (16, 5), (18, 5), (20, 5), (22, 5), (24, 5))
"""Options and actors."""

CLAIMS = 12


def main() -> None:
    if sys.argv[1:]:
        print(json.dumps(measured(*map(int, sys.argv[1:]))))
        return
    print(f"## What is stable: five concepts for all actors ({machine()})\n")
    print(
        "| options | actors | compiled in | solved in | ns a state | arrays once | ratio | peak |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for options, actors in SIZES:
        command = [sys.executable, "-m", "benchmarks.stability", str(options), str(actors)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = json.loads(said)
        print(
            f"| {options} | {actors} | {found['compiled']:.3f} s | {found['solved']:.3f} s "
            f"| {found['solved'] / 2**options * 1e9:.0f} | {found['once'] * 1e3:.2f} ms "
            f"| {found['solved'] / found['once']:.0f}x | {found['peak'] / 2**20:.0f} MiB |",
            flush=True,
        )
    print()


def measured(options: int, actors: int) -> dict[str, float]:
    """Seconds to compile, to solve and to pass over the arrays once; bytes at the peak."""
    crisis = loads(json.dumps(random_crisis(options, actors)))
    begun = perf_counter()
    graph = compile_graph(crisis)
    compiled = perf_counter() - begun
    rounds = 5 if options <= 18 else 1
    solved = min(_timed(lambda: stable_states(graph)) for _ in range(rounds))
    once = min(_timed(lambda: _pass_over(graph)) for _ in range(5))
    return {"compiled": compiled, "solved": solved, "once": once, "peak": _peak()}


def random_crisis(options: int, actors: int) -> dict[str, object]:
    """A crisis of yes-or-no options, each actor with claims about two or three of any options."""
    rng = Random(f"{options} options, {actors} actors")
    owned = [len(range(number, options, actors)) for number in range(actors)]
    names = [f"a{a}.o{o}" for a, count in enumerate(owned) for o in range(count)]

    def about() -> str:
        some = rng.sample(names, rng.choice((2, 3)))
        said = [rng.choice(("", "not ")) + name for name in some]
        return rng.choice((" and ", " or ")).join(said)

    return {
        "crisis": f"{options} options, {actors} actors",
        "actors": {
            f"a{a}": {
                "decides": "every 5 days",
                "looks_ahead": "90 days",
                "options": {f"o{o}": ["no", "yes"] for o in range(count)},
                "interests": {
                    f"i{number}": {
                        rng.choice(("seeks", "avoids")): about(),
                        "weight": round(rng.uniform(0.5, 6), 3),
                    }
                    for number in range(CLAIMS)
                },
            }
            for a, count in enumerate(owned)
        },
    }


def _timed(call: object) -> float:
    assert callable(call)
    begun = perf_counter()
    call()
    return perf_counter() - begun


def _pass_over(graph: Graph) -> None:
    """Read every actor's ranks once, and write an answer for every actor and concept once."""
    for party in graph.parties:
        party.rank.max()
        for _ in CONCEPTS:
            np.empty(graph.space.shape, dtype=bool).fill(True)


def _peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
