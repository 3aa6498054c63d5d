"""Rasa's test stories (``stories:``) and end-to-end tests (``test_cases:``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bot.document import Document, Loc
from bot.errors import Finding
from bot.replay.importing.conversation import (
    Conversation,
    ImportingError,
    Note,
    Utterance,
)

_ENTITY: Final = re.compile(r"\[([^\[\]]+)\](?:\([^()\n]*\)|\{[^{}\n]*\})")
_HEADINGS: Final = {"stories": "story", "test_cases": "test_case"}
_QUIET: Final = frozenset({"intent", "entities", "metadata"})
"""What Rasa understood: ours understands anew."""

_WHY: Final = {
    "intent": "an intent without words; write 'user:' beside it",
    "slot_was_set": "slots are checked with 'expect:' here",
    "slot_was_not_set": "slots are checked with 'expect:' here",
    "active_loop": "forms are states here",
    "checkpoint": "stories are not put together here; write the turns out",
    "or": "a turn says one thing; write a recording for each",
    "assertions": "assertions are not taken over",
    "commands": "commands of a language model are not taken over",
}


def read_rasa(text: str, path: Path) -> list[Conversation]:
    """Make a conversation of each story or test case in a file.

    Raises:
        ImportingError: it is neither, or cannot be read.
    """
    try:
        document = Document.parse(text, str(path))
    except (Finding, ExceptionGroup) as error:
        found = error.exceptions if isinstance(error, ExceptionGroup) else [error]
        raise ImportingError("\n".join(map(str, found))) from None
    reader = _Reader(document)
    conversations = reader.conversations()
    if not conversations:
        raise ImportingError(f"{path}: no 'stories:' and no 'test_cases:' with words in them")
    return conversations


class _Reader:
    """Goes through a document; what it cannot take over it notes."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._notes: list[Note] = []

    def conversations(self) -> list[Conversation]:
        data = self._document.data
        found: list[Conversation] = []
        for heading, title in _HEADINGS.items():
            listed = data.get(heading)
            for at, story in enumerate(listed if isinstance(listed, list) else []):
                self._notes = []
                utterances = self._story(story, (heading, at), title)
                if any(not each.by_office for each in utterances):
                    name = str(story.get(title, "")) if isinstance(story, dict) else ""
                    found.append(Conversation(name, utterances, self._notes))
                elif found:
                    found[-1] = found[-1].noting([*self._notes, self._wordless((heading, at))])
        for key in data:
            if found and key not in {*_HEADINGS, "version"}:
                found[0] = found[0].noting([self._note((key,), f"'{key}' is not taken over")])
        return found

    def _story(self, story: Any, loc: Loc, title: str) -> list[Utterance]:
        if not isinstance(story, dict):
            return []
        for key in story:
            if key not in {title, "steps", "metadata"}:
                self._leave_out((*loc, key), f"'{key}' of a story is not taken over")
        steps = story.get("steps")
        return [
            utterance
            for at, step in enumerate(steps if isinstance(steps, list) else [])
            for utterance in self._step(step, (*loc, "steps", at))
        ]

    def _step(self, step: Any, loc: Loc) -> Sequence[Utterance]:
        if not isinstance(step, dict):
            self._leave_out(loc, "a step that is no 'key: value'")
            return []
        said: list[Utterance] = []
        for key, value in step.items():
            here = (*loc, key)
            if key == "user" and isinstance(value, str | int | float):
                said += self._user(str(value), here)
            elif key in {"bot", "utter"} and isinstance(value, str):
                said.append(Utterance(self._line(here), by_office=True, text=value.strip()))
            elif key == "action" and str(value).startswith("utter_"):
                said.append(Utterance(self._line(here), by_office=True, text=str(value)))
            elif key == "action":
                self._leave_out(here, f"the action {value} says nothing that is written here")
            elif key not in _QUIET or (key == "intent" and "user" not in step):
                why = _WHY.get(key, "it is not taken over")
                self._leave_out(here, f"'{key}': {why}")
        return said

    def _user(self, text: str, loc: Loc) -> list[Utterance]:
        if text.strip().startswith("/"):
            self._leave_out(loc, f"{text.strip()[:40]} is an intent and no words")
            return []
        words = _ENTITY.sub(r"\1", text).strip()
        if not words:
            self._leave_out(loc, "a message without words")
            return []
        return [Utterance(self._line(loc), by_office=False, text=words)]

    def _wordless(self, loc: Loc) -> Note:
        return self._note(loc, "a story in which the user says nothing in words")

    def _leave_out(self, loc: Loc, message: str) -> None:
        self._notes.append(self._note(loc, message))

    def _note(self, loc: Loc, message: str) -> Note:
        return Note(self._line(loc), message)

    def _line(self, loc: Loc) -> int:
        return self._document.place(loc).line
