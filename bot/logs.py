"""Logging: structured, one line an event, no personal data.

Conversation ids hold phone numbers, so they are logged as :func:`pseudonyms` of them.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import sys
from collections.abc import Callable
from typing import Literal

import structlog


def configure_logs(level: str, shape: Literal["console", "json"]) -> None:
    """Log to standard error, ours and the libraries' alike.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
        shape: ``console`` for people, ``json`` for machines.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor
    if shape == "json":
        shared.append(structlog.processors.dict_tracebacks)
        renderer = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whichever it is by then
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


def pseudonyms() -> Callable[[str], str]:
    """A function from ids to short names fit for a log.

    The key is drawn anew for each process: within one run the same id has the same name, and
    nobody can go back from name to phone number by trying all numbers.
    """
    key = secrets.token_bytes(32)
    return lambda name: hashlib.blake2b(name.encode(), key=key, digest_size=6).hexdigest()
