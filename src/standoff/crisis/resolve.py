"""From the syntax tree of a statement to the statement: names become variables and levels.

The rules: inside an actor's block a bare name is that actor's option first, then a condition, then
a definition; `actor.option` is always that option. A `[no, yes]` variable stands alone; any other
is compared with its own levels. Definitions are put in place of their names.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standoff.crisis.errors import listed, nearest
from standoff.crisis.statements import FALSE, TRUE, All, Among, AnyOf, Fixed, Not, Statement
from standoff.crisis.syntax import DEEPEST, BadStatement, StatementFault, parse, span

if TYPE_CHECKING:
    from standoff.crisis.vocabulary import Vocabulary

YES_OR_NO = ("no", "yes")
_ABOUT_NAMES = ("SO014", "SO015", "SO016", "SO017")
MOST_PARTS = 2_000
"""How many parts a statement may have once its definitions are written out."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A statement with its size, which is what stops definitions from growing without bound.

    Attributes
    ----------
    statement
        The statement.
    parts, depth
        How many parts it has, and how deep they are nested, definitions written out.
    uses_broken
        Whether it uses a definition that is itself at fault, which is reported there.
    """

    statement: Statement
    parts: int
    depth: int
    uses_broken: bool = False


def resolve(names: Vocabulary, text: str, actor: str | None) -> Resolved:
    """Return what a text states, read inside an actor's block or outside any.

    Raises
    ------
    BadStatement
        With everything that is wrong with it.
    """
    return _Resolver(names, text, actor).run()


def too_large() -> StatementFault:
    """Return the fault of a statement whose definitions have grown too large."""
    return StatementFault(
        "SO066",
        "a statement is too large once its definitions are written out",
        label="starts here",
        help=f"at most {MOST_PARTS:,} parts and {DEEPEST} levels of nesting",
    )


def place_of(names: Vocabulary, name: str, actor: str | None) -> tuple[str | int, ...]:
    """Return the path at which a name that statements can use is declared."""
    if actor and name in names.options.get(actor, ()):
        return ("actors", actor, "options", name)
    if "." in name:
        holder, option = name.split(".")
        return ("actors", holder, "options", option)
    if name in names.variables:
        return ("conditions", name)
    return ("definitions", name)


class _Resolver:
    """Resolves one text; collects faults instead of stopping at the first."""

    def __init__(self, names: Vocabulary, text: str, actor: str | None) -> None:
        self.names = names
        self.text = text
        self.actor = actor
        self.faults: list[StatementFault] = []
        self.parts = 0
        self.deepest = 0
        self.uses_broken = False

    def run(self) -> Resolved:
        tree = parse(self.text)
        statement = self._visit(tree, 1)
        if not self.faults and (self.parts > MOST_PARTS or self.deepest > DEEPEST):
            self.faults.append(too_large())
        if self.faults:
            raise BadStatement(*self.faults)
        return Resolved(statement, self.parts, self.deepest, self.uses_broken)

    def _visit(self, node: ast.expr, depth: int) -> Statement:
        self.parts += 1
        self.deepest = max(self.deepest, depth)
        if isinstance(node, ast.BoolOp):
            operands = tuple(self._visit(value, depth + 1) for value in node.values)
            return All(operands) if isinstance(node.op, ast.And) else AnyOf(operands)
        if isinstance(node, ast.UnaryOp):
            return Not(self._visit(node.operand, depth + 1))
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.Set):
            return self._fault(
                node, "SO061", "a choice of levels stands alone", advice="write `option in {a, b}`"
            )
        return self._alone(node, depth)

    # A name or `actor.option` ------------------------------------------------------------------

    def _alone(self, node: ast.expr, depth: int) -> Statement:
        """Resolve what stands alone as a statement: true, false, a yes-or-no, a definition."""
        if isinstance(node, ast.Name) and node.id in ("true", "false"):
            return TRUE if node.id == "true" else FALSE
        variable = self._variable(node)
        if variable is not None:
            levels = self.names.variables[variable]
            if levels == YES_OR_NO:
                return Among(variable, frozenset({1}))
            shown = ast.unparse(node)
            return self._fault(
                node,
                "SO063",
                f"`{shown}` must be compared with a level",
                given=variable,
                label=f"levels of `{variable}`: {', '.join(levels)}",
                advice=f"write for example `{shown} == {levels[-1]}`",
            )
        if isinstance(node, ast.Name) and node.id in self.names.definitions:
            found = self.names.definition(node.id)
            if found is None:
                self.uses_broken = True
                return FALSE
            self.parts += found.parts
            self.deepest = max(self.deepest, depth + found.depth)
            return found.statement
        return self._unknown(node)

    def _variable(self, node: ast.expr) -> str | None:
        """Return the variable that a name stands for, or None."""
        if isinstance(node, ast.Name):
            return self.names.variable(node.id, self.actor)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            return name if name in self.names.variables else None
        return None

    # A comparison ------------------------------------------------------------------------------

    def _compare(self, node: ast.Compare) -> Statement:
        comparison, right = node.ops[0], node.comparators[0]
        variable = self._variable(node.left)
        if variable is None:
            return self._not_comparable(node)
        levels = self.names.variables[variable]
        if isinstance(comparison, ast.In | ast.NotIn):
            if not isinstance(right, ast.Set):
                return self._fault(
                    right,
                    "SO064",
                    "`in` is followed by a choice of levels in braces",
                    advice=f"write `in {{{ast.unparse(right)}}}`",
                )
            chosen = frozenset(self._level(each, variable) for each in right.elts)
            if isinstance(comparison, ast.NotIn):
                chosen = frozenset(range(len(levels))) - chosen
            return Among(variable, chosen)
        if isinstance(right, ast.Set):
            return self._fault(
                right,
                "SO064",
                "a choice of levels is compared with `in`",
                advice=f"write `{ast.unparse(node.left)} in {ast.unparse(right)}`",
            )
        given = self._level(right, variable)
        kept = _ORDER[type(comparison)]
        chosen = frozenset(level for level in range(len(levels)) if kept(level, given))
        return Among(variable, chosen)

    def _level(self, node: ast.expr, variable: str) -> int:
        levels = self.names.variables[variable]
        if isinstance(node, ast.Name) and node.id in levels:
            return levels.index(node.id)
        shown = ast.unparse(node)
        near = nearest(shown, levels)
        self._fault(
            node,
            "SO016",
            f"`{variable}` has no level `{shown}`",
            label=f"levels: {', '.join(levels)}",
            advice=f"did you mean `{near}`?" if near else "",
            declared=self._place(variable) if near else None,
            given=f"{variable} {shown}",
        )
        return 0

    def _not_comparable(self, node: ast.Compare) -> Statement:
        left = node.left
        if isinstance(left, ast.Name) and left.id in self.names.definitions:
            return self._fault(
                node,
                "SO064",
                f"`{left.id}` is a definition: it is true or false and has no levels",
                advice=f"write `{left.id}` or `not {left.id}`",
            )
        right = node.comparators[0]
        variable = self._variable(right)
        turned = variable is not None and ast.unparse(left) in self.names.variables[variable]
        if turned:
            sign = _MIRRORED[type(node.ops[0])]
            return self._fault(
                node,
                "SO064",
                "a comparison names the option or condition first, then the level",
                advice=f"write `{ast.unparse(right)} {sign} {ast.unparse(left)}`",
            )
        if not isinstance(left, ast.Name | ast.Attribute):
            return self._fault(
                left,
                "SO064",
                "only an option or a condition can be compared",
                advice="write `option == level`",
            )
        return self._unknown(left)

    # Names that lead nowhere -------------------------------------------------------------------

    def _unknown(self, node: ast.expr) -> Statement:
        if isinstance(node, ast.Attribute):
            return self._unknown_dotted(node)
        assert isinstance(node, ast.Name)  # every other node is refused by the parser
        given = node.id
        if given in self.names.options:
            some = listed(f"{given}.{option}" for option in self.names.options[given])
            return self._fault(
                node,
                "SO063",
                f"`{given}` is an actor, not a statement",
                advice=f"name one of its options: {some}" if some else "",
            )
        holders = [name for name in self.names.variables if name.endswith(f".{given}")]
        own = list(self.names.options.get(self.actor, ())) if self.actor else []
        known = [*own, *self.names.conditions, *self.names.definitions]
        near = holders[0] if holders else nearest(given, known)
        message = f"no condition or definition is called `{given}`"
        if self.actor:
            message = (
                f"`{self.actor}` has no option `{given}`, "
                "and no condition or definition has that name"
            )
        return self._fault(
            node,
            "SO017",
            message,
            label=f"known: {some}" if (some := listed(known)) else "",
            advice=f"did you mean `{near}`?" if near else "",
            declared=self._place(near) if near else None,
            given=f"{self.actor or ''} {given}",
        )

    def _unknown_dotted(self, node: ast.Attribute) -> Statement:
        if not isinstance(node.value, ast.Name):
            return self._fault(
                node,
                "SO015",
                f"`{ast.unparse(node)}` is not an option",
                advice="write `actor.option`",
            )
        actor, option = node.value.id, node.attr
        if actor not in self.names.options:
            if actor in self.names.variables or actor in self.names.definitions:
                kind = "condition" if actor in self.names.variables else "definition"
                return self._fault(
                    node,
                    "SO015",
                    f"`{actor}` is a {kind} and has no options",
                    advice=f"write `{actor} == {option}`" if kind == "condition" else "",
                )
            near = nearest(actor, self.names.options)
            return self._fault(
                node.value,
                "SO014",
                f"no actor is called `{actor}`",
                label=f"actors: {some}" if (some := listed(self.names.options)) else "",
                advice=f"did you mean `{near}`?" if near else "",
                declared=("actors", near) if near else None,
            )
        options = self.names.options[actor]
        near = nearest(option, options)
        return self._fault(
            node,
            "SO015",
            f"`{actor}` has no option `{option}`",
            label=f"options of `{actor}`: {some}" if (some := listed(options)) else "",
            advice=f"did you mean `{actor}.{near}`?" if near else "",
            declared=self._place(f"{actor}.{near}") if near else None,
        )

    def _place(self, name: str) -> tuple[str | int, ...]:
        return place_of(self.names, name, self.actor)

    def _fault(
        self,
        node: ast.expr,
        code: str,
        message: str,
        *,
        label: str = "",
        advice: str = "",
        declared: tuple[str | int, ...] | None = None,
        given: str = "",
    ) -> Fixed:
        column, length = span(node, self.text)
        given = given or (ast.unparse(node) if code in _ABOUT_NAMES else "")
        self.faults.append(
            StatementFault(code, message, column, length, label, advice, declared, given)
        )
        return FALSE


_MIRRORED: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: ">", ast.LtE: ">=", ast.Gt: "<", ast.GtE: "<=",
    ast.In: "==", ast.NotIn: "!=",
}  # fmt: skip

_ORDER: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
