"""Transcripts of Microsoft's Bot Framework: the activities of a conversation, as JSON.

A ``.transcript`` is a list of activities; so is what Copilot Studio keeps, under ``activities``.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.clock import YEARS
from bot.replay.importing.conversation import (
    Conversation,
    ImportingError,
    Note,
    Utterance,
)
from bot.replay.importing.source import Source
from bot.replay.said import TEXT

_LIST: Final = re.compile(r'\s*(?:\{(?:.*?)"activities"\s*:\s*)?\[', re.DOTALL)
_COMMA: Final = re.compile(r"\s*,?\s*")
_USER_ROLES: Final = {"user", 1}
_BOT_ROLES: Final = {"bot", "skill", 0}
_DECODER: Final = json.JSONDecoder()
_DEEPEST: Final = 12
"""Cards within cards."""


def read_transcript(source: Source) -> Conversation:
    """Make a conversation of a transcript.

    Raises:
        ImportingError: it is none, or JSON that cannot be read.
    """
    utterances: list[Utterance] = []
    notes: list[Note] = []
    for line, activity in _activities(source.text):
        if not isinstance(activity, dict):
            notes.append(Note(line, "no activity; an activity has a type"))
            continue
        made = _made(line, activity, notes)
        if made:
            utterances.append(made)
    if not utterances:
        raise ImportingError("no activity in it is a message")
    return Conversation("", utterances, notes)


def _activities(text: str) -> Iterator[tuple[int, Any]]:
    """Each activity with the line it begins on."""
    breaks = [match.start() for match in re.finditer("\n", text)]
    opening = _LIST.match(text)
    if opening is None:
        raise ImportingError("no transcript; that is a list of activities: [{…}, …]")
    at = opening.end()
    while True:
        gap = _COMMA.match(text, at)
        at = gap.end() if gap else at
        if text.startswith("]", at):
            return
        line = bisect_right(breaks, at) + 1
        try:
            activity, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            where = getattr(error, "pos", at)
            line = bisect_right(breaks, where) + 1
            said = getattr(error, "msg", "nested too deeply")
            raise ImportingError(f"line {line}: cannot be read as JSON: {said}") from None
        yield line, activity


def _made(line: int, activity: Mapping[str, Any], notes: list[Note]) -> Utterance | None:
    kind = activity.get("type")
    if kind != "message":
        notes.append(Note(line, f"an activity of type {kind!r}, which nobody reads"))
        return None
    by_office = _is_bot(activity)
    attachments = [each for each in _listed(activity, "attachments") if isinstance(each, dict)]
    text = _text(activity.get("text"))
    at = _moment(activity.get("localTimestamp")) or _moment(activity.get("timestamp"))
    if by_office:
        words = [text, *(word for each in attachments for word in _words(each.get("content")))]
        actions = activity.get("suggestedActions")
        choices = _titles(actions) + [t for each in attachments for t in _titles(each)]
        said = "\n".join(word for word in words if word)
        if not said and not choices:
            notes.append(Note(line, "the bot says nothing that can be read"))
            return None
        return Utterance(line, True, said, at=at, choices=tuple(choices))  # noqa: FBT003 - by_office
    sent = next((each for each in attachments if each.get("contentType")), None)
    if sent:
        return Utterance(line, False, text, _kind(str(sent["contentType"])), at)  # noqa: FBT003 - see above
    text = text or _tapped(activity.get("value"))
    if not text.strip():
        notes.append(Note(line, "a message without words, as forms on cards send"))
        return None
    return Utterance(line, False, text, TEXT, at)  # noqa: FBT003 - see above


def _is_bot(activity: Mapping[str, Any]) -> bool:
    sender = activity.get("from")
    sender = sender if isinstance(sender, dict) else {}
    role = sender.get("role")
    role = role.lower() if isinstance(role, str) else role
    if isinstance(role, str | int) and role in _USER_ROLES | _BOT_ROLES:
        return role in _BOT_ROLES
    return bool(activity.get("replyToId")) or "bot" in str(sender.get("name", "")).lower()


def _words(card: Any, depth: int = 0) -> Iterator[str]:
    """What can be read on a card: its texts, wherever they stand."""
    if depth > _DEEPEST:
        return
    if isinstance(card, list):
        for each in card:
            yield from _words(each, depth + 1)
    elif isinstance(card, dict):
        for key in ("title", "subtitle", "text"):
            if isinstance(card.get(key), str) and not str(card.get("type", "")).startswith(
                "Action"
            ):
                yield card[key]
        for key in ("body", "items", "columns", "facts", "cells", "rows"):
            yield from _words(card.get(key), depth + 1)


def _titles(holder: Any) -> list[str]:
    """Titles of what can be tapped on a card or below a message."""
    if not isinstance(holder, dict):
        return []
    content = holder["content"] if isinstance(holder.get("content"), dict) else holder
    actions = [*_listed(content, "actions"), *_listed(content, "buttons")]
    return [
        each["title"]
        for each in actions
        if isinstance(each, dict) and isinstance(each.get("title"), str)
    ]


def _tapped(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _listed(holder: Mapping[str, Any], key: str) -> list[Any]:
    found = holder.get(key)
    return found if isinstance(found, list) else []


def _kind(content_type: str) -> str:
    main = content_type.partition("/")[0].lower()
    return main if main in {"image", "video", "audio"} else "document"


def _moment(value: Any) -> datetime | None:
    """An aware moment, of ISO text or of seconds since 1970."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            moment: datetime | None = datetime.fromtimestamp(value, UTC)
        else:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
    if moment is None or moment.year not in YEARS:  # the year 1 is .NET's for none
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)
