"""The rules of an office: its days, sessions, quotas and limits.

Where the press reports of the service disagree, the rule is a setting here, never a constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from bot.booking.opening import Opens, ServiceHours, Weekday
from bot.booking.season import (
    Day,
    Season,
    Seats,
    check_quotas,
    check_seasons,
    check_sessions,
    with_quotas,
)
from bot.booking.session import Count, Hour, Id, Session, Words
from bot.document import Part
from bot.told import tell


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise ValueError(
            tell(
                "there is no time zone {value!r}; western Indonesia is Asia/Jakarta, central "
                "Asia/Makassar, eastern Asia/Jayapura",
                value=value,
            )
        ) from None
    return value


Minutes = Annotated[int, Field(strict=True, ge=0, le=24 * 60)]
Days = Annotated[int, Field(strict=True, ge=0, le=366)]
Times = Annotated[int, Field(strict=True, ge=0, le=99)]
Years = Annotated[int, Field(strict=True, ge=0, le=120)]

WalkInKind = Literal["elderly", "children", "disabled", "pregnant"]


class Cancel(StrEnum):
    """Whether an applicant may cancel a booking, and until when."""

    NEVER = "never"
    UNTIL_DAY_BEFORE = "until_day_before"


def _off(value: object) -> object:
    return None if value in (False, "off") else value


Moment = Annotated[Hour | None, BeforeValidator(_off)]
"""An hour of the day, or ``off``."""


class ReminderTimes(Part):
    """When applicants are reminded of a booking, local time; ``off`` where they are not.

    Args:
        day_before: on the day before.
        morning: on the day itself.
    """

    day_before: Moment = time(16)
    morning: Moment = time(6, 30)


class Rules(Part):
    """What offices may share: all that ``defaults`` in the file may hold.

    Args:
        time_zone: IANA name.
        flow: the dialogue applicants are led through.
        closed_weekdays: days of the week without service.
        closed: dates without service, each with the reason applicants are told.
        opened: dates with service in spite of a weekday, a holiday or ``closed`` in ``defaults``.
        slot_minutes: applicants are called every so many minutes, evenly many each time.
        sessions: of a day, in their order.
        seasons: weeks with other sessions.
        quotas: days with other numbers of seats, by session; 0 leaves a session out.
        show_remaining: whether applicants see how many seats a day has left, by session.
        arrive_minutes: how long before their hour applicants must be there.
        dates_offered: free dates shown at once; a WhatsApp list has ten rows at most.
        lead_days: the first bookable day, counted from today; 0 is today itself.
        horizon_days: the last bookable day, counted from today.
        opens: the moment a week's days can be booked from; without it a day opens at midnight,
            ``horizon_days`` before.
        service_hours: when the number takes new registrations; always, without.
        hold_minutes: how long a seat waits for its approval code.
        approve_by: ``yes``: who agrees in words gets the booking too; ``code``: the approval code
            alone makes it one.
        wrong_code_tries: at so many wrong approval codes the seat is released.
        active_per_sender: bookings one sender may have whose date has not passed.
        cancel: whether applicants may cancel.
        holds_per_day: seats one number, or one person, may take hold of within 24 hours.
        no_show_strikes: so many no-shows, or
        abandoned_strikes: so many holds left to lapse, within
        strike_days: so many days, put a number on the blacklist for
        block_days: so many days.
        reschedules: how often a booking may be moved to another day, until the day before; 0 never.
        late_grace_minutes: so long after its hour a booking that nobody checked in is void, and its
            holder may register again. Source: 000_…, 002_…, 004_…, DOMAIN.md.
        family_size: how many people one booking may be for.
        family_members: ``anyone``, or ``dependents``: beside the owner of the number only children
            and the elderly. Source: 004_…, DOMAIN.md.
        child_below: younger than this on the day of service is a child (*balita*), in years.
        elderly_from: as old as this on the day of service is elderly (*lansia*), in years.
        walk_in_seats: numbers a day for people who queue by hand, apart from the quota; 0 is none.
            Source: 000_…, 002_…, DOMAIN.md.
        walk_in_for: who may queue by hand.
        walk_in_after: after so many called with a booking one walk-in number is called, if any
            waits; 0 calls walk-in numbers first.
        reject_reasons: why the counter may turn somebody away, by language, to choose from.
        reminders: when applicants are reminded of their booking.
        call_ahead: whoever is at most so many numbers behind the one called is told; 0 is nobody.
        late_notice_minutes: when the day runs later than this, those still to come are told; 0 is
            never.
        waitlist: whether applicants may wait for a seat of a full day, or of any.
        waitlist_size: so many may wait for the same.
        waitlist_minutes: so long a seat is held for who is offered it.
        waitlist_hours: when offers are made; a seat freed at night is held until the morning.
        ask_kind: whether applicants are asked if the passport is new or a renewal.
        list_requirements: whether the documents are listed with the hold, unasked; in dialogues
            whose hold is answered by a barcode.
        staff_chat: whether staff answer in the chat; else who asks for them is told to come.
        requirements_note: what this office wants beside the usual documents, by language.
    """

    time_zone: Annotated[str, AfterValidator(_zone)]
    flow: Id
    closed_weekdays: frozenset[Weekday] = frozenset({"saturday", "sunday"})
    closed: Mapping[Day, Words] = {}
    opened: frozenset[Day] = frozenset()
    slot_minutes: Annotated[Minutes, Field(ge=5)] = 60
    sessions: tuple[Session, ...]
    seasons: tuple[Season, ...] = ()
    quotas: Mapping[Day, Mapping[Id, Seats]] = {}
    show_remaining: bool = False
    arrive_minutes: Minutes = 30
    dates_offered: Annotated[Count, Field(le=10)] = 5
    lead_days: Days = 1
    horizon_days: Days = Field(default=30, validate_default=True)
    opens: Opens | None = None
    service_hours: ServiceHours | None = None
    hold_minutes: Annotated[Minutes, Field(ge=1)] = 15
    approve_by: Literal["yes", "code"] = "yes"
    wrong_code_tries: Count = 3
    active_per_sender: Count = 1
    cancel: Cancel = Cancel.UNTIL_DAY_BEFORE
    holds_per_day: Count = 10
    no_show_strikes: Count = 3
    abandoned_strikes: Count = 8
    strike_days: Days = 90
    block_days: Days = 30
    reschedules: Times = 1
    late_grace_minutes: Minutes = 15
    family_size: Annotated[Count, Field(le=20)] = 5
    family_members: Literal["anyone", "dependents"] = "anyone"
    child_below: Years = 5
    elderly_from: Years = 60
    walk_in_seats: Annotated[int, Field(strict=True, ge=0, le=999)] = 0
    walk_in_for: frozenset[WalkInKind] = frozenset({"elderly", "children", "disabled", "pregnant"})
    walk_in_after: Annotated[int, Field(strict=True, ge=0, le=99)] = 3
    reject_reasons: tuple[Annotated[Mapping[Id, Words], Field(min_length=1)], ...] = ()
    reminders: ReminderTimes = ReminderTimes()
    call_ahead: Annotated[int, Field(strict=True, ge=0, le=100)] = 5
    late_notice_minutes: Minutes = 30
    waitlist: bool = True
    waitlist_size: Count = 50
    waitlist_minutes: Annotated[Minutes, Field(ge=1)] = 30
    waitlist_hours: ServiceHours = ServiceHours.model_validate({"from": "07:00", "until": "21:00"})
    ask_kind: bool = False
    list_requirements: bool = False
    staff_chat: bool = True
    requirements_note: Mapping[Id, Words] = {}

    @field_validator("opened")
    @classmethod
    def _not_closed_too(cls, opened: frozenset[date], info: ValidationInfo) -> frozenset[date]:
        for day in sorted(opened & info.data.get("closed", {}).keys()):
            raise ValueError(tell("{day} stands under closed as well; keep one", day=day))
        return opened

    @field_validator("sessions")
    @classmethod
    def _fill_the_day(
        cls, sessions: tuple[Session, ...], info: ValidationInfo
    ) -> tuple[Session, ...]:
        check_sessions(sessions, info.data.get("slot_minutes", 1))
        return sessions

    @field_validator("seasons")
    @classmethod
    def _one_season_a_day(
        cls, seasons: tuple[Season, ...], info: ValidationInfo
    ) -> tuple[Season, ...]:
        check_seasons(seasons, info.data.get("slot_minutes", 1))
        return seasons

    @field_validator("quotas")
    @classmethod
    def _of_sessions_there_are(
        cls, quotas: Mapping[date, Mapping[str, int]], info: ValidationInfo
    ) -> Mapping[date, Mapping[str, int]]:
        for day, seats in quotas.items():
            season = next((one for one in info.data.get("seasons", ()) if one.has(day)), None)
            sessions = season.sessions if season else info.data.get("sessions", ())
            check_quotas(day, seats, sessions)
        return quotas

    @field_validator("horizon_days")
    @classmethod
    def _reaches_past_lead(cls, horizon: int, info: ValidationInfo) -> int:
        lead = info.data.get("lead_days", 0)
        if horizon < lead:
            raise ValueError(
                tell(
                    "{horizon} is less than lead_days ({lead}): no day could be booked",
                    horizon=horizon,
                    lead=lead,
                )
            )
        return horizon

    def sessions_on(self, day: date) -> tuple[Session, ...]:
        """The sessions of one day: its season's, with its own quotas; none left out is empty."""
        season = next((season for season in self.seasons if season.has(day)), None)
        sessions = season.sessions if season else self.sessions
        return with_quotas(sessions, self.quotas.get(day, {}))

    def quota_on(self, day: date) -> int:
        """Seats of one day."""
        return sum(session.seats for session in self.sessions_on(day))
