"""A message made ready to be understood; every rule of the grammar looks at one of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias

from bot.dialogue.events import Expectation, Understood
from nlu.dates import Found, dates_in
from nlu.spelling import Token, tokenise
from nlu.words import words_of

Places: TypeAlias = Callable[[str], Sequence[str]]
"""Finds the places a text speaks of, by id; which there are is the application's business."""


def nowhere(_: str) -> Sequence[str]:
    """Knows no place at all."""
    return ()


@dataclass(frozen=True)
class Reading:
    """A text and the context it stands in; what a rule looks at is read when the first one does.

    Args:
        text: cleaned.
        today: at the office.
        find_places: ids of the places a text speaks of.
    """

    text: str
    expectation: Expectation
    today: date
    find_places: Places = nowhere

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The text cut up."""
        return tokenise(self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Folded words, numbers and telling signs."""
        return words_of(self.tokens)

    @cached_property
    def dates(self) -> tuple[Found, ...]:
        """Every date in it."""
        return tuple(dates_in(self.tokens, self.text, self.today))

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Ids of the places the message speaks of."""
        return tuple(self.find_places(self.text))

    @cached_property
    def undated(self) -> tuple[Token, ...]:
        """The tokens outside of dates, in which other numbers are looked for."""
        rest: list[Token] = []
        until = 0
        for found in self.dates:
            rest += self.tokens[until : found.first]
            until = found.until
        return (*rest, *self.tokens[until:])

    @property
    def wants_birth_date(self) -> bool:
        """Whether the open state still collects a birth date."""
        return "birth_date" in self.expectation.missing

    @property
    def wants_service_date(self) -> bool:
        """Whether the open state waits for a service date."""
        return (
            "choose_date" in self.expectation.intents or "service_date" in self.expectation.missing
        )

    @property
    def is_open(self) -> bool:
        """Whether nothing is known of the conversation: anything may be meant."""
        return not self.expectation.state and not self.expectation.intents

    @property
    def wants_code(self) -> bool:
        """Whether the open state waits for an approval code."""
        return "give_code" in self.expectation.intents

    @property
    def confirms(self) -> bool:
        """Whether the open state asks for an approval code, or to agree, and for nothing else."""
        asks = {"give_code", "approve"} <= self.expectation.intents
        return asks and not self.expectation.missing


Rule: TypeAlias = Callable[[Reading], Understood | None]
"""One way of understanding; ``None`` leaves the message to the next rule."""
