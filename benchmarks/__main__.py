"""Run the benchmarks named on the command line, or all of them, each in a process of its own."""

import subprocess
import sys

PARTS = ("sweep", "question", "values", "stability", "draws", "crisis", "start")


def main() -> None:
    for part in sys.argv[1:] or PARTS:
        subprocess.run([sys.executable, "-m", f"benchmarks.{part}"], check=True)


if __name__ == "__main__":
    main()
