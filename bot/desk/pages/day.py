"""One day of an office: how full it is hour by hour, who changed it, and changing it.

What a change would do is shown first; the form that follows carries what was shown, and is done
only while that is still so.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from aiohttp import web

from bot.booking.calendar import WorkingCalendar
from bot.booking.days import DayWork
from bot.booking.effect import Effect
from bot.booking.office import Office
from bot.booking.remaining import is_free
from bot.booking.seats import Seat, SeatState
from bot.booking.session import Session
from bot.day_desk import Staff
from bot.day_order import DayOrder, DayStep
from bot.desk.figures import tally
from bot.desk.pages.calendar import PATH as MONTHS
from bot.desk.pages.calendar import REACH, cell
from bot.desk.roles import IN_CHARGE
from bot.desk.route import Route, StaffRoute
from bot.desk.visit import StaffVisit

PATH: Final = MONTHS + "/{day}"
STEPS: Final[Sequence[DayStep]] = ("closed", "opened", "reseated")
DIGITS: Final = re.compile(r"[0-9]{1,4}")
LONGEST_REASON: Final = 120
SEATS: Final = "seats."
"""What the fields of quotas begin with; the session's id follows."""

TOLD: Final = {
    "closed": "calendar.did_close",
    "opened": "calendar.did_open",
    "reseated": "calendar.did_reseat",
}
"""Steps of the trail, as they are told."""

DONE: Final = {
    "moved": "calendar.did_move",
    "stayed": "calendar.could_not_move",
    "added": "calendar.added",
    "withdrawn": "calendar.withdrawn",
    "beyond": "calendar.did_stay",
}
"""What carrying out a change counts, as it is told."""


@dataclass(frozen=True, slots=True)
class HourLine:
    """One hour of a session.

    Args:
        numbers: the first and the last queue number.
    """

    hour: str
    taken: int
    held: int
    of: int
    numbers: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the day's trail, told."""

    event: Mapping[str, Any]
    said: str


async def show(visit: StaffVisit) -> web.Response:
    """The day, and what may be changed about it."""
    day = _day(visit)
    desk, stores = visit.desk.days(visit.office.id), visit.desk.stores
    office, changes = await desk.look()
    there = await stores.seats.of_day(office.id, day)
    waits = await stores.waitlist.open(office.id)
    trail = await stores.calendar.trail(office.id)
    shown = cell(office, changes, day, tally(there, visit.now), visit.words)
    written = office.model_copy(update={"quotas": {}}).sessions_on(day)
    return visit.page(
        "calendar_day.html",
        cell=replace(shown, waiting=sum(wait.day == day for wait in waits)),
        hours=hours_of(there, written, visit),
        quotas=_quotas(written, office.sessions_on(day), visit),
        work=_work(changes.work, day),
        left=[seat for seat in there if seat.state is SeatState.BOOKED] if shown.closed else [],
        trail=[_told(event, visit) for event in reversed(trail) if event["day"] == str(day)],
        today=office.today(visit.now),
        reach=REACH,
    )


async def preview(visit: StaffVisit) -> web.Response:
    """What a change would do; nothing is done."""
    day = _day(visit)
    step = next((step for step in STEPS if step == visit.request.query.get("step")), None)
    if step is None:
        raise web.HTTPNotFound
    return await _preview(visit, _order(day, step, visit.request.query))


def _doing(step: DayStep) -> Any:
    async def do(visit: StaffVisit) -> web.Response:
        """Do what was shown, unless it is something else by now; then show it anew."""
        day, form = _day(visit), await visit.request.post()
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        order = replace(_order(day, step, texts), key=f"{visit.by}|{texts.get('key', '')}")
        desk = visit.desk.days(visit.office.id)
        if await desk.was_ordered(order.key):
            visit.done = False  # the form was sent twice
            return visit.go(f"{MONTHS}/{day}")
        if wrong := await _wrong(visit, order):
            return visit.problem(422, wrong)
        effect = await desk.foresee(order, visit.now)
        if effect.digest != texts.get("shown"):
            visit.done = False
            return await _preview(visit, order, 409)
        await desk.order(order, Staff(visit.who.login, visit.now))
        visit.desk.figures.forget(visit.office.id, day)
        visit.subject = f"day:{visit.office.id}/{day}"
        return visit.go(f"{MONTHS}/{day}")

    return do


async def _preview(visit: StaffVisit, order: DayOrder, status: int = 200) -> web.Response:
    if wrong := await _wrong(visit, order):
        return visit.problem(422, wrong)
    effect = await visit.desk.days(visit.office.id).foresee(order, visit.now)
    waits = await visit.desk.stores.waitlist.open(visit.office.id)
    return visit.page(
        "calendar_change.html",
        status,
        order=order,
        effect=effect,
        sessions=_compared(effect, visit),
        waiting=sum(wait.day == order.day for wait in waits),
        key=secrets.token_urlsafe(12),
        changed=status != 200,  # noqa: PLR2004 - of HTTP
    )


async def _wrong(visit: StaffVisit, order: DayOrder) -> str:
    """The key of what is wrong with an order; empty if it can be done."""
    office, _ = await visit.desk.days(visit.office.id).look()
    if order.day < office.today(visit.now):
        return "calendar.past"
    is_open = WorkingCalendar(office).is_open(order.day)
    if is_open == (order.step == "opened"):
        return "calendar.is_open" if is_open else "calendar.is_closed"
    if not order.reason and (order.step == "closed" or order.move):
        return "calendar.say_why"
    if len(order.reason) > LONGEST_REASON:
        return "calendar.too_long"
    return _wrong_seats(order, office) if order.step == "reseated" else ""


def _wrong_seats(order: DayOrder, office: Office) -> str:
    written = office.model_copy(update={"quotas": {}}).sessions_on(order.day)
    if order.seats.keys() != {session.id for session in written}:
        return "calendar.no_number"
    return "" if any(order.seats.values()) else "calendar.no_seat"


def _order(day: date, step: DayStep, fields: Mapping[str, str]) -> DayOrder:
    """What a form asks for; of seats only those that are numbers."""
    seats = {
        name.removeprefix(SEATS): int(value)
        for name, value in fields.items()
        if name.startswith(SEATS) and DIGITS.fullmatch(value)
    }
    reason = " ".join(fields.get("reason", "").split())
    move = fields.get("move") == "yes" and step != "opened"
    return DayOrder(day, step, reason, seats if step == "reseated" else {}, move)


def hours_of(
    there: Sequence[Seat], sessions: Sequence[Session], visit: StaffVisit
) -> Mapping[str, Sequence[HourLine]]:
    """The hours of each session, by its name; of the plan's where the day is not laid out."""
    names = {session.id: session.called(visit.words.language) for session in sessions}
    by_hour: dict[tuple[str, str], list[Seat]] = {}
    for seat in sorted(there, key=lambda seat: (seat.hour, seat.number)):
        by_hour.setdefault((seat.session, f"{seat.hour:%H.%M}"), []).append(seat)
    shown: dict[str, list[HourLine]] = {}
    for (session, hour), seats in by_hour.items():
        taken = [seat for seat in seats if not is_free(seat, visit.now)]
        held = sum(seat.state is SeatState.HELD for seat in taken)
        numbers = min(seat.number for seat in seats), max(seat.number for seat in seats)
        line = HourLine(hour, len(taken), held, len(seats), numbers)
        shown.setdefault(names.get(session, session), []).append(line)
    return shown


def _quotas(
    written: Sequence[Session], now: Sequence[Session], visit: StaffVisit
) -> Sequence[tuple[str, str, int, int]]:
    """Id, name, seats as the file has them, and seats of this day, of each session."""
    seats = {session.id: session.seats for session in now}
    language = visit.words.language
    return [(each.id, each.called(language), each.seats, seats.get(each.id, 0)) for each in written]


def _compared(effect: Effect, visit: StaffVisit) -> Sequence[tuple[str, int, int]]:
    """Each session's name, its seats before and after."""
    sessions = (*(s for season in visit.office.seasons for s in season.sessions),)
    names = {s.id: s.called(visit.words.language) for s in (*sessions, *visit.office.sessions)}
    before, after = dict(effect.before), dict(effect.after)
    return [
        (names.get(id_, id_), before.get(id_, 0), after.get(id_, 0)) for id_ in {**before, **after}
    ]


def _work(work: Sequence[DayWork], day: date) -> DayWork | None:
    return next((each for each in work if each.day == day), None)


def _told(event: Mapping[str, Any], visit: StaffVisit) -> Entry:
    """An event in the reader's words."""
    if key := TOLD.get(event["step"]):
        seats = ", ".join(f"{session} {n}" for session, n in event.get("seats", {}).items())
        return Entry(event, visit.words(key, seats=seats, reason=event.get("reason", "")))
    done = [visit.words(DONE[name], count=event[name]) for name in DONE if event.get(name)]
    said = ", ".join(done) or visit.words("calendar.did_nothing")
    return Entry(event, visit.words("calendar.did_carry_out", done=said))


def _day(visit: StaffVisit) -> date:
    """The day of the path, within reach."""
    text = visit.request.match_info["day"]
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise web.HTTPNotFound from None
    if text != str(day) or abs(day - visit.office.today(visit.now)) > REACH:
        raise web.HTTPNotFound
    return day


ROUTES: tuple[Route, ...] = (
    StaffRoute("GET", PATH, IN_CHARGE, show),
    StaffRoute("GET", PATH + "/change", IN_CHARGE, preview),
    StaffRoute("POST", PATH + "/closed", IN_CHARGE, _doing("closed"), action="day_closed"),
    StaffRoute("POST", PATH + "/opened", IN_CHARGE, _doing("opened"), action="day_opened"),
    StaffRoute("POST", PATH + "/reseated", IN_CHARGE, _doing("reseated"), action="day_reseated"),
)
