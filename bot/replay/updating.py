"""Rewrites what a recording expects, and leaves the rest of the file as it is.

Line by line rather than by writing the whole YAML anew: comments, quotes and blank lines that a
tester put there stay to the letter, and a diff shows only what changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import unified_diff
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.dialogue.reply import Reply
from bot.document import Document
from bot.errors import Finding
from bot.replay.answer import BESIDE, Answer
from bot.replay.captured import filled, named_in, used_in
from bot.replay.played import Difference, Exchange, Played
from bot.replay.recording import CURRENT, Recording, RecordingError

_VERSION = re.compile(r"""(version:)[ ]*('[^']*'|"[^"]*"|[^\s#]*)""")

_VALUE: Final = (
    r"(?P<key>{key}\s*:\s+)(?P<value>"
    r"'(?:[^']|'')*'"
    r'|"(?:[^"\\]|\\.)*"'
    r"|[^\s,\[\]{{}}#][^,\[\]{{}}#]*?"
    r")(?=\s*(?:[,}}#]|$))"
)
"""A key with a value of one line, in a mapping of either style."""


def update(played: Played) -> str:
    """Write into the recording's file what the bot said, and how things stood.

    Messages and values that are as expected keep their lines, ``contains`` too. Captured values
    keep their names where a message used them before.

    Returns:
        What changed, as a unified diff; nothing when nothing did.

    Raises:
        RecordingError: a turn is written in a form that cannot be rewritten.
    """
    recording = played.recording
    text = recording.path.read_text(encoding="utf-8-sig")
    lines = text.rstrip("\n").split("\n")
    for exchange in reversed(played.differences):
        _rewrite_expected(lines, recording, exchange)
        if not exchange.problem and exchange.wrong_message is not None:
            _rewrite(lines, recording.document, exchange)
    _refresh_version(lines, recording, played.version)
    new = "\n".join(lines) + "\n"
    if new == text:
        return ""
    _check(new, played)
    recording.path.write_text(new, encoding="utf-8")
    name = recording.document.name
    return "\n".join(unified_diff(text.split("\n"), new.split("\n"), name, name, lineterm="", n=1))


def _rewrite_expected(lines: list[str], recording: Recording, exchange: Exchange) -> None:
    """Put what is there into the place of what was expected, each value on its line."""
    wrong = [each for each in exchange.differences if each.loc[2:3] == ("expect",)]
    # The last first: so what stands before it on its line stays where it was.
    place = recording.document.place
    for difference in sorted(wrong, key=lambda each: place(each.loc).column, reverse=True):
        _rewrite_value(lines, recording, difference)


def _rewrite_value(lines: list[str], recording: Recording, difference: Difference) -> None:
    place, key = recording.document.place(difference.loc), str(difference.loc[-1])
    line = lines[place.line - 1]
    before, rest = line[: place.column - 1], line[place.column - 1 :]
    found = re.match(_VALUE.format(key=f"(?:{re.escape(key)}|-)"), rest)
    if not found:
        raise recording.mistake(
            f"cannot be rewritten: {difference.message}; write it on one line", *difference.loc
        )
    lines[place.line - 1] = before + found["key"] + _inline(difference.actual) + rest[found.end() :]


def _inline(value: Any) -> str:
    """A value as YAML on one line, also within braces."""
    yaml, out = YAML(typ="safe"), StringIO()
    yaml.default_flow_style, yaml.width = True, 2**20
    yaml.dump([value], out)
    return out.getvalue().strip()[1:-1]


def _rewrite(lines: list[str], document: Document, exchange: Exchange) -> None:
    turn = ("turns", exchange.at)
    if exchange.expected is None:
        first = document.place(turn)
        dash = first.column - 3  # of "- user"; the place is that of the mapping's first key
        end = _end(lines, first.line - 1, dash)
        lines[end:end] = [" " * (dash + 2) + "bot:", *_items(exchange, [], dash + 4, ())]
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
    if not exchange.told:
        head = [lines[start][:column] + "bot: []"]
    names = frozenset[str]().union(*(named_in(line) for line in lines[start:end]))
    lines[start:end] = [*head, *_items(exchange, chunks, indent, names)]


def _items(
    exchange: Exchange,
    chunks: Sequence[list[str]],
    indent: int,
    names: Collection[str],
) -> list[str]:
    """The lines of the list under ``bot:``; messages that are right keep theirs.

    Args:
        names: of captured values that stand for themselves in new messages.
    """
    values = {name: exchange.values[name] for name in names if name in exchange.values}
    written: list[str] = []
    for at, told in enumerate(exchange.told):
        if at < len(chunks) and (exchange.expected or ())[at].fits(told):
            written += chunks[at]
        else:
            written += _item(told.reply, indent, values)
    return written


def _item(reply: Reply, indent: int, values: Mapping[str, str]) -> list[str]:
    answer = Answer.of(reply)
    words = _unfilled(reply.text, values)
    text = LiteralScalarString(words + "\n") if "\n" in words else words
    node: Any = text
    beside = {part: _unfilled(told, values) for part in BESIDE if (told := getattr(answer, part))}
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


def _unfilled(text: str, values: Mapping[str, str]) -> str:
    """The text with names in place of captured values."""
    for name, value in values.items():
        text = text.replace(value, "{{ " + name + " }}")
    return text


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
    known = {CURRENT, version}
    if "version" in recording.document.data and recording.script.version not in known:
        at = recording.document.place(("version",)).line - 1
        lines[at] = _VERSION.sub(rf"\g<1> '{version}'", lines[at], count=1)


def _check(new: str, played: Played) -> None:
    """Make sure that the new text says what was meant."""
    recording = played.recording
    try:
        read = Recording.of(Path(), Document.parse(new, str(recording.path)))
        turns = read.script.turns
        right = len(turns) == len(recording.script.turns) and all(
            _is_right(read, one) for one in played.exchanges if not one.problem
        )
    except (Finding, ExceptionGroup, RecordingError):
        right = False
    if not right:
        raise recording.mistake(
            "cannot be rewritten; put 'user:', 'bot:' and 'expect:' of every turn on lines of "
            "their own"
        )


def _is_right(read: Recording, exchange: Exchange) -> bool:
    """Whether a turn of the new text is as it was played."""
    turn = filled(read.script.turns[exchange.at], exchange.values)
    answers = turn.bot or ()
    right = len(answers) == len(exchange.told) and all(map(Answer.fits, answers, exchange.told))
    # What this very turn has captured may stand in what is expected of it.
    own = turn.expect and not list(used_in(turn.expect))
    return right and not (own and turn.expect and list(turn.expect.unmet(exchange.seen)))
