"""What a reply brings along, to be filled in: a place on the map, a card for one's contacts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import structlog

from bot.dialogue.attachment import Card, Location
from bot.dialogue.sentences import LATITUDE, LONGITUDE, CardUse, LocationUse, degrees
from bot.dialogue.template import Template

log = structlog.get_logger()

Compiled: TypeAlias = Callable[..., Template]
"""Makes a template of a text and of where in the reply file it stands."""

DIGITS: Final = range(7, 16)
"""How many a telephone number has with its country, by E.164."""

_BETWEEN = re.compile(r"[,;\n]")
_NUMBER = re.compile(r"\+[0-9][0-9 ().-]*")


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map, its parts as templates."""

    latitude: Template
    longitude: Template
    name: Template
    address: Template

    @classmethod
    def of(cls, written: LocationUse | None, key: str, compiled: Compiled) -> Place | None:
        """That of the reply ``key``, if it has any."""
        if written is None:
            return None
        return cls(
            compiled(str(written.latitude), key, "location", "latitude"),
            compiled(str(written.longitude), key, "location", "longitude"),
            compiled(written.name, key, "location", "name"),
            compiled(written.address, key, "location", "address"),
        )

    def render(self, variables: Mapping[str, Any]) -> Location | None:
        """The place; ``None`` where its degrees come out empty, or as no degrees (an alarm).

        Raises:
            jinja2.TemplateError: it uses something that is not there.
        """
        north = self.latitude.render(variables).strip()
        east = self.longitude.render(variables).strip()
        if not north or not east:
            return None
        latitude, longitude = degrees(north, LATITUDE), degrees(east, LONGITUDE)
        if latitude is None or longitude is None:
            log.error("reply_location_unreadable", alarm=True)
            return None
        name, address = self.name.render(variables), self.address.render(variables)
        return Location(latitude, longitude, name.strip(), address.strip())


@dataclass(frozen=True, slots=True)
class BusinessCard:
    """A card, its parts as templates."""

    name: Template
    numbers: tuple[Template, ...]

    @classmethod
    def of(cls, written: CardUse | None, key: str, compiled: Compiled) -> BusinessCard | None:
        """That of the reply ``key``, if it has any."""
        if written is None:
            return None
        numbers = enumerate(written.numbers)
        return cls(
            compiled(written.name, key, "contact", "name"),
            tuple(compiled(number, key, "contact", "numbers", at) for at, number in numbers),
        )

    def render(self, variables: Mapping[str, Any]) -> Card | None:
        """The card; ``None`` where no number comes out.

        Raises:
            jinja2.TemplateError: it uses something that is not there.
        """
        written = [text for each in self.numbers for text in parted(each.render(variables))]
        numbers = tuple(text for text in written if is_number(text))
        name = self.name.render(variables).strip()
        if len(numbers) < len(written) or (numbers and not name):
            log.error("reply_contact_unreadable", alarm=True)
        return Card(name, numbers) if name and numbers else None


def parted(text: str) -> Iterator[str]:
    """The numbers of a text with several."""
    return (part for each in _BETWEEN.split(text) if (part := each.strip()))


def is_number(text: str) -> bool:
    """Whether it can be dialled from anywhere: ``+62 812 9900 4406``."""
    return bool(_NUMBER.fullmatch(text)) and sum(map(str.isdigit, text)) in DIGITS
