"""The shipped crisis: every question, every view, the default depth."""

from statistics import median
from time import perf_counter

import standoff
from benchmarks.clock import machine
from standoff.study.analysis import analyse
from standoff.study.asking import Request, Settings
from standoff.study.batch import answer_all
from standoff.study.ensemble import draw_answers
from standoff.study.hierarchy import Hierarchy

DRAWS = 64


def main() -> None:
    crisis = standoff.load("karabakh-2020")
    requests = [Request(question) for question in crisis.questions]
    print(f"## The shipped crisis karabakh-2020 ({machine()})\n")
    print("| what | processes | median of 3 |")
    print("|---|---|---|")
    for workers in (1, 2):
        times = []
        for _ in range(3):
            hierarchy = Hierarchy()
            begun = perf_counter()
            answer_all(crisis, requests, Settings(), hierarchy, workers=workers)
            times.append(perf_counter() - begun)
        what = f"central forecast: {len(requests)} questions in {len(crisis.situations)} situations"
        if workers == 1:
            what += f" ({hierarchy.solved} policies, {hierarchy.sweeps} sweeps)"
        print(f"| {what} | {workers} | {median(times):.1f} s |", flush=True)
    times = []
    for _ in range(3):
        begun = perf_counter()
        analyse(crisis, workers=2)
        times.append(perf_counter() - begun)
    print(f"| everything that `standoff run` computes | 2 | {median(times):.1f} s |", flush=True)
    exact = [each for each in requests if crisis.questions[each.question].lasting is None]
    begun = perf_counter()
    draw_answers(crisis, exact, Settings(), draws=DRAWS, workers=2)
    took = perf_counter() - begun
    print(f"| {DRAWS} draws of {len(exact)} questions in all situations | 2 | {took:.1f} s |\n")


if __name__ == "__main__":
    main()
