"""An office: what staff may write about one in ``flows/offices.yml``.

Where the press reports of the service disagree, the rule is a setting here, never a constant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from bot.booking.phone import office_number
from bot.booking.session import Count, Id, Session, Words
from bot.document import Part


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"write a date as 2026-12-31, not {value}") from None


def _prefix(value: str) -> str:
    if not re.fullmatch(r"[A-HJKMNP-Z]{3}", value):
        raise ValueError(
            "a prefix is three capital letters without I, L and O, which people read as digits, "
            f"not {value!r}"
        )
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise ValueError(
            f"there is no time zone {value!r}; western Indonesia is Asia/Jakarta, "
            "central Asia/Makassar, eastern Asia/Jayapura"
        ) from None
    return value


def _number(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"put the number {value} in quotes, or its leading zero is lost")  # noqa: TRY004 - pydantic collects ValueErrors only
    found = office_number(value)
    if found is None:
        raise ValueError(f"{value!r} is not a telephone number; write it like '0812 9900 4406'")
    return found


Minutes = Annotated[int, Field(strict=True, ge=0, le=24 * 60)]
Days = Annotated[int, Field(strict=True, ge=0, le=366)]
Day = Annotated[date, BeforeValidator(_day)]
Number = Annotated[str, BeforeValidator(_number)]
Prefix = Annotated[str, AfterValidator(_prefix)]

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


class Office(Rules):
    """One office.

    Args:
        id: ``jakarta_pusat``; never changes, seats and conversations carry it.
        name: in full, as on the door.
        short_name: as people say it.
        prefix: what its booking codes begin with.
        numbers: WhatsApp numbers, ``6281299004406``.
        area: quarter or street people know it by; no address.
        aliases: other names people type.
    """

    id: Id
    name: Words
    short_name: Words
    prefix: Prefix
    numbers: tuple[Number, ...] = ()
    area: str = ""
    aliases: tuple[Words, ...] = ()

    @property
    def quota(self) -> int:
        """Seats a day."""
        return sum(session.seats for session in self.sessions)

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        return ZoneInfo(self.time_zone)

    def session(self, session_id: str) -> Session:
        """One of its sessions; ``KeyError`` if there is none of that id."""
        return {session.id: session for session in self.sessions}[session_id]

    def local(self, now: datetime) -> datetime:
        """``now`` (aware) on the office's clock."""
        if now.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be put on the office's clock")
        return now.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        """The date at the office at ``now`` (aware)."""
        return self.local(now).date()
