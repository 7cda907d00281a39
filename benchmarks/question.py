"""A `within` question at 2^20 states: time, and memory above the arrays it needs."""

import resource
from time import perf_counter

import numpy as np

from benchmarks.clock import machine
from benchmarks.games import SHAPES, free_game, random_policies
from standoff.solve.chain import build_chain, within


def main() -> None:
    game = free_game(SHAPES[2**20])
    chain = build_chain(game, random_policies(game))
    event = np.zeros(game.space.shape, dtype=bool)
    event[3, 5, :, 2] = True
    chain.flow.apply(np.zeros(chain.flow.size))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    days = 30 * 4.0  # six actors every five days make 1.2 decisions a day: some 200 steps
    begun = perf_counter()
    curve = within(chain, event, days)
    took = perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"## A `within` question at 2^20 states ({machine()})\n")
    print(
        f"{len(curve.jumps)} steps, {took:.2f} s, {took / len(curve.jumps) * 1e3:.1f} ms a step; "
    )
    print(f"peak memory grew by {(after - before) / 1024:.0f} MiB; answer {curve.at(days):.6f}\n")


if __name__ == "__main__":
    main()
