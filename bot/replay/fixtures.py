"""What is different about the world of one recording, as its header says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from bot.booking.season import Day
from bot.booking.session import Count, Id, Words
from bot.document import Part

VARIABLE: Final = r"^[a-z_][a-z0-9_]*$"
"""How a captured value may be called."""

Name = Annotated[str, StringConstraints(pattern=VARIABLE)]


def _address(value: object) -> object:
    if isinstance(value, int):
        raise ValueError(f"put it in quotes: '{value}'")  # noqa: TRY004 - pydantic collects ValueErrors only
    return value


Address = Annotated[str, BeforeValidator(_address)]


class Party(Part):
    """The applicant's end of the line.

    Args:
        channel: by which they write.
        sender: their number, in quotes, or what the channel knows them by.
        profile: the name they gave themselves.
        language: the one the bot greets them in; else the first of the settings.
    """

    channel: Literal["whatsapp", "web", "rest", "terminal"] = "whatsapp"
    sender: Address
    profile: str = ""
    language: str = ""


class Booked(Part):
    """A booking that is there when the recording begins.

    Args:
        day: its date.
        name: whose it is.
        birth_date: of that person.
        sender: the number it was made with; the applicant's own unless said otherwise.
        code: its booking code; drawn from the seed unless said otherwise.
        number: its queue number; the lowest free one unless said otherwise.
        capture: a name for its code, which later turns use: `{{ code }}`.
    """

    day: Day
    name: Words
    birth_date: Day = date(1990, 1, 1)
    sender: Address = ""
    code: str = ""
    number: Count | None = None
    capture: Name | None = None


class Fixtures(Part):
    """What is different about the office for this one conversation.

    Args:
        full: days on which no seat is left.
        seats: seats a day, all of them in the first session.
        closed: days without service, each with the reason applicants are told.
        taken: seats that others have booked, by day: how many, or how many of each session:
            `{2026-11-24: 80, 2026-11-25: {pagi: 60}}`. The lowest numbers go first.
        bookings: bookings that are there already, of this number or of others.
        rules: rules of the office that are others here, as in `offices.yml`.
        blocked: why the applicant's number is on the blacklist.
        marked: what staff noted about the applicant's number.
        known: `true`: they have written before, and know what is done with their data.
    """

    full: tuple[Day, ...] = ()
    seats: Count | None = None
    closed: Mapping[Day, Words] = {}
    taken: Mapping[Day, Count | Mapping[Id, Annotated[int, Field(ge=0, strict=True)]]] = {}
    bookings: tuple[Booked, ...] = ()
    rules: Mapping[str, Any] = {}
    blocked: Words | None = None
    marked: Words | None = None
    known: bool = False
