"""What is known of the flows from having been there: where one can stand, and what led on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.replay.played import Exchange, Played
from bot.replay.points import Atlas, Key, Point
from bot.replay.suggesting.sketch import Raw, Sketch

Frames = tuple[tuple[str, str], ...]
"""Open flows and their states, the outermost first."""

Taps = Mapping[str, Sequence[str]]

KEPT: Final = 4
"""Of each kind the cheapest are kept."""

_INTENT: Final = re.compile(r"/(\w+)")
_CAPTURED: Final = re.compile(r"\{\{")


@dataclass(frozen=True, slots=True)
class Standing:
    """Somewhere one can stand.

    Args:
        sketch: how to come there.
        taps: what can be tapped there: titles by intent.
        older: likewise, what was shown before and can be tapped still.
        language: of the last answer.
    """

    sketch: Sketch
    frames: Frames
    taps: Taps
    older: Taps
    language: str

    @property
    def top(self) -> tuple[str, str]:
        """The flow that is open, and its state."""
        return self.frames[-1]


@dataclass(frozen=True, slots=True)
class Led:
    """A turn that led past something.

    Args:
        before: what happened until then.
        frames: that were open before and after.
    """

    before: Sketch
    turn: Raw
    frames: frozenset[tuple[str, str]]


class Ground:
    """All that was learnt.

    Args:
        language: in which suggestions are wanted first.
    """

    def __init__(self, atlas: Atlas, language: str) -> None:
        self._language = language
        self._keys: dict[Point, list[Key]] = {}
        for key, passage in atlas.passages.items():
            for point in passage:
                self._keys.setdefault(point, []).append(key)
        self._standing: dict[tuple[Frames, frozenset[str]], list[Standing]] = {}
        self._led: dict[tuple[str, str, str], list[Led]] = {}
        self._said: dict[str, list[Raw]] = {}
        self.given: dict[str, Any] = {}

    def standing(self, flow: str, state: str, intent: str = "") -> list[Standing]:
        """Where one stands in a state; first where ``intent`` can be tapped, the cheapest first."""
        found = [s for s in self._all() if s.top == (flow, state)]
        return sorted(found, key=lambda each: (intent not in each.taps, self._cost(each)))

    def inside(self, flow: str, state: str, called: str) -> list[Standing]:
        """Where one stands in a flow that is called in a state of another."""
        below = ((flow, state),)
        found = [s for s in self._all() if s.frames[-2:-1] == below and s.top[0] == called]
        return sorted(found, key=self._cost)

    def everywhere(self) -> list[Standing]:
        """The cheapest way to stand in each state."""
        best: dict[tuple[str, str], Standing] = {}
        for each in sorted(self._all(), key=self._cost):
            best.setdefault(each.top, each)
        return list(best.values())

    def led(self, flow: str, state: str, event: str = "") -> list[Led]:
        """Turns that led past steps of a state, for an event that begins so."""
        return [
            led
            for (of, where, what), found in self._led.items()
            if (of, where) == (flow, state) and what.startswith(event)
            for led in found
        ]

    def said(self, intent: str) -> list[Raw]:
        """Messages that were understood so, elsewhere too."""
        return list(self._said.get(intent, ()))

    def begin(self, sketch: Sketch, root: str, initial: str) -> None:
        """Somewhere one can begin."""
        self._stand(Standing(sketch.upto(0), ((root, initial),), {}, {}, self._language))

    def learn(self, sketch: Sketch, played: Played) -> None:
        """Take in where a sketch has led."""
        by_turn: dict[int, list[Exchange]] = {}
        for exchange in played.exchanges:
            by_turn.setdefault(exchange.at, []).append(exchange)
        before: Frames = ()
        taps: Taps = {}
        older: Taps = {}
        for at, turn in enumerate(sketch.turns):
            exchanges = by_turn.get(at)
            if not exchanges or exchanges[-1].problem:
                continue
            last = exchanges[-1]
            if shown := _taps(exchanges):
                taps, older = shown, {**older, **taps}
            after = _frames(last.state)
            self._note(sketch.upto(at), turn, exchanges, frozenset({*before, *after}))
            # What happens of itself is written under the message before it.
            settled = at + 1 == len(sketch.turns) or "user" in sketch.turns[at + 1]
            if after and settled:
                language = last.passed.language or self._language
                self._stand(Standing(sketch.upto(at + 1), after, taps, older, language))
            before = after

    def _note(
        self,
        before: Sketch,
        turn: Raw,
        exchanges: Iterable[Exchange],
        frames: frozenset[tuple[str, str]],
    ) -> None:
        flows = {flow for flow, _ in frames}
        for exchange in exchanges:
            for point in exchange.passed.points:
                for flow, state, event, _ in self._keys.get(point, ()):
                    if flow in flows or flow == point.part:
                        found = self._led.setdefault((flow, state, event), [])
                        found.append(Led(before, turn, frames))
                        found.sort(key=lambda led: led.before.cost)
                        del found[KEPT:]
            intent = exchange.understood.get("intent")
            message = turn.get("user")
            if intent and set(turn) == {"user"} and not _is_bound(message):
                said = self._said.setdefault(intent, [])
                if turn not in said:
                    said.append(turn)

    def _stand(self, standing: Standing) -> None:
        kind = (standing.frames, frozenset(standing.taps))
        found = self._standing.setdefault(kind, [])
        found.append(standing)
        found.sort(key=self._cost)
        del found[KEPT:]

    def _all(self) -> Iterator[Standing]:
        for found in self._standing.values():
            yield from found

    def _cost(self, standing: Standing) -> tuple[bool, tuple[int, int]]:
        return standing.language != self._language, standing.sketch.cost


def _is_bound(message: object) -> bool:
    """Whether a message makes sense only where it was sent: a tap, a captured value."""
    return bool(_CAPTURED.search(str(message))) or (
        isinstance(message, Mapping) and "tap" in message
    )


def _frames(state: str) -> Frames:
    """``passport_guided.booked > cancel.asking`` taken apart."""
    parts = (each.partition(".") for each in state.split(" > ") if each)
    return tuple((flow, name) for flow, _, name in parts)


def _taps(exchanges: Iterable[Exchange]) -> Taps:
    taps: dict[str, list[str]] = {}
    for exchange in exchanges:
        buttons = [button for told in exchange.told for button in told.reply.buttons]
        if buttons:
            taps = {}
        for button in buttons:
            if found := _INTENT.match(button.payload):
                taps.setdefault(found[1], []).append(button.title)
    return taps
