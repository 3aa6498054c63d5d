"""The sentences: reply files become templates, templates become replies.

Texts are Jinja templates in a sandbox; what applicants typed enters them as values only. What a
language does not say, or leaves empty, is said whole in the first one: nobody gets an empty text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from babel import Locale, UnknownLocaleError
from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.nodes import Filter

from bot.dialogue.attachment import Reaction
from bot.dialogue.enclosures import BusinessCard, Place
from bot.dialogue.mentions import SAY, Mention, mentions_in
from bot.dialogue.offers import IN_ROWS, Offer, Rows
from bot.dialogue.pictures import DOCUMENTS, PICTURES, Gallery
from bot.dialogue.reply import Origin, Pdf, Picture, Reply
from bot.dialogue.reply import Template as Registered
from bot.dialogue.sentences import Sentence, Sentences, Tap, words_of
from bot.dialogue.template import Plain, Template, environment_of, parsed, template_of
from bot.dialogue.template_needs import Needs, needs_of
from bot.document import Document
from bot.errors import Finding
from bot.told import tell

log = structlog.get_logger()

SURROUNDINGS = frozenset(
    {"office", "contact", "now", "hour", "heard", "problems", "example", "refused", "guesses"}
)
"""What any reply may speak of besides slots."""

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class _Compiled:
    texts: tuple[Template, ...]
    buttons: tuple[Offer, ...]
    menu: Template
    rows: Rows | None
    meanings: Mapping[str, Offer]
    barcode: Template
    template: tuple[str, tuple[Template, ...]] | None
    picture: Picture | None
    document: Pdf | None
    location: Place | None
    contact: BusinessCard | None
    reaction: Reaction | None


class UnsaidError(UndefinedError):
    """A reply says another one that its language does not have."""


class Replies:
    """All sentences of one language, ready to be said.

    Args:
        language: BCP 47 code, ``id``; also the Babel locale of dates.
        document: the reply file.
        first: the language that says what this one does not; ``None`` for the first itself.
        gallery: the pictures and documents there are.

    Attributes:
        sentences: as written, by key.
        mentions: names the templates use, for the flow checker.
        needs: what the templates of a reply need, each with where it stands, by key.
        taps: intents of buttons and rows, each with the entities it sends.
        globals: what templates may use besides variables.

    Raises:
        ExceptionGroup: of :class:`Finding`: unknown keys, templates that are not Jinja, files
            that are not there.
    """

    def __init__(
        self,
        language: str,
        document: Document,
        first: Replies | None = None,
        gallery: Gallery | None = None,
    ) -> None:
        self.language = language
        self.document = document
        self.first = first
        self._gallery = gallery or Gallery()
        self.globals: Mapping[str, Any] = {SAY: self._say}
        self.mentions: list[Mention] = []
        self.needs: dict[str, list[tuple[tuple[str | int, ...], Needs]]] = {}
        self.taps: list[tuple[str, frozenset[str]]] = []
        self._mistakes: list[Finding] = []
        try:
            Locale.parse(language)
        except (ValueError, UnknownLocaleError):
            message = tell(
                "no language {language!r}: nobody knows how it writes a date", language=language
            )
            self._mistakes.append(document.finding(message))
        self.sentences = document.validate(Sentences).root
        words = words_of(self.sentences)
        self._origins = {key: Origin(key, words[key]) for key in self.sentences}
        self._compiled = {
            key: self._compile(key, sentence) for key, sentence in self.sentences.items()
        }
        if self._mistakes:
            raise ExceptionGroup(f"{document.name} has mistakes", self._mistakes)

    def __contains__(self, key: object) -> bool:
        """Whether ``key`` can be said, in this language or in the first."""
        return key in self._compiled or (self.first is not None and key in self.first)

    def __iter__(self) -> Iterator[str]:
        """The keys this language has."""
        return iter(self._compiled)

    def each(self, key: str, variables: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The variables with which ``key`` is said: once, or once for every item of its list."""
        if self.first and key not in self._compiled:
            return self.first.each(key, variables)
        slot = self.sentences[key].each
        if slot is None:
            return [variables]
        items = enumerate(variables.get(slot) or (), start=1)
        return [{**variables, "item": item, "number": number} for number, item in items]

    def variants(self, key: str) -> int:
        """In how many ways ``key`` can be said."""
        if self.first and key not in self._compiled:
            return self.first.variants(key)
        return len(self._compiled[key].texts)

    def meanings(self, key: str) -> Collection[str]:
        """The intents that ``key`` can offer to tap when a message may have meant them."""
        if self.first and key not in self._compiled:
            return self.first.meanings(key)
        return self._compiled[key].meanings.keys()

    def is_template(self, key: str) -> bool:
        """Whether ``key`` can be said on WhatsApp to somebody silent for a day."""
        if self.first and key not in self._compiled:
            return self.first.is_template(key)
        return self._compiled[key].template is not None

    def registered(self) -> dict[tuple[str, str], tuple[int, int | None]]:
        """Templates that WhatsApp must know: by name and language, how many parameters their body
        has and how many buttons; ``None`` where that depends on what is said.
        """
        code = self.language.replace("-", "_")
        return {
            (name, code): (len(parameters), None if each.rows else len(each.buttons))
            for each in self._compiled.values()
            if each.template
            for name, parameters in [each.template]
        }

    def render(self, key: str, variables: Mapping[str, Any], variant: int = 0) -> Reply:
        """Say ``key``; in the first language if this one does not say it, or says nothing.

        Args:
            variant: which of its ways to say it, counted round and round.
            variables: slots and surroundings the template may use.

        Raises:
            jinja2.TemplateError: the template uses something that is not there.
            ValueError: the text comes out empty, which no channel can send.
        """
        if self.first and key not in self._compiled:
            return self.first.render(key, variables, variant)
        try:
            reply = self._rendered(key, variables, variant)
        except UnsaidError:
            if self.first is None:
                raise
            return self.first.render(key, variables, variant)
        if reply.text:
            return reply
        if self.first is None:
            raise ValueError(tell("reply {key!r} came out empty", key=key))
        log.error("reply_came_out_empty", alarm=True, reply=key, language=self.language)
        return self.first.render(key, variables, variant)

    def _rendered(self, key: str, variables: Mapping[str, Any], variant: int) -> Reply:
        sentence = self._compiled[key]
        template = sentence.texts[variant % len(sentence.texts)]
        text = template.render(variables).strip()
        if "\n\n\n" in text:
            text = _BLANK_LINES.sub("\n\n", text)
        buttons = [button.render(variables) for button in sentence.buttons]
        menu = sentence.menu.render(variables).strip()
        rows = tuple([button for button in buttons if button.title])
        if listed := sentence.rows:
            rows += tuple([listed.render(*item, variables) for item in listed.items(variables)])
        if sentence.meanings:
            guessed = (sentence.meanings.get(guess) for guess in variables.get("guesses", ()))
            rows += tuple(offer.render(variables) for offer in guessed if offer)
        barcode = sentence.barcode.render(variables).strip()
        registered = None
        if sentence.template:
            name, parameters = sentence.template
            filled = tuple(" ".join(each.render(variables).split()) for each in parameters)
            registered = Registered(name, self.language, filled)
        return Reply(
            text,
            rows,
            menu if rows else "",
            barcode,
            registered,
            sentence.picture,
            sentence.document,
            sentence.location.render(variables) if sentence.location else None,
            sentence.contact.render(variables) if sentence.contact else None,
            sentence.reaction,
            self._origins[key],
        )

    def payloads(self, key: str, variables: Mapping[str, Any]) -> dict[str, str]:
        """What ``key`` offers to tap, by title; rows that need more than is known are left out."""
        if self.first and key not in self._compiled:
            return self.first.payloads(key, variables)
        sentence, found = self._compiled[key], dict[str, str]()
        offers = [partial(button.render, variables) for button in sentence.buttons]
        if listed := sentence.rows:
            items = listed.items(variables)
            offers += [partial(listed.render, *item, variables) for item in items]
        for offer in offers:
            with suppress(UndefinedError):
                button = offer()
                found[button.title] = button.payload
        found.pop("", None)  # what is not shown now
        return found

    def _compile(self, key: str, sentence: Sentence) -> _Compiled:
        menu = sentence.menu
        if menu and menu.each:
            self.mentions.append(Mention("variable", menu.each, (key, "menu", "each")))
        if sentence.each:
            self.mentions.append(Mention("variable", sentence.each, (key, "each")))
        return _Compiled(
            tuple(self._template(text, key, "text", at) for at, text in enumerate(sentence.text)),
            tuple(
                self._tap(tap, key, "buttons", at) for at, tap in enumerate(sentence.buttons)
            ),
            self._template(menu.title if menu else "", key, "menu", "title"),
            Rows(menu.each, self._tap(menu.row, key, "menu", "row"))
            if menu and menu.each and menu.row else None,
            {intent: self._tap(Tap(title=title, tap=intent), key, "meanings", intent)
             for intent, title in sentence.meanings.items()},
            self._template(sentence.barcode, key, "barcode"),
            (sentence.template.name,
             tuple(self._template(source, key, "template", "with", at)
                   for at, source in enumerate(sentence.template.parameters)),
             ) if sentence.template else None,
            self._picture(sentence, key),
            self._pdf(sentence, key),
            Place.of(sentence.location, key, self._template),
            BusinessCard.of(sentence.contact, key, self._template),
            Reaction("", sentence.reaction) if sentence.reaction else None,
        )  # fmt: skip

    def _picture(self, sentence: Sentence, key: str) -> Picture | None:
        if not sentence.picture:
            return None
        message = self._gallery.fault(PICTURES, sentence.picture)
        if sentence.barcode:
            message = tell("a message shows one picture; keep either 'barcode' or 'picture'")
        if message:
            self._mistakes.append(self.document.finding(message, (key, "picture")))
        return self._gallery.pictures.get(sentence.picture)

    def _pdf(self, sentence: Sentence, key: str) -> Pdf | None:
        if not sentence.document:
            return None
        if message := self._gallery.fault(DOCUMENTS, sentence.document):
            self._mistakes.append(self.document.finding(message, (key, "document")))
        return self._gallery.documents.get(sentence.document)

    def _tap(self, tap: Tap, *loc: str | int) -> Offer:
        self.taps.append((tap.tap, frozenset(tap.entities)))
        return Offer(
            self._template(tap.title, *loc, "title"),
            tap.tap,
            {n: self._template(v, *loc, "with", n) for n, v in tap.entities.items()},
            self._template(tap.description, *loc, "description"),
        )

    def _template(self, source: str, *loc: str | int) -> Template:
        try:
            tree = parsed(self.language, source)
            template = template_of(self.language, source, self.globals)
        except (TemplateSyntaxError, SyntaxError, RecursionError) as error:
            reason = getattr(error, "message", None) or error
            message = tell("this template cannot be read: {reason}", reason=reason)
            self._mistakes.append(self.document.finding(message, loc))
            return Plain("")
        for used in tree.find_all(Filter):
            if used.name == "plural" and "other" not in {told.key for told in used.kwargs}:
                message = tell(
                    'plural needs other="…": the form for any number the others do not fit'
                )
                self._mistakes.append(self.document.finding(message, loc))
        listed = "row" in loc[1:] or self.sentences[str(loc[0])].each
        known = {*environment_of(self.language).globals, SAY, *(IN_ROWS if listed else ())}
        self.mentions += mentions_in(tree, known, loc)
        self.needs.setdefault(str(loc[0]), []).append((loc, needs_of(tree, known)))
        return template

    def _say(self, key: str, **variables: Any) -> str:
        """Another reply's text, for use inside a template."""
        if key not in self._compiled:
            raise UnsaidError(f"no reply {key!r} in {self.document.name}")
        return self._compiled[key].texts[0].render(variables).strip()
