"""Those who wait for a seat: joining, being offered one in turn, taking it, passing it on.

A seat that is free while somebody waits for its day is held for the first of them at once, in their
conversation, and they are told by a notice; at night the notice and the hold's end wait for the
morning. Each step is safe to repeat: the offer's claim key is made of the wait and the number of
the offer, so two processes offer one person the same seat, and a seat has one claim. What a process
that died left half done, the next look of any process finishes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from bot.booking.life import APPLICANT, SYSTEM, Act
from bot.booking.notices import Notice, NoticeName, NoticeStore
from bot.booking.offering import NotOffered
from bot.booking.office import Office
from bot.booking.plan import bookable_days, check_day
from bot.booking.queue import Queue
from bot.booking.seats import SKEW, Seat
from bot.booking.waited import Waited
from bot.booking.waitlist import LONG_SINCE, Wait, WaitlistStore, WaitState
from bot.errors import StorageUnavailable

TRIES: Final = 8
"""How often a step is tried while others take one of the same wait."""

LOOK_EVERY: Final = timedelta(seconds=10)
"""Between two looks for free seats, unless this process knows of one that was freed."""


class NotJoined(StrEnum):
    """Why somebody is not put on the list."""

    OFF = "off"
    FREE = "free"
    NOT_BOOKABLE = "not_bookable"
    LIST_FULL = "list_full"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list.

    Args:
        ahead: how many are offered a seat of this day first.
    """

    wait: Wait
    ahead: int


class Waits:
    """The waitlists of all offices."""

    def __init__(
        self, store: WaitlistStore, notices: NoticeStore, waited: Waited, random: Random
    ) -> None:
        self._store, self._notices, self._waited = store, notices, waited
        self._random = random
        self._look_at = self._seen_at = LONG_SINCE
        self._on_offer: dict[str, Wait] = {}

    async def join(self, queue: Queue, wait: Wait, key: str, now: datetime) -> Place | NotJoined:
        """Put a number on the list of a day, or of any; who is there keeps their place."""
        office = queue.office(wait.office)
        if not office.waitlist:
            return NotJoined.OFF
        there = await self._store.load(wait.id) or wait
        if there.did(WaitState.LEFT, key):
            return NotJoined.LIST_FULL  # as it was said the first time
        if not there.is_open and not there.did(WaitState.WAITING, key):
            if wait.day and check_day(office, wait.day, now):
                return NotJoined.NOT_BOOKABLE
            if await _has_seat(queue, office, wait.day, now):
                return NotJoined.FREE
        for _ in range(TRIES):
            if there.is_open or there.did(WaitState.WAITING, key):
                break
            fresh = replace(
                there, conversation=wait.conversation, joined_at=_exact(now), seat="", key=""
            )
            joined = fresh.to(WaitState.WAITING, now, APPLICANT, key)
            await self._store.save(joined)
            there = await self._store.load(wait.id) or wait
        place = Place(there, await self._ahead(there))
        if place.ahead >= office.waitlist_size and there.did(WaitState.WAITING, key):
            await self._end(there, WaitState.LEFT, Act(key), now)
            return NotJoined.LIST_FULL
        self._waited.add(there)
        return place

    async def of(self, office: str, sender: str, also: Sequence[str] = ()) -> list[Place]:
        """The places of a number in an office's list, an offer first, then the earliest.

        Args:
            also: other senders that are the same person.
        """
        theirs = {sender, *also}
        waits = [wait for wait in await self._store.open(office) if wait.sender in theirs]
        waits.sort(key=lambda wait: wait.state is not WaitState.OFFERED)
        return [Place(wait, await self._ahead(wait)) for wait in waits]

    async def take(
        self, queue: Queue, wait: str, offer: str, key: str, now: datetime
    ) -> Seat | None:
        """Take the seat held with claim key ``offer``; ``None`` when the offer is over."""
        for _ in range(TRIES):
            there = await self._store.load(wait)
            if there is None or there.key != offer:
                return None
            if there.did(WaitState.TAKEN, key):
                return await queue.take(there, f"{key}|take", now)
            if there.state is not WaitState.OFFERED or now >= there.until:
                return None
            await self._save(there.to(WaitState.TAKEN, now, APPLICANT, key))
        raise StorageUnavailable("This place in the waitlist keeps changing. Try again.")

    async def is_offered(self, wait: str, offer: str) -> bool:
        """Whether the seat held with claim key ``offer`` is still offered."""
        there = await self._store.load(wait)
        return there is not None and there.is_open and there.key == offer

    async def leave(
        self, queue: Queue, wait: str, state: WaitState, act: Act, now: datetime
    ) -> bool:
        """End a wait as ``state`` says, and pass on the seat offered; whether it was open, also
        when ``act.key`` ended it before.
        """
        for _ in range(TRIES):
            there = await self._store.load(wait)
            if there is None:
                return False
            if there.did(state, act.key) or await self._end(there, state, act, now):
                if there.key:
                    freed = Act(act.key, act.by, there.sender, state.value)
                    await queue.release(there.seat, there.key, now, freed)
                    await self._notices.withdraw(there.key)
                self._waited.seat_freed()  # or who waited before others does no more
                return True
            if not there.is_open:
                return False
        raise StorageUnavailable("This place in the waitlist keeps changing. Try again.")

    async def booked(self, sender: str, key: str, now: datetime) -> None:
        """Take a number off the lists that this process knows it on: it has a booking now."""
        for wait in self._waited.of(sender):
            there = await self._store.load(wait.id)
            if there is not None and there.state is WaitState.WAITING:
                await self._end(there, WaitState.BOOKED, Act(key), now)

    async def tend(self, queue: Queue, now: datetime) -> int:
        """Let offers lapse that nobody took, and offer what is free to those who wait, in turn.

        Returns:
            How many steps were taken.
        """
        done = 0
        if self._waited.take_freed():
            self._look_at = LONG_SINCE
        if now < self._look_at:
            done = await self._see_changes(queue, now)
            if not self._waited.take_freed():  # else an offer lapsed, and its seat is free
                return done
        self._look_at, self._seen_at = now + LOOK_EVERY, now
        waits = await self._store.open()
        aside, full = set[str](), set[tuple[str, date]]()
        before = done
        for wait in waits:
            if queue.offices.get(wait.office) is None:
                continue  # staff took the office out of the file, perhaps for a moment
            if wait.state is WaitState.OFFERED:
                done += await self._follow_up(queue, wait, now)
                continue
            got = await self._serve(queue, wait, full, now)
            done += got is not NotOffered.FULL
            if got is NotOffered.HOLDS_ANOTHER:
                aside.add(wait.id)
        if done > before:
            waits = await self._store.open()
        self._waited.see(waits, aside)
        self._on_offer = {wait.id: wait for wait in waits if wait.state is WaitState.OFFERED}
        return done

    async def _see_changes(self, queue: Queue, now: datetime) -> int:
        """Between two looks: what any process changed, and offers that are due; steps taken.

        The list as a whole may be long, and is not read for this.
        """
        since, self._seen_at = self._seen_at - SKEW, now
        for wait in await self._store.touched(since):
            self._waited.add(wait)
            self._note(wait)
        done = 0
        for wait in sorted(self._on_offer.values(), key=lambda wait: wait.place):
            if queue.offices.get(wait.office) and (not wait.told or now >= wait.until + SKEW):
                there = await self._store.load(wait.id)
                if there and there.state is WaitState.OFFERED:
                    done += await self._follow_up(queue, there, now)
                    there = await self._store.load(wait.id)
                self._note(there or replace(wait, state=WaitState.OVER))
        return done

    def _note(self, wait: Wait) -> None:
        """Remember an offer, or that it is over."""
        if wait.state is WaitState.OFFERED:
            self._on_offer[wait.id] = wait
        else:
            self._on_offer.pop(wait.id, None)

    async def _follow_up(self, queue: Queue, wait: Wait, now: datetime) -> bool:
        """What an offer still needs: its notice, or to be over; whether it was either."""
        if now >= wait.until + SKEW:
            act = Act(f"{wait.key}|lapsed", SYSTEM, wait.sender)
            return await self.leave(queue, wait.id, WaitState.LAPSED, act, now)
        if not wait.told:
            await self._tell(queue, wait, now)
            return True
        return False

    async def _serve(
        self, queue: Queue, wait: Wait, full: set[tuple[str, date]], now: datetime
    ) -> NotOffered | None:
        """Offer a seat to somebody, if there is one; ``FULL`` when nothing was done."""
        office = queue.office(wait.office)
        awake = awake_at(office, now)
        if wait.day and check_day(office, wait.day, awake):
            await self._end(wait, WaitState.OVER, Act(f"{wait.id}|over"), now)
            return None
        key = f"{wait.conversation}|wait|{wait.id}|{wait.offers + 1}"
        until = awake + timedelta(minutes=office.waitlist_minutes)
        for day in _days(office, wait, awake):
            if (office.id, day) in full:
                continue
            got = await queue.offer(wait, day, key, until, self._random, now)
            if got is NotOffered.FULL:
                full.add((office.id, day))
            elif got is NotOffered.BOOKED:
                await self._end(wait, WaitState.BOOKED, Act(key), now)
                return None
            elif isinstance(got, NotOffered):
                return got
            else:
                await self._offered(queue, wait, got, now)
                return None
        return NotOffered.FULL

    async def _offered(self, queue: Queue, wait: Wait, seat: Seat, now: datetime) -> None:
        until = seat.claim.until if seat.claim else now
        offer = replace(
            wait, offers=wait.offers + 1, seat=seat.id, key=seat.key, until=until, told=False
        ).to(WaitState.OFFERED, now, SYSTEM, seat.key)
        if await self._save(offer):
            await self._tell(queue, replace(offer, revision=offer.revision + 1), now)
            return
        there = await self._store.load(wait.id)
        theirs = there is not None and there.key == seat.key
        if not theirs or (there and there.state not in (WaitState.OFFERED, WaitState.TAKEN)):
            act = Act(seat.key, SYSTEM, wait.sender, "left the waitlist")
            await queue.release(seat.id, seat.key, now, act)

    async def _tell(self, queue: Queue, wait: Wait, now: datetime) -> None:
        """See to it that the conversation hears of its offer: the notice's id is the offer's."""
        awake = awake_at(queue.office(wait.office), now)
        notice = Notice(
            id=wait.key,
            conversation=wait.conversation,
            name=NoticeName.SEAT_OFFERED.value,
            due_at=min(awake, wait.until),
            until=wait.until,
            about=wait.key,
        )
        await self._notices.add([notice])
        await self._save(replace(wait, told=True))

    async def _ahead(self, wait: Wait) -> int:
        """How many wait before, for the same day or for any."""
        waits = await self._store.open(wait.office)
        return sum(
            each.place < wait.place
            and each.state is WaitState.WAITING
            and (wait.day is None or each.day in (None, wait.day))
            for each in waits
        )

    async def _end(self, wait: Wait, state: WaitState, act: Act, now: datetime) -> bool:
        return wait.is_open and await self._save(wait.to(state, now, act.by, act.key))

    async def _save(self, wait: Wait) -> bool:
        saved = await self._store.save(wait)
        if saved:
            self._waited.add(replace(wait, revision=wait.revision + 1))
        return saved


def awake_at(office: Office, now: datetime) -> datetime:
    """``now``, or the next moment at which the office makes offers."""
    return office.waitlist_hours.opens_at(office.local(now)) or now


def _days(office: Office, wait: Wait, awake: datetime) -> Iterator[date]:
    return iter([wait.day]) if wait.day else bookable_days(office, awake)


async def _has_seat(queue: Queue, office: Office, day: date | None, now: datetime) -> bool:
    if day is None:
        return bool(await queue.free_days(office, now))
    return await queue.is_free(office, day, now)


def _exact(now: datetime) -> datetime:
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
