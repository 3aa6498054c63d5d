"""What members of staff may do, said once."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody does at an office; one may have several."""

    COUNTER = "counter"
    SUPERVISOR = "supervisor"
    EDITOR = "editor"
    ADMIN = "admin"


EVERYBODY: Final = frozenset(Role)
"""Whoever is signed in and has any role at the office."""

AT_THE_COUNTER: Final = frozenset({Role.COUNTER, Role.SUPERVISOR})
"""Who serves applicants."""

IN_CHARGE: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
"""Who answers for an office."""

EDITING: Final = frozenset({Role.EDITOR, Role.ADMIN})
"""Who changes what the bot says."""

READING_FLOWS: Final = EDITING | {Role.SUPERVISOR}
"""Who may see what it says, and what editors work on."""

EVERY_OFFICE: Final = "*"
"""In place of an office's id: the role is had at all of them, those to come too."""
