"""What may stand where somebody is typing: keys and values by the schema, names by the draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.dialogue.actions import Action
from bot.dialogue.replies import SURROUNDINGS
from bot.dialogue.schema import Schema, flow_schema, replies_schema, shared_schema
from bot.dialogue.slot_type import SlotType
from bot.dialogue.versions import Files
from bot.dialogue.wording import Wording
from bot.drafting.cursor import Cursor, cursor_in
from bot.drafting.naming import Names, entries_of
from bot.drafting.places import FlowPlaces, ReplyPlaces
from bot.drafting.scanning import Path

LANGUAGE: Final = re.compile(r"replies/([a-z]{2})\.yml")
_WORD: Final = re.compile(r"[A-Za-z_][\w.]*$")
_EXPRESSIONS: Final = frozenset({"when", "check"})
_BEHIND: Final = re.compile(r"\w*[\"']?\s*:")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may stand there.

    Args:
        insert: what is typed for it.
        about: a sentence about it; empty if there is none.
    """

    label: str
    insert: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What may stand at a place.

    Args:
        start: the column where what is typed of it begins, 1-based.
    """

    start: int
    candidates: Sequence[Candidate] = ()


@dataclass(frozen=True)
class Lexicon:
    """What a bot knows besides its flows.

    Args:
        intents, entities: what messages are understood as.
        within: the parts of what replies may speak of, by name, ``{"office": …}``.
    """

    actions: Mapping[str, Action]
    slot_types: Mapping[str, SlotType]
    intents: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    within: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def schema(self, kind: str) -> Schema:
        """Of a flow, of a file that flows include, or of replies; made once."""
        made: dict[str, Schema] = self.__dict__.setdefault("_schemas", {})
        if kind not in made:
            known = self.actions, self.intents, self.slot_types
            made[kind] = (
                replies_schema()
                if kind == "replies"
                else shared_schema(*known)
                if kind == "shared"
                else flow_schema(*known)
            )
        return made[kind]


def complete(files: Files, name: str, line: int, column: int, words: Lexicon) -> Offer:
    """What may be typed in the file ``name`` at a line and column, both 1-based."""
    text = files[name]
    cursor = cursor_in(text, line, column)
    if cursor is None:
        return Offer(column)
    return _Completion(files, name, cursor, words, text.split("\n")[cursor.line - 1]).offer()


class _Completion:
    def __init__(self, files: Files, name: str, at: Cursor, words: Lexicon, line: str) -> None:
        self._words = words
        self._name = name
        self._text = files[name]
        self._names = Names(files, words.actions)
        self._flow = name.removesuffix(".yml")
        self._at = at
        self._key = next((s for s in reversed(at.path) if isinstance(s, str)), "")
        self._behind = line[at.start - 1 + len(at.typed) :]
        kind = "replies" if "/" in name else "flow"
        if kind == "flow" and self._names.is_included(self._flow):
            kind = "shared"
        self._schema = words.schema(kind)
        self._in_replies = kind == "replies"
        self._places: FlowPlaces | ReplyPlaces = (
            ReplyPlaces(self._names, name, words.intents, words.entities)
            if self._in_replies
            else FlowPlaces(self._names, self._flow, words.intents, at.typed)
        )

    def offer(self) -> Offer:
        if self._in_expression():
            return self._expression()
        at, found = self._at, list[Candidate]()
        if at.where in {"key", "either"}:
            found += self._keys()
        if at.where in {"value", "either"}:
            found += [self._glued(each) for each in self._values()]
        return Offer(at.start, list(_fitting(found, at.typed)))

    # Expressions: of guards, and of what is filled in.

    def _in_expression(self) -> bool:
        typed = self._at.typed
        inside = typed.rfind("{{") > typed.rfind("}}")
        return inside or (self._key in _EXPRESSIONS and self._at.where == "value")

    def _expression(self) -> Offer:
        typed = self._at.typed
        word = _WORD.search(typed)
        part = word[0] if word else ""
        start = self._at.start + len(typed) - len(part)
        before = typed[: len(typed) - len(part)].rstrip()
        if before.endswith("|") and "{{" in before:
            language = LANGUAGE.fullmatch(self._name)
            known = Wording(language[1] if language else "id").filters()
            return Offer(start, list(_fitting(_plain(sorted(known)), part)))
        if _in_quotes(before):
            return Offer(start, list(_fitting(_plain(self._compared(before)), part)))
        outer, dot, inner = part.rpartition(".")
        if dot:
            inside = self._words.entities if outer == "heard" else self._words.within.get(outer, ())
            return Offer(start + len(outer) + 1, list(_fitting(_plain(sorted(inside)), inner)))
        slots = self._names.slots("" if self._in_replies else self._flow)
        around = sorted(SURROUNDINGS if self._in_replies else {"heard"})
        return Offer(start, list(_fitting([*_told(slots), *_plain(around)], part)))

    def _compared(self, before: str) -> Sequence[str]:
        """What the slot may hold that a text in quotes is compared with."""
        slot = re.search(r"([a-z_][a-z0-9_]*)\s*(?:==|!=|in)\s*[\[(]?\s*[\"']$", before)
        return self._names.choices(self._flow, slot[1]) if slot else ()

    # Keys.

    def _keys(self) -> Iterator[Candidate]:
        taken = self._siblings()
        for name, about, insert in self._known_keys():
            if name not in taken:
                has_colon = _BEHIND.match(self._behind)
                yield Candidate(name, name if has_colon else insert, about)

    def _siblings(self) -> set[str]:
        """Keys that stand in the same mapping, but for the one that is being typed."""
        at = self._at
        own = (at.line, at.start) if at.typed else ()
        return {
            str(each.path[-1])
            for each in entries_of(self._text)
            if each.path[:-1] == at.path and (each.line, each.column) != own
        }

    def _known_keys(self) -> Iterator[tuple[str, str, str]]:
        names = self._places.keys(self._at.path)
        if names is not None:
            yield from ((name, about, f"{name}: ") for name, about in names.items())
            return
        for schema in self._schemas(self._at.path):
            for name, part in schema.get("properties", {}).items():
                insert = f"{name}:" if self._only_holds_keys(part) else f"{name}: "
                yield name, self._about(part), insert

    def _only_holds_keys(self, part: Schema) -> bool:
        kinds = {each.get("type") for each in self._expanded([part])}
        return kinds == {"object"}

    # Values.

    def _values(self) -> Iterator[Candidate]:
        names = self._places.values(self._at.path)
        if names is not None:
            yield from _told(names)
            return
        for schema in self._schemas(self._at.path):
            if "const" in schema:
                yield Candidate(str(schema["const"]), str(schema["const"]), self._about(schema))
            yield from _plain([str(each) for each in schema.get("enum", ())])
            if schema.get("type") == "boolean":
                yield from _plain(["true", "false"])

    def _glued(self, each: Candidate) -> Candidate:
        """With the space that YAML wants behind a colon."""
        if not self._at.glued:
            return each
        return Candidate(each.label, f" {each.insert}", each.about)

    # The schema.

    def _schemas(self, path: Path) -> list[Schema]:
        """Everything that may stand at a path."""
        nodes = self._expanded([self._schema])
        for step in path:
            nodes = self._expanded([child for node in nodes for child in _children(node, step)])
        return nodes

    def _expanded(self, nodes: Iterable[Schema]) -> list[Schema]:
        found: list[Schema] = []
        for node in nodes:
            if "$ref" in node:
                name = str(node["$ref"]).rpartition("/")[2]
                found += self._expanded([self._schema["$defs"][name]])
            elif "anyOf" in node:
                found += self._expanded(node["anyOf"])
            else:
                found.append(node)
        return found

    def _about(self, part: Schema) -> str:
        for each in (part, *self._expanded([part])):
            if "description" in each:
                return str(each["description"]).partition("\n")[0]
        return ""


def _children(node: Schema, step: str | int) -> Iterator[Schema]:
    if isinstance(step, int):
        if isinstance(node.get("items"), dict):
            yield node["items"]
        return
    if step in node.get("properties", {}):
        yield node["properties"][step]
        return
    patterns: Mapping[str, Any] = node.get("patternProperties", {})
    for pattern, part in patterns.items():
        if re.search(pattern, step):
            yield part
            return
    if isinstance(node.get("additionalProperties"), dict):
        yield node["additionalProperties"]


def _fitting(found: Iterable[Candidate], typed: str) -> Iterator[Candidate]:
    """Those that begin as what is typed, then those that have it in them; each once."""
    typed = typed.strip().lower()
    once = list({each.label: each for each in reversed(list(found))}.values())[::-1]
    begin = [each for each in once if each.label.lower().startswith(typed)]
    yield from begin
    yield from (each for each in once if typed in each.label.lower() and each not in begin)


def _told(names: Mapping[str, str]) -> Iterator[Candidate]:
    return (Candidate(name, name, about) for name, about in names.items())


def _plain(names: Iterable[str]) -> Iterator[Candidate]:
    return (Candidate(name, name) for name in names)


def _in_quotes(text: str) -> bool:
    """Whether a quote is open at the end of an expression; ``{{`` begins one."""
    inside = text[text.rfind("{{") + 2 :] if "{{" in text else text
    return inside.count('"') % 2 == 1 or inside.count("'") % 2 == 1
