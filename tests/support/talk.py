"""Flows written on the spot, and a conversation with an engine alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import bson
from bson.codec_options import CodecOptions

from bot.dialogue.actions import Action
from bot.dialogue.conversation import Conversation
from bot.dialogue.decision import Decision
from bot.dialogue.engine import Engine
from bot.dialogue.events import Entity, Event, Outcome, Problem, TimerRang, Understood
from bot.dialogue.flowset import FlowSet, load_flows
from bot.dialogue.store import Contact, Stored
from storage.documents import conversation_document, stored_from

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AWARE = CodecOptions[Mapping[str, Any]](tz_aware=True, tzinfo=UTC)


def an_action(name: str, outcomes: str, gives: str = "") -> Action:
    """An action that only has to be known; ``outcomes`` and ``gives`` are words."""

    async def run(_: object) -> Outcome:
        raise AssertionError(f"{name} is never run here")

    return Action(name, run, frozenset(outcomes.split()), frozenset(gives.split()), "")


def write_flows(
    folder: Path, replies: str = "", languages: Iterable[str] = ("id",), **files: str
) -> None:
    """Write flow files, and replies that say their own key: ``replies`` are words."""
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(dedent(text), encoding="utf-8")
    (folder / "replies").mkdir(exist_ok=True)
    for language in languages:
        lines = [f"{key}: {key}" for key in (*replies.split(), "apology")]
        path = folder / "replies" / f"{language}.yml"
        path.write_text("\n".join(lines), encoding="utf-8")


def flows_of(
    folder: Path,
    replies: str = "",
    *,
    actions: Iterable[Action] = (),
    languages: Iterable[str] = ("id",),
    shape: bool = False,
    **files: str,
) -> FlowSet:
    """The flow set of what :func:`write_flows` writes, whatever its shape."""
    write_flows(folder, replies, languages, **files)
    named = {action.name: action for action in actions}
    return load_flows(folder, languages, named, shape=shape)


class Talk:
    """One conversation; it is stored and read back between every two events.

    Attributes:
        action: the action the last event asked for.
        left: actions run because a state was left, in order, each with what was known then.
        giving: what such an action gives, by name.
        now: moves on only by :meth:`wait`.
    """

    def __init__(self, flows: FlowSet, root: str = "shop") -> None:
        self.engine = Engine(flows)
        self.conversation = Conversation("rest:office:me", root)
        self.action: str | None = None
        self.left: list[tuple[str, Mapping[str, Any]]] = []
        self.giving: dict[str, Mapping[str, Any]] = {}
        self.decision: Decision | None = None
        self.now = NOW

    def hear(self, intent: str, *, problems: Iterable[Problem] = (), **entities: Any) -> str:
        """Say something; the keys of the replies, a space between."""
        found = tuple(Entity(kind, value) for kind, value in entities.items())
        return self.meet(Understood(intent, 1.0, found, tuple(problems)))

    def end(self, outcome: str, **values: Any) -> str:
        """Let the action asked for end."""
        assert self.action, "no action was asked for"
        return self.meet(Outcome(outcome, values))

    def wait(self, time: timedelta) -> str:
        """Let time pass; rings what is due at its end, once."""
        self.now += time
        frame = self.conversation.timer
        if frame is None or frame.timer is None or frame.timer > self.now:
            return ""
        return self.meet(TimerRang(frame.entry))

    def meet(self, event: Event) -> str:
        """Decide on an event."""
        outcomes: list[Outcome] = []
        while True:
            self.decision = self.engine.decide(self.conversation, event, self.now, outcomes)
            if not (self.decision.leaving and self.decision.action):
                break
            action = self.decision.action
            self.left.append((action, dict(self.decision.conversation.slots)))
            outcomes.append(Outcome("done", self.giving.get(action, {})))
        self.action = self.decision.action
        self.conversation = through_a_store(self.decision.conversation)
        return " ".join(saying.reply for saying in self.decision.says)

    @property
    def where(self) -> str:
        """``flow.state`` of every open flow, root first."""
        return " ".join(f"{frame.flow}.{frame.state}" for frame in self.conversation.frames)

    @property
    def slots(self) -> Mapping[str, Any]:
        """What is known."""
        return {name: v for name, v in self.conversation.slots.items() if v is not None}


def through_a_store(conversation: Conversation) -> Conversation:
    """What a database gives back for it."""
    contact = Contact("rest", "me", "office")
    document = bson.encode(conversation_document(Stored(conversation, contact)))
    return stored_from(bson.decode(document, AWARE)).conversation
