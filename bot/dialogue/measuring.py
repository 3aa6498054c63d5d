"""Replies at their longest, for those who judge what a channel can show.

Every way through a template is tried, with values as long as they get: what actions give as an
example, the longest day of the language, the longest names there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from types import CodeType
from typing import Any, TypeAlias

from babel.dates import format_date
from jinja2 import TemplateError, nodes

from bot.dialogue.actions import Action
from bot.dialogue.enclosures import is_number, parted
from bot.dialogue.flow import Flow
from bot.dialogue.replies import Replies
from bot.dialogue.reply import Button, Pdf, Picture, Reply, Template, payload
from bot.dialogue.sentences import LATITUDE, LONGITUDE, Menu, Sentence, Tap, degrees
from bot.dialogue.template import KEPT, environment_of, ready, template_of
from bot.document import meant
from bot.errors import Finding
from bot.told import tell


@dataclass(frozen=True, slots=True)
class Fault:
    """What a channel cannot show as it is.

    Args:
        at: the part of the reply: ``text``, ``menu title``, ``buttons 0 title`` …
        mended: the channel shows it in another way; else the reply can never be sent.
    """

    at: tuple[str | int, ...]
    message: str
    mended: bool = True


Judge: TypeAlias = Callable[[Reply], Iterable[Fault]]
"""What a channel says of a reply."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where replies are said.

    Args:
        venue: what they may say of it, each value the longest there is.
        judges: the channels they are said on.
    """

    venue: Mapping[str, Any]
    judges: tuple[Judge, ...]


TRIED = 64
"""Ways through one template that are tried; the first ones of more."""

LONGEST: Mapping[str, Any] = {
    "text": "kata " * 40,
    "person_name": "Contoh" * 10,
    "date": "2026-11-24",
    "birth_date": "1990-08-17",
    "phone": "628120000000000",
    "code": "X" * 40,
    "number": 999_999_999,
    "photo": "",
}
"""Values of slots by their type; a text of 200 characters stands for any."""

AROUND: Mapping[str, Any] = {
    "heard": {},
    "problems": (),
    "example": "#CONTOH CONTOH#25011987#27112017",
    "refused": {"value": "kata " * 20, "reason": "in_the_future"},
    "guesses": (),
    "contact": {"phone": "+628120000000000", "profile": "Contoh" * 4},
    "now": date(2026, 11, 24),
    "hour": 9,
}
"""What replies may speak of besides slots; the venue adds its own."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

_UNKNOWN = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a template raises over a value of which no example is known; nothing is said of it then."""


def measure_findings(
    flows: Mapping[str, Flow],
    replies: Mapping[str, Replies],
    actions: Mapping[str, Action],
    stage: Stage,
) -> Iterator[Finding]:
    """What channels cannot show, at its line; what they mend is a warning."""
    for language in replies.values():
        variables = _variables(flows, actions, stage.venue, language)
        yield from _unknown_parts(language, variables)
        for key, sentence in language.sentences.items():
            for message, at in _unreadable(language, sentence, variables):
                place = language.document.place((key, *at))
                yield Finding(
                    tell("{key!r}: {message}", key=key, message=message), place, warning=True
                )
            for told, reply in _longest(language, sentence, variables):
                found: dict[tuple[str | int, ...], Fault] = {}
                for fault in (fault for judge in stage.judges for fault in judge(reply)):
                    found.setdefault((key, *_loc(sentence, told, fault.at)), fault)
                for loc, fault in found.items():
                    one_of_list = isinstance(language.document.data[key], list)
                    place = language.document.place((key, told) if one_of_list else loc)
                    yield Finding(
                        tell("{key!r}: {message}", key=key, message=fault.message),
                        place,
                        warning=fault.mended,
                    )


def _unknown_parts(language: Replies, variables: Mapping[str, Any]) -> Iterator[Finding]:
    """Parts of a value that it does not have, by its example: ``booking.cod``."""
    for key, needs in language.needs.items():
        for loc, needed in needs:
            for used in sorted(needed.parts, key=lambda used: (used.name, used.part)):
                whole = variables.get(used.name)
                if not isinstance(whole, Mapping) or not whole or hasattr(dict, used.part):
                    continue
                if used.part not in whole:
                    message = tell(
                        "{key!r}: {name!r} has no {part!r}{meant}",
                        key=key,
                        name=used.name,
                        part=used.part,
                        meant=meant(used.part, sorted(map(str, whole))),
                    )
                    yield language.document.finding(message, loc)


def _unreadable(
    language: Replies, sentence: Sentence, variables: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Degrees and telephone numbers that may come out as something else, and where."""
    if place := sentence.location:
        for name, source, most in (
            ("latitude", place.latitude, LATITUDE),
            ("longitude", place.longitude, LONGITUDE),
        ):
            text = _rendered(language, str(source), variables)
            if text and degrees(text, most) is None:
                message = tell(
                    "{name} may come out as {text!r}, which is no degrees from -{most} to {most}; "
                    "no place is shown then",
                    name=name,
                    text=text,
                    most=most,
                )
                yield message, ("location", name)
    for at, source in enumerate(sentence.contact.numbers if sentence.contact else ()):
        for text in parted(_rendered(language, source, variables)):
            if not is_number(text):
                message = tell(
                    "{text!r} is no number to dial; write it with its country, +62 812 …", text=text
                )
                yield message, ("contact", "numbers", at)


def _loc(sentence: Sentence, told: int | str, at: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where a part of a reply is written, within its sentence; see :func:`_longest`."""
    match at:
        case ("text",):
            return ("text", told)
        case _ if isinstance(told, str):
            return ("meanings", told)
        case ("buttons", int(index), *part) if index >= len(sentence.buttons):
            return ("menu", "row", *part)
        case ("buttons",) if not sentence.buttons:
            return ("menu", "each")
    return at


def _variables(
    flows: Mapping[str, Flow],
    actions: Mapping[str, Action],
    venue: Mapping[str, Any],
    language: Replies,
) -> Mapping[str, Any]:
    around = {**AROUND, **venue}
    slots: dict[str, Any] = {}
    for flow in flows.values():
        for name, slot in flow.slots.items():
            slots[name] = max(slot.choices, key=len, default=LONGEST.get(slot.type, "x" * 20))
    for action in actions.values():
        for name in action.gives:
            example, known = action.example.get(name), slots.get(name)
            if isinstance(example, Mapping) and isinstance(known, Mapping):
                example = {**known, **example}
            slots[name] = example or known or "x" * 20
    day = _longest_day(language.language)
    put_in = {name: _put_in(value, around, day, language) for name, value in slots.items()}
    return {**put_in, **around}


def _put_in(value: Any, around: Mapping[str, Any], day: date, language: Replies) -> Any:
    """An example with the longest days, and with what its texts say of the surroundings."""
    match value:
        case Mapping():
            return {k: _put_in(v, around, day, language) for k, v in value.items()}
        case list() | tuple():
            days = (day + timedelta(days=n) for n in range(len(value)))
            return [_put_in(v, around, d, language) for v, d in zip(value, days, strict=True)]
        case str() if _DAY.fullmatch(value):
            return day.isoformat()
        case str() if "{{" in value:
            try:
                return template_of(language.language, value, language.globals).render(around)
            except _UNKNOWN:
                return "x" * 20
    return value


def _longest_day(language: str) -> date:
    """A day whose weekday and month take the most letters."""
    days = [date(2026, month, day) for month in range(1, 13) for day in range(20, 27)]
    return max(days, key=lambda day: len(format_date(day, "EEEE, d MMMM y", locale=language)))


def _longest(
    language: Replies, sentence: Sentence, variables: Mapping[str, Any]
) -> Iterator[tuple[int | str, Reply]]:
    """The reply in each of its ways to say it, and with each meaning it may offer."""
    if sentence.each:
        items = variables.get(sentence.each)
        item = items[0] if isinstance(items, list) and items else ""
        variables = {**variables, "item": item, "number": 20}
    rows = [_button(language, tap, variables) for tap in sentence.buttons]
    menu = ""
    if sentence.menu:
        menu = _rendered(language, sentence.menu.title, variables)
        rows += _rows(language, sentence.menu, variables)
    barcode = _rendered(language, sentence.barcode, variables)
    picture = Picture(sentence.picture, "") if sentence.picture else None
    document = Pdf(sentence.document, "") if sentence.document else None
    template = None
    if used := sentence.template:
        filled = tuple(_rendered(language, source, variables) for source in used.parameters)
        template = Template(used.name, language.language, filled)
    for variant, text in enumerate(sentence.text):
        words = _rendered(language, text, variables)
        yield variant, Reply(words, tuple(rows), menu, barcode, template, picture, document)
    for intent, title in sentence.meanings.items():
        yield intent, Reply("…", (Button(_rendered(language, title, variables), intent),))


def _rows(language: Replies, menu: Menu, variables: Mapping[str, Any]) -> Iterator[Button]:
    items = variables.get(menu.each or "")
    if menu.row:
        for number, item in enumerate(items if isinstance(items, list) else (), start=1):
            yield _button(language, menu.row, {**variables, "item": item, "number": number})


def _button(language: Replies, tap: Tap, variables: Mapping[str, Any]) -> Button:
    entities = {n: _rendered(language, v, variables) for n, v in tap.entities.items()}
    return Button(
        _rendered(language, tap.title, variables),
        payload(tap.tap, entities),
        _rendered(language, tap.description, variables),
    )


def _rendered(language: Replies, source: str, variables: Mapping[str, Any]) -> str:
    """The longest that a template may come out as."""
    if "{" not in source:
        return source.strip()
    code, branches = _forced(language.language, source)
    template = ready(language.language, code, language.globals)
    longest = ""
    for _, taken in zip(range(TRIED), product((True, False), repeat=len(branches)), strict=False):
        try:
            text = template.render({**variables, **dict(zip(branches, taken, strict=True))})
        except _UNKNOWN:
            continue
        longest = max(longest, text.strip(), key=len)
    return longest


@lru_cache(maxsize=KEPT)
def _forced(language: str, source: str) -> tuple[CodeType, Sequence[str]]:
    """A template whose conditions are variables, compiled, and their names."""
    environment = environment_of(language)
    tree = environment.parse(source)
    branches = []
    conditions: list[nodes.If | nodes.CondExpr] = [
        *tree.find_all(nodes.If),
        *tree.find_all(nodes.CondExpr),
    ]
    for at, node in enumerate(conditions):
        branches.append(f"branch_{at}_is_taken")
        node.test = nodes.Name(branches[-1], "load", lineno=node.lineno)
    return environment.compile(tree), branches
