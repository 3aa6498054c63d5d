"""What a template needs: names that must hold something, or it would print "None" or fail.

A name that the template asks for first (``{% if x %}``, ``x or "-"``, ``x | default("-", true)``)
is not needed. What a loop or a ``set`` names is the template's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jinja2 import nodes

from bot.dialogue.mentions import SAY

_HARMLESS = frozenset({"defined", "undefined", "none"})
"""Tests that a missing value passes or fails, and nothing worse."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value that a template uses, ``booking.code``."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Said:
    """Another reply that a template says.

    Args:
        key: its key, or how its key begins.
        whole: whether that is all of it.
        told: the variables it is given; it knows no others.
    """

    key: str
    whole: bool
    told: frozenset[str]


@dataclass(frozen=True, slots=True)
class Needs:
    """What one template needs.

    Args:
        names: must be known when it is said.
        given: must be there at all, known or not: a reply within another has only what it is told.
        silent: nothing at all may come out of it.
    """

    names: frozenset[str]
    given: frozenset[str]
    parts: frozenset[Part]
    said: tuple[Said, ...]
    silent: bool


def needs_of(tree: nodes.Template, own: Iterable[str] = ()) -> Needs:
    """What a parsed template needs; ``own`` names are always there."""
    reader = _Reader()
    reader.block(tree.body, frozenset(), frozenset(own))
    return Needs(
        frozenset(reader.names),
        frozenset(reader.given),
        frozenset(reader.parts),
        tuple(reader.said),
        _silent(tree.body),
    )


def _silent(body: Iterable[nodes.Node]) -> bool:
    """Whether nothing at all may come out: all that is said stands under conditions."""
    return all(_says_nothing(node) for node in body)


def _says_nothing(  # noqa: PLR0911 - one case a kind of node
    node: nodes.Node,
) -> bool:
    match node:
        case nodes.TemplateData(data=text):
            return not text.strip()
        case nodes.Output(nodes=shown):
            return _silent(shown)
        case nodes.CondExpr(expr2=otherwise):
            return otherwise is None
        case nodes.If(body=body, elif_=others, else_=otherwise):
            return any(_silent(each) for each in (body, *(o.body for o in others), otherwise))
        case nodes.For(body=body, else_=otherwise):
            return _silent(body) or _silent(otherwise)
        case nodes.With(body=body) | nodes.FilterBlock(body=body):
            return _silent(body)
    return isinstance(node, nodes.Assign | nodes.AssignBlock | nodes.Macro)


_Names = frozenset[str]


class _Reader:
    """Walks a template; ``safe`` names are known to hold something, ``own`` ones are its own."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.given: set[str] = set()
        self.parts: set[Part] = set()
        self.said: list[Said] = []

    def block(  # noqa: C901, PLR0912 - one case a kind of node
        self, body: Iterable[nodes.Node], safe: _Names, own: _Names
    ) -> None:
        """Statements, one after the other."""
        for node in body:
            match node:
                case nodes.Output():
                    for shown in node.nodes:
                        self.value(shown, safe, own)
                case nodes.If():
                    self._if(node, safe, own)
                case nodes.For():
                    self.value(node.iter, safe, own)
                    inner = own | _targets(node.target) | {"loop"}
                    if node.test:
                        self.value(node.test, safe, inner, asked=True)
                    self.block(node.body, safe, inner)
                    self.block(node.else_, safe, own)
                case nodes.Assign():
                    self.value(node.node, safe, own, asked=True)
                    own |= _targets(node.target)
                case nodes.With():
                    for value in node.values:
                        self.value(value, safe, own, asked=True)
                    inner = own.union(*(_targets(target) for target in node.targets))
                    self.block(node.body, safe, inner)
                case nodes.Macro() | nodes.CallBlock():
                    inner = own.union(*(_targets(arg) for arg in node.args), {"caller"})
                    self.block(node.body, safe, inner)
                    own |= {getattr(node, "name", "")}
                case nodes.AssignBlock():
                    self.block(node.body, safe, own)
                    own |= _targets(node.target)
                case nodes.Expr():
                    self.value(node, safe, own)
                case _:
                    self.block(node.iter_child_nodes(), safe, own)

    def _if(self, node: nodes.If, safe: _Names, own: _Names) -> None:
        self.value(node.test, safe, own, asked=True)
        self.block(node.body, safe | _known_if(node.test, holds=True), own)
        rest = safe | _known_if(node.test, holds=False)
        for other in node.elif_:
            self._if(other, rest, own)
            rest |= _known_if(other.test, holds=False)
        self.block(node.else_, rest, own)

    def value(  # noqa: C901, PLR0912 - one case a kind of node
        self, node: nodes.Node, safe: _Names, own: _Names, *, asked: bool = False
    ) -> None:
        """An expression; where it is only ``asked`` for, it may as well be missing."""
        match node:
            case nodes.Name():
                self._name(node.name, safe, own, asked=asked)
            case nodes.Getattr(node=inner, attr=part):
                self._part(inner, part, own)
                self.value(inner, safe, own)
            case nodes.Getitem(node=inner, arg=key):
                if isinstance(key, nodes.Const) and isinstance(key.value, str):
                    self._part(inner, key.value, own)
                self.value(inner, safe, own)
                self.value(key, safe, own)
            case nodes.Filter():
                self._filter(node, safe, own)
            case nodes.Test(node=inner, name=name) if name in _HARMLESS:
                if isinstance(inner, nodes.Getattr):
                    self._part(inner.node, inner.attr, own)
                elif not isinstance(inner, nodes.Name):
                    self.value(inner, safe, own, asked=True)
            case nodes.CondExpr():
                self.value(node.test, safe, own, asked=True)
                self.value(node.expr1, safe | _known_if(node.test, holds=True), own, asked=asked)
                if node.expr2 is not None:
                    rest = safe | _known_if(node.test, holds=False)
                    self.value(node.expr2, rest, own, asked=asked)
            case nodes.And():
                self.value(node.left, safe, own, asked=asked)
                more = safe | _known_if(node.left, holds=True)
                self.value(node.right, more, own, asked=asked)
            case nodes.Or():
                self.value(node.left, safe, own, asked=True)
                more = safe | _known_if(node.left, holds=False)
                self.value(node.right, more, own, asked=asked)
            case nodes.Not():
                self.value(node.node, safe, own, asked=True)
            case nodes.Compare():
                self._compare(node, safe, own)
            case nodes.Call(node=nodes.Name(name=name)) if name == SAY:
                self._say(node, safe, own)
            case _:
                for child in node.iter_child_nodes():
                    self.value(child, safe, own)

    def _name(self, name: str, safe: _Names, own: _Names, *, asked: bool) -> None:
        if name in own:
            return
        self.given.add(name)
        if not asked and name not in safe:
            self.names.add(name)

    def _part(self, inner: nodes.Node, part: str, own: _Names) -> None:
        if isinstance(inner, nodes.Name) and inner.name not in own:
            self.parts.add(Part(inner.name, part))

    def _filter(self, node: nodes.Filter, safe: _Names, own: _Names) -> None:
        if node.name in {"default", "d"}:
            if isinstance(node.node, nodes.Getattr):
                self._part(node.node.node, node.node.attr, own)
            elif node.node is not None:
                whole = [*node.args[1:], *(told.value for told in node.kwargs)]
                too = any(isinstance(each, nodes.Const) and each.value is True for each in whole)
                self.value(node.node, safe, own, asked=too)
        elif node.node is not None:
            self.value(node.node, safe, own)
        for arg in (*node.args, *(told.value for told in node.kwargs)):
            self.value(arg, safe, own)

    def _compare(self, node: nodes.Compare, safe: _Names, own: _Names) -> None:
        ops = {operand.op for operand in node.ops}
        self.value(node.expr, safe, own, asked=ops <= {"eq", "ne", "in", "notin"})
        for operand in node.ops:
            self.value(operand.expr, safe, own, asked=operand.op in {"eq", "ne"})

    def _say(self, node: nodes.Call, safe: _Names, own: _Names) -> None:
        told = frozenset(each.key for each in node.kwargs)
        for key in node.args[:1]:
            self.said.append(Said(*_beginning(key), told))
            self.value(key, safe, own)
        for each in node.kwargs:
            self.value(each.value, safe, own)


def _beginning(key: nodes.Node) -> tuple[str, bool]:
    """How a key begins, and whether that is all of it."""
    match key:
        case nodes.Const(value=str() as text):
            return text, True
        case nodes.Concat(nodes=[nodes.Const(value=str() as text), *_]):
            return text, False
        case nodes.Add(left=nodes.Const(value=str() as text)):
            return text, False
    return "", False


def _targets(node: nodes.Node) -> frozenset[str]:
    found = [node] if isinstance(node, nodes.Name) else node.find_all(nodes.Name)
    return frozenset(name.name for name in found)


def _known_if(  # noqa: PLR0911 - one case a kind of node
    test: nodes.Node, *, holds: bool
) -> frozenset[str]:
    """Names that hold something where a test holds, or where it does not."""
    match test:
        case nodes.Not(node=inner):
            return _known_if(inner, holds=not holds)
        case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
            both = _known_if(left, holds=holds), _known_if(right, holds=holds)
            joined = isinstance(test, nodes.And) is holds
            return both[0] | both[1] if joined else both[0] & both[1]
        case nodes.Test(node=inner, name="none"):
            return frozenset() if holds else _root(inner)
        case nodes.Test(node=nodes.Getattr() as inner, name="defined"):
            return _root(inner) if holds else frozenset()
        case nodes.Test():
            return frozenset()
        case nodes.Compare(expr=expr, ops=[nodes.Operand(op=op, expr=other)]) if op in _EQUAL:
            is_none = isinstance(other, nodes.Const) and other.value is None
            return _root(expr) if holds is ((op == "eq") is not is_none) else frozenset()
        case _:
            return _root(test) if holds else frozenset()


_EQUAL = frozenset({"eq", "ne"})


def _root(node: nodes.Node | None) -> frozenset[str]:
    """The name that a value is a part of."""
    match node:
        case nodes.Name(name=name):
            return frozenset({name})
        case nodes.Filter(name="default" | "d"):
            return frozenset()
        case nodes.Getattr(node=inner) | nodes.Getitem(node=inner) | nodes.Filter(node=inner):
            return _root(inner)
    return frozenset()
