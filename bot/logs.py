"""Logging: structured, one line an event, no personal data.

Conversation ids hold phone numbers, so they are logged as :func:`pseudonyms` of them.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import sys
import traceback
from collections.abc import Callable
from typing import Final, Literal

import structlog

_VALUE: Final = re.compile(r"[\n<({\['\":=%]")
"""Where the words of a library's message end and values may begin."""


def configure_logs(
    level: str,
    shape: Literal["console", "json"],
    alarmed: Callable[[str], None] = lambda _: None,
) -> None:
    """Log to standard error, ours and the libraries' alike.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
        shape: ``console`` for people, ``json`` for machines.
        alarmed: called with the event of every line that wants a person (``alarm``).
    """
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if shape == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            _telling(alarmed),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whichever it is by then
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[LibraryLines()])


class LibraryLines(logging.Handler):
    """Tells what libraries log as lines of ours: which library, the first words, the places.

    The values they put in stay out: asyncio repeats what a failed task was given, aiohttp the
    request it could not read.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Log it on."""
        words = _VALUE.split(str(record.msg), maxsplit=1)[0].strip()
        raised = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().log(
            record.levelno, "library_logged", library=record.name, said=words, exc_info=raised
        )


def _without_words(
    _: object, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Tell an exception by its type and the places it came through: its words and the values
    around it may be an applicant's.
    """
    raised = event.pop("exc_info", None)
    error = sys.exc_info()[1] if raised is True else raised
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["places"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def _telling(alarmed: Callable[[str], None]) -> structlog.typing.Processor:
    def tell(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        if event.get("alarm"):
            alarmed(str(event["event"]))
        return event

    return tell


def pseudonyms(key: bytes | None = None) -> Callable[[str], str]:
    """A function from ids to short names fit for a log.

    Without the key nobody goes back from name to phone number by trying all numbers.

    Args:
        key: drawn anew without one: then the same id has the same name within this process alone.
    """
    key = key or secrets.token_bytes(32)
    return lambda name: hashlib.blake2b(name.encode(), key=key, digest_size=6).hexdigest()
