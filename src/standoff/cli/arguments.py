"""Reading what was typed after a command, and the options that several commands share."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from standoff.cli.refusal import Refusal, near

if TYPE_CHECKING:
    from datetime import date

    from standoff.study.hierarchy import Hierarchy
    from standoff.study.variation import Variation

MOST_DEPTH = 20
MOST_TAU = 50.0
MOST_DRAWS = 2**20
_UNITS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses in our words."""

    def error(self, message: str) -> NoReturn:
        """Refuse what was typed."""
        found = re.match(r"argument ([^:]+): (.*)", message, re.DOTALL)
        if found is None:
            missing = re.match(r"the following arguments are required: (.*)", message)
            said = f"{missing[1]} is missing" if missing else message
        else:
            name = found[1].split("/")[-1].split(" ")[0]
            said = f"{name}: {found[2]}"
            if found[2].startswith("expected"):
                said = f"{name} needs a value"
        raise Refusal(said, f"`{self.prog} --help` says what it takes")


def parse(
    name: str,
    call: str,
    does: str,
    add_arguments: Callable[[Parser], None],
    given: Sequence[str],
) -> argparse.Namespace | None:
    """Return what was typed after a command, or None if it was a call for help.

    Raises
    ------
    Refusal
        It is not what the command takes.
    """
    parser = Parser(
        prog=f"standoff {name}",
        usage=f"standoff {call} [options]",
        description=f"{does[0].upper()}{does[1:]}.",
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=28, width=80),
        allow_abbrev=False,
        add_help=False,
    )
    add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("-h", "--help", action="store_true", help="print this")
    known = [option for action in parser._actions for option in action.option_strings]
    for word in given:
        option = word.split("=")[0]
        if word == "--":
            break
        if option in ("-h", "--help"):
            from standoff.cli.output import say

            say(parser.format_help())
            return None
        if re.match(r"--?[^\W\d]", word) and option not in known:
            advice = near(option, known) or f"`standoff {name} --help` lists the options"
            raise Refusal(f"`standoff {name}` has no option `{option}`", advice)
    options, extra = parser.parse_known_args(given)
    if extra:
        raise Refusal(
            f"`standoff {name}` does not know what to do with `{extra[0]}`",
            f"usage: {parser.usage}",
        )
    return options


# What options take ------------------------------------------------------------------------------


def one_of(*values: str) -> Callable[[str], str]:
    """Return a reader of one of a few words."""

    def read(text: str) -> str:
        if text in values:
            return text
        meant = near(text, values)
        raise argparse.ArgumentTypeError(
            f"`{text}` is not one of {', '.join(values)}" + (f"; {meant}" if meant else "")
        )

    return read


def whole(most: int | None = None) -> Callable[[str], int]:
    """Return a reader of a whole number from 0 to a limit."""

    def read(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,18}", text) and (most is None or int(text) <= most):
            return int(text)
        limits = "of 0 or more" if most is None else f"from 0 to {most}"
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number {limits}")

    return read


def tau(text: str) -> float:
    """Read the mean of the hierarchy's Poisson density."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if 0 < value <= MOST_TAU:
        return value
    raise argparse.ArgumentTypeError(f"`{text}` is not a number above 0 and up to {MOST_TAU:g}")


def memory(text: str) -> int:
    """Read an amount of memory in bytes.

    Examples
    --------
    >>> memory("4GB"), memory("512 MiB"), memory("1000")
    (4000000000, 536870912, 1000)
    """
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) *([kmgt]?)(i?)b?", text.strip(), re.IGNORECASE)
    size = 0
    if found is not None:
        size = int(float(found[1]) * (1024 if found[3] else 1000) ** _UNITS[found[2].lower()])
    if size < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not an amount of memory, such as 4GB")
    return size


# Options that several commands take -------------------------------------------------------------


def add_crisis(parser: Parser) -> None:
    """Add the crisis."""
    parser.add_argument(
        "crisis",
        metavar="CRISIS",
        type=not_blank,
        help="a file, a folder with a crisis.yaml, or the name of a shipped crisis",
    )


def not_blank(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text


def add_settings(parser: Parser) -> None:
    """Add how things are computed."""
    group = parser.add_argument_group("how it is computed")
    add = group.add_argument
    add("--depth", metavar="K", type=whole(MOST_DEPTH), default=4,
        help="how many steps deep the actors think about each other (default 4)")  # fmt: skip
    add("--tau", metavar="T", type=tau, default=1.5,
        help="how deep they take the others to think, on average (default 1.5)")  # fmt: skip
    add("--seed", metavar="S", type=whole(), default=0,
        help="seed of whatever is drawn at random (default 0)")  # fmt: skip
    add("--memory", metavar="SIZE", type=memory, default=None,
        help="refuse a crisis that would need more than this (default 4GiB)")  # fmt: skip
    add("--workers", metavar="N", type=whole(), default=os.cpu_count() or 1,
        help="processes that may share the work (default: one for each core)")  # fmt: skip


def add_draws(parser: Parser, default: str) -> None:
    """Add how many draws are taken."""
    parser.add_argument("--draws", metavar="N", type=whole(MOST_DRAWS),
        help=f"draws from all that is uncertain, 0 for none (default: {default})")  # fmt: skip


def add_scale(parser: Parser) -> None:
    """Add where draws are kept, and who computes them."""
    group = parser.add_argument_group("many draws")
    add = group.add_argument
    add("--store", metavar="FOLDER", type=not_blank,
        help="keep draws there: the same command goes on where it was stopped, and more "
             "draws later need only the rest")  # fmt: skip
    add("--dask", metavar="ADDRESS", type=not_blank,
        help="have them computed by the workers of this Dask scheduler")  # fmt: skip


def add_views(parser: Parser, *, situation: bool = True) -> None:
    """Add the views: what is asked of the crisis other than as it is."""
    group = parser.add_argument_group(
        "what to change first", "Each may be repeated, except --under and --situation."
    )
    add = group.add_argument
    add("--holding", metavar="NAME=LEVEL", action="append", default=[],
        help="an option (actor.option) or condition that nobody can change")  # fmt: skip
    add("--starting", metavar="NAME=LEVEL", action="append", default=[],
        help="the level that an option or condition has at the start")  # fmt: skip
    add("--without", metavar="PATH", action="append", default=[],
        help="leave out an interest, a red line or a belief")  # fmt: skip
    add("--with", metavar="PATH=VALUE", action="append", default=[], dest="with_",
        help="another weight, time or rate, such as actor.interests.x.weight=major")  # fmt: skip
    add("--under", metavar="EXPLANATION", action="append", default=[],
        help="take an explanation to be true")  # fmt: skip
    add("--seen-by", metavar="ACTOR", action="append", default=[],
        help="as this actor sees it; twice: as it thinks the second one sees it")  # fmt: skip
    if situation:
        add("--situation", metavar="S", action="append", default=[],
            help="start everything from this situation")  # fmt: skip


def variation_of(options: argparse.Namespace) -> Variation:
    """Return the views that were asked for.

    Raises
    ------
    Refusal
        They contradict each other, or lack a `=`.
    """
    from standoff.study.variation import Variation

    return Variation(
        situation=_single("--situation", getattr(options, "situation", [])),
        under=_single("--under", options.under),
        with_=pairs("--with", "PATH=VALUE", options.with_),
        without=tuple(dict.fromkeys(options.without)),
        starting=pairs("--starting", "NAME=LEVEL", options.starting),
        holding=pairs("--holding", "NAME=LEVEL", options.holding),
        seen_by=tuple(options.seen_by),
    )


@contextmanager
def scale_of(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Give where draws are kept and who computes them, as arguments of a call.

    All of it is there before any long work begins; if that is then stopped, say how to go on.

    Raises
    ------
    Refusal
        There are to be no draws.
    """
    with ExitStack() as stack:
        stack.enter_context(keeping(options))
        client = None
        if options.dask:
            from standoff.study.dask_cluster import connected

            client = stack.enter_context(connected(options.dask))
        elif options.draws != 0 and options.workers > 1:
            from standoff.study.processes import warm_up

            warm_up()
        yield {"store": options.store, "dask": client}


@contextmanager
def keeping(options: argparse.Namespace) -> Iterator[None]:
    """See to it that draws can be kept where they shall be; if work is stopped, say how to go on.

    Raises
    ------
    Refusal
        There are to be no draws.
    """
    for name in ("store", "dask"):
        if options.draws == 0 and getattr(options, name, None):
            raise Refusal(
                f"--{name} is about draws, and there are to be none", "take some with --draws N"
            )
    if options.store:
        from standoff.study.store import check_folder

        check_folder(options.store)
    try:
        yield
    except KeyboardInterrupt:
        if options.store:
            kept = f"the draws so far are kept in {options.store}"
            print(f"{kept}; the same command goes on from them", file=sys.stderr)
        raise


def hierarchy_of(options: argparse.Namespace) -> Hierarchy:
    """Return the solver with the settings that were asked for."""
    from standoff.game.size import DEFAULT_MEMORY
    from standoff.study.hierarchy import Hierarchy

    return Hierarchy(
        depth=options.depth,
        tau=options.tau,
        memory=DEFAULT_MEMORY if options.memory is None else options.memory,
    )


def today_for(crisis: str) -> date | None:
    """Return the day by which questions are too old; none for a shipped crisis, kept as it was."""
    import datetime
    import os

    from standoff.crisis import library_names

    shipped = crisis in library_names() and not os.path.exists(crisis)
    return None if shipped else datetime.date.today()


def _single(option: str, given: list[str]) -> str | None:
    if len(set(given)) > 1:
        raise Refusal(f"{option} can be given once only, not as {' and '.join(given)}")
    return given[0] if given else None


def pairs(option: str, form: str, given: list[str]) -> dict[str, str]:
    """Read texts of the form `name=value`.

    Raises
    ------
    Refusal
        One is not of that form, or a name has two values.
    """
    found: dict[str, str] = {}
    for text in given:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not (name and sign and value):
            raise Refusal(f"{option} takes {form}, and `{text}` is not of that form")
        if found.get(name, value) != value:
            raise Refusal(f"{option} gives `{name}` two values: `{found[name]}` and `{value}`")
        found[name] = value
    return found
