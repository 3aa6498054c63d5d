"""What the clinic does for its flows: who receives when, and who has booked what; and what it
calls a doctor and an hour: two types of slots.

Doctors and their hours stand in ``doctors.yml``, the clinic's days in ``flows/offices.yml``.
Visits are kept in the seat store of the passport queue: each hour of each doctor is a queue of its
own with a single seat. So its promises hold here as well: two people never get the same hour, one
sender has one visit at a time, and an action done twice books once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.booking.calendar import WEEKDAYS
from bot.booking.codes import booking_code
from bot.booking.office import Office
from bot.booking.plan import bookable_days
from bot.booking.queue import Queue
from bot.booking.rules import Weekday
from bot.booking.seats import (
    AlreadyActive,
    Applicant,
    BookingCodeTaken,
    Claim,
    Seat,
    SeatState,
    SeatStore,
)
from bot.booking.session import Id, Words
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome
from bot.dialogue.slot_type import Given, Refused, slot_type
from bot.document import Document, Part

TRIES = 8
"""A visit long past, a day not laid out yet or a code in use may stand in the way, in turn."""

BETWEEN_STEPS = timedelta(minutes=1)
"""How long an hour stays taken by a turn that died between claiming and booking it."""


class Doctor(Part):
    """A doctor: ``field`` by language, and when patients are received."""

    name: Words
    field: Mapping[Id, Words]
    days: frozenset[Weekday]
    session: Id


class Doctors(Part):
    """``doctors.yml``: the doctors by id."""

    doctors: Mapping[Id, Doctor]


DOCTORS = Document.read(Path(__file__).parent / "doctors.yml").validate(Doctors).doctors


@slot_type()
def doctor(given: Given) -> str:
    """One of the clinic's doctors, by the name in ``doctors.yml``."""
    if (who := given.text()) not in DOCTORS:
        raise Refused("no_such_doctor")
    return who


@slot_type()
def hour(given: Given) -> str:
    """An hour of the day, kept as ``09.30``."""
    try:
        return _written(time.fromisoformat(given.text(5).replace(".", ":")))
    except ValueError:
        raise Refused("not_an_hour") from None


def _doctor_cards() -> dict[str, Any]:
    """What replies may say of each doctor; given anew wherever it is needed, for a row of an old
    list may be tapped in a conversation that has just begun.
    """
    cards = {id_: {"name": d.name, "field": dict(d.field)} for id_, d in DOCTORS.items()}
    return {"doctor_cards": cards}


VISIT = {
    "seat": "klinik.contoh.0830:2026-11-24:001",
    "key": "rest:klinik:contoh|1|0",
    "doctor": max((doctor.name for doctor in DOCTORS.values()), key=len),
    "date": "2026-11-24",
    "time": "08.30",
    "name": "Contoh" * 10,
    "code": "KCN-7F4Q2-M8XCK",
}
"""A visit as long as it gets."""


@action(
    outcomes=("found", "has_visit"),
    gives=("doctors", "doctor_cards", "visit"),
    known={"found": ("doctors", "doctor_cards"), "has_visit": ("visit",)},
    example={"doctors": list(DOCTORS), **_doctor_cards(), "visit": VISIT},
)
async def find_doctors(doing: Doing) -> Outcome:
    """List the doctors; who has a visit already is told now, not after all the questions."""
    if visit := await _visit_of(doing):
        return Outcome("has_visit", {"visit": visit})
    return Outcome("found", {"doctors": list(DOCTORS), **_doctor_cards()})


@action(
    outcomes=("found", "none", "no_doctor"),
    gives=("days", "doctor_cards"),
    uses=("doctor",),
    known={"found": ("days", "doctor", "doctor_cards"), "none": ("doctor", "doctor_cards")},
    example={"days": ["2026-11-24"] * 10},
)
async def find_days(doing: Doing) -> Outcome:
    """Find the next days on which the chosen doctor has a free hour."""
    if not (plan := Plan.of(doing)):
        return Outcome("no_doctor")
    days: list[str] = []
    for day in plan.days(doing.now):
        if await plan.free_hours(day, doing.now):
            days.append(day.isoformat())
        if len(days) == plan.office.dates_offered:
            break
    return Outcome("found" if days else "none", {"days": days, **_doctor_cards()})


@action(
    outcomes=("found", "none", "no_date", "no_doctor"),
    gives=("times", "doctor_cards"),
    uses=("doctor", "service_date"),
    known={"found": ("times", "doctor", "doctor_cards"), "none": ("doctor", "doctor_cards")},
    example={"times": [f"{hour:02}.00" for hour in range(8, 18)]},
)
async def find_times(doing: Doing) -> Outcome:
    """Find the chosen doctor's free hours of the chosen day."""
    if not (plan := Plan.of(doing)):
        return Outcome("no_doctor")
    if not (day := _chosen_day(doing)):
        return Outcome("no_date")
    hours = await plan.free_hours(day, doing.now) if day in plan.days(doing.now) else []
    times = [_written(hour) for hour in hours]
    return Outcome("found" if hours else "none", {"times": times, **_doctor_cards()})


@action(
    outcomes=("booked", "taken", "has_visit", "no_doctor"),
    gives=("visit",),
    uses=("doctor", "service_date", "time", "name", "birth_date"),
    known={"booked": ("visit",), "has_visit": ("visit",), "taken": ("doctor",)},
    example={"visit": VISIT},
)
async def book_visit(doing: Doing) -> Outcome:
    """Book the chosen hour for the patient, if nobody else was quicker."""
    if not (plan := Plan.of(doing)):
        return Outcome("no_doctor")
    day = _chosen_day(doing)
    offered = {_written(hour): hour for hour in plan.hours}
    hour = offered.get(doing.slots.get("time") or "")
    if hour is None or day not in plan.days(doing.now):
        return Outcome("taken")
    seat = await _claimed(doing, plan, day, hour)
    if seat is None:
        return Outcome("taken")
    if seat.claim is None or seat.claim.key != doing.key:
        return Outcome("has_visit", {"visit": _card(seat)})
    for _ in range(TRIES):
        code = booking_code(plan.office.prefix, doing.random)
        try:
            booked = await plan.seats.approve(seat.id, doing.key, doing.key, code, doing.now)
        except BookingCodeTaken:
            continue
        if booked:
            return Outcome("booked", {"visit": _card(booked)})
        break
    return Outcome("taken")


@action(
    outcomes=("none", "booked"),
    gives=("visit",),
    known={"booked": ("visit",)},
    example={"visit": VISIT},
)
async def find_visit(doing: Doing) -> Outcome:
    """Find the visit the sender has booked."""
    visit = await _visit_of(doing)
    return Outcome("booked" if visit else "none", {"visit": visit})


@action(outcomes=("cancelled",), gives=("visit",), uses=("visit",))
async def cancel_visit(doing: Doing) -> Outcome:
    """Give the hour of the slot ``visit`` to others."""
    if visit := doing.slots.get("visit"):
        await doing.service(Queue).seats.release(visit["seat"], visit["key"], doing.now)
    return Outcome("cancelled", {"visit": None})


@dataclass(frozen=True, slots=True)
class Plan:
    """When the chosen doctor receives, and in which of those hours nobody comes yet."""

    office: Office
    seats: SeatStore
    doctor_id: str

    @classmethod
    def of(cls, doing: Doing) -> Plan | None:
        """The plan of the doctor in the slot ``doctor``; ``None`` when there is no such doctor."""
        queue, doctor = doing.service(Queue), str(doing.slots.get("doctor"))
        if doctor not in DOCTORS:
            return None
        return cls(queue.office(doing.contact.office), queue.seats, doctor)

    @property
    def doctor(self) -> Doctor:
        """The doctor."""
        return DOCTORS[self.doctor_id]

    @property
    def hours(self) -> tuple[time, ...]:
        """Local times at which a patient is received."""
        return self.office.session(self.doctor.session).hours(self.office.slot_minutes)

    def days(self, now: datetime) -> list[date]:
        """Days that may be booked, nearest first; free or not."""
        days = bookable_days(self.office, now)
        return [day for day in days if WEEKDAYS[day.weekday()] in self.doctor.days]

    def queue(self, hour: time) -> str:
        """The name under which the store keeps the seat of an hour."""
        return f"{self.office.id}.{self.doctor_id}.{hour:%H%M}"

    async def free_hours(self, day: date, now: datetime) -> list[time]:
        """The hours of ``day`` in which nobody comes yet."""
        return [hour for hour in self.hours if await self._is_free(hour, day, now)]

    async def _is_free(self, hour: time, day: date, now: datetime) -> bool:
        queue = self.queue(hour)
        return bool(await self.seats.open_days(queue, [day], now))

    async def lay_out(self, hour: time, day: date) -> None:
        """Make the one seat of an hour."""
        seat = Seat(self.queue(hour), day, self.doctor.session, number=1, hour=hour)
        await self.seats.lay_out(seat.office, day, [seat])


async def _claimed(doing: Doing, plan: Plan, day: date, hour: time) -> Seat | None:
    """The hour's seat, claimed; or the visit that the sender has already; else ``None``."""
    queue, now = plan.queue(hour), doing.now
    claim = Claim(
        key=doing.key,
        applicant=Applicant(
            name=" ".join(doing.slots["name"].split()),
            birth_date=date.fromisoformat(doing.slots["birth_date"]),
            sender=doing.contact.address,
            conversation=doing.contact.conversation_id,
        ),
        approval_code="",  # agreeing in words is enough for a visit
        until=now + BETWEEN_STEPS,
        active_sender=doing.contact.address,
        active_person=f"{queue}|{day}",
    )
    for _ in range(TRIES):
        try:
            seat = await plan.seats.claim(queue, day, claim, now)
        except AlreadyActive as met:
            booked = met.seat.state is SeatState.BOOKED
            if booked and met.seat.is_active(now, plan.office.today(now)):
                return met.seat
            await _clear(plan.seats, met.seat, now)
            continue
        if seat or await plan.seats.is_laid_out(queue, day):
            return seat
        await plan.lay_out(hour, day)
    return None


async def _clear(seats: SeatStore, seat: Seat, now: datetime) -> None:
    """Take a visit that is over, or was never booked, out of the way of the next one."""
    if seat.claim is None:
        return
    if seat.state is SeatState.BOOKED:
        await seats.retire(seat.id, seat.claim.key)
    else:
        await seats.release(seat.id, seat.claim.key, now)


async def _visit_of(doing: Doing) -> dict[str, Any] | None:
    """The sender's visit that is still to come."""
    queue = doing.service(Queue)
    today = queue.office(doing.contact.office).today(doing.now)
    seat = await queue.seats.active_of(doing.contact.address)
    if seat is None or seat.state is not SeatState.BOOKED or not seat.is_active(doing.now, today):
        return None
    return _card(seat)


def _card(seat: Seat) -> dict[str, Any]:
    """A visit as replies show it; ``seat`` and ``key`` to act on it."""
    doctor = DOCTORS.get(seat.office.split(".")[1])
    return {
        "seat": seat.id,
        "key": seat.claim.key if seat.claim else "",
        "doctor": doctor.name if doctor else "",
        "date": seat.day.isoformat(),
        "time": _written(seat.hour),
        "name": seat.claim.applicant.name if seat.claim else "",
        "code": seat.booking_code,
    }


def _chosen_day(doing: Doing) -> date | None:
    try:
        return date.fromisoformat(doing.slots.get("service_date") or "")
    except ValueError:
        return None


def _written(hour: time) -> str:
    return f"{hour:%H.%M}"
