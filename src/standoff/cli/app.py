"""The command `standoff`: find the command that is meant, run it, tell what went wrong.

Exit status: 0 done; 1 done, and something it checks does not hold; 2 the input is bad; 130 the
user stopped it; 70 standoff itself is at fault.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from keyword import iskeyword

from standoff.cli.refusal import Refusal, near

COMMANDS = {
    "run": ("run CRISIS", "the whole analysis: a screen to read and an HTML report"),
    "forecast": ("forecast CRISIS", "how likely the answer to each question is yes"),
    "explain": ("explain CRISIS --question Q", "what an answer rests on, what would change it"),
    "indices": ("indices CRISIS --question Q", "which ranges the spread of an answer comes from"),
    "scenarios": ("scenarios CRISIS", "the few kinds of outcome that the uncertainty allows"),
    "weigh": ("weigh CRISIS", "which explanation the record speaks for, and why"),
    "stability": ("stability CRISIS", "what would last, who holds it up, who is wrong about it"),
    "test": ("test CRISIS", "does it say what its assessment concluded?"),
    "show": ("show CRISIS", "what is in it: actors, options, conditions, sources"),
    "keep": ("keep CRISIS", "write forecasts into a ledger that is never rewritten"),
    "ledger": ("ledger [ACTION [ID]]", "what was kept; verify, show and reveal it"),
    "resolve": ("resolve ID --outcome yes|no", "how a kept forecast came out, and from what"),
    "score": ("score", "how good the kept forecasts were, and which claims were right"),
    "backtest": ("backtest CRISIS", "what earlier situations would have forecast, scored"),
    "record": ("record ACTION CRISIS", "what was observed: show it, or import event data"),
    "check": ("check CRISIS", "faults and warnings, each with its place in the file"),
    "explain-error": ("explain-error CODE", "what a code that `check` prints means"),
    "new": ("new NAME", "write a commented file to start from"),
    "import": ("import FILE.gmcr", "make a crisis from a file of another program"),
    "export": ("export CRISIS", "the graph of its states, or its strategic game, as a file"),
    "list": ("list", "the crises that ship with standoff"),
}
"""Each command, how it is called, and what it does."""

BAD_INPUT = 2
_OUR_FAULT = 70
_STOPPED = 130

_HELP = """\
usage: standoff COMMAND [options]

A workbench for strategic conflict analysis: write an assessment down as claims,
compute what follows from them.

commands:
{commands}

CRISIS is a file, a folder with a crisis.yaml, or the name of a shipped crisis.

options:
  -h, --help           print this; `standoff COMMAND --help` says more of one
  --version            print the version

Every command takes --json: one document on standard output and nothing else.
Exit status: 0 done; 1 done, and something that is checked does not hold;
2 the input is bad.

To begin with: standoff run karabakh-2020
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments
        What the user typed after `standoff`; by default what the process was started with.

    Returns
    -------
    int
        The exit status. Nothing is raised.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _never_fail_to_print()
    try:
        return _run(given)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return _STOPPED
    except Exception as err:
        return _tell(err, given)


def _run(given: list[str]) -> int:
    from standoff.cli.output import say

    if not given or given[0] in ("-h", "--help", "help"):
        if given[:1] == ["help"] and len(given) > 1:
            return _run([given[1], "--help"])
        say(_help())
        return 0 if given else BAD_INPUT
    name, *rest = given
    if name == "--version":
        from importlib.metadata import version

        say(f"standoff {version('standoff')}")
        return 0
    if name not in COMMANDS:
        what = "option" if name.startswith("-") else "command"
        raise Refusal(
            f"there is no {what} `{name}`",
            near(name, COMMANDS if what == "command" else ("--help", "--version"))
            or "`standoff --help` lists the commands",
        )
    from importlib import import_module

    from standoff.cli.arguments import parse

    module = name.replace("-", "_") + "_" * iskeyword(name)
    command = import_module(f"standoff.cli.commands.{module}")
    options = parse(name, *COMMANDS[name], command.add_arguments, rest)
    return 0 if options is None else int(command.run(options))


def _help() -> str:
    width = max(len(call) for call, _ in COMMANDS.values()) + 3
    lines = (f"  {call:{width}}{does}" for call, does in COMMANDS.values())
    return _HELP.format(commands="\n".join(lines))


def _tell(err: Exception, given: list[str]) -> int:
    """Say what went wrong, as text or as JSON; return the exit status."""
    from standoff.cli.failure import failure_of

    failure = failure_of(err)
    if failure.unforeseen and os.environ.get("STANDOFF_TRACEBACK"):
        raise err
    if "--json" in given:
        from standoff.cli.output import say_json

        say_json(failure.data)
    else:
        print(failure.text, file=sys.stderr)
    return _OUR_FAULT if failure.unforeseen else BAD_INPUT


def _never_fail_to_print() -> None:
    """Let a sign that the terminal's encoding lacks become another rather than an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
