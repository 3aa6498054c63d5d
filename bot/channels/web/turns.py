"""Turns as the page gets them, from the journal's records."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from bot.channels.media import barcode_path, document_path, picture_path
from bot.dialogue.reply import Reply
from bot.vcard import vcard

Transcript: TypeAlias = Callable[[str], Awaitable[Sequence[Mapping[str, Any]]]]
"""Turn records of a conversation, as ``ConversationStore.transcript`` gives them."""

TURNS_SHOWN = 200
"""The page shows the end of a long conversation."""


async def recall(transcript: Transcript, conversation_id: str) -> list[dict[str, Any]]:
    """The last turns, oldest first, each ``{"id", "at", "message": {…} | None, "replies": […]}``.

    Raises:
        StorageUnavailable: the transcript cannot be read now.
    """
    records = await transcript(conversation_id)
    return [_turn(record) for record in records[-TURNS_SHOWN:]]


def _turn(record: Mapping[str, Any]) -> dict[str, Any]:
    message = record.get("message")  # a timer's turn has none
    parts = ("id", "kind", "text", "title", "at")
    return {
        "id": record["_id"],
        "at": record["at"],
        "message": {part: message.get(part, "") for part in parts} if message else None,
        "replies": [_reply(Reply.from_document(reply)) for reply in record["replies"]],
    }


def _reply(reply: Reply) -> dict[str, Any]:
    shown = replace(reply, origin=None).as_document()
    if reply.barcode:
        shown["image"] = barcode_path(reply.barcode)
    elif reply.picture:
        shown["image"] = picture_path(reply.picture)
    if reply.document:
        shown["file"] = document_path(reply.document)
    if reply.contact:
        shown["vcard"] = vcard(reply.contact.name, reply.contact.phones)
    return shown
