"""What a reply file says: the language of its entries, as values.

One file a language, ``flows/replies/id.yml``: a reply by key, either its text or a mapping with
``text`` and something to tap or look at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, RootModel, model_validator

from bot.dialogue.emoji import is_emoji
from bot.dialogue.flow import Name
from bot.document import Part
from bot.told import tell

LATITUDE: Final = 90
LONGITUDE: Final = 180
"""The most degrees there are."""


class Tap(Part):
    """Something to tap, as written in a reply file.

    Args:
        title: what it shows.
        tap: the intent a tap means.
        entities: its entities (key ``with``).
        description: second line of a list row.
    """

    title: str
    tap: Name
    entities: Mapping[Name, str] = Field(default={}, alias="with")
    description: str = ""


class Menu(Part):
    """A list to choose from.

    Args:
        title: of the button that opens it.
        each: slot holding a list; a row is made for every ``item`` in it.
        row: the row's template. Without ``each`` and ``row`` the buttons alone are the rows.
    """

    title: str
    each: Name | None = None
    row: Tap | None = None

    @model_validator(mode="after")
    def _makes_rows_of_a_list(self) -> Menu:
        if (self.each is None) != (self.row is None):
            raise ValueError(
                tell("'each' and 'row' make rows of a list together; write both, or none")
            )
        return self


class TemplateUse(Part):
    """A template registered with WhatsApp, for who has been silent for a day.

    Args:
        name: as registered: small letters, digits and _.
        parameters: what stands for ``{{1}}``, ``{{2}}`` … in its body (key ``with``).
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,511}$")]
    parameters: tuple[Annotated[str, Field(min_length=1)], ...] = Field(default=(), alias="with")


def _as_variants(value: object) -> object:
    return [value] if isinstance(value, str) else value


class LocationUse(Part):
    """A place on the map. Where latitude or longitude comes out empty, none is shown.

    Args:
        latitude: in degrees, south of the equator negative.
        longitude: in degrees, east of Greenwich positive.
        name: of what is there.
        address: below the name.
    """

    latitude: float | str
    longitude: float | str
    name: str = ""
    address: str = ""

    @model_validator(mode="after")
    def _is_on_earth(self) -> LocationUse:
        for name, written, most in (
            ("latitude", self.latitude, LATITUDE),
            ("longitude", self.longitude, LONGITUDE),
        ):
            filled_in = isinstance(written, str) and "{" in written
            if not filled_in and degrees(str(written), most) is None:
                raise ValueError(
                    tell(
                        "{name}: write degrees from -{most} to {most}, not {written!r}",
                        name=name,
                        most=most,
                        written=written,
                    )
                )
        return self


class CardUse(Part):
    """A card for one's contacts. Where no number comes out, none is sent.

    Args:
        name: whose it is.
        numbers: WhatsApp numbers with their country, `+62 812 9900 4406`; several in one text
            stand with commas between them.
    """

    name: Annotated[str, Field(min_length=1)]
    numbers: Annotated[
        tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_variants)
    ] = Field(min_length=1)


def degrees(text: str, most: int) -> float | None:
    """A number of degrees from ``-most`` to ``most``; ``None`` when it is none."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) <= most else None


def _one_emoji(value: str) -> str:
    if value and not is_emoji(value):
        raise ValueError(tell("a reaction is one emoji, like ✅, not {value!r}", value=value))
    return value


def _as_text(value: object) -> object:
    if isinstance(value, int | float | date):
        raise ValueError(  # noqa: TRY004 - pydantic's way to refuse
            tell(
                "a reply that looks like a number or a date stands in quotes: '{value}'",
                value=value,
            )
        )
    return {"text": value} if isinstance(value, str | list) else value


class Sentence(Part):
    """A reply as written in a reply file.

    Args:
        text: the words, or a list of ways to say the same, used in turn.
        meanings: titles of intents; those that a message may have meant are offered to tap.
        each: slot holding a list; the reply is said once for every ``item`` in it.
        template: says it on WhatsApp when the person has been silent for a day; the buttons are
            then the template's quick replies.
        picture: file in ``pictures/``, beside ``replies/``; the words are its caption.
        document: PDF in ``documents/``, beside ``replies/``, to keep; the words are its caption.
        location: a place on the map.
        contact: a card to put among one's contacts.
        reaction: an emoji put on the message that is answered, where the channel can.
    """

    text: Annotated[
        tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_variants)
    ] = Field(min_length=1)
    buttons: tuple[Tap, ...] = Field(default=(), max_length=10)
    menu: Menu | None = None
    meanings: Mapping[Name, Annotated[str, Field(min_length=1)]] = {}
    barcode: str = ""
    picture: str = ""
    document: str = ""
    location: LocationUse | None = None
    contact: CardUse | None = None
    reaction: Annotated[str, AfterValidator(_one_emoji)] = ""
    each: Name | None = None
    template: TemplateUse | None = None

    @model_validator(mode="after")
    def _fits_a_template(self) -> Sentence:
        beside = (self.barcode, self.picture, self.document, self.location, self.contact)
        if self.template and (self.menu or any(beside)):
            raise ValueError(
                tell(
                    "a template has no menu, picture, document, location or contact; say those "
                    "in another reply"
                )
            )
        if self.meanings and (self.buttons or self.menu or self.template):
            raise ValueError(
                tell("meanings are all there is to tap; leave out buttons, menu, template")
            )
        return self


class Sentences(RootModel[Mapping[Name, Annotated[Sentence, BeforeValidator(_as_text)]]]):
    """A reply file: replies by key."""


def words_of(sentences: Mapping[str, Sentence]) -> Mapping[str, str]:
    """A short hash of how each reply is written; of one that says others, of how all are."""
    written = {key: sentence.model_dump_json() for key, sentence in sentences.items()}
    whole = "".join(written.values())
    return {
        key: hashlib.sha256((own + whole * ("say(" in own)).encode()).hexdigest()[:8]
        for key, own in written.items()
    }
