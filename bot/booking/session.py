"""A session: the part of an office's day with seats of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import time
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from bot.document import Part
from bot.told import tell


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
        raise ValueError(
            tell(
                "an id is small letters, digits and _ (jakarta_pusat), 40 at most, not {value!r}",
                value=value,
            )
        )
    return value


def _hour(value: object) -> time:
    if re.fullmatch(r"\d\d:\d\d", str(value), re.ASCII):
        with suppress(ValueError):
            return time.fromisoformat(str(value))
    raise ValueError(tell('write an hour as "08:00", not {value}', value=value))


Id = Annotated[str, AfterValidator(_id)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Count = Annotated[int, Field(strict=True, ge=1)]
Hour = Annotated[time, BeforeValidator(_hour)]


class Session(Part):
    """A part of the day with its own seats; *Pagi* and *Siang* (Source: 003_…, DOMAIN.md).

    Args:
        name: by language; the first serves where another is missing.
        start: local time of the first hour; ``from`` in the file.
        until: local time at which the session is over; no applicant is called then.
        seats: how many applicants it takes.
    """

    id: Id
    name: Mapping[Id, Words]
    start: Hour = Field(alias="from")
    until: Hour
    seats: Count

    @field_validator("name")
    @classmethod
    def _is_called_something(cls, name: Mapping[str, str]) -> Mapping[str, str]:
        if not name:
            raise ValueError(tell("write at least one name, as in {{id: Pagi, en: Morning}}"))
        return name

    @field_validator("until")
    @classmethod
    def _ends_after_start(cls, until: time, info: ValidationInfo) -> time:
        if "start" in info.data and until <= info.data["start"]:
            raise ValueError(
                tell(
                    "the session must end after it begins ({start:%H:%M})", start=info.data["start"]
                )
            )
        return until

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return _since_midnight(self.until) - _since_midnight(self.start)

    def called(self, language: str) -> str:
        """Its name in ``language``, or the first it has."""
        return self.name.get(language) or next(iter(self.name.values()))

    def hours(self, slot_minutes: int) -> tuple[time, ...]:
        """The local times at which its applicants are called."""
        first = _since_midnight(self.start)
        every = range(first, first + self.minutes, slot_minutes)
        return tuple(time(*divmod(minute, 60)) for minute in every)


def _since_midnight(at: time) -> int:
    return at.hour * 60 + at.minute
