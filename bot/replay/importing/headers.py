"""Which lines of an exported chat begin a message; all others go on with one.

A line that begins like one need not be one: people write appointments down and quote chats. So the
file as a whole is asked. It has one form of stamp; its messages follow each other in time; a line
without a sender is WhatsApp's own, and says what WhatsApp says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.replay.importing.flow_of_time import in_order
from bot.replay.importing.order import Chosen, Order, day_of, hint_of, order_of
from bot.replay.importing.phrases import is_about_a_group, language_of, system_language
from bot.replay.importing.senders import Senders, bare
from bot.replay.importing.signs import plain, trimmed
from bot.replay.importing.source import Line
from bot.replay.importing.stamps import Shape, Stamp, stamp_of

DISORDER: Final = timedelta(hours=1)
"""Messages may come so late that they stand after younger ones, and clocks are put back."""

_FEW: Final = 0.2
_OFTEN: Final = 3
_MANY: Final = 20
_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that begins as messages do."""

    line: Line
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Header:
    """A line that begins a message.

    Args:
        at: on the phone's clock, without a zone.
        sender: empty for what WhatsApp says itself.
        text: what follows on the line.
    """

    line: Line
    at: datetime
    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class Headers:
    """Every header of a file, in its order.

    Args:
        refused: lines that begin like one and are none, with the reason.
        dates: how they were read.
        is_group: whether a system line speaks of a group.
    """

    found: Sequence[Header]
    refused: Sequence[tuple[Line, str]]
    dates: Chosen
    is_group: bool


class NoChat(Exception):
    """No line of the file begins like a message."""


class Ambiguous(Exception):
    """Dates can be read in several orders.

    Args:
        orders: those that are possible.
        example: the first date, as it stands there.
    """

    def __init__(self, orders: Sequence[Order], example: str) -> None:
        super().__init__(f"{example}: {' or '.join(orders)}")
        self.orders = orders
        self.example = example


def headers_in(
    lines: Sequence[Line], today: date, *, order: Order | None = None, known: Sequence[str] = ()
) -> Headers:
    """Find the headers.

    Args:
        today: dates much later are none.
        order: of day, month and year, where somebody is sure.
        known: names somebody is sure of.

    Raises:
        NoChat: there are none, or none in that order.
        Ambiguous: the order of the dates must be said.
    """
    candidates = [Candidate(line, stamp) for line in lines if (stamp := stamp_of(line.text))]
    if not candidates:
        raise NoChat
    shape = _shape_of(candidates, lines)
    alike = [each for each in candidates if each.stamp.shape == shape]
    refused = [(each.line, "dates of messages look otherwise here") for each in candidates]
    alike = _padded_alike(alike)
    alike = _at_ends_of_messages(alike)
    stamps = [each.stamp for each in alike]
    chosen = Chosen(order) if order else order_of(stamps, today, lambda: _hint(stamps, lines))
    if not isinstance(chosen, Chosen):
        raise Ambiguous(chosen, stamps[0].shape.separator.join(stamps[0].written[:3]))
    search = _Search(alike, chosen.order, today, known)
    found = list(search.headers())
    if not found:
        raise NoChat
    kept = {header.line.number for header in found}
    refused = [
        (line, search.reasons.get(line.number, why))
        for line, why in refused
        if line.number not in kept
    ]
    return Headers(found, refused, chosen, search.is_group)


def _shape_of(candidates: Sequence[Candidate], lines: Sequence[Line]) -> Shape:
    """The shape of the file's stamps: the first line's, unless others are far more frequent."""
    counts = Counter(each.stamp.shape for each in candidates)
    shape, most = counts.most_common(1)[0]
    first = candidates[0]
    opening = next((line.number for line in lines if trimmed(line.text)), 0)
    if first.line.number == opening and counts[first.stamp.shape] >= most * _FEW:
        return first.stamp.shape
    return shape


def _padded_alike(candidates: list[Candidate]) -> list[Candidate]:
    """Those that write single digits as the others do: ``05/08`` or ``5/8``."""
    for part in range(4):
        zeros = [each for each in candidates if _is_padded(each.stamp.written[part])]
        singles = [each for each in candidates if len(each.stamp.written[part]) == 1]
        for some, others in ((zeros, singles), (singles, zeros)):
            if len(some) >= _OFTEN and len(others) < len(some) * _FEW:
                odd = {each.line.number for each in others}
                candidates = [each for each in candidates if each.line.number not in odd]
    return candidates


def _is_padded(digits: str) -> bool:
    return len(digits) > 1 and digits[0].isdecimal() and not int(digits[0])


def _at_ends_of_messages(candidates: list[Candidate]) -> list[Candidate]:
    """Without those in the middle of a message, in files that end messages otherwise than lines."""
    after = [each for each in candidates if each.line.after_crlf]
    others = len(candidates) - len(after)
    return after if len(after) >= _OFTEN and others <= len(after) / 4 else candidates


def _hint(stamps: Sequence[Stamp], lines: Sequence[Line]) -> Chosen | None:
    counts: Counter[str] = Counter()
    for line in lines:
        if language := language_of(line.text[:200]):
            counts[language] += 1
    for stamp in stamps:
        language = system_language(stamp.rest[:200])
        if language is not None:
            counts[language or "other"] += 1
    return hint_of(stamps, counts.most_common(1)[0][0] if counts else "")


class _Search:
    """Goes through candidates of one shape.

    Args:
        known: names somebody is sure of.
    """

    def __init__(
        self, candidates: Sequence[Candidate], order: Order, today: date, known: Sequence[str]
    ) -> None:
        self.reasons: dict[int, str] = {}
        self._all: list[tuple[Candidate, datetime]] = []
        for each in candidates:
            day = day_of(each.stamp.date, order, today)
            if day is None:
                self.reasons[each.line.number] = "there is no such date"
            else:
                self._all.append((each, datetime.combine(day, each.stamp.clock)))
        self._senders = Senders((each.stamp.rest for each, _ in self._all), known)
        self._known = {bare(name) for name in known}
        self._splits = [self._senders.split(each.stamp.rest) for each, _ in self._all]
        said = [
            each.stamp.rest
            for (each, _), split in zip(self._all, self._splits, strict=True)
            if split is None
        ]
        self.is_group = any(
            system_language(text) is not None and is_about_a_group(plain(text)) for text in said
        )
        spoken = {system_language(text) for text in said}
        begins = self._all[0][0].stamp.rest if self._all else ""
        self._foreign = not spoken & {"id", "en"} and ("" in spoken or begins in said)

    def headers(self) -> Iterator[Header]:
        """Those that are in order."""
        if not self._all:
            return
        kept = self._in_order()
        self._refuse_the_tail(kept)
        for at, (each, moment) in enumerate(self._all):
            if at in kept:
                name, text = self._splits[at] or ("", each.stamp.rest)
                yield Header(each.line, moment, name, text)

    def _in_order(self) -> set[int]:
        moments = [moment for _, moment in self._all]
        weights = [self._weight(at, split) for at, split in enumerate(self._splits)]
        likely = [at for at, weight in enumerate(weights) if weight or at == 0]
        chosen = in_order([moments[at] for at in likely], [weights[at] for at in likely])
        kept = {likely[at] for at in chosen}
        self._readmit(kept, likely, moments, weights)
        for at, (each, _) in enumerate(self._all):
            if at not in kept:
                why = "its time does not fit the messages around it"
                if not weights[at]:
                    why = "nobody sent it, and WhatsApp does not say such things"
                self.reasons[each.line.number] = why
        return kept

    def _weight(self, at: int, split: tuple[str, str] | None) -> int:
        """How likely a line is a header: 0 if it is none."""
        rest = trimmed(self._all[at][0].stamp.rest)
        if split:
            return 3 if self._senders.counts[split[0]] > 1 or split[0] in self._known else 2
        if system_language(rest) is not None or at == 0:
            return 3
        if rest.startswith(("Anda ", "You ", "+")) or self._begins_with_a_name(rest):
            return 2
        return 1 if self._foreign and rest else 0

    def _begins_with_a_name(self, rest: str) -> bool:
        words = bare(rest).split()
        return any(
            " ".join(words[:length]) in self._senders.counts for length in range(1, len(words))
        )

    def _readmit(
        self,
        kept: set[int],
        likely: Sequence[int],
        moments: Sequence[datetime],
        weights: Sequence[int],
    ) -> None:
        """Take in what is only a little late; and everything, if that is how this file is."""
        often = [at for at in likely if at not in kept and weights[at] >= 3]  # noqa: PLR2004 - known names
        if len(often) > max(_MANY, len(likely) * _FEW):
            kept.update(often)
            return
        last = -1
        before: dict[int, int] = {}
        for at in likely:
            before[at] = last
            if at in kept:
                last = at
        for at in often:
            if before[at] >= 0 and abs(moments[before[at]] - moments[at]) <= DISORDER:
                kept.add(at)

    def _refuse_the_tail(self, kept: set[int]) -> None:
        """After the last message of two who chat there is no third one's: it is an appointment."""
        counts = Counter(split[0] for at in kept if (split := self._splits[at]))
        pair = {name for name, count in counts.most_common(_PAIR) if count >= _OFTEN}
        if self.is_group or len(pair) < _PAIR:
            return
        strangers = [at for at in sorted(kept) if (s := self._splits[at]) and s[0] not in pair]
        last = max(at for at in kept if (s := self._splits[at]) and s[0] in pair)
        if any(at < last or counts[self._name(at)] > 1 for at in strangers):
            return
        for at in strangers:
            if self._name(at) not in self._known:
                kept.discard(at)
                why = f"{self._name(at)!r} is neither of the two who chat here"
                self.reasons[self._all[at][0].line.number] = why

    def _name(self, at: int) -> str:
        split = self._splits[at]
        return split[0] if split else ""
