"""The parts of an identity form: which part is what, and what is wrong with each.

The order ``name, birth date, service date`` is the rule. Another order counts when it makes every
part right; the name may stand elsewhere even in a form with mistakes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import Final, Literal, TypeAlias

from bot.dialogue.events import Entity, Problem
from nlu.dates import parse_date
from nlu.days import DateProblem
from nlu.introductions import name_in_part
from nlu.names import NameProblem, check_name
from nlu.options import read_option
from nlu.spelling import folded, tokenise
from nlu.words import words_of

Role: TypeAlias = Literal["person_name", "birth_date", "service_date"]

ROLES: Final[tuple[Role, ...]] = ("person_name", "birth_date", "service_date")
_PLACEHOLDERS = folded(
    "nama lengkap anda kamu name your tanggal lahir tgllahir tanggallahir birth date ddmmyyyy dd "
    "mm yyyy tgllayanan tanggallayanan tglkedatangan tanggalkedatangan layanan kedatangan yang "
    "dipilih pilihan datang service alamat"
)
_VALUE_LETTERS: Final = 60
_DATE_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form, read in a role.

    Args:
        role: the entity type it stands for.
        text: as typed.
        entity: what it says; ``None`` when it is wrong or missing.
        reason: why it is wrong; empty when it is right.
    """

    role: Role
    text: str
    entity: Entity | None = None
    reason: str = ""

    @property
    def problem(self) -> Problem:
        """What to say about a wrong part."""
        return Problem(self.role, self.reason, as_typed(self.text))


def read_parts(
    texts: Sequence[str], today: date, *, options: int, service_date_known: bool
) -> list[Part]:
    """Read two or three parts in the order they were meant.

    Args:
        options: how many numbered dates are on the table.
        service_date_known: two parts are then name and birth date, nothing else.

    Returns:
        One part a role. With two texts the third role is left out when they are name and birth
        date; otherwise it is there with reason ``missing``.
    """
    short = service_date_known and len(texts) < len(ROLES)
    roles = ROLES[: len(texts)] if short else ROLES
    typed = _in_order(roles, texts, today, options)
    if all(part.entity for part in typed):
        best = typed
    else:
        orders = permutations(roles, len(texts))
        best = max((_in_order(order, texts, today, options) for order in orders), key=_merit)
    found = {part.role: part for part in best}
    if "service_date" in found:
        found = {role: found.get(role, Part(role, "", reason="missing")) for role in ROLES}
    return [found[role] for role in ROLES if role in found]


def as_typed(text: str) -> str:
    """A wrong part as the answer quotes it: trimmed, eight digits as ``31-02-1990``."""
    text = " ".join(text.split())
    if len(text) == _DATE_DIGITS and text.isascii() and text.isdigit():
        return f"{text[:2]}-{text[2:4]}-{text[4:]}"
    return text if len(text) <= _VALUE_LETTERS else f"{text[: _VALUE_LETTERS - 1]}…"


def _in_order(roles: Sequence[Role], texts: Sequence[str], today: date, options: int) -> list[Part]:
    return [_read(role, text, today, options) for role, text in zip(roles, texts, strict=False)]


def _merit(parts: Sequence[Part]) -> int:
    """How many parts an order makes right; with one wrong, only a misplaced name is believed."""
    right = sum(part.entity is not None for part in parts)
    dates = [part.role for part in parts if part.role != "person_name"]
    first = parts[0]
    believable = dates == sorted(dates) and (
        first.role == "person_name" or isinstance(check_name(first.text), NameProblem)
    )
    return right if believable or right == len(parts) else 0


def _read(role: Role, text: str, today: date, options: int) -> Part:
    if is_placeholder(text):
        return Part(role, text, reason="placeholder")
    if role == "person_name":
        name = name_in_part(text)
        if isinstance(name, NameProblem):
            return Part(role, text, reason=name.value)
        return Part(role, text, Entity(role, name, text))
    if role == "service_date" and options:
        number = read_option(words_of(tokenise(text)), options)
        if number is not None:
            return Part(role, text, Entity("option_number", number, text))
    day = parse_date(text, today, kind="birth" if role == "birth_date" else "service")
    if isinstance(day, DateProblem):
        return Part(role, text, reason=day.value)
    return Part(role, text, Entity(role, day.isoformat(), text))


def is_placeholder(text: str) -> bool:
    """Whether somebody sent the form's own words instead of their data."""
    words = words_of(tokenise(text))
    return bool(words) and all(word in _PLACEHOLDERS for word in words)
