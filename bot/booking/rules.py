"""The rules of an office: its days, sessions, quotas and limits.

Where the press reports of the service disagree, the rule is a setting here, never a constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from bot.booking.session import Count, Id, Session, Words
from bot.document import Part


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"write a date as 2026-12-31, not {value}") from None


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise ValueError(
            f"there is no time zone {value!r}; western Indonesia is Asia/Jakarta, "
            "central Asia/Makassar, eastern Asia/Jayapura"
        ) from None
    return value


Minutes = Annotated[int, Field(strict=True, ge=0, le=24 * 60)]
Days = Annotated[int, Field(strict=True, ge=0, le=366)]
Day = Annotated[date, BeforeValidator(_day)]

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Cancel(StrEnum):
    """Whether an applicant may cancel a booking, and until when."""

    NEVER = "never"
    UNTIL_DAY_BEFORE = "until_day_before"


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
        arrive_minutes: how long before their hour applicants must be there.
        dates_offered: free dates shown at once; a WhatsApp list has ten rows at most.
        lead_days: the first bookable day, counted from today; 0 is today itself.
        horizon_days: the last bookable day, counted from today.
        hold_minutes: how long a seat waits for its approval code.
        wrong_code_tries: at so many wrong approval codes the seat is released.
        active_per_sender: bookings one sender may have whose date has not passed.
        cancel: whether applicants may cancel.
        holds_per_day: seats one number, or one person, may take hold of within 24 hours.
        no_show_strikes: so many no-shows, or
        abandoned_strikes: so many holds left to lapse, within
        strike_days: so many days, put a number on the blacklist for
        block_days: so many days.
        ask_kind: whether applicants are asked if the passport is new or a renewal.
        list_requirements: whether the documents are listed with the hold, unasked; in dialogues
            whose hold is answered by a barcode.
        requirements_note: what this office wants beside the usual documents, by language.
    """

    time_zone: Annotated[str, AfterValidator(_zone)]
    flow: Id
    closed_weekdays: frozenset[Weekday] = frozenset({"saturday", "sunday"})
    closed: Mapping[Day, Words] = {}
    opened: frozenset[Day] = frozenset()
    slot_minutes: Annotated[Minutes, Field(ge=5)] = 60
    sessions: tuple[Session, ...]
    arrive_minutes: Minutes = 30
    dates_offered: Annotated[Count, Field(le=10)] = 5
    lead_days: Days = 1
    horizon_days: Days = Field(default=30, validate_default=True)
    hold_minutes: Annotated[Minutes, Field(ge=1)] = 15
    wrong_code_tries: Count = 3
    active_per_sender: Count = 1
    cancel: Cancel = Cancel.UNTIL_DAY_BEFORE
    holds_per_day: Count = 10
    no_show_strikes: Count = 3
    abandoned_strikes: Count = 8
    strike_days: Days = 90
    block_days: Days = 30
    ask_kind: bool = False
    list_requirements: bool = False
    requirements_note: Mapping[Id, Words] = {}

    @field_validator("opened")
    @classmethod
    def _not_closed_too(cls, opened: frozenset[date], info: ValidationInfo) -> frozenset[date]:
        for day in sorted(opened & info.data.get("closed", {}).keys()):
            raise ValueError(f"{day} stands under closed as well; keep one")
        return opened

    @field_validator("sessions")
    @classmethod
    def _fill_the_day(
        cls, sessions: tuple[Session, ...], info: ValidationInfo
    ) -> tuple[Session, ...]:
        if not sessions:
            raise ValueError("a day needs at least one session")
        slot = info.data.get("slot_minutes", 1)
        for session in sessions:
            if session.minutes % slot:
                raise ValueError(
                    f"session {session.id} ({session.start:%H:%M} to {session.until:%H:%M}) "
                    f"cannot be cut into hours of {slot} minutes (slot_minutes)"
                )
        for earlier, later in pairwise(sessions):
            if later.start < earlier.until:
                raise ValueError(
                    f"session {later.id} begins at {later.start:%H:%M}, before {earlier.id} "
                    f"ends at {earlier.until:%H:%M}"
                )
        if len({session.id for session in sessions}) < len(sessions):
            raise ValueError("two sessions have the same id")
        return sessions

    @field_validator("horizon_days")
    @classmethod
    def _reaches_past_lead(cls, horizon: int, info: ValidationInfo) -> int:
        lead = info.data.get("lead_days", 0)
        if horizon < lead:
            raise ValueError(f"{horizon} is less than lead_days ({lead}): no day could be booked")
        return horizon
