"""A roster: who is to be registered together, as a conversation keeps it and a message tells it.

A member is ``{"name": "BUDI WALUYO", "birth_date": "1987-01-25"}``. A message tells them as one
entity ``members``, whose value is the JSON text of a list of these.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from bot.booking.members import FamilyProblemKind, check_family
from bot.booking.office import Office
from bot.booking.seats import Applicant

Member: TypeAlias = dict[str, str]
"""``name`` in capitals and ``birth_date``, ISO; in a correction, empty where it stays as it is."""

EXAMPLE: list[Member] = [{"name": "CONTOH" * 10, "birth_date": "1990-08-17"}] * 5


def member(name: str, birth_date: str) -> Member:
    """A member, the name as seats keep it."""
    return {"name": " ".join(name.split()).upper(), "birth_date": birth_date}


def write_members(members: Sequence[Member]) -> str:
    """The value of the entity ``members``."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def read_members(text: object) -> list[Member]:
    """The members that the entity tells; none where it was not told."""
    return [member(each["name"], each["birth_date"]) for each in json.loads(str(text or "[]"))]


def applicants(
    members: Sequence[Member],
    sender: str,
    conversation: str,
    details: Mapping[str, str] | None = None,
) -> list[Applicant]:
    """The members as those who want a seat, in their order."""
    return [
        Applicant(
            each["name"],
            date.fromisoformat(each["birth_date"]),
            sender,
            conversation,
            dict(details or {}),
        )
        for each in members
    ]


def turned_away(
    office: Office, day: date, members: Sequence[Member], *, with_owner: bool
) -> tuple[FamilyProblemKind | None, list[Member], list[Member]]:
    """Who cannot be registered together with the others, for the first reason there is.

    Args:
        with_owner: whether the first member is the owner of the number.

    Returns:
        The reason, if any; who stays; and who does not.
    """
    staying, gone = list(members), []
    kind: FamilyProblemKind | None = None
    while problem := check_family(office, day, applicants(staying, "", ""), with_owner=with_owner):
        if kind not in {None, problem.kind}:
            break
        kind = problem.kind
        gone.append(staying.pop(problem.person))
    return kind, staying, gone


def find_member(members: Sequence[Mapping[str, object]], number: object, name: object) -> int:
    """Index of the member of this number in the list, from 1, or of this name; -1 without one.

    A name need not be whole, but must fit one member only.
    """
    if number is not None and str(number).isdecimal():
        at = int(str(number)) - 1
        return at if 0 <= at < len(members) else -1
    words = set(str(name or "").upper().split())
    found = [at for at, each in enumerate(members) if words <= set(str(each["name"]).split())]
    return found[0] if words and len(found) == 1 else -1
