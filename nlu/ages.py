"""An age where the date of birth is asked for: ``umur saya 35 tahun``."""

from __future__ import annotations

from typing import Final

from bot.dialogue.events import Problem, Understood
from nlu.examples import example_form
from nlu.identity import CONFIDENCE, find_identity
from nlu.parts import as_typed
from nlu.reading import Reading
from nlu.spelling import folded

_AGE: Final = folded("umur usia yuswa aged age")
_AFTER: Final = folded("old")
"""Says it behind the number only: ``35 years old``; ``Umar Old 35`` is a name and a number."""

_DIGITS: Final = 3
_YEARS: Final = folded("tahun th taun warsa years year yo")


def read_age(reading: Reading) -> Understood | None:
    """A birth date that is told as an age, so that the answer can say what is asked for."""
    if not reading.wants_birth_date or reading.dates or "?" in reading.text:
        return None
    tokens = reading.tokens
    at = next(
        (n for n, token in enumerate(tokens) if token.is_number and len(token.text) <= _DIGITS), -1
    )
    behind = {token.word for token in tokens[at + 1 :]}
    if at < 0 or not (_AGE & set(reading.words) or _AFTER & behind):
        return None
    end = at + 1 + (at + 1 < len(tokens) and tokens[at + 1].word in _YEARS)
    age = reading.text[tokens[at].start : tokens[end - 1].end]
    known, told = reading.expectation.known, find_identity(reading).entities()
    example = example_form(
        told, known, reading.today, with_service_date="address" not in reading.expectation.takes
    )
    problem = Problem("birth_date", "not_a_date", as_typed(age))
    return Understood("malformed_form", CONFIDENCE, told, (problem,), example)
