"""Spoilt files: one thing in one file of a project changed, as people and editors change things.

A mutant of the **tree** deletes, renames, misspells, retypes, doubles, re-targets or shuffles one
node, and is written out in block style, a line for each node. One of the **text** puts in or takes
out characters. Each knows where its mistake stands:

- ``lines``: those of the node itself, and of the keys above it;
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
    None, True, 7, -1, 2.5, 10**30, "", "x", "two words", "{{ 1 +", "{{ nothing }}", "{% if %}", [],
    [None], {}, {"a": 1}, "go", "cancel", "2026-11-24", "1 hour", ["a", "a"], "ü" * 80, [[]],
)  # fmt: skip
ODD = ("\u0000", "\u0007", "\u202e", "\u2028", "\u0085", "\ufeff", "\u00a0", "’", "🙏", "\r", "\\")
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
    """

    file: Path
    what: str
    text: str
    lines: frozenset[int]
    names: frozenset[str]


def mutant_of(file: Path, text: str, chance: Random, how: str) -> Mutant:
    """Spoil the text of ``file`` in the way of ``how``."""
    return _of_text(file, text, chance, how) if how in TEXT else _of_tree(file, text, chance, how)


def _of_text(file: Path, text: str, chance: Random, how: str) -> Mutant:
    at = chance.randrange(len(text))
    line = text.count("\n", 0, at)
    start = text.rfind("\n", 0, at) + 1
    match how:
        case "tab":
            text = f"{text[:start]}\t{text[start:]}"
        case "indent":
            text = f"{text[:start]} {text[start:]}"
        case "cut":
            text = text[:at]
        case _:
            marks = {"quote": "\"'", "brace": "{}[]"}.get(how, ODD)
            text = text[:at] + chance.choice(marks) + text[at:]
    return Mutant(file, f"{how} at {at}, line {line + 1}", text, frozenset({line + 1}), frozenset())


def _of_tree(file: Path, text: str, chance: Random, how: str) -> Mutant:
    yaml = _yaml()
    tree = yaml.load(text)
    everywhere = [loc for loc in _places(tree) if loc]
    loc = chance.choice(everywhere)
    other = _at(tree, chance.choice(everywhere))
    before = names_in(file, tree, loc)
    after = _spoil(tree, loc, how, deepcopy(other), chance)
    out = io.StringIO()
    yaml.dump(tree, out)
    written = out.getvalue()
    lines = _lines(written, after)
    names = before | names_in(file, tree, after)
    what = f"{how} {'.'.join(map(str, loc))}"
    return Mutant(file, what, written.replace(REPEATED, ""), lines, names)


def _spoil(tree: Any, loc: Loc, how: str, other: Any, chance: Random) -> Loc:
    """Change the node at ``loc``; where the change can be seen."""
    parent, key = _at(tree, loc[:-1]), loc[-1]
    mapping = isinstance(parent, dict)
    match how:
        case "delete":
            del parent[key]
            return loc[:-1]
        case "rename" if mapping:
            return _rekeyed(parent, loc, f"{key}x"[chance.randint(0, 1) :])
        case "misspell" if isinstance(parent[key], str) and len(parent[key]) > 1:
            word = parent[key]
            at = chance.randrange(len(word) - 1)
            parent[key] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case "misspell" if mapping:
            return _rekeyed(parent, loc, str(key)[1:] + str(key)[:1])
        case "double" if mapping:
            parent[f"{key}_2"] = deepcopy(parent[key])
            return (*loc[:-1], f"{key}_2")
        case "repeat" if mapping:
            parent[f"{key}{REPEATED}"] = deepcopy(parent[key])
            return (*loc[:-1], f"{key}{REPEATED}")
        case "double" | "repeat":
            parent.append(deepcopy(parent[key]))
            return (*loc[:-1], len(parent) - 1)
        case "retarget":
            parent[key] = other
        case "shuffle" if mapping:
            values = list(parent.values())
            chance.shuffle(values)
            parent.update(zip(list(parent), values, strict=True))
            return loc[:-1]
        case _:
            parent[key] = deepcopy(chance.choice(STRANGE))
    return loc


def _rekeyed(parent: dict[Any, Any], loc: Loc, name: str) -> Loc:
    """Rename the last key of ``loc``, where it stands."""
    items = [(name if key == loc[-1] else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(items)
    return (*loc[:-1], name)


def names_in(file: Path, tree: Any, loc: Loc) -> frozenset[str]:
    """Names at and above a place: of entries, and what values refer to."""
    found = {str(key) for at, key in enumerate(loc) if _names_entries(file, loc[:at])}
    return frozenset(found | set(_names(file, _at(tree, loc), loc)))


def _names(file: Path, node: Any, loc: Loc) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if _names_entries(file, loc):
                yield str(key).replace(REPEATED, "")
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


def _lines(text: str, loc: Loc) -> frozenset[int]:
    """The lines of the node at ``loc``, and of the keys above it; all 1-based."""
    node = _yaml(pure=True).compose(text)
    lines = {1} if len(loc) <= 1 else set()
    for key in loc:
        mark, inner = _child(node, key)
        if inner is None:
            break
        lines.add(mark + 1)
        node = inner
    else:
        if loc:
            lines |= set(range(mark + 1, _last_line(node) + 2))
    return frozenset(lines)


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
