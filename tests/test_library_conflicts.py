"""The shipped conflicts of the literature: what they say of themselves, and what is published."""

import re
from importlib.resources import files

import numpy as np
import pytest

import standoff
from published import PUBLISHED, Published
from standoff.crisis import Crisis
from standoff.game.space import Truth
from standoff.solve.limited import limited_move
from standoff.solve.stability import CONCEPTS
from standoff.study.stability import Stability, find_coalitions, find_stable

NAMES = [
    "chicken",
    "cuban-missile-crisis-1962",
    "elmira",
    "euphrates-1975",
    "garrison-diversion",
    "iran-hostages-1979",
    "lake-gisborne",
    "prisoners-dilemma",
]
HEADINGS = ["What is published, and what was recalled", "States and preferences"]


@pytest.fixture(scope="module", params=NAMES)
def conflict(request: pytest.FixtureRequest) -> Crisis:
    return standoff.load(request.param)


@pytest.fixture(params=PUBLISHED, ids=lambda each: each.under or each.name)
def published(request: pytest.FixtureRequest) -> Published:
    return request.param


def readme(name: str) -> str:
    return (files("standoff") / "library" / name / "README.md").read_text("utf-8")


def test_they_are_all_there() -> None:
    assert set(NAMES) < set(standoff.library_names())


def test_every_source_says_whether_it_was_read_or_recalled(conflict: Crisis) -> None:
    silent = [
        key
        for key, source in conflict.sources.items()
        if key != "recomputed" and not re.search(r"\b(read|recalled)\b", source.note or "", re.I)
    ]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_its_readme_says_what_is_published_and_shows_the_states(name: str) -> None:
    text = readme(name)
    assert re.findall(r"^### (.*)$", text, flags=re.MULTILINE) == HEADINGS
    assert "| rank for" in text


def test_a_published_conflict_only_orders_its_states(conflict: Crisis) -> None:
    assert all(actor.ordinal for actor in conflict.actors.values())
    assert not conflict.questions
    assert not conflict.conditions


def test_its_equilibria_are_stated_for_every_concept(conflict: Crisis) -> None:
    stated = [
        concept
        for expected in conflict.expects.values()
        if (standing := expected.equilibria) and not standing.seen_by and not standing.under
        for concept in standing.concept
    ]
    assert sorted(stated) == sorted(CONCEPTS)


def test_every_expectation_says_whether_it_is_published_or_recomputed(conflict: Crisis) -> None:
    silent = [
        name
        for name, expected in conflict.expects.items()
        if not re.search(
            r"published|stored|recomputed|the literature", expected.because or "", re.I
        )
    ]
    assert silent == []


def test_a_recomputed_set_is_not_given_as_published(conflict: Crisis) -> None:
    wrong = [
        name
        for name, expected in conflict.expects.items()
        if "recomputed" in (expected.because or "").lower()
        and "recomputed" not in (expected.source or "")
    ]
    assert wrong == []


def solved(published: Published) -> Stability:
    crisis = standoff.load(published.name)
    return find_stable(crisis.under(published.under) if published.under else crisis)


def states_of(published: Published, stability: Stability) -> dict[str, Truth]:
    """Where each numbered state is in the arrays."""
    found = {}
    for number, levels in published.states.items():
        pairs = zip(published.options.split(), levels.split(), strict=True)
        text = " and ".join(f"{option} == {level}" for option, level in pairs if level != "*")
        statement = stability.crisis.statement(text)
        found[str(number)] = stability.space.truth(statement) & stability.space.feasible
    return found


def union(places: dict[str, Truth], numbers: str) -> Truth:
    return np.logical_or.reduce([places[number] for number in numbers.split()], initial=False)


def test_the_states_that_can_be_are_those_of_the_literature(published: Published) -> None:
    stability = solved(published)
    places = states_of(published, stability)
    assert sum(places.values(), start=np.zeros(stability.space.shape, int)).max() == 1
    assert (union(places, " ".join(places)) == stability.space.feasible).all()


def test_every_actor_ranks_the_states_as_in_the_literature(published: Published) -> None:
    stability = solved(published)
    places = states_of(published, stability)
    assert list(published.rankings) == list(stability.graph.names)
    for actor, ranking in published.rankings.items():
        rank = stability.graph.party(actor).rank
        tied = [set(rank[union(places, tie.replace("=", " "))]) for tie in ranking.split()]
        assert [len(ranks) for ranks in tied] == [1] * len(tied), actor
        assert [max(ranks) for ranks in tied] == list(range(len(tied), 0, -1)), actor


def test_the_stable_states_are_those_of_the_literature(published: Published) -> None:
    stability = solved(published)
    places = states_of(published, stability)
    coalitions = find_coalitions(stability)
    for actors, concepts, numbers in published.stable:
        for concept in concepts.split():
            if actors:
                stable = coalitions[concept][tuple(actors.split())]
            else:
                stable = stability.equilibria(concept)
            assert (stable == union(places, numbers)).all(), (actors, concept)


def test_looking_some_moves_ahead_gives_what_the_literature_says(published: Published) -> None:
    stability = solved(published)
    places = states_of(published, stability)
    for moves, numbers in published.limited.items():
        stays = np.logical_and.reduce(list(limited_move(stability.graph, moves).values()))
        assert (stays == (union(places, numbers) if numbers else False)).all(), moves


def rows_of(name: str, levels: int) -> dict[tuple[str, ...], list[str]]:
    """The table of a README: the ranks and what is said of stability, by the levels."""
    table = [line for line in readme(name).splitlines() if line.startswith("| ")]
    header, *lines = ([cell.strip() for cell in line.strip("|").split("|")] for line in table)
    first = header.index("state") + 1 if "state" in header else 0
    last = first + levels
    return {tuple(line[first:last]): line[last:] for line in lines}


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"lake-gisborne", "iran-hostages-1979"}))
def test_the_table_of_its_readme_is_true(name: str) -> None:
    stability = find_stable(standoff.load(name))
    options = list(stability.crisis.variables)
    checked = 0
    for levels, (*ranks, stable) in rows_of(name, len(options)).items():
        text = " and ".join(
            f"{option} == {level}"
            for option, level in zip(options, levels, strict=True)
            if level != "any"
        )
        found = stability.space.truth(stability.crisis.statement(text)) & stability.space.feasible
        for state in np.argwhere(found):
            place = tuple(int(axis) for axis in state)
            parties = stability.graph.parties[: len(ranks)]
            assert [party.rank.max() - party.rank[place] + 1 for party in parties] == [
                int(rank) for rank in ranks
            ]
            concepts = set(stable.lower().split(", ")) if stable else set()
            every = set(CONCEPTS) if stable == "every concept" else concepts
            assert every == set(stability.concepts_of(place)), levels
            checked += 1
    assert checked == stability.space.feasible.sum()
