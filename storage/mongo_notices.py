"""Notices and calls in MongoDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.booking.calling import Board
from bot.booking.notices import Notice
from bot.dialogue.fields import fields_of
from storage.driver import Database, Document
from storage.moments import milliseconds
from storage.seat_documents import day_id


class MongoNotices:
    """:class:`bot.booking.notices.NoticeStore` in ``notices``, a notice a document.

    One that is told is deleted: the conversation's handled ids remember it, and after those the
    journal.
    """

    def __init__(self, database: Database) -> None:
        self._notices = database.collection("notices")

    async def prepare(self) -> None:
        """Make the indexes; safe to repeat."""
        await self._notices.ensure_index("due_at")
        await self._notices.ensure_index("about")
        await self._notices.ensure_index("conversation")

    async def add(self, notices: Sequence[Notice]) -> None:
        """See the Protocol."""
        await self._notices.insert_missing([_document(notice) for notice in notices])

    async def due(self, now: datetime, limit: int) -> Sequence[Notice]:
        """See the Protocol."""
        overdue = {"due_at": {"$lte": now}}
        found = await self._notices.find(overdue, sort=[("due_at", 1), ("_id", 1)], limit=limit)
        return [_notice(document) for document in found]

    async def of_conversation(self, conversation: str) -> Sequence[Notice]:
        """See the Protocol."""
        found = await self._notices.find({"conversation": conversation})
        return [_notice(document) for document in found]

    async def done(self, notice: str) -> None:
        """See the Protocol."""
        await self._notices.delete_many({"_id": notice})

    async def withdraw(self, about: str) -> None:
        """See the Protocol."""
        await self._notices.delete_many({"about": about})

    async def postpone(self, notice: str, attempts: int, due_at: datetime) -> None:
        """See the Protocol."""
        later = {"attempts": attempts, "due_at": milliseconds(due_at)}
        await self._notices.update_one({"_id": notice}, {"$set": later})


class MongoCalls:
    """:class:`bot.booking.calling.CallStore` in ``calls``, a day of an office a document."""

    def __init__(self, database: Database) -> None:
        self._calls = database.collection("calls")

    async def board(self, office: str, day: date) -> Board:
        """See the Protocol."""
        found = await self._calls.find_one({"_id": day_id(office, day)})
        if found is None:
            return Board()
        del found["_id"]
        return Board(**found)

    async def show(self, office: str, day: date, number: int, at: datetime, late: int) -> None:
        """See the Protocol."""
        board = {"_id": day_id(office, day)}
        shown = {"number": number, "at": milliseconds(at), "late": late}
        forward = {**board, "number": {"$lt": number}}
        if not await self._calls.update_one(forward, {"$set": shown}):
            await self._calls.insert_missing([_empty_board(office, day)])
            # Somebody else may have begun the day's board in between, with a lower number.
            await self._calls.update_one(forward, {"$set": shown})

    async def told_late(self, office: str, day: date) -> None:
        """See the Protocol."""
        await self._calls.update_one({"_id": day_id(office, day)}, {"$set": {"late_told": True}})

    async def turn(self, office: str, day: date, run: int | None = None) -> None:
        """See the Protocol."""
        board = {"_id": day_id(office, day)}
        change: Document = {"$inc": {"revision": 1}}
        if run is not None:
            change["$set"] = {"run": run}
        if not await self._calls.update_one(board, change):
            await self._calls.insert_missing([_empty_board(office, day)])
            await self._calls.update_one(board, change)


def _empty_board(office: str, day: date) -> Document:
    board = fields_of(Board())
    return {"_id": day_id(office, day), **board}


def _document(notice: Notice) -> dict[str, Any]:
    return {
        "_id": notice.id,
        "conversation": notice.conversation,
        "name": notice.name,
        "values": dict(notice.values),
        "due_at": milliseconds(notice.due_at),
        "until": milliseconds(notice.until),
        "about": notice.about,
        "attempts": notice.attempts,
    }


def _notice(document: Mapping[str, Any]) -> Notice:
    fields = {key: value for key, value in document.items() if key != "_id"}
    return Notice(id=document["_id"], **fields)
