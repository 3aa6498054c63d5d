"""Plays a recording through the real bot and writes down what it answers.

Everything is real but the world around it: memory stores, a clock that only ``wait`` moves, and
codes drawn from the recording's seed. The conversation is stored and loaded again between any
two turns, so nothing that lives only in memory can help it along.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Protocol

from bot.booking.conduct import Conduct
from bot.booking.office import Office, Offices
from bot.booking.plan import seats_of
from bot.booking.seats import SKEW
from bot.booking.waiting import LOOK_EVERY
from bot.booking.waitlist import WaitState
from bot.channels.inbound import Collects, Hears, Inbound
from bot.clock import Clock
from bot.definitions import Definitions
from bot.dialogue.events import Media, Message
from bot.dialogue.reply import Button, Reply
from bot.dialogue.store import Contact
from bot.document import meant
from bot.errors import Finding, Place
from bot.replay.recording import (
    AGAIN,
    TAP,
    Answer,
    Fixtures,
    Recording,
    RecordingError,
    Said,
)
from bot.stores import Stores
from bot.sweeper import Sweeper

BY = "staff:recording"
"""Who did what stands under ``fixtures``."""

RINGS = 100
"""Timers and notices that may ring during one ``wait``; beyond that a flow goes round for ever."""


class Rehearsal(Protocol):
    """The parts of a bot a recording needs; :class:`bot.app.Bot` has them."""

    @property
    def stores(self) -> Stores: ...  # noqa: D102 - as in bot.app.Bot
    @property
    def turns(self) -> Hears: ...  # noqa: D102
    @property
    def outbox(self) -> Collects: ...  # noqa: D102
    @property
    def sweeper(self) -> Sweeper: ...  # noqa: D102


Rehearse = Callable[[Definitions, Clock, Random], Rehearsal]
"""Makes a new bot on empty stores."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn as played.

    Args:
        at: its place among the recording's turns.
        prompt: what happened, in words.
        expected: ``None`` when nobody has written down the answer.
        got: what the bot said.
        problem: why the turn could not be played; empty when it could.
    """

    at: int
    prompt: str
    expected: tuple[Answer, ...] | None
    got: tuple[Reply, ...] = ()
    problem: str = ""

    @property
    def differs(self) -> bool:
        """Whether it is not as recorded."""
        if self.problem or self.expected is None:
            return bool(self.problem or self.got)
        return len(self.expected) != len(self.got) or self.first_difference < len(self.got)

    @property
    def first_difference(self) -> int:
        """Position of the first message that is not as expected, up to the shorter side's end."""
        pairs = zip(self.expected or (), self.got, strict=False)
        at = 0
        for at, (answer, reply) in enumerate(pairs, start=1):
            if not answer.matches(reply):
                return at - 1
        return at


@dataclass(frozen=True, slots=True)
class Played:
    """A recording as played.

    Args:
        version: of the flow set it was played on.
    """

    recording: Recording
    exchanges: tuple[Exchange, ...]
    version: str

    @property
    def differences(self) -> Sequence[Exchange]:
        """The turns that are not as recorded."""
        return [exchange for exchange in self.exchanges if exchange.differs]

    def place(self, exchange: Exchange) -> Place:
        """Where in the file an exchange goes wrong."""
        turn = ("turns", exchange.at)
        if exchange.problem:
            loc: tuple[str | int, ...] = (*turn, "user")
        elif exchange.expected is None:
            loc = turn
        else:
            loc = (*turn, "bot", exchange.first_difference)
        return self.recording.document.place(loc)


async def play(recording: Recording, definitions: Definitions, rehearse: Rehearse) -> Played:
    """Play a recording from beginning to end.

    After a turn that cannot be played (a tap on something that is not there) nothing more is.

    Raises:
        RecordingError: its office does not exist.
    """
    script = recording.script
    office = definitions.offices.get(script.office)
    if office is None:
        known = [office.id for office in definitions.offices]
        message = f"no office {script.office!r}{meant(script.office, known)}"
        raise recording.mistake(message, "office")
    scene = await _Scene.set_up(recording, definitions, rehearse, office)
    exchanges: list[Exchange] = []
    asked = Exchange(0, "the beginning", None)
    for at, turn in enumerate(script.turns):
        if turn.freed:
            await scene.free(turn.freed)
        if turn.user or turn.wait:
            exchanges += scene.left_over(asked)
            asked = Exchange(at, str(turn.user or f"waiting {turn.wait}"), None)
            if turn.user and (problem := await scene.say(turn.user, at)):
                exchanges.append(replace(asked, problem=problem))
                break
            if turn.wait:
                await scene.wait(turn.wait)
            await scene.listen()
        if turn.bot is not None:
            got = scene.take()
            exchanges.append(Exchange(at, asked.prompt, turn.bot, got))
    exchanges += scene.left_over(asked)
    return Played(recording, tuple(exchanges), definitions.flows.version)


class _Scene:
    """The bot, the applicant and the world of one recording."""

    def __init__(self, bot: Rehearsal, office: Office, contact: Contact, clock: _Clock) -> None:
        self._bot = bot
        self._office = office
        self._contact = contact
        self._clock = clock
        self._last: Message | None = None
        self._shown: Sequence[Button] = ()
        self._heard: tuple[Reply, ...] = ()

    @classmethod
    async def set_up(
        cls, recording: Recording, definitions: Definitions, rehearse: Rehearse, office: Office
    ) -> _Scene:
        script = recording.script
        here = _with_fixtures(_with_rules(office, recording), script.fixtures)
        offices = Offices(here if each.id == here.id else each for each in definitions.offices)
        clock = _Clock(script.now)
        bot = rehearse(replace(definitions, offices=offices), clock, Random(script.seed))  # noqa: S311 - the same codes every time
        for day in script.fixtures.full:
            # A day laid out without a seat is full.
            await bot.stores.seats.lay_out(office.id, day, ())
        party = script.contact
        contact = Contact(party.channel, party.sender, office.id, profile=party.profile)
        if script.fixtures.blocked:
            conduct = Conduct(bot.stores.people)
            await conduct.block(contact.address, script.fixtures.blocked, BY, script.now, days=30)
        return cls(bot, here, contact, clock)

    async def say(self, said: Said, at: int) -> str:
        """Send what the applicant sends; why that is impossible, if it is."""
        kind, text, title = said.kind, said.text.rstrip("\n"), ""
        if kind == AGAIN:
            if self._last is None:
                return "nothing was sent yet that could be sent again"
            message = self._last
        else:
            if kind == TAP:
                taps = {button.title: button.payload for button in self._shown}
                if text not in taps:
                    there = ", ".join(f"[{title}]" for title in taps) or "nothing at all"
                    return f"there is no [{text}] to tap; there is {there}"
                text, title = taps[text], text
            media = Media(f"turn-{at}", "image/jpeg") if kind == "image" else None
            message = Message(f"turn-{at}", kind, text, self._clock(), title, media)
        self._last = message
        contact = replace(self._contact, heard_at=message.at)
        await self._bot.turns.hear(Inbound(contact, message))
        return ""

    async def wait(self, length: timedelta) -> None:
        """Let time pass; every timer and notice rings at its own time."""
        until = self._clock() + length
        if await self._bot.stores.waitlist.open():
            self._clock.now = min(until, self._clock() + LOOK_EVERY)
            await self._bot.sweeper.sweep()
        for _ in range(RINGS):
            due_at = await self._next_due(until)
            if due_at is None or due_at > until:
                break
            self._clock.now = max(self._clock.now, due_at)
            await self._bot.sweeper.sweep()
        self._clock.now = until

    async def free(self, day: date) -> None:
        """Let one more seat of a full day be free."""
        seats = self._bot.stores.seats
        taken = len(await seats.of_day(self._office.id, day))
        more = seats_of(self._office, day)[taken : taken + 1]
        await seats.lay_out(self._office.id, day, more)

    async def _next_due(self, until: datetime) -> datetime | None:
        """When the next timer or notice rings, or an offer lapses; of notices only by ``until``."""
        stores = self._bot.stores
        stored = await stores.conversations.load(self._contact.conversation_id)
        notices = await stores.notices.due(until, 1)
        moments = [notice.due_at for notice in notices] + ([stored.due_at] if stored else [])
        waits = await stores.waitlist.open()
        moments += [wait.until + SKEW for wait in waits if wait.state is WaitState.OFFERED]
        return min(moments, default=None)

    async def listen(self) -> None:
        """Take in what the bot says."""
        replies = tuple(await self._bot.outbox.collect(self._contact.conversation_id))
        self._heard += replies
        self._shown = [button for reply in replies for button in reply.buttons] or self._shown

    def take(self) -> tuple[Reply, ...]:
        """What was heard since last asked."""
        heard, self._heard = self._heard, ()
        return heard

    def left_over(self, asked: Exchange) -> Sequence[Exchange]:
        """What the recording says nothing about."""
        heard = self.take()
        return [replace(asked, got=heard)] if heard else []


class SamplePictures:
    """Gives out a picture for every image of a recording; not one to look at."""

    async def fetch(self, media_id: str, at_most: int) -> bytes | None:
        """See :class:`bot.booking.photos.PhotoSource`."""
        return (b"\xff\xd8\xff" + media_id.encode())[:at_most]


class _Clock:
    """Stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now


def _with_rules(office: Office, recording: Recording) -> Office:
    """The office under the recording's own rules.

    Raises:
        RecordingError: one of them is no rule, or has a wrong value.
    """
    rules = recording.script.fixtures.rules
    try:
        return recording.document.validate(
            Office, dict(office) | dict(rules), ("fixtures", "rules")
        )
    except ExceptionGroup as group:
        raise RecordingError(e for e in group.exceptions if isinstance(e, Finding)) from None


def _with_fixtures(office: Office, fixtures: Fixtures) -> Office:
    changed: dict[str, object] = {
        "closed": {**office.closed, **fixtures.closed},
        "opened": office.opened - fixtures.closed.keys(),
    }
    if fixtures.seats:
        first = office.sessions[0].model_copy(update={"seats": fixtures.seats})
        changed["sessions"] = (first,)
    return office.model_copy(update=changed)
