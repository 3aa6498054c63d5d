"""Numbers that are no dates: approval codes, booking codes, telephone numbers and NIK.

An approval code has eight digits and may be typed in groups (``0000 2681``); a booking code is
three letters and ten characters of Crockford's base 32 (``JKP-7F4Q2-M8XCK``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.booking.codes import read_booking_code
from bot.dialogue.events import Entity
from nlu.spelling import Token

APPROVAL_DIGITS: Final = 8
_NIK_GROUPS = ((16,), (4, 4, 4, 4))
_SHORTEST_NUMBER: Final = 10
"""Characters of the shortest mobile number; a NIK has more."""

_MOBILE = re.compile(r"(?:62|0)(8[0-9]{8,11})")
_BOOKING_CODE = re.compile(
    r"(?<![^\W_])([a-z]{3})( ?-? ?)([0-9a-tv-z]{5})( ?-? ?)([0-9a-tv-z]{5})(?![^\W_])",
    re.IGNORECASE,
)
_MISREAD = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class DigitGroups:
    """Digits joined by single spaces, dots or dashes: ``0812-9900 4406``.

    Args:
        groups: the runs of digits between the signs.
        start, end: where they stand in the text.
    """

    groups: tuple[str, ...]
    start: int
    end: int

    @property
    def digits(self) -> str:
        """All of them."""
        return "".join(self.groups)


def digit_groups(tokens: Sequence[Token]) -> Iterator[DigitGroups]:
    """Every longest sequence of joined digits in a text."""
    at = 0
    while at < len(tokens):
        if not tokens[at].is_number:
            at += 1
            continue
        start, groups = at, [tokens[at].text]
        while (after := _joined_digits(tokens, at)) is not None:
            at = after
            groups.append(tokens[at].text)
        yield DigitGroups(tuple(groups), tokens[start].start, tokens[at].end)
        at += 1


def solid_code(tokens: Sequence[Token]) -> Token | None:
    """The first run of exactly eight digits."""
    return next((t for t in tokens if t.is_number and len(t.text) == APPROVAL_DIGITS), None)


def grouped_code(tokens: Sequence[Token]) -> DigitGroups | None:
    """The first eight digits typed in groups."""
    return next(
        (g for g in digit_groups(tokens) if len(g.groups) > 1 and len(g.digits) == APPROVAL_DIGITS),
        None,
    )


def booking_code(text: str) -> Entity | None:
    """The first booking code in a text, as the system writes it, its check character unchecked.

    Ordinary words have the same shape (``terimakasihya``, ``tgl kedatangan``). So without a digit
    it must have its dashes and the right check character, and where spaces part the groups
    each needs a digit, or one of them and the right check character, unless it is all that was
    written and stands in capitals.
    """
    for match in _BOOKING_CODE.finditer(text):
        prefix, left, right = match.group(1, 3, 5)
        gaps = [gap.strip() or gap for gap in match.group(2, 4)]
        code = f"{prefix}-{left}-{right}".upper()
        right_check = read_booking_code(code, {code[:3]}) is not None
        digits = [any(c.isdigit() for c in group) for group in (left, right)]
        alone = match.group().isupper() and match.group() == text.strip()
        if " " in gaps:
            likely = all(digits) or (right_check and (any(digits) or alone))
        else:
            likely = any(digits) or (right_check and gaps == ["-", "-"])
        if likely:
            return Entity("booking_code", code[:4] + code[4:].translate(_MISREAD), match.group())
    return None


def phone(tokens: Sequence[Token], text: str) -> Entity | None:
    """The first Indonesian mobile number, as E.164 digits: ``0812…`` → ``62812…``."""
    if len(text) < _SHORTEST_NUMBER:
        return None
    for group in digit_groups(tokens):
        found = _MOBILE.fullmatch(group.digits)
        if found:
            return Entity("phone", f"62{found[1]}", text[group.start : group.end])
    return None


def nik(tokens: Sequence[Token], text: str) -> Entity | None:
    """The first NIK: 16 digits, alone or in the groups people write it in."""
    if len(text) < _SHORTEST_NUMBER:
        return None
    for group in digit_groups(tokens):
        if tuple(len(digits) for digits in group.groups) in _NIK_GROUPS:
            return Entity("nik", group.digits, text[group.start : group.end])
    return None


def _joined_digits(tokens: Sequence[Token], at: int) -> int | None:
    """The token with the next digits of the same sequence."""
    next_at = at + 1
    if next_at < len(tokens) and tokens[next_at].text in {"-", "."}:
        next_at += 1
    if next_at < len(tokens) and tokens[next_at].is_number:
        return next_at
    return None
