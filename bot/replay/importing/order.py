"""Whether the day, the month or the year comes first: decided over a whole file.

One line rarely tells (``05/08/24``), many do: numbers beyond twelve are no months, time does not
run backwards, and people write on neighbouring days rather than on the fifth of every month. Where
that leaves two readings, the language and the form of the stamps hint at one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal

from bot.clock import YEARS
from bot.replay.importing.stamps import Stamp

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: Final[Mapping[Order, str]] = {
    "dmy": "day/month/year",
    "mdy": "month/day/year",
    "ymd": "year/month/day",
}
"""Every order, in words; the most usual first."""

_FIRST_YEAR: Final = 2009
"""WhatsApp's first."""
_CENTURY: Final = 2000
_BUDDHIST: Final = 543
"""Years that Thai phones are ahead."""
_DAYS_THAT_TELL: Final = 3
_MUCH: Final = 4
"""Times as long as the other reading: nobody writes that rarely, that regularly."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """How dates are read.

    Args:
        hint: what it was told by, where the dates themselves leave it open; else empty.
    """

    order: Order
    hint: str = ""


def day_of(numbers: tuple[int, int, int], order: Order, today: date) -> date | None:
    """The date that three numbers are in this order; ``None`` if they are none."""
    year, month, day = (numbers[order.index(part)] for part in "ymd")
    if year < 100:  # noqa: PLR2004 - two digits
        year += _CENTURY
        if year > today.year + 1:
            year += 500 - _BUDDHIST
    elif year > _FIRST_YEAR + _BUDDHIST - 100:
        year -= _BUDDHIST
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def order_of(
    stamps: Sequence[Stamp], today: date, hint: Callable[[], Chosen | None]
) -> Chosen | list[Order]:
    """The order of the dates in ``stamps``, which come in the order of the file.

    Args:
        stamps: at least one.
        today: years much later are no years.
        hint: what else tells; it is asked only when the dates leave two orders.

    Returns:
        The order, or those that are as likely as each other.
    """
    days = [stamp.date for stamp in stamps]
    days = [days[0], *(day for last, day in pairwise(days) if day != last)]
    possible = [each for each in ORDERS if _may_be(each, stamps[0])]
    read = {order: [day_of(each, order, today) for each in days] for order in possible}
    costs = {order: _cost(dates, today) for order, dates in read.items()}
    least = min(costs.values())
    left = [order for order in possible if costs[order] == least]
    if len(left) > 1 and len({tuple(read[order]) for order in left}) == 1:
        left = left[:1]
    if len(left) > 1:
        left = _closest_together(left, read)
    if len(left) == 1:
        return Chosen(left[0])
    hinted = hint()
    return hinted if hinted and hinted.order in left else left


def _may_be(order: Order, stamp: Stamp) -> bool:
    """Whether the year can stand there, by its four digits or by the name of the month."""
    shape = stamp.shape
    if shape.separator == "month":
        return order == "dmy"
    if shape.year_at < 0:
        return True
    return order.index("y") == shape.year_at


def _cost(dates: Sequence[date | None], today: date) -> tuple[int, int]:
    """Dates that are none, or none of WhatsApp's; and how often time runs backwards."""
    good = [day for day in dates if day and _FIRST_YEAR <= day.year <= today.year + 1]
    back = sum(later < earlier for earlier, later in pairwise(good))
    return len(dates) - len(good), back


def _closest_together(left: list[Order], read: dict[Order, list[date | None]]) -> list[Order]:
    """The one reading under which the days lie together, if the others spread them out."""
    spans = {order: _span(read[order]) for order in left}
    shortest = min(spans.values())
    if len(set(read[left[0]])) < _DAYS_THAT_TELL:
        # Two days tell little; but nobody writes a year with two digits first if it need not be.
        return [order for order in left if order != "ymd"] or left
    near = [order for order in left if spans[order] <= shortest * _MUCH]
    return near if len(near) == 1 else [order for order in near if order != "ymd"] or near


def _span(dates: Sequence[date | None]) -> int:
    ordinals = [day.toordinal() for day in dates if day]
    return max(ordinals, default=0) - min(ordinals, default=0) + 1


def hint_of(stamps: Sequence[Stamp], language: str) -> Chosen | None:
    """What the form of the stamps and the phone's language say about the order.

    Args:
        language: of WhatsApp's own words in the file: ``id``, ``en``, another, or empty.
    """
    shape = stamps[0].shape
    written = [part for each in stamps for part in each.written[:2]]
    is_short = any(len(part) == 1 for part in written)
    has_zero = any(part[0] == "0" for part in written)
    is_lower = stamps[0].half.islower()
    hints: Sequence[tuple[bool, Order, str]] = (
        (shape.year_at == 0, "ymd", "the year comes first"),
        (language not in {"", "en"}, "dmy", "WhatsApp speaks a language with the day first"),
        (shape.separator in {".", "-"}, "dmy", f"dates with '{shape.separator}' put the day first"),
        (shape.time_separator == ".", "dmy", "a time with a dot is not American"),
        (
            is_short and shape.year_at < 0 and not is_lower,
            "mdy",
            "as on phones set to English (United States)",
        ),
        (
            shape.year_at > 0 or is_lower or has_zero,
            "dmy",
            "not as on phones set to English (United States)",
        ),
    )
    return next((Chosen(order, why) for holds, order, why in hints if holds), None)
