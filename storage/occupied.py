"""A month's seats in one document of ``months``, kept up by what changed since.

Reading a month's seats takes a busy office's database a third of a second; reading what a few
seconds changed takes milliseconds. So whoever reads all of them leaves the result, and who comes
next adds what was changed after it: each write of a seat leaves the office and the *database's*
time in it (``changed_in``, ``changed_at``, a sparse index), so clocks of processes do not matter,
and nothing has to be written beside a seat. A document that is lost or deleted is made anew.
"""

from __future__ import annotations

import asyncio
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.booking.occupancy import Kind, Occupancy, Row, packed, row_of, unpacked
from bot.booking.seats import SeatState
from storage.driver import Database, Document
from storage.pseudonym import Pseudonym
from storage.seat_documents import CHANGED_AT, CHANGED_IN, WITHDRAWN

OVERLAP: Final = timedelta(seconds=10)
"""Changes from so long before the last look are looked at again: a write that was under way then,
or the clock of another member of the replica set."""

LEFT_AFTER: Final = timedelta(seconds=30)
"""What was added is left for others when it is more than what so long brought."""

FIELDS: Final = ("day", "number", "session", "state", "claimable_from", "active_person", WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it was at ``as_of``, by the database's clock.

    Args:
        read_at: when all its seats were read; what came later was added.
    """

    taken: Occupancy
    as_of: datetime
    read_at: datetime


def with_seats(taken: Occupancy, seats: Iterable[Document], pseudonym: Pseudonym) -> Occupancy:
    """The month, with these seats as their documents say."""
    sessions, changed = list(taken.sessions), dict[date, dict[int, Row]]()
    for found in seats:
        day = date.fromisoformat(found["day"])
        rows = changed.setdefault(day, dict(unpacked(taken.days.get(day, b""))))
        if found["session"] not in sessions:
            sessions.append(found["session"])
        _, _, who = found.get("active_person", "").partition("|")
        rows[found["number"]] = row_of(
            found["number"],
            sessions.index(found["session"]),
            _kind_of(found),
            int(pseudonym(who)[:8], 16) if who else 0,
            found["claimable_from"],
        )
    days = {day: packed(list(rows.values())) for day, rows in changed.items()}
    return Occupancy(sessions, {**taken.days, **days})


def _kind_of(found: Document) -> Kind:
    if WITHDRAWN in found:
        return Kind.WITHDRAWN
    return {SeatState.FREE: Kind.FREE, SeatState.HELD: Kind.HELD}.get(
        SeatState(found["state"]), Kind.SOMEBODYS
    )


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

    async def occupied(self, office: str, first: date) -> Occupancy:
        """See :meth:`bot.booking.seats.SeatStore.occupied`; two finds, by ``_id`` and by index."""
        moment, kept = await asyncio.gather(self._database.now(), self._load(office, first))
        if kept is None or moment < kept.as_of:  # or the database is on another machine now
            return await self._read(office, first, moment)
        since = {CHANGED_IN: office, CHANGED_AT: {"$gt": kept.as_of - OVERLAP}}
        changed = await self._seats.find(since, only=FIELDS)
        ours = [seat for seat in changed if seat["day"].startswith(f"{first:%Y-%m}")]
        taken = with_seats(kept.taken, ours, self._pseudonym)
        if changed and moment - kept.as_of > LEFT_AFTER:
            await self._keep(office, first, Month(taken, moment, kept.read_at))
        return taken

    async def recount(self, office: str, first: date, older_than: timedelta) -> bool:
        """See :meth:`bot.booking.seats.SeatStore.recount`."""
        moment, kept = await asyncio.gather(self._database.now(), self._load(office, first))
        if kept is not None and kept.read_at <= moment <= kept.read_at + older_than:
            return False
        await self._read(office, first, moment)
        return True

    async def _read(self, office: str, first: date, moment: datetime) -> Occupancy:
        taken = Occupancy((), {})
        for day in days_of(first):
            there = await self._seats.find({"office": office, "day": day.isoformat()}, only=FIELDS)
            taken = with_seats(taken, there, self._pseudonym)
        await self._keep(office, first, Month(taken, moment, moment))
        return taken

    async def _load(self, office: str, first: date) -> Month | None:
        found = await self._months.find_one({"_id": _id_of(office, first)})
        if found is None:
            return None
        days = {date.fromisoformat(day): rows for day, rows in found["days"].items()}
        return Month(Occupancy(found["sessions"], days), found["as_of"], found["read_at"])

    async def _keep(self, office: str, first: date, month: Month) -> None:
        """Leave a month for others; should one that is older come later, more is added to it."""
        days = {day.isoformat(): rows for day, rows in month.taken.days.items()}
        fields = {"sessions": list(month.taken.sessions), "days": days}
        change = {"$set": {**fields, "as_of": month.as_of, "read_at": month.read_at}}
        await self._months.update_one({"_id": _id_of(office, first)}, change, upsert=True)


def _id_of(office: str, first: date) -> str:
    return f"{office}|{first:%Y-%m}"
