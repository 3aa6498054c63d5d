"""What of a turn somebody sees who may know how flows behave, and not who people are.

Words are disguised as those of recordings are, the same person by the same invented one; words
that are neither everyday ones nor the office's own are left out. Where something would be left all
the same, no words are shown at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.booking.office import Offices
from bot.dialogue.store import Contact
from bot.inspecting.journey import Journey
from bot.replay.anonymous import Anonymous, anonymous, people_in
from bot.replay.personal import spans_of
from bot.replay.traffic.showing import LEFT_OUT, known_words

Document = Mapping[str, Any]

_PERSONAL: Final = ("said", "notice", "understood", "actions", "replies")
"""Parts of a turn's document in which people may be."""


class Hiding:
    """Disguises documents of one conversation's turns.

    Args:
        public: what everybody is told: :func:`bot.replay.recorder.public_text`.
    """

    def __init__(self, journey: Journey, contact: Contact, offices: Offices, public: str) -> None:
        records = [turn.record for turn in journey.turns]
        at = journey.turns[0].at
        self._mask: Anonymous = anonymous(records, people_in(contact), offices, public, at)
        self._names: Sequence[str] = [part for record in records for part in spans_of(record)]

    def __call__(self, document: Document) -> dict[str, Any]:
        """The same turn with nobody in it."""
        hidden = {name: self._part(name, part) for name, part in document.items()}
        parts = {name: hidden[name] for name in _PERSONAL if name in hidden}
        if self._mask.left(json.dumps(parts, ensure_ascii=False, default=str)):
            hidden |= {name: _blank(part) for name, part in parts.items()}
        return hidden

    def _part(self, name: str, part: Any) -> Any:
        if name not in _PERSONAL or part is None:
            return part
        if name == "said":
            return {**part, "text": self._words(part["text"]), "title": self._words(part["title"])}
        if name == "understood":
            entities = [self._entity(each) for each in part["entities"]]
            problems = [self._entity(each) for each in part["problems"]]
            return {**part, "entities": entities, "problems": problems}
        if name == "replies":
            return [{**each, "text": self._mask.text(each["text"], self._names)} for each in part]
        if name == "actions":
            return [{**each, "values": self._mask.value(each["values"])} for each in part]
        return self._mask.value(part)

    def _entity(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """An entity or a problem: its value by an invented one, and the words around left out."""
        key = str(found.get("type", found.get("part", "")))
        value = found.get("value", "")
        other = self._mask.value({key: value})[key]
        return {**found, "value": other, "text": self._words(str(found.get("text", "")))}

    def _words(self, text: str) -> str:
        return known_words(self._mask.text(text, self._names), self._mask)


def _blank(part: Any) -> Any:
    """The same with no words in it, whatever they are."""
    match part:
        case Mapping():
            return {name: _blanked(name, each) for name, each in part.items()}
        case list():
            return [_blank(each) for each in part]
        case _:
            return part


_SHOWN: Final = frozenset(
    ("kind", "intent", "confidence", "source", "candidates", "guesses", "type", "part", "reason",
     "action", "outcome", "microseconds", "key")
)  # fmt: skip


def _blanked(name: str, part: Any) -> Any:
    if name in _SHOWN:
        return part
    return _blank(part) if name in ("entities", "problems") else LEFT_OUT
