"""Where a conversation, replayed, goes another way than it went.

What was said then is disguised as the recording is, and held against what the bot says today: words
and buttons message by message, and the state that each turn led to. Both are read from a journal:
the live one, and the one of the replay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeVar

from bot.dialogue.reply import Reply
from bot.replay.anonymous import Anonymous
from bot.replay.answer import SHOWN, Answer
from bot.replay.personal import names_in
from bot.replay.transcribing import HAPPENS, Moment
from bot.replay.turns import Turn

T = TypeVar("T")


class Way(StrEnum):
    """How a turn can go otherwise, the gravest first."""

    MISSING = "nothing happens today"
    FAILED = "the bot fails today"
    STATE = "it leads elsewhere"
    COUNT = "as many messages do not come"
    WORDS = "other words"
    BESIDE = "something else to tap or to see"


@dataclass(frozen=True, slots=True)
class Stray:
    """A turn that goes otherwise today than it went.

    Args:
        at: its place among the recording's turns.
        turn: its number in the conversation.
        way: how.
        why: what is behind it, where that can be seen; else empty.
        was: what was said then, as the recording would have it.
        said: what is said today.
    """

    at: int
    turn: int
    way: Way
    why: str
    was: tuple[Answer, ...]
    said: tuple[Answer, ...]

    def __str__(self) -> str:
        """As a person reading a report would put it."""
        return f"{self.way}: {self.why}" if self.why else str(self.way)


def strays(
    turns: Sequence[Turn],
    happened: Sequence[Moment],
    today: Sequence[Mapping[str, Any]],
    mask: Anonymous,
) -> Iterator[Stray]:
    """The turns that go otherwise, in order.

    Args:
        turns: of the recording that was made of ``happened``.
        happened: in the live conversation, in order.
        today: the journal of the replay.
        mask: what the recording is disguised with.
    """
    names = sorted(names_in(record for moment in happened for record in moment.records))
    happening = [at for at, turn in enumerate(turns) if turn.user or turn.timer or turn.notice]
    spoken = [moment for moment in happened if moment.records]
    for at, then, now in _paired(happening, spoken, today):
        said = _replies(now) if now else []
        was = [
            _disguised(reply, said[n] if n < len(said) else None, mask, names)
            for n, reply in enumerate(_replies(_with_example_of(then, now or {})))
        ]
        answers, others = tuple(map(Answer.of, was)), tuple(map(Answer.of, said))
        if way := _way(then, now, answers, others):
            yield Stray(at, then["turn"], way, _why(then, now or {}), answers, others)


def _paired(
    happening: Sequence[int],
    happened: Sequence[Moment],
    today: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[int, Mapping[str, Any], Mapping[str, Any] | None]]:
    """Each turn's record then, and today; what rings today and did not then has no pair."""
    left = [record for record in today if record.keys() & HAPPENS]
    for at, moment in zip(happening, happened, strict=True):
        for n, then in enumerate(moment.records, 1):
            found = next((i for i, now in enumerate(left) if _is_of(now, then, at, n)), None)
            yield at, then, None if found is None else left[found]
            left = left if found is None else left[found + 1 :]


def _is_of(now: Mapping[str, Any], then: Mapping[str, Any], at: int, count: int) -> bool:
    """Whether it is today's record of a turn.

    Args:
        count: of the message among those that were sent at once.
    """
    if "timer" in then:
        return "timer" in now
    ids = (f"|turn-{at}", f"|turn-{at}.{count}", f"|notice-{at}")
    return str(now["_id"]).endswith(ids)


def _with_example_of(then: Mapping[str, Any], now: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was said then with today's example of the right form, which follows what was written: a
    day that is not there stands for another one in it than its disguise.
    """
    old = then.get("understood", {}).get("example")
    new = now.get("understood", {}).get("example")
    if not old or not new:
        return then
    told = ({**each, "text": each["text"].replace(old, new)} for each in then["replies"])
    return {**then, "replies": list(told)}


def _replies(record: Mapping[str, Any]) -> list[Reply]:
    return [Reply.from_document(each) for each in record["replies"]]


def _disguised(reply: Reply, today: Reply | None, mask: Anonymous, names: Sequence[str]) -> Reply:
    """A message of the bot as it would have been said to who is invented.

    Args:
        today: the same message as it is said to them; lines that are the same are right as they
            are, since examples and what everybody is told stay.
        names: whose they are; in a reply they stand where nothing else could.
    """

    def line(line: str, today: str) -> str:
        named = mask.text(line, names)
        return today if today in {line, mask.text(line), named} else named

    lines = today.text.split("\n") if today else []
    titles = [button.title for button in today.buttons] if today else []
    text = (line(*pair) for pair in _beside(reply.text.split("\n"), lines))
    buttons = (
        replace(b, title=line(b.title, title)) for b, title in _beside(reply.buttons, titles)
    )
    return replace(
        reply,
        text="\n".join(text),
        buttons=tuple(buttons),
        barcode=line(reply.barcode, today.barcode if today else ""),
    )


def _beside(those: Sequence[T], others: Sequence[str]) -> Iterator[tuple[T, str]]:
    """Each with what stands in its place, or nothing."""
    for at, each in enumerate(those):
        yield each, others[at] if at < len(others) else ""


def _way(
    then: Mapping[str, Any],
    now: Mapping[str, Any] | None,
    was: Sequence[Answer],
    said: Sequence[Answer],
) -> Way | None:
    if now is None:
        return Way.MISSING
    pairs = list(zip(was, said, strict=False))
    otherwise = {
        Way.FAILED: bool(now.get("failed")),
        Way.STATE: then["after"] != now["after"],
        Way.COUNT: len(was) != len(said),
        Way.WORDS: any(a.text != b.text for a, b in pairs),
        Way.BESIDE: any(getattr(a, part) != getattr(b, part) for a, b in pairs for part in SHOWN),
    }
    return next((way for way, is_so in otherwise.items() if is_so), None)


def _why(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What lies behind it, as far as the two journals tell."""
    for what, of in _CAUSES:
        if now and (before := of(then)) != (today := of(now)):
            return f"{what} {before or 'nothing'}, today {today or 'nothing'}"
    return ""


def _heard(record: Mapping[str, Any]) -> str:
    """What was understood: ``inform (birth_date, person_name)``."""
    understood = record.get("understood", {})
    parts = sorted({each["type"] for each in understood.get("entities", ())})
    return f"{understood.get('intent', '')}{' (' + ', '.join(parts) + ')' if parts else ''}"


_CAUSES: Final[Sequence[tuple[str, Callable[[Mapping[str, Any]], str]]]] = (
    ("it began in", lambda record: " > ".join(record["before"])),
    ("understood as", _heard),
    (
        "actions",
        lambda record: ", ".join(f"{a['action']}: {a['outcome']}" for a in record["actions"]),
    ),
    ("the flows were version", lambda record: str(record["version"])),
)
"""What two records may differ in, what comes first in a turn first."""
