"""What would go otherwise than it went: a turn's record of then, held against the turn of now.

Nothing personal is in what is said here: states, intents, actions, keys and places in files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.dialogue.flow import Flow
from bot.errors import Place

Record = Mapping[str, Any]
"""A turn, as the journal has it."""

NOWHERE: Final = Place("")

UNNAMED: Final = "a message"
"""An answer of which nobody noted what sentence it was."""


class Cause(StrEnum):
    """Why a conversation would go otherwise; where several apply, the first counts."""

    TIMER = "a timer rings at another time"
    UNDERSTOOD = "understood otherwise"
    GONE = "where they stood is gone"
    ACTION = "another action is asked for"
    FAILED = "the bot fails"
    STATE = "another state is reached"
    REPLY = "another reply is said"
    WORDING = "the same reply in other words"

    @property
    def goes_on(self) -> bool:
        """Whether the conversation stands where it stood, so that what follows compares."""
        return self in {Cause.REPLY, Cause.WORDING}


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which turns would go otherwise.

    Args:
        what: in words: ``passport_guided.welcome: ask_dates → none``.
        place: where in the edited files; empty when nothing in them says so.
    """

    cause: Cause
    what: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Went:
    """What a turn comes to now.

    Args:
        records: what it left in the journal; none where it was given up.
        understood: as the journal would have it; ``None`` where nothing was to be understood.
        rang: whether a timer was due that did not ring then; the turn itself was not tried.
        wanting: which action had to be given up, and why.
        unasked: actions that ran then and were not asked for.
        passed: where the steps that were taken are written, in order.
        stood: where the state it began in stands.
    """

    records: Sequence[Record] = ()
    understood: Mapping[str, Any] | None = None
    rang: bool = False
    wanting: str = ""
    unasked: Sequence[str] = ()
    passed: Sequence[Place] = ()
    stood: Place = NOWHERE

    @property
    def place(self) -> Place:
        """Where the way it went is written."""
        return self.passed[-1] if self.passed else self.stood


def changes(then: Record, went: Went, flows: Mapping[str, Flow]) -> list[Change]:
    """How a turn would go otherwise: one thing that leads elsewhere, or what is only said so.

    Args:
        flows: the edited ones.
    """
    found = next(_elsewhere(then, went, flows), None)
    return [found] if found else list(_said(then, went))


def is_varied(then: Record, went: Went) -> bool:
    """Whether a turn that does not change says the same sentences of other things: today's
    address, a seat that is free no more.
    """
    now = went.records[-1] if went.records else {}
    return list(map(_shown, then["replies"])) != list(map(_shown, now.get("replies", ())))


def stands_now(places: Sequence[str], flows: Mapping[str, Flow]) -> list[str]:
    """A flow stack by today's names: ``migrate:`` says what has become of a state."""
    now = []
    for each in places:
        flow, _, state = each.partition(".")
        moved = flows[flow].migrate.states if flow in flows else {}
        now.append(f"{flow}.{moved.get(state, state)}")
    return now


def entities_in(understood: Mapping[str, Any]) -> set[tuple[str, str]]:
    """What was found in a message, by type."""
    return {(each["type"], str(each["value"])) for each in understood.get("entities", ())}


def _elsewhere(then: Record, went: Went, flows: Mapping[str, Flow]) -> Iterator[Change]:
    here = _here(then["before"])
    if went.rang:
        yield Change(Cause.TIMER, f"{here}: rings before what happened next", went.place)
    if "timer" in then and not (went.records or went.wanting):
        yield Change(Cause.TIMER, f"{here}: does not ring when it did", went.stood)
    if then.get("understood") and went.understood:
        yield from _heard(here, then["understood"], went.understood)
    for each in stands_now([*then["before"], *then["after"]], flows):
        flow, _, state = each.partition(".")
        if flow not in flows or state not in flows[flow].states:
            yield Change(Cause.GONE, each)
    if went.wanting:
        yield Change(Cause.ACTION, f"{here}: {went.wanting}", went.place)
        return
    now = went.records[-1]
    if now.get("failed"):
        yield Change(Cause.FAILED, f"{here}: apologises", went.place)
    was, comes = stands_now(then["after"], flows), list(now["after"])
    if was != comes:
        yield Change(
            Cause.STATE, f"{here}: went to {_stack(was)}, goes to {_stack(comes)}", went.place
        )
    for action in went.unasked:
        yield Change(Cause.ACTION, f"{here}: {action} is not asked for any more", went.place)


def _heard(here: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    if was["intent"] != now["intent"]:
        yield Change(Cause.UNDERSTOOD, f"{here}: {was['intent']} → {now['intent']}")
    other = entities_in(was) ^ entities_in(now)
    if other:
        kinds = ", ".join(sorted({kind for kind, _ in other}))
        yield Change(Cause.UNDERSTOOD, f"{here}: {was['intent']}, with another {kinds}")


def _said(then: Record, went: Went) -> Iterator[Change]:
    now = went.records[-1]
    was, says = ([_key(each) for each in record["replies"]] for record in (then, now))
    known = [UNNAMED if told == UNNAMED else key for told, key in zip(was, says, strict=False)]
    if len(was) != len(says) or was != known:
        what = f"{_here(then['before'])}: said {_listed(was)}, says {_listed(says)}"
        yield Change(Cause.REPLY, what, went.place)
        return
    pairs = list(zip(then["replies"], now["replies"], strict=True))
    for key in dict.fromkeys(_key(now) for was, now in pairs if _reworded(was, now)):
        yield Change(Cause.WORDING, key)


def _reworded(was: Record, now: Record) -> bool:
    """Whether a reply is written otherwise, and that shows; an answer of which nobody noted what
    sentence it was counts by what is shown.
    """
    if _shown(was) == _shown(now):
        return False
    brought = any(was.get(part) != now.get(part) for part in ("picture", "document"))
    written = [(each.get("origin") or {}).get("words") for each in (was, now)]
    return brought or None in written or written[0] != written[1]


def _shown(reply: Record) -> dict[str, Any]:
    """What of a reply people see; on which message a reaction is put does not count."""
    parts = {name: value for name, value in reply.items() if name != "origin"}
    if reaction := parts.get("reaction"):
        parts["reaction"] = reaction["emoji"]
    return parts


def _key(reply: Record) -> str:
    return str((reply.get("origin") or {}).get("key", UNNAMED))


def _listed(keys: Sequence[str]) -> str:
    return " + ".join(keys) or "nothing"


def _here(before: Sequence[str]) -> str:
    return before[-1] if before else "the first message"


def _stack(places: Sequence[str]) -> str:
    return " > ".join(places) or "the beginning"
