"""Seasons and other days that are unlike the rest: their own sessions, their own quotas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from bot.booking.session import Session, Words
from bot.document import Part, meant


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"write a date as 2026-12-31, not {value}") from None


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
            raise ValueError(f"the season ends before it begins ({info.data['start']})")
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
        raise ValueError("a day needs at least one session")
    for session in sessions:
        if session.minutes % slot_minutes:
            raise ValueError(
                f"session {session.id} ({session.start:%H:%M} to {session.until:%H:%M}) "
                f"cannot be cut into hours of {slot_minutes} minutes (slot_minutes)"
            )
    for earlier, later in pairwise(sessions):
        if later.start < earlier.until:
            raise ValueError(
                f"session {later.id} begins at {later.start:%H:%M}, before {earlier.id} "
                f"ends at {earlier.until:%H:%M}"
            )
    if len({session.id for session in sessions}) < len(sessions):
        raise ValueError("two sessions have the same id")


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
            raise ValueError(f"season {season.name}: {error}") from None
    for earlier, later in pairwise(ordered):
        if later.start <= earlier.until:
            raise ValueError(
                f"season {later.name} begins on {later.start}, before {earlier.name} "
                f"is over ({earlier.until})"
            )


def check_quotas(day: date, quotas: Mapping[str, int], sessions: Sequence[Session]) -> None:
    """See to it that a day's own quotas are of sessions it has, and leave somebody a seat.

    Raises:
        ValueError: naming the day.
    """
    known = [session.id for session in sessions]
    for session_id in quotas:
        if session_id not in known:
            raise ValueError(f"{day}: no session {session_id!r}{meant(session_id, known)}")
    if not with_quotas(sessions, quotas):
        raise ValueError(f"{day}: no seat is left; write the date under closed, with the reason")


def with_quotas(sessions: Sequence[Session], quotas: Mapping[str, int]) -> tuple[Session, ...]:
    """The sessions with the day's own numbers of seats; one that has none is left out."""
    changed = (
        session.model_copy(update={"seats": quotas[session.id]})
        if session.id in quotas
        else session
        for session in sessions
    )
    return tuple(session for session in changed if session.seats)
