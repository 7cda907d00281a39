"""Files of gmcr-py: what they say becomes a crisis, and what a crisis cannot say is told."""

from __future__ import annotations

import copy
import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import standoff
from standoff.crisis import CrisisError
from standoff.crisis.gmcr import Imported, raw_crisis, read_gmcr
from standoff.crisis.naming import identifier
from standoff.crisis.plain_json import MOST_BYTES, parse_json
from standoff.crisis.yes_no import TooMany, feasible
from standoff.game.graph import compile_graph

Data = dict[str, Any]


def both(name: str, direction: str = "both") -> Data:
    return {"name": name, "permittedDirection": direction}


def dispute(**changes: Any) -> Data:
    """Two villages and a well: option 2 belongs to the second of them."""
    data: Data = {
        "decisionMakers": [
            {
                "name": "Upper Village",
                "options": [0, 1],
                "preferences": [[[2, "N"]], [[0, "N"], [1, "Y"]]],
            },
            {
                "name": "Lower Village",
                "options": [2],
                "preferences": [{"compound": True, "members": [[[0, "N"]], [[1, "N"], [2, "Y"]]]}],
            },
        ],
        "options": [both("Fence the Well"), both("Pay"), both("Sue")],
        "infeasibles": [[[0, "Y"], [1, "Y"]]],
        "useManualPreferenceRanking": False,
        "program": "gmcr-py",
        "version": "0.3.12",
    }
    return data | changes


def ranked(first: list[Any], second: list[Any], **changes: Any) -> Data:
    """The same with rankings of its six feasible states."""
    data = dispute(useManualPreferenceRanking=True, **changes)
    for maker, ranking in zip(data["decisionMakers"], (first, second), strict=True):
        maker |= {"preferenceRanking": ranking, "preferences": []}
    return data


def read(data: Data) -> tuple[Data, tuple[str, ...]]:
    """The data of the crisis, and the notes."""
    raw, _, notes = raw_crisis(parse_json(json.dumps(data), "well.gmcr"), "well")
    return raw, notes


def made(folder: Path, data: Data | str, name: str = "well.gmcr") -> Imported:
    file = folder / name
    file.write_text(data if isinstance(data, str) else json.dumps(data))
    return read_gmcr(file)


def changed(*path: str | int, to: Any) -> Data:
    """The dispute with one thing in it changed."""
    data = copy.deepcopy(dispute())
    at: Any = data
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return data


NO_STATUS_QUO = (
    "the file does not say where the conflict stands; the crisis starts with every option at "
    "`no`: change `state`"
)

# What becomes of what ---------------------------------------------------------------------------


def test_everything_that_a_file_says_has_its_place_in_the_crisis() -> None:
    raw, notes = read(dispute())
    assert raw == {
        "crisis": "well",
        "sources": {"gmcr": {"title": "well.gmcr (gmcr-py 0.3.12)"}},
        "actors": {
            "upper_village": {
                "name": "Upper Village",
                "source": "gmcr decisionMakers[0]",
                "options": {"fence_the_well": ["no", "yes"], "pay": ["no", "yes"]},
                "priorities": ["not lower_village.sue", "not fence_the_well and pay"],
            },
            "lower_village": {
                "name": "Lower Village",
                "source": "gmcr decisionMakers[1]",
                "options": {"sue": ["no", "yes"]},
                "priorities": [
                    "not upper_village.fence_the_well or (not upper_village.pay and sue)"
                ],
            },
        },
        "never": ["upper_village.fence_the_well and upper_village.pay"],
    }
    assert notes == (NO_STATUS_QUO,)


def test_an_option_for_one_direction_only_rises_or_only_falls() -> None:
    raw, _ = read(dispute(options=[both("A", "fwd"), both("B", "back"), both("C")]))
    own = raw["actors"]["upper_village"]["options"]
    assert own["a"] == {"levels": ["no", "yes"], "irreversible": "up"}
    assert own["b"] == {"levels": ["no", "yes"], "irreversible": "down"}
    assert raw["actors"]["lower_village"]["options"]["c"] == ["no", "yes"]


def test_states_are_numbered_among_the_feasible_ones_with_the_first_option_least() -> None:
    raw, _ = read(ranked([6, 1, [5, 2], 3, 4], [1, 2, 3, 4, 5, 6]))
    first = raw["actors"]["upper_village"]["ranking"]
    names = ("fence_the_well", "pay", "lower_village.sue")

    def state(letters: str) -> dict[str, str]:
        return dict(zip(names, ({"Y": "yes", "N": "no"}[each] for each in letters), strict=True))

    # Feasible: NNN, YNN, NYN, NNY, YNY, NYY (YYN and YYY are not).
    assert first == [
        state("NYY"),
        state("NNN"),
        [state("YNY"), state("YNN")],
        state("NYN"),
        state("NNY"),
    ]
    second = raw["actors"]["lower_village"]["ranking"]
    assert [each["sue"] for each in second] == ["no", "no", "no", "yes", "yes", "yes"]


def test_old_files_say_vector_instead_of_ranking() -> None:
    old = ranked([6, 1, [5, 2], 3, 4], [1, 2, 3, 4, 5, 6])
    old["useManualPreferenceVectors"] = old.pop("useManualPreferenceRanking")
    for maker in old["decisionMakers"]:
        maker["preferenceVector"] = maker.pop("preferenceRanking")
    assert read(old) == read(ranked([6, 1, [5, 2], 3, 4], [1, 2, 3, 4, 5, 6]))


def test_the_first_files_say_reversibility_and_nothing_of_rankings() -> None:
    old = dispute(options=[{"name": n, "reversibility": "fwd"} for n in "ABC"])
    del old["useManualPreferenceRanking"], old["version"], old["program"]
    raw, notes = read(old)
    assert raw["actors"]["lower_village"]["options"]["c"]["irreversible"] == "up"
    assert raw["sources"] == {"gmcr": {"title": "well.gmcr"}}
    assert notes == (NO_STATUS_QUO,)


def test_decision_makers_may_list_options_as_objects() -> None:
    data = dispute()
    data["decisionMakers"][0]["options"] = [both("Fence the Well"), both("Pay")]
    assert read(data) == read(dispute())
    del data["options"]
    data["decisionMakers"][1]["options"] = [both("Sue")]
    assert read(data) == read(dispute())


def test_objects_with_one_name_are_different_options_of_different_decision_makers() -> None:
    data = dispute(options=[both("Fence"), both("Pay"), both("Pay")])
    data["decisionMakers"][0]["options"] = [both("Fence"), both("Pay")]
    data["decisionMakers"][1]["options"] = [both("Pay")]
    raw, _ = read(data)
    assert list(raw["actors"]["lower_village"]["options"]) == ["pay"]
    assert raw["never"] == ["upper_village.fence and upper_village.pay"]


def test_an_option_that_nobody_has_becomes_a_condition() -> None:
    data = dispute(options=[both("Fence"), both("Rain"), both("Rain")])
    data["decisionMakers"][0]["options"] = [0]
    raw, notes = read(data)
    assert list(raw["conditions"]) == ["rain_2"]  # in its block, `rain` would be Lower's option
    assert raw["conditions"]["rain_2"]["levels"] == ["no", "yes"]
    assert raw["never"] == ["upper_village.fence and rain_2"]
    assert "options[1] belongs to no decision maker: it became the condition `rain_2`" in notes[0]


def test_the_start_is_the_first_feasible_state() -> None:
    raw, notes = read(dispute(infeasibles=[[[0, "N"], [2, "N"]], [[0, "Y"], [1, "N"]]]))
    assert raw["state"] == {"upper_village.fence_the_well": "yes", "upper_village.pay": "yes"}
    assert "except `upper_village.fence_the_well`, `upper_village.pay`" in notes[-1]


def test_a_title_and_a_description_are_taken_over() -> None:
    raw, _ = read(dispute(title="The  Well", description="Who may draw\nwater?"))
    assert (raw["crisis"], raw["summary"]) == ("The Well", "Who may draw water?")


# What is left out is told -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (dispute(colour="red"), 'colour is not understood and left out: "red"'),
        (
            changed("decisionMakers", 1, "preference", to=[1, 2]),
            "decisionMakers[1].preference is not understood and left out: a list with 2 entries",
        ),
        (
            changed("options", 2, "image path", to={"a": 1}),
            'options[2]."image path" is not understood and left out: an object with 1 entry',
        ),
        (
            changed("decisionMakers", 1, "preferences", 0, "weight", to=8),
            "decisionMakers[1].preferences[0].weight is not understood and left out: 8",
        ),
        (
            changed("options", 2, to={"name": "Sue"}),
            "options[2] has no `permittedDirection`: taken as both",
        ),
        (dispute(coalitions=[0, [0, 1]]), "coalitions[1]: Upper Village, Lower Village stand"),
        (dispute(coalitionsFull=[]), "`coalitionsFull` only repeats what is said elsewhere"),
        (
            changed("decisionMakers", 1, "misperceptions", to=[[[0, "Y"], [2, "N"]]]),
            "decisionMakers[1].misperceptions: Lower Village does not perceive the states with "
            "`upper_village.fence_the_well and not lower_village.sue`; a crisis cannot say so",
        ),
        (
            changed("decisionMakers", 1, "preferences", to=[]),
            "decisionMakers[1] states no preferences: Lower Village is indifferent between all",
        ),
        (
            changed("decisionMakers", 1, "preferenceRanking", to=[1, 2]),
            "decisionMakers[1].preferenceRanking is left out: `preferences` are said to count",
        ),
        (
            dispute(useManualPreferenceRanking=True),
            "decisionMakers[0] has no `preferenceRanking`, though it is said to count; "
            "`preferences` are used",
        ),
        (
            dispute(useManualPreferenceVectors=True),
            "useManualPreferenceVectors contradicts useManualPreferenceRanking, which counts",
        ),
        (
            ranked([6, 1, 5], [1, 2, 3, 4, 5, 6]),
            "decisionMakers[0].preferenceRanking leaves out states 2, 3, 4: tied in the last",
        ),
        (
            ranked([1, [2, 1], 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]),
            "decisionMakers[0].preferenceRanking[1][1]: state 1 is at "
            "decisionMakers[0].preferenceRanking[0] already",
        ),
        (
            changed("decisionMakers", 0, "payoffs", to=[6, 5, 4, 3, 2, 1]),
            "decisionMakers[0].payoffs orders the states otherwise than the preferences do",
        ),
        (
            changed("decisionMakers", 0, "payoffs", to=[3, 3, 4, 1, 1, 2]),
            "`payoffs` only repeat the preferences: left out",
        ),
        (
            changed("decisionMakers", 0, "preferences", 0, to=[[2, "N"], [2, "Y"]]),
            "decisionMakers[0].preferences[0] wants option 2 both taken and not: it is never true",
        ),
        (
            changed("decisionMakers", 0, "preferences", 0, to=[]),
            "decisionMakers[0].preferences[0] is empty: taken as always true",
        ),
        (
            changed("decisionMakers", 1, "preferences", 0, "members", to=[]),
            "decisionMakers[1].preferences[0].members is empty: taken as never true",
        ),
        (
            changed("decisionMakers", 1, "preferences", 0, "compound", to=False),
            "decisionMakers[1].preferences[0] has `members`: taken as any of them",
        ),
    ],
)
def test_what_is_left_out_or_decided_is_noted_with_its_place(data: Data, note: str) -> None:
    _, notes = read(data)
    assert [each for each in notes if each.startswith(note)], notes


def test_a_near_key_is_pointed_out() -> None:
    data = dispute()
    data["infeasible"] = data.pop("infeasibles")
    raw, notes = read(data)
    assert "never" not in raw
    assert "infeasible is not understood" in notes[0]
    assert "(is `infeasibles` meant?)" in notes[0]


def test_rankings_that_do_not_count_leave_the_statements_and_the_other_way_round() -> None:
    data = dispute(useManualPreferenceRanking=True)
    data["decisionMakers"][0]["preferenceRanking"] = [[1, 2, 3], [4, 5, 6]]
    raw, notes = read(data)
    assert "priorities" not in raw["actors"]["upper_village"]
    assert len(raw["actors"]["upper_village"]["ranking"]) == 2
    assert "decisionMakers[0].preferences is left out: the ranking is said to count" in notes
    data["useManualPreferenceRanking"] = False
    raw, _ = read(data)
    assert "ranking" not in raw["actors"]["upper_village"]


def test_without_preferences_a_ranking_or_payoffs_are_better_than_nothing() -> None:
    data = changed("decisionMakers", 0, "preferences", to=[])
    data["decisionMakers"][0]["preferenceRanking"] = [[1, 2, 3, 4, 5], 6]
    raw, notes = read(data)
    ranking = raw["actors"]["upper_village"]["ranking"]
    assert (len(ranking), len(ranking[0])) == (2, 5)
    assert "is used, since there are no `preferences`" in notes[0]

    data = changed("decisionMakers", 0, "preferences", to=[])
    data["decisionMakers"][0]["payoffs"] = [2, 2, 2, 2, 2, 1]
    again, notes = read(data)
    assert again["actors"]["upper_village"]["ranking"] == ranking
    assert notes[0] == "decisionMakers[0].payoffs is used, since there are no preferences"


def test_options_that_are_not_sorted_by_owner_are_numbered_as_they_stand() -> None:
    data = ranked([6, 1, 5, 2, 3, 4], [1, 2, 3, 4, 5, 6])
    data["decisionMakers"][0]["options"], data["decisionMakers"][1]["options"] = [0, 2], [1]
    _, notes = read(data)
    assert notes[0].startswith("the options are not sorted by decision maker: the numbers of")


# What is refused --------------------------------------------------------------------------------

REFUSED = [
    ("", "the file is empty"),
    ("{", "well.gmcr:1:2: this is not JSON: expecting property name enclosed in double quotes"),
    ("[]", "expected an object, got a list with 0 entries"),
    ("7", "expected an object, got 7"),
    ('{"a": NaN}', "NaN is not a number in JSON"),
    ('{"a": -Infinity}', "-Infinity is not a number in JSON"),
    ('{"a": 1, "a": 2}', 'an object has the key "a" twice'),
    ('{"a": ' + "9" * 5000 + "}", "there is a number with too many digits"),
    ("[" * 100_000, "lists and objects are nested too deeply"),
    ('{"title": "\\ud800"}', "there is half a character"),
    ({}, "there is no `decisionMakers`"),
    (
        {"decisionMaker": [], "options": []},
        "there is no `decisionMakers`; its keys: decisionMaker, options. Is `decisionMaker` meant?",
    ),
    (dispute(decisionMakers=[]), "decisionMakers: there is nobody to decide anything"),
    (dispute(decisionMakers={}), "decisionMakers: expected a list, got an object with 0 entries"),
    (dispute(decisionMakers=[3]), "decisionMakers[0]: expected an object, got 3"),
    (changed("decisionMakers", 1, "name", to=None), "decisionMakers[1]: there is no `name`"),
    (changed("decisionMakers", 1, "name", to=5), "decisionMakers[1].name: expected text, got 5"),
    (
        changed("decisionMakers", 1, "options", to=[3]),
        "decisionMakers[1].options[0]: there is no 3: options are numbered 0 to 2",
    ),
    (
        changed("decisionMakers", 1, "options", to=[-1]),
        "decisionMakers[1].options[0]: there is no -1: options are numbered 0 to 2",
    ),
    (
        changed("decisionMakers", 1, "options", to=[True]),
        "decisionMakers[1].options[0]: expected a whole number, got true",
    ),
    (
        changed("decisionMakers", 1, "options", to=[1.5]),
        "decisionMakers[1].options[0]: expected a whole number, got 1.5",
    ),
    (
        changed("decisionMakers", 1, "options", to=[both("Sew")]),
        "decisionMakers[1].options[0]: no option is called “Sew”. Is “Sue” meant?",
    ),
    (
        changed("decisionMakers", 1, "options", to=[1]),
        "decisionMakers[1].options[0]: the option “Pay” belongs to both Upper Village and "
        "Lower Village; in a crisis every option has one owner",
    ),
    (
        changed("decisionMakers", 1, "options", to=[2, 2]),
        "decisionMakers[1].options[1]: the option “Sue” is listed twice",
    ),
    (
        dispute(options=[], decisionMakers=[{"name": "A", "options": []}]),
        "there are no options, and so nothing to decide",
    ),
    (
        changed("options", 0, "permittedDirection", to="backward"),
        'options[0].permittedDirection: "backward" is not a direction; known: both, fwd, back. '
        "Is “back” meant?",
    ),
    (changed("options", 0, to="Fence"), 'options[0]: expected an object, got "Fence"'),
    (
        changed("infeasibles", 0, to="YN-"),
        'infeasibles[0]: expected a list of pairs such as [0, "Y"], or {"compound": true',
    ),
    (changed("infeasibles", 0, to=[0, "Y"]), "infeasibles[0][0]: expected a pair such as"),
    (changed("infeasibles", 0, 0, to=[0]), "infeasibles[0][0]: expected a pair such as"),
    (
        changed("infeasibles", 0, 0, to=[9, "Y"]),
        "infeasibles[0][0][0]: there is no 9: options are numbered 0 to 2",
    ),
    (
        changed("infeasibles", 0, 0, to=[0, "y"]),
        'infeasibles[0][0][1]: expected "Y" or "N", got "y"',
    ),
    (
        changed("decisionMakers", 0, "preferences", 0, to={"all": []}),
        "decisionMakers[0].preferences[0]: expected a list of pairs",
    ),
    (
        changed("decisionMakers", 0, "preferences", 0, to={"members": 4}),
        "decisionMakers[0].preferences[0].members: expected a list, got 4",
    ),
    (
        dispute(infeasibles=[[[0, "Y"]], [[0, "N"]]]),
        "infeasibles: together these rule out every state",
    ),
    (dispute(infeasibles=[[]]), "infeasibles: together these rule out every state"),
    (dispute(useManualPreferenceRanking="yes"), 'expected true or false, got "yes"'),
    (
        ranked([7, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6]),
        "decisionMakers[0].preferenceRanking[0]: there is no 7: "
        "the feasible states are numbered 1 to 6",
    ),
    (
        ranked([0], [1, 2, 3, 4, 5, 6]),
        "decisionMakers[0].preferenceRanking[0]: there is no 0",
    ),
    (
        ranked([1, [2, [3]]], [1, 2, 3, 4, 5, 6]),
        "decisionMakers[0].preferenceRanking[1][1]: expected a whole number, got a list with 1",
    ),
    (dispute(coalitions=[[0, 2]]), "coalitions[0][1]: there is no 2: decision makers are numbered"),
]


@pytest.mark.parametrize(("data", "message"), REFUSED, ids=[each[1][:48] for each in REFUSED])
def test_what_cannot_be_read_is_refused_with_its_place(
    data: Data | str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("well.gmcr").write_text(data if isinstance(data, str) else json.dumps(data))
    with pytest.raises(CrisisError) as err:
        read_gmcr("well.gmcr")
    assert message in str(err.value)
    assert str(err.value).startswith("well.gmcr:")


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "well.gmcr").write_text("{}")
    (tmp_path / "latin.gmcr").write_bytes(b'{\n"title": "\xe9t\xe9"}')
    (tmp_path / "huge.gmcr").write_bytes(b" " * (MOST_BYTES + 1))
    for name, message in {
        "wel.gmcr": f"there is no such file. Is `{tmp_path / 'well.gmcr'}` meant?",
        "": "this is a folder, not a file",
        "latin.gmcr": ":2: the file is not text in UTF-8 (byte 0xe9)",
        "huge.gmcr": "the file is too large (5,000,001 bytes, at most 5,000,000)",
        "a\0b": "the file cannot be read",
    }.items():
        with pytest.raises(CrisisError) as err:
            read_gmcr(tmp_path / name)
        assert message in str(err.value)


def test_a_mark_at_the_beginning_of_a_file_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "well.gmcr"
    file.write_bytes(json.dumps(dispute()).encode("utf-8-sig"))
    assert read_gmcr(file).crisis.title == "well"


def test_too_many_states_to_number_are_refused() -> None:
    data = dispute(options=[both(f"o{k}") for k in range(60)], useManualPreferenceRanking=True)
    data["decisionMakers"][0] = {"name": "A", "options": [*range(60)], "preferenceRanking": [1]}
    del data["decisionMakers"][1]
    with pytest.raises(CrisisError, match="there are too many feasible states to number"):
        read(data)
    data["useManualPreferenceRanking"] = False
    data["decisionMakers"][0] |= {"preferences": [[[59, "N"]]], "payoffs": [1, 2, 3]}
    data["infeasibles"] = [[[59, "N"]]]
    raw, notes = read(data)
    assert raw["state"] == {"a.o59": "yes"}
    assert any("payoffs orders the states otherwise" in note for note in notes)


def test_a_search_for_states_ends_even_if_it_finds_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.crisis.yes_no.MOST_STEPS", 10_000)
    # Only once the first two of 40 options are decided, the last to be so, does it fail.
    never = [(((0, a), (1, b)),) for a, b in product((True, False), repeat=2)]
    with pytest.raises(TooMany):
        next(feasible(40, never))


# The whole way ----------------------------------------------------------------------------------


def test_the_text_reads_back_as_the_same_crisis_and_keeps_the_names(tmp_path: Path) -> None:
    found = made(
        tmp_path, dispute(colour="red", options=[both("Fence"), both("Ça\x07!"), both("C")])
    )
    assert standoff.loads(found.text) == found.crisis
    assert found.names["upper_village.ca"] == "Ça\x07!"
    assert "#   upper_village.ca     Ça?!\n" in found.text
    assert '# - colour is not understood and left out: "red"\n' in found.text
    assert found.text.startswith("# Made from well.gmcr (gmcr-py 0.3.12) by `standoff import`.\n")


def test_an_actor_without_preferences_is_indifferent(tmp_path: Path) -> None:
    found = made(tmp_path, changed("decisionMakers", 1, "preferences", to=[]))
    graph = compile_graph(found.crisis)
    assert set(np.unique(graph.party("lower_village").rank[graph.space.feasible])) == {1}
    assert standoff.loads(found.text) == found.crisis


def test_large_rankings_are_written_as_statements_and_can_be_read_again(tmp_path: Path) -> None:
    states = list(range(1, 513))
    data = dispute(
        options=[both(f"o{k}") for k in range(9)], infeasibles=[], useManualPreferenceRanking=True
    )
    for maker in data["decisionMakers"]:
        maker |= {"preferenceRanking": states, "options": [], "preferences": []}
    data["decisionMakers"][0]["options"] = list(range(9))
    found = made(tmp_path, data)
    first = found.crisis.actors["upper_village"].ranking[0]
    assert [pattern.text for pattern in first] == [" and ".join(f"not o{k}" for k in range(9))]
    assert standoff.loads(found.text) == found.crisis


# Every file, by the definition ------------------------------------------------------------------


@st.composite
def conflicts(draw: st.DrawFn) -> Data:
    """Small files of every shape that is understood."""
    number = draw(st.integers(1, 5))
    makers = draw(st.integers(1, 3))
    owners = [draw(st.integers(0, makers - 1)) for _ in range(number)]
    pair = st.tuples(st.integers(0, number - 1), st.sampled_from("YN")).map(list)
    simple = st.lists(pair, min_size=1, max_size=3)
    compound = st.lists(simple, min_size=1, max_size=3).map(
        lambda members: {"compound": True, "members": members}
    )
    statements = st.lists(st.one_of(simple, compound), max_size=4)
    data: Data = {
        "options": [
            both(draw(st.sampled_from(["Go", "Stay", "If", "Über"])), draw(DIRECTIONS))
            for _ in range(number)
        ],
        "infeasibles": draw(st.lists(st.one_of(simple, compound), max_size=2)),
        "useManualPreferenceRanking": draw(st.booleans()),
        "decisionMakers": [
            {
                "name": draw(st.sampled_from(["A", "B b", ""])),
                "options": [k for k in range(number) if owners[k] == i],
                "preferences": draw(statements),
            }
            for i in range(makers)
        ],
    }
    states = feasible_states(data)
    for maker in data["decisionMakers"]:
        order = draw(st.permutations(range(1, len(states) + 1)))
        cuts = sorted(draw(st.sets(st.integers(1, max(1, len(order))))))
        groups = [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]
        maker["preferenceRanking"] = [g[0] if len(g) == 1 else g for g in groups if g]
    return data


DIRECTIONS = st.sampled_from(["both", "both", "fwd", "back"])


def says(statement: Any, state: tuple[str, ...]) -> bool:
    if isinstance(statement, dict):
        return any(says(member, state) for member in statement["members"])
    return all(state[k] == letter for k, letter in statement)


def feasible_states(data: Data) -> list[tuple[str, ...]]:
    """The feasible states as letters per option, in the order of their numbers."""
    states = product("NY", repeat=len(data["options"]))
    return sorted(
        (s for s in states if not any(says(each, s) for each in data["infeasibles"])),
        key=lambda s: sum(2**k for k, letter in enumerate(s) if letter == "Y"),
    )


def worth(data: Data, maker: Data, states: list[tuple[str, ...]]) -> list[float]:
    """Payoffs of the states by the definition."""
    if data["useManualPreferenceRanking"] or not maker["preferences"]:
        payoffs = [0.0] * len(states)
        for place, entry in enumerate(maker["preferenceRanking"]):
            for number in entry if isinstance(entry, list) else [entry]:
                payoffs[number - 1] = -float(place)
        return payoffs
    statements = maker["preferences"]
    return [
        sum(2.0 ** (len(statements) - i) for i, each in enumerate(statements) if says(each, s))
        for s in states
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conflicts())
def test_a_crisis_orders_states_and_allows_moves_as_its_file_does(data: Data) -> None:
    states = feasible_states(data)
    whole = parse_json(json.dumps(data), "x.gmcr")
    if not states:
        with pytest.raises(CrisisError, match="together these rule out every state"):
            raw_crisis(whole, "x")
        return
    raw, names, _ = raw_crisis(whole, "x")
    graph = compile_graph(standoff.loads(json.dumps(raw)))
    variables = list(names)
    assert list(names.values()) == [option["name"] for option in data["options"]]
    found = {
        tuple({"no": "N", "yes": "Y"}[graph.space.state(index)[v]] for v in variables): index
        for index in graph.space
    }
    assert set(found) == set(states)
    for maker, party in zip(data["decisionMakers"], graph.parties, strict=True):
        expected = worth(data, maker, states)
        ranks = [int(party.rank[found[state]]) for state in states]
        assert ranks == [sorted(set(expected)).index(each) + 1 for each in expected]
        for one, other in product(states, repeat=2):
            moved = [k for k in range(len(variables)) if one[k] != other[k]]
            free = all(
                data["options"][k]["permittedDirection"]
                in ("both", "fwd" if one[k] == "N" else "back")
                for k in moved
            )
            legal = bool(moved) and set(moved) <= set(maker["options"]) and free
            assert legal == can_move(graph, party, found[one], found[other])


def can_move(graph: Any, party: Any, one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    elsewhere = [i for i in range(len(one)) if i != party.axis]
    if one == other or any(one[i] != other[i] for i in elsewhere):
        return False
    if party.allowed is None:
        return True
    shape = graph.space.shape
    outer, _, inner = graph.space.lines(party.axis)
    before = np.ravel_multi_index(one[: party.axis], shape[: party.axis]) if outer > 1 else 0
    after = np.ravel_multi_index(one[party.axis + 1 :], shape[party.axis + 1 :]) if inner > 1 else 0
    return bool(party.allowed[before, one[party.axis], other[party.axis], after])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.floats(allow_nan=False)
    | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_is_changed_in_a_file_it_is_read_or_refused(data: st.DataObject) -> None:
    conflict = ranked([6, 1, [5, 2], 3, 4], [1, 2, 3, 4, 5, 6], coalitions=[0, 1])
    at: Any = conflict
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if isinstance(at[key], dict | list) and at[key] and data.draw(st.booleans()):
            at = at[key]
            continue
        at[key] = data.draw(JSON)
        break
    refused = ""
    try:
        raw, _, _ = raw_crisis(parse_json(json.dumps(conflict), "x.gmcr"), "x")
        standoff.loads(json.dumps(raw))
    except CrisisError as err:
        refused = str(err)
    assert refused.startswith("x.gmcr:") or not refused


# Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Air Strike", "air_strike"),
        ("  U.S.A. ", "u_s_a"),
        ("Not", "not_"),
        ("true", "true_"),
        ("2", "x_2"),
        ("", "x"),
        ("?!", "x"),
        ("Zürich—São", "zurich_sao"),
        ("Россия", "россия"),
        ("한국", "한국"),
        ("ﬁre", "fire"),
        ("__init__", "init"),
        ("subsidise the purchase of water pumps", "subsidise_the_purchase_of_water"),
        ("x" * 99, "x" * 32),
    ],
)
def test_names_are_readable_and_can_stand_in_statements(text: str, name: str) -> None:
    assert identifier(text, (), "x") == name


@given(st.lists(st.text(max_size=40), max_size=8))
def test_names_are_always_names_and_never_twice_the_same(texts: list[str]) -> None:
    names: list[str] = []
    for text in texts:
        names.append(identifier(text, names, "option"))
    assert len(set(names)) == len(names)
    raw = {
        "crisis": "x",
        "actors": {"a": {"options": {n: ["no", "yes"] for n in names}, "ranking": ["true"]}},
        "never": [f"a.{n} and not a.{n}" for n in names],
    }
    standoff.loads(json.dumps(raw))
