"""Makes the world that a recording's header describes: an office, its days, who has seats there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final, Protocol

from bot.booking.codes import approval_code, booking_code, read_booking_code
from bot.booking.conduct import Conduct
from bot.booking.marks import marks_of
from bot.booking.office import Office, Offices
from bot.booking.person import person_mark
from bot.booking.plan import seats_of
from bot.booking.reminding import Reminders
from bot.booking.seats import AlreadyActive, Applicant, Claim, Seat
from bot.definitions import Definitions
from bot.dialogue.conversation import Conversation
from bot.dialogue.store import NEVER, Contact, Stored, TurnSave
from bot.document import Loc, meant
from bot.errors import Finding
from bot.replay.fixtures import Booked, Fixtures
from bot.replay.recording import Recording, RecordingError
from bot.stores import Stores

BY: Final = "staff:recording"
"""Who did what stands under ``fixtures``."""

OTHERS: Final = "recording/other"
"""How the senders of other people's bookings begin."""

APPROVED_WITHIN: Final = timedelta(minutes=1)


class StandingClock:
    """Stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def __call__(self) -> datetime:
        """See :data:`bot.clock.Clock`."""
        return self.now


class Builds(Protocol):
    """What a world is made in."""

    @property
    def stores(self) -> Stores: ...  # noqa: D102 - as in bot.app.Bot


def office_of(recording: Recording, definitions: Definitions) -> Office:
    """The recording's office under its own rules and days.

    Raises:
        RecordingError: there is no such office, or one of the rules is none.
    """
    script = recording.script
    office = definitions.offices.get(script.office)
    if office is None:
        known = [office.id for office in definitions.offices]
        raise recording.mistake(
            f"no office {script.office!r}{meant(script.office, known)}", "office"
        )
    return _with_days(_with_rules(office, recording), script.fixtures)


def offices_with(office: Office, definitions: Definitions) -> Offices:
    """All offices, this one among them."""
    return Offices(office if each.id == office.id else each for each in definitions.offices)


def contact_of(recording: Recording, definitions: Definitions) -> Contact:
    """The applicant.

    Raises:
        RecordingError: their language is not spoken.
    """
    party, spoken = recording.script.contact, list(definitions.flows.replies)
    if party.language and party.language not in spoken:
        message = f"no language {party.language!r}{meant(party.language, spoken)}"
        raise recording.mistake(message, "contact", "language")
    return Contact(party.channel, party.sender, recording.script.office, profile=party.profile)


@dataclass(frozen=True, slots=True)
class World:
    """Puts what the header says into a bot's stores.

    Args:
        random: of codes; apart from that of the conversation, whose codes stay the same.
    """

    recording: Recording
    definitions: Definitions
    office: Office
    contact: Contact
    stores: Stores
    random: Random

    async def furnish(self) -> Mapping[str, str]:
        """Make it so; the values the header captures.

        Raises:
            RecordingError: the office has no such seats.
        """
        fixtures, now = self.recording.script.fixtures, self.recording.script.now
        for day in fixtures.full:
            # A day laid out without a seat is full.
            await self.stores.seats.lay_out(self.office.id, day, ())
        conduct = Conduct(self.stores.people)
        if fixtures.blocked:
            await conduct.block(self.contact.address, fixtures.blocked, BY, now, days=30)
        if fixtures.marked:
            await conduct.mark(self.contact.address, fixtures.marked, BY, now)
        if fixtures.known:
            await self._acquaint(self.contact)
        await self._take(fixtures)
        return {
            booked.capture or "": seat.booking_code
            for at, booked in enumerate(fixtures.bookings)
            for seat in [await self._book(booked, at)]
        }

    async def _take(self, fixtures: Fixtures) -> None:
        """Give others their seats; what they are told, one conversation hears."""
        others = replace(self.contact, sender=OTHERS)
        if fixtures.taken:
            await self._acquaint(others)
        for day, counted in fixtures.taken.items():
            for seat in self._wanted(day, counted):
                sender, conversation = f"{OTHERS}/{seat.id}", others.conversation_id
                other = Applicant("PEMOHON LAIN", date(1990, 1, 1), sender, conversation)
                await self._give(seat, other, other.sender, f"{OTHERS} {seat.number}", "")

    def _wanted(self, day: date, counted: int | Mapping[str, int]) -> Iterator[Seat]:
        """The seats that others have on a day.

        Raises:
            RecordingError: there are not so many.
        """
        seats = seats_of(self.office, day)
        sessions = list(dict.fromkeys(seat.session for seat in seats))
        by_session = counted if isinstance(counted, Mapping) else {"": counted}
        for session, count in by_session.items():
            there = [seat for seat in seats if session in {"", seat.session}]
            loc = ("fixtures", "taken", *self._key_of(day), *([session] if session else []))
            if session and session not in sessions:
                raise self._wrong(f"no session {session!r}{meant(session, sessions)}", *loc)
            if count > len(there):
                raise self._wrong(f"{day} has only {len(there)} seats there", *loc)
            yield from there[:count]

    def _key_of(self, day: date) -> Loc:
        """The key of a day as the file has it: a date, or the text of one."""
        written = self.recording.document.data["fixtures"]["taken"]
        return next(((key,) for key in written if str(key) == day.isoformat()), ())

    async def _book(self, booked: Booked, at: int) -> Seat:
        """Make one of the bookings that are there already."""
        sender = booked.sender or self.contact.sender
        contact = replace(self.contact, sender=sender)
        person = Applicant(
            " ".join(booked.name.split()).upper(),
            booked.birth_date,
            contact.address,
            contact.conversation_id,
        )
        loc = ("fixtures", "bookings", at)
        code = booked.code and read_booking_code(booked.code, {self.office.prefix})
        if code is None:
            message = f"no booking code of this office: {booked.code}; leave it out to draw one"
            raise self._wrong(message, *loc, "code")
        await self._lay_out(booked.day)
        free = await self.stores.seats.free_numbers(self.office.id, booked.day, self._now)
        number = booked.number or next(iter(free), 0)
        if number not in free:
            message = f"{booked.day} has no free seat" + f" {number}" * bool(number)
            raise self._wrong(message, *loc, "number" if booked.number else "day")
        seat = next(s for s in seats_of(self.office, booked.day) if s.number == number)
        given = None
        for mark in marks_of(self.office, contact.address):  # as many as a number may have
            given = given or await self._give(seat, person, mark, "", code)
        if given is None:
            raise self._wrong(f"{sender} or {person.name} has a booking on {booked.day}", *loc)
        await Reminders(self.stores.notices).promise(given, self.office, self._now)
        await self._acquaint(contact)
        return given

    async def _give(
        self, seat: Seat, person: Applicant, mark: str, name: str, code: str
    ) -> Seat | None:
        """Book a seat for somebody; ``None`` when they have one already.

        Args:
            name: what they are told apart by, if not by their own.
        """
        await self._lay_out(seat.day)
        key, now = f"{OTHERS}|{seat.id}", self._now
        claim = Claim(
            key,
            person,
            approval_code(self.random),
            now + APPROVED_WITHIN,
            mark,
            person_mark(seat.day, name or person.name, person.birth_date),
        )
        try:
            await self.stores.seats.claim_seat(seat.id, claim, now)
        except AlreadyActive:
            return None
        code = code or booking_code(self.office.prefix, self.random)
        approval = f"{key}|approved"
        return await self.stores.seats.approve(seat.id, key, approval, code, now, person.sender)

    async def _acquaint(self, contact: Contact) -> None:
        """Let somebody with a booking have written before: they can be told something, and know
        what is done with their data.
        """
        venue = self.definitions.venue_of(contact)
        language = self.recording.script.contact.language or next(
            iter(self.definitions.flows.replies)
        )
        begun = Conversation(contact.conversation_id, venue.flow, language=language)
        before = Stored(begun, contact)
        record = {"_id": f"{begun.id}|booked", "conversation": begun.id, "turn": 1}
        told = {"at": self._now, "office": contact.office, "version": "", "replies": []}
        places: dict[str, list[str]] = {"before": [], "after": [], "actions": []}
        contact = replace(contact, heard_at=self._now)
        await self.stores.conversations.save(
            TurnSave(
                before=before,
                conversation=begun,
                contact=contact,
                handled="booked",
                outbox=(),
                journal={**record, **told, **places},
                due_at=NEVER,
                leased_by=before.leased_by,
                leased_until=before.leased_until,
            )
        )

    async def _lay_out(self, day: date) -> None:
        if not await self.stores.seats.is_laid_out(self.office.id, day):
            await self.stores.seats.lay_out(self.office.id, day, seats_of(self.office, day))

    @property
    def _now(self) -> datetime:
        return self.recording.script.now.astimezone(UTC)

    def _wrong(self, message: str, *loc: str | int | date) -> RecordingError:
        return self.recording.mistake(message, *loc)


def _with_rules(office: Office, recording: Recording) -> Office:
    """The office under the recording's own rules.

    Raises:
        RecordingError: one of them is no rule, or has a wrong value.
    """
    rules = recording.script.fixtures.rules
    if not rules:
        return office
    try:
        return recording.document.validate(
            Office, dict(office) | dict(rules), ("fixtures", "rules")
        )
    except ExceptionGroup as group:
        raise RecordingError(e for e in group.exceptions if isinstance(e, Finding)) from None


def _with_days(office: Office, fixtures: Fixtures) -> Office:
    changed: dict[str, object] = {
        "closed": {**office.closed, **fixtures.closed},
        "opened": office.opened - fixtures.closed.keys(),
    }
    if fixtures.seats:
        first = office.sessions[0].model_copy(update={"seats": fixtures.seats})
        changed["sessions"] = (first,)
    return office.model_copy(update=changed)
