"""How things must stand after a turn: ``expect`` in a recording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from bot.booking.card import card
from bot.booking.life import ACTIVE
from bot.booking.office import Offices
from bot.booking.seats import Seat
from bot.dialogue.conversation import Conversation
from bot.dialogue.store import Contact, Stored
from bot.document import Part
from bot.replay.agreeing import Disagreement, disagreements
from bot.stores import Stores

NONE: Final = "none"


class Expect(Part):
    """How things must stand after a turn; what is not written may be as it likes.

    Args:
        state: the open state, `confirming`, or with its flow, `passport_guided.confirming`.
        flow: the open flow.
        language: of the replies.
        slots: what is known, by name; `null` is nothing.
        booking: the applicant's booking: `state` (`held`, `booked`, `checked_in`, `served`,
            `rejected`, `void`), `day`, `hour`, `number`, `code`, `name`, `birth_date`, `session`,
            `office`; or `none`.
        people: how many seats the applicant's number has, for a family.
        notices: what they will be told by itself, in order: `[notice_reminder]`.
        outbox: how many messages the turn left to be delivered.
    """

    state: str = ""
    flow: str = ""
    language: str = ""
    slots: Mapping[str, Any] = {}
    booking: Mapping[str, Any] | Literal["none"] | None = None
    people: int | None = None
    notices: tuple[str, ...] | None = None
    outbox: int | None = None

    def unmet(self, seen: Mapping[str, Any]) -> Iterator[Disagreement]:
        """Every part of this that is not so, in the order of the file."""
        for name in self.__class__.model_fields:
            if name not in self.model_fields_set:
                continue
            written, actual = getattr(self, name), seen[name]
            if name == "state" and "." in written:
                actual = f"{seen['flow']}.{actual}"
            if name == "booking" and written == NONE:
                written = None
            if name == "booking" and actual is None and written is not None:
                yield Disagreement((name,), "there is no booking")
                continue
            yield from disagreements(written, actual, (name,))


async def seen(
    stores: Stores, contact: Contact, offices: Offices, delivered: int
) -> dict[str, Any]:
    """How things stand, in the keys of :class:`Expect`.

    Args:
        delivered: messages of this turn that were taken out of the outbox.
    """
    stored = await stores.conversations.load(contact.conversation_id)
    seats = [seat for seat in await stores.seats.of_sender(contact.address) if seat.claim]
    notices = await stores.notices.of_conversation(contact.conversation_id)
    booking = _foremost(seats)
    return {
        **_place(stored.conversation if stored else None),
        "booking": booking and _card(booking, offices),
        "people": len([seat for seat in seats if seat.state in ACTIVE]),
        "notices": [each.name for each in sorted(notices, key=lambda each: (each.due_at, each.id))],
        "outbox": delivered + _waiting(stored),
    }


def _place(conversation: Conversation | None) -> dict[str, Any]:
    if conversation is None or not conversation.frames:
        return {
            "state": None,
            "flow": None,
            "language": conversation and conversation.language,
            "slots": dict(conversation.slots) if conversation else {},
        }
    return {
        "state": conversation.frame.state,
        "flow": conversation.frame.flow,
        "language": conversation.language,
        "slots": dict(conversation.slots),
    }


def _foremost(seats: list[Seat]) -> Seat | None:
    """The seat that counts now, or else the one something happened to last."""
    active = [seat for seat in seats if seat.state in ACTIVE]
    if active:
        return active[0]
    return max(seats, key=lambda seat: seat.trail[-1].at, default=None)


def _card(seat: Seat, offices: Offices) -> dict[str, Any]:
    """The booking as it is stored, and as the applicant is shown it."""
    office = offices.get(seat.office)
    return {
        **(card(seat, office) if office else {}),
        "day": seat.day.isoformat(),
        "session": seat.session,
        "state": seat.state.value,
        "office": seat.office,
    }


def _waiting(stored: Stored | None) -> int:
    return len(stored.outbox) if stored else 0
