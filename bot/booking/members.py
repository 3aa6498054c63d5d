"""Who may be registered together, and which seats are near to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.booking.claim import Applicant
from bot.booking.office import Office
from bot.booking.person import age_on, person_mark


class FamilyProblemKind(StrEnum):
    """Why an office does not take these people in one booking."""

    TOO_MANY = "too_many"
    TWICE = "twice"
    NOT_DEPENDENT = "not_dependent"


@dataclass(frozen=True, slots=True)
class FamilyProblem:
    """What keeps people from being registered together.

    Args:
        person: index of the one it is about; of the first too many.
    """

    kind: FamilyProblemKind
    person: int


def check_family(
    office: Office, day: date, people: Sequence[Applicant], *, with_owner: bool = True
) -> FamilyProblem | None:
    """What ``office`` has against registering ``people``.

    Args:
        with_owner: whether the first of them owns the number; else it may be for dependents only.
    """
    marks = [person_mark(day, each.name, each.birth_date) for each in people]
    for at, mark in enumerate(marks):
        if mark in marks[:at]:
            return FamilyProblem(FamilyProblemKind.TWICE, at)
    if office.family_members == "dependents":
        for at, person in enumerate(people):
            if at == 0 and with_owner:
                continue
            if office.child_below <= age_on(day, person.birth_date) < office.elderly_from:
                return FamilyProblem(FamilyProblemKind.NOT_DEPENDENT, at)
    if len(people) > office.family_size:
        return FamilyProblem(FamilyProblemKind.TOO_MANY, office.family_size)
    return None


def nearest(numbers: Sequence[int], count: int) -> Sequence[int] | None:
    """The ``count`` free numbers nearest to each other, the earliest of several such; ``None``
    when there are not so many. ``numbers`` ascend.
    """
    spans = [(numbers[at + count - 1] - numbers[at], at) for at in range(len(numbers) - count + 1)]
    if not spans:
        return None
    _, at = min(spans)
    return numbers[at : at + count]
