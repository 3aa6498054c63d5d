"""Offices: what staff write about each in ``flows/offices.yml``, read and checked.

Adding an office, or changing a quota, an hour or a rule, is an edit of that file alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from bot.booking.phone import office_number
from bot.booking.rules import Cancel, Rules
from bot.booking.session import Id, Session, Words
from bot.document import Document, Part, meant, text_of, without
from bot.errors import Finding, FlowError
from bot.told import tell

__all__ = ["Cancel", "Office", "Offices", "load_offices"]


def _prefix(value: str) -> str:
    if not re.fullmatch(r"[A-HJKMNP-Z]{3}", value):
        raise ValueError(
            tell(
                "a prefix is three capital letters without I, L and O, which people read as "
                "digits, not {value!r}",
                value=value,
            )
        )
    return value


def _number(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(  # noqa: TRY004 - pydantic collects ValueErrors only
            tell("put the number {value} in quotes, or its leading zero is lost", value=value)
        )
    found = office_number(value)
    if found is None:
        raise ValueError(
            tell("{value!r} is not a telephone number; write it like '0812 9900 4406'", value=value)
        )
    return found


Number = Annotated[str, BeforeValidator(_number)]
Prefix = Annotated[str, AfterValidator(_prefix)]


class Location(Part):
    """Where an office is on the map; looked up and checked by whoever writes it.

    Args:
        latitude: in degrees, south of the equator negative.
        longitude: in degrees, east of Greenwich.
        name: what is written there; the office's own name if left out.
        address: street and number, as on a letter.
    """

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    name: str = ""
    address: str = ""


class Office(Rules):
    """One office.

    Args:
        id: ``jakarta_pusat``; never changes, seats and conversations carry it.
        name: in full, as on the door.
        short_name: as people say it.
        prefix: what its booking codes begin with.
        numbers: WhatsApp numbers, ``6281299004406``.
        area: quarter or street people know it by; no address.
        aliases: other names people type.
        quarters: parts of town, markets and streets around it that people name instead.
        neighbours: ids of the offices to try when this one is full, the nearest first.
        location: where it is on the map; who asks where the office is gets it as a pin.
    """

    id: Id
    name: Words
    short_name: Words
    prefix: Prefix
    numbers: tuple[Number, ...] = ()
    area: str = ""
    aliases: tuple[Words, ...] = ()
    quarters: tuple[Words, ...] = ()
    neighbours: tuple[Id, ...] = ()
    location: Location | None = None

    @property
    def quota(self) -> int:
        """Seats of an ordinary day."""
        return sum(session.seats for session in self.sessions)

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def zone_name(self) -> str:
        """What people call it: ``WIB``, ``WITA`` or ``WIT``."""
        return datetime(2000, 1, 1, tzinfo=self.zone).tzname() or self.time_zone

    def session(self, session_id: str) -> Session:
        """One of its sessions; ``KeyError`` if there is none of that id."""
        return {session.id: session for session in self.sessions}[session_id]

    def local(self, now: datetime) -> datetime:
        """``now`` (aware) on the office's clock."""
        if now.tzinfo is None:
            raise ValueError(
                tell("a moment without a time zone cannot be put on the office's clock")
            )
        return now.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        """The date at the office at ``now`` (aware)."""
        return self.local(now).date()


class Offices:
    """All offices, in the order of the file."""

    def __init__(self, offices: Iterable[Office]) -> None:
        self._by_id = {office.id: office for office in offices}

    def __iter__(self) -> Iterator[Office]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, office_id: str) -> Office | None:
        """The office of this id."""
        return self._by_id.get(office_id)

    def by_number(self, display_phone_number: str) -> Office | None:
        """The office that answers this number, written ``0812 …``, ``+62 812-…`` or ``62812…``."""
        known = self._by_number.get(display_phone_number)  # Meta's spelling is that of the keys
        return known or self._by_number.get(office_number(display_phone_number) or "")

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """What booking codes begin with."""
        return frozenset(office.prefix for office in self)

    @cached_property
    def _by_number(self) -> Mapping[str, Office]:
        return {number: office for office in self for number in office.numbers}


class _File(Part):
    """``offices.yml`` before ``defaults`` are put under each office."""

    defaults: Rules
    offices: Annotated[Mapping[Id, Mapping[str, Any]], Field(min_length=1)]


def load_offices(path: Path) -> Offices:
    """Read ``offices.yml``.

    Raises:
        FlowError: with every mistake found.
    """
    name = Document.typed(path)
    try:
        document = Document.leniently(text_of(path, name), name)
    except Finding as finding:
        raise FlowError([finding]) from None
    findings = list(document.mistakes)
    file = None
    try:
        file = document.validate(_File)
    except ExceptionGroup as group:
        findings += _findings(group)
    wrong = [finding.loc for finding in findings]
    rules = without(document.data, wrong).get("defaults", {})
    written = document.data.get("offices")
    offices = []
    for office_id, own in written.items() if isinstance(written, dict) else ():
        if isinstance(own, dict):
            office, found = _office(document, office_id, own, rules, alone=bool(wrong))
            findings += found
            if office and file:
                offices.append(_with_days_of(file.defaults, office))
            elif office:
                offices.append(office)
    findings += _said_twice(document, offices)
    findings += _not_neighbours(document, offices, written if isinstance(written, dict) else ())
    if findings:
        raise FlowError(findings)
    return Offices(offices)


def _office(
    document: Document, office_id: str, own: Mapping[str, Any], rules: object, *, alone: bool
) -> tuple[Office | None, list[Finding]]:
    """An office, or what is wrong with it.

    Args:
        rules: the ``defaults``.
        alone: they have mistakes of their own: only what stands under the office counts.
    """
    under = ("offices", office_id)
    findings = []
    if "id" in own:
        findings.append(
            document.finding(
                tell("the id is {office_id!r}; delete this", office_id=office_id), (*under, "id")
            )
        )
    shared = dict(rules) if isinstance(rules, Mapping) else {}
    for days in ("closed", "opened"):
        shared.pop(days, None)
    try:
        return document.validate(Office, {**shared, **own, "id": office_id}, under), findings
    except ExceptionGroup as group:
        found = _findings(group)
    if alone:
        found = [each for each in found if len(each.loc) > len(under) and each.loc[2] in own]
    return None, findings + found


def _with_days_of(rules: Rules, office: Office) -> Office:
    """Add the dates closed and opened everywhere; the office's own word goes first."""
    closed = {day: why for day, why in rules.closed.items() if day not in office.opened}
    opened = rules.opened - office.closed.keys()
    return office.model_copy(
        update={"closed": closed | dict(office.closed), "opened": opened | office.opened}
    )


def _said_twice(document: Document, offices: Iterable[Office]) -> Iterator[Finding]:
    """Complaints about what should tell offices apart and does not."""
    owners: dict[str, str] = {}
    for office in offices:
        for field, name in _names_of(office):
            owner = owners.setdefault(name.casefold(), office.id)
            if owner != office.id:
                message = tell(
                    "{field}: {name!r} already belongs to {owner}",
                    field=field,
                    name=name,
                    owner=owner,
                )
                yield document.finding(message, ("offices", office.id, field))


def _not_neighbours(
    document: Document, offices: Iterable[Office], known: Collection[str]
) -> Iterator[Finding]:
    """Complaints about neighbours that are not there."""
    for office in offices:
        for at, neighbour in enumerate(office.neighbours):
            loc = ("offices", office.id, "neighbours", at)
            if neighbour not in known:
                message = tell(
                    "neighbours: no office {neighbour!r}{meant}",
                    neighbour=neighbour,
                    meant=meant(neighbour, sorted(known)),
                )
                yield document.finding(message, loc)
            elif neighbour == office.id or neighbour in office.neighbours[:at]:
                message = tell(
                    "neighbours: {neighbour} is this office, or stands here twice",
                    neighbour=neighbour,
                )
                yield document.finding(message, loc)


def _names_of(office: Office) -> Iterator[tuple[str, str]]:
    """What an office is known by, each with the key it is written under."""
    yield "short_name", office.short_name
    yield "prefix", office.prefix
    yield from (("numbers", number) for number in office.numbers)
    yield from (("aliases", alias) for alias in office.aliases)
    yield from (("quarters", quarter) for quarter in office.quarters)


def _findings(group: ExceptionGroup[Exception]) -> list[Finding]:
    return [error for error in group.exceptions if isinstance(error, Finding)]
