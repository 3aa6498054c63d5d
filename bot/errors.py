"""Every error Antre raises on purpose.

AntreError                something a person can act on; its text says what, where and what to do
├── ConfigError           config.yml, an environment variable or a missing secret
├── Finding               one mistake in a file people edit, with file, line and column
├── FlowError             files under flows/ (flow, replies, offices): all their findings
├── StorageUnavailable    the database did not answer; the same call may be made again
└── ChannelError          an outgoing message that a channel did not take
    ├── TryLater          not now; the same message may be sent again
    │   └── Throttled     nothing from this account for a while: it sent too much
    ├── Stopped           nothing from this account until a person has mended something
    ├── Absent            nobody is connected; it waits until they come back and collect it
    └── Undeliverable     never; sending it again changes nothing
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.told import WRITTEN, in_language, tell


class AntreError(Exception):
    """Root of all errors meant to be read by a person."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands.

    Args:
        file: path as the reader would type it.
        line: 1-based; 0 when only the file is known.
        column: 1-based; 0 when only the line is known.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


class Finding(AntreError):
    """One mistake in a file people edit.

    Args:
        message: what is wrong and how to mend it.
        place: where it stands; without a file for what stands in none, as a variable.
        loc: the keys and list items that lead there, if it stands in a document that was read.
        warning: the bot can bear it, so it is told and refuses nothing.
        below: the same mistake where it is written, if that is in a file this one is based on.
    """

    def __init__(
        self,
        message: str,
        place: Place,
        loc: tuple[str | int, ...] = (),
        *,
        warning: bool = False,
        below: Finding | None = None,
    ) -> None:
        self.below = below
        self.message = message
        self.place = place
        self.loc = loc
        self.warning = warning
        super().__init__(self.line_in(WRITTEN))

    def line_in(self, language: str) -> str:
        """``flows/common.yml:3:5: warning: …``, as somebody who reads ``language`` reads it."""
        where = f"{self.place}: " if self.place.file else ""
        warning = tell("warning: ") if self.warning else ""
        return where + in_language(warning, language) + in_language(self.message, language)


class ConfigError(AntreError):
    """A setting is wrong or a secret is missing. One line a problem.

    Args:
        findings: the problems, where each has a place of its own.
    """

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> ConfigError:
        """Several problems, in the order in which they were found."""
        return cls("\n".join(map(str, findings)), findings)


class FlowError(AntreError):
    """Files under ``flows/`` cannot be used; one line a :class:`Finding`, in reading order.

    What is found twice, as in a file that several flows include or are based on, is told once.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        told = {str(finding) for finding in findings}
        own = [finding for finding in findings if str(finding.below) not in told]
        once = {str(finding): finding for finding in own}.values()
        places = sorted(once, key=lambda f: (f.place.file, f.place.line, f.place.column))
        super().__init__("\n".join(str(finding) for finding in places))
        self.findings = tuple(places)

    def in_language(self, language: str) -> str:
        """The same lines, as somebody who reads ``language`` reads them."""
        return "\n".join(finding.line_in(language) for finding in self.findings)


class StorageUnavailable(AntreError):
    """The database did not answer; nothing is known about the call's effect, so make it again."""


class ChannelError(AntreError):
    """A channel did not take an outgoing message.

    Args:
        message: what the channel said.
        code: the channel's own error code, if it gave one (Graph: ``error.code``).
    """

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class TryLater(ChannelError):
    """Not delivered yet.

    Args:
        after: the channel's own wish for the pause, if it has one.
        base: without such a wish the pause after the n-th failure is ``base`` to the n seconds.
        counts: whether it is a failure of the message, which is given up after too many.
    """

    def __init__(
        self,
        message: str,
        code: int | None = None,
        after: timedelta | None = None,
        *,
        base: int = 2,
        counts: bool = True,
    ) -> None:
        super().__init__(message, code)
        self.after = after
        self.base = base
        self.counts = counts


class Throttled(TryLater):
    """The account sent too much, so all its messages wait, not this one alone.

    Args:
        alarm: it will not pass by itself, so a person should look.
    """

    def __init__(
        self,
        message: str,
        code: int | None = None,
        after: timedelta | None = None,
        *,
        alarm: bool = False,
    ) -> None:
        super().__init__(message, code, after, counts=False)
        self.alarm = alarm


class Stopped(ChannelError):
    """The account may send nothing until a person has mended something; messages are kept.

    Args:
        cause: what it shares with other accounts that stop for the same reason, as the name of
            their access token; they raise one alarm together. Empty: its own alone.
    """

    def __init__(self, message: str, code: int | None = None, *, cause: str = "") -> None:
        super().__init__(message, code)
        self.cause = cause


class Absent(ChannelError):
    """Nobody is connected to receive it; kept until they come back and collect it."""


class Undeliverable(ChannelError):
    """Will never be delivered; ``alarm`` asks for a person (a template that is missing, say)."""

    def __init__(self, message: str, code: int | None = None, *, alarm: bool = False) -> None:
        super().__init__(message, code)
        self.alarm = alarm
