"""`standoff new`: a commented crisis file to start from."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from standoff.cli.arguments import Parser
from standoff.cli.output import say, say_json, writable
from standoff.cli.refusal import Refusal


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    parser.add_argument("name", metavar="NAME", help="what the crisis is called")
    parser.add_argument("--out", metavar="FOLDER", default=".",
        help="where to write it (default: here)")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Write a file that nobody has written yet."""
    name = options.name.removesuffix(".yaml").strip()
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.").lower()
    if not stem:
        raise Refusal(f"no file can be named after `{options.name}`", "use a letter or a digit")
    folder = Path(options.out)
    writable(options.out)
    from standoff.crisis import template

    file = folder / f"{stem}.yaml"
    text = template(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as paper:
            paper.write(text)
    except FileExistsError:
        raise Refusal(
            f"`{file}` exists already, and is left as it is", "choose another name"
        ) from None
    if options.json:
        say_json({"file": str(file)})
    else:
        say(f"Wrote {file}. Change it into your own, and look at it with `standoff check {file}`.")
    return 0
