"""Chooses recordings by words: ``-k "reschedule and not late"``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.errors import ConfigError

_TOKEN: Final = re.compile(r"\s*(?:(\(|\))|([^\s()]+))")

Chosen = Callable[[str], bool]
"""Whether a recording is chosen, by its path and title."""


def chosen_by(expression: str) -> Chosen:
    """Words joined by ``and``, ``or``, ``not`` and brackets; a word is looked for anywhere in path
    and title, in any case. An empty expression chooses all.

    Raises:
        ConfigError: it makes no sense.
    """
    tokens = [bracket or word for bracket, word in _TOKEN.findall(expression)]
    if not tokens:
        return lambda _: True
    reader = _Reader(expression, tokens)
    chosen = reader.any_of()
    reader.end()
    return chosen


class _Reader:
    def __init__(self, expression: str, tokens: list[str]) -> None:
        self._expression = expression
        self._tokens = [*tokens, ""]
        self._at = 0

    def any_of(self) -> Chosen:
        """``a or b``."""
        parts = [self._all_of()]
        while self._takes("or"):
            parts.append(self._all_of())
        return lambda text: any(part(text) for part in parts)

    def end(self) -> None:
        """Nothing may be left."""
        if self._next:
            raise self._nonsense(self._next)

    def _all_of(self) -> Chosen:
        parts = [self._one()]
        while self._takes("and"):
            parts.append(self._one())
        return lambda text: all(part(text) for part in parts)

    def _one(self) -> Chosen:
        if self._takes("not"):
            part = self._one()
            return lambda text: not part(text)
        if self._takes("("):
            inner = self.any_of()
            if not self._takes(")"):
                raise self._nonsense("a ) is missing")
            return inner
        word = self._next.lower()
        if word in {"", ")", "and", "or"}:
            raise self._nonsense(word or "a word is missing at the end")
        self._at += 1
        return lambda text: word in text.lower()

    @property
    def _next(self) -> str:
        return self._tokens[self._at]

    def _takes(self, token: str) -> bool:
        taken = self._next == token
        self._at += taken
        return taken

    def _nonsense(self, what: str) -> ConfigError:
        return ConfigError(
            f"-k: {self._expression!r} makes no sense ({what}); "
            'write words with and, or, not and brackets: "family and not late"'
        )
