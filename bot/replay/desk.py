"""What staff do in a recording: at the counter, and with the office's days and numbers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from bot.attending import Attending
from bot.booking.calling import Calls, NoSuchNumber
from bot.booking.conduct import Conduct
from bot.booking.counter import TurnedAway
from bot.booking.life import SYSTEM, Act, staff
from bot.booking.moved import MoveNews
from bot.booking.office import Offices
from bot.booking.people import StrikeKind
from bot.booking.queue import Queue
from bot.booking.season import Day
from bot.booking.seats import Seat
from bot.booking.session import Id, Words
from bot.booking.upkeep import NO_SHOW
from bot.clock import Clock
from bot.day_desk import DayDesk, Staff
from bot.document import Part
from bot.errors import AntreError
from bot.replay.in_chat import VERBS as IN_CHAT
from bot.replay.in_chat import deal
from bot.stores import Stores

BY: Final = "recording"
"""The member of staff who does all that a recording says."""

VERBS: Final = (
    "check_in",
    "call",
    "serve",
    "reject",
    "void",
    "no_show",
    "undo",
    "close",
    "open",
    "seats",
    "block",
    "unblock",
    "mark",
    "clear",
    *IN_CHAT,
)

DAYS: Final = frozenset({"close", "open", "seats"})
"""Acts after which the bot's offices are others."""

Seats = Annotated[int, Field(strict=True, ge=0)]


class StaffAct(Part):
    """One thing that staff do, as at the counter or with `antre days` and `antre people`.

    Args:
        check_in: somebody shows this booking code at the office.
        call: this number, or the one of this booking code, is called to the counter.
        serve: who has this booking code is done.
        reject: who has this booking code is turned away; `reason` says why.
        void: the booking of this code is void: late.
        no_show: the same, and it counts against the number: nobody came.
        undo: what staff did last with this booking code is taken back.
        close: this day is closed; `reason` is told to applicants.
        open: this day is open.
        seats: other numbers of seats, by day and session: `{2026-11-24: {pagi: 60}}`.
        block: the applicant's number gets no seat; this is why, and they are told it.
        unblock: `true`: it gets seats again.
        mark: this is noted about the applicant's number, for the counter to see.
        clear: `true`: the note and the block are taken away.
        take: `true`: they take the conversation over; the bot is silent from then on.
        reply: they write this in it; what a person writes is not among what the bot says.
        hand_back: `true`: the bot goes on where it was; of one that only waits, it waits no more.
        ask_to_write: `true`: they ask who has been silent for a day to write.
        lapse: `true`: they do not do in time what is wanted of them.
        reason: why, for `reject`, `void` and `close`.
        move: with `close`: bookings go to the nearest free seats, and their holders are told.
        days: with `block`: for how long; else for ever.
        refused: it must not work, for this reason: `late`, `other_day`, `unknown`, `other_office`,
            `over`, `taken_by_other`, `not_yours`, `window_closed`; `not_now` where there is only
            one.
    """

    check_in: str = ""
    call: str | int = ""
    serve: str = ""
    reject: str = ""
    void: str = ""
    no_show: str = ""
    undo: str = ""
    close: Day | None = None
    open: Day | None = None
    seats: Mapping[Day, Mapping[Id, Seats]] = {}
    block: Words | None = None
    unblock: Literal[True] | None = None
    mark: Words | None = None
    clear: Literal[True] | None = None
    take: Literal[True] | None = None
    reply: Words | None = None
    hand_back: Literal[True] | None = None
    lapse: Literal[True] | None = None
    ask_to_write: Literal[True] | None = None
    reason: Words | None = None
    move: bool = False
    days: Annotated[int, Field(ge=1)] | None = None
    refused: str = ""

    @model_validator(mode="after")
    def _one_act(self) -> StaffAct:
        done = [verb for verb in VERBS if getattr(self, verb)]
        if len(done) != 1:
            raise ValueError(f"write one of {', '.join(VERBS)}; a list for several")
        verb = done[0]
        if verb in {"reject", "close"} and not self.reason:
            raise ValueError(f"'{verb}' needs a 'reason'")
        for more, of in (("reason", {"reject", "void", "close"}), ("move", {"close"}),
                         ("days", {"block"})):  # fmt: skip
            if more in self.model_fields_set and verb not in of:
                raise ValueError(f"'{more}' does not belong to '{verb}'")
        return self

    @property
    def verb(self) -> str:
        """What is done."""
        return next(verb for verb in VERBS if getattr(self, verb))

    def __str__(self) -> str:
        """As a person reading a report would put it."""
        value = getattr(self, self.verb)
        return self.verb.replace("_", " ") + ("" if value is True else f" {value}")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where staff do it.

    Args:
        attending: how they deal with conversations, `conversation` this one's id.
        offices: as the file has them, without staff's changes.
        current: the offices as they are now.
        office: the id of the recording's office.
        address: of the applicant.
    """

    stores: Stores
    attending: Attending
    conversation: str
    offices: Offices
    current: Callable[[], Offices]
    office: str
    address: str
    clock: Clock
    random: Random

    async def do(self, act: StaffAct, key: str) -> str:
        """Do it; why it did not go as written, or nothing.

        Args:
            key: of this act.
        """
        try:
            refused = await self._done(act, key)
        except AntreError as error:
            refused = str(error)
        if refused == act.refused:
            return ""
        if not act.refused:
            return f"{act}: refused, {refused}"
        return f"{act}: refused, {refused}, not {act.refused}" if refused else f"{act}: it worked"

    async def _done(self, act: StaffAct, key: str) -> str:
        """Do it; the reason why it is refused, or nothing."""
        verb, at_the_counter = act.verb, self._at_the_counter()
        if verb in at_the_counter:
            signed = Act(key, staff(BY), reason=act.reason or "")
            return await at_the_counter[verb](str(getattr(act, verb)), signed)
        if verb in IN_CHAT:
            text = act.reply or ""
            return await deal(self.attending, self.conversation, verb, BY, key, text)
        if verb in DAYS:
            await self._change_days(act)
        else:
            await self._change_person(act)
        return ""

    def _at_the_counter(self) -> Mapping[str, Callable[[str, Act], Awaitable[str]]]:
        queue = self._queue

        async def check_in(code: str, act: Act) -> str:
            done = await queue.check_in(queue.office(self.office), code, act, self.clock())
            return done.why.value if isinstance(done, TurnedAway) else ""

        async def no_show(code: str, act: Act) -> str:
            absent = Act(act.key, SYSTEM, reason=NO_SHOW)
            refused = await self._step(queue.void)(code, absent)
            return refused or await self._strike(code)

        return {
            "check_in": check_in,
            "call": self._call,
            "serve": self._step(queue.serve),
            "reject": self._step(queue.reject),
            "void": self._step(queue.void),
            "no_show": no_show,
            "undo": self._step(queue.undo),
        }

    def _step(
        self, step: Callable[[Seat, Act, Any], Awaitable[Seat | None]]
    ) -> Callable[[str, Act], Awaitable[str]]:
        async def do(code: str, act: Act) -> str:
            seat = await self.stores.seats.by_code(code)
            if seat is None:
                return "unknown"
            return "" if await step(seat, act, self.clock()) else "not_now"

        return do

    async def _strike(self, code: str) -> str:
        seat = await self.stores.seats.by_code(code)
        if seat is None or seat.claim is None:
            return "unknown"
        sender, key = seat.claim.applicant.sender, seat.claim.group or seat.key
        office, now = self._queue.office(seat.office), self.clock()
        await Conduct(self.stores.people).strike(office, sender, StrikeKind.NO_SHOW, key, now)
        return ""

    async def _call(self, called: str, act: Act) -> str:
        number = int(called) if called.isdecimal() else 0
        if not number:
            seat = await self.stores.seats.by_code(called)
            if seat is None:
                return "unknown"
            number = seat.number
        calls = Calls(self.stores.seats, self.stores.calls, self.stores.notices)
        try:
            await calls.call(self._queue.office(self.office), number, self.clock(), act.by)
        except NoSuchNumber:
            return "unknown"
        return ""

    async def _change_days(self, act: StaffAct) -> None:
        desk = DayDesk(self.offices, self.office, self.stores, self.random)
        who = Staff(BY, self.clock())
        if act.close:
            await desk.close(act.close, act.reason or "", who, move=act.move)
        elif act.open:
            await desk.open(act.open, who)
        for day, seats in act.seats.items():
            await desk.reseat(day, seats, who)

    async def _change_person(self, act: StaffAct) -> None:
        conduct, now = Conduct(self.stores.people), self.clock()
        if act.block:
            await conduct.block(self.address, act.block, staff(BY), now, act.days)
        elif act.mark:
            await conduct.mark(self.address, act.mark, staff(BY), now)
        elif act.unblock:
            await conduct.unblock(self.address, staff(BY), now)
        else:
            await conduct.clear(self.address, staff(BY), now)

    @property
    def _queue(self) -> Queue:
        return Queue(self.current(), self.stores.seats, news=MoveNews(self.stores.notices))
