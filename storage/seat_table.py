"""Seats' documents in memory, found by index as a database finds them: nothing scans them all."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any, TypeAlias

from bot.booking.seats import TRAIL_KEPT
from bot.dialogue.store import NEVER
from storage.seat_documents import FOUND_FIELDS, UNIQUE_FIELDS
from storage.seat_writes import Write

Document: TypeAlias = dict[str, Any]

_number_of = itemgetter("number")


class Taken(Exception):
    """A write would give a seat a value that only one may carry, and ``rival`` does."""

    def __init__(self, field: str, rival: Document) -> None:
        super().__init__(field)
        self.field, self.rival = field, rival


class Table:
    """Seats' documents by id, by day, and by the few fields they are looked for."""

    def __init__(self) -> None:
        self._by_id: dict[str, Document] = {}
        self._of_day: dict[tuple[str, str], list[Document]] = defaultdict(list)
        self._open: dict[tuple[str, str], list[Document]] = defaultdict(list)
        self._by: dict[str, dict[Any, dict[str, Document]]] = {
            field: {} for field in (*UNIQUE_FIELDS, *FOUND_FIELDS)
        }

    def add(self, document: Document) -> None:
        """Keep a free seat, unless it is there."""
        if document["_id"] not in self._by_id:
            self._by_id[document["_id"]] = document
            _put(self._of_day[_day_of(document)], document)
            self._open_or_close(document)

    def get(self, seat: str) -> Document | None:
        """The seat of this id."""
        return self._by_id.get(seat)

    def of_day(self, office: str, day: date) -> Sequence[Document]:
        """A day's seats by number."""
        return self._of_day.get((office, day.isoformat()), ())

    def claimable(self, office: str, day: date, now: datetime) -> Iterator[Document]:
        """A day's claimable seats, lowest number first."""
        there = self._open.get((office, day.isoformat()), ())
        return (seat for seat in there if seat["claimable_from"] <= now)

    def carrying(self, field: str, value: Any) -> Document | None:
        """The one seat with this value."""
        return next(iter(self._by[field].get(value, {}).values()), None)

    def having(self, field: str) -> Iterator[tuple[Any, Document]]:
        """All seats that have ``field``, with its value."""
        for value, seats in self._by[field].items():
            yield from ((value, seat) for seat in seats.values())

    def all_carrying(self, field: str, value: Any) -> Sequence[Document]:
        """The seats with this value."""
        return list(self._by[field].get(value, {}).values())

    def write(self, write: Write) -> Document | None:
        """Make a write on the seat it names; the seat, or ``None`` if its guard did not hold.

        Raises:
            Taken: a value that must be unique is another seat's.
        """
        found = self._by_id.get(write.where["_id"])
        if found is None or not all(_holds(found, *each) for each in write.where.items()):
            return None
        for field in UNIQUE_FIELDS:
            rival = self.carrying(field, write.fields[field]) if field in write.fields else None
            if rival is not None and rival is not found:
                raise Taken(field, rival)
        self._forget(found, write)
        for field in write.drop:
            found.pop(field, None)
        found.update(write.fields)
        if "claimable_from" in write.fields:
            self._open_or_close(found)
        if write.events:
            found["trail"] = [*found.get("trail", ()), *write.events][-TRAIL_KEPT:]
        for field in self._by.keys() & write.fields.keys():
            self._by[field].setdefault(found[field], {})[found["_id"]] = found
        return found

    def _open_or_close(self, seat: Document) -> None:
        """Keep a seat among those of its day that may be claimed one day, or no more."""
        there, number = self._open[_day_of(seat)], seat["number"]
        at = bisect_left(there, number, key=_number_of)
        stands = at < len(there) and there[at] is seat
        if seat["claimable_from"] == NEVER:
            del there[at : at + stands]
        elif not stands:
            there.insert(at, seat)

    def _forget(self, found: Document, write: Write) -> None:
        """Let a seat no more be found by what a write changes."""
        for field in self._by.keys() & {*write.fields, *write.drop} & found.keys():
            carrying = self._by[field]
            carrying[found[field]].pop(found["_id"])
            if not carrying[found[field]]:
                del carrying[found[field]]


def _day_of(seat: Document) -> tuple[str, str]:
    return seat["office"], seat["day"]


def _put(day: list[Document], seat: Document) -> None:
    """Put a seat among others in the order of their numbers."""
    if not day or day[-1]["number"] < seat["number"]:
        day.append(seat)  # as a day is laid out
    else:
        insort(day, seat, key=_number_of)


def _holds(found: Mapping[str, Any], field: str, wanted: Any) -> bool:
    """Whether a document matches one field of a guard."""
    if field == "trail.key":
        return all(event["key"] != wanted["$ne"] for event in found.get("trail", ()))
    value = found.get(field)
    if not isinstance(wanted, dict):
        return bool(value == wanted)
    return value is not None and all(_compares(value, *each) for each in wanted.items())


def _compares(value: Any, sign: str, than: Any) -> bool:
    if sign == "$in":
        return value in than
    return bool(value < than if sign == "$lt" else value > than)
