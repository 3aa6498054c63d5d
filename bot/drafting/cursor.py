"""Where somebody is typing: in which mapping or list, a key or a value, and what of it is there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.drafting.scanning import DASH, KEY, Path, Scan

Where: TypeAlias = Literal["key", "value", "either"]
"""What may be typed: a key, what stands behind one, or either (alone on a line deeper in)."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a text.

    Args:
        path: of the mapping whose key is typed, or of the value.
        typed: what is there of it, up to the cursor.
        line, start: where it begins, 1-based.
        quoted: whether it stands in quotes, or in a text over several lines.
        glued: whether the key's colon stands right before it, so that a space is needed.
    """

    path: Path
    where: Where
    typed: str
    line: int
    start: int
    quoted: bool = False
    glued: bool = False


def cursor_in(text: str, line: int, column: int) -> Cursor | None:
    """The place at a line and column, both 1-based; ``None`` in a comment."""
    lines = text.split("\n")
    line = min(max(line, 1), len(lines))
    partial = lines[line - 1][: max(column, 1) - 1]
    scan = Scan().read(lines[: line - 1])
    blank = not partial.strip()
    if scan.block >= 0 and blank and len(partial) <= scan.block:
        scan.block = -1  # whoever steps out of a text begins something new
    if blank and len(partial) <= scan.floor:
        scan.brackets.clear()
        scan.quote = ""
    began = scan.block
    scan.read([partial])
    if scan.comment or (scan.block >= 0 > began):
        return None
    if scan.block >= 0:
        typed = partial.lstrip()
        return _at(scan.inside, "value", typed, line, partial, quoted=True)
    if scan.quote:
        typed = partial[scan.quoted :]
        return _at(scan.inside, _in_brackets(scan), typed, line, partial, quoted=True)
    if scan.brackets:
        typed = scan.brackets[-1].token.lstrip()
        if not partial.endswith(typed):  # it began on a line before, or is quoted in part
            typed = re.split(r"[{\[,:]", partial)[-1].lstrip()
        return _at(scan.inside, _in_brackets(scan), typed, line, partial)
    return _in_block(scan, partial, line)


def _in_brackets(scan: Scan) -> Where:
    if not scan.brackets:
        return "value"
    top = scan.brackets[-1]
    return (
        "key" if top.kind == "{" and top.key is None else "either" if top.kind == "[" else "value"
    )


def _in_block(scan: Scan, partial: str, line: int) -> Cursor:
    at = len(partial) - len(partial.lstrip(" "))
    dashed = False
    while dash := DASH.match(partial, at):
        at, dashed = dash.end(), True
    if key := KEY.match(partial, at):
        behind = partial[key.end() :]
        glued = not behind
        return _at(scan.inside, "value", behind.lstrip(" "), line, partial, glued=glued)
    typed = partial[at:]
    if dashed:
        return _at(scan.inside, "either", typed, line, partial)
    levels = [level for level in scan.levels if level.indent <= at]
    if levels and levels[-1].indent == at and isinstance(levels[-1].step, int):
        levels.pop()  # the list's dashes stand here; what has none is a key beside the list's
    if not levels:
        return _at((), "key", typed, line, partial)
    top = levels[-1]
    if top.indent == at:
        return _at(top.path, "key", typed, line, partial)
    return _at(top.inside, "either", typed, line, partial)


def _at(
    path: Path,
    where: Where,
    typed: str,
    line: int,
    partial: str,
    *,
    quoted: bool = False,
    glued: bool = False,
) -> Cursor:
    return Cursor(path, where, typed, line, len(partial) - len(typed) + 1, quoted, glued)
