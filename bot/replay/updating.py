"""Rewrites what the bot says in a recording, and leaves the rest of the file as it is.

Line by line rather than by writing the whole YAML anew: comments, quotes and blank lines that a
tester put there stay to the letter, and a diff shows only what changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.dialogue.reply import Reply
from bot.document import Document
from bot.errors import Finding
from bot.replay.player import Exchange, Played
from bot.replay.recording import BESIDE, Answer, Recording, Script

_VERSION = re.compile(r"""(version:)[ ]*('[^']*'|"[^"]*"|[^\s#]*)""")


def update(played: Played) -> bool:
    """Write into the recording's file what the bot said; whether anything changed.

    Messages that are as expected keep their lines, ``contains`` too.

    Raises:
        RecordingError: a turn is written in a form that cannot be rewritten.
    """
    recording = played.recording
    text = recording.path.read_text(encoding="utf-8-sig")
    lines = text.rstrip("\n").split("\n")
    for exchange in reversed(played.differences):
        if not exchange.problem:
            _rewrite(lines, recording.document, exchange)
    _refresh_version(lines, recording, played.version)
    new = "\n".join(lines) + "\n"
    if new == text:
        return False
    _check(new, played)
    recording.path.write_text(new, encoding="utf-8")
    return True


def _rewrite(lines: list[str], document: Document, exchange: Exchange) -> None:
    turn = ("turns", exchange.at)
    if exchange.expected is None:
        first = document.place(turn)
        dash = first.column - 3  # of "- user"; the place is that of the mapping's first key
        end = _end(lines, first.line - 1, dash)
        lines[end:end] = [" " * (dash + 2) + "bot:", *_items(exchange, [], dash + 4)]
        return
    key = document.place((*turn, "bot"))
    start, column = key.line - 1, key.column - 1
    end = _end(lines, start, column, dashes=True)
    places = [document.place((*turn, "bot", at)) for at in range(len(exchange.expected))]
    begins = [place.line - 1 for place in places]
    block = bool(begins) and begins[0] > start
    chunks = [lines[a:b] for a, b in zip(begins, [*begins[1:], end], strict=True)] if block else []
    indent = places[0].column - 3 if block else column + 2
    head = lines[start : begins[0]] if block else [lines[start][:column] + "bot:"]
    if not exchange.got:
        head = [lines[start][:column] + "bot: []"]
    lines[start:end] = [*head, *_items(exchange, chunks, indent)]


def _items(exchange: Exchange, chunks: Sequence[list[str]], indent: int) -> list[str]:
    """The lines of the list under ``bot:``; messages that are right keep theirs."""
    written: list[str] = []
    for at, reply in enumerate(exchange.got):
        if at < len(chunks) and (exchange.expected or ())[at].matches(reply):
            written += chunks[at]
        else:
            written += _item(reply, indent)
    return written


def _item(reply: Reply, indent: int) -> list[str]:
    text = LiteralScalarString(reply.text + "\n") if "\n" in reply.text else reply.text
    node: Any = text
    answer = Answer.of(reply)
    beside = {part: told for part in BESIDE if (told := getattr(answer, part))}
    if answer.buttons or beside:
        node = CommentedMap(text=text)
        if answer.menu:
            node["menu"] = answer.menu
        if answer.buttons:
            node["buttons"] = CommentedSeq(answer.buttons)
            node["buttons"].fa.set_flow_style()
        node.update(beside)
    yaml, out = YAML(), StringIO()
    yaml.width = 2**20
    yaml.dump([node], out)
    return [" " * indent + line if line else "" for line in out.getvalue().splitlines()]


def _end(lines: Sequence[str], start: int, column: int, *, dashes: bool = False) -> int:
    """The line after the block that begins on ``start`` and whose key stands in ``column``.

    Args:
        dashes: a list may stand in the same column as its key.
    """
    end = start + 1
    for at in range(start + 1, len(lines)):
        bare = lines[at].lstrip()
        indent = len(lines[at]) - len(bare)
        inside = indent > column or (dashes and indent == column and bare.startswith("-"))
        if bare and not inside:
            break
        if bare:
            end = at + 1
    return end


def _refresh_version(lines: list[str], recording: Recording, version: str) -> None:
    if "version" in recording.document.data and recording.script.version != version:
        at = recording.document.place(("version",)).line - 1
        lines[at] = _VERSION.sub(rf"\g<1> '{version}'", lines[at], count=1)


def _check(new: str, played: Played) -> None:
    """Make sure that the new text says what was meant."""
    recording = played.recording
    try:
        document = Document.parse(new, str(recording.path))
        read = Recording(Path(), document, document.validate(Script))
        turns = read.script.turns
        right = len(turns) == len(recording.script.turns) and all(
            len(answers := turns[one.at].bot or ()) == len(one.got)
            and all(map(Answer.matches, answers, one.got))
            for one in played.exchanges
            if not one.problem
        )
    except (Finding, ExceptionGroup):
        right = False
    if not right:
        raise recording.mistake(
            "cannot be rewritten; put 'user:' and 'bot:' of every turn on lines of their own"
        )
