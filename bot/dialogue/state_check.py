"""Finds what is wrong in the states of one flow: names, outcomes, steps that are never taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import reduce

from bot.dialogue.draft import Known
from bot.dialogue.expression import source_of
from bot.dialogue.flow import Call, Flow, State, Step, Steps
from bot.dialogue.machine import returns_of
from bot.dialogue.names import Names, unknown
from bot.document import Document, Loc
from bot.errors import Finding
from bot.told import tell


class StateCheck:
    """Looks at states and steps of a flow.

    Args:
        document: where they stand.
        flow: includes resolved.
        states: those a step may go to.
        slots: those of the flow.
    """

    def __init__(
        self, document: Document, flow: Flow, names: Names, states: Known, slots: Known
    ) -> None:
        self._document = document
        self._flow = flow
        self._names = names
        self._states = states
        self._slots = slots

    def state(self, state: State, loc: Loc, *, whole: bool = True) -> Iterator[Finding]:
        """All that is wrong with a state.

        Args:
            whole: it could be read; else only the names in it are looked at, for what is missing
                may have been left out.
        """
        yield from self._named(state, loc)
        last = whole
        yield from self.steps(state.filled, (*loc, "filled"), last=last, whole=whole)
        yield from self.steps(state.misunderstood, (*loc, "misunderstood"), whole=whole)
        yield from self.steps(state.timeout, (*loc, "timeout"), last=last, whole=whole)
        for name, steps in state.outcomes.items():
            yield from self.steps(steps, (*loc, "outcomes", name), last=last, whole=whole)
        for name, steps in state.on.items():
            yield from self.steps(steps, (*loc, "on", name), may_do=True, whole=whole)
        if whole:
            yield from self._timeout(state, (*loc, "timeout"))
            yield from self._timers(state, loc)
            yield from self._outcomes(state, loc)
            yield from self._returns(state, loc)

    def _named(self, state: State, loc: Loc) -> Iterator[Finding]:
        """Names in a state that lead nowhere, except those in its steps."""
        document, names = self._document, self._names
        yield from names.said(document, state.say, (*loc, "say"))
        yield from names.said(document, (state.ask,) if state.ask else (), (*loc, "ask"))
        for at, remind in enumerate(state.remind):
            yield from names.said(document, remind.say, (*loc, "remind", at, "say"))
        for slot in state.collect:
            yield from unknown(document, tell("slot"), slot, self._slots, (*loc, "collect"))
        for slot, listed in state.options.items():
            here = (*loc, "options", slot)
            yield from unknown(document, tell("slot"), slot, self._slots, here)
            yield from unknown(document, tell("slot"), listed, names.slots, here)
        for at, timeout in enumerate(state.timeout):
            if timeout.until:
                here = (*loc, "timeout", at, "until")
                yield from unknown(document, tell("slot"), timeout.until, names.slots, here)
        actions = Known(names.actions, names.unread_code)
        leaving = ((state.leave, (*loc, "leave")),) if state.leave else ()
        for name, here in (*_actions_of(state, loc), *leaving):
            yield from unknown(document, tell("action"), name, actions, here)

    def steps(
        self,
        steps: Steps,
        loc: Loc,
        *,
        may_do: bool = False,
        last: bool = False,
        whole: bool = True,
    ) -> Iterator[Finding]:
        """All that is wrong with the steps of one event.

        Args:
            may_do: an action may be run: its outcomes have a place.
            last: the last step must have no guard, for something has to follow.
            whole: they could be read; else only the names in them are looked at.
        """
        for at, step in enumerate(steps):
            here = (*loc, at)
            yield from self._step(step, here, may_do=may_do, whole=whole)
            if step.when is None and at + 1 < len(steps) and whole:
                message = tell(
                    "this step has no 'when', so those after it are never taken; put it last"
                )
                yield self._document.finding(message, here)
        if last and steps and steps[-1].when:
            message = tell("the last step has a 'when'; add one without, for when no guard holds")
            yield self._document.finding(message, (*loc, len(steps) - 1))

    def _step(self, step: Step, loc: Loc, *, may_do: bool, whole: bool) -> Iterator[Finding]:
        document, names = self._document, self._names
        yield from names.condition(document, step.when, (*loc, "when"))
        yield from names.said(document, step.say, (*loc, "say"))
        if step.go:
            yield from unknown(document, tell("state"), step.go, self._states, (*loc, "go"))
        if step.call:
            yield from self._call(step.call, (*loc, "call"))
        if step.do and not may_do:
            message = tell("'do' stands at a state, or under 'on': its outcomes are the state's")
            yield document.finding(message, (*loc, "do"))
        ways = [key for key in ("do", "call", "restart", "go") if getattr(step, key)]
        if len(ways) > 1:
            yield document.finding(tell("{keys} exclude each other", keys=_listed(ways)), loc)
        if step.at_most and not step.go and whole:
            yield document.finding(tell("'at_most' needs 'go': where to go after that"), loc)
        for slot, value in step.set.items():
            at = (*loc, "set", slot)
            yield from unknown(document, tell("slot"), slot, self._slots, at)
            yield from names.condition(document, source_of(value), at)
        for end, then in step.returned.items():
            here = (*loc, "returned", end)
            yield from self.steps(then, here, whole=whole)
            if step.called in names.flows:
                yield from unknown(document, tell("end state"), end, self._ends(step.called), here)
        if step.returned and not step.call and whole:
            message = tell("'returned' needs 'call': the flow that returns")
            yield document.finding(message, (*loc, "returned"))

    def _ends(self, flow: str) -> Known:
        """The states in which a flow may end."""
        states = self._names.flows[flow].states
        return Known([n for n, state in states.items() if state.end], self._names.unsure[flow])

    def _call(self, call: Call, loc: Loc) -> Iterator[Finding]:
        document, names = self._document, self._names
        yield from unknown(document, tell("flow"), call.flow, names.flow_names, loc)
        theirs: Known = names.slots
        if call.flow in names.flows:
            theirs = Known(names.flows[call.flow].slots, names.slots.perhaps)
        for slot, value in call.given.items():
            yield from unknown(
                document, tell("slot in {flow}", flow=call.flow), slot, theirs, (*loc, "with", slot)
            )
            yield from names.condition(document, source_of(value), (*loc, "with", slot))
        for slot, result in call.into.items():
            at = (*loc, "into", slot)
            yield from unknown(document, tell("slot"), slot, self._slots, at)
            yield from unknown(document, tell("slot"), result, names.slots, at)

    def _timers(self, state: State, loc: Loc) -> Iterator[Finding]:
        """Reminders come one after the other, and before the timeout."""
        limit = state.timeout[0].after if state.timeout else None
        before = None
        for at, remind in enumerate(state.remind):
            here = (*loc, "remind", at)
            if before and remind.after <= before:
                yield self._document.finding(tell("reminders stand in the order they come"), here)
            if limit and remind.after >= limit:
                message = tell("this reminder would come after the timeout; make it earlier")
                yield self._document.finding(message, here)
            before = remind.after

    def _timeout(self, state: State, loc: Loc) -> Iterator[Finding]:
        for at, timeout in enumerate(state.timeout):
            here = (*loc, at)
            if at and (timeout.after or timeout.until):
                message = tell(
                    "the first step of a timeout says 'after' or 'until' for all of them"
                )
                yield self._document.finding(message, here)
            if not at and (timeout.after is None) == (timeout.until is None):
                yield self._document.finding(tell("write either 'after' or 'until'"), here)

    def _returns(self, state: State, loc: Loc) -> Iterator[Finding]:
        heard = [*state.on.values(), *({**self._flow.always, **state.on}).values()]
        ways: dict[str, Steps] = {}
        for event, then in returns_of(step for steps in heard for step in steps):
            if ways.setdefault(event, then) != then:
                _, sub, end = event.split(".")
                message = tell(
                    "two steps call {flow} and go on differently after {end!r}; let them agree",
                    flow=sub,
                    end=end,
                )
                yield self._document.finding(message, loc)

    def _outcomes(self, state: State, loc: Loc) -> Iterator[Finding]:
        document, actions = self._document, self._names.actions
        named = dict(_actions_of(state, loc))
        possible: set[str] = set()
        for name, at in named.items():
            if name in actions:
                outcomes = actions[name].outcomes
                possible |= outcomes
                strays = state.outcomes.keys() - outcomes  # a slip is told as one
                for outcome in sorted(outcomes - set(state.outcomes)):
                    if get_close_matches(outcome, strays, n=1) and len(named) == 1:
                        continue
                    message = tell(
                        "the action {name} may end as {outcome!r}; say under 'outcomes' what then",
                        name=name,
                        outcome=outcome,
                    )
                    yield document.finding(message, at)
        if not named and state.outcomes:
            message = tell("'outcomes' needs a 'do', here or under 'on': the action that ends so")
            yield document.finding(message, (*loc, "outcomes"))
        elif all(name in actions for name in named):
            for outcome in state.outcomes:
                at = (*loc, "outcomes", outcome)
                yield from unknown(document, tell("outcome"), outcome, possible, at)
        if state.collect and not state.filled:
            yield document.finding(
                tell("'collect' needs 'filled': where to go when all is known"), loc
            )
        leaving = actions.get(state.leave or "")
        if leaving and len(leaving.outcomes) > 1:
            ends = ", ".join(sorted(leaving.outcomes))
            message = tell(
                "an action under 'leave' cannot choose a way; {name} may end as {ends}",
                name=leaving.name,
                ends=ends,
            )
            yield document.finding(message, (*loc, "leave"))


def _listed(keys: Sequence[str]) -> str:
    """``'do' and 'call' and 'go'``."""
    quoted = [repr(key) for key in keys]
    return reduce(lambda told, key: tell("{names} and {name}", names=told, name=key), quoted)


def _actions_of(state: State, loc: Loc) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every action a state may run, and where it says so."""
    for intent, steps in state.on.items():
        for at, step in enumerate(steps):
            if step.do:
                yield step.do, (*loc, "on", intent, at, "do")
    if state.do:
        yield state.do, (*loc, "do")
