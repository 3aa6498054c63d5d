"""Finds what is wrong in the states of one flow: names, outcomes, steps that are never taken."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.expression import source_of
from bot.dialogue.flow import Call, Flow, State, Step, Steps
from bot.dialogue.machine import returns_of
from bot.dialogue.names import Names, unknown
from bot.document import Document, Loc
from bot.errors import Finding


class StateCheck:
    """Looks at states and steps of a flow.

    Args:
        document: where they stand.
        flow: includes resolved.
    """

    def __init__(self, document: Document, flow: Flow, names: Names) -> None:
        self._document = document
        self._flow = flow
        self._names = names

    def state(self, state: State, loc: Loc) -> Iterator[Finding]:
        """All that is wrong with a state."""
        document, names = self._document, self._names
        yield from names.said(document, state.say, (*loc, "say"))
        yield from names.said(document, (state.ask,) if state.ask else (), (*loc, "ask"))
        for slot in state.collect:
            yield from unknown(document, "slot", slot, self._flow.slots, (*loc, "collect"))
        if state.collect and not state.filled:
            yield document.finding("'collect' needs 'filled': where to go when all is known", loc)
        for slot, listed in state.options.items():
            at = (*loc, "options", slot)
            yield from unknown(document, "slot", slot, self._flow.slots, at)
            yield from unknown(document, "slot", listed, names.slots, at)
        yield from self.steps(state.filled, (*loc, "filled"), last=True)
        yield from self.steps(state.misunderstood, (*loc, "misunderstood"))
        yield from self.steps(state.timeout, (*loc, "timeout"), last=True)
        for name, steps in state.outcomes.items():
            yield from self.steps(steps, (*loc, "outcomes", name), last=True)
        for name, steps in state.on.items():
            yield from self.steps(steps, (*loc, "on", name), may_do=True)
        yield from self._timeout(state, (*loc, "timeout"))
        yield from self._timers(state, loc)
        yield from self._outcomes(state, loc)
        yield from self._returns(state, loc)

    def steps(
        self, steps: Steps, loc: Loc, *, may_do: bool = False, last: bool = False
    ) -> Iterator[Finding]:
        """All that is wrong with the steps of one event.

        Args:
            may_do: an action may be run: its outcomes have a place.
            last: the last step must have no guard, for something has to follow.
        """
        for at, step in enumerate(steps):
            here = (*loc, at)
            yield from self._step(step, here, may_do=may_do)
            if step.when is None and at + 1 < len(steps):
                message = "this step has no 'when', so those after it are never taken; put it last"
                yield self._document.finding(message, here)
        if last and steps and steps[-1].when:
            message = "the last step has a 'when'; add one without, for when no guard holds"
            yield self._document.finding(message, (*loc, len(steps) - 1))

    def _step(self, step: Step, loc: Loc, *, may_do: bool) -> Iterator[Finding]:
        document, names = self._document, self._names
        yield from names.condition(document, step.when, (*loc, "when"))
        yield from names.said(document, step.say, (*loc, "say"))
        if step.go:
            yield from unknown(document, "state", step.go, self._flow.states, (*loc, "go"))
        if step.call:
            yield from self._call(step.call, (*loc, "call"))
        if step.do and not may_do:
            message = "'do' stands at a state, or under 'on': its outcomes are the state's"
            yield document.finding(message, (*loc, "do"))
        ways = [key for key in ("do", "call", "restart", "go") if getattr(step, key)]
        if len(ways) > 1:
            yield document.finding(f"{' and '.join(map(repr, ways))} exclude each other", loc)
        if step.at_most and not step.go:
            yield document.finding("'at_most' needs 'go': where to go after that", loc)
        for slot, value in step.set.items():
            at = (*loc, "set", slot)
            yield from unknown(document, "slot", slot, self._flow.slots, at)
            yield from names.condition(document, source_of(value), at)
        called = names.flows.get(step.called)
        ends = [name for name, state in called.states.items() if state.end] if called else []
        for end, then in step.returned.items():
            yield from self.steps(then, (*loc, "returned", end))
            yield from unknown(document, "end state", end, ends, (*loc, "returned", end))

    def _call(self, call: Call, loc: Loc) -> Iterator[Finding]:
        document, names = self._document, self._names
        yield from unknown(document, "flow", call.flow, names.flows, loc)
        theirs = names.flows[call.flow].slots if call.flow in names.flows else names.slots
        for slot, value in call.given.items():
            yield from unknown(document, f"slot in {call.flow}", slot, theirs, (*loc, "with", slot))
            yield from names.condition(document, source_of(value), (*loc, "with", slot))
        for slot, result in call.into.items():
            at = (*loc, "into", slot)
            yield from unknown(document, "slot", slot, self._flow.slots, at)
            yield from unknown(document, "slot", result, names.slots, at)

    def _timers(self, state: State, loc: Loc) -> Iterator[Finding]:
        """Reminders come one after the other, and before the timeout."""
        limit = state.timeout[0].after if state.timeout else None
        before = None
        for at, remind in enumerate(state.remind):
            here = (*loc, "remind", at)
            yield from self._names.said(self._document, remind.say, (*here, "say"))
            if before and remind.after <= before:
                yield self._document.finding("reminders stand in the order they come", here)
            if limit and remind.after >= limit:
                message = "this reminder would come after the timeout; make it earlier"
                yield self._document.finding(message, here)
            before = remind.after

    def _timeout(self, state: State, loc: Loc) -> Iterator[Finding]:
        for at, timeout in enumerate(state.timeout):
            here = (*loc, at)
            if at and (timeout.after or timeout.until):
                message = "the first step of a timeout says 'after' or 'until' for all of them"
                yield self._document.finding(message, here)
            if not at and (timeout.after is None) == (timeout.until is None):
                yield self._document.finding("write either 'after' or 'until'", here)
            if timeout.until:
                slots = self._names.slots
                yield from unknown(self._document, "slot", timeout.until, slots, (*here, "until"))

    def _returns(self, state: State, loc: Loc) -> Iterator[Finding]:
        heard = [*state.on.values(), *({**self._flow.always, **state.on}).values()]
        ways: dict[str, Steps] = {}
        for event, then in returns_of(step for steps in heard for step in steps):
            if ways.setdefault(event, then) != then:
                _, sub, end = event.split(".")
                message = (
                    f"two steps call {sub} and go on differently after {end!r}; let them agree"
                )
                yield self._document.finding(message, loc)

    def _outcomes(self, state: State, loc: Loc) -> Iterator[Finding]:
        document, actions = self._document, self._names.actions
        named = {
            step.do: (*loc, "on", intent, at, "do")
            for intent, steps in state.on.items()
            for at, step in enumerate(steps)
            if step.do
        }
        if state.do:
            named[state.do] = (*loc, "do")
        possible: set[str] = set()
        for name, at in named.items():
            yield from unknown(document, "action", name, actions, at)
            if name in actions:
                outcomes = actions[name].outcomes
                possible |= outcomes
                for outcome in sorted(outcomes - set(state.outcomes)):
                    message = (
                        f"the action {name} may end as {outcome!r}; say under 'outcomes' what then"
                    )
                    yield document.finding(message, at)
        if state.leave:
            yield from self._leave(state.leave, (*loc, "leave"))
        if all(name in actions for name in named):
            for outcome in state.outcomes:
                at = (*loc, "outcomes", outcome)
                yield from unknown(document, "outcome", outcome, possible, at)

    def _leave(self, name: str, loc: Loc) -> Iterator[Finding]:
        actions = self._names.actions
        yield from unknown(self._document, "action", name, actions, loc)
        if name in actions and len(actions[name].outcomes) > 1:
            ends = ", ".join(sorted(actions[name].outcomes))
            message = f"an action under 'leave' cannot choose a way; {name} may end as {ends}"
            yield self._document.finding(message, loc)
