"""A month's taken seats in one document of ``months``, kept up by what changed since.

Reading a month's seats takes a busy office's database a third of a second; reading what a few
seconds changed takes milliseconds. So whoever reads all of them leaves the result, and who comes
next adds what was changed after it: each write of a seat leaves the office and the *database's*
time in it (``changed_in``, ``changed_at``, a sparse index), so clocks of processes do not matter,
and nothing has to be written beside a seat. A document that is lost or deleted is made anew.
"""

from __future__ import annotations

import struct
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeAlias

from bot.booking.occupancy import Occupied
from bot.booking.seats import SeatState
from storage.driver import Database, Document
from storage.pseudonym import Pseudonym
from storage.seat_documents import CHANGED_AT, CHANGED_IN

OVERLAP: Final = timedelta(seconds=10)
"""Changes from so long before the last look are looked at again: a write that was under way then,
or the clock of another member of the replica set."""

LEFT_AFTER: Final = timedelta(seconds=30)
"""What was added is left for others when it is more than what so long brought."""

FIELDS: Final = ("day", "number", "session", "state", "claimable_from", "active_person")

Row: TypeAlias = tuple[int, int, int, bool, int, int]
"""Day of the month, number, place of the session in the list, held, person, milliseconds since
1970 until which it is somebody's."""

ROW: Final = struct.Struct("<BHB?Iq")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it was at ``as_of``, by the database's clock.

    Args:
        read_at: when all its seats were read; what came later was added.
    """

    sessions: tuple[str, ...]
    rows: Mapping[tuple[int, int], Row]
    as_of: datetime
    read_at: datetime


def seats_in(month: Month, first: date) -> Sequence[Occupied]:
    """The seats of the month that begins with ``first``."""
    days = {day.day: day for day in days_of(first)}
    until = {each: EPOCH + MILLISECOND * each for each in {row[-1] for row in month.rows.values()}}
    return [
        Occupied(days[day], number, month.sessions[at], held, until[end], person)
        for day, number, at, held, person, end in month.rows.values()
    ]


def occupied_in(found: Mapping[str, Any], pseudonym: Pseudonym) -> Occupied | None:
    """What a seat's document says; ``None`` when it is free."""
    if found["state"] == SeatState.FREE:
        return None
    _, _, who = found.get("active_person", "").partition("|")
    return Occupied(
        date.fromisoformat(found["day"]),
        found["number"],
        found["session"],
        found["state"] == SeatState.HELD,
        found["claimable_from"],
        int(pseudonym(who)[:8], 16) if who else 0,
    )


def with_changes(month: Month, seats: Iterable[Document], pseudonym: Pseudonym) -> Month:
    """The month, with these seats as they are now."""
    rows, sessions = dict(month.rows), list(month.sessions)
    for found in seats:
        seat = occupied_in(found, pseudonym)
        if seat is None:
            rows.pop((date.fromisoformat(found["day"]).day, found["number"]), None)
            continue
        if seat.session not in sessions:
            sessions.append(seat.session)
        until = (seat.claimable_from - EPOCH) // MILLISECOND
        at = sessions.index(seat.session)
        key = (seat.day.day, seat.number)
        rows[key] = (*key, at, seat.held, seat.person, until)
    return Month(tuple(sessions), rows, month.as_of, month.read_at)


def days_of(first: date) -> list[date]:
    """The days of a month."""
    return [first.replace(day=n + 1) for n in range(monthrange(first.year, first.month)[1])]


class MongoMonths:
    """Reads and keeps the documents of ``months``."""

    def __init__(self, database: Database, pseudonym: Pseudonym) -> None:
        self._database = database
        self._months = database.collection("months")
        self._seats = database.collection("seats")
        self._pseudonym = pseudonym

    async def occupied(self, office: str, first: date) -> Sequence[Occupied]:
        """See :meth:`bot.booking.seats.SeatStore.occupied`; two finds, by ``_id`` and by index."""
        moment, kept = await self._moment(), await self._load(office, first)
        if kept is None or moment < kept.as_of:  # or the database is on another machine now
            return seats_in(await self._read(office, first, moment), first)
        since = {CHANGED_IN: office, CHANGED_AT: {"$gt": kept.as_of - OVERLAP}}
        changed = await self._seats.find(since, only=FIELDS)
        begin = f"{first:%Y-%m}"
        ours = [seat for seat in changed if seat["day"].startswith(begin)]
        month = with_changes(kept, ours, self._pseudonym)
        if changed and moment - kept.as_of > LEFT_AFTER:
            await self._keep(office, first, month, moment, kept.read_at)
        return seats_in(month, first)

    async def recount(self, office: str, first: date, older_than: timedelta) -> bool:
        """See :meth:`bot.booking.seats.SeatStore.recount`."""
        moment, kept = await self._moment(), await self._load(office, first)
        if kept is not None and kept.read_at <= moment <= kept.read_at + older_than:
            return False
        await self._read(office, first, moment)
        return True

    async def _read(self, office: str, first: date, moment: datetime) -> Month:
        month = Month((), {}, moment, moment)
        for day in days_of(first):
            there = await self._seats.find({"office": office, "day": day.isoformat()}, only=FIELDS)
            month = with_changes(month, there, self._pseudonym)
        await self._keep(office, first, month, moment, moment)
        return month

    async def _load(self, office: str, first: date) -> Month | None:
        found = await self._months.find_one({"_id": _id_of(office, first)})
        if found is None:
            return None
        rows: Iterable[Any] = ROW.iter_unpack(found["seats"])
        by_seat = {(row[0], row[1]): row for row in rows}
        return Month(tuple(found["sessions"]), by_seat, found["as_of"], found["read_at"])

    async def _keep(
        self, office: str, first: date, month: Month, as_of: datetime, read_at: datetime
    ) -> None:
        """Leave a month for others; should one that is older come later, more is added to it."""
        seats = b"".join(ROW.pack(*row) for row in month.rows.values())
        fields = {"sessions": list(month.sessions), "seats": seats}
        change = {"$set": {**fields, "as_of": as_of, "read_at": read_at}}
        await self._months.update_one({"_id": _id_of(office, first)}, change, upsert=True)

    async def _moment(self) -> datetime:
        told: datetime = (await self._database.ask_server("hello"))["localTime"]
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told


def _id_of(office: str, first: date) -> str:
    return f"{office}|{first:%Y-%m}"
