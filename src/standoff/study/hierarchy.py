r"""What each actor expects of the others: a Poisson cognitive hierarchy, in its own view.

At depth 0 nobody moves. At depth k, actor i works in the crisis as it sees it and expects every
decision of actor j to follow j's depth-l policy, as i thinks j sees things, with weight f(l) for
l < k: a Poisson density of mean tau, renormalised [1]_. What happens in fact is that every actor
follows its own policy of the full depth.

References
----------
.. [1] Camerer, C., Ho, T.-H. & Chong, J.-K. (2004), "A cognitive hierarchy model of games",
   Quarterly Journal of Economics 119(3).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from hashlib import sha256
from math import exp, factorial
from typing import TypeVar

from standoff.crisis import Crisis
from standoff.game import DEFAULT_MEMORY, Game, check_size, compile_game
from standoff.game.drawn import Draws
from standoff.solve._flow import Flow, mixture
from standoff.solve._parts import Floats
from standoff.solve.chain import Chain, build_chain
from standoff.solve.policy import TOLERANCE, Response, best_response

DEPTH = 4
TAU = 1.5

_LEAST_KEPT = 200
_ACTS_BY = ("decides", "looks_ahead", "precision", "options", "interests", "red_lines")
_SET_BY = ("conditions", "definitions", "never", "held", "scale")

_T = TypeVar("_T")


def poisson_shares(depth: int, tau: float) -> tuple[float, ...]:
    """Shares of the depths 0 .. depth - 1 among the others, as an actor of ``depth`` sees them.

    Examples
    --------
    >>> [round(share, 3) for share in poisson_shares(3, 1.5)]
    [0.276, 0.414, 0.31]
    """
    density = [exp(-tau) * tau**k / factorial(k) for k in range(depth)]
    return tuple(share / sum(density) for share in density)


class Hierarchy:
    """Solves crises to one depth, and remembers what it has solved.

    A view that several actors share, and a policy that several questions need, are solved once:
    what a policy depends on is digested, and policies with equal digests are the same.

    Parameters
    ----------
    depth, tau
        How deep actors think, and the mean of the Poisson density.
    tolerance
        See :func:`standoff.solve.policy.best_response`.
    memory
        Bytes that one crisis may take; a larger one is refused before anything is allocated.
    draws
        Draws to compute at once, from crises that are numbered; None for central values.
    central
        With draws, a hierarchy of the same settings without: where the search for policies starts.
    """

    def __init__(
        self,
        *,
        depth: int = DEPTH,
        tau: float = TAU,
        tolerance: float = TOLERANCE,
        memory: int = DEFAULT_MEMORY,
        draws: Draws | None = None,
        central: Hierarchy | None = None,
    ) -> None:
        self.depth = depth
        self.tau = tau
        self.tolerance = tolerance
        self.memory = memory
        self.draws = draws
        self.central = central
        self.solved = 0
        self.sweeps = 0
        self._known: OrderedDict[Hashable, object] = OrderedDict()
        # What crises look like, and to whom, is the same for all draws.
        self._digests: dict[Hashable, str] = central._digests if central else {}
        self._views: dict[tuple[int, str], Crisis] = central._views if central else {}
        self._numbered: dict[int, object] = central._numbered if central else {}
        self._asked: dict[Hashable, Response] = {}
        self._states = 1

    def view(self, crisis: Crisis, actor: str) -> Crisis:
        """The crisis as an actor sees it."""
        if not any(claims.believes for claims in crisis.actors.values()):
            return crisis  # common knowledge already: everybody sees the same
        key = (self._number(crisis), actor)
        if key not in self._views:
            self._views[key] = crisis.as_seen_by(actor)
        return self._views[key]

    def _number(self, thing: object) -> int:
        """A number for this very object, which is kept so that the number stays its own."""
        self._numbered.setdefault(id(thing), thing)
        return id(thing)

    def game(self, crisis: Crisis) -> Game:
        """The crisis compiled."""
        return self.remember(("game", self._essence(crisis)), lambda: self._compile(crisis))

    def chain(
        self, crisis: Crisis, depth: int | None = None, *, near: Crisis | None = None
    ) -> Chain:
        """What happens in a crisis: every actor follows its own policy of the full depth.

        Parameters
        ----------
        crisis
            The crisis.
        depth
            How deep actors think, if not as usual.
        near
            A crisis that differs little, where the search for policies starts.
        """
        level = self.depth if depth is None else depth

        def build() -> Chain:
            game = self.game(crisis)
            names = () if level == 0 else (mover.name for mover in game.movers)
            responses = (self.response(crisis, name, level, near=near) for name in names)
            return build_chain(
                game, [(m, r.policy) for m, r in zip(game.movers, responses, strict=level > 0)]
            )

        return self.remember(("chain", crisis.digest, level), build)

    def response(
        self, crisis: Crisis, actor: str, level: int, *, near: Crisis | None = None
    ) -> Response:
        """Values and policy of an actor that thinks ``level`` (1 or more) deep, in its view."""
        asked = (self._number(crisis), actor, level, None if near is None else self._number(near))
        if asked not in self._asked:
            self._asked[asked] = self._find(crisis, actor, level, near)
        return self._asked[asked]

    def _find(self, crisis: Crisis, actor: str, level: int, near: Crisis | None) -> Response:
        view = self.view(crisis, actor)
        key = self._key(view, actor, level)
        if near is None:
            return self.remember(("response", key), lambda: self._respond(view, actor, level))
        beside = self.view(near, actor)
        key_beside = self._key(beside, actor, level)
        if key == key_beside:
            return self.response(near, actor, level)
        return self.remember(
            ("response", key, key_beside), lambda: self._respond(view, actor, level, beside)
        )

    def _key(self, view: Crisis, actor: str, level: int) -> str:
        """A digest of all that a response depends on: equal in all views that agree on that."""

        def text() -> str:
            others = (
                self._key(self.view(view, other), other, below)
                for other in view.actors
                if other != actor
                for below in range(1, level)
            )
            own = self._claims(view.actors[actor], _ACTS_BY)
            return "\n".join([actor, own, self._setting(view), *others])

        return self._digest(("key", self._number(view), actor, level), text)

    def _setting(self, crisis: Crisis) -> str:
        """What every actor's policy depends on: states, moves of conditions, what words mean."""

        def text() -> str:
            options = (self._claims(actor, ("options",)) for actor in crisis.actors.values())
            return "\n".join([*crisis.actors, *options, self._claims(crisis, _SET_BY)])

        return self._digest(("setting", self._number(crisis)), text)

    def _essence(self, crisis: Crisis) -> str:
        """What the arrays of a crisis depend on."""

        def text() -> str:
            claims = (self._claims(actor, _ACTS_BY) for actor in crisis.actors.values())
            return "\n".join([self._setting(crisis), *claims, repr(crisis.start)])

        return self._digest(("essence", self._number(crisis)), text)

    def _claims(self, model: object, names: tuple[str, ...]) -> str:
        """Some fields of a model. Views share what they do not change, so most are known."""

        def text() -> str:
            parts = (getattr(model, name) for name in names)
            return "\n".join(
                self._digest(("part", self._number(part)), partial(repr, part)) for part in parts
            )

        return self._digest(("claims", self._number(model), names), text)

    def _compile(self, crisis: Crisis) -> Game:
        self._states = max(self._states, check_size(crisis, self.depth, self.memory))
        return compile_game(crisis, self.draws)

    def _respond(
        self, view: Crisis, actor: str, level: int, near: Crisis | None = None
    ) -> Response:
        game = self.game(view)
        shares = poisson_shares(level, self.tau)
        expected = []
        for mover in game.movers:
            if mover.name != actor and level > 1:
                policies = [
                    self.response(view, mover.name, below, near=near).policy
                    for below in range(1, level)
                ]
                expected.append((mover, mixture(shares[1:], policies), 1.0 - shares[0]))
        mover = next(m for m in game.movers if m.name == actor)
        response = best_response(
            game,
            mover,
            Flow.of(game, expected),
            start=self._start(view, actor, level, near),
            tolerance=self.tolerance,
        )
        self.solved += 1
        self.sweeps += response.sweeps
        return response

    def _start(self, view: Crisis, actor: str, level: int, near: Crisis | None) -> Floats | None:
        """Where to start the search: given by the problem alone, so that an answer has the same
        bytes in whatever order, and in however many processes, problems are solved.
        """
        if self.central is not None:
            return self._start_of_draws(self.central, view, actor, level)
        if near is not None and self.game(near).space is self.game(view).space:
            return self.response(near, actor, level).values
        if level == 1:
            return None
        return self.response(view, actor, min(level - 1, 2), near=near).values

    def _start_of_draws(self, central: Hierarchy, view: Crisis, actor: str, level: int) -> Floats:
        """The central values, and what the draws have changed in those one level below."""
        values = central.response(view, actor, level).values
        if level == 1:
            return values
        below = min(level - 1, 2)
        before = central.response(view, actor, below).values
        drawn = self.response(view, actor, below).values
        return (drawn.reshape(-1, before.size) - before + values).reshape(-1)

    def remember(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """The value computed for this key before, or now."""
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]  # type: ignore[return-value]
        value = compute()
        self._known[key] = value
        while len(self._known) > max(_LEAST_KEPT, self.memory // (64 * self._states)):
            self._known.popitem(last=False)
            self._asked.clear()
        return value

    def has_solved(self, crisis: Crisis, depth: int) -> bool:
        """Whether what happens in a crisis is known already."""
        return ("chain", crisis.digest, depth) in self._known

    def responses(self) -> dict[Hashable, Response]:
        """What is known of how actors decide: it is the same in any other process."""
        return {key: known for key, known in self._known.items() if isinstance(known, Response)}

    def learn(self, responses: Mapping[Hashable, Response]) -> None:
        """Take over what another hierarchy with the same settings has solved."""
        self._known.update(responses)

    def coarser(self, tolerance: float) -> Hierarchy:
        """One of the same depth and tau that solves less exactly.

        It takes over what this one solved from scratch, but nothing that it solved near another
        crisis: then what it finds depends on the problem alone, whatever was asked before.
        """
        found = Hierarchy(
            depth=self.depth,
            tau=self.tau,
            tolerance=max(tolerance, self.tolerance),
            memory=self.memory,
        )
        for key, response in self.responses().items():
            if isinstance(key, tuple) and len(key) == 2:  # a third part is another crisis
                found.learn({key: response})
        return found

    def _digest(self, key: Hashable, text: Callable[[], str]) -> str:
        if key not in self._digests:
            self._digests[key] = sha256(text().encode()).hexdigest()
        return self._digests[key]


def _alone(key: Hashable) -> bool:
    """Whether a response was searched for from scratch: its key names no other crisis."""
    return isinstance(key, tuple) and len(key) == 2
