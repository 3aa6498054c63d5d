"""What the bot is expected to say, and whether it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from bot.dialogue.reply import Reply
from bot.document import Loc, Part
from bot.replay.agreeing import disagreements
from bot.replay.pattern import Pattern, TooSlowError, search

BESIDE: Final = ("barcode", "picture", "document", "location", "contact", "reaction")
"""Parts of a message beside its words and what can be tapped, each told in a few words."""

SHOWN: Final = ("buttons", "menu", *BESIDE)

DECORATION: Final = frozenset({"reaction"})
"""Parts that are not looked for where they are left out."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the bot, and how it came about.

    Args:
        key: of the reply that was said; empty when no reply was.
        variables: what it was said with.
        speaks_of: what its words may name, as ``hold.name``.
    """

    reply: Reply
    key: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)
    speaks_of: frozenset[str] = frozenset()


class Answer(Part):
    """What the bot is expected to say, in one message.

    One of ``text``, ``contains``, ``matches`` and ``reply`` says what its words must be. Beside
    ``text`` the rest must be exactly as written, and what is not written must not be there; beside
    the others only what is written counts.

    Args:
        text: its words, exactly; blank lines at the end do not count.
        contains: or a part of them.
        matches: or a regular expression that fits somewhere in them; `^` and `$` are the ends of
            lines.
        reply: or the key of the reply that must be said, as in `flows/replies/`.
        values: what the reply must be said with, by name: `with: {service_date: 2026-11-24}`.
            With all that it speaks of, the message is checked as strictly as by its text.
        buttons: titles of what can be tapped, in order.
        menu: title of the button that opens them as a list.
        barcode: the code in its picture.
        picture: the name of the file it shows.
        document: the name of the file it brings.
        location: the degrees of the place on its map, `-6.2, 106.8`.
        contact: the name on the card it brings.
        reaction: the emoji on what the applicant sent; decoration, so nothing is looked for where
            this is left out.
    """

    text: str = ""
    contains: str = ""
    matches: Pattern = ""
    reply: str = ""
    values: Mapping[str, Any] = Field(default={}, alias="with")
    buttons: tuple[str, ...] = ()
    menu: str = ""
    barcode: str = ""
    picture: str = ""
    document: str = ""
    location: str = ""
    contact: str = ""
    reaction: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Answer:
        words = (self.text.strip(), self.contains, self.matches, self.reply)
        if sum(map(bool, words)) != 1:
            raise ValueError(
                "write what the bot says as one of 'text', 'contains', 'matches' and 'reply'"
            )
        if self.values and not self.reply:
            raise ValueError("'with' belongs to 'reply'")
        return self

    @classmethod
    def of(cls, reply: Reply) -> Answer:
        """What a recording says of ``reply``."""
        titles = tuple(button.title for button in reply.buttons)
        return cls(
            text=reply.text,
            buttons=titles,
            menu=reply.menu,
            barcode=reply.barcode,
            picture=reply.picture.name if reply.picture else "",
            document=reply.document.name if reply.document else "",
            location=f"{place.latitude}, {place.longitude}" if (place := reply.location) else "",
            contact=reply.contact.name if reply.contact else "",
            reaction=reply.reaction.emoji if reply.reaction else "",
        )

    @property
    def is_exact(self) -> bool:
        """Whether its words are checked as a whole: by ``text``, or by ``reply``; see
        :meth:`pins`.
        """
        return bool(self.text or self.reply)

    def pins(self, told: Told) -> bool:
        """Whether nothing in the words of ``told`` could change without this seeing it: by exact
        text, or by the reply's key and all that it speaks of.
        """
        named = all(_is_given(path, self.values) for path in told.speaks_of)
        return bool(self.text) or (bool(self.reply) and named)

    def fits(self, told: Told) -> bool:
        """Whether ``told`` is what is expected here."""
        return self.misfit(told) is None

    def misfit(self, told: Told) -> Loc | None:
        """The way to the first part of this that is not so; ``None`` when all is."""
        if (loc := self._words_misfit(told)) is not None:
            return loc
        said = Answer.of(told.reply)
        for part in SHOWN:
            written = getattr(self, part)
            strict = bool(self.text) and part not in DECORATION
            counts = strict or part in self.model_fields_set
            if counts and written != getattr(said, part):
                return (part, *_first_other(written, getattr(said, part)))
        return None

    def _words_misfit(self, told: Told) -> Loc | None:
        if self.reply:
            if self.reply != told.key:
                return ("reply",)
            found = next(disagreements(self.values, told.variables), None)
            return None if found is None else ("with", *found.loc)
        if self.contains:
            return None if self.contains in told.reply.text else ("contains",)
        if self.matches:
            return None if _fits(self.matches, told.reply.text) else ("matches",)
        return None if self.text.strip() == told.reply.text else ("text",)


def _is_given(path: str, values: Mapping[str, Any]) -> bool:
    """Whether a value is written for what ``path`` leads to, under its own name or a part's."""
    if path in values:
        return True
    name, _, rest = path.partition(".")
    inner = values.get(name)
    return bool(rest) and isinstance(inner, Mapping) and _is_given(rest, inner)


def _fits(pattern: str, text: str) -> bool:
    """Whether a pattern is found; one that takes too long to look for is not."""
    try:
        return search(pattern, text) is not None
    except TooSlowError:
        return False


def _first_other(written: object, said: object) -> Loc:
    """Where two lists of titles part; the whole where they are none, or one is longer."""
    if not isinstance(written, tuple) or not isinstance(said, tuple):
        return ()
    pairs = enumerate(zip(written, said, strict=False))
    return next(((at,) for at, (left, right) in pairs if left != right), ())


def _answer(value: object) -> object:
    if value is None or isinstance(value, int | float | datetime):
        raise ValueError("this is not read as a text; put what the bot says in quotes")
    return {"text": value} if isinstance(value, str) else value


def _answers(value: object) -> object:
    return [value] if isinstance(value, str | Mapping) else value


class _OrText:
    """For editors: where an answer may stand, its text may."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        text = {"type": "string", "description": "exactly these words, and nothing to tap"}
        return {"anyOf": [text, handler(core)]}


Expected = Annotated[Answer, BeforeValidator(_answer), _OrText()]
"""An entry under ``bot``."""

Answers = Annotated[tuple[Expected, ...], BeforeValidator(_answers)]
"""What stands under ``bot``: one message, or a list of them."""
