"""``antre nlu parse``: a line in, a line out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from bot.clock import moment_of
from bot.commands.understanding.ears import Ears, Heard
from bot.errors import AntreError, ConfigError

_HALF: Final = re.compile("[\ud800-\udfff]")


class LineError(AntreError):
    """A line that cannot be understood as a question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A line read: a message and where it was said, or a moment from which on lines count.

    Args:
        state, office: empty where the line says none.
        now: ``None`` where the line says none.
    """

    text: str | None
    state: str = ""
    office: str = ""
    now: datetime | None = None


def read_line(line: str) -> Asked:
    """A JSON object ``{"text", "state"?, "office"?}``; any other line is the message itself.

    Raises:
        LineError: saying what is wrong with it.
    """
    if not line.startswith("{"):
        return Asked(line)
    try:
        data = json.loads(line)
    except ValueError as error:
        raise LineError(f"not JSON: {error}") from None
    for key in ("text", "state", "office", "now"):
        if not isinstance(data.get(key), str | None):
            raise LineError(f'"{key}" must be a text, not {json.dumps(data[key])[:40]}')
        if _HALF.search(data.get(key) or ""):
            raise LineError(f'"{key}" has half a character in it, which no text can have')
    try:
        now = moment_of(data["now"]) if data.get("now") else None
    except ValueError as error:
        raise LineError(str(error)) from None
    if data.get("text") is None and now is None:
        raise LineError('"text" is missing')
    return Asked(data.get("text"), data.get("state") or "", data.get("office") or "", now)


async def parse_lines(
    lines: Iterable[bytes],
    ears: Ears,
    write: Callable[[bytes], None],
    complain: Callable[[str], None],
    *,
    now: datetime,
    state: str = "",
    office: str = "",
    everything: bool = False,
) -> bool:
    """Answer line by line, in order; whether every line could be answered.

    Args:
        write: called with each answer, a line of JSON.
        complain: called with what is wrong with a line.
        now: the moment of all messages, until a line ``{"now": …}`` says another.
        state, office: of lines that say none.
        everything: answer with all that flows hear, under their own names.
    """
    fine = True
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode().strip("\r\n")
            if not text.strip():
                continue
            asked = read_line(text)
            now = asked.now or now
            if asked.text is None:
                continue
            heard = await ears.hear(
                asked.text, now, office=asked.office or office, state=asked.state or state
            )
        except (LineError, ConfigError, UnicodeDecodeError) as error:
            fine = False
            reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            complain(f"line {number}: {reason}")
        else:
            write(orjson.dumps(_whole(heard) if everything else _told(heard)) + b"\n")
    return fine


def _told(heard: Heard) -> dict[str, Any]:
    return {
        "text": heard.text,
        "intent": heard.intent,
        "confidence": round(heard.understood.confidence, 4),
        "entities": [{"type": kind, "value": value} for kind, value in heard.entities],
    }


def _whole(heard: Heard) -> dict[str, Any]:
    return {"text": heard.text, **asdict(heard.understood)}
