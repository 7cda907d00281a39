"""Published conflicts as tables of numbers, to hold the shipped crises against.

The state numbers are those of the literature, or of the public program that has the conflict. The
stable sets of the first six were worked out from the definitions by brute force, apart from this
project, and agree with what is published; those of the last two are what the program stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Row = tuple[str, str, str]
"""Actors (one, a coalition, or none for an equilibrium), concepts, and the states: all of them."""


@dataclass(frozen=True, slots=True)
class Published:
    """A conflict as it is in the literature.

    Attributes
    ----------
    name, under
        The shipped crisis, and the explanation under which it is this conflict.
    options, states
        Names of options, and for every number the levels that they have there; * is any level.
    rankings
        For every actor the states, best first; = joins states between which it is indifferent.
    stable
        What is stable for whom.
    limited
        The equilibria of limited-move stability, by the number of moves looked ahead.
    """

    name: str
    options: str
    states: dict[int, str]
    rankings: dict[str, str]
    stable: list[Row]
    limited: dict[int, str] = field(default_factory=dict)
    under: str | None = None


GISBORNE = "federal.accord provincial.lift_ban supporters.appeal"
GISBORNE_STATES = {
    1: "no no no",
    2: "yes no no",
    3: "no yes no",
    4: "yes yes no",
    5: "no no yes",
    6: "yes no yes",
    7: "no yes yes",
    8: "yes yes yes",
}

PUBLISHED = [
    Published(
        "prisoners-dilemma",
        "first.choice second.choice",
        {
            1: "cooperate cooperate",
            2: "defect cooperate",
            3: "cooperate defect",
            4: "defect defect",
        },
        {"first": "2 1 4 3", "second": "3 1 4 2"},
        [
            ("first", "nash", "2 4"),
            ("second", "nash", "3 4"),
            ("first", "gmr smr seq sseq", "1 2 4"),
            ("second", "gmr smr seq sseq", "1 3 4"),
            ("first second", "nash gmr smr seq", "1 2 3"),
        ],
        limited={1: "4", 2: "1 4", 3: "1 4", 4: "1 4"},
    ),
    Published(
        "chicken",
        "first.course second.course",
        {
            1: "swerve swerve",
            2: "straight swerve",
            3: "swerve straight",
            4: "straight straight",
        },
        {"first": "2 1 3 4", "second": "3 1 2 4"},
        [
            ("first", "nash seq sseq", "2 3"),
            ("second", "nash seq sseq", "2 3"),
            ("first", "gmr smr", "1 2 3"),
            ("second", "gmr smr", "1 2 3"),
            ("first second", "nash gmr smr seq", "1 2 3"),
        ],
        limited={1: "2 3", 2: "", 3: "1", 4: "1"},
    ),
    Published(
        "cuban-missile-crisis-1962",
        "us.strike us.blockade ussr.missiles",
        {
            0: "no no maintain",
            1: "yes no maintain",
            2: "no yes maintain",
            3: "yes yes maintain",
            4: "no no withdraw",
            5: "yes no withdraw",
            6: "no yes withdraw",
            7: "yes yes withdraw",
            8: "no no escalate",
            9: "yes no escalate",
            10: "no yes escalate",
            11: "yes yes escalate",
        },
        {"us": "4 6 5 7 2 1 3 0 11 9 10 8", "ussr": "0 4 6 2 5 1 7 3 11 9 10 8"},
        [
            ("us", "nash", "2 4 11"),
            ("ussr", "nash", "0 5 6 7"),
            ("us", "gmr smr", "0 1 2 3 4 5 6 7 11"),
            ("ussr", "gmr smr", "0 1 2 4 5 6 7"),
            ("us", "seq sseq", "2 4 6 11"),
            ("ussr", "seq sseq", "0 4 5 6 7"),
            ("us ussr", "nash gmr smr seq", "0 4"),
        ],
        limited={1: "", 2: "4 6", 3: "4", 4: "4"},
    ),
    Published(
        "elmira",
        "moe.modify uniroyal.stance local.insist",
        {
            1: "no delay no",
            2: "yes delay no",
            3: "no accept no",
            4: "yes accept no",
            5: "no delay yes",
            6: "yes delay yes",
            7: "no accept yes",
            8: "yes accept yes",
            9: "* abandon *",
        },
        {
            "moe": "7 3 4 8 5 1 2 6 9",
            "uniroyal": "1 4 8 5 9 3 7 2 6",
            "local": "7 3 5 1 8 6 4 2 9",
        },
        [
            ("moe", "nash gmr smr seq sseq", "1 2 3 4 5 6 7 8 9"),
            ("uniroyal", "nash gmr smr seq sseq", "1 4 5 8 9"),
            ("local", "nash", "5 6 7 8 9"),
            ("local", "gmr smr", "1 2 3 4 5 6 7 8 9"),
            ("local", "seq sseq", "2 3 5 6 7 8 9"),
            ("moe uniroyal", "nash gmr smr seq", "1 3 4 7 8 9"),
            ("moe local", "nash", "2 4 5 6 7 8 9"),
            ("moe local", "gmr smr", "1 2 3 4 5 6 7 8 9"),
            ("moe local", "seq", "2 3 4 5 6 7 8 9"),
            ("uniroyal local", "nash gmr smr seq", "1 3 4 5 7 8 9"),
            ("moe uniroyal local", "nash gmr smr seq", "1 3 4 5 7 8 9"),
        ],
    ),
    Published(
        "lake-gisborne",
        GISBORNE,
        GISBORNE_STATES,
        {
            "federal": "2 6 4 8 1 5 3 7",
            "provincial": "3 7 4 8 1 5 2 6",
            "supporters": "3 4 7 8 5 6 1 2",
        },
        [
            ("federal", "nash gmr smr seq sseq", "2 4 6 8"),
            ("provincial", "nash gmr smr seq sseq", "3 4 7 8"),
            ("supporters", "nash seq sseq", "3 4 5 6"),
            ("supporters", "gmr smr", "3 4 5 6 7 8"),
            ("federal provincial", "nash gmr smr seq", "2 3 4 6 7 8"),
            ("federal supporters", "nash seq", "2 3 4 5 6"),
            ("federal supporters", "gmr smr", "2 3 4 5 6 7 8"),
            ("provincial supporters", "nash", "3 4"),
            ("provincial supporters", "gmr smr seq", "3 4 7"),
            ("federal provincial supporters", "nash gmr smr seq", "2 3 4 6"),
        ],
    ),
    Published(
        "lake-gisborne",
        GISBORNE,
        GISBORNE_STATES,
        {
            "federal": "2 6 4 8 1 5 3 7",
            "provincial": "2 6 1 5 4 8 3 7",
            "supporters": "3 4 7 8 5 6 1 2",
        },
        [
            ("federal", "nash gmr smr seq sseq", "2 4 6 8"),
            ("provincial", "nash gmr smr seq sseq", "1 2 5 6"),
            ("supporters", "nash", "3 4 5 6"),
            ("supporters", "gmr smr seq sseq", "3 4 5 6 7 8"),
            ("federal provincial", "nash gmr smr seq", "2 6"),
            ("federal supporters", "nash", "2 3 4 5 6"),
            ("federal supporters", "gmr smr seq", "2 3 4 5 6 7 8"),
            ("provincial supporters", "nash seq", "1 2 3 4 5 6"),
            ("provincial supporters", "gmr smr", "1 2 3 4 5 6 8"),
            ("federal provincial supporters", "nash gmr smr seq", "2 3 4 5 6"),
        ],
        under="environmental",
    ),
    Published(
        "garrison-diversion",
        "support.project opposition.sue canada.invoke_treaty commission.recommends",
        {
            1: "reduced no no full",
            2: "appease no no full",
            3: "full yes no full",
            4: "reduced yes no full",
            5: "reduced no yes full",
            6: "appease no yes full",
            7: "full yes yes full",
            8: "reduced yes yes full",
            9: "reduced no no reduced",
            10: "appease no no reduced",
            11: "reduced yes no reduced",
            12: "reduced no yes reduced",
            13: "appease no yes reduced",
            14: "full yes yes reduced",
            15: "reduced yes yes reduced",
            16: "reduced no yes lonetree",
            17: "appease no yes lonetree",
            18: "full yes yes lonetree",
            19: "reduced yes yes lonetree",
            20: "reduced no yes suspend",
            21: "appease no yes suspend",
            22: "full yes yes suspend",
            23: "reduced yes yes suspend",
        },
        {
            "support": "3 7 1=2 4 5=6 8 9 12 11 15 10 13 14 17 16 18 19 21 20 22 23",
            "opposition": "21=17=13=10=6=2 23=19 15 11 8 4 22 18 14 7 3 20 16 12 9 5 1",
            "canada": "23 20=21 19 16=17 11 9=10 15 12=13 2 4 1 8 5=6 22 18 14 3 7",
            "commission": "=".join(str(number) for number in range(1, 24)),
        },
        [("", "nash seq", "2 3 11 17 18 21 22")],
    ),
    Published(
        "euphrates-1975",
        "syria.dam iraq.attack",
        {
            1: "fill no",
            2: "release no",
            3: "escalate no",
            4: "fill yes",
            5: "release yes",
            6: "escalate yes",
        },
        {"syria": "1 3 6 2 4 5", "iraq": "2 4 6 1 5 3"},
        [
            ("syria", "nash", "1 6"),
            ("syria", "gmr smr seq", "1 3 6"),
            ("iraq", "nash smr", "2 4 6"),
            ("iraq", "gmr", "1 2 4 5 6"),
            ("iraq", "seq", "2 4 5 6"),
            ("", "nash smr seq", "6"),
            ("", "gmr", "1 6"),
        ],
    ),
]
