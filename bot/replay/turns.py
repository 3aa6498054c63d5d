"""One turn of a recording: what happens, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from bot.booking.season import Day
from bot.dialogue.duration import Duration
from bot.document import Part
from bot.replay.acted import Done
from bot.replay.answer import Answers
from bot.replay.captured import Source
from bot.replay.desk import StaffAct
from bot.replay.expecting import Expect
from bot.replay.fixtures import Name
from bot.replay.said import Happens

HAPPENINGS = ("user", "wait", "freed", "staff", "timer", "notice")
"""What may happen in a turn; one of them, or nothing."""


def _acts(value: object) -> object:
    return [value] if isinstance(value, Mapping) else value


class Telling(Part):
    """What the service told of itself.

    Args:
        name: `notice_reminder` or the like.
        heard: what flows and replies read of it.
    """

    name: str
    heard: Mapping[str, Any] = {}


class Turn(Part):
    """One thing that happens, and what must come of it.

    Args:
        user: the applicant sends something.
        wait: or this much time passes, and timers ring.
        freed: or somebody else gives up a seat of this day, which was `full` until then.
        staff: or staff do this at the office.
        timer: or, in a recording of a live conversation, the timer that was due rings.
        notice: or there the service tells something of itself.
        done: there, what actions ended as; they are not run.
        acted: how actions end this time instead of being run, the next time each comes:
            `{hold_seat: full}`, or with what it gives: `{hold_seat: {full: {may_wait: true}}}`. For
            what hardly ever happens.
        bot: every message that must come, in order; an empty list is silence. Left out, nothing
            may come; `--update` writes what does.
        expect: how things must stand then.
        capture: values to use later as `{{ name }}`: a regular expression with one group, looked
            for in the messages of this turn, or where it is kept: `booking.code`.
        was: what was said when this was a real conversation; nothing is compared with it.
    """

    user: Happens = None
    wait: Duration | None = None
    freed: Day | None = None
    staff: Annotated[tuple[StaffAct, ...], BeforeValidator(_acts)] = ()
    timer: bool = False
    notice: Telling | None = None
    acted: Mapping[Name, Name | Mapping[Name, Mapping[Name, Any]]] = {}
    done: tuple[Done, ...] = ()
    bot: Answers | None = None
    expect: Expect | None = None
    capture: Mapping[Name, Source] = {}
    was: str | Sequence[str | Mapping[str, Any]] = ()

    @model_validator(mode="after")
    def _one_thing(self) -> Turn:
        both = [f"'{name}'" for name in HAPPENINGS if getattr(self, name)]
        if len(both) > 1:
            raise ValueError(f"{' and '.join(both)} are two turns; begin the second with a dash")
        if self.acted and not both:
            raise ValueError("'acted' stands beside what happens: 'user', 'wait', 'staff'")
        return self

    @property
    def happens(self) -> bool:
        """Whether anything does; else it says more of the turn before."""
        return any(getattr(self, name) for name in HAPPENINGS)

    @property
    def is_exact(self) -> bool:
        """Whether something must be said, and every message is checked as a whole."""
        return bool(self.bot) and all(answer.is_exact for answer in self.bot or ())

    @property
    def prompt(self) -> str:
        """What happens, in words."""
        if self.user:
            return str(self.user)
        if self.staff:
            return "staff: " + ", ".join(map(str, self.staff))
        if self.notice:
            return f"{self.notice.name} is told"
        if self.timer:
            return "the timer rings"
        return f"waiting {self.wait}" if self.wait else f"a seat freed on {self.freed}"
