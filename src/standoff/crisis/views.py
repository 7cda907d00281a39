"""Views: functions from a crisis to a crisis.

Every question that changes the crisis is one of these. Each checks what it is given, leaves the
crisis it is given alone, and returns a new one through `_derived`, which adds a line to the
lineage and checks that the state at time 0 is still possible.

A view holds in every situation: applied to a crisis that is not in one yet, it also takes away
what the situations would put back. So a view of a situation is the situation of the view.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from standoff.crisis.errors import BadValue, CrisisError, nearest, unknown
from standoff.crisis.fields import Model
from standoff.crisis.frozen import Frozen
from standoff.crisis.patches import Believed, believed, in_short, is_belief, patterns_in
from standoff.crisis.paths import Target, target_of
from standoff.crisis.possible import broken_rule
from standoff.crisis.quantities import Range, Weight
from standoff.crisis.setting import Situation

if TYPE_CHECKING:
    from standoff.crisis.actors import Actor
    from standoff.crisis.model import Crisis

M = TypeVar("M", bound=Model)
NOTHING = Weight(range=Range(0.0, 0.0, "0"))
_KEPT_IN_CACHE = ("vocabulary",)


def as_seen_by(crisis: Crisis, *actors: str) -> Crisis:
    """Return the crisis as one actor sees it, made common knowledge.

    The actor's beliefs replace the truth. The other actors hold only the beliefs that it ascribes
    to them. With several actors the views nest: the second is seen through the eyes of the first.
    """
    for name in actors:
        if name not in crisis.actors:
            raise unknown("as_seen_by()", "actor", name, crisis.actors)
        crisis = _seen_by(crisis, name)
    return crisis


def _seen_by(crisis: Crisis, name: str) -> Crisis:
    beliefs = crisis.actors[name].believes
    bare = _replaced(
        crisis,
        actors=Frozen(
            {
                key: _replaced(actor, believes=Frozen()) if actor.believes else actor
                for key, actor in crisis.actors.items()
            }
        ),
    )
    situations = crisis.situations
    if crisis.situation is None:
        situations = Frozen(
            {
                key: _replaced(situation, with_=Frozen(_seen_patch(situation, name, beliefs)))
                for key, situation in crisis.situations.items()
            }
        )
    seen = _applied(bare, beliefs)
    return _derived(crisis, f"as seen by {name}", actors=seen.actors, conditions=seen.conditions,
                    situations=situations)  # fmt: skip


def _seen_patch(
    situation: Situation, name: str, beliefs: Mapping[str, Believed]
) -> dict[str, Believed]:
    """Return what a situation changes in an actor's mind: its news, and what it came to think."""
    prefix = f"{name}.believes."
    news = {
        path: entry
        for path, entry in situation.with_.items()
        if path not in beliefs and not is_belief(path)
    }
    thoughts = {
        path.removeprefix(prefix): entry
        for path, entry in situation.with_.items()
        if path.startswith(prefix)
    }
    return news | thoughts


def in_situation(crisis: Crisis, name: str) -> Crisis:
    """Return the crisis at one of its situations: its state at time 0, its patch applied."""
    if name not in crisis.situations:
        raise unknown("in_situation()", "situation", name, crisis.situations)
    if crisis.situation is not None:
        raise CrisisError(
            f"in_situation(): the crisis is already in the situation {crisis.situation!r}; "
            f"go back to the crisis before that and put it in {name!r}"
        )
    changed = _applied(crisis, crisis.situations[name].with_)
    # The patches have done their work. Left in place they would be said twice, and views of
    # situations could not equal situations of views.
    situations = {
        key: _replaced(situation, with_=Frozen()) for key, situation in crisis.situations.items()
    }
    return _derived(
        crisis,
        f"in situation {name}",
        actors=changed.actors,
        conditions=changed.conditions,
        situation=name,
        situations=Frozen(situations),
    )


def under(crisis: Crisis, explanation: str) -> Crisis:
    """Return the crisis as an explanation would have it."""
    if explanation not in crisis.explanations:
        raise unknown("under()", "explanation", explanation, crisis.explanations)
    patch = crisis.explanations[explanation].with_
    return _with_patch(crisis, patch, f"under {explanation}")


def patched(crisis: Crisis, patch: Mapping[str, Any]) -> Crisis:
    """Return the crisis with other values at some paths.

    Parameters
    ----------
    crisis
        The crisis.
    patch
        Values by dotted path, written as in a file: `{"north.interests.cost.weight": "major"}`.
    """
    read: dict[str, Believed] = {}
    for path, entry in patch.items():
        target_of(crisis, path, "patched()")
        try:
            read[path] = believed(path, entry)
        except ValidationError as err:
            raise CrisisError(f"patched(): {path}: {said(err)}") from None
        _check_value(crisis, path, read[path])
    shown = ", ".join(f"{path} = {in_short(entry.value)}" for path, entry in read.items())
    return _with_patch(crisis, read, f"with {shown}")


def without(crisis: Crisis, *paths: str) -> Crisis:
    """Return the crisis without some of its claims.

    An interest or a red line that is left out weighs nothing; what others believe of it stays
    theirs. A belief that is left out is no longer held.
    """
    patch: dict[str, Believed] = {}
    forgotten: set[str] = set()
    for path in paths:
        parts = path.split(".")
        if len(parts) == 3 and parts[1] in ("interests", "red_lines"):
            target_of(crisis, f"{path}.weight", "without()", shown=path)
            patch[f"{path}.weight"] = believed(f"{path}.weight", NOTHING)
        elif is_belief(path):
            _check_belief(crisis, path)
            forgotten.add(path)
        else:
            raise unknown("without()", "claim", path, removable(crisis))
    reduced = _forgetting(crisis, forgotten)
    return _with_patch(reduced, patch, f"without {', '.join(paths)}")


def removable(crisis: Crisis) -> list[str]:
    """Return the path of every claim that can be left out, in file order."""
    found: dict[str, None] = {}
    for name, actor in crisis.actors.items():
        for section in ("interests", "red_lines"):
            claims = getattr(actor, section)
            found.update(dict.fromkeys(f"{name}.{section}.{key}" for key in claims))
        found.update(dict.fromkeys(f"{name}.believes.{path}" for path in actor.believes))
    for situation in crisis.situations.values():
        found.update(dict.fromkeys(path for path in situation.with_ if is_belief(path)))
    return list(found)


def starting(crisis: Crisis, levels: Mapping[str, str] | str, level: str | None = None) -> Crisis:
    """Return the crisis with other levels at time 0."""
    given = _levels(crisis, "starting()", levels, level)
    for name, wanted in given.items():
        if crisis.held.get(name, wanted) != wanted:
            raise CrisisError(
                f"starting(): {name} is held at {crisis.held[name]!r}, "
                f"so it cannot start at {wanted!r}"
            )
    return _derived(
        crisis, f"starting with {_shown(given)}", state=Frozen({**crisis.state, **given})
    )


def holding(crisis: Crisis, levels: Mapping[str, str] | str, level: str | None = None) -> Crisis:
    """Return the crisis with levels that nobody can change, from time 0 on."""
    given = _levels(crisis, "holding()", levels, level)
    return _derived(crisis, f"holding {_shown(given)}", held=Frozen({**crisis.held, **given}))


# Helpers ----------------------------------------------------------------------------------------


def _with_patch(crisis: Crisis, patch: Mapping[str, Believed], line: str) -> Crisis:
    changed = _applied(crisis, patch)
    situations = crisis.situations
    if crisis.situation is None:
        situations = _dropping(situations, patch)
    return _derived(
        crisis,
        line,
        actors=changed.actors,
        conditions=changed.conditions,
        situations=situations,
    )


def _dropping(situations: Mapping[str, Situation], paths: Iterable[str]) -> Frozen[str, Situation]:
    """Take paths out of the patches of situations, so that they cannot undo a view."""
    gone = set(paths)
    return Frozen(
        {
            name: _replaced(
                situation,
                with_=Frozen({p: e for p, e in situation.with_.items() if p not in gone}),
            )
            if gone & situation.with_.keys()
            else situation
            for name, situation in situations.items()
        }
    )


def _forgetting(crisis: Crisis, beliefs: set[str]) -> Crisis:
    """Take beliefs away from their holders, and from what situations make them believe."""
    if not beliefs:
        return crisis
    actors = {
        name: _replaced(
            actor,
            believes=Frozen(
                {p: e for p, e in actor.believes.items() if f"{name}.believes.{p}" not in beliefs}
            ),
        )
        for name, actor in crisis.actors.items()
    }
    situations = _dropping(crisis.situations, beliefs)
    return _replaced(crisis, actors=Frozen(actors), situations=situations)


def _check_belief(crisis: Crisis, path: str) -> None:
    known = [each for each in removable(crisis) if is_belief(each)]
    if path not in known:
        raise unknown("without()", "belief", path, known)


def _applied(crisis: Crisis, patch: Mapping[str, Believed]) -> Crisis:
    """Put the values of a patch, whose paths are known to be right, in their places."""
    actors: dict[str, Actor] = dict(crisis.actors)
    conditions = dict(crisis.conditions)
    for path, entry in patch.items():
        target = target_of(crisis, path)
        if target.section == "changes":
            condition = conditions[target.holder]
            changes = list(condition.changes)
            changes[target.position] = _replaced(changes[target.position], rate=entry.value)
            conditions[target.holder] = _replaced(condition, changes=tuple(changes))
        else:
            actors[target.holder] = _with_value(actors[target.holder], target, entry)
    return _replaced(crisis, actors=Frozen(actors), conditions=Frozen(conditions))


def _with_value(actor: Actor, target: Target, entry: Believed) -> Actor:
    if target.section == "believes":
        return _replaced(actor, believes=Frozen({**actor.believes, target.key: entry}))
    if target.section:
        claims = dict(getattr(actor, target.section))
        claims[target.key] = _replaced(claims[target.key], **{target.field: entry.value})
        return _replaced(actor, **{target.section: Frozen(claims)})
    return _replaced(actor, **{target.field: entry.value})


def _levels(
    crisis: Crisis, where: str, levels: Mapping[str, str] | str, level: str | None
) -> dict[str, str]:
    """Check levels given to a view, in either of its two forms."""
    if isinstance(levels, str):
        if level is None:
            raise CrisisError(f"{where}: give a level for {levels!r}, or a mapping")
        levels = {levels: level}
    for name, wanted in levels.items():
        if name not in crisis.variables:
            raise unknown(where, "option or condition", name, crisis.variables)
        if wanted not in crisis.variables[name]:
            raise unknown(where, f"level of {name}", wanted, crisis.variables[name])
    return dict(levels)


def _check_value(crisis: Crisis, path: str, entry: Believed) -> None:
    """Check what a value says beyond its form: weight words, statements and patterns."""
    if isinstance(entry.value, Weight):
        crisis.range_of(entry.value)
    holder = path.split(".")[-2]
    for _, pattern in patterns_in(entry):
        crisis.pattern(pattern, holder)


def _derived(crisis: Crisis, line: str, **changes: Any) -> Crisis:
    """Return a crisis with some fields changed and one more line of lineage, checked."""
    derived = _replaced(crisis, lineage=(*crisis.lineage, line), **changes)
    if not derived.never or (derived.situation is None and derived.situations):
        return derived  # each situation has a state of its own; it is checked on entering one
    if rule := broken_rule(derived, derived.start):
        raise CrisisError(f"{line}: the state at the start is one that can never be ({rule})")
    return derived


def _replaced(model: M, **changes: Any) -> M:
    """Copy a frozen model with other values in some fields, forgetting what it had computed."""
    kept = {key: model.__dict__[key] for key in _KEPT_IN_CACHE if key in model.__dict__}
    copied = model.model_copy(update=changes)
    for key in copied.__dict__.keys() - type(model).model_fields.keys() - kept.keys():
        del copied.__dict__[key]
    return copied


def _shown(levels: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {level}" for name, level in levels.items())


def said(err: ValidationError | BadValue) -> str:
    """Return in one sentence what is wrong with a value given to a call."""
    if isinstance(err, BadValue):
        return err.sentence()
    sentences = []
    for each in err.errors(include_url=False):
        cause = each.get("ctx", {}).get("error")
        if each["type"] == "extra_forbidden":
            key, known = str(each["loc"][-1]), ("value", "because", "source")
            near = nearest(key, known)
            hint = f"did you mean `{near}`?" if near else f"known: {', '.join(known)}"
            sentences.append(f"there is no key `{key}`; {hint}")
            continue
        sentences.append(cause.sentence() if isinstance(cause, BadValue) else each["msg"])
    return "; ".join(sentences)
