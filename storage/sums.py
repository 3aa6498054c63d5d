"""What days came to, in memory and in MongoDB: :class:`bot.reports.sums.SumsStore`."""

from __future__ import annotations

import asyncio
import struct
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.reports.columns import COUNTED, Counted
from bot.reports.sums import Sums
from bot.reports.tally import Tallies, Tally
from storage.driver import Database

SECONDS: Final = "<{}q"
"""How lengths are packed: eight bytes each, alike on every machine."""


def sums_document(sums: Sums) -> dict[str, Any]:
    """The document of a day's sums. Groups are a list: their names may hold dots."""
    groups = [{"group": group, **_packed(tally)} for group, tally in sums.tallies.groups.items()]
    return {"planned": sums.planned, "groups": groups, "total": _packed(sums.tallies.total)}


def sums_from(document: Mapping[str, Any]) -> Sums:
    """The inverse of :func:`sums_document`."""
    tallies = Tallies()
    tallies.groups = {each["group"]: _unpacked(each) for each in document["groups"]}
    tallies.total = _unpacked(document["total"])
    return Sums(tallies, document["planned"])


def _packed(tally: Tally) -> dict[str, Any]:
    spans = {
        what: struct.pack(SECONDS.format(len(lengths)), *lengths)
        for what, lengths in tally.spans.items()
    }
    return {"counts": dict(tally.counts), "spans": spans}


def _unpacked(document: Mapping[str, Any]) -> Tally:
    spans: dict[str, array[int]] = defaultdict(lambda: array("l"))
    for what, packed in document["spans"].items():
        spans[what] = array("l", struct.unpack(SECONDS.format(len(packed) // 8), packed))
    return Tally(Counter(document["counts"]), spans)


def _id_of(office: str, by: Counted, day: date) -> str:
    return f"{office}|{by}|{day.isoformat()}"


class MemorySums:
    """In this process's memory."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[str, Any]] = {}

    async def keep(self, office: str, day: date, by: Counted, sums: Sums) -> None:
        """See the Protocol."""
        self._sums.setdefault(_id_of(office, by, day), sums_document(sums))

    async def kept(self, office: str, by: Counted, first: date, last: date) -> Mapping[date, Sums]:
        """See the Protocol."""
        begin, end = _id_of(office, by, first), _id_of(office, by, last)
        found = sorted(id_ for id_ in self._sums if begin <= id_ <= end)
        return {_day_of(id_): sums_from(self._sums[id_]) for id_ in found}

    async def newest(self, office: str) -> date | None:
        """See the Protocol."""
        days = [_day_of(id_) for id_ in self._sums if id_.startswith(f"{office}|{COUNTED[-1]}|")]
        return max(days, default=None)


class MongoSums:
    """In ``sums``, a document an office, day and grouping; all is found by range of ``_id``."""

    def __init__(self, database: Database) -> None:
        self._sums = database.collection("sums")

    async def keep(self, office: str, day: date, by: Counted, sums: Sums) -> None:
        """See the Protocol."""
        await self._sums.insert_missing([{"_id": _id_of(office, by, day), **sums_document(sums)}])

    async def kept(self, office: str, by: Counted, first: date, last: date) -> Mapping[date, Sums]:
        """See the Protocol."""
        ours = {"$gte": _id_of(office, by, first), "$lt": _id_of(office, by, last) + "|"}
        kept: dict[date, Sums] = {}
        for each in await self._sums.find({"_id": ours}, sort=[("_id", 1)]):
            kept[_day_of(each["_id"])] = sums_from(each)
            await asyncio.sleep(0)  # a year's take long enough for others to wait
        return kept

    async def newest(self, office: str) -> date | None:
        """See the Protocol."""
        ours = {
            "$gte": f"{office}|{COUNTED[-1]}|",
            "$lt": f"{office}|{COUNTED[-1]}~",
        }  # "~" follows "|"
        found = await self._sums.find({"_id": ours}, only=["_id"])
        return max((_day_of(each["_id"]) for each in found), default=None)


def _day_of(id_: str) -> date:
    return date.fromisoformat(id_.rpartition("|")[2])
