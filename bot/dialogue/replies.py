"""The sentences: reply files become templates, templates become replies.

One file a language, ``flows/replies/id.yml``: a reply by key, either its text or a mapping with
``text`` and something to tap or look at. Texts are Jinja templates in a sandbox; what applicants
typed enters them as values only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from babel import Locale, UnknownLocaleError
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.nodes import Filter
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BeforeValidator, Field, RootModel

from bot.dialogue.flow import Name
from bot.dialogue.mentions import SAY, Mention, mentions_in
from bot.dialogue.reply import Button, Reply, payload
from bot.dialogue.template import Template, template_of
from bot.dialogue.wording import Wording
from bot.document import Document, Part
from bot.errors import Finding

SURROUNDINGS = frozenset(
    {"office", "contact", "now", "hour", "heard", "problems", "example", "refused"}
)
"""What any reply may speak of besides slots."""

IN_ROWS = frozenset({"item", "number"})
"""What a menu's row may speak of besides: an item of its list, and which it is, from 1."""

_BLANK_LINES = re.compile(r"\n{3,}")


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
        row: the row's template.
    """

    title: str
    each: Name
    row: Tap


def _as_text(value: object) -> object:
    return {"text": value} if isinstance(value, str | list) else value


def _as_variants(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Sentence(Part):
    """A reply as written in a reply file.

    Args:
        text: the words, or a list of ways to say the same, used in turn.
    """

    text: Annotated[
        tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_variants)
    ] = Field(min_length=1)
    buttons: tuple[Tap, ...] = Field(default=(), max_length=10)
    menu: Menu | None = None
    barcode: str = ""


class Sentences(RootModel[Mapping[Name, Annotated[Sentence, BeforeValidator(_as_text)]]]):
    """A reply file: replies by key."""


@dataclass(frozen=True, slots=True)
class _Row:
    title: Template
    intent: str
    entities: Mapping[str, Template]
    description: Template

    def render(self, variables: Mapping[str, Any]) -> Button:
        entities = {name: value.render(variables).strip() for name, value in self.entities.items()}
        return Button(
            self.title.render(variables).strip(),
            payload(self.intent, entities),
            self.description.render(variables).strip(),
        )


@dataclass(frozen=True, slots=True)
class _Compiled:
    texts: tuple[Template, ...]
    buttons: tuple[_Row, ...]
    menu: tuple[Template, str, _Row] | None
    barcode: Template


class Replies:
    """All sentences of one language, ready to be said.

    Args:
        language: BCP 47 code, ``id``; also the Babel locale of dates.
        document: the reply file.

    Attributes:
        mentions: names the templates use, for the flow checker.

    Raises:
        ExceptionGroup: of :class:`Finding`: unknown keys, templates that are not Jinja.
    """

    def __init__(self, language: str, document: Document) -> None:
        self.language = language
        self.document = document
        self._environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined,
            autoescape=False,  # replies are plain text; a channel that shows HTML escapes them
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= Wording(language).filters()
        self._environment.globals[SAY] = self._say
        self.mentions: list[Mention] = []
        self._mistakes: list[Finding] = []
        try:
            Locale.parse(language)
        except (ValueError, UnknownLocaleError):
            message = f"no language {language!r}: nobody knows how it writes a date"
            self._mistakes.append(document.finding(message))
        written = document.validate(Sentences)
        self._compiled = {
            key: self._compile(key, sentence) for key, sentence in written.root.items()
        }
        if self._mistakes:
            raise ExceptionGroup(f"{document.name} has mistakes", self._mistakes)

    def __contains__(self, key: object) -> bool:
        return key in self._compiled

    def __iter__(self) -> Iterator[str]:
        return iter(self._compiled)

    def variants(self, key: str) -> int:
        """In how many ways ``key`` can be said."""
        return len(self._compiled[key].texts)

    def render(self, key: str, variables: Mapping[str, Any], variant: int = 0) -> Reply:
        """Say ``key``.

        Args:
            variant: which of its ways to say it, counted round and round.
            variables: slots and surroundings the template may use.

        Raises:
            jinja2.TemplateError: the template uses something that is not there.
            ValueError: the text comes out empty, which no channel can send.
        """
        sentence = self._compiled[key]
        template = sentence.texts[variant % len(sentence.texts)]
        text = _BLANK_LINES.sub("\n\n", template.render(variables)).strip()
        if not text:
            raise ValueError(f"reply {key!r} came out empty")
        menu, rows = "", tuple(button.render(variables) for button in sentence.buttons)
        if sentence.menu:
            title, each, row = sentence.menu
            menu = title.render(variables).strip()
            rows += tuple(
                row.render({**variables, "item": item, "number": number})
                for number, item in enumerate(variables.get(each) or (), start=1)
            )
        return Reply(text, rows, menu if rows else "", sentence.barcode.render(variables).strip())

    def _compile(self, key: str, sentence: Sentence) -> _Compiled:
        menu = sentence.menu
        if menu:
            self.mentions.append(Mention("variable", menu.each, (key, "menu", "each")))
        return _Compiled(
            tuple(self._template(text, key, "text", at) for at, text in enumerate(sentence.text)),
            tuple(
                self._row(tap, key, "buttons", at) for at, tap in enumerate(sentence.buttons)
            ),
            (self._template(menu.title, key, "menu", "title"), menu.each,
             self._row(menu.row, key, "menu", "row")) if menu else None,
            self._template(sentence.barcode, key, "barcode"),
        )  # fmt: skip

    def _row(self, tap: Tap, *loc: str | int) -> _Row:
        return _Row(
            self._template(tap.title, *loc, "title"),
            tap.tap,
            {n: self._template(v, *loc, "with", n) for n, v in tap.entities.items()},
            self._template(tap.description, *loc, "description"),
        )

    def _template(self, source: str, *loc: str | int) -> Template:
        try:
            tree = self._environment.parse(source)
            template = template_of(self._environment, source, tree)
        except (TemplateSyntaxError, SyntaxError, RecursionError) as error:
            reason = getattr(error, "message", None) or error
            message = f"this template cannot be read: {reason}"
            self._mistakes.append(self.document.finding(message, loc))
            return self._environment.from_string("")
        for used in tree.find_all(Filter):
            if used.name == "plural" and "other" not in {told.key for told in used.kwargs}:
                message = 'plural needs other="…": the form for any number the others do not fit'
                self._mistakes.append(self.document.finding(message, loc))
        known = {*self._environment.globals, *(IN_ROWS if "row" in loc[1:] else ())}
        self.mentions += mentions_in(tree, known, loc)
        return template

    def _say(self, key: str, **variables: Any) -> str:
        """Another reply's text, for use inside a template."""
        if key not in self._compiled:
            raise UndefinedError(f"no reply {key!r} in {self.document.name}")
        return self._compiled[key].texts[0].render(variables).strip()
