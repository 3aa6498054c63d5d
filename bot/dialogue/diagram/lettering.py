"""How wide words are, about: no font is at hand where diagrams are drawn."""

from __future__ import annotations

_NARROW = frozenset("ijl.,:;'|!()[]{}ft I")
_WIDE = frozenset("mwMWQO@%→_—…")


def width_of(text: str, size: float) -> float:
    """Pixels that ``text`` takes in a sans-serif font of ``size`` pixels, rather too many."""
    return size * sum(
        0.36 if letter in _NARROW else 0.82 if letter in _WIDE else 0.6 for letter in text
    )


def wrapped(text: str, size: float, room: float) -> list[str]:
    """Lines of ``text`` that fit into ``room`` pixels, broken at spaces only."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
