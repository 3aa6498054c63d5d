"""A conversation that is with a person: one waits for it, or has it.

It stands in the conversation's document and is saved by the same guarded writes as a turn, so
that nobody is ever answered by the flow and by a person at once. While somebody has it, flows hear
nothing of what is written and no timer rings; while it waits for somebody, flows go on answering.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

WITH_STAFF: Final = "with_staff"
"""Reply to the first message that comes while a person has the conversation and has not answered
yet; a project without it says nothing then.
"""


class Why(StrEnum):
    """Why a conversation is with a person."""

    ASKED = "asked"
    """Its person asked for one, or its flow did."""

    TAKEN = "taken"
    """A member of staff took it unasked."""

    UNANSWERED = "unanswered"
    """Who had it did not answer in time, so it waits again."""


class CareNotice(StrEnum):
    """What people are told of it; flows hear these names under ``always``."""

    LEFT = "notice_staff_left"
    """Who had it hands it back: the flow goes on where it was."""

    AWAY = "notice_staff_away"
    """Who had it did not answer in time; it waits again, and the flow answers meanwhile."""

    CLOSED = "notice_staff_closed"
    """It still waits, and staff go home. Heard: ``date`` and ``hour`` when they are back."""

    CALLS = "notice_staff_calls"
    """Staff want to answer somebody who has been silent for a day: asks them to write."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long nobody may do anything.

    Args:
        answer: an applicant waits so long for who has the conversation; then it waits for others.
        silence: after an answer nobody has written for so long: then the flow goes on.
    """

    answer: timedelta = timedelta(minutes=15)
    silence: timedelta = timedelta(hours=1)


PATIENT: Final = Patience()
"""As long as the settings say unless they are changed."""


class Hours(Protocol):
    """When staff are there to answer."""

    def opens_at(self, now: datetime) -> datetime | None:
        """When they are there again; ``None`` while they are, or when nobody knows."""
        ...

    def closes_at(self, now: datetime) -> datetime | None:
        """When they next go home, later than ``now``; ``None`` when nobody knows."""
        ...


class UnknownHours:
    """Of a place that says nothing of its staff."""

    def opens_at(self, now: datetime) -> datetime | None:  # noqa: ARG002 - nobody knows
        """Nobody knows."""
        return None

    def closes_at(self, now: datetime) -> datetime | None:  # noqa: ARG002 - nobody knows
        """Nobody knows."""
        return None


@dataclass(frozen=True, slots=True)
class Care:
    """Who looks after a conversation beside its flow; :data:`NOBODY` is the usual case.

    Args:
        why: empty when nobody does and nobody should.
        since: since when it waits for a person, or was taken; aware UTC.
        by: login of who has it; empty while it waits.
        taken_at: since when they have it.
        owed: since when the applicant waits for a person's word; ``None`` when it is their turn.
        due: when something is to be done if nobody does anything before (:meth:`lapsed`).
        told: whether they were told, while somebody has it, that a person will answer; while it
            waits, when.
        left_by: who had it last and did not answer in time.
    """

    why: Why | str = ""
    since: datetime | None = None
    by: str = ""
    taken_at: datetime | None = None
    owed: datetime | None = None
    due: datetime | None = None
    told: bool = False
    left_by: str = ""

    @property
    def wanted(self) -> bool:
        """Whether a person has it or should."""
        return bool(self.why)

    @property
    def waits(self) -> bool:
        """Whether it waits for a person."""
        return self.wanted and not self.by

    def asked(self, now: datetime, hours: Hours) -> Care:
        """A person is asked for; asking again changes nothing."""
        if self.wanted:
            return self
        return Care(Why.ASKED, now, owed=now, due=hours.closes_at(now))

    def taken(self, by: str, now: datetime, patience: Patience) -> Care:
        """Somebody takes it, from the list or from who has it."""
        return Care(
            why=self.why or Why.TAKEN,
            since=self.since or now,
            by=by,
            taken_at=now,
            owed=self.owed,
            due=now + patience.answer,
        )

    def heard(self, now: datetime, patience: Patience) -> Care:
        """A message came while somebody has it, and they were told that it arrived."""
        if self.owed:
            return replace(self, told=True)
        return replace(self, owed=now, due=now + patience.answer, told=True)

    def replied(self, now: datetime, patience: Patience) -> Care:
        """Who has it wrote."""
        return replace(self, owed=None, due=now + patience.silence, told=True)

    def lapsed(self, now: datetime, hours: Hours) -> Care:
        """It was due: what waits for closing time is told once; what an applicant waits for goes
        back to the list; where nobody is owed a word, the flow goes on alone.
        """
        if self.waits:
            return replace(self, due=None, told=True)
        if self.owed is None:
            return NOBODY
        return Care(
            why=Why.UNANSWERED,
            since=self.since,
            owed=self.owed,
            due=hours.closes_at(now),
            left_by=self.by,
        )


NOBODY: Final = Care()
