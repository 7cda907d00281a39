"""Scenarios as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standoff.present.json import settings_data

if TYPE_CHECKING:
    from standoff.crisis import Crisis
    from standoff.study.cited import Uncertain
    from standoff.study.scenarios import Rule, Scenario, Scenarios
    from standoff.study.stories import Step, Story


def scenarios_data(crisis: Crisis, result: Scenarios) -> dict[str, Any]:
    """Return the kinds of outcome, as `standoff scenarios --json` prints them."""
    return {
        "crisis": crisis.title,
        "digest": crisis.digest,
        "situation": result.situation,
        "questions": list(result.questions),
        "scenarios": [_scenario(each) for each in result.scenarios],
        "separations": [
            {
                "groups": each.groups,
                "silhouette": each.silhouette,
                "evenly": each.evenly,
                "allowed": each.allowed,
            }
            for each in result.separations
        ],
        "silhouette": result.silhouette,
        "measured": result.measured,
        "numbers": result.numbers,
        "draws": result.draws,
        "lineage": list(result.lineage),
        "settings": settings_data(result.settings),
        "seed": result.seed,
    }


def uncertain_data(number: Uncertain) -> dict[str, Any]:
    """Return one uncertain number, cited."""
    return {
        "key": number.key,
        "path": number.path,
        "situation": number.situation,
        "kind": number.kind,
        "drawn_from": [number.low, number.high],
        "unit": number.unit,
        "said": number.said,
        "when": number.when,
        "because": number.because,
        "source": number.source,
    }


def _scenario(each: Scenario) -> dict[str, Any]:
    return {
        "name": each.name,
        "share": each.share,
        "draws": list(each.draws),
        "typical": list(each.typical),
        "outcomes": {
            outcome.question: {
                "probability": outcome.probability,
                "interval": list(outcome.interval),
                "otherwise": outcome.otherwise,
            }
            for outcome in each.outcomes
        },
        "telling": list(each.telling),
        "rules": [_rule(rule) for rule in each.rules],
        "density": each.density,
        "coverage": each.coverage,
        "inside": each.inside,
        "separated": each.separated,
        "story": None if each.story is None else _story(each.story),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "limits": [
            {
                **uncertain_data(limit.number),
                "low": limit.low,
                "high": limit.high,
                "holds": limit.holds,
            }
            for limit in rule.limits
        ],
        "density": rule.density,
        "coverage": rule.coverage,
        "inside": rule.inside,
    }


def _story(story: Story) -> dict[str, Any]:
    return {
        "days": story.days,
        "trajectories": story.trajectories,
        "seed": story.seed,
        "steps": [_step(each) for each in story.steps],
        "besides": [_step(each) for each in story.besides],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "variable": step.variable,
        "mover": step.mover,
        "level": step.level,
        "instead_of": step.instead_of,
        "share": step.share,
        "day": step.day,
        "from_to": [step.early, step.late],
    }
