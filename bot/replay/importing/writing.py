"""An imported conversation as a recording.

The applicant's messages are its turns. What the office said then stands beside them under ``was``:
it was said by another bot, or by people, and is nothing to hold today's bot to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from bot.booking.office import Office
from bot.replay.importing.codes import KEPT_AT, code_in, is_given
from bot.replay.importing.conversation import Conversation, Note, Utterance
from bot.replay.importing.masking import APPLICANT, Masking
from bot.replay.said import TEXT

PAUSE: Final = timedelta(minutes=5)
"""Shorter pauses are left out; holds and reminders count in longer ones."""

BACK: Final = 40
"""Turns after which nobody sends a code back any more."""

_MOST: Final = 9999
"""The largest number of a duration."""
_UNITS: Final = (("day", 24 * 60), ("hour", 60), ("minute", 1))

_BARE: Final = re.compile(r"[A-Za-z][A-Za-z ,.()?!/]*[A-Za-z.)?!]")
_WORDS: Final = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})
_BLOCK: Final = re.compile(
    r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]*"
)
_BEYOND: Final = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(slots=True)
class _Turn:
    """A turn to be written: a message, or a pause.

    Args:
        code: the name of the captured code that is sent back instead of the message.
        gives: the name under which the code is captured that is given in it.
    """

    said: Utterance | None
    wait: str = ""
    was: list[Utterance] = field(default_factory=list)
    code: str = ""
    gives: str = ""


def started_at(conversation: Conversation, office: Office, otherwise: datetime) -> datetime:
    """When the applicant writes first, on the office's clock, without seconds.

    Args:
        otherwise: where the file does not say when.
    """
    first = next((each.at for each in conversation.utterances if not each.by_office), None)
    return _aware(first or otherwise, office).replace(second=0, microsecond=0)


def recording_of(
    conversation: Conversation, office: Office, now: datetime, mask: Masking
) -> tuple[str, list[Note]]:
    """The recording's text, and what of the conversation does not stand in it.

    Args:
        now: when it begins.
        mask: replaces names and numbers.
    """
    notes: list[Note] = []
    turns = list(_turns(conversation.utterances, office, now, notes))
    _capture_codes(turns, notes)
    title = mask(conversation.name) or f"Imported: {office.short_name}, {_day(now.date())}"
    lines = [
        "# Imported. `was` is what was said then: `antre replay --explore` shows it beside what",
        "# the bot says today, and `antre replay` takes no notice of it.",
        f"title: {scalar(title)}",
        f"now: {now.isoformat(timespec='minutes')}",
        f"office: {office.id}",
        f"contact: {{sender: '{APPLICANT}'}}",
        "turns:",
    ]
    for turn in turns:
        lines += _lines(turn, mask)
    return "\n".join(lines) + "\n", notes


def _turns(
    utterances: Sequence[Utterance], office: Office, now: datetime, notes: list[Note]
) -> Iterator[_Turn]:
    turn: _Turn | None = None
    clock = now
    for each in utterances:
        if each.by_office and turn is None:
            notes.append(Note(each.line, "the office says this before the applicant says anything"))
            continue
        gap = _aware(each.at, office) - clock if each.at else timedelta()
        if gap >= PAUSE and turn is not None:
            yield turn
            length, written = _duration(gap)
            turn = _Turn(None, written)
            clock += length
        if each.by_office and turn is not None:
            turn.was.append(each)
        else:
            if turn is not None:
                yield turn
            turn = _Turn(each)
    if turn is not None:
        yield turn


def _capture_codes(turns: Sequence[_Turn], notes: list[Note]) -> None:
    """Let codes that were sent back be those that today's bot gives."""
    names: dict[str, str] = {}
    for at, turn in enumerate(turns):
        code = code_in(turn.said.text) if turn.said and turn.said.kind == TEXT else ""
        recent = turns[max(0, at - BACK) : at] if code else []
        giving = [each for each in recent if is_given(code, each.was)]
        if not giving or not turn.said:
            continue
        last = giving[-1]
        name = last.gives or names.get(code) or f"code{len(names) + 1 if names else ''}"
        names[code] = last.gives = turn.code = name
        message = f"sends back the code {code}; it will be the one that today's bot gives"
        notes.append(Note(turn.said.line, message, left_out=False))


def _lines(turn: _Turn, mask: Masking) -> Iterator[str]:
    if turn.said is None:
        yield f"- wait: {turn.wait}"
    elif turn.code:
        yield f"- user: '{{{{ {turn.code} }}}}'"
    elif turn.said.kind == TEXT:
        yield f"- user: {scalar(_verbatim(mask(turn.said.text)), indent=4)}"
    else:
        yield f"- user: {{{turn.said.kind}: {quoted(_verbatim(mask(turn.said.text)))}}}"
    if turn.was:
        yield "  was:"
        for each in turn.was:
            yield f"  - {scalar(_verbatim(mask(_told(each))), indent=4)}"
    if turn.gives:
        yield f"  capture: {{{turn.gives}: {KEPT_AT}}}"


def _verbatim(text: str) -> str:
    """A text in which no captured value is looked for: ``{{ code }}`` is somebody's words."""
    return text.replace("{{", "{ {")


def _told(each: Utterance) -> str:
    """What the office said, as a text."""
    words = each.text if each.kind == TEXT else f"({each.kind}) {each.text}".strip()
    return "\n".join([words, *(f"[{title}]" for title in each.choices)]).strip("\n")


def scalar(text: str, indent: int = 0) -> str:
    """A text as YAML: plain where that is read as it stands, else in quotes or as a block.

    Args:
        indent: of a block's lines, in spaces.
    """
    if _BARE.fullmatch(text) and text.lower() not in _WORDS:
        return text
    lines = text.split("\n")
    is_block = len(lines) > 1 and lines[0][:1].strip() and lines[-1].strip() and indent
    if not is_block or not _BLOCK.fullmatch(text):
        return quoted(text)
    return "|\n" + "\n".join(" " * indent + line if line else "" for line in lines)


def quoted(text: str) -> str:
    """A text in quotes on one line."""
    if _BLOCK.fullmatch(text) and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    return _BEYOND.sub(
        lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False)
    )


def _duration(gap: timedelta) -> tuple[timedelta, str]:
    """A pause in the largest unit that tells it exactly, or nearly, if it is very long."""
    minutes = int(gap / timedelta(minutes=1))
    exact = next(unit for unit in _UNITS if minutes % unit[1] == 0)
    fitting = [unit for unit in reversed(_UNITS) if minutes // unit[1] <= _MOST]
    name, length = exact if exact in fitting else (fitting or _UNITS)[0]
    count = min(minutes // length, _MOST)
    return timedelta(minutes=count * length), f"{count} {name}{'s' * (count != 1)}"


def _aware(moment: datetime, office: Office) -> datetime:
    at = moment if moment.tzinfo else moment.replace(tzinfo=office.zone)
    return at.astimezone(office.zone)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
