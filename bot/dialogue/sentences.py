"""What a reply file says: the language of its entries, as values.

One file a language, ``flows/replies/id.yml``: a reply by key, either its text or a mapping with
``text`` and something to tap or look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, RootModel, model_validator

from bot.dialogue.flow import Name
from bot.document import Part


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
            raise ValueError("'each' and 'row' make rows of a list together; write both, or none")
        return self


class TemplateUse(Part):
    """A template registered with WhatsApp, for who has been silent for a day.

    Args:
        name: as registered: small letters, digits and _.
        parameters: what stands for ``{{1}}``, ``{{2}}`` … in its body (key ``with``).
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,511}$")]
    parameters: tuple[Annotated[str, Field(min_length=1)], ...] = Field(default=(), alias="with")


def _as_text(value: object) -> object:
    return {"text": value} if isinstance(value, str | list) else value


def _as_variants(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Sentence(Part):
    """A reply as written in a reply file.

    Args:
        text: the words, or a list of ways to say the same, used in turn.
        meanings: titles of intents; those that a message may have meant are offered to tap.
        each: slot holding a list; the reply is said once for every ``item`` in it.
        template: says it on WhatsApp when the person has been silent for a day; the buttons are
            then the template's quick replies.
        picture: file in ``pictures/``, beside ``replies/``; the words are its caption.
    """

    text: Annotated[
        tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_variants)
    ] = Field(min_length=1)
    buttons: tuple[Tap, ...] = Field(default=(), max_length=10)
    menu: Menu | None = None
    meanings: Mapping[Name, Annotated[str, Field(min_length=1)]] = {}
    barcode: str = ""
    picture: str = ""
    each: Name | None = None
    template: TemplateUse | None = None

    @model_validator(mode="after")
    def _fits_a_template(self) -> Sentence:
        if self.template and (self.menu or self.barcode or self.picture):
            raise ValueError("a template has no menu and no picture; say those in another reply")
        if self.meanings and (self.buttons or self.menu or self.template):
            raise ValueError("meanings are all there is to tap; leave out buttons, menu, template")
        return self


class Sentences(RootModel[Mapping[Name, Annotated[Sentence, BeforeValidator(_as_text)]]]):
    """A reply file: replies by key."""
