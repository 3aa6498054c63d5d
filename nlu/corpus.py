"""The training data: what people write, by what they mean. Rasa's format, read with places.

    nlu:
      - intent: choose_date
        examples: |
          - [besok](service_date) bisa?
          - daftar buat [lusa]{"entity": "service_date", "value": "2026-11-25"}

Files under a folder called ``test`` are not for training and are never read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.document import Document, Loc
from bot.errors import Finding, Place
from bot.told import tell

FEW: Final = 5
"""An intent with fewer examples is warned of: what it looks like cannot be learnt from them."""

_MARKED: Final = re.compile(r"\[([^\[\]\n]+)\](?:\(([^()\n]*)\)|(\{[^{}\n]*\}))")
_TYPE: Final = re.compile(r"([a-z][a-z0-9_]*)(?::(.+))?")
_HALF_MARKED: Final = re.compile(r"\[[^\[\]\n]*\][({]|\]\(|\]\{")
_ITEM: Final = re.compile(r"\s*-\s?(.*)")


@dataclass(frozen=True, slots=True)
class Marked:
    """A part of an example that is an entity.

    Args:
        type: ``service_date`` …
        value: as the example says; else the text itself.
        start, end: where it stands in the example's text.
    """

    type: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    """One message and what it means.

    Args:
        text: without the marks of entities.
        intent: for ``faq/opening`` it is ``faq``.
        entities: in order.
        place: file and line.
    """

    text: str
    intent: str
    entities: tuple[Marked, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Corpus:
    """All training data of a folder.

    Args:
        examples: in the order of the files' names and lines.
        unreadable: why files could not be read at all.
        findings: mistakes in those that could, warnings among them.
    """

    examples: tuple[Example, ...]
    unreadable: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def intents(self) -> tuple[str, ...]:
        """Those that have examples, by name."""
        return tuple(sorted({example.intent for example in self.examples}))


def training_files(folder: Path) -> list[Path]:
    """Every file of a folder that is learnt from; none when it is not there."""
    return [
        path
        for path in sorted(folder.glob("**/*.yml"))
        if "test" not in path.relative_to(folder).parts[:-1]
    ]


def read_corpus(folder: Path) -> Corpus:
    """Read a folder's training data as far as it can be read; never raises for what is wrong."""
    examples, unreadable, findings = list[Example](), list[Finding](), list[Finding]()
    for path in training_files(folder):
        try:
            document = Document.read(path)
        except Finding as finding:
            unreadable.append(finding)
        else:
            _read(document, examples, findings)
    findings += _contradictions(examples)
    return Corpus(tuple(examples), tuple(unreadable), tuple(findings))


def read_file(path: Path) -> Corpus:
    """Read one file, wherever it lies; never raises for what is wrong."""
    examples, findings = list[Example](), list[Finding]()
    try:
        _read(Document.read(path), examples, findings)
    except Finding as finding:
        return Corpus((), (finding,))
    return Corpus(tuple(examples), (), tuple(findings))


def _read(document: Document, examples: list[Example], findings: list[Finding]) -> None:
    written = document.data.get("nlu")
    for at, item in enumerate(written if isinstance(written, list) else ()):
        if not isinstance(item, dict) or "intent" not in item:
            continue  # lookup tables, synonyms and the like
        intent, loc = str(item["intent"]).partition("/")[0], ("nlu", at)
        own = list(_examples(document, item.get("examples"), intent, (*loc, "examples"), findings))
        examples += own
        if not own:
            findings.append(
                document.finding(tell("{intent}: has no examples", intent=intent), (*loc, "intent"))
            )
        elif len(own) < FEW:
            message = tell(
                "{intent}: only {count} examples; {few} are the least to learn from",
                intent=intent,
                count=len(own),
                few=FEW,
            )
            place = document.place((*loc, "intent"))
            findings.append(Finding(message, place, warning=True))


def _examples(
    document: Document, written: Any, intent: str, loc: Loc, findings: list[Finding]
) -> Iterator[Example]:
    """The examples of one intent, written as a block of lines or as a list of texts."""
    if isinstance(written, list):
        for at, item in enumerate(written):
            text = item.get("text") if isinstance(item, dict) else item
            if isinstance(text, str) and text.strip():
                found = _ITEM.fullmatch(text.strip())
                line = found[1] if found else text
                yield _example(line, intent, document.place((*loc, at)), findings)
        return
    place = document.place(loc)
    text = str(written or "")
    first = place.line + ("\n" in text)  # a block's lines stand below its key
    for line, item in enumerate(text.splitlines(), first):
        where = Place(place.file, line)
        found = _ITEM.fullmatch(item)
        if found and found[1].strip():
            yield _example(found[1], intent, where, findings)
        elif item.strip():
            findings.append(Finding(tell("an example begins with a dash: '- like this'"), where))


def _example(line: str, intent: str, place: Place, findings: list[Finding]) -> Example:
    text, until, entities = "", 0, list[Marked]()
    line = line.strip()
    for mark in _MARKED.finditer(line):
        text += line[until : mark.start()]
        named = _entity(mark)
        if named is None:
            message = tell("{text}: mark an entity as [besok](service_date)", text=mark[0])
            findings.append(Finding(message, place))
        else:
            entities.append(Marked(*named, len(text), len(text) + len(mark[1])))
        text += mark[1]
        until = mark.end()
    text += line[until:]
    if half := _HALF_MARKED.search(text):
        message = tell(
            "{text}: mark an entity as [besok](service_date)", text=text[half.start() :][:40]
        )
        findings.append(Finding(message, place))
    return Example(text, intent, tuple(entities), place)


def _entity(mark: re.Match[str]) -> tuple[str, str] | None:
    """Type and value of a marked part; ``None`` when the mark is not as it should be."""
    written: dict[str, Any] = {}
    if mark[3]:
        try:
            written = json.loads(mark[3])
        except ValueError:
            return None
    else:
        found = _TYPE.fullmatch(mark[2].strip())
        written = {"entity": found[1], "value": found[2]} if found else {}
    kind, value = written.get("entity"), written.get("value")
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        return None
    return kind, mark[1] if value is None else str(value)


def _contradictions(examples: list[Example]) -> Iterator[Finding]:
    """Complaints about examples that stand twice, under one intent or under two."""
    first: dict[str, Example] = {}
    for example in examples:
        key = " ".join(example.text.casefold().split())
        known = first.setdefault(key, example)
        if known is example:
            continue
        if known.intent != example.intent:
            message = tell(
                "{text!r:.80} is an example of {intent} here, but of {other} in {place}",
                text=example.text,
                intent=example.intent,
                other=known.intent,
                place=known.place,
            )
            yield Finding(message, example.place)
        else:
            message = tell(
                "{text!r:.80} stands in {place} already",
                text=example.text,
                place=known.place,
            )
            yield Finding(message, example.place, warning=True)
