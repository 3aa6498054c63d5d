"""An example of a change, side by side, with nobody in it.

What is known of people is replaced by what is invented, as in a recording; of what an applicant
wrote, words that are neither everyday ones nor in what staff wrote are left out, because they may
be a name that nobody took for one. Where something would be left all the same, no words are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.booking.office import Offices
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.replay.anonymous import Anonymous, anonymous, people_in
from bot.replay.answer import Answer
from bot.replay.personal import WORD, spans_of
from bot.replay.report import Complaint, compared, lines_of, understanding
from bot.replay.said import TAP
from bot.replay.traffic.change import Cause, Record
from bot.replay.traffic.comparing import Found
from nlu.ordinary import EVERYDAY
from nlu.spelling import fold
from nlu.words import KNOWN

TITLES: Final = ("then", "now")
LEFT_OUT: Final = "…"
"""Stands for words that may be somebody's."""

SPOKEN: Final = KNOWN | EVERYDAY
"""Words that are nobody's name, as :func:`nlu.spelling.fold` leaves them."""

LONGEST: Final = 200
"""Characters of a message that are shown."""


@dataclass(frozen=True, slots=True)
class Example:
    """Shows changes of one conversation.

    Args:
        records: all that the journal has of it.
        public: what everybody is told: :func:`bot.replay.recorder.public_text`.
    """

    contact: Contact
    records: Sequence[Record]
    offices: Offices
    public: str

    def __call__(self, found: Found) -> Complaint:
        """A change, as it shows here."""
        then, went = found.then, found.went
        mask = anonymous(
            [*self.records, *went.records],
            people_in(self.contact),
            self.offices,
            self.public,
            then["at"],
        )
        names = [part for record in (then, *went.records) for part in spans_of(record)]
        now = went.records[-1] if went.records else {"replies": ()}
        was, says = (
            mask.text("\n".join(_lines(record)), names).split("\n") for record in (then, now)
        )
        rows = tuple(compared(was, says)) if went.records and was != says else ()
        notes = [_prompt(then, mask, names), *_notes(found, mask, names)]
        if mask.left("\n".join([*was, *says, *notes])):
            rows, notes = (), ["the words are not shown: they might tell who it was"]
        where = f"at {then['office']}, {then['at']:%Y-%m-%d}, on version {then['version']}"
        return Complaint(found.change.place, found.change.what, rows, (where, *notes))


def _lines(record: Record) -> list[str]:
    return list(lines_of([Answer.of(Reply.from_document(each)) for each in record["replies"]]))


def _prompt(then: Record, mask: Anonymous, names: Sequence[str]) -> str:
    """What happened."""
    if "notice" in then:
        return f"{then['notice']} was told"
    if "message" not in then:
        return "a timer rang"
    message = then["message"]
    kind, text = message["kind"], message["text"]
    if kind == TAP:
        return f"they tapped [{known_words(mask.text(message.get('title', ''), names), mask)}]"
    shown = known_words(mask.text(text[:LONGEST], names), mask)
    return f'they wrote "{shown}"' if kind == "text" else f'they sent {kind} "{shown}"'


def known_words(text: str, mask: Anonymous) -> str:
    """A text without words that may be somebody's."""

    def shown(word: re.Match[str]) -> str:
        small = word[0].casefold()
        known = small in mask.public or fold(small) in SPOKEN
        return word[0] if known or mask.invents(small) else LEFT_OUT

    parts, at = [], 0
    for replaced in mask.looks.finditer(text):  # a number or a code, which is an invented one
        parts += [WORD.sub(shown, text[at : replaced.start()]), replaced[0]]
        at = replaced.end()
    return " ".join("".join([*parts, WORD.sub(shown, text[at:])]).split())


def _notes(found: Found, mask: Anonymous, names: Sequence[str]) -> Iterator[str]:
    then, went = found.then, found.went
    if found.change.cause is Cause.UNDERSTOOD and went.understood:
        yield f"understood then: {mask.text(understanding(then['understood']), names)}"
        yield f"understood now: {mask.text(understanding(went.understood), names)}"
    if found.change.cause is Cause.GONE and went.records:
        yield f"now they stand in {' > '.join(went.records[-1]['after'])}"
    if found.change.cause in {Cause.STATE, Cause.ACTION, Cause.TIMER} and went.passed:
        yield "the way it takes now: " + ", ".join(
            f"{each.file}:{each.line}" for each in went.passed
        )
