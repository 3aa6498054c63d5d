"""Regular expressions of recordings: read with care, and never searched for long.

Python's own engine backtracks, so a pattern such as ``(a+)+$`` may take years over one message.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, Final

from pydantic import AfterValidator

SECONDS: Final = 1.0
"""How long a pattern may be looked for in one message."""


class TooSlowError(Exception):
    """A pattern took too long."""


def search(pattern: str, text: str) -> re.Match[str] | None:
    """The first place where ``pattern`` fits; ``^`` and ``$`` are the ends of lines.

    Raises:
        TooSlowError: it was not found within :data:`SECONDS`.
    """
    with _limited():
        return re.search(pattern, text, re.MULTILINE)


def _pattern(value: str) -> str:
    try:
        re.compile(value, re.MULTILINE)
    except re.error as error:
        raise ValueError(f"this is no regular expression: {error}") from None
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]


@contextmanager
def _limited() -> Iterator[None]:
    """End what runs inside after :data:`SECONDS`, where the system has such timers."""
    here = threading.current_thread() is threading.main_thread()
    if not here or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(_: int, __: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
