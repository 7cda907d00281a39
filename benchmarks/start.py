"""How long a command takes to start."""

import subprocess
import sys
from pathlib import Path

from benchmarks.clock import machine, seconds

PROGRAM = str(Path(sys.executable).with_name("standoff"))


def main() -> None:
    print(f"## Starting ({machine()})\n")
    for arguments in (["--help"], ["list"], ["check", "karabakh-2020"]):
        took = seconds(
            lambda: subprocess.run([PROGRAM, *arguments], capture_output=True, check=True),  # noqa: B023
            least=9,
        )
        print(f"`standoff {' '.join(arguments)}`: {took:.2f} s (median)")
    bare = seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True), least=9)
    print(f"Python alone: {bare:.2f} s\n")


if __name__ == "__main__":
    main()
