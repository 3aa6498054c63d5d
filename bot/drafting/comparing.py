"""Two sets of files compared, line by line, for somebody to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from bot.dialogue.versions import Files

What: TypeAlias = Literal["same", "added", "gone"]

AROUND = 3
"""Lines shown before and after what differs."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison.

    Args:
        before, after: its number in the older and the newer text, 1-based; 0 where it is not.
    """

    what: What
    before: int
    after: int
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """What differs in one file.

    Args:
        what: ``same`` for a file that both have, with other lines.
        parts: lines that belong together, with those around them.
    """

    name: str
    what: What
    parts: Sequence[Sequence[Line]]

    @property
    def added(self) -> int:
        """How many lines are new."""
        return sum(line.what == "added" for part in self.parts for line in part)

    @property
    def gone(self) -> int:
        """How many lines are no longer there."""
        return sum(line.what == "gone" for part in self.parts for line in part)


def compare(before: Files, after: Files) -> Sequence[FileChange]:
    """The files that differ, by name."""
    names = sorted(before.keys() | after.keys())
    return [
        FileChange(
            name,
            "added" if name not in before else "gone" if name not in after else "same",
            list(_parts(before.get(name, ""), after.get(name, ""))),
        )
        for name in names
        if before.get(name) != after.get(name)
    ]


def changed(before: Files, after: Files) -> set[str]:
    """Names of the files that differ."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _parts(before: str, after: str) -> Iterator[Sequence[Line]]:
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(AROUND):
        lines: list[Line] = []
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [
                    Line("same", i + 1, j + 1, old[i])
                    for i, j in zip(range(i1, i2), range(j1, j2), strict=True)
                ]
                continue
            lines += [Line("gone", i + 1, 0, old[i]) for i in range(i1, i2)]
            lines += [Line("added", 0, j + 1, new[j]) for j in range(j1, j2)]
        yield lines
