"""``antre nlu evaluate``: labelled messages, heard and held against their labels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.commands.understanding.ears import Ears, Heard
from bot.commands.understanding.parsing import LineError, read_line
from bot.document import Document
from bot.errors import ConfigError, Finding, FlowError, Place
from nlu.corpus import read_file
from nlu.evaluation import Evaluation, Found, Judged
from nlu.vocabulary import LEARNT_AS, REPORTED, kind_of


@dataclass(frozen=True, slots=True)
class Label:
    """A message, and what somebody says it means.

    Args:
        intent: as finely as it is labelled.
        entities: ``None`` where only the intent is labelled.
        now: the moment it is seen from; ``None`` where the file says none.
    """

    text: str
    intent: str
    entities: tuple[Found, ...] | None
    place: Place
    state: str = ""
    office: str = ""
    now: datetime | None = None


def read_labels(paths: Iterable[Path]) -> list[Label]:
    """Read files of labels: JSON Lines, or training examples (``.yml``) for their intents.

    Raises:
        FlowError: with every line that cannot be used.
    """
    labels, findings = list[Label](), list[Finding]()
    for path in paths:
        if path.suffix in {".yml", ".yaml"}:
            corpus = read_file(path)
            mistakes = (*corpus.unreadable, *corpus.findings)
            findings += [each for each in mistakes if not each.warning]
            labels += [Label(e.text, e.intent, None, e.place) for e in corpus.examples]
        else:
            labels += _lines(path, findings)
    if findings:
        raise FlowError(findings)
    return labels


def _lines(path: Path, findings: list[Finding]) -> Iterator[Label]:
    name, now = Document.typed(path), None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is no UTF-8 text"
        findings.append(Finding(f"cannot be read: {reason}", Place(name)))
        return
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = Place(name, number)
        try:
            asked = read_line(line)
            now = asked.now or now
            if asked.text is None:
                continue
            intent, entities = _labelled(line)
        except LineError as error:
            findings.append(Finding(str(error), place))
        else:
            yield Label(asked.text, intent, entities, place, asked.state, asked.office, now)


def _labelled(line: str) -> tuple[str, tuple[Found, ...] | None]:
    """Intent and entities of a line.

    Raises:
        LineError: there are none, or they are not written as they should be.
    """
    data = json.loads(line) if line.startswith("{") else {}
    intent, entities = data.get("intent"), data.get("entities")
    if not isinstance(intent, str):
        raise LineError('"intent" is missing: write {"text": "…", "intent": "greet"}')
    if entities is None:
        return intent, None
    try:
        return intent, tuple((str(each["type"]), each["value"]) for each in entities)
    except (TypeError, KeyError):
        message = '"entities" must be a list as [{"type": "office", "value": "bogor"}]'
        raise LineError(message) from None


async def evaluated(
    labels: Sequence[Label], ears: Ears, now: datetime, *, finer: bool = False
) -> Evaluation:
    """Hear every labelled message and judge what was heard.

    Args:
        now: the moment of messages whose file says none.
        finer: tell apart what only our own flows do.

    Raises:
        FlowError: a label names a state or office that is not there.
    """
    judged, findings = list[Judged](), list[Finding]()
    for label in labels:
        try:
            heard = await ears.hear(
                label.text, label.now or now, office=label.office, state=label.state
            )
        except ConfigError as error:
            findings.append(Finding(str(error), label.place))
        else:
            judged.append(_judged(label, heard, finer=finer))
    if findings:
        raise FlowError(findings)
    return Evaluation(judged)


def _judged(label: Label, heard: Heard, *, finer: bool) -> Judged:
    wanted = label.entities
    if wanted is not None:
        wanted = tuple((kind, value) for kind, value in wanted if kind in REPORTED)
    return Judged(
        text=label.text,
        place=str(label.place),
        meant=_level(label.intent, finer=finer),
        heard=_level(heard.finer, finer=finer),
        confidence=heard.understood.confidence,
        wanted=wanted,
        found=heard.entities,
        seconds=heard.seconds,
        state=label.state,
        asked_back=bool(heard.understood.guesses),
    )


def _level(intent: str, *, finer: bool) -> str:
    """An intent as others know it, or as finely as labels tell them apart."""
    if not finer:
        return kind_of(intent)
    return "out_of_scope" if intent == "none" else LEARNT_AS.get(intent, intent)
