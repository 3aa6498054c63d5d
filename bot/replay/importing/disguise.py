"""An imported conversation with nobody in it: whoever writes, and whoever they write of.

Who writes and what is a telephone number is known for certain (:mod:`masking
<bot.replay.importing.masking>`). The rest is what today's grammar reads in the applicant's messages
as a name, a birth date, an address, a code, and what looks like one; it is replaced as in
recordings of live conversations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bot.booking.office import Offices
from bot.dialogue.events import Expectation, Message
from bot.replay.anonymous import Anonymous, anonymous
from bot.replay.disguising import national
from bot.replay.importing.conversation import Conversation, ImportingError
from bot.replay.importing.masking import Mask
from bot.replay.said import TEXT
from nlu.grammar import understand

_ASKED: Final = re.compile(r"\b(?:nama|name|data diri|identitas)\b", re.IGNORECASE)
_WHO: Final = Expectation(missing=("person_name", "birth_date"))
"""What an office waits for that has just asked for the name."""


@dataclass(frozen=True, slots=True)
class Disguise:
    """Replaces what is personal in a conversation's texts, and says what is left of it."""

    mask: Mask
    anonymous: Anonymous
    _done: dict[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        """``text`` with nobody in it."""
        if text not in self._done:
            masked = self.mask(text)
            self._done[text] = self.anonymous.text(masked, stays=self.mask.invented)
        return self._done[text]

    def check(self, conversation: Conversation) -> None:
        """See that nothing that is known of people stands in a conversation's texts.

        Raises:
            ImportingError: something does; it says where.
        """
        if not self._left("\n\n".join(self(each.text) for each in conversation.utterances)):
            return
        found = (each.line for each in conversation.utterances if self._left(self(each.text)))
        raise ImportingError(
            f"line {next(found, 0)}: something personal would still stand there; take it out of "
            "the file, or import it with --as-is"
        )

    def _left(self, text: str) -> bool:
        invented = {national(number) for number in self.mask.invented}
        return any(national(fact) not in invented for fact in self.anonymous.left(text))


def disguise_of(conversation: Conversation, offices: Offices, told: str, now: datetime) -> Disguise:
    """Knows whom a conversation is about.

    Args:
        told: what everybody is told: :func:`bot.replay.recorder.public_text`.
        now: when it begins, aware.
    """
    mask = Mask(conversation.people, offices)
    records = list(_read(conversation, mask, now))
    for each in conversation.utterances:
        mask(each.text)  # so that it knows all numbers
    names = {name for name in conversation.people if not re.search(r"\d", name)}
    people = {"names": names, "numbers": mask.numbers}
    return Disguise(mask, anonymous(records, people, offices, told, now))


def _read(conversation: Conversation, mask: Mask, now: datetime) -> Iterator[dict[str, Any]]:
    """What the grammar reads in the applicant's messages, as a journal would have it."""
    said = ""
    for each in conversation.utterances:
        if each.by_office:
            said = each.text
        elif each.kind == TEXT:
            text = mask(each.text)
            for expectation in _expected(said):
                understood = understand(Message("", TEXT, text, now), expectation, now)
                yield {"message": {"text": text}, "understood": understood.as_document()}


def _expected(said: str) -> Sequence[Expectation]:
    return (Expectation(), _WHO) if _ASKED.search(said) else (Expectation(),)
