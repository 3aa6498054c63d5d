"""What of all that was decided to be said is worth saying now, and what must be said with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.dialogue.care import WITH_STAFF
from bot.dialogue.checking import APOLOGY, PRIVACY_NOTICE
from bot.dialogue.decision import Saying
from bot.dialogue.replies import Replies
from bot.dialogue.reply import Reply

log = structlog.get_logger()

LAST_RESORT = Reply(
    "Mohon maaf, ada gangguan di sistem kami. Silakan coba lagi sebentar lagi.\n\n"
    "Sorry, something went wrong on our side. Please try again in a moment."
)
"""What is said when not even the project's own apology can be."""

LONG_SILENCE = timedelta(hours=24)
"""After it a notice is told alone, without the open question."""


def sayable(says: Sequence[Saying], silent_for: timedelta) -> Sequence[Saying]:
    """What a notice says to somebody who has been silent for so long.

    After a day a question asked again helps nobody, and on WhatsApp only templates may be sent.
    """
    if silent_for < LONG_SILENCE:
        return says
    return [saying for saying in says if saying.replies.is_template(saying.reply)] or says


def answering(replies: Sequence[Reply], message_id: str) -> Sequence[Reply]:
    """Answers to a message, which reactions are put on."""
    return [
        replace(reply, reaction=replace(reply.reaction, to=message_id)) if reply.reaction else reply
        for reply in replies
    ]


def introduced(answers: Sequence[Reply], sentences: Replies) -> Sequence[Reply]:
    """The first answer of a conversation: with what is done with the data, whatever it answers.

    Args:
        sentences: of the conversation's language; without a privacy notice nothing is added.
    """
    if not answers or PRIVACY_NOTICE not in sentences:
        return answers
    notice = sentences.render(PRIVACY_NOTICE, {})
    told = any(notice.text in answer.text for answer in answers)
    return answers if told else [notice, *answers]


def received(sentences: Replies) -> Sequence[Reply]:
    """What is said to the first message that a person will answer.

    Args:
        sentences: of the conversation's language; without that reply nothing is said.
    """
    return [sentences.render(WITH_STAFF, {})] if WITH_STAFF in sentences else []


def apology(sentences: Replies) -> Reply:
    """What is said when a turn failed; never raises, so that every message gets an answer.

    Args:
        sentences: of the conversation's language.
    """
    try:
        return sentences.render(APOLOGY, {})
    except Exception:  # whatever a template may do
        log.exception("apology_failed", alarm=True)
        return LAST_RESORT
