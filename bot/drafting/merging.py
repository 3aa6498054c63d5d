"""Two editors' changes put together: what one alone changed is taken, what both did is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.dialogue.versions import Files

MINE, BETWEEN, THEIRS = "<<<<<<< draft", "=======", ">>>>>>> published"
"""Lines around what both changed otherwise: no YAML, so that the check points at each."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What comes of it.

    Args:
        both: names of files that both changed, otherwise than each other.
        clashes: those of them in which the same lines were changed, and are marked.
    """

    files: Files
    both: tuple[str, ...]
    clashes: tuple[str, ...]


def merge(base: Files, mine: Files, theirs: Files) -> Merged:
    """Lay changes made to ``base`` over ``theirs``, which was made of the same.

    A file that one deleted and the other changed stays as it was changed, whole, and counts as a
    clash.
    """
    files: dict[str, str] = {}
    both: list[str] = []
    clashes: list[str] = []
    for name in dict.fromkeys([*theirs, *mine]):
        old, own, other = base.get(name), mine.get(name), theirs.get(name)
        if own in (other, old):
            text = other
        elif other == old:
            text = own
        else:
            both.append(name)
            text, clean = _merged(old or "", own, other)
            if not clean:
                clashes.append(name)
        if text is not None:
            files[name] = text
    return Merged(files, tuple(both), tuple(clashes))


def _merged(old: str, own: str | None, other: str | None) -> tuple[str | None, bool]:
    if own is None or other is None:
        return own if other is None else other, False
    lines: list[str] = []
    clean = True
    for kept, one, another in _pieces(old, own, other):
        if one in (another, kept):
            lines += another
        elif another == kept:
            lines += one
        else:
            clean = False
            lines += [MINE, *one, BETWEEN, *another, THEIRS]
    return "".join(f"{line}\n" for line in lines), clean


def _pieces(
    old: str, own: str, other: str
) -> Iterator[tuple[Sequence[str], Sequence[str], Sequence[str]]]:
    """The three texts cut at the lines all of them have, piece by piece."""
    base, mine, theirs = old.splitlines(), own.splitlines(), other.splitlines()
    here, there = _matches(base, mine), _matches(base, theirs)
    at, a, b = 0, 0, 0
    for line in [*sorted(here.keys() & there.keys()), len(base)]:
        to_a = here[line] if line < len(base) else len(mine)
        to_b = there[line] if line < len(base) else len(theirs)
        if (line, to_a, to_b) != (at, a, b):
            yield base[at:line], mine[a:to_a], theirs[b:to_b]
        if line < len(base):
            yield base[line : line + 1], base[line : line + 1], base[line : line + 1]
        at, a, b = line + 1, to_a + 1, to_b + 1


def _matches(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Where each line of ``base`` stands in the other text, if it does; in order."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}
