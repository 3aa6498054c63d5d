"""Changes staff make to single days while the service runs, laid over ``offices.yml``.

The file stays the base; a change says what is different about one day. Every process looks at the
:class:`CalendarStore` again and again, so all of them follow within seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, Protocol

from bot.booking.office import Office, Offices
from bot.errors import StorageUnavailable

LOST_RACES: Final = 20
"""How often a change is made again because somebody else changed the same office's days."""


@dataclass(frozen=True, slots=True)
class DayChange:
    """What is different about a day.

    Args:
        closed: why there is no service; empty when that is not what changed.
        opened: whether there is service in spite of a holiday, a weekday or the file.
        seats: other numbers of seats, by session.
    """

    closed: str = ""
    opened: bool = False
    seats: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayWork:
    """What a change has still to do to the seats of its day. It is saved with the change, so who
    dies before it is done is followed by another process.

    Args:
        id: its own.
        by: who changed the day, as trails name them.
        due_at: from when every bot has seen the change; aware UTC.
        move: whether bookings that have no place on the day any more go to other days.
        reason: why; those who are moved are told.
    """

    id: str
    day: date
    by: str
    due_at: datetime
    move: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """All changed days of an office.

    Args:
        revision: counts the changes; 0 before the first.
        work: what the latest of them have still to do, the oldest first.
    """

    office: str
    revision: int = 0
    days: Mapping[date, DayChange] = field(default_factory=dict)
    work: tuple[DayWork, ...] = field(default=(), compare=False)


class CalendarStore(Protocol):
    """Changed days in a database; every method raises ``StorageUnavailable`` when it is silent."""

    async def all(self) -> Sequence[OfficeDays]:
        """The changed days of every office that has any."""
        ...

    async def save(
        self, changed: OfficeDays, event: Mapping[str, Any], work: DayWork | None = None
    ) -> bool:
        """Keep ``changed`` in place of the revision before it, with who did what and when, and with
        one more thing to do.

        Returns:
            ``False`` when somebody else was quicker.
        """
        ...

    async def take_work(self, office: str, now: datetime, until: datetime) -> bool:
        """Be the one who does the office's work until then; ``False`` when somebody else is."""
        ...

    async def end_work(self, office: str, work: str, event: Mapping[str, Any]) -> bool:
        """Cross off what is done, with what came of it; anybody may take the rest.

        Returns:
            ``False`` when it had been crossed off before.
        """
        ...

    async def trail(self, office: str) -> Sequence[Mapping[str, Any]]:
        """Every event of an office's days, the oldest first: ``{at, by, step, day, …}``."""
        ...


Edit = Callable[[DayChange], DayChange]
"""What becomes of a day's change; one that says nothing is forgotten."""


async def change_day(
    store: CalendarStore,
    office: str,
    day: date,
    edit: Edit,
    event: Mapping[str, Any],
    work: DayWork | None = None,
) -> OfficeDays:
    """Change one day, whoever else is changing others.

    Args:
        event: ``{at, by, step, …}`` for the trail; the day is added. An event with a ``key`` that
            is in the trail already changes nothing: the form was sent twice.
        work: what is to be done then.
    """
    for _ in range(LOST_RACES):
        before = {days.office: days for days in await store.all()}.get(office, OfficeDays(office))
        if event.get("key") and await was_changed(store, office, event["key"]):
            return before
        days = {**before.days, day: edit(before.days.get(day, DayChange()))}
        if days[day] == DayChange():
            del days[day]
        after = OfficeDays(office, before.revision + 1, days)
        if await store.save(after, {**event, "day": day.isoformat()}, work):
            return after
    raise StorageUnavailable("other people keep changing the days of this office; try again")


async def was_changed(store: CalendarStore, office: str, key: str) -> bool:
    """Whether a change with this key was made."""
    return any(event.get("key") == key for event in await store.trail(office))


def closing(reason: str) -> Edit:
    """Close the day."""
    return lambda change: replace(change, closed=reason, opened=False)


def opening(office: Office, day: date, is_open: Callable[[Office, date], bool]) -> Edit:
    """Open the day: by dropping the closing, or against the file and the calendar.

    Args:
        office: as the file has it.
        is_open: whether an office serves a day.
    """
    return lambda change: replace(change, closed="", opened=not is_open(office, day))


def seating(seats: Mapping[str, int]) -> Edit:
    """Change the day's seats by session; the other sessions keep theirs."""
    return lambda change: replace(change, seats={**change.seats, **seats})


def laid_over(offices: Offices, changes: Iterable[OfficeDays]) -> Offices:
    """The offices with the changes; those of an office that is gone are passed over."""
    by_office = {days.office: days for days in changes if days.days}
    if not by_office:
        return offices
    return Offices(
        _changed(office, by_office[office.id].days) if office.id in by_office else office
        for office in offices
    )


def _changed(office: Office, days: Mapping[date, DayChange]) -> Office:
    closed = {day: change.closed for day, change in days.items() if change.closed}
    opened = {day for day, change in days.items() if change.opened}
    quotas = {
        day: {**office.quotas.get(day, {}), **change.seats}
        for day, change in days.items()
        if change.seats
    }
    return office.model_copy(
        update={
            "closed": {d: why for d, why in office.closed.items() if d not in opened} | closed,
            "opened": (office.opened - closed.keys()) | opened,
            "quotas": {**office.quotas, **quotas},
        }
    )
