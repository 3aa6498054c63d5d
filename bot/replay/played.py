"""A recording as played: what was expected, what came, and where the two part.

Comparing is pure: what is expected may be changed and compared again without playing anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.dialogue.reply import Reply
from bot.document import Loc
from bot.errors import Place
from bot.replay.answer import Answer, Told
from bot.replay.captured import captured, filled
from bot.replay.expecting import Expect
from bot.replay.points import NOTHING_PASSED, Passed
from bot.replay.recording import Recording, Turn

TURN: Final = 2
"""How long the way to a turn is; after it comes which part of it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as recorded.

    Args:
        loc: where in the recording it is written, the turn first.
        message: what is wrong; empty where the messages themselves show it.
        actual: what should be written instead, of an expectation.
    """

    loc: Loc
    message: str = ""
    actual: Any = None

    @property
    def can_be_written(self) -> bool:
        """Whether an update puts it right: a message, or what is expected."""
        return len(self.loc) == TURN or self.loc[TURN] in {"bot", "expect"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn as played.

    Args:
        at: its place among the recording's turns.
        prompt: what happened, in words.
        expected: captured values filled in; ``None`` when nobody has written down the answer.
        told: what the bot said.
        expect: how things must stand.
        seen: how they stand, as :func:`bot.replay.expecting.seen` has it; empty when nobody asks.
        capture: what is taken from it, by name.
        values: what was captured until then.
        problem: why the turn could not be played; empty when it could.
        culprit: which part of the turn that is about.
        state: the open flow and state afterwards; only looked up when something differs.
        understood: how the message was understood; likewise.
        passed: what of the flows was passed on the way; nothing when nobody watches.
        endings: actions that ended otherwise than then, in a live replay.
    """

    at: int
    prompt: str
    expected: tuple[Answer, ...] | None
    told: tuple[Told, ...] = ()
    expect: Expect | None = None
    seen: Mapping[str, Any] = field(default_factory=dict)
    capture: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    culprit: Loc = ("user",)
    state: str = ""
    understood: Mapping[str, Any] = field(default_factory=dict)
    passed: Passed = NOTHING_PASSED
    endings: tuple[str, ...] = ()

    def against(self, turn: Turn) -> Exchange:
        """What was played, held against what ``turn`` expects."""
        own = {name: value for name, value in self.captures(turn).items() if value is not None}
        return replace(
            self,
            expected=filled(turn, self.values).bot,
            expect=filled(turn.expect, {**self.values, **own}) if turn.expect else None,
            capture=turn.capture,
        )

    def captures(self, turn: Turn) -> Mapping[str, str | None]:
        """What ``turn`` takes from what was played; ``None`` where there is nothing to take."""
        texts = [told.reply.text for told in self.told]
        return {name: captured(each, texts, self.seen) for name, each in turn.capture.items()}

    @property
    def got(self) -> tuple[Reply, ...]:
        """The messages themselves."""
        return tuple(told.reply for told in self.told)

    @property
    def is_exact(self) -> bool:
        """Whether no word the bot said could change unnoticed; that it says nothing is as good,
        where that is written.
        """
        if self.expected is None:
            return False
        pairs = zip(self.expected, self.told, strict=False)
        return all(answer.pins(told) for answer, told in pairs)

    @property
    def differs(self) -> bool:
        """Whether it is not as recorded."""
        return next(self.differences, None) is not None

    @property
    def differences(self) -> Iterator[Difference]:
        """All that is not as recorded; of the messages only the first."""
        turn = ("turns", self.at)
        if self.problem:
            yield Difference((*turn, *self.culprit), self.problem)
            return
        if (loc := self.wrong_message) is not None:
            yield Difference((*turn, *loc))
        texts = [told.reply.text for told in self.told]
        for name, source in self.capture.items():
            if captured(source, texts, self.seen) is None:
                message = f"nothing to capture as {name!r}: {source} is not there"
                yield Difference((*turn, "capture", name), message)
        for unmet in self.expect.unmet(self.seen) if self.expect else ():
            yield Difference((*turn, "expect", *unmet.loc), unmet.message, unmet.actual)

    @property
    def wrong_message(self) -> Loc | None:
        """The way, from the turn, to the first message that is not as expected, and in it to what
        is not; ``None`` when all are.
        """
        if self.expected is None:
            return () if self.told else None
        for at, (answer, told) in enumerate(zip(self.expected, self.told, strict=False)):
            if (loc := answer.misfit(told)) is not None:
                return ("bot", at, *loc)
        if len(self.expected) == len(self.told):
            return None
        return ("bot", min(len(self.expected), len(self.told)))


@dataclass(frozen=True, slots=True)
class Played:
    """A recording as played.

    Args:
        version: of the flow set it was played on.
        records: the journal of what was played, oldest first; only looked up when something
            differs.
    """

    recording: Recording
    exchanges: tuple[Exchange, ...]
    version: str
    records: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    @property
    def differences(self) -> Sequence[Exchange]:
        """The turns that are not as recorded."""
        return [exchange for exchange in self.exchanges if exchange.differs]

    def place(self, difference: Difference) -> Place:
        """Where in the file something goes wrong."""
        return self.recording.document.place(difference.loc)
