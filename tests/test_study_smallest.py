"""The smallest change crosses the line, and by brute force no smaller one does."""

from __future__ import annotations

from itertools import combinations

import pytest

from narrows import narrows
from standoff import Crisis, CrisisError, UnknownNameError, Variation, find_smallest_change
from standoff.crisis.uncertain import numbered
from standoff.study.changes import Change, Changer, Kind
from standoff.study.forecast import forecast
from standoff.study.hierarchy import Hierarchy
from standoff.study.smallest import KINDS, SmallestChange, candidates_of, is_quick

FEW: tuple[Kind, ...] = ("corrected", "held")
SOLVER = Hierarchy()


def candidates(crisis: Crisis, question: str, kinds: tuple[Kind, ...] = FEW) -> list[Change]:
    here = crisis.in_situation(str(crisis.questions[question].situation))
    return candidates_of(Changer(*numbered(here)), question, kinds)[0]


def chance(crisis: Crisis, question: str, changes: tuple[Change, ...]) -> float | None:
    """The probability, by views put together here; None if two changes are about the same."""
    if len({each.path for each in changes}) < len(changes):
        return None
    view = Variation(
        without=tuple(each.path for each in changes if each.kind in ("left out", "corrected")),
        with_={f"{each.path}.weight": each.to for each in changes if each.kind == "weight"},
        holding={each.path: str(each.to) for each in changes if each.kind == "held"},
    )
    try:
        return forecast(crisis, question, variation=view, hierarchy=SOLVER).central
    except CrisisError:  # a state that cannot be
        return None


def without_thoughts() -> Crisis:
    """The narrows without beliefs about beliefs, which are corrected otherwise than left out."""
    crisis = narrows()
    return crisis.without(
        *(f"north.believes.patron.believes.south.interests.{name}.weight"
          for name in ("fear", "gain")),
    )  # fmt: skip


def tried(
    crisis: Crisis, question: str, size: int, kinds: tuple[Kind, ...] = FEW
) -> dict[tuple[Change, ...], float]:
    sets = combinations(candidates(crisis, question, kinds), size)
    found = {each: chance(crisis, question, each) for each in sets}
    return {each: value for each, value in found.items() if value is not None}


@pytest.mark.parametrize(
    ("question", "kinds"), [("mined", ("weight", "corrected")), ("closed", FEW)]
)
def test_no_smaller_set_crosses_and_the_one_that_goes_furthest_comes_first(
    question: str, kinds: tuple[Kind, ...]
) -> None:
    crisis = without_thoughts()
    central = forecast(crisis, question).central
    singles, pairs = (tried(crisis, question, size, kinds) for size in (1, 2))
    towards = min if question == "mined" else max
    alone, both = towards(singles.values()), towards(pairs.values())
    assert abs(alone - both) > 0.005, "it takes two to come there"
    threshold = (alone + both) / 2
    found = find_smallest_change(crisis, question, threshold=threshold, kinds=kinds)
    assert found.central == pytest.approx(central, abs=1e-8)
    assert found.size == 2
    assert found.exhaustive
    assert [(stage.size, stage.tried) for stage in found.stages] == [
        (1, len(singles)),
        (2, len(pairs)),
    ]
    assert found.sets[0].chance == pytest.approx(both, abs=1e-7)
    rises = central < threshold
    crossing = [value for value in pairs.values() if (value >= threshold) == rises]
    assert found.crossing == len(crossing)
    for each in found.sets:
        assert (each.chance >= threshold) == rises
        assert each.chance == pytest.approx(chance(crisis, question, each.changes), abs=1e-7)
    best = sorted(crossing, reverse=rises)[: len(found.sets)]
    assert [each.chance for each in found.sets] == pytest.approx(best, abs=1e-6)


def test_one_change_is_enough_where_one_is() -> None:
    crisis = without_thoughts()
    found = find_smallest_change(crisis, "mined", threshold=0.9)
    assert found.size == 1
    assert found.sets[0].chance == min(each.chance for each in found.sets)
    assert all(each.chance < 0.9 < found.central for each in found.sets)
    assert [stage.size for stage in found.stages] == [1]
    cited = {claim.path for claim in found.claims}
    claims = {each.changes[0].path for each in found.sets if each.changes[0].kind != "held"}
    assert claims <= cited
    assert any(claim.source for claim in found.claims)


def test_where_nothing_crosses_that_is_said_with_what_was_tried() -> None:
    found = find_smallest_change(
        without_thoughts(), "mined", threshold=0.0001, kinds=("weight",), most_sets=40
    )
    assert (found.sets, found.size, found.crossing) == ((), None, 0)
    assert [stage.size for stage in found.stages] == [1, 2, 3]
    assert found.stages[0].tried == found.stages[0].possible == found.candidates
    assert found.exhaustive == all(each.tried == each.possible for each in found.stages)


def test_where_not_all_sets_are_tried_those_of_the_best_changes_are() -> None:
    crisis = without_thoughts()
    found = find_smallest_change(crisis, "closed", threshold=0.9999, kinds=FEW, most_sets=10)
    assert not found.exhaustive
    assert [(each.size, each.among) for each in found.stages[1:]] == [(2, 5), (3, 5)]
    assert all(each.tried <= 10 < each.possible for each in found.stages[1:])
    assert found.stages[1].possible == len(tried(crisis, "closed", 2))


def test_a_few_sets_of_the_changes_that_alone_go_furthest_are_enough_where_these_are() -> None:
    crisis = without_thoughts()
    singles = tried(crisis, "mined", 1, ("weight", "corrected"))
    first, second = sorted(singles, key=lambda each: singles[each])[:2]
    both = chance(crisis, "mined", (*first, *second))
    assert both is not None
    threshold = (singles[first] + both) / 2
    found = find_smallest_change(
        crisis, "mined", threshold=threshold, kinds=("weight", "corrected"), most_sets=1
    )
    assert found.stages[1].tried == 1
    assert found.sets[0].chance == pytest.approx(both, abs=1e-7)


def test_levels_of_what_is_asked_about_are_no_candidates() -> None:
    paths = {each.path for each in candidates(narrows(), "mined", KINDS)}
    assert "south.mine" not in paths
    assert {"north.close", "patron.come", "storm", "north.interests.sea"} <= paths
    assert "north.interests.doubt" not in paths, "it is taken not to hold"
    assert "north.believes.patron.interests.peace.weight" not in paths, "it is right"
    found = find_smallest_change(narrows(), "mined", most_changes=1)
    assert found.asked_about == ("south.mine",)


def test_levels_that_cannot_be_held_together_are_not_tried() -> None:
    crisis = narrows()
    sets = [
        {(each.path, each.to) for each in pair}
        for pair in combinations(candidates(crisis, "mined", ("held",)), 2)
    ]
    assert {("patron.come", "yes"), ("north.close", "half")} in sets
    found = find_smallest_change(crisis, "mined", threshold=0.0001, kinds=("held",), most_changes=2)
    possible = [each for each in sets if len({name for name, _ in each}) == 2]
    assert found.stages[1].possible == len(possible) - 1


def test_a_crisis_of_thousands_of_states_is_not_searched_unasked() -> None:
    assert is_quick(narrows(), "mined")
    raw = narrows().data()
    levels = [f"l{n}" for n in range(40)]
    more = {f"dial{n}": {"levels": levels} for n in range(2)}
    large = narrows(conditions={**raw["conditions"], **more}, never=[])
    assert not is_quick(large, "mined")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"threshold": 1.0}, "between 0 and 1"),
        ({"most_changes": 4}, "1 to 3"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(more: dict[str, object], said: str) -> None:
    with pytest.raises(CrisisError, match=said):
        find_smallest_change(narrows(), "mined", **more)  # type: ignore[arg-type]


def test_a_question_without_an_exact_answer_is_refused() -> None:
    with pytest.raises(CrisisError, match="lasting"):
        find_smallest_change(narrows(), "holds")
    with pytest.raises(UnknownNameError, match="mined"):
        find_smallest_change(narrows(), "mind")
    with pytest.raises(UnknownNameError, match="held"):
        find_smallest_change(narrows(), "mined", kinds=("hold",))  # type: ignore[arg-type]


def test_the_same_answer_comes_from_any_number_of_processes() -> None:
    found: list[SmallestChange] = [
        find_smallest_change(
            narrows(), "closed", kinds=("weight",), most_changes=2, workers=workers
        )
        for workers in (1, 2)
    ]
    assert found[0] == found[1]
