"""Takes a live conversation out of the stores, to be made into a recording."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.booking.seats import Seat
from bot.dialogue.store import Contact
from bot.errors import AntreError
from bot.rehearsing.studio import in_memory
from bot.replay.recorder import public_text, recorded
from bot.settings import Settings
from bot.stores import Stores
from nlu.classifier import Classifier

if TYPE_CHECKING:
    from bot.app import Bot


class NoConversationError(AntreError):
    """Nobody has written there."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is stored of a conversation.

    Args:
        records: of the journal, oldest first.
        seats: that the person has or had at this office.
    """

    contact: Contact
    records: Sequence[Mapping[str, Any]]
    seats: Sequence[Seat]


async def taken(stores: Stores, conversation: str) -> Taken:
    """What is stored of a conversation.

    Raises:
        NoConversationError: there is none.
        StorageUnavailable: it cannot be read now.
    """
    stored = await stores.conversations.load(conversation)
    if stored is None:
        message = f"no conversation {conversation!r}; an id is CHANNEL:OFFICE:NUMBER"
        raise NoConversationError(message)
    records = await stores.conversations.transcript(conversation)
    seats = await stores.seats.of_sender(stored.contact.address)
    own = [seat for seat in seats if seat.office == stored.contact.office]
    return Taken(stored.contact, records, own)


def recorder_of(
    bot: Bot, settings: Settings, classifier: Classifier | None
) -> Callable[[str], Awaitable[str]]:
    """Makes recordings of a running bot's conversations, given their ids.

    It raises as :func:`taken` and :func:`bot.replay.recorder.recorded` do.
    """

    async def record(conversation: str) -> str:
        found, public = await taken(bot.stores, conversation), public_text(settings.flows.folder)
        stage, definitions = in_memory(settings, classifier), bot.library.current
        made = await recorded(found.contact, found.records, definitions, stage, public, found.seats)
        return made.text

    return record
