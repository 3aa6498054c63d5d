"""What the pages work on, handed to each of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.attending import Attending
from bot.booking.office import Offices
from bot.booking.queue import Queue
from bot.channels.address import Network
from bot.clock import Clock
from bot.day_desk import DayDesk
from bot.desk.applicants import Applicants
from bot.desk.figures import DayFigures
from bot.desk.kept import DeskStores
from bot.desk.passwords import Passwords
from bot.desk.rehearsals import Rehearsals
from bot.desk.roles import Role
from bot.desk.room import Room
from bot.desk.streams import Streams
from bot.desk.throttle import Throttle
from bot.desk.waiting import WaitingCount
from bot.drafting.workshop import Workshop
from bot.inspecting.inspector import Inspector
from bot.reports.remembered import Remembered
from bot.stores import Stores


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login anybody may know: the demo's."""

    login: str
    name: str
    password: str
    role: Role


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one process.

    Args:
        stores: the bot's.
        kept: the desk's own.
        offices: as they are now, with what staff changed.
        queue: over those offices.
        days: where the days of the office of this id are looked at and changed.
        reports: what days came to, as far as this process knows.
        room: where drafts of flows are tried out.
        rehearsals: where recordings are replayed on them.
        workshop: where they are made, and published.
        attending: how members of staff deal with conversations.
        record: makes the recording of a conversation, given its id, with nobody in it.
        waiting: how many conversations wait for a person.
        inspector: where a conversation's way is looked at.
        secure: browsers come by TLS; else from this machine alone.
        proxies: networks of the proxies in front; their word on where a request comes from counts.
        applicants: their page; ``None`` when there is none.
        demo: logins to show to whoever comes; none but in the demo.
    """

    stores: Stores
    kept: DeskStores
    offices: Callable[[], Offices]
    queue: Callable[[], Queue]
    days: Callable[[str], DayDesk]
    clock: Clock
    passwords: Passwords
    throttle: Throttle
    reports: Remembered
    room: Room
    rehearsals: Rehearsals
    workshop: Workshop
    attending: Attending
    record: Callable[[str], Awaitable[str]]
    waiting: WaitingCount
    inspector: Inspector
    secure: bool = True
    proxies: Sequence[Network] = ()
    demo: Sequence[DemoLogin] = ()
    applicants: Applicants | None = None
    streams: Streams = field(default_factory=Streams)
    figures: DayFigures = field(default_factory=DayFigures)
