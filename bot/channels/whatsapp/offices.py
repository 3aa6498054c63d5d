"""Several access tokens: each office's messages go out with its own, or with the one for all."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels.inbound import Progress
from bot.channels.whatsapp.sender import WhatsAppSender
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.errors import Stopped


class OfficeSenders:
    """A :class:`bot.channels.inbound.Sender` that leaves each office to the sender of its token.

    Args:
        own: by office id.
        general: for all others; ``None`` when there is no token for them.
    """

    def __init__(self, own: Mapping[str, WhatsAppSender], general: WhatsAppSender | None) -> None:
        self._own = own
        self._general = general

    async def send(self, contact: Contact, reply: Reply, progress: Progress) -> None:
        """See :meth:`bot.channels.whatsapp.sender.WhatsAppSender.send`."""
        sender = self._own.get(contact.office, self._general)
        if sender is None:
            variable = f"WHATSAPP_ACCESS_TOKEN_{contact.office.upper()}"
            raise Stopped(f"this office has no access token; set {variable}", cause=variable)
        await sender.send(contact, reply, progress)

    async def seen(self, contact: Contact, message_id: str, *, typing: bool) -> None:
        """See :meth:`bot.channels.whatsapp.sender.WhatsAppSender.seen`."""
        if sender := self._own.get(contact.office, self._general):
            await sender.seen(contact, message_id, typing=typing)
