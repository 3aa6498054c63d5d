"""One conversation, as far as it can be gone through again, and how it would go otherwise.

It is gone through from the beginning of an episode, where nothing was known yet. Where it would go
elsewhere, what follows cannot be compared until another episode begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.dialogue.checking import RESTARTED
from bot.dialogue.flow import Flow
from bot.dialogue.store import Contact
from bot.replay.traffic.change import Change, Record, Went, changes, is_varied, stands_now
from bot.replay.traffic.reenacting import Cast, Reenactment

TURNS: Final = frozenset({"message", "timer", "notice"})
"""What a record of a turn has one of; others note something."""

UNKNOWN: Final = "begun before what the journal keeps"
AFTER: Final = "after something that would go otherwise"
NOT_KEPT: Final = "the words are not kept any more"
FAILED: Final = "the bot failed then"
BEGUN_AGAIN: Final = "the flow was gone then, so it began again"
NO_OFFICE: Final = "the office is not there any more"


@dataclass(frozen=True, slots=True)
class Period:
    """The time that is looked at.

    Args:
        since: aware, and on.
        until: aware; before it.
    """

    since: datetime
    until: datetime

    def __contains__(self, moment: object) -> bool:
        return isinstance(moment, datetime) and self.since <= moment < self.until


@dataclass(frozen=True, slots=True)
class Found:
    """A change, with the turn it was found in."""

    change: Change
    then: Record
    went: Went


@dataclass(slots=True)
class Compared:
    """How a conversation compares.

    Args:
        turns: that were compared.
        varied: those of them that say the same sentences of other things.
        found: what would go otherwise.
        left_out: turns that cannot be compared, by why.
    """

    turns: int = 0
    varied: int = 0
    found: list[Found] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


async def compare(
    cast: Cast, contact: Contact, records: Sequence[Record], period: Period
) -> Compared:
    """Go through a conversation and hold it against what was said then.

    Args:
        records: all that the journal has of it, oldest first.
        period: of the turns that count.
    """
    turns = [record for record in records if record.keys() & {*TURNS, "staff"}]
    compared = Compared()
    if cast.definitions.offices.get(contact.office) is None:
        compared.left_out[NO_OFFICE] += _counting(turns, period)
        return compared
    flows = cast.definitions.flows.flows
    going: Reenactment | None = None
    why = UNKNOWN
    for at in range(_start(turns, period, flows), len(turns)):
        then, counts = turns[at], turns[at]["at"] in period
        if "staff" in then:
            await _attended(going, then)
            continue
        if going is None and (at, then["turn"]) == (0, 1):
            going = Reenactment(cast, contact)
            await going.begin(then)
        elif going is None and _begins(then, flows):
            going = Reenactment(cast, contact)
            await going.begin(then, turns[max(at - 1, 0)].get("language") or cast.language)
        if broken := _breaks(then):
            going, why = None, broken
        failed = bool(then.get("failed"))
        if going is None or failed:
            compared.left_out[FAILED if failed else why] += counts
            why = UNKNOWN if why is NOT_KEPT else why
            continue
        went = await going.go(then)
        found = changes(then, went, flows)
        if counts:
            compared.turns += 1
            compared.varied += not found and is_varied(then, went)
            compared.found += [Found(change, then, went) for change in found]
        if not all(each.cause.goes_on for each in found):
            going, why = None, AFTER
    compared.left_out = +compared.left_out
    return compared


def _counting(turns: Sequence[Record], period: Period) -> int:
    """How many turns count: what members of staff do is none."""
    return sum(each["at"] in period for each in turns if "staff" not in each)


async def _attended(going: Reenactment | None, then: Record) -> None:
    """Let a member of staff do in the conversation, if it is gone through, what they did then."""
    if going is not None:
        await going.attend(then)


def _start(turns: Sequence[Record], period: Period, flows: Mapping[str, Flow]) -> int:
    """The turn to begin with: of the first that counts, where its episode begins."""
    counting = next((at for at, each in enumerate(turns) if each["at"] in period), len(turns))
    for at in range(counting, -1, -1):
        if at < len(turns) and (_breaks(turns[at]) or _begins(turns[at], flows)):
            return at
    return 0


def _begins(then: Record, flows: Mapping[str, Flow]) -> bool:
    """Whether nothing of what was said before counts: an episode begins with this message."""
    if "message" not in then or "understood" not in then or "attended" in then:
        return False
    if not then["before"]:
        return True
    if len(then["before"]) > 1:
        return False
    [where] = stands_now(then["before"], flows)
    name, _, state = where.partition(".")
    flow, intent = flows.get(name), then["understood"].get("intent")
    ended = flow.states.get(state) if flow else None
    if flow is None or ended is None or not ended.end:
        return False
    if intent in ended.on:
        return False
    is_heard = ended.misunderstood or intent in flow.always
    return intent in flow.states[flow.initial].on or not is_heard


def _breaks(then: Record) -> str:
    """Why nobody knows where a conversation stood after a turn; empty where one does."""
    if then.get("redacted"):
        return NOT_KEPT
    if then.get("failed") and "message" not in then:
        return FAILED
    keys = {(reply.get("origin") or {}).get("key") for reply in then["replies"]}
    return BEGUN_AGAIN if RESTARTED in keys else ""
