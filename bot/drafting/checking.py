"""What is wrong with a draft, as ``antre flows check`` would say it of a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.definitions import Definitions, load_definitions
from bot.dialogue.versions import Files
from bot.dialogue.vocabulary import Vocabulary
from bot.drafting.drawing import Drawing, draw
from bot.errors import Finding, FlowError
from bot.settings import Flows
from bot.told import Telling


@dataclass(frozen=True, slots=True)
class Found:
    """One finding.

    Args:
        file: path within the draft; another for what stands elsewhere, as in ``offices.yml``.
        line: 1-based; 0 when only the file is known.
        column: 1-based; 0 when only the line is known.
        warning: it refuses nothing.
    """

    file: str
    line: int
    column: int
    message: Telling
    warning: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft that was looked at.

    Args:
        findings: in reading order.
        version: content hash of what would be published; empty while there are mistakes.
        drawing: of the flow that was asked for.
    """

    findings: tuple[Found, ...]
    version: str = ""
    drawing: Drawing = field(default_factory=Drawing)

    @property
    def is_right(self) -> bool:
        """Whether it could be published."""
        return bool(self.version)


Reads = Callable[[Files, Flows, Vocabulary | None], Definitions]
"""As :func:`definitions_of`."""


def check(
    files: Files,
    settings: Flows,
    vocabulary: Vocabulary | None,
    drawn: str = "",
    read: Reads | None = None,
) -> Checked:
    """Look at all files of a draft; takes about a second of a core.

    Args:
        files: flows and replies; offices and code are those of ``settings.folder``.
        vocabulary: what messages are understood as.
        drawn: the file whose flow is drawn; none if empty.
        read: who reads it, where that is remembered.
    """
    drawing = draw(files, drawn) if drawn in files else Drawing()
    try:
        definitions = (read or definitions_of)(files, settings, vocabulary)
    except FlowError as error:
        return Checked(tuple(map(_found, error.findings)), drawing=drawing)
    flows = definitions.flows
    return Checked(tuple(map(_found, flows.warnings)), flows.version, drawing)


def definitions_of(files: Files, settings: Flows, vocabulary: Vocabulary | None) -> Definitions:
    """A draft as a bot would run on it; arguments as of :func:`check`.

    Raises:
        FlowError: with every finding.
    """
    return load_definitions(settings, vocabulary=vocabulary, draft=files)


def _found(finding: Finding) -> Found:
    place = finding.place
    return Found(place.file, place.line, place.column, finding.message, finding.warning)
