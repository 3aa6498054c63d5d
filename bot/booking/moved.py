"""What whoever's booking staff moved is told, and is reminded of from then on.

Telling is a step of the move (:mod:`bot.booking.moving`), before the one that ends it: whoever ends
a move that a dead process began tells of it as well.
"""

from __future__ import annotations

from datetime import datetime

from bot.booking.notices import Notice, NoticeName, NoticeStore
from bot.booking.office import Office
from bot.booking.reminding import Reminders
from bot.booking.seats import Seat, day_of


class MoveNews:
    """Tells of moves by staff; applicants hear of their own in their dialogue."""

    def __init__(self, notices: NoticeStore) -> None:
        self._notices = notices
        self._reminders = Reminders(notices)

    async def tell(self, new: Seat, office: Office, now: datetime) -> None:
        """Let whose booking staff moved to ``new`` hear so; safe to repeat."""
        if new.claim is None or not new.claim.because:
            return
        await self._notices.add([moved_notice(new, office, now)])
        await self._reminders.withdraw(new.claim.replaces_key)
        await self._reminders.promise(new, office, now)


def moved_notice(new: Seat, office: Office, now: datetime) -> Notice:
    """What to tell whose booking staff moved; of no use once the new hour has come."""
    if new.claim is None:
        raise ValueError(f"{new.id} is nobody's")
    return Notice(
        id=f"{new.key}/moved",
        conversation=new.claim.applicant.conversation,
        name=NoticeName.MOVED.value,
        values={
            "day_before": day_of(new.claim.replaces).isoformat(),
            "date": new.day.isoformat(),
            "hour": f"{new.hour:%H.%M}",
            "number": new.number,
            "booking_code": new.booking_code,
            "reason": new.claim.because,
        },
        due_at=now,
        until=datetime.combine(new.day, new.hour, office.zone),
        about=new.key,
    )
