"""Seasons and other days that are unlike the rest: their own sessions, their own quotas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from bot.booking.session import Session, Words
from bot.document import Part, meant
from bot.told import tell


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(tell("write a date as 2026-12-31, not {value}", value=value)) from None


Day = Annotated[date, BeforeValidator(_day)]
Seats = Annotated[int, Field(strict=True, ge=0)]


class Season(Part):
    """Weeks with sessions of their own: before holidays 400 seats, with service into the evening
    (Source: 000_…, DOMAIN.md).

    Args:
        name: as staff call it.
        start: its first day; ``from`` in the file.
        until: its last day.
        sessions: of its days, in place of the office's.
    """

    name: Words
    start: Day = Field(alias="from")
    until: Day
    sessions: tuple[Session, ...]

    @field_validator("until")
    @classmethod
    def _ends_after_start(cls, until: date, info: ValidationInfo) -> date:
        if "start" in info.data and until < info.data["start"]:
            raise ValueError(
                tell("the season ends before it begins ({start})", start=info.data["start"])
            )
        return until

    def has(self, day: date) -> bool:
        """Whether ``day`` lies in it."""
        return self.start <= day <= self.until


def check_sessions(sessions: Sequence[Session], slot_minutes: int) -> None:
    """See to it that sessions make a day.

    Raises:
        ValueError: there are none, they overlap, share an id, or cannot be cut into slots.
    """
    if not sessions:
        raise ValueError(tell("a day needs at least one session"))
    for session in sessions:
        if session.minutes % slot_minutes:
            raise ValueError(
                tell(
                    "session {session_id} ({session_start:%H:%M} to {session_until:%H:%M}) "
                    "cannot be cut into hours of {slot_minutes} minutes (slot_minutes)",
                    session_id=session.id,
                    session_start=session.start,
                    session_until=session.until,
                    slot_minutes=slot_minutes,
                )
            )
    for earlier, later in pairwise(sessions):
        if later.start < earlier.until:
            raise ValueError(
                tell(
                    "session {later_id} begins at {later_start:%H:%M}, before {earlier_id} ends "
                    "at {earlier_until:%H:%M}",
                    later_id=later.id,
                    later_start=later.start,
                    earlier_id=earlier.id,
                    earlier_until=earlier.until,
                )
            )
    if len({session.id for session in sessions}) < len(sessions):
        raise ValueError(tell("two sessions have the same id"))


def check_seasons(seasons: Iterable[Season], slot_minutes: int) -> None:
    """See to it that no day lies in two seasons, and that the days of each can be served.

    Raises:
        ValueError: naming the season.
    """
    ordered = sorted(seasons, key=lambda season: season.start)
    for season in ordered:
        try:
            check_sessions(season.sessions, slot_minutes)
        except ValueError as error:
            raise ValueError(
                tell("season {season_name}: {error}", season_name=season.name, error=error)
            ) from None
    for earlier, later in pairwise(ordered):
        if later.start <= earlier.until:
            raise ValueError(
                tell(
                    "season {later_name} begins on {later_start}, before {earlier_name} is over "
                    "({earlier_until})",
                    later_name=later.name,
                    later_start=later.start,
                    earlier_name=earlier.name,
                    earlier_until=earlier.until,
                )
            )


def check_quotas(day: date, quotas: Mapping[str, int], sessions: Sequence[Session]) -> None:
    """See to it that a day's own quotas are of sessions it has, and leave somebody a seat.

    Raises:
        ValueError: naming the day.
    """
    known = [session.id for session in sessions]
    for session_id in quotas:
        if session_id not in known:
            raise ValueError(
                tell(
                    "{day}: no session {session_id!r}{meant}",
                    day=day,
                    session_id=session_id,
                    meant=meant(session_id, known),
                )
            )
    if not with_quotas(sessions, quotas):
        raise ValueError(
            tell("{day}: no seat is left; write the date under closed, with the reason", day=day)
        )


def with_quotas(sessions: Sequence[Session], quotas: Mapping[str, int]) -> tuple[Session, ...]:
    """The sessions with the day's own numbers of seats; one that has none is left out."""
    changed = (
        session.model_copy(update={"seats": quotas[session.id]})
        if session.id in quotas
        else session
        for session in sessions
    )
    return tuple(session for session in changed if session.seats)
