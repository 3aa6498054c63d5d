"""YAML as far as it has been typed: what stands where, also while it cannot be read.

A reader of whole documents gives up at the first mistake; somebody who types makes one with every
letter. This one reads line by line, by indentation and brackets, and never gives up: what it does
not understand is passed over, and a bracket or quote that was left open ends where a line begins
something new at the same depth or further out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The keys and list items that lead somewhere."""

KEY: Final = re.compile(
    r"""(?:"(?P<double>(?:\\.|[^"\\])*)"|'(?P<single>(?:''|[^'])*)'"""
    r"""|(?P<plain>[^\s"'{}\[\],#&*!|>%@`-][^:{}\[\]"'#]*?))[ ]*:(?=\s|$)"""
)
DASH: Final = re.compile(r"-(?:[ ]+|$)")
_BLOCK: Final = re.compile(r"[|>][+-]?\d?[+-]?[ ]*(?:#.*)?$")
_COMMENT: Final = re.compile(r"(?:^|\s)#")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something written: a key of a mapping, or an item of a list.

    Args:
        path: to it, itself the last.
        line, column: where its key begins, or its value in a list; 1-based.
        value: the scalar that stands there, if one does on the same line.
    """

    path: Path
    line: int
    column: int
    value: str = ""


@dataclass(slots=True)
class _Level:
    """A block that is open: a mapping or a list, and what in it is being written."""

    indent: int
    path: Path
    step: str | int

    @property
    def inside(self) -> Path:
        return (*self.path, self.step)


@dataclass(slots=True)
class _Bracket:
    """A bracket that is open."""

    kind: Literal["{", "["]
    path: Path
    key: str | None = None
    index: int = 0
    token: str = ""
    column: int = 1

    @property
    def inside(self) -> Path:
        if self.kind == "[":
            return (*self.path, self.index)
        return self.path if self.key is None else (*self.path, self.key)


@dataclass(slots=True)
class Scan:
    """The state after all lines read so far.

    Attributes:
        entries: in the order they stand.
        levels: open blocks, the outermost first.
        brackets: open brackets.
        quote: the quote that is open, or nothing.
        block: indentation of the key whose text goes on in lines below it; -1 for none.
        comment: whether the last line ended in a comment.
        floor: indentation of the block in which brackets or a quote were opened.
        quoted: where on the last line the open quote's text begins; 0-based.
    """

    entries: list[Entry] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    brackets: list[_Bracket] = field(default_factory=list)
    quote: str = ""
    block: int = -1
    comment: bool = False
    floor: int = -1
    quoted: int = 0
    _number: int = 0

    def read(self, lines: Sequence[str]) -> Scan:
        """Read lines, one after the other."""
        for line in lines:
            self._line(line)
        return self

    @property
    def inside(self) -> Path:
        """The path of what is being written in the innermost block or bracket."""
        if self.brackets:
            return self.brackets[-1].inside
        return self.levels[-1].inside if self.levels else ()

    def _line(self, line: str) -> None:
        self._number += 1
        self.comment = False
        indent = len(line) - len(line.lstrip(" "))
        blank = not line.strip()
        if self.block >= 0:
            if blank or indent > self.block:
                return
            self.block = -1
        if (self.brackets or self.quote) and not blank and indent <= self.floor:
            self.brackets.clear()  # it was never closed, and something new begins
            self.quote = ""
        if self.quote:
            self._string(line, 0)
        elif self.brackets:
            self._flow(line, 0)
        elif blank or line.lstrip().startswith("#"):
            self.comment = not blank
        else:
            self._block_line(line, indent)

    def _block_line(self, line: str, at: int) -> None:
        while dash := DASH.match(line, at):
            self._item(at)
            at = dash.end()
        self._close(at)
        key = KEY.match(line, at)
        if key is None:
            if at < len(line):
                self._value(line, at)
            return
        name = _key_of(key)
        top = self.levels[-1] if self.levels else None
        if top is not None and top.indent == at and isinstance(top.step, str):
            top.step = name
        else:
            path = top.inside if top and top.indent < at else ()
            self.levels.append(_Level(at, path, name))
        self.entries.append(Entry(self.levels[-1].inside, self._number, at + 1))
        after = key.end()
        while after < len(line) and line[after] == " ":
            after += 1
        if after < len(line):
            self._value(line, after)

    def _item(self, at: int) -> None:
        """A dash at a column: the next item of a list that is open there, or the first of one."""
        while self.levels and self.levels[-1].indent > at:
            self.levels.pop()
        top = self.levels[-1] if self.levels else None
        if top and top.indent == at and isinstance(top.step, int):
            top.step += 1
        else:
            self.levels.append(_Level(at, top.inside if top else (), 0))
        self.entries.append(Entry(self.levels[-1].inside, self._number, at + 1))

    def _close(self, at: int) -> None:
        """End blocks that lie deeper, and a list whose dashes stand where a key does now."""
        while self.levels and self.levels[-1].indent > at:
            self.levels.pop()
        top = self.levels[-1] if self.levels else None
        if top and top.indent == at and isinstance(top.step, int):
            self.levels.pop()

    def _value(self, line: str, at: int) -> None:
        """What stands after a key or dash, or alone."""
        self.floor = self.levels[-1].indent if self.levels else -1
        if line[at] in "{[":
            self._open(line[at], at)
            self._flow(line, at + 1)
        elif line[at] in "\"'":
            self.quote = line[at]
            self._string(line, at + 1)
        elif _BLOCK.match(line, at):
            self.block = max(self.floor, 0)
        else:
            comment = _COMMENT.search(line, at)
            self.comment = comment is not None
            self._told(line[at : comment.start() if comment else None].strip())

    def _told(self, value: str) -> None:
        """Note a scalar with the entry it belongs to."""
        inside = self.inside
        if self.entries and self.entries[-1].path == inside:
            last = self.entries[-1]
            self.entries[-1] = Entry(last.path, last.line, last.column, value)

    def _string(self, line: str, at: int) -> None:
        """Go on in a quoted text; what stands after its end is read as before."""
        begin = self.quoted = at
        while at < len(line):
            if line[at] == "\\" and self.quote == '"':
                at += 2
                continue
            if line[at] == self.quote:
                if self.quote == "'" and line[at + 1 : at + 2] == "'":
                    at += 2
                    continue
                break
            at += 1
        text = line[begin : min(at, len(line))]
        if self.brackets:
            self.brackets[-1].token += text
        if at >= len(line):
            return
        self.quote = ""
        if self.brackets:
            self._flow(line, at + 1)
        else:
            self._told(text)
            self.comment = _COMMENT.search(line, at + 1) is not None

    def _flow(self, line: str, at: int) -> None:
        """Go on within brackets, to the last of them or the end of the line."""
        if at == 0 and self.brackets[-1].token:
            self.brackets[-1].token += " "  # a word that goes on below
        while at < len(line):
            top, char = self.brackets[-1], line[at]
            if char == "#" and (at == 0 or line[at - 1] in " \t"):
                self.comment = True
                return
            if char in "\"'" and not top.token.strip():
                self._begin(at)
                self.quote = char
                self._string(line, at + 1)
                return
            if char in "}]" and len(self.brackets) == 1:
                self._end_token()
                self.brackets.clear()
                self.comment = _COMMENT.search(line, at + 1) is not None
                return
            self._mark(line, at)
            at += 1

    def _mark(self, line: str, at: int) -> None:
        """One character within brackets that stay open after it."""
        top, char = self.brackets[-1], line[at]
        if char in "{[":
            self._open(char, at)
        elif char in "}]":
            self._end_token()
            self.brackets.pop()
            self.brackets[-1].token = ""
        elif char == ",":
            self._end_token()
            top.key, top.token, top.column = None, "", at + 2
            top.index += 1
        elif char == ":" and self._is_colon(line, at):
            top.key, top.token = top.token.strip(), ""
            self.entries.append(Entry(top.inside, self._number, top.column))
        else:
            self._begin(at)
            top.token += char

    def _open(self, char: str, at: int) -> None:
        kind: Literal["{", "["] = "{" if char == "{" else "["
        self.brackets.append(_Bracket(kind, self.inside, column=at + 2))

    def _begin(self, at: int) -> None:
        """Note where a word begins."""
        if not self.brackets[-1].token.strip():
            self.brackets[-1].token = ""
            self.brackets[-1].column = at + 1

    def _is_colon(self, line: str, at: int) -> bool:
        top = self.brackets[-1]
        if top.kind != "{" or top.key is not None or not top.token.strip():
            return False
        return at + 1 == len(line) or line[at + 1] in " ,}]{[" or line[at - 1] in "\"'"

    def _end_token(self) -> None:
        top = self.brackets[-1]
        token = top.token.strip()
        if top.kind == "[":
            if token:
                self.entries.append(Entry(top.inside, self._number, top.column, token))
        elif top.key is not None:
            if token:
                self._told(token)
        elif token:
            self.entries.append(Entry((*top.path, token), self._number, top.column))


def _key_of(match: re.Match[str]) -> str:
    found = match["double"] or match["single"] or match["plain"] or ""
    return found.strip()


def scan(text: str) -> Scan:
    """Read a whole text."""
    return Scan().read(text.split("\n"))
