"""The conditional writes of seats: one for each step, its guard taken from the machine of a life.

Memory and MongoDB make the same writes; :mod:`tests.storage.test_life` holds both against
:class:`bot.booking.life.Life`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

from bot.booking.life import ACTIVE, APPLICANT, SYSTEM, Act, Event, SeatState, Step, sources, target
from bot.booking.seats import TRAIL_KEPT, Applicant, Claim, WalkIn, line_of
from bot.booking.visit import nameless
from bot.dialogue.store import LONG_AGO, NEVER
from storage.moments import milliseconds
from storage.pseudonym import Pseudonym
from storage.seat_documents import (
    ACTIVE_FIELDS,
    BOOKING_FIELDS,
    CALL_KEY,
    CHANGED_AT,
    CHANGED_IN,
    CLAIM_FIELDS,
    COUNTER_FIELDS,
    PERSONAL_FIELDS,
    SERVING,
    WAITS,
    WITHDRAWN,
    applicant_fields,
    day_id,
    ending_fields,
    event_document,
    held_fields,
)

Document: TypeAlias = dict[str, Any]

MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Write:
    """One conditional write on one seat, in MongoDB's words.

    Args:
        where: equal values, or ``$lt``, ``$gt``, ``$in``, ``$ne``.
        fields: what is set.
        drop: fields that go.
        events: what is added to the trail.
    """

    where: Document
    fields: Mapping[str, Any]
    drop: Sequence[str] = ()
    events: Sequence[Document] = ()

    @property
    def change(self) -> Document:
        """The update document; it says where and when, by the database's clock, something changed
        (:mod:`storage.occupied`).
        """
        office = self.where.get("office") or self.where["_id"].rsplit(":", 2)[0]
        change: Document = {
            "$set": {**self.fields, CHANGED_IN: office},
            "$currentDate": {CHANGED_AT: True},
        }
        if self.drop:
            change["$unset"] = dict.fromkeys(self.drop, "")
        if self.events:
            change["$push"] = {"trail": {"$each": list(self.events), "$slice": -TRAIL_KEPT}}
        return change


def _allowed(step: Step) -> Any:
    """The states in which a step is allowed, as a filter says it."""
    states = sorted(state.value for state in sources(step))
    return states[0] if len(states) == 1 else {"$in": states}


_ALLOWED: Final = {step: _allowed(step) for step in Step}


class SeatWrites:
    """Makes the writes; ``pseudonym`` turns senders into what trails may hold."""

    def __init__(self, pseudonym: Pseudonym) -> None:
        self.pseudonym = pseudonym

    def hold(self, found: Mapping[str, Any], claim: Claim, now: datetime) -> Write:
        """Claim a seat as it was read: free, or with a hold that is over, which is audited too."""
        where = {"_id": found["_id"], "state": found["state"], "claimable_from": _by(now)}
        if found["state"] == SeatState.FREE:
            return self._hold(where, claim, now)
        where["claim_key"] = found["claim_key"]
        over = self._event(Step.EXPIRED, now, Act(found["claim_key"], sender=found["sender"]))
        return self._hold(where, claim, now, over)

    def hold_any(self, free: Document, claim: Claim, now: datetime) -> Write:
        """Claim whichever free seat comes first; ``free`` filters those that are really free."""
        return self._hold(free, claim, now)

    def walk_in(self, found: Mapping[str, Any], given: WalkIn, act: Act, now: datetime) -> Write:
        """Give a free number, as it was read, to somebody at the counter."""
        free = {"_id": found["_id"], "state": SeatState.FREE.value}
        fields = {
            "state": _after(SeatState.FREE, Step.WALKED_IN),
            "claimable_from": NEVER,
            "claim_key": given.key,
            "walk_in": given.kind,
            WAITS: waits_in(found),
            "stepped_at": milliseconds(now),
        }
        return Write(free, fields, (), [self._event(Step.WALKED_IN, now, act)])

    def approve(
        self, seat: str, key: str, approval: str, code: str, now: datetime, sender: str
    ) -> Write:
        """Turn a live hold into a booking."""
        where = self._in(seat, key, Step.APPROVED) | {"until": {"$gt": now}}
        fields = {
            "state": _after(SeatState.HELD, Step.APPROVED),
            "claimable_from": NEVER,
            "booking_code": code,
            "approval_key": approval,
            "booked_at": milliseconds(now),
            "stepped_at": milliseconds(now),
        }
        act = Act(approval, APPLICANT, sender)
        return Write(where, fields, ("hold_ends",), [self._event(Step.APPROVED, now, act, code)])

    def amend(
        self,
        seat: str,
        key: str,
        who: Applicant,
        active_person: str,
        until: datetime,
        act: Act,
        now: datetime,
        code: str = "",
    ) -> Write:
        """Put another person into a live hold."""
        where = self._in(seat, key, Step.AMENDED) | {"until": {"$gt": now}}
        where["trail.key"] = {"$ne": self.pseudonym(act.key)}
        fields = {
            **applicant_fields(who),
            **ending_fields(until),
            "active_person": active_person,
            "person_mark": active_person,
            **({"approval_code": code} if code else {}),
        }
        return Write(where, fields, (), [self._event(Step.AMENDED, now, act)])

    def free(self, seat: str, key: str, step: Step, act: Act, now: datetime) -> Write:
        """End a claim."""
        where = self._in(seat, key, step)
        if step is Step.EXPIRED:
            where["until"] = _by(now)
        fields = {
            "state": SeatState.FREE.value,
            "claimable_from": LONG_AGO,
            "released_by": self.pseudonym(key),
            "released_at": milliseconds(now),
        }
        return Write(where, fields, CLAIM_FIELDS + BOOKING_FIELDS, [self._event(step, now, act)])

    def was_freed(self, found: Mapping[str, Any], key: str, step: Step, act: Act) -> bool:
        """Whether the claim ``key`` on this seat ended: it is free since, or ``act`` did it,
        whoever has the seat now.
        """
        if found.get("state") == SeatState.FREE and found.get("released_by") == self.pseudonym(key):
            return True
        done = (step.value, self.pseudonym(act.key))
        return any((event["step"], event["key"]) == done for event in found.get("trail", ()))

    def at_counter(
        self,
        seat: Mapping[str, Any],
        step: Step,
        act: Act,
        now: datetime,
        since: datetime | None,
        mark: str = "",
        counter: int = 0,
    ) -> Write | None:
        """A step from where the seat was read to stand; ``None`` where it is not allowed."""
        before = SeatState(seat["state"])
        after = target(before, step)
        if after is None or ("walk_in" in seat and after is SeatState.BOOKED):
            return None  # somebody who walked in has no booking to go back to
        where = {
            "_id": seat["_id"],
            "claim_key": seat["claim_key"],
            "state": before.value,
            "trail.key": {"$ne": self.pseudonym(act.key)},
        }
        if step is Step.CALLED and before is SeatState.CALLED:
            where[SERVING] = serving_at(seat, counter)  # again, by who called before
        if since is not None:
            where["stepped_at"] = {"$gt": milliseconds(since) - MILLISECOND}
        fields: Document = {"state": after.value, "stepped_at": milliseconds(now)}
        drop: tuple[str, ...] = () if after in ACTIVE else ACTIVE_FIELDS
        if after is SeatState.CHECKED_IN:
            fields[WAITS] = waits_in(seat)
        if step is Step.CALLED:
            place = {SERVING: serving_at(seat, counter), "counter": counter}
            fields |= place | {CALL_KEY: self.pseudonym(act.key)}
        drop += _left_behind(after)
        if after in ACTIVE and before not in ACTIVE and "sender" in seat:
            back = mark or seat["sender_mark"]
            fields |= {"active_sender": back, "sender_mark": back}
            fields["active_person"] = seat["person_mark"]
        # What staff typed outlives the name in the seat, so the name does not get into it.
        act = replace(act, reason=nameless(act.reason, seat.get("name", "")))
        return Write(where, fields, drop, [self._event(step, now, act)])

    @staticmethod
    def settle(seat: str, key: str, active_sender: str) -> Write:
        """Change an active seat's sender mark; no step of its life."""
        active = sorted(state.value for state in ACTIVE)
        where = {"_id": seat, "claim_key": key, "state": {"$in": active}}
        marks = {"active_sender": active_sender, "sender_mark": active_sender}
        return Write(where, marks, ("moving",))

    @staticmethod
    def retire(seat: str, key: str) -> Write:
        """Drop the marks; no step of its life."""
        return Write({"_id": seat, "claim_key": key}, {}, ACTIVE_FIELDS)

    def forget(self, seat: str, key: str) -> Write:
        """Take the identity out of a seat; its state and its trail stay. No step of its life."""
        where = {"_id": seat, "claim_key": key}
        return Write(where, {"claim_key": self.pseudonym(key)}, PERSONAL_FIELDS)

    def _hold(self, where: Document, claim: Claim, now: datetime, *before: Document) -> Write:
        fields = held_fields(claim)
        by = APPLICANT if claim.applicant.name else SYSTEM  # a seat offered to who waits
        act = Act(claim.key, by, claim.applicant.sender)
        events = [*before, self._event(Step.HELD, now, act)]
        left = (*CLAIM_FIELDS, *BOOKING_FIELDS)
        return Write(where, fields, [name for name in left if name not in fields], events)

    @staticmethod
    def _in(seat: str, key: str, step: Step) -> Document:
        return {"_id": seat, "claim_key": key, "state": _ALLOWED[step]}

    def _event(self, step: Step, now: datetime, act: Act, code: str = "") -> Document:
        who = self.pseudonym(act.sender) if act.sender else ""
        key, code = self.pseudonym(act.key), code and self.pseudonym(code)
        return event_document(Event(step, now, act.by, key, who, code, act.reason))


def waits_in(seat: Mapping[str, Any]) -> str:
    """The line that a seat waits in once they have come: one a day, of bookings and walk-ins."""
    return day_id(line_of(seat["office"]), date.fromisoformat(seat["day"]))


def serving_at(seat: Mapping[str, Any], counter: int) -> str:
    """Where a seat is called to: a counter of its office's day, or none in particular."""
    return at_counter_of(waits_in(seat), counter or seat["_id"])


def at_counter_of(line: str, counter: int | str) -> str:
    """The place of a counter: ``bogor:2026-11-24@3``; nobody else's begins so."""
    return f"{line}@{counter}"


def _left_behind(after: SeatState) -> tuple[str, ...]:
    """What of the line and the counter a seat carries no more."""
    if after is SeatState.CHECKED_IN:
        return (SERVING, CALL_KEY, "counter")
    if after is SeatState.CALLED:
        return (WAITS,)
    return COUNTER_FIELDS if after is SeatState.BOOKED else (WAITS, SERVING)


def claimable(office: str, day: str, now: datetime) -> Document:
    """Filter of a day's claimable seats.

    Exactly the leading fields of the index: with any more the embedded database reads all seats.
    """
    return {"office": office, "day": day, "claimable_from": _by(now)}


def never_claimed(office: str, day: str) -> Document:
    """Filter of a day's free seats, those that nobody's hold still stands on."""
    return {"office": office, "day": day, "claimable_from": LONG_AGO}


def _by(now: datetime) -> Document:
    """At most ``now``. "Before the next millisecond", not ``$lte``: inside an index the embedded
    database loses the equal ones.
    """
    return {"$lt": milliseconds(now) + MILLISECOND}


def _after(state: SeatState, step: Step) -> str:
    after = target(state, step)
    if after is None:
        raise ValueError(f"{step} is no step from {state}")
    return after.value


def withdraw(seat: str, now: datetime) -> Write:
    """Take a free seat out of its day."""
    free = {"_id": seat, "state": SeatState.FREE.value, "claimable_from": {"$lt": NEVER}}
    return Write(free, {WITHDRAWN: milliseconds(now), "claimable_from": NEVER})


def restore(seat: str) -> Write:
    """Bring a withdrawn seat back: no other free seat is never claimable."""
    withdrawn = {"_id": seat, "state": SeatState.FREE.value, "claimable_from": NEVER}
    return Write(withdrawn, {"claimable_from": LONG_AGO}, (WITHDRAWN,))
