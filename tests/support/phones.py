"""A telephone with WhatsApp beside the applicants' page: what is sent to it is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bot.channels.inbound import Inbound, Progress
from bot.channels.whatsapp.messages import compose, compose_template
from bot.dialogue.events import Message
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from tests.support.applicants import OFFICE, Street

PHONE = "6281200000001"
CODE = re.compile(r"\*(\d{6})\*")


@dataclass
class Meta:
    """A :class:`bot.channels.inbound.Sender` that keeps what Graph would get."""

    sent: list[tuple[Contact, Reply]] = field(default_factory=list)
    seconds: float = 0

    async def send(self, contact: Contact, reply: Reply, progress: Progress) -> None:  # noqa: ARG002  # the Protocol's
        """Keep it; it must be in Meta's form."""
        assert compose(reply, contact.reached_at)
        if reply.template:
            assert compose_template(reply, reply.template, contact.reached_at)
        self.sent.append((contact, reply))

    @property
    def codes(self) -> list[str]:
        """The codes that were sent."""
        return [found[1] for _, reply in self.sent if (found := CODE.search(reply.text))]


async def from_whatsapp(street: Street, *texts: str, phone: str = PHONE) -> list[str]:
    """Write to the office on WhatsApp; all that was answered to the last one."""
    contact = Contact("whatsapp", phone, OFFICE, "10001", ids=(phone,))
    replies: list[str] = []
    for text in texts:
        now = street.clock()
        who = replace(contact, heard_at=now)
        id_ = f"wamid.{phone}.{len(texts)}.{text}.{now.timestamp()}"
        await street.bot.turns.hear(Inbound(who, Message(id_, "text", text, now)))
        stored = await street.stores.conversations.transcript(contact.conversation_id)
        replies = [reply["text"] for reply in stored[-1]["replies"]]
    return replies
