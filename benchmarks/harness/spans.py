"""Where time goes: functions of the bot are wrapped, and what each took beside the wrapped ones
it called is added up by name.

Time is the clock's, so waiting for the database counts; measure one message at a time.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from storage.driver import Collection


@dataclass(slots=True)
class Span:
    """Something under way: how long what it called has taken so far."""

    within: float = 0.0


_OPEN: ContextVar[Span | None] = ContextVar("open_span", default=None)


@dataclass(slots=True)
class Spans:
    """Milliseconds and calls by name, since they were taken last.

    Attributes:
        whole: milliseconds of the last span of a name, with all that it called.
    """

    took: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    calls: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    whole: dict[str, float] = field(default_factory=dict)

    def take(self) -> tuple[dict[str, float], dict[str, int]]:
        """What has come together, to begin anew."""
        taken = dict(self.took), dict(self.calls)
        self.took.clear()
        self.calls.clear()
        return taken

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        outer, own = _OPEN.get(), Span()
        token = _OPEN.set(own)
        began = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - began
            _OPEN.reset(token)
            if outer:
                outer.within += spent
            self.took[name] += 1000 * max(0.0, spent - own.within)
            self.calls[name] += 1
            self.whole[name] = 1000 * spent

    def wrap(self, owner: Any, name: str, label: str) -> None:
        """Time a function or method, plain or async, under a label."""
        call = getattr(owner, name)

        if inspect.iscoroutinefunction(call):

            @functools.wraps(call)
            async def timed(*given: Any, **named: Any) -> Any:
                with self.span(label):
                    return await call(*given, **named)
        else:

            @functools.wraps(call)
            def timed(*given: Any, **named: Any) -> Any:
                with self.span(label):
                    return call(*given, **named)

        setattr(owner, name, timed)

    def wrap_storage(self, label: Callable[[str, str], str]) -> None:
        """Time every call of a collection.

        Args:
            label: of a call, from its name and the collection's.
        """
        for name in ("find_one", "find", "insert_one", "insert_missing", "update_one"):
            self._wrap_calls(name, getattr(Collection, name), label)

    def _wrap_calls(self, name: str, call: Any, label: Callable[[str, str], str]) -> None:
        async def timed(collection: Collection, *given: Any, **named: Any) -> Any:
            with self.span(label(name, collection._raw.name)):  # noqa: SLF001 - the driver's wrapper keeps it to itself
                return await call(collection, *given, **named)

        setattr(Collection, name, timed)
