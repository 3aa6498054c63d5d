"""The months of an office: how full each day is, and which are closed and why."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from aiohttp import web

from bot.booking.calendar import Closed, ClosedKind, WorkingCalendar
from bot.booking.days import OfficeDays
from bot.booking.office import Office
from bot.booking.session import Session
from bot.desk.figures import PATIENCE_SECONDS, DayTally, Tally
from bot.desk.roles import IN_CHARGE
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit
from bot.desk.words import Words

PATH: Final = "/desk/calendar"
STREAM_PATIENCE: Final = 3.0
"""So many seconds the stream waits for what is being read: the page stands already."""

REACH: Final = timedelta(days=3 * 366)
"""So far from today days can be looked at."""


@dataclass(frozen=True, slots=True)
class Line:
    """One session of a day.

    Args:
        key: names the figure in the page, ``2026-12-01/pagi``.
        tally: ``None`` while it is being read.
        quota: seats it has.
    """

    key: str
    name: str
    tally: Tally | None
    quota: int

    @property
    def figure(self) -> str:
        """``12/80``, or that nobody knows yet."""
        return f"{self.tally.taken if self.tally else '…'}/{self.quota}"

    @property
    def is_full(self) -> bool:
        """Whether nobody finds a seat."""
        return self.tally is not None and self.tally.taken >= self.quota


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the month.

    Args:
        closed: why, in the reader's words; empty when it is open.
        changed: whether staff changed it.
        working: whether a change of it is being carried out.
        waiting: how many wait for a seat of this very day.
    """

    day: date
    closed: str
    lines: Sequence[Line]
    changed: bool = False
    working: bool = False
    waiting: int = 0


async def show(visit: StaffVisit) -> web.Response:
    """This month, or ``?month=2026-12``."""
    today = visit.office.today(visit.now)
    first = _month(visit.request.query.get("month", ""), today)
    days = days_of(first)
    office, changes = await visit.desk.days(visit.office.id).look()
    known = await _figures(visit, days)
    waits = await visit.desk.stores.waitlist.open(office.id)
    waiting = Counter(wait.day for wait in waits if wait.day)
    cells = [cell(office, changes, day, known.get(day), visit.words, waiting[day]) for day in days]
    return visit.page(
        "calendar.html",
        month=first,
        cells=cells,
        weekdays=[first + timedelta(days=n - first.weekday()) for n in range(7)],
        before=first - timedelta(days=1),
        after=days[-1] + timedelta(days=1),
        today=today,
        version=_version(changes),
        complete=len(known) == len(days),
        anybody=sum(wait.day is None for wait in waits),
    )


async def live(visit: StaffVisit) -> web.StreamResponse:
    """The month's figures as they change; ``version`` changes when the page is out of date."""
    today = visit.office.today(visit.now)
    days = days_of(_month(visit.request.query.get("month", ""), today))

    async def look() -> Mapping[str, object]:
        office, changes = await visit.desk.days(visit.office.id).look()
        known = await _figures(visit, days, STREAM_PATIENCE)
        cells = [cell(office, changes, day, known.get(day), visit.words) for day in days]
        figures = {line.key: line.figure for cell in cells for line in cell.lines}
        return {"version": _version(changes), "figures": figures}

    return await visit.stream(f"calendar/{visit.office.id}/{days[0]:%Y-%m}", look)


def cell(
    office: Office,
    changes: OfficeDays,
    day: date,
    known: DayTally | None,
    words: Words,
    waiting: int = 0,
) -> DayCell:
    """A day as pages show it."""
    closed = WorkingCalendar(office).why_closed(day)
    quotas = {session.id: session for session in office.sessions_on(day)} if not closed else {}
    names = {session.id: session for session in all_sessions(office)}
    lines = []
    for session in dict.fromkeys([*quotas, *(known or ())]):
        name = names[session].called(words.language) if session in names else session
        tally = known.get(session, Tally()) if known is not None else None
        quota = quotas[session].seats if session in quotas else 0
        lines.append(Line(f"{day}/{session}", name, tally, quota))
    return DayCell(
        day,
        why(closed, words) if closed else "",
        lines,
        day in changes.days,
        any(work.day == day for work in changes.work),
        waiting,
    )


def why(closed: Closed, words: Words) -> str:
    """Why a day is closed, in the reader's words."""
    if closed.kind is ClosedKind.WEEKDAY:
        return words("calendar.no_service")
    return closed.reason


def all_sessions(office: Office) -> Sequence[Session]:
    """Every session the office has on any day."""
    return [*(each for season in office.seasons for each in season.sessions), *office.sessions]


def days_of(first: date) -> list[date]:
    """The days of a month."""
    return [first.replace(day=n + 1) for n in range(monthrange(first.year, first.month)[1])]


async def _figures(
    visit: StaffVisit, days: Sequence[date], patience: float = PATIENCE_SECONDS
) -> Mapping[date, DayTally]:
    desk, office = visit.desk, visit.office.id
    return await desk.figures.of_days(desk.stores.seats, office, days, desk.clock(), patience)


def _version(changes: OfficeDays) -> str:
    return f"{changes.revision}.{len(changes.work)}"


def _month(text: str, today: date) -> date:
    """The first of a month within reach; of today's, where the text names none."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    return (first if abs(first - today) <= REACH else today).replace(day=1)


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", PATH, IN_CHARGE, show, menu="calendar.menu"),
    StaffRoute("GET", f"{PATH}/live", IN_CHARGE, live, live=True),
)
