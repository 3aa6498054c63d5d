"""Spoilt files: one thing in one file of a project changed, as people and editors change things.

A mutant of the **tree** deletes, renames, misspells, retypes, doubles, re-targets or shuffles one
node, and is written out in block style, a line for each node. One of the **text** puts in or takes
out characters. Each knows where its mistake stands:

- ``lines``: those of the node itself, and of the keys above it; of a text that is not YAML any
  more those from the change to the next line with content, where a reader notices at last;
- ``names``: what was put in or taken away, and the entries it belongs to (its state, reply …): a
  line anywhere that refers to one of them is a right place for a complaint as well.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

Loc = tuple[Any, ...]
TREE = ("delete", "rename", "misspell", "retype", "double", "repeat", "retarget", "shuffle")
TEXT = ("tab", "quote", "brace", "cut", "odd", "indent")
ENTRIES = frozenset(
    {"states", "slots", "always", "on", "outcomes", "returned", "set", "with", "into", "options",
     "migrate", "offices", "closed", ""}
)  # fmt: skip
"""Keys under which the keys are names, not words of the language; "" is a reply file itself."""

STRANGE: tuple[Any, ...] = (
    None, True, 7, -1, 2.5, "", "x", "two words", "{{ 1 +", "{{ nothing }}", "{% if %}", [],
    [None], {}, {"a": 1}, "go", "cancel", "2026-11-24", "1 hour", ["a", "a"], "ü" * 80, [[]],
)  # fmt: skip
ODD = (
    "\u0000",
    "\u0007",
    "\u202e",
    "\u2028",
    "\u0085",
    "\ufeff",
    "\u00a0",
    "\u2019",
    "🙏",
    "\r",
    "\\",
)
REPEATED = "REPEATED"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_IN_BRACES = re.compile(r"\{[{%].*?[}%]\}", re.DOTALL)


@dataclass(frozen=True)
class Mutant:
    """One file, spoilt.

    Args:
        file: its path within the folder of the flows.
        what: how, for people.
        lines: 1-based.
        keys: of what was changed, words of the language too.
        states: ``flow.state`` of those in which something was changed.
        around: 1-based lines of what stands beside the changed keys, and may need them.
    """

    file: Path
    what: str
    text: str
    lines: frozenset[int]
    names: frozenset[str]
    keys: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    around: frozenset[int] = frozenset()


def mutant_of(file: Path, text: str, chance: Random, how: str) -> Mutant:
    """Spoil the text of ``file`` in the way of ``how``."""
    before = _yaml().load(text)
    if how not in TEXT:
        after = deepcopy(before)
        what = _spoil(after, chance, how)
        out = io.StringIO()
        _yaml().dump(after, out)
        return _mutant(file, f"{how} {what}", before, after, out.getvalue(), set())
    spoilt, lines = _spelt(text, chance, how)
    what = f"{how} in line {min(lines)}"
    try:
        after = _yaml().load(spoilt)
    except (YAMLError, ValueError):
        until = _next_line_of_content(spoilt, max(lines))
        return Mutant(file, what, spoilt, frozenset(range(min(lines), until + 1)), frozenset())
    return _mutant(file, what, before, after, spoilt, lines)


def _mutant(file: Path, what: str, before: Any, after: Any, text: str, lines: set[int]) -> Mutant:
    """The mutant with all places where two documents differ."""
    node = _yaml(pure=True).compose(text)
    names, keys, states, around = set[str](), set[str](), set[str](), set[int]()
    for loc, *parts in _differences(before, after):
        lines |= _lines(node, loc)
        names |= {str(key) for at, key in enumerate(loc) if _names_entries(file, loc[:at])}
        keys |= {str(key) for key in loc[-1:]}
        around |= _lines(node, loc[:-1]) if len(loc) > 1 else set()
        states |= {f"{file.stem}.{name}" for name in loc[1:2] if loc[:1] == ("states",)}
        for part in parts:
            names |= set(_names(file, part, loc))
    names = {name.replace(REPEATED, "") for name in names}
    text = text.replace(REPEATED, "")
    return Mutant(
        file,
        what,
        text,
        frozenset(lines),
        frozenset(names),
        frozenset(keys),
        frozenset(states),
        frozenset(around),
    )


def _differences(before: Any, after: Any, loc: Loc = ()) -> Iterator[tuple[Any, ...]]:
    """Places with what is different there: each the smallest that says it."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            there = (*loc, key)
            if key not in before or key not in after:
                yield there, before.get(key), after.get(key)
            else:
                yield from _differences(before[key], after[key], there)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for at, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _differences(old, new, (*loc, at))
    elif type(before) is not type(after) or before != after:
        yield loc, before, after


def _spelt(text: str, chance: Random, how: str) -> tuple[str, set[int]]:
    """The text with something put in or cut off, and the lines of that."""
    at = chance.randrange(len(text))
    line = text.count("\n", 0, at) + 1
    start = text.rfind("\n", 0, at) + 1
    match how:
        case "tab":
            return f"{text[:start]}\t{text[start:]}", {line}
        case "indent":
            return f"{text[:start]} {text[start:]}", {line}
        case "cut":
            return text[:at], {line}
    mark = chance.choice({"quote": "\"'", "brace": "{}[]"}.get(how, ODD))
    lines = {line, line + (mark == "\r")}
    if how == "quote" and mark in text[at:]:
        lines.add(text.count("\n", 0, text.index(mark, at)) + 1)  # until there all is one text
    return text[:at] + mark + text[at:], lines


def _next_line_of_content(text: str, line: int) -> int:
    """Where a reader can notice at the latest that a line before makes no sense."""
    lines = text.replace("\r", "\n").split("\n")
    for number in range(line + 1, len(lines) + 1):
        if lines[number - 1].strip() and not lines[number - 1].lstrip().startswith("#"):
            return number
    return line


def _spoil(tree: Any, chance: Random, how: str) -> str:
    """Change a node of the document; its place, for people."""
    everywhere = [loc for loc in _places(tree) if loc]
    loc = chance.choice(everywhere)
    parent, key = _at(tree, loc[:-1]), loc[-1]
    mapping, word = isinstance(parent, dict), parent[key]
    match how:
        case "delete":
            del parent[key]
        case "rename" if mapping:
            _rekey(parent, key, f"{key}x"[chance.randint(0, 1) :])
        case "misspell" if isinstance(word, str) and len(word) > 1:
            at = chance.randrange(len(word) - 1)
            parent[key] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case "misspell" if mapping:
            _rekey(parent, key, str(key)[1:] + str(key)[:1])
        case "double" | "repeat" if mapping:
            parent[f"{key}{REPEATED if how == 'repeat' else '_2'}"] = deepcopy(word)
        case "double" | "repeat":
            parent.append(deepcopy(word))
        case "retarget":
            parent[key] = deepcopy(_at(tree, chance.choice(everywhere)))
        case "shuffle" if mapping:
            values = list(parent.values())
            chance.shuffle(values)
            parent.update(zip(list(parent), values, strict=True))
        case _:
            parent[key] = deepcopy(chance.choice(STRANGE))
    return ".".join(map(str, loc))


def _rekey(mapping: dict[Any, Any], key: Any, name: str) -> None:
    """Rename a key where it stands."""
    items = [(name if each == key else each, value) for each, value in mapping.items()]
    mapping.clear()
    mapping.update(items)


def _names(file: Path, node: Any, loc: Loc) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if _names_entries(file, loc):
                yield str(key)
            yield from _names(file, value, (*loc, key))
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from _names(file, value, (*loc, at))
    elif isinstance(node, str):
        yield from words_in(node) if loc[-1:] == ("when",) else _referred(node)


def _referred(text: str) -> Iterator[str]:
    if _NAME.fullmatch(text):
        yield text
    for part in _IN_BRACES.findall(text):
        yield from words_in(part)


def _names_entries(file: Path, loc: Loc) -> bool:
    """Whether the keys of the mapping at ``loc`` are names."""
    if file.parent.name == "replies":
        return not loc or loc[-1] == "with"
    return bool(loc) and loc[-1] in ENTRIES


def words_in(text: str) -> set[str]:
    """The words of a line that may be names."""
    return set(re.findall(r"\w+", text))


def _lines(node: Node | None, loc: Loc) -> set[int]:
    """The lines of what is at ``loc``, as far as it is there, and of the keys above; 1-based."""
    if node is None:  # nothing but comments
        return {1}
    lines, mark, missing = {1} if len(loc) <= 1 else set(), 0, False
    for key in loc:
        mark, inner = _child(node, key)
        if missing := inner is None:
            break
        lines.add(mark + 1)
        node = inner
    return lines if missing else lines | set(range(mark + 1, _last_line(node) + 2))


def _child(node: Node, key: Any) -> tuple[int, Node | None]:
    """Where a key or item stands, 0-based, and what is there."""
    if isinstance(node, MappingNode):
        for name, value in node.value:
            if name.value == str(key):
                return name.start_mark.line, value
    elif isinstance(node, SequenceNode) and isinstance(key, int):
        return node.value[key].start_mark.line, node.value[key]
    return 0, None


def _last_line(node: Node) -> int:
    if node.value and isinstance(node, MappingNode):
        return _last_line(node.value[-1][1])
    if node.value and isinstance(node, SequenceNode):
        return _last_line(node.value[-1])
    return int(node.start_mark.line)


def _places(node: Any, loc: Loc = ()) -> Iterator[Loc]:
    """Every node of a document."""
    yield loc
    items = node.items() if isinstance(node, Mapping) else ()
    for key, value in enumerate(node) if isinstance(node, list) else items:
        yield from _places(value, (*loc, key))


def _at(tree: Any, loc: Loc) -> Any:
    for step in loc:
        tree = tree[step]
    return tree


def _yaml(*, pure: bool = False) -> YAML:
    yaml = YAML(typ="safe", pure=pure)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = 10_000
    yaml.allow_unicode = True
    return yaml
