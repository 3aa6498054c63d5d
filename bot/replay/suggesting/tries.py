"""What may be tried to pass a step: what is known, and what could follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from bot.definitions import Definitions
from bot.dialogue.flow import State, Step
from bot.dialogue.machine import steps_of
from bot.replay.points import Key
from bot.replay.suggesting.ground import Ground, Standing
from bot.replay.suggesting.sketch import Raw, Sketch
from bot.replay.suggesting.worlds import endings, worlds

STANDINGS: Final = 4
"""So many ways to a state are tried."""

INSIDE: Final = 12
"""And so many within a flow that was called."""

MESSAGES: Final = 14
"""So many messages that mean the same are tried at each."""

NONSENSE: Final = ("???", "qwerty zxcv", "wkwk")
WAITS: Final = ("11 minutes", "20 minutes", "2 hours", "12 hours", "1 day", "3 days")
NOTICE: Final = "notice_"

Examples = Mapping[str, Sequence[Any]]
"""What is sent, by what it means: as it stands under ``user``."""


class Tries:
    """Thinks up what to try.

    Args:
        examples: what people write, by intent; exact forms first.
    """

    def __init__(self, ground: Ground, definitions: Definitions, examples: Examples) -> None:
        self._ground = ground
        self._definitions = definitions
        self._flows = definitions.flows.flows
        self._examples = examples

    def of(self, key: Key, *, limit: bool = False) -> Iterator[Sketch]:
        """What may pass a step, what is most likely first.

        Args:
            limit: once more often than it may stay.
        """
        flow, name, event, _ = key
        kind, _, rest = event.partition(".")
        step = self.step(key)
        times = (step.at_most or 0) + 1 if limit else 1
        match kind:
            case "intent":
                yield from self._heard(flow, name, rest, times)
            case "misunderstood" | "unsure":
                yield from self._unclear(flow, name, event, times)
            case "timeout":
                yield from self._silence(flow, name)
            case "filled":
                yield from self._filled(flow, name)
            case "outcome":
                yield from self._ended(flow, name, rest)
            case _:
                called, _, end = rest.partition(".")
                yield from self._returned(flow, name, called, end)

    def reminded(self, flow: str, state: str, at: int) -> Iterator[Sketch]:
        """What may pass a reminder of a state."""
        after = self._flows[flow].states[state].remind[at].after
        for standing in self._ground.standing(flow, state)[:STANDINGS]:
            yield standing.sketch.then({"wait": _minutes(after)})

    def _heard(self, flow: str, name: str, intent: str, times: int) -> Iterator[Sketch]:
        for standing in self._ground.standing(flow, name, intent)[:STANDINGS]:
            for turn in self._messages(standing, intent):
                yield standing.sketch.then(*[turn] * times)
            if intent.startswith(NOTICE):
                yield from self._told(standing)

    def _messages(self, standing: Standing, intent: str) -> Iterator[Raw]:
        """Turns that mean ``intent``, as far as is known."""
        for taps in (standing.taps, standing.older):
            for title in taps.get(intent, ())[:3]:
                yield {"user": {"tap": title}}
        flow, state = standing.top
        seen: list[Raw] = [
            led.turn
            for led in self._ground.led(flow, state, f"intent.{intent}")
            if _is_free(led.turn)
        ]
        known = [{"user": text} for text in self._examples.get(intent, ())]
        said = sorted(self._ground.said(intent), key=lambda turn: len(str(turn)))
        both = [turn for pair in zip(said, known, strict=False) for turn in pair]
        both += said[len(known) :] or known[len(said) :]
        yield from [*seen, *both][:MESSAGES]

    def _told(self, standing: Standing) -> Iterator[Sketch]:
        """The service tells something: time passes, or a seat that is waited for is freed."""
        fixtures = standing.sketch.header.get("fixtures") or {}
        for day in fixtures.get("full", ())[:2]:
            yield standing.sketch.then({"freed": day}, {"wait": "11 minutes"})
        for wait in WAITS:
            yield standing.sketch.then({"wait": wait})

    def _unclear(self, flow: str, name: str, event: str, times: int) -> Iterator[Sketch]:
        learnt = [led.turn for f in self._flows for led in self._ground.led(f, name, event)]
        words = [{"user": text} for text in NONSENSE] + [t for t in learnt if _is_free(t)]
        for standing in self._ground.standing(flow, name)[:STANDINGS]:
            for turn in words:
                yield standing.sketch.then(*[turn] * times)

    def _silence(self, flow: str, name: str) -> Iterator[Sketch]:
        timeout = self._flows[flow].states[name].timeout
        after = timeout[0].after if timeout else None
        waits: tuple[str, ...] = WAITS
        if after:
            waits = (_minutes(after),)
        for standing in self._ground.standing(flow, name)[:STANDINGS]:
            for wait in waits:
                yield standing.sketch.then({"wait": wait})

    def _filled(self, flow: str, name: str) -> Iterator[Sketch]:
        state = self._flows[flow].states[name]
        learnt = [led.turn for led in self._ground.led(flow, name, "filled") if _is_free(led.turn)]
        for standing in self._ground.standing(flow, name)[:STANDINGS]:
            turns = [*learnt]
            turns += [
                {"user": {"tap": title}} for titles in standing.taps.values() for title in titles
            ]
            for intent in ("inform", "submit_identity", *state.on):
                turns += list(self._messages(standing, intent))[:6]
            for turn in turns:
                yield standing.sketch.then(turn)

    def _ended(self, flow: str, name: str, outcome: str) -> Iterator[Sketch]:
        """An action ends otherwise than it did: after something else, in another world, later, or
        as it is told.
        """
        state = self._flows[flow].states[name]
        led = self._ground.led(flow, name, "outcome.")[:STANDINGS]
        actions = self._actions(state, outcome)
        ways = [(each.before, each.turn) for each in led]
        asked = [
            (standing.sketch, turn)
            for intent, steps in state.on.items()
            if any(step.do in actions for step in steps)
            for standing in self._ground.standing(flow, name, intent)[:STANDINGS]
            for turn in list(self._messages(standing, intent))[:3]
        ]
        ways = [*ways, *asked] if state.do in actions else [*asked, *ways]
        for before, turn in ways:
            yield before.then(turn)
        for turn in [each.turn for each in led if _is_free(each.turn)][:2]:
            for standing in self._ground.everywhere():
                yield standing.sketch.then(turn)
        for before, turn in ways[:1]:
            office = self._office(before)
            for fixtures in worlds(office, _moment(before.header["now"])) if office else ():
                yield before.under(fixtures).then(turn)
            for wait in WAITS:
                yield before.then({"wait": wait}, turn)
        yield from self._acted(actions, outcome, ways)

    def _acted(
        self, actions: Sequence[str], outcome: str, ways: Sequence[tuple[Sketch, Raw]]
    ) -> Iterator[Sketch]:
        for before, turn in ways[:STANDINGS]:
            for action in actions:
                for ending in self._endings(action, outcome, before):
                    yield before.then({**turn, "acted": {**turn.get("acted", {}), **ending}})

    def _returned(self, flow: str, name: str, called: str, end: str) -> Iterator[Sketch]:
        """A flow that was called here ends so: as it did elsewhere, or as it is told."""
        sub = self._flows[called]
        leading = [
            (state, event)
            for state in sub.states
            for event, step in steps_of(sub, sub.states[state])
            if step.go == end
        ]
        for standing in self._ground.inside(flow, name, called)[:INSIDE]:
            for state, event in leading:
                yield from self._led_on(standing, called, state, event)
        callers = [
            event.partition(".")[2]
            for event, step in steps_of(self._flows[flow], self._flows[flow].states[name])
            if step.called == called and event.startswith("intent.")
        ]
        for standing in self._ground.standing(flow, name)[:STANDINGS]:
            for intent in callers:
                turns = list(self._messages(standing, intent))[:3]
                for turn in turns:
                    yield standing.sketch.then(turn)
                ways = [(standing.sketch, turn) for turn in turns[:1]]
                for state, event in leading:
                    outcome = event.removeprefix("outcome.")
                    if outcome != event:
                        actions = self._actions(sub.states[state], outcome)
                        yield from self._acted(actions, outcome, ways)

    def _led_on(self, standing: Standing, flow: str, state: str, event: str) -> Iterator[Sketch]:
        """From inside a flow, what has led on there elsewhere."""
        kind, _, rest = event.partition(".")
        here = standing.top == (flow, state)
        if kind == "intent" and here:
            for turn in self._messages(standing, rest):
                yield standing.sketch.then(turn)
        if kind == "timeout" and here:
            for wait in WAITS:
                yield standing.sketch.then({"wait": wait})
        if kind == "misunderstood" and here:
            limit = max(s.at_most or 0 for e, s in self._steps(flow, state) if e == event) + 1
            yield standing.sketch.then(*[{"user": NONSENSE[1]}] * limit)
        for turn in self._from(standing, flow, state, event):
            yield standing.sketch.then(turn)
        if kind == "outcome":
            ways = [
                (standing.sketch, turn) for turn in self._from(standing, flow, state, "outcome.")
            ]
            actions = self._actions(self._flows[flow].states[state], rest)
            yield from self._acted(actions, rest, ways)

    def _from(self, standing: Standing, flow: str, state: str, event: str) -> Iterator[Raw]:
        """Turns that led past an event, and that make sense here."""
        for led in self._ground.led(flow, state, event):
            if standing.top in led.frames and (_is_free(led.turn) or _is_shown(led.turn, standing)):
                yield led.turn

    def _endings(self, action: str, outcome: str, before: Sketch) -> Iterator[Raw]:
        office = self._office(before)
        if office:
            declared = self._definitions.code.actions[action]
            yield from endings(declared, outcome, self._ground.given, office)

    def _actions(self, state: State, outcome: str) -> list[str]:
        """Actions of a state that may end so."""
        done = [state.do, *(step.do for steps in state.on.values() for step in steps)]
        actions = self._definitions.code.actions
        return [name for name in dict.fromkeys(done) if name and outcome in actions[name].outcomes]

    def _office(self, sketch: Sketch) -> Any:
        return self._definitions.offices.get(sketch.header["office"])

    def _steps(self, flow: str, state: str) -> Iterator[tuple[str, Step]]:
        yield from steps_of(self._flows[flow], self._flows[flow].states[state])

    def step(self, key: Key) -> Step:
        """The step of this key."""
        flow, state, event, when = key
        steps = self._steps(flow, state)
        return next(step for of, step in steps if of == event and str(step.when or "") == when)


def _minutes(length: timedelta) -> str:
    """A little more than a length of time, as a recording writes it."""
    return f"{int(length.total_seconds()) // 60 + 2} minutes"


def _is_free(turn: Raw) -> bool:
    """Whether a turn makes sense where nothing was captured and nothing is shown."""
    return "{{" not in str(turn) and "tap" not in (turn.get("user") or ()) and "acted" not in turn


def _is_shown(turn: Raw, standing: Standing) -> bool:
    """Whether what a turn taps is there to be tapped."""
    message = turn.get("user")
    titles = [title for each in standing.taps.values() for title in each]
    return isinstance(message, Mapping) and message.get("tap") in titles and "acted" not in turn


def _moment(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
