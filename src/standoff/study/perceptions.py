"""Who is wrong about what: stability as it is, and as each actor sees it.

Everybody acts on its own view of the crisis, so what lasts is what every actor finds stable *in
its own view*: an equilibrium of the hypergame. It may be one only because somebody is wrong; some
actor may not see it as one; and an actor may take a state to be an equilibrium that another is
about to leave, which will surprise it.

The view of an actor is the crisis as it sees it, made common knowledge
(:meth:`standoff.crisis.Crisis.as_seen_by`). How an actor thinks that another sees things is the
view of a view.

Bennett (1977), Toward a theory of hypergames; Wang, Hipel & Fraser (1989), Solution concepts in
hypergames.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.patches import in_short
from standoff.game.size import DEFAULT_MEMORY
from standoff.game.space import Truth
from standoff.solve.sequences import Move, State, moves_of
from standoff.solve.stability import CONCEPTS, everywhere, floors_of, stable_states
from standoff.study.stability import Conditions, Stability, find_stable, graph_of
from standoff.study.variation import AS_IT_IS, Variation

Kind = Literal["agreed", "unseen", "mistaken", "illusory", "missed", "unstable"]
"""What can be said of a state.

`agreed`: it lasts, would last if nobody were wrong, and every actor sees that it does.
`unseen`: it lasts and would last if nobody were wrong, but some actor thinks that another would
leave. `mistaken`: it lasts only because somebody is wrong. `illusory`: it does not last, though
some actor takes it for an equilibrium. `missed`: it would last if nobody were wrong, but somebody
leaves it by mistake. `unstable`: it does not last, and nobody thinks it does.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Perceptions:
    """A crisis as it is and as its actors see it.

    Attributes
    ----------
    truth
        Stability in the crisis as it is.
    views
        Stability in the view of each actor, and in the view that it ascribes to each other one:
        by actors, outermost first.
    """

    truth: Stability
    views: Mapping[tuple[str, ...], Stability]

    @property
    def actors(self) -> tuple[str, ...]:
        return tuple(party.name for party in self.truth.graph.parties)

    def own(self, concept: str) -> dict[str, Truth]:
        """Where each actor would stay, as it sees things."""
        return {actor: self.views[actor,].stable[concept][actor] for actor in self.actors}

    def lasting(self, concept: str) -> Truth:
        """Where everybody would stay as each sees things: equilibria of the hypergame."""
        return everywhere(self.own(concept).values())

    def regarded(self, actor: str, concept: str) -> Truth:
        """What an actor takes for an equilibrium: of the crisis as it sees it."""
        return self.views[actor,].equilibria(concept)

    def expected(self, actor: str, concept: str) -> Truth:
        """Where an actor expects everybody to stay, each in the view it ascribes to them."""
        return everywhere(
            self.views[(actor,) if other == actor else (actor, other)].stable[concept][other]
            for other in self.actors
        )

    def inconsistent(self, concept: str) -> Truth:
        """What lasts though some actor does not take it for an equilibrium."""
        seen = everywhere(self.regarded(actor, concept) for actor in self.actors)
        return np.asarray(self.lasting(concept) & ~seen)


def find_perceptions(
    crisis: Crisis,
    situation: str | None = None,
    *,
    variation: Variation = AS_IT_IS,
    concepts: tuple[str, ...] = CONCEPTS,
    conditions: Conditions = "held",
    memory: int = DEFAULT_MEMORY,
) -> Perceptions:
    """Find what is stable in a crisis, in every actor's view, and in the views it ascribes.

    Parameters and errors are those of :func:`standoff.study.stability.find_stable`. Views that are
    alike are solved once.
    """
    truth = find_stable(
        crisis,
        situation,
        variation=variation,
        concepts=concepts,
        conditions=conditions,
        memory=memory,
    )
    solved = {truth.crisis.digest: truth}

    def seen(by: tuple[str, ...]) -> Stability:
        view = truth.crisis.as_seen_by(*by)
        known = solved.get(view.digest)
        if known is None:
            graph = graph_of(view, conditions, memory)
            known = Stability(view, conditions, graph, stable_states(graph, concepts))
            solved[view.digest] = known
        return known

    actors = tuple(crisis.actors)
    pairs = [(a, b) for a in actors for b in actors if a != b]
    return Perceptions(truth, {by: seen(by) for by in [*((a,) for a in actors), *pairs]})


# One state --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """What can be said of a state, under one concept.

    Attributes
    ----------
    state, concept, kind
        Which, and what; see :data:`Kind`.
    leaves
        Who would leave, as it sees things.
    would_leave
        Who would leave if it were not wrong.
    mistaken
        Who stays, or leaves, only because it is wrong.
    believers
        Who takes it for an equilibrium.
    doubters
        Who does not.
    """

    state: State
    concept: str
    kind: Kind
    leaves: tuple[str, ...]
    would_leave: tuple[str, ...]
    mistaken: tuple[str, ...]
    believers: tuple[str, ...]
    doubters: tuple[str, ...]


def read_state(perceptions: Perceptions, state: State, concept: str) -> Reading:
    """Say of a state whether it lasts, whether it should, and who thinks that it does."""
    actors = perceptions.actors
    own = perceptions.own(concept)
    true = perceptions.truth.stable[concept]
    leaves = tuple(a for a in actors if not own[a][state])
    would = tuple(a for a in actors if not true[a][state])
    believers = tuple(a for a in actors if perceptions.regarded(a, concept)[state])
    kind: Kind
    if not leaves:
        kind = "mistaken" if would else "agreed" if len(believers) == len(actors) else "unseen"
    elif not would:
        kind = "missed"
    else:
        kind = "illusory" if believers else "unstable"
    return Reading(
        state=state,
        concept=concept,
        kind=kind,
        leaves=leaves,
        would_leave=would,
        mistaken=tuple(a for a in actors if bool(own[a][state]) != bool(true[a][state])),
        believers=believers,
        doubters=tuple(a for a in actors if a not in believers),
    )


def kinds_of(perceptions: Perceptions, concept: str) -> dict[Kind, Truth]:
    """Where each kind of :data:`Kind` is found: every state that can be is of exactly one."""
    lasting = perceptions.lasting(concept)
    true = perceptions.truth.equilibria(concept)
    regarded = [perceptions.regarded(actor, concept) for actor in perceptions.actors]
    seen, believed = everywhere(regarded), np.logical_or.reduce(regarded)
    neither = ~lasting & ~true & perceptions.truth.space.feasible
    return {
        "agreed": lasting & true & seen,
        "unseen": lasting & true & ~seen,
        "mistaken": lasting & ~true,
        "missed": ~lasting & true,
        "illusory": neither & believed,
        "unstable": neither & ~believed,
    }


@dataclass(frozen=True, slots=True)
class Surprise:
    """A state that one actor takes to be stable and another is about to leave.

    Attributes
    ----------
    actor
        Who would be surprised.
    concept
        The concept of stability.
    move
        What would surprise it: a move that the other, as it sees things, has nothing to fear from.
    """

    actor: str
    concept: str
    move: Move


def surprises_of(perceptions: Perceptions, actor: str, concept: str) -> Iterator[Surprise]:
    """What would surprise an actor, nearest to the start first.

    One for each state that it takes for an equilibrium and each other actor that would leave it.
    """
    taken = perceptions.regarded(actor, concept)
    own = perceptions.own(concept)
    floors: dict[str, np.ndarray] = {}
    for state in nearest_to(perceptions.truth.start, taken & ~everywhere(own.values())):
        for other in perceptions.actors:
            if other == actor or own[other][state]:
                continue
            graph = perceptions.views[other,].graph
            party = graph.party(other)
            if other not in floors:
                floors[other] = floors_of(graph, party, [concept])[concept]
            target = next(
                target
                for target in moves_of(graph, party, state, improving=True)
                if floors[other][target] > party.rank[state]
            )
            yield Surprise(actor, concept, Move(other, state, target))


def nearest_to(start: State, states: Truth) -> list[State]:
    """Indices of the states that a mask names, those that differ in the fewest axes first."""
    found = [tuple(int(i) for i in place) for place in np.argwhere(states)]
    return sorted(found, key=lambda s: sum(a != b for a, b in zip(s, start, strict=True)))


# One belief -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Correction:
    """One belief of an actor that, corrected alone, changes whether it stays in a state.

    Attributes
    ----------
    actor, path
        Whose belief, and what it is about: a path such as `russia.red_lines.alliance.weight`.
    value
        What it believes, as written.
    because, source
        Where the claim that it believes this comes from.
    stays
        Whether it would stay once it knows better.
    """

    actor: str
    path: str
    value: str
    because: str | None
    source: str | None
    stays: bool


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What an actor makes of every state.

    Attributes
    ----------
    stays
        Where it would stay.
    regards
        What it takes for an equilibrium.
    """

    stays: Truth
    regards: Truth


@dataclass(frozen=True, slots=True, eq=False)
class Corrections:
    """What actors would do, and think, if their beliefs were corrected.

    Attributes
    ----------
    before
        By actor, as it sees things now.
    single
        By actor and path, if the one belief were corrected.
    all
        By actor, if it were wrong about nothing.
    """

    crisis: Crisis
    before: Mapping[str, Seen]
    single: Mapping[tuple[str, str], Seen]
    all: Mapping[str, Seen]

    def of(self, state: State) -> tuple[Correction, ...]:
        """Every single correction that changes whether its holder stays in a state."""
        return tuple(
            self._correction(actor, path, bool(then.stays[state]))
            for (actor, path), then in self.single.items()
            if then.stays[state] != self.before[actor].stays[state]
        )

    def only_together(self, state: State) -> tuple[str, ...]:
        """Who is wrong about whether to stay, though no correction of one belief would show it."""
        alone = {correction.actor for correction in self.of(state)}
        return tuple(
            actor
            for actor, then in self.all.items()
            if actor not in alone and then.stays[state] != self.before[actor].stays[state]
        )

    def opening_eyes(self, actor: str, state: State) -> tuple[Correction, ...]:
        """Single corrections that change whether an actor takes a state for an equilibrium."""
        return tuple(
            self._correction(holder, path, bool(then.stays[state]))
            for (holder, path), then in self.single.items()
            if holder == actor and then.regards[state] != self.before[holder].regards[state]
        )

    def _correction(self, actor: str, path: str, stays: bool) -> Correction:
        belief = self.crisis.actors[actor].believes[path]
        value = in_short(belief.value)
        return Correction(actor, path, value, belief.because, belief.source, stays)


def find_corrections(
    perceptions: Perceptions, concept: str, memory: int = DEFAULT_MEMORY
) -> Corrections:
    """Correct every belief of every actor, one at a time and all together.

    To correct a belief is to leave it out: its holder then sees what is so.
    """
    crisis, conditions = perceptions.truth.crisis, perceptions.truth.conditions

    def seen(actor: str, stable: Mapping[str, Truth]) -> Seen:
        return Seen(stable[actor], everywhere(stable.values()))

    def corrected(actor: str, *paths: str) -> Seen:
        view = crisis.without(*(f"{actor}.believes.{path}" for path in paths)).as_seen_by(actor)
        return seen(actor, stable_states(graph_of(view, conditions, memory), [concept])[concept])

    held = {name: tuple(actor.believes) for name, actor in crisis.actors.items() if actor.believes}
    return Corrections(
        crisis,
        {actor: seen(actor, perceptions.views[actor,].stable[concept]) for actor in held},
        {(actor, path): corrected(actor, path) for actor, paths in held.items() for path in paths},
        {actor: corrected(actor, *paths) for actor, paths in held.items()},
    )
