"""Finds intents nobody can mean, entities nobody can tell, and slots that nothing ever fills.

What can be heard is what the interpreter understands (a :class:`Vocabulary`) and what the replies'
own buttons send back.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Any

from bot.dialogue.actions import Action
from bot.dialogue.draft import Draft, Drafts, Known
from bot.dialogue.expression import source_of
from bot.dialogue.filling import entity_of
from bot.dialogue.flow import Flow, Shared, Slot, Step
from bot.dialogue.guard_check import steps_in
from bot.dialogue.machine import steps_of
from bot.dialogue.names import Names, unknown
from bot.dialogue.slot_type import SlotType
from bot.dialogue.vocabulary import Vocabulary
from bot.document import Document, Loc, meant
from bot.errors import Finding
from bot.told import tell

_HEARD = re.compile(r"\bheard\.(\w+)")

ENGINE = frozenset({"language", "option_number"})
"""Entities the engine itself listens for."""

OWN = tell("; for an intent of your own, write a button that taps it, or examples in nlu/data")


@dataclass(frozen=True, slots=True)
class _Tap:
    """A button or a menu's row, as written."""

    document: Document
    loc: Loc
    intent: str
    entities: tuple[str, ...]


class Hearing:
    """Looks at what flows listen for and what replies let people tap.

    Args:
        drafts: the files.
        names: what they may name; its flows are with what they include.
    """

    def __init__(self, drafts: Drafts, names: Names, vocabulary: Vocabulary) -> None:
        self._drafts, self._names, self._vocabulary = drafts, names, vocabulary
        every = [*drafts.unread.values(), *drafts.unread_replies.values()]
        self._loose: Collection[str] | None = None if None in every else drafts.loose
        self._parts: list[Draft[Flow] | Draft[Shared]] = [
            *drafts.flows.values(),
            *drafts.shared.values(),
        ]
        self._taps = [tap for d in drafts.replies.values() for tap in _taps_of(d.document)]
        tapped = {tap.intent for tap in self._taps}
        self._intents = Known(vocabulary.intents | tapped, self._loose)
        told = {entity for tap in self._taps for entity in tap.entities}
        self._entities = Known(vocabulary.entities | told | ENGINE, self._loose)
        self._heard = {intent for draft in self._parts for intent in _heard_in(draft.part)}

    def findings(self) -> Iterator[Finding]:
        """All of them."""
        for draft in self._parts:
            for intent, loc in _listening(draft.part):
                if intent not in self._intents:
                    near = meant(intent, sorted(self._intents))
                    message = tell(
                        "no intent {intent!r}{meant}{own}",
                        intent=intent,
                        meant=near,
                        own="" if "did you mean" in near else OWN,
                    )
                    yield draft.document.finding(message, loc)
            for source, loc in _sources(draft.part):
                for entity in heard_in(source):
                    yield from unknown(draft.document, tell("entity"), entity, self._entities, loc)
        for tap in self._taps:
            yield from self._tap(tap)
        yield from self._unfilled()

    def _tap(self, tap: _Tap) -> Iterator[Finding]:
        at = tap.loc if "meanings" in tap.loc else (*tap.loc, "tap")
        for name in (tap.intent, *tap.entities):
            if len(name) > self._vocabulary.tap_length:
                message = tell(
                    "a tap says {most} characters at most; shorten {name!r}",
                    most=self._vocabulary.tap_length,
                    name=name,
                )
                yield tap.document.finding(message, at)
        known = (self._vocabulary.intents | self._heard) - self._vocabulary.untappable
        if tap.intent in self._vocabulary.untappable:
            message = tell(
                "no button can mean {intent!r}; choose another intent", intent=tap.intent
            )
            yield tap.document.finding(message, at)
        elif get_close_matches(tap.intent, self._heard - {*self._intents}, n=1):
            pass  # the flow's word for it is told as the slip
        elif tap.intent not in Known(known, self._loose):
            message = tell(
                "no flow listens for {intent!r}{meant}",
                intent=tap.intent,
                meant=meant(tap.intent, sorted(known)),
            )
            yield tap.document.finding(message, at)
        elif not tap.entities and tap.intent not in Known(self._heard, self._loose):
            message = tell(
                "no flow listens for {intent!r}, so a tap on this is not understood; say "
                "under 'on' or 'always' what follows",
                intent=tap.intent,
            )
            yield tap.document.finding(message, at)
        used = Known(self._used | self._vocabulary.entities | ENGINE, self._loose)
        for entity in tap.entities:
            if entity not in used:
                message = tell(
                    "nothing uses the entity {entity!r}{meant}",
                    entity=entity,
                    meant=meant(entity, sorted(used)),
                )
                yield tap.document.finding(message, (*tap.loc, "with", entity))

    @cached_property
    def _used(self) -> frozenset[str]:
        """Entities that fill a slot, that an expression speaks of, or that an action hears."""
        flows, types = self._names.flows.values(), self._names.slot_types
        used = {
            entity_of(name, slot, types)
            for flow in flows
            for name, slot in flow.slots.items()
            if slot.type in types
        }
        for draft in self._parts:
            used.update(*(heard_in(source) for source, _ in _sources(draft.part)))
        for replies in self._drafts.replies.values():
            used |= set(_HEARD.findall(str(replies.document.data)))
        return frozenset(used.union(*(a.hears for a in self._names.actions.values())))

    def _unfilled(self) -> Iterator[Finding]:
        """Slots that are collected, and that nothing ever fills."""
        filled = self._filled()
        for name, draft in self._drafts.flows.items():
            flow = self._names.flows[name]
            for state_name, state in draft.part.states.items():
                for slot in state.collect:
                    written = flow.slots.get(slot)
                    if written is None or slot in filled or self._may_be_heard(slot, written):
                        continue
                    message = tell(
                        "nothing ever fills the slot {slot!r}, so nobody gets past this; let a "
                        "button, 'options', 'set' or an action fill it",
                        slot=slot,
                    )
                    yield draft.document.finding(message, ("states", state_name, "collect"))

    def _may_be_heard(self, name: str, slot: Slot) -> bool:
        if self._loose is None or name in self._loose:
            return True
        types: Mapping[str, SlotType] = self._names.slot_types
        return slot.type not in types or entity_of(name, slot, types) in self._entities

    def _filled(self) -> set[str]:
        """Slots that something else than a message fills."""
        actions: Iterable[Action] = self._names.actions.values()
        filled = {slot for action in actions for slot in action.gives}
        for flow in self._names.flows.values():
            for state in flow.states.values():
                filled |= {*state.options}
                for _, step in steps_of(flow, state):
                    filled |= {slot for slot, value in step.set.items() if value is not None}
                    if step.call:
                        filled |= {*step.call.given, *step.call.into}
        return filled


def hearing_findings(drafts: Drafts, names: Names, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Intents, entities and slots that nothing people write or tap ever gives."""
    yield from Hearing(drafts, names, vocabulary).findings()


@lru_cache(maxsize=4096)
def heard_in(source: str) -> frozenset[str]:
    """Entities an expression speaks of, as ``heard.service_date``."""
    return frozenset(
        node.attr
        for node in ast.walk(ast.parse(source.strip(), mode="eval"))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "heard"
    )


def _heard_in(part: Flow | Shared) -> set[str]:
    return {intent for intent, _ in _listening(part)}


def _listening(part: Flow | Shared) -> Iterator[tuple[str, Loc]]:
    for intent in part.always:
        yield intent, ("always", intent)
    for name, state in part.states.items() if isinstance(part, Flow) else ():
        for intent in state.on:
            yield intent, ("states", name, "on", intent)


def _sources(part: Flow | Shared) -> Iterator[tuple[str, Loc]]:
    """Every expression in the steps of a file, and where it stands."""
    for steps, loc in steps_in(part):
        yield from _sources_in(steps, loc)


def _sources_in(steps: Iterable[Step], loc: Loc) -> Iterator[tuple[str, Loc]]:
    for at, step in enumerate(steps):
        here = (*loc, at)
        if step.when:
            yield step.when, (*here, "when")
        given = step.call.given if step.call else {}
        for key, values in ((("set",), step.set), (("call", "with"), given)):
            for slot, value in values.items():
                if source := source_of(value):
                    yield source, (*here, *key, slot)
        for end, then in step.returned.items():
            yield from _sources_in(then, (*here, "returned", end))


def _taps_of(document: Document) -> Iterator[_Tap]:
    """The buttons and rows of a reply file, whatever else is in it."""
    for key, sentence in document.data.items():
        if not isinstance(sentence, dict):
            continue
        buttons, menu = sentence.get("buttons"), sentence.get("menu")
        row = menu.get("row") if isinstance(menu, dict) else None
        listed = buttons if isinstance(buttons, list) else []
        for at, button in enumerate(listed):
            yield from _tap_of(document, button, (str(key), "buttons", at))
        yield from _tap_of(document, row, (str(key), "menu", "row"))
        meanings = sentence.get("meanings")
        for intent in meanings if isinstance(meanings, dict) else ():
            yield _Tap(document, (str(key), "meanings", str(intent)), str(intent), ())


def _tap_of(document: Document, written: Any, loc: Loc) -> Iterator[_Tap]:
    if isinstance(written, dict) and isinstance(written.get("tap"), str):
        given = written.get("with")
        entities = tuple(map(str, given)) if isinstance(given, dict) else ()
        yield _Tap(document, loc, written["tap"], entities)
