"""What is stable: whether the start lasts, the states around it, and the equilibria that matter."""

from __future__ import annotations

from standoff.present.html import Content, Markup, element, joined
from standoff.present.in_words import variable
from standoff.present.report_shared import dated, scrolling, section, stacking
from standoff.present.report_stability_start import answer
from standoff.present.report_stability_words import (
    CONCEPTS,
    MEANINGS,
    capital,
    leaving_together,
    names_of,
    shares_said,
    state_said,
    way_said,
    who,
)
from standoff.present.state_graph import StateGraph, choose_states, strength
from standoff.present.state_graph_svg import graph_drawing, legend
from standoff.present.words import counted, listed
from standoff.study.analysis import Analysis
from standoff.study.stability import Equilibrium
from standoff.study.survey import Survey

_MOST_COALITIONS = 3


def stability(result: Analysis) -> Markup:
    """Return the section on what is stable where the outlook starts."""
    survey = result.survey
    return section(
        "stability",
        "What is stable",
        answer(survey),
        element("p", _from(result), class_="note"),
        _if_conditions_run(result),
        _graph(survey),
        _equilibria(survey),
        _concepts(),
        [element("p", sentence, class_="note") for sentence in survey.not_computed],
    )


def _from(result: Analysis) -> str:
    where = (
        "Starting from the state that the file gives"
        if result.situation is None
        else f"Starting from {dated(result.crisis, result.situation)}"
    )
    concept = result.survey.concept
    reckons = {
        "nash": "do not reckon with any answer",
        "gmr": "reckon with any answer, whatever it costs those who give it",
        "smr": "reckon with any answer, whatever it costs those who give it",
        "seq": "reckon with what the others would answer to their own advantage",
        "sseq": "reckon with what the others would answer to their own advantage",
    }
    return f"{where}; actors {reckons[concept]} ({CONCEPTS[concept]}, see below)."


def _if_conditions_run(result: Analysis) -> Content:
    """The answer of the next section, where it is about the same situation but not the same."""
    told = None if result.situation is None else result.situations.get(result.situation)
    if told is None or told.perceptions.truth.conditions == result.survey.stability.conditions:
        return None
    reading = told.start
    leaves = f"{who(result.crisis, reading.leaves)} would leave the start"
    return element(
        "p",
        "With conditions running instead, as in ",
        element("a", "the next section", href="#mistakes"),
        f", {leaves}." if reading.leaves else ", the start would last.",
        " A state is then worth what an actor would get if nobody moved again and the conditions "
        "went on changing from there.",
        class_="note",
    )


# The graph --------------------------------------------------------------------------------------


def _graph(survey: Survey) -> Content:
    graph = choose_states(survey)
    if len(graph.nodes) == 1:
        return element("p", "No other state can be, so there is nothing to draw.", class_="note")
    if not graph.arrows:
        return element(
            "p",
            "No actor can improve on the start, or on any of the equilibria below, so there is "
            "nothing to draw.",
            class_="note",
        )
    crisis = survey.stability.crisis
    drawing = graph_drawing(crisis, graph, "state-graph", _described(survey, graph))
    return element(
        "figure",
        element(
            "figcaption",
            element("p", "The states around the start", class_="asks"),
            element("p", " ".join(_caption(survey, graph)), class_="note"),
        ),
        legend(crisis, graph),
        scrolling(drawing, "The states around the start"),
        id="state-graph",
        class_="states",
    )


def _caption(survey: Survey, graph: StateGraph) -> list[str]:
    """What is drawn, and what is not."""
    said = []
    if graph.complete:
        said.append(f"All {counted(graph.total, 'state')} that can be.")
    elif graph.neighbours:
        said.append(
            f"{graph.states} of {graph.total:,} states: nobody can improve on the start, so what "
            "is one move away from it is drawn, and the equilibria that matter."
        )
    else:
        said.append(
            f"{graph.states} of {graph.total:,} states: the start, what improvements lead to from "
            "there, and the equilibria that matter."
        )
    if graph.farther:
        said.append("Improvements lead farther than is drawn; these are the nearest states.")
    if graph.given_up:
        differ = listed(variable(survey.stability.crisis, name) for name in graph.given_up)
        those = "this option makes" if len(graph.given_up) == 1 else "these options make"
        said.append(
            f"They are drawn in {len(graph.nodes)} boxes: states that differ only in {differ} "
            f"are drawn as one, since {those} the least difference to who would stay."
        )
    said.append(
        "A box says where a state differs from the start; an arrow is a move that its actor would "
        "gain by; bold numbers are those of the table below."
    )
    if graph.best_only:
        said.append(
            "Where an actor could gain by several moves, only the one is drawn that it would make, "
            "unless another is the only way to a state."
        )
    return said


def _described(survey: Survey, graph: StateGraph) -> str:
    ends = [
        f"{place}, {state_said(survey.stability, each.state)}"
        for place, each in enumerate(survey.equilibria, start=1)
        if strength(each.concepts) in ("nash", "seq")
    ]
    return (
        f"{counted(len(graph.nodes), 'box', 'boxes')} and {counted(len(graph.arrows), 'arrow')}. "
        f"Improvements lead from the start to {len(graph.reached) - 1} others. "
        f"Equilibria under Nash or SEQ: {'; '.join(ends) or 'none'}."
    )


# The equilibria ---------------------------------------------------------------------------------


def _equilibria(survey: Survey) -> Content:
    if not survey.equilibria:
        return element(
            "p", "There is no equilibrium under any concept: everywhere somebody leaves."
        )
    columns = ["State", "Equilibrium under", "In draws", "The way there", "Coalitions"]
    uncertain = survey.shares is not None and bool(survey.shares.uncertain)
    left_out = {"In draws"} if not uncertain else set()
    if survey.coalitions is None:
        left_out.add("Coalitions")
    rows = [
        [
            cell
            for column, cell in zip(columns, _row(survey, place, each), strict=True)
            if column not in left_out
        ]
        for place, each in enumerate(survey.equilibria, start=1)
    ]
    kept = tuple(column for column in columns if column not in left_out)
    return [
        element("h3", "The equilibria that matter"),
        element("p", _counts(survey), " ", _draws(survey)),
        stacking("Those that improvements lead to come first", kept, map(tuple, rows)),
    ]


def _row(survey: Survey, place: int, each: Equilibrium) -> list[Content]:
    said = state_said(survey.stability, each.state)
    numbered = joined(element("strong", str(place)), f". {capital(said)}")
    shares: Content = None
    if survey.shares is not None:
        shares = "; ".join(shares_said(each.shares, survey.shares.draws, each.concepts))
    return [numbered, _under(each), shares, _way(survey, each), _coalitions(survey, each)]


def _under(each: Equilibrium) -> str:
    """The concepts, without those that follow from others."""
    if "nash" in each.concepts:
        return "Nash, and so all others"
    return names_of(each.concepts)


def _way(survey: Survey, each: Equilibrium) -> str:
    if each.state == survey.stability.start:
        return "The start itself"
    if each.path is not None:
        return way_said(survey.stability, each.path)
    if strength(each.concepts) == "gmr":
        return "Not looked for"
    return "No improvements lead there from the start"


def _coalitions(survey: Survey, each: Equilibrium) -> Content:
    """Who would leave together, by the concept of the survey if it is one under that."""
    if survey.coalitions is None:
        return None
    concept = survey.concept if survey.concept in each.concepts else each.concepts[0]
    least = leaving_together(survey.coalitions, concept, each.state)
    note = f" (under {CONCEPTS[concept]})" if concept != survey.concept else ""
    if not least:
        return f"None would leave{note}"
    crisis = survey.stability.crisis
    said = "; ".join(who(crisis, coalition) for coalition in least[:_MOST_COALITIONS])
    more = len(least) - _MOST_COALITIONS
    return f"{said} would leave together{note}" + (f"; {more} more" if more > 0 else "")


def _counts(survey: Survey) -> str:
    together: dict[int, list[str]] = {}
    for concept, number in survey.counts.items():
        together.setdefault(number, []).append(concept)
    total = int(survey.stability.space.feasible.sum())
    said = "; ".join(f"{number:,} under {names_of(those)}" for number, those in together.items())
    return f"Of {counted(total, 'state')} these are equilibria: {said}."


def _draws(survey: Survey) -> str | None:
    shares = survey.shares
    if shares is None:
        return None
    if not shares.uncertain:
        return "No claim that bears on this is uncertain."
    claims = counted(len(shares.uncertain), "uncertain claim")
    return (
        f"{counted(shares.draws, 'draw')} were taken from {claims} (seed {shares.seed}), to see in "
        "how many of them each is an equilibrium."
    )


def _concepts() -> Markup:
    return element(
        "dl",
        [
            element("div", element("dt", CONCEPTS[concept]), element("dd", meaning))
            for concept, meaning in MEANINGS.items()
        ],
        class_="concepts",
    )
