"""What a `.gmcr` file says: its options, its decision makers, and how they order the states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from standoff.crisis.errors import nearest
from standoff.crisis.gmcr_preferences import (
    Ordered,
    by_payoffs,
    by_ranking,
    ordered_alike,
    statement_of,
)
from standoff.crisis.plain_json import Part
from standoff.crisis.yes_no import AnyPairs, TooMany, feasible, holds

MOST_STATES = 20_000
"""How many feasible states are numbered for a ranking."""

_DIRECTIONS = {"both": None, "fwd": "up", "back": "down"}
_TOP = ("decisionMakers", "options", "infeasibles", "program", "version", "title", "description",
        "useManualPreferenceRanking", "useManualPreferenceVectors",
        "coalitions", "coalitionsFull")  # fmt: skip
_MAKER = ("name", "options", "preferences", "preferenceRanking", "preferenceVector", "payoffs",
          "misperceptions")  # fmt: skip
_OPTION = ("name", "permittedDirection", "reversibility")


@dataclass(frozen=True, slots=True)
class BinaryOption:
    """An option: what it is called, `up` or `down` if it cannot be reversed, and whose it is.

    The owner is the position of a decision maker; None if nobody has it.
    """

    name: str
    direction: str | None
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionMaker:
    """A decision maker: its name, how it orders the states, and those it does not perceive."""

    name: str
    prefers: Ordered | None
    overlooks: tuple[AnyPairs, ...]


@dataclass(frozen=True, slots=True)
class GmcrFile:
    """Everything in a `.gmcr` file that means something.

    Attributes
    ----------
    options, makers, never
        Options, decision makers, and what is true in no feasible state.
    first
        The feasible state with the lowest number; bit k is option k.
    title, summary, written_by
        As the file says; empty if it does not.
    """

    options: tuple[BinaryOption, ...]
    makers: tuple[DecisionMaker, ...]
    never: tuple[AnyPairs, ...]
    first: int
    title: str
    summary: str
    written_by: str


def gmcr_file(whole: Part) -> tuple[GmcrFile, list[str]]:
    """Return what a document says, and notes on what it says that is not in there.

    Raises
    ------
    CrisisError
        It does not have the form of such a file, or contradicts itself.
    """
    reader = _Reader(whole)
    return reader.run(), list(dict.fromkeys(reader.notes))


@dataclass
class _Reader:
    whole: Part
    notes: list[str] = field(default_factory=list)
    options: list[BinaryOption] = field(default_factory=list)
    makers: list[Part] = field(default_factory=list)
    never: list[AnyPairs] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    unknown: Iterator[int] = field(default_factory=lambda: iter(()))

    def run(self) -> GmcrFile:
        self.notes += self.whole.unknown_keys(_TOP)
        self.makers = list(self.whole.need("decisionMakers").items())
        if not self.makers:
            raise self.whole.need("decisionMakers").wrong("there is nobody to decide anything")
        self.read_options()
        self.never = [self.statement(part) for part in _items(self.whole, "infeasibles")]
        self.unknown = feasible(len(self.options), self.never)
        self.note_coalitions()
        return GmcrFile(
            options=tuple(self.options),
            makers=tuple(self.maker(part) for part in self.makers),
            never=tuple(self.never),
            first=self.first(),
            title=_text(self.whole, "title"),
            summary=_text(self.whole, "description"),
            written_by=" ".join(
                str(part.value)
                for key in ("program", "version")
                if (part := self.whole.get(key)) is not None
            ),
        )

    # Options and who has them --------------------------------------------------------------------

    def read_options(self) -> None:
        given = self.whole.get("options")
        self.options = [self.option(part) for part in given.items()] if given else []
        for position, maker in enumerate(self.makers):
            self.notes += maker.unknown_keys(_MAKER)
            for part in maker.need("options").items():
                k = self.owned(part, made=given is None)
                if self.options[k].owner is not None:
                    self.refuse_shared(part, k, position)
                self.options[k] = replace(self.options[k], owner=position)
        if not self.options:
            raise self.whole.wrong("there are no options, and so nothing to decide")

    def option(self, part: Part) -> BinaryOption:
        self.notes += part.unknown_keys(_OPTION)
        name = part.need("name").text()
        # The first versions of gmcr-py said `reversibility`.
        given = part.get("permittedDirection") or part.get("reversibility")
        if given is None:
            self.notes.append(f"{part.place} has no `permittedDirection`: taken as both")
            return BinaryOption(name, None)
        direction = given.text()
        if direction not in _DIRECTIONS:
            raise given.wrong(
                f"{given.shown} is not a direction; known: {', '.join(_DIRECTIONS)}"
                f"{_meant(direction, _DIRECTIONS)}"
            )
        return BinaryOption(name, _DIRECTIONS[direction])

    def owned(self, part: Part, *, made: bool) -> int:
        """Return which option a decision maker lists, by index or as an object with a name."""
        if not isinstance(part.value, dict):
            return part.index("options", 0, len(self.options) - 1)
        if made:
            self.options.append(self.option(part))
            return len(self.options) - 1
        self.notes += part.unknown_keys(_OPTION)
        name = part.need("name").text()
        called = [k for k, option in enumerate(self.options) if option.name == name]
        if not called:
            names = [option.name for option in self.options]
            raise part.wrong(f"no option is called “{name}”{_meant(name, names)}")
        return next((k for k in called if self.options[k].owner is None), called[0])

    def refuse_shared(self, part: Part, k: int, position: int) -> None:
        option = self.options[k]
        if option.owner is None or option.owner == position:
            raise part.wrong(f"the option “{option.name}” is listed twice")
        first, second = (_text(self.makers[i], "name") for i in (option.owner, position))
        raise part.wrong(
            f"the option “{option.name}” belongs to both {first} and {second}; in a crisis every "
            "option has one owner: give each of them an option of its own"
        )

    # Decision makers -----------------------------------------------------------------------------

    def maker(self, part: Part) -> DecisionMaker:
        name = part.need("name").text()
        prefers = self.preferences(part)
        payoffs = part.get("payoffs")
        if payoffs is not None:
            prefers = self.compared(payoffs, prefers)
        if prefers is None:
            self.notes.append(
                f"{part.place} states no preferences: {name} is indifferent between all states, "
                "which makes every one of them stable for it"
            )
        overlooks = [self.statement(each) for each in _items(part, "misperceptions")]
        return DecisionMaker(name, prefers, tuple(overlooks))

    def preferences(self, part: Part) -> Ordered | None:
        """Return how a decision maker orders the states, or None if the file does not say."""
        manual = self.manual()
        ranking = part.get("preferenceRanking") or part.get("preferenceVector")
        statements = [self.statement(each) for each in _items(part, "preferences")]
        if ranking is None or not list(ranking.items()):
            if manual:
                used = "; `preferences` are used" if statements else ""
                self.notes.append(
                    f"{part.place} has no `preferenceRanking`, though it is said to count{used}"
                )
            return Ordered(priorities=tuple(statements)) if statements else None
        if statements and not manual:
            self.notes.append(f"{ranking.place} is left out: `preferences` are said to count")
            return Ordered(priorities=tuple(statements))
        if statements:
            self.notes.append(f"{part.place}.preferences is left out: the ranking is said to count")
        elif not manual:
            self.notes.append(f"{ranking.place} is used, since there are no `preferences`")
        owners = [-1 if option.owner is None else option.owner for option in self.options]
        if owners != sorted(owners):  # gmcr-py sorts options by owner when it opens a file
            self.notes.append(
                "the options are not sorted by decision maker: the numbers of states are taken "
                "to follow the order of `options` as it is in the file"
            )
        states = self.states(MOST_STATES)
        if len(states) > MOST_STATES:
            raise ranking.wrong(
                f"there are too many feasible states to number (at most {MOST_STATES:,})"
            )
        return by_ranking(ranking, states, self.notes)

    def manual(self) -> bool:
        """Return whether rankings of states count rather than statements."""
        new = self.whole.get("useManualPreferenceRanking")
        old = self.whole.get("useManualPreferenceVectors")
        if new is not None and old is not None and new.truth() != old.truth():
            self.notes.append(f"{old.place} contradicts {new.place}, which counts")
        given = new or old
        return given is not None and given.truth()

    def compared(self, payoffs: Part, prefers: Ordered | None) -> Ordered | None:
        """Compare payoffs with the preferences they follow from; without any, they are all."""
        values = [each.value for each in payoffs.items()]
        states = self.states(len(values))
        if ordered_alike(prefers, states, values):
            self.notes.append("`payoffs` only repeat the preferences: left out")
            return prefers
        if prefers is None and (found := by_payoffs(states, values)) is not None:
            self.notes.append(f"{payoffs.place} is used, since there are no preferences")
            return found
        self.notes.append(
            f"{payoffs.place} orders the states otherwise than the preferences do: left out"
        )
        return prefers

    # States and statements -----------------------------------------------------------------------

    def statement(self, part: Part) -> AnyPairs:
        return statement_of(part, len(self.options), self.notes)

    def states(self, most: int) -> list[int]:
        """Return the feasible states in the order of their numbers; some more if beyond `most`."""
        while len(self.known) <= most:
            try:
                self.known.append(next(self.unknown))
            except StopIteration:
                break
            except TooMany:
                return [0] * (most + 1)
        return self.known

    def first(self) -> int:
        """Return the feasible state with the lowest number."""
        if not any(holds(statement, 0) for statement in self.never):
            return 0
        states = self.states(0)
        if not states:
            raise self.whole.need("infeasibles").wrong("together these rule out every state")
        return states[0]

    # The rest of the file ------------------------------------------------------------------------

    def note_coalitions(self) -> None:
        """Note who stands together; a coalition of one says nothing."""
        last = len(self.makers) - 1
        if self.whole.get("coalitionsFull") is not None:
            self.notes.append("`coalitionsFull` only repeats what is said elsewhere: left out")
        for part in _items(self.whole, "coalitions"):
            members = part.items() if isinstance(part.value, list) else iter((part,))
            found = [each.index("decision makers", 0, last) for each in members]
            if len(found) > 1:
                names = ", ".join(_text(self.makers[i], "name") for i in found)
                self.notes.append(
                    f"{part.place}: {names} stand together; a crisis does not say so, but "
                    "stability can be asked for of any coalition"
                )


def _items(part: Part, key: str) -> Iterator[Part]:
    found = part.get(key)
    return iter(()) if found is None else found.items()


def _text(part: Part, key: str) -> str:
    found = part.get(key)
    return "" if found is None else found.text()


def _meant(given: str, known: Iterable[str]) -> str:
    near = nearest(given, known)
    return f". Is “{near}” meant?" if near else ""
