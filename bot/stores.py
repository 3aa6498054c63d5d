"""All stores a bot works on, together; ``storage`` makes them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.booking.calling import CallStore
from bot.booking.days import CalendarStore
from bot.booking.erasure import Ageing, PrivacyStore
from bot.booking.notices import NoticeStore
from bot.booking.people import PeopleStore
from bot.booking.photos import PhotoStore
from bot.booking.seats import SeatStore
from bot.booking.waitlist import WaitlistStore
from bot.dialogue.deliveries import DeliveryStore
from bot.dialogue.inbox import InboxStore
from bot.dialogue.letters import LetterStore
from bot.dialogue.proving import ProofStore
from bot.dialogue.store import ConversationStore
from bot.reports.sums import SumsStore


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a bot keeps what it knows.

    Args:
        audit: of the desk, which alone reads and writes it; here it goes with its time.
    """

    conversations: ConversationStore
    seats: SeatStore
    people: PeopleStore
    notices: NoticeStore
    calls: CallStore
    calendar: CalendarStore
    photos: PhotoStore
    privacy: PrivacyStore
    waitlist: WaitlistStore
    sums: SumsStore
    deliveries: DeliveryStore
    letters: LetterStore
    inbox: InboxStore
    proofs: ProofStore
    audit: Ageing
