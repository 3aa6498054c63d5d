"""Several people at one office at the same time, and its staff: whatever they do, what comes of it
stands in the stores, to be recorded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import TypeAlias

from hypothesis import strategies as st

from bot.channels.inbound import Inbound
from bot.definitions import Definitions
from bot.dialogue.events import Message
from bot.replay.desk import DAYS, Desk, StaffAct
from bot.settings import Settings
from tests.support.steps import GoOn, Say, Step, steps_of
from tests.support.traces import MONTHS
from tests.support.walking import Walk

PAUSE = timedelta(seconds=7)
"""Between two things that happen."""

NAMES = (
    "Ratih Prameswari", "Mei Lestari", "Agus", "Septian Januar", "H. Slamet Riyadi", "Desi Natalia",
    "Siti Nur Halimah", "Drs. Bambang Kusumo, M.M.", "Ayu", "I Made Sukarta", "Nur'aini Putri",
    "Kartika Sari Dewi Handayani", "Bagus Prakoso", "Bunga Citra", "Joko Senin",
    "Muhammad Al-Fatih",
)  # fmt: skip
"""Invented; many are words or months too."""

FORMS = (
    "#{NAME}#{ddmmyyyy}#{day}", "#{name}#{dd-mm-yyyy}#{day}#", "#{NAME}#{ddmmyyyy}",
    "nama saya {name} lahir {words}", "sy {name}, {dd-mm-yyyy}, besok ya", "{name}", "{NAME}",
    "{name} {dd/mm/yyyy}", "{words}", "{ddmmyyyy}", "kenalkan sy {lower} mau daftar paspor besok",
    "eh salah, nama saya {name}", "lahirnya {words} pak", "hp saya {phone}, {name}",
    "email {mail}", "nik {nik}", "I am {name}, born {words}", "kata {lower} bisa besok?",
    "besok\nsaya {name} {dd-mm-yyyy}\nanak saya Ani, 3 Mei 2023",
    "#{NAME}#{ddmmyyyy}#JL MELATI 5 BATAM",
)  # fmt: skip
"""How people say who they are."""


@dataclass(frozen=True)
class Own:
    """Say something of oneself, in one of :data:`FORMS`."""

    form: str


@dataclass(frozen=True)
class Both:
    """Send two messages that arrive at the same moment."""

    first: str
    second: str


@dataclass(frozen=True)
class Office:
    """Staff do something with this person's booking, or with their day."""

    verb: str


Happening: TypeAlias = Step | Own | Both | Office

VERBS = ("check_in", "call", "serve", "reject", "void", "no_show", "undo", "close", "open")


@dataclass
class Guest(Walk):
    """One of several at an office: each may have a seat, and says who they are in their own way."""

    name: str = "Ratih Prameswari"
    born: date = date(1991, 4, 13)

    @property
    def id(self) -> str:
        """Of their conversation."""
        return self.contact.conversation_id

    async def _stands(self) -> None:
        return

    def tell(self, form: str) -> str:
        """What they say of themselves."""
        born, words = self.born, {"{name}": self.name, "{NAME}": self.name.upper()}
        words |= {"{lower}": self.name.lower(), "{mail}": self.mail, "{nik}": self.nik}
        words |= {"{ddmmyyyy}": f"{born:%d%m%Y}", "{dd-mm-yyyy}": f"{born:%d-%m-%Y}"}
        words |= {"{dd/mm/yyyy}": f"{born.day}/{born.month}/{born.year}", "{day}": "24112026"}
        words |= {"{words}": f"{born.day} {MONTHS[born.month - 1]} {born.year}"}
        words |= {"{phone}": f"0{self.contact.sender[2:]}"}
        for placeholder, word in words.items():
            form = form.replace(placeholder, word)
        return form

    @property
    def mail(self) -> str:
        """Nobody's address."""
        return f"{self.name.split()[-1].lower()}.x@surat.example"

    @property
    def nik(self) -> str:
        """A number of the right form."""
        return f"317123{self.born:%d%m%y}0007"

    async def send_both(self, *texts: str) -> None:
        """Send messages that arrive at once."""
        messages = []
        for text in texts:
            self._messages += 1
            sent = self.now - timedelta(seconds=1)
            messages.append(Message(f"m{self._messages}", "text", text, sent))
        self.contact = replace(self.contact, heard_at=self.now)
        hear = self.bot.turns.hear
        await asyncio.gather(*(hear(Inbound(self.contact, each)) for each in messages))
        self._last = messages[-1]

    async def is_met(self, verb: str, key: str) -> None:
        """Staff do something that has to do with them; what must not be, does not happen."""
        offices = self.definitions.offices
        desk = Desk(
            stores=self.stores,
            attending=self.bot.attending,
            conversation=self.contact.conversation_id,
            offices=offices,
            current=lambda: self.bot.library.current.offices,
            office=self.office,
            address=self.contact.address,
            clock=lambda: self.now,
            random=Random(key),
        )
        seats = await self.stores.seats.of_sender(self.contact.address)
        booked = [seat for seat in seats if seat.booking_code]
        if not booked:
            return
        seat, act = booked[-1], {verb: booked[-1].booking_code}
        if verb in DAYS:
            act = {verb: seat.day.isoformat()}
        act |= {"reject": {"reason": "KK asli tidak ada"}, "close": {"reason": "Libur"}}.get(
            verb, {}
        )
        made = StaffAct.model_validate(act | ({"move": True} if verb == "close" else {}))
        await desk.do(made, key)
        await self.bot.library.refresh()
        await self.bot.sweeper.sweep()


@dataclass
class Meeting:
    """People at one office, on the same stores."""

    definitions: Definitions
    settings: Settings
    office: str
    met: list[BaseException]
    people: Sequence[tuple[str, date]]
    guests: list[Guest] = field(init=False)

    def __post_init__(self) -> None:
        self.guests = []
        for at, (name, born) in enumerate(self.people):
            more = {"stores": self.guests[0].stores} if self.guests else {}
            guest = Guest(
                [self.definitions], self.settings, self.office, self.met, strict=False,
                seed=at + 1, name=name, born=born, **more,
            )  # fmt: skip
            number, profile = f"62813444{at}5566", name if at % 2 else ""
            guest.contact = replace(guest.contact, sender=number, profile=profile)
            self.guests.append(guest)

    async def take(self, happenings: Sequence[tuple[int, Happening]]) -> None:
        """Let things happen, one after the other, each to one of them."""
        for count, (who, happening) in enumerate(happenings):
            guest = self.guests[who % len(self.guests)]
            now = max(each.now for each in self.guests) + PAUSE
            for each in self.guests:
                each.now = now
            match happening:
                case Own(form):
                    await guest.take(Say(guest.tell(form)))
                case Both(first, second):
                    await guest.send_both(guest.tell(first), guest.tell(second))
                case Office(verb):
                    await guest.is_met(verb, f"staff|{count}")
                case _:
                    await guest.take(happening)
            for each in self.guests:  # what the sweep of one told the other is delivered
                await each.bot.outbox.collect(each.contact.conversation_id)


def people() -> st.SearchStrategy[list[tuple[str, date]]]:
    """Two or three people: adults, children, the old."""
    born = st.dates(date(1938, 1, 1), date(2025, 6, 30))
    return st.lists(st.tuples(st.sampled_from(NAMES), born), min_size=2, max_size=3)


def happenings(definitions: Definitions) -> st.SearchStrategy[list[tuple[int, Happening]]]:
    """Anything that may happen to several people; most of them come to a booking."""
    some = steps_of(definitions.flows)
    own = st.builds(Own, st.sampled_from(FORMS))
    texts = st.sampled_from(("#status", "ya", "1", "besok", "{name}", "{ddmmyyyy}", "#batal"))
    both = st.builds(Both, texts, texts)
    staff = st.builds(Office, st.sampled_from(VERBS))
    each = st.one_of(some, own, own, st.just(GoOn()), both, staff)
    return st.lists(st.tuples(st.integers(0, 2), each), min_size=4, max_size=18)
