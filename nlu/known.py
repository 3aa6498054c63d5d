"""What messages can be understood as: the grammar's words, and those of the training examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bot.booking.notices import NoticeName
from bot.dialogue.vocabulary import Vocabulary
from bot.document import Document
from bot.errors import Finding, FlowError
from nlu.taps import MAX_NAME_LENGTH
from nlu.vocabulary import ENTITY_TYPES, INTENTS, UNTAPPABLE

_MARKED: Final = re.compile(r"\[[^\]\n]+\](?:\(([a-z][a-z0-9_]*)|\{([^}\n]*)\})")
_NAMED: Final = re.compile(r"[\"']entity[\"']\s*:\s*[\"']([a-z][a-z0-9_]*)[\"']")


def vocabulary_of(folder: Path) -> Vocabulary:
    """The intents and entity types that a bot with this training data knows.

    Args:
        folder: of the training files, Rasa's format; it need not be there.

    Raises:
        FlowError: with what keeps its files from being read.
    """
    intents, entities, findings = set(INTENTS), set(ENTITY_TYPES), list[Finding]()
    for path in sorted(folder.glob("**/*.yml")):
        try:
            document = Document.read(path)
        except Finding as finding:
            findings.append(finding)
            continue
        for example in _examples(document.data):
            intents |= {str(example["intent"]).partition("/")[0]} if "intent" in example else set()
            entities |= set(_entities_in(str(example.get("examples", ""))))
    if findings:
        raise FlowError(findings)
    notices = {name.value for name in NoticeName}  # heard by flows, never in a message
    intents = {*intents, *notices}
    return Vocabulary(
        frozenset(intents), frozenset(entities), UNTAPPABLE | notices, MAX_NAME_LENGTH
    )


def _examples(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    written = data.get("nlu")
    yield from (each for each in written if isinstance(each, dict)) if written else ()


def _entities_in(examples: str) -> Iterator[str]:
    """Types marked as ``[besok](service_date)`` or ``[besok]{"entity": "service_date"}``."""
    for marked in _MARKED.finditer(examples):
        yield from [marked[1]] if marked[1] else _NAMED.findall(marked[2])
