"""Values of one actor: Newton with a Krylov method against plain iteration."""

from time import perf_counter

import numpy as np

from benchmarks.clock import machine
from benchmarks.games import free_game, random_policies
from standoff.solve._flow import Flow
from standoff.solve.policy import _Choice, best_response

SHAPE = (6, 6, 6, 6, 6)


def main() -> None:
    game = free_game(SHAPE, payoffs=True)
    first, *others = random_policies(game)
    flow = Flow.of(game, [(mover, policy, 1.0) for mover, policy in others])
    begun = perf_counter()
    found = best_response(game, first[0], flow)
    newton = perf_counter() - begun
    begun = perf_counter()
    values, sweeps = plain(game, first[0], flow)
    took = perf_counter() - begun
    error = np.ptp(values - found.values) / np.ptp(values)
    print(f"## Values of one actor, {flow.size} states, horizon 180 days ({machine()})\n")
    print("| method | sweeps | time |")
    print("|---|---|---|")
    print(f"| Newton and BiCGSTAB | {found.sweeps} | {newton * 1e3:.0f} ms |")
    print(f"| plain iteration | {sweeps} | {took * 1e3:.0f} ms |")
    print(f"\n{took / newton:.0f}x faster; the two differ by {error:.0e} of the values' range\n")


def plain(game, mover, flow) -> tuple[np.ndarray, int]:
    """Iterate the contraction until it moves by less than 1e-10 of the values' range."""
    choice = _Choice(game, mover)
    payoff = mover.payoff.reshape(-1)
    payoff = payoff - (payoff.max() + payoff.min()) / 2
    scale = mover.discount + flow.diagonal + choice.rate
    values = np.zeros(flow.size)
    for sweeps in range(1, 100_000):
        _, mean = choice.logit(values)
        new = (payoff + flow.apply(values) + flow.diagonal * values + choice.rate * mean) / scale
        if np.abs(new - values).max() < 1e-10 * max(np.ptp(new), 1e-9):
            return new, sweeps
        values = new
    raise RuntimeError("plain iteration did not converge")


if __name__ == "__main__":
    main()
