"""One sweep of the chain: against the memory bus, and against a sparse matrix."""

from time import perf_counter

import numpy as np

from benchmarks.clock import Bus, machine, seconds, together
from benchmarks.games import SHAPES, as_matrix, free_game, random_policies
from standoff.solve._flow import Flow


def main() -> None:
    print(f"## One sweep of the chain, 6 actors ({machine()})\n")
    print(
        "| states | sweep | arrays at the bus's speed | ratio | sparse matrix | ratio | built in |"
    )
    print("|---|---|---|---|---|---|---|")
    for size, shape in SHAPES.items():
        game = free_game(shape)
        policies = random_policies(game)
        flow = Flow.of(game, [(mover, policy, 1.0) for mover, policy in policies])
        x = np.random.default_rng(1).random(size)
        bus = Bus(size)
        rounds = 5 if size > 2**20 else 25
        sweep, add = together(lambda: flow.apply(x), bus, rounds=rounds)  # noqa: B023
        # Read the values, every actor's policy and the diagonal once, write the result once.
        ideal = add / 3 * (len(shape) + 3)
        row = f"| 2^{size.bit_length() - 1} | {sweep * 1e3:.2f} ms | {ideal * 1e3:.2f} ms "
        row += f"| {sweep / ideal:.1f}x "
        if size <= 2**20:
            begun = perf_counter()
            matrix = as_matrix(game, policies)
            built = perf_counter() - begun
            error = np.abs(matrix @ x - flow.apply(x)).max()
            assert error < 1e-12, error
            sparse = seconds(lambda: matrix @ x, budget=2.0)  # noqa: B023
            row += f"| {sparse * 1e3:.1f} ms | {sparse / sweep:.1f}x | {built:.1f} s |"
        else:
            entries = size * sum(shape)
            row += f"| not built: {entries * 12 / 2**30:.0f} GiB | | |"
        print(row, flush=True)
    print()


if __name__ == "__main__":
    main()
