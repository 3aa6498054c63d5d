"""The expressions flows are guarded and slots are set by: small, safe, and never raising.

``service_date and len(people) < 5``, ``heard.age >= 60``, ``days(today, service_date) > 3``. They
are read with Python's own grammar and only what is listed here is let through; each is compiled
once into closures. What is missing counts as ``None``, and every comparison with ``None`` is
false: to ask whether something is known, write its name (``name``, ``not name``, ``name is None``).
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, NoReturn, TypeAlias

from pydantic import AfterValidator, JsonValue

from bot.document import meant
from bot.told import tell

Variables: TypeAlias = Mapping[str, Any]
Evaluate: TypeAlias = Callable[[Variables], Any]

MAX_LENGTH = 500
"""Characters of an expression; a longer one wants to be two states."""

_SINGLE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")


def _days(first: Any, last: Any) -> int:
    """Days from one date to another."""
    return (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days


def _times(first: Any, second: Any) -> Any:
    """A product of numbers; a text times a number could fill any memory."""
    if isinstance(first, int | float) and isinstance(second, int | float):
        return first * second
    raise TypeError


def _plus(first: Any, second: Any) -> Any:
    """A sum; beside a text, anything is joined to it as text."""
    if isinstance(first, str) or isinstance(second, str):
        return f"{first}{second}"
    return first + second


def _minutes(first: Any, last: Any) -> int:
    """Whole minutes from one moment to another; a moment without a zone cannot be compared."""
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)) // timedelta(minutes=1)


def clock_of(now: datetime) -> dict[str, str]:
    """What expressions may ask of the clock: ``today``, ``2026-11-24``, and ``now``, a moment.

    Args:
        now: aware, in the zone whose date is ``today``.
    """
    return {"today": now.date().isoformat(), "now": now.isoformat(timespec="seconds")}


CLOCK = frozenset({"today", "now"})
"""The names of :func:`clock_of`."""

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "len": len,
    "lower": str.lower,
    "upper": str.upper,
    "days": _days,
    "minutes": _minutes,
}
"""What an expression may call; a call that cannot be answered is ``None``."""

_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda value, among: value in among,
    ast.NotIn: lambda value, among: value not in among,
}
_SUMS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _plus,
    ast.Sub: operator.sub,
    ast.Mult: _times,
}
_UNANSWERABLE = (TypeError, ValueError, LookupError, OverflowError)


class ExpressionError(ValueError):
    """An expression that cannot be read; says where in it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    Args:
        names: what it looks up, each with its column in the source, from 1.
        evaluate: its value for given variables; never raises.
    """

    names: tuple[tuple[str, int], ...]
    evaluate: Evaluate


@lru_cache(maxsize=4096)
def compiled(source: str) -> Expression:
    """Compile an expression.

    Raises:
        ExpressionError: with the column, and the nearest known name.
    """
    if len(source) > MAX_LENGTH:
        raise ExpressionError(tell("an expression has at most {most} characters", most=MAX_LENGTH))
    try:
        tree = ast.parse(source.strip(), mode="eval")
        evaluate = _compile(tree.body)
    except SyntaxError as error:
        raise ExpressionError(
            tell("column {column}: {said}", column=error.offset or 1, said=error.msg)
        ) from None
    except (RecursionError, MemoryError):
        raise ExpressionError(tell("it is nested too deeply")) from None
    return Expression(tuple(sorted(_names(tree), key=lambda name: name[1])), evaluate)


def _names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in called:
            yield node.id, node.col_offset + 1


def _compile(node: ast.expr) -> Evaluate:  # noqa: C901, PLR0911, RET503 - one case a kind of node
    match node:
        case ast.Constant(value=str() | int() | float() | None as value):
            return lambda _: value
        case ast.Name(id=name):
            return lambda variables: variables.get(name)
        case ast.Attribute(value=inner, attr=key):
            return _part(_compile(inner), key)
        case ast.BoolOp(op=op, values=parts):
            return _joined([_compile(part) for part in parts], until=isinstance(op, ast.Or))
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            negated = _compile(inner)
            return lambda variables: not negated(variables)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _applied(operator.neg, [_compile(inner)])
        case ast.BinOp(op=op, left=left, right=right) if type(op) in _SUMS:
            return _applied(_SUMS[type(op)], [_compile(left), _compile(right)])
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            items = [_compile(element) for element in elements]
            return lambda variables: [item(variables) for item in items]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            if name not in FUNCTIONS:
                _refuse(
                    node,
                    tell(
                        "no function {name!r}{meant}",
                        name=name,
                        meant=meant(name, sorted(FUNCTIONS)),
                    ),
                )
            return _applied(FUNCTIONS[name], [_compile(arg) for arg in args])
        case ast.Compare():
            return _compared(node)
        case _:
            _refuse(node, tell("this cannot stand in an expression"))


def _compared(node: ast.Compare) -> Evaluate:
    """A chain of comparisons, ``18 <= age < 60``."""
    tests: list[Evaluate] = []
    for op, left, right in zip(
        node.ops, [node.left, *node.comparators], node.comparators, strict=False
    ):
        if isinstance(op, ast.Is | ast.IsNot):
            if not (isinstance(right, ast.Constant) and right.value is None):
                _refuse(node, tell("'is' asks for None only; compare with =="))
            tests.append(_is_missing(_compile(left), wanted=isinstance(op, ast.Is)))
        else:
            tests.append(_applied(_COMPARISONS[type(op)], [_compile(left), _compile(right)]))
    return lambda variables: all(bool(test(variables)) for test in tests)


def _is_missing(value: Evaluate, *, wanted: bool) -> Evaluate:
    return lambda variables: (value(variables) is None) is wanted


def _joined(parts: list[Evaluate], *, until: bool) -> Evaluate:
    """``and`` and ``or``: the first value whose truth settles it, else the last."""

    def evaluate(variables: Variables) -> Any:
        value = None
        for part in parts:
            value = part(variables)
            if bool(value) is until:
                break
        return value

    return evaluate


def _part(whole: Evaluate, key: str) -> Evaluate:
    def evaluate(variables: Variables) -> Any:
        value = whole(variables)
        return value.get(key) if isinstance(value, Mapping) else None

    return evaluate


def _applied(function: Callable[..., Any], args: list[Evaluate]) -> Evaluate:
    """A call; ``None`` when something it needs is missing or does not fit."""

    def evaluate(variables: Variables) -> Any:
        values = [arg(variables) for arg in args]
        if None in values:
            return None
        try:
            return function(*values)
        except _UNANSWERABLE:
            return None

    return evaluate


def _refuse(node: ast.expr, message: str) -> NoReturn:
    raise ExpressionError(tell("column {column}: {said}", column=node.col_offset + 1, said=message))


def source_of(written: Any) -> str | None:
    """The expression in ``"{{ … }}"``; ``None`` for a literal."""
    if isinstance(written, str) and written.startswith("{{") and written.endswith("}}"):
        return written[2:-2].strip()
    return None


def value_of(written: Any, variables: Variables) -> Any:
    """What a written value comes to: an expression's value, or the literal itself."""
    source = source_of(written)
    return written if source is None else compiled(source).evaluate(variables)


def holds(condition: str | None, variables: Variables) -> bool:
    """Whether a guard holds; none always does."""
    return condition is None or bool(compiled(condition).evaluate(variables))


def _readable(written: str) -> str:
    try:
        compiled(written)
    except ValueError as error:
        mend = tell("; two = compare") if _SINGLE_EQUALS.search(written) else ""
        raise ValueError(
            tell(
                "the expression {source!r} cannot be read: {error}{mend}",
                source=written,
                error=error,
                mend=mend,
            )
        ) from None
    return written


def _readable_value(written: JsonValue) -> JsonValue:
    source = source_of(written)
    if source is not None:
        _readable(source)
    return written


Value = Annotated[JsonValue, AfterValidator(_readable_value)]
"""A literal as JSON knows it, or an expression that can be read."""

Condition = Annotated[str, AfterValidator(_readable)]
"""An expression that is true or not."""
