"""Where the sender's name ends and the text begins.

Between them stands a colon, but names and system lines have colons as well: names that come up
again tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from bot.replay.importing.phrases import system_language
from bot.replay.importing.signs import plain, trimmed

LONGEST: Final = 100
"""Signs of a name."""

_COLON = re.compile(r" ?:(?=[ \u00a0\u202f\u200e\u200f\t]|$)")
_LABELS: Final = frozenset(
    [
        "nama",
        "tanggal",
        "tgl",
        "alamat",
        "name",
        "date",
        "address",
        "note",
        "catatan",
        "info",
        "kode",
        "code",
        "ps",
        "nb",
        "re",
        "fw",
        "jam",
        "hari",
        "no",
        "nomor",
        "number",
        "time",
        "waktu",
        "hp",
        "ttl",
        "nik",
        "perihal",
        "keterangan",
        "status",
    ]
)
"""What messages begin with that are forms to fill in, and no second half of a name."""


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """A name as it is compared: without marks, and the tilde of those not in the contacts."""
    return trimmed(plain(trimmed(name)).removeprefix("~"))


class Senders:
    """The names in a file.

    Args:
        rests: what follows each stamp.
        known: names that somebody is sure of.
    """

    def __init__(self, rests: Iterable[str], known: Sequence[str] = ()) -> None:
        self._known = frozenset(bare(name) for name in known)
        self.counts: Counter[str] = Counter()
        firsts: dict[str, list[str]] = {}
        for rest in rests:
            if split := _first_split(rest):
                firsts.setdefault(split[0], []).append(split[1])
        self._longer = {name: _longer(name, texts) for name, texts in firsts.items()}
        for name, texts in firsts.items():
            self.counts[self._longer[name]] += len(texts)

    def split(self, rest: str) -> tuple[str, str] | None:
        """The name and the text that follow a stamp; ``None`` for a line nobody sent."""
        if self._known:
            for colon in _COLON.finditer(rest[: LONGEST + 2]):
                if (name := bare(rest[: colon.start()])) in self._known:
                    return name, rest[colon.end() :]
        split = _first_split(rest)
        if split is None:
            return None
        name, text = split
        longer = self._longer.get(name, name)
        while name != longer and (further := _first_split(text)):
            name, text = f"{name}: {further[0]}", further[1]
        return name, text


def _first_split(rest: str) -> tuple[str, str] | None:
    colon = _COLON.search(rest[: LONGEST + 2])
    name = bare(rest[: colon.start()]) if colon else ""
    if colon is None or not name or _is_said_by_whatsapp(name):
        return None
    return name, rest[colon.end() :]


@lru_cache(maxsize=4096)
def _is_said_by_whatsapp(name: str) -> bool:
    """Whether what stands before a colon is the beginning of a system line."""
    return system_language(name) is not None


def _longer(name: str, texts: Sequence[str]) -> str:
    """``name`` with what begins each of its texts, if that is more of the name."""
    if len(texts) < 2:  # noqa: PLR2004 - once is no habit
        return name
    splits = [_first_split(text) for text in texts]
    more = {split[0] for split in splits if split}
    if None in splits or len(more) > 1:
        return name
    (second,) = more
    words = plain(second).casefold().split()
    if len(words) > 4 or set(words) & _LABELS or "*" in second:  # noqa: PLR2004 - words of a name
        return name
    return _longer(f"{name}: {second}", [split[1] for split in splits if split])
