"""The shipped crisis: every question, every view, the default depth."""

from statistics import median
from time import perf_counter

import standoff
from benchmarks.clock import machine
from standoff.study.batch import Request, answer_all
from standoff.study.forecast import Settings
from standoff.study.hierarchy import Hierarchy


def main() -> None:
    crisis = standoff.load("karabakh-2020")
    requests = [Request(question) for question in crisis.questions]
    times = []
    for _ in range(3):
        hierarchy = Hierarchy()
        begun = perf_counter()
        answer_all(crisis, requests, Settings(), hierarchy)
        times.append(perf_counter() - begun)
    print(f"## Central forecast of karabakh-2020, one process ({machine()})\n")
    print(
        f"{len(requests)} questions in {len(crisis.situations)} situations: {median(times):.1f} s "
        f"(median of 3), {hierarchy.solved} policies, {hierarchy.sweeps} sweeps, "
        f"{median(times) / hierarchy.sweeps * 1e6:.0f} us a sweep, everything included\n"
    )


if __name__ == "__main__":
    main()
