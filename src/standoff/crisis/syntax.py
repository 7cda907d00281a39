"""From the text of a statement to Python's syntax tree, and only the parts of it we accept.

Python's parser is borrowed; nothing is ever evaluated. Whatever text is given, the outcome is a
tree or a `StatementFault` that knows its column.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 10_000
"""The most characters a statement may have."""

DEEPEST = 60
"""How many levels of brackets and operators a statement may have, definitions included."""

_FORMS = "use and, or, not, ( ), ==, !=, <, <=, >, >=, in {a, b}, true and false"
_ACCEPTED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Compare, ast.Eq,
    ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Name, ast.Attribute,
    ast.Set, ast.Load,
)  # fmt: skip
_REFUSED: dict[type[ast.AST], str] = {
    ast.Call: "a call",
    ast.BinOp: "arithmetic",
    ast.Subscript: "an index in square brackets",
    ast.Lambda: "a function",
    ast.IfExp: "`if ... else`",
    ast.List: "a list in square brackets",
    ast.Tuple: "a list with commas",
    ast.Dict: "a mapping in braces",
    ast.JoinedStr: "a text in quotes",
    ast.NamedExpr: "an assignment",
    ast.Await: "`await`",
    ast.Starred: "a star",
    ast.Is: "`is`",
    ast.IsNot: "`is not`",
    ast.USub: "a minus sign",
    ast.UAdd: "a plus sign",
    ast.Invert: "`~`",
}


@dataclass(frozen=True, slots=True)
class StatementFault:
    """One thing wrong with a statement, and where in its text (counted in characters from 0).

    In a pattern of levels it is at the level of one name (`at`), or at that name itself (`on_key`).
    """

    code: str
    message: str
    column: int = 0
    length: int = 1
    label: str = ""
    help: str = ""
    declared: tuple[str | int, ...] | None = None
    given: str = ""
    at: str = ""
    on_key: bool = False


class BadStatement(Exception):  # noqa: N818 (never reaches a user: a note to whoever knows the file)
    """Everything that is wrong with one statement."""

    def __init__(self, *faults: StatementFault) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


def parse(text: str) -> ast.expr:
    """Return the syntax tree of a statement.

    Raises
    ------
    BadStatement
        The text is not a statement, or uses more of Python than a statement may.
    """
    found = _parse(text)
    if isinstance(found, StatementFault):
        raise BadStatement(found)
    return found


@lru_cache(maxsize=4096)
def _parse(text: str) -> ast.expr | StatementFault:
    if not text.strip():
        return StatementFault("SO060", "a statement is missing", 0, 0, "nothing is said here")
    if len(text) > LONGEST:
        return StatementFault(
            "SO066",
            f"a statement of {len(text):,} characters is too long (at most {LONGEST:,})",
            label="starts here",
            help="give parts of it names under `definitions`",
        )
    if refused := _spelling(text):
        return refused
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(_one_line(text).lstrip(), mode="eval")
    except SyntaxError as err:
        return _syntax_fault(text, err)
    except (MemoryError, RecursionError):
        return _too_deep()
    except ValueError:
        return StatementFault("SO060", "this is not a statement", 0, 1, "cannot be read", _FORMS)
    if blanks := len(text) - len(text.lstrip()):
        for node in ast.walk(tree):
            if isinstance(node, ast.expr) and node.end_col_offset is not None:
                node.col_offset += blanks
                node.end_col_offset += blanks
    return _refusal(tree, text) or tree.body


def _one_line(text: str) -> str:
    """Make every blank a plain one, so that Python sees one line; characters keep their columns."""
    return re.sub(r"[\s\x00]", " ", text)


def _spelling(text: str) -> StatementFault | None:
    """Catch what people write from habit and Python's parser would explain badly."""
    for pattern, wrong, instead in (
        (r"&&?", "`{}`", "write `and`"),
        (r"\|\|?", "`{}`", "write `or`"),
        (r"!(?!=)", "`!`", "write `not`"),
        (r"(?<![=!<>])=(?!=)", "a single `=`", "write `==` to compare"),
        (r"<>", "`<>`", "write `!=`"),
        (r"[#;\\$?@`]", "`{}`", ""),
        (r"[\"'“”‘’]", "a quotation mark", "write names and levels without quotation marks"),
        (r"\b(?:True|False|None|AND|OR|NOT|TRUE|FALSE)\b", "`{}`", "write `{lower}`"),
    ):
        if match := re.search(pattern, text):
            given = match[0]
            advice = instead.format(lower=given.lower()) if given != "None" else ""
            if given in ("True", "False"):
                advice += "; an option with the levels [no, yes] stands alone"
            return StatementFault(
                "SO061",
                f"a statement cannot contain {wrong.format(given)}",
                match.start(),
                len(given),
                "not part of a statement",
                advice or _FORMS,
            )
    return None


def _too_deep() -> StatementFault:
    return StatementFault(
        "SO066",
        "a statement is too deeply nested",
        label="starts here",
        help="give parts of it names under `definitions`",
    )


def _syntax_fault(text: str, err: SyntaxError) -> StatementFault:
    """Say where Python's parser stopped; its own words are about Python, so they are not used."""
    if "too many nested" in (err.msg or "") or "too complex" in (err.msg or ""):
        return _too_deep()
    blanks = len(text) - len(text.lstrip())
    column = max(0, min((err.offset or 1) - 1 + blanks, len(text)))
    rest = text[column:].strip()
    if (alone := _lone_bracket(text)) is not None:
        which = "opened and not closed" if text[alone] in "({" else "closed and not opened"
        return StatementFault("SO060", f"a bracket is {which}", alone, 1, "this one")
    message = "this is not a statement" if rest else "the statement stops too early"
    word = re.match(r"\w+", text[column:])
    return StatementFault(
        "SO060",
        message,
        column,
        len(word[0]) if word else 1,
        "cannot be read from here" if rest else "something is missing here",
        _FORMS,
    )


def _lone_bracket(text: str) -> int | None:
    """Return the column of a bracket that has no partner, if there is one."""
    opened: list[int] = []
    for column, sign in enumerate(text):
        if sign in "({":
            opened.append(column)
        elif sign in ")}" and (not opened or text[opened.pop()] + sign not in ("()", "{}")):
            return column
    return opened[-1] if opened else None


def _refusal(tree: ast.Expression, text: str) -> StatementFault | None:
    """Return what is wrong with a tree that Python accepts and a statement does not."""
    level: list[ast.AST] = [tree.body]
    depth = 0
    while level:
        depth += 1
        if depth > DEEPEST:
            return _too_deep()
        below: list[ast.AST] = []
        for node in level:
            if not isinstance(node, _ACCEPTED):
                return _refused(node, text)
            if isinstance(node, ast.Compare):
                if len(node.ops) > 1:
                    return _chained(node, text)
                if not isinstance(node.ops[0], _ACCEPTED):
                    return _refused(node.ops[0], text, node)
            if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
                return _refused(node.op, text, node)
            below.extend(
                child
                for child in ast.iter_child_nodes(node)
                if isinstance(child, ast.expr | ast.comprehension | ast.slice)
            )
        level = below
    return None


def _refused(node: ast.AST, text: str, placed: ast.AST | None = None) -> StatementFault:
    what = next((said for kind, said in _REFUSED.items() if isinstance(node, kind)), None)
    advice = _FORMS
    if isinstance(node, ast.Constant):
        what = "a number" if isinstance(node.value, int | float | complex) else "a constant"
        advice = "levels are names; compare with one of them"
    if isinstance(node, ast.Is):
        advice = "write `==` to compare"
    if isinstance(node, ast.List | ast.Tuple):
        advice = "write a choice of levels as `in {a, b}`"
    column, length = span(placed or node, text)
    return StatementFault(
        "SO061",
        f"a statement cannot contain {what or 'this'}",
        column,
        length,
        "not part of a statement",
        advice,
    )


def _chained(node: ast.Compare, text: str) -> StatementFault:
    column, length = span(node, text)
    return StatementFault(
        "SO062",
        "comparisons cannot be chained",
        column,
        length,
        "two comparisons in one",
        "write two comparisons joined by `and`, or `in {a, b}`",
    )


def span(node: ast.AST, text: str) -> tuple[int, int]:
    """Return where a node stands in the text and how long it is, both in characters.

    Python counts columns in bytes of UTF-8, which is not what a reader sees.

    Examples
    --------
    >>> text = "Süd.minen and x"
    >>> span(parse(text).values[1], text)
    (14, 1)
    """
    start = getattr(node, "col_offset", 0)
    end = getattr(node, "end_col_offset", None) or start + 1
    encoded = _one_line(text).encode("utf-8", "replace")
    column = len(encoded[:start].decode("utf-8", "ignore"))
    last = len(encoded[:end].decode("utf-8", "ignore"))
    return column, max(1, last - column)
