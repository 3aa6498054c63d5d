"""YAML text as plain data that knows where each of its parts stands.

Built from the parser's events rather than by the library's constructor: so keys that stand twice
are all found and the rest is still read, an alias cannot make a small file a giant, and nothing in
a file (a tag, a huge number, a deep nest) is more than a mistake with a place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import isfinite
from typing import Any, Final, NoReturn, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError

from bot.errors import Finding, Place
from bot.told import tell

MAX_LENGTH: Final = 500_000
"""Characters of a file."""

MAX_DEPTH: Final = 50
"""Levels of lists and mappings within each other."""

MAX_PARTS: Final = 20_000
"""Parts of a file, what stands for aliases counted each time."""

NAMELESS: Final = ""
"""The file of a place whose file is told later."""

KEPT: Final = 32
"""Files whose trees are kept: a project's, so that a save reads what was changed."""

_INTEGERS: Final = range(-(2**63), 2**63)
"""What a database can keep."""

_PREFIX: Final = "tag:yaml.org,2002:"
_UNREADABLE = (YAMLError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What the YAML library lets out over odd tags, numbers, dates and bytes."""

Loc: TypeAlias = tuple[str | int, ...]
Mark: TypeAlias = tuple[int, int]
"""Line and column, from 0."""


@dataclass(slots=True)
class Node:
    """A part of a file.

    Args:
        data: as plain dicts, lists and scalars.
        parts: of a mapping or list: where the key or item stands, and what it holds.
        size: parts it comes to, itself included.
    """

    data: Any
    parts: dict[str | int, tuple[Mark, Node]] = field(default_factory=dict)
    size: int = 1

    def put(self, step: str | int, mark: Mark, node: Node) -> None:
        """Add a part."""
        self.parts[step] = mark, node
        self.size += node.size


@dataclass(frozen=True, slots=True)
class Twice:
    """A key that stands in its mapping already; the first one counts."""

    loc: Loc
    mark: Mark


def tree_of(text: str, name: str) -> tuple[Node, list[Twice]]:
    """Read YAML 1.2; the trees of the last texts read are kept, not to be changed.

    Args:
        name: of the file the text stands in; the same text may stand in several.

    Returns:
        The root, a mapping, and every key that stands twice.

    Raises:
        Finding: it cannot be read, is no mapping, or is too large, too deep or too much.
    """
    try:
        return _tree_of(text)
    except Finding as finding:
        raise Finding(finding.message, replace(finding.place, file=name)) from None


@lru_cache(maxsize=KEPT)
def _tree_of(text: str) -> tuple[Node, list[Twice]]:
    """The same; what is wrong is placed in a file without a name."""
    if len(text) > MAX_LENGTH:
        message = tell(
            "the file has {count:,} characters, {most:,} at most; split it",
            count=len(text),
            most=MAX_LENGTH,
        )
        raise Finding(message, Place(NAMELESS, 1, 1))
    building = _Building()
    try:
        root = building.root(text)
    except MarkedYAMLError as error:
        raise Finding(_syntax(text, error), _mark(error)) from None
    except ReaderError as error:
        before = text[: error.position].splitlines() or [""]
        message = tell(
            "the character U+{code:04X} cannot stand here; delete it",
            code=ord(text[error.position]),
        )
        raise Finding(message, Place(NAMELESS, len(before), len(before[-1]) + 1)) from None
    except (*_UNREADABLE, RecursionError) as error:
        raise Finding(_odd(error), building.place()) from None
    if root is None or not isinstance(root.data, dict):
        raise Finding(tell('expected lines of the form "key: value"'), Place(NAMELESS, 1, 1))
    return root, building.twice


class _Building:
    """A tree that grows with the parser's events."""

    def __init__(self) -> None:
        self.twice: list[Twice] = []
        self._yaml = YAML(typ="safe", pure=True)
        self._anchors: dict[str, Node] = {}
        self._at: Mark = (0, 0)
        self._parts = 0

    def place(self) -> Place:
        """Where reading stands."""
        return Place(NAMELESS, self._at[0] + 1, self._at[1] + 1)

    def root(self, text: str) -> Node | None:
        """The one document's root; ``None`` if there is nothing."""
        events: Iterator[Event] = self._yaml.parse(text)
        found: Node | None = None
        for event in events:
            self._seen(event)
            if isinstance(event, DocumentStartEvent):
                if found is not None:
                    self._refuse(
                        tell("a second document begins here; a file holds one: delete '---'")
                    )
            elif isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
                found = self._node(event, events, ())
        return found

    def _seen(self, event: Event) -> Event:
        self._at = event.start_mark.line, event.start_mark.column
        return event

    def _refuse(self, message: str) -> NoReturn:
        raise Finding(message, self.place())

    def _node(self, event: Event, events: Iterator[Event], loc: Loc) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        self._count(1)
        if len(loc) > MAX_DEPTH:
            self._refuse(
                tell(
                    "this is nested more than {most} deep; make it flatter",
                    most=MAX_DEPTH,
                )
            )
        if isinstance(event, ScalarEvent):
            node = Node(self._scalar(event))
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            is_mapping = isinstance(event, MappingStartEvent)
            if event.tag not in (None, f"{_PREFIX}{'map' if is_mapping else 'seq'}"):
                self._refuse(_no_tag(event.tag))
            node = (self._mapping if is_mapping else self._list)(events, loc)
        else:
            self._refuse(tell("not readable as YAML: something is missing here"))
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: AliasEvent) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            self._refuse(
                tell(
                    "nothing before this is called '&{anchor}'; a text that begins with * stands "
                    "in quotes",
                    anchor=event.anchor,
                )
            )
        self._count(node.size)
        return node

    def _count(self, parts: int) -> None:
        self._parts += parts
        if self._parts > MAX_PARTS:
            self._refuse(
                tell(
                    "the file comes to more than {most:,} parts here; split it",
                    most=MAX_PARTS,
                )
            )

    def _list(self, events: Iterator[Event], loc: Loc) -> Node:
        node = Node([])
        while not isinstance(event := self._seen(next(events)), SequenceEndEvent):
            mark, at = self._at, len(node.data)
            item = self._node(event, events, (*loc, at))
            node.data.append(item.data)
            node.put(at, mark, item)
        return node

    def _mapping(self, events: Iterator[Event], loc: Loc) -> Node:
        node, merged = Node({}), list[Node]()
        while not isinstance(event := self._seen(next(events)), MappingEndEvent):
            mark = self._at
            key = self._key(event, events, loc)
            step = key if isinstance(key, str | int) else str(key)
            is_merge = isinstance(event, ScalarEvent) and self._tag(event) == f"{_PREFIX}merge"
            value_at = self._seen(next(events))
            value = self._node(value_at, events, (*loc, step))
            if is_merge:
                merged.append(value)
            elif key in node.data:
                self.twice.append(Twice((*loc, step), mark))
            else:
                node.data[key] = value.data
                node.put(step, mark, value)
        for other in merged:
            self._merge(node, other)
        return node

    def _merge(self, node: Node, other: Node) -> None:
        """Take what ``<<`` gives; the mapping's own keys count more."""
        for each in (
            [part for _, part in other.parts.values()] if isinstance(other.data, list) else [other]
        ):
            if not isinstance(each.data, dict):
                self._refuse(tell("'<<' takes a mapping that is marked with & further up"))
            for key, value in each.data.items():
                step = key if isinstance(key, str | int) else str(key)
                if key not in node.data:
                    node.data[key] = value
                    node.put(step, *each.parts[step])

    def _key(self, event: Event, events: Iterator[Event], loc: Loc) -> Any:
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._refuse(
                tell("a key is a word, not a list or a mapping; text in {{{{ }}}} wants quotes")
            )
        key = self._node(event, events, loc).data
        if isinstance(key, dict | list):
            self._refuse(tell("a key is a word, not a list or a mapping"))
        return key

    def _tag(self, event: ScalarEvent) -> str:
        if event.tag not in (None, "!"):
            return str(event.tag)
        return str(self._yaml.resolver.resolve(ScalarNode, event.value, event.implicit))

    def _scalar(self, event: ScalarEvent) -> Any:
        tag = self._tag(event)
        read: Callable[[ScalarNode], Any] | None = self._yaml.constructor.yaml_constructors.get(tag)
        if tag in (f"{_PREFIX}str", f"{_PREFIX}merge", f"{_PREFIX}value"):
            return event.value
        if read is None or (event.tag and event.tag != "!" and not _is_plain_tag(tag)):
            self._refuse(_no_tag(tag))
        value: Any = None
        try:
            value = self._yaml.constructor.construct_object(
                ScalarNode(tag, event.value, event.start_mark, event.end_mark)
            )
        except _UNREADABLE:
            self._refuse(
                tell(
                    "{value!r} cannot be read; put it in quotes if it is a text",
                    value=event.value[:60],
                )
            )
        if isinstance(value, int) and not isinstance(value, bool) and value not in _INTEGERS:
            self._refuse(tell("a number is too large here; put it in quotes if it is a text"))
        if isinstance(value, float) and not isfinite(value):
            self._refuse(tell("a number is too large here; put it in quotes if it is a text"))
        return value


def _is_plain_tag(tag: str) -> bool:
    return tag.removeprefix(_PREFIX) in {"bool", "int", "float", "null", "timestamp"}


def _no_tag(tag: str | None) -> str:
    written = str(tag).replace(_PREFIX, "!!")
    return tell("the tag {tag!r} cannot stand here; write the value alone", tag=written)


def _mark(error: MarkedYAMLError) -> Place:
    mark = error.problem_mark or error.context_mark
    if _is_open_quote(error) or "expected ':'" in (error.problem or ""):
        mark = error.context_mark or mark  # where the quote or the key begins
    return Place(NAMELESS, mark.line + 1, mark.column + 1) if mark else Place(NAMELESS, 1, 1)


def _is_open_quote(error: MarkedYAMLError) -> bool:
    """Whether a quote is opened and the file ends before another."""
    in_quotes = "quoted scalar" in (error.context or "")
    return in_quotes and "end of stream" in (error.problem or "")


def _odd(error: BaseException) -> str:
    return tell("not readable as YAML: {said}", said=str(error).partition("\n")[0])


def _syntax(text: str, error: MarkedYAMLError) -> str:
    mark, lines = error.problem_mark, text.splitlines()
    if mark and mark.line < len(lines) and "\t" in lines[mark.line]:
        return tell("a tab stands here; YAML is indented with spaces only")
    if _is_open_quote(error):
        return tell("a quote is opened here and never closed")
    said = error.problem or error.context
    mend = next((mend for part, mend in _MENDS.items() if part in (said or "")), "")
    return tell("not readable as YAML: {said}{mend}", said=said, mend=mend)


_MENDS: Final = {
    "mapping values are not allowed": tell("; put a text that has ': ' in it in quotes"),
    "could not find expected ':'": tell("; write 'key: value', indented like the lines around it"),
    "expected <block end>": tell("; this line is indented otherwise than those it belongs to"),
    "expected ',' or '}'": tell("; a comma or the closing }} is missing"),
    "expected ',' or ']'": tell("; a comma or the closing ] is missing"),
    "cannot start any token": tell("; put the text in quotes"),
}
"""What is probably to be done, by a part of what the YAML library says."""
