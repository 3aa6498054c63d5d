"""Finds what is wrong with flows that are well-formed one by one: names that lead nowhere,
outcomes nobody handles, questions without an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bot.dialogue.actions import Action
from bot.dialogue.flow import Flow, Shared, State, Step
from bot.dialogue.machine import returns_of
from bot.dialogue.migration import migration_findings
from bot.dialogue.replies import SURROUNDINGS, Replies
from bot.document import Document, Loc, meant
from bot.errors import Finding

APOLOGY = "apology"
"""The reply every language must have and that needs no variables: said when we failed."""


class FlowCheck:
    """Looks for names that lead nowhere.

    Attributes:
        slots: every slot a flow declares or an action gives.
    """

    def __init__(
        self,
        documents: Mapping[str, Document],
        shared: Mapping[str, Shared],
        flows: Mapping[str, Flow],
        replies: Mapping[str, Replies],
        actions: Mapping[str, Action],
    ) -> None:
        self.documents, self.shared, self.flows = documents, shared, flows
        self.replies, self.actions = replies, actions
        declared = {slot for part in (*flows.values(), *shared.values()) for slot in part.slots}
        given = {slot for action in actions.values() for slot in action.gives}
        self.slots = frozenset(declared | given)

    def including(self, flow: Flow) -> Flow:
        """The flow with what it includes."""
        return flow.including(self.shared[flow.include]) if flow.include else flow

    def findings(self) -> list[Finding]:
        """Every finding of every file, once."""
        found = [*self._replies(), *self._flows()]
        return list({str(finding): finding for finding in found}.values())

    def _replies(self) -> Iterator[Finding]:
        first, *others = self.replies.values()
        if not self.flows:
            yield first.document.finding("there is no flow file beside the replies")
        for other in others:
            for key in sorted(set(first) - set(other)):
                message = f"{key!r} is said in {first.document.name} and missing here"
                yield other.document.finding(message)
        for replies in self.replies.values():
            if APOLOGY not in replies:
                yield replies.document.finding(f"the reply {APOLOGY!r} is missing")
            told = {mention.name for mention in replies.mentions if mention.kind == "told"}
            known = {
                "variable": self.slots | SURROUNDINGS | told,
                "reply": list(replies),
                "told": told,
            }
            for m in replies.mentions:
                yield from _unknown(replies.document, m.kind, m.name, known[m.kind], m.loc)

    def _flows(self) -> Iterator[Finding]:
        for name, written in self.flows.items():
            document = self.documents[name]
            if written.include and written.include not in self.shared:
                message = f"no file {written.include}.yml to include"
                message += meant(written.include, self.shared)
                yield document.finding(message, ("include",))
                continue
            yield from self._flow(document, written, self.including(written))
        for name, part in self.shared.items():
            for flow in self.flows.values():
                if flow.include == name:
                    yield from self._shared(self.documents[name], part, self.including(flow))

    def _flow(self, document: Document, written: Flow, flow: Flow) -> Iterator[Finding]:
        yield from _unknown(document, "state", flow.initial, flow.states, ("initial",))
        yield from self._shared(document, written, flow)
        yield from migration_findings(document, flow, self.slots)
        if flow.misunderstood is None:
            message = "no 'misunderstood' here or in the included file: say what the answer is"
            yield document.finding(message)
        for name, state in flow.states.items():
            yield from self._state(document, flow, state, ("states", name))

    def _shared(self, document: Document, part: Shared, flow: Flow) -> Iterator[Finding]:
        for name, slot in part.slots.items():
            if slot.ask:
                yield from self._said(document, (slot.ask,), ("slots", name, "ask"))
        for intent, step in part.always.items():
            yield from self._step(document, flow, step, ("always", intent))
        if part.misunderstood:
            yield from self._step(document, flow, part.misunderstood, ("misunderstood",))

    def _state(self, document: Document, flow: Flow, state: State, loc: Loc) -> Iterator[Finding]:
        yield from self._said(document, state.say, (*loc, "say"))
        yield from self._said(document, (state.ask,) if state.ask else (), (*loc, "ask"))
        for slot in state.collect:
            yield from _unknown(document, "slot", slot, flow.slots, (*loc, "collect"))
        if state.collect and state.filled is None:
            yield document.finding("'collect' needs 'filled': where to go when all is known", loc)
        for slot, listed in state.options.items():
            yield from _unknown(document, "slot", slot, flow.slots, (*loc, "options", slot))
            yield from _unknown(document, "slot", listed, self.slots, (*loc, "options", slot))
        steps: list[tuple[Step | None, Loc]] = [
            (state.filled, (*loc, "filled")),
            (state.misunderstood, (*loc, "misunderstood")),
            (state.timeout, (*loc, "timeout")),
            *((step, (*loc, "outcomes", name)) for name, step in state.outcomes.items()),
        ]
        for step, at in steps:
            if step:
                yield from self._step(document, flow, step, at)
        for name, step in state.on.items():
            yield from self._step(document, flow, step, (*loc, "on", name), may_do=True)
        if timeout := state.timeout:
            if (timeout.after is None) == (timeout.until is None):
                yield document.finding("write either 'after' or 'until'", (*loc, "timeout"))
            if timeout.until:
                at = (*loc, "timeout", "until")
                yield from _unknown(document, "slot", timeout.until, self.slots, at)
        yield from self._outcomes(document, state, loc)
        yield from self._returns(document, flow, state, loc)

    def _returns(self, document: Document, flow: Flow, state: State, loc: Loc) -> Iterator[Finding]:
        steps = [*state.on.values(), *({**flow.always, **state.on}).values()]
        ways: dict[str, Step] = {}
        for event, step in returns_of(steps):
            if ways.setdefault(event, step) != step:
                _, sub, end = event.split(".")
                message = (
                    f"two steps call {sub} and go on differently after {end!r}; let them agree"
                )
                yield document.finding(message, loc)

    def _outcomes(self, document: Document, state: State, loc: Loc) -> Iterator[Finding]:
        named = {step.do: (*loc, "on", i, "do") for i, step in state.on.items() if step.do}
        if state.do:
            named[state.do] = (*loc, "do")
        possible: set[str] = set()
        for name, at in named.items():
            yield from _unknown(document, "action", name, self.actions, at)
            if name in self.actions:
                outcomes = self.actions[name].outcomes
                possible |= outcomes
                for outcome in sorted(outcomes - set(state.outcomes)):
                    message = (
                        f"the action {name} may end as {outcome!r}; say under 'outcomes' what then"
                    )
                    yield document.finding(message, at)
        for outcome in state.outcomes:
            if all(name in self.actions for name in named):
                yield from _unknown(
                    document, "outcome", outcome, possible, (*loc, "outcomes", outcome)
                )

    def _step(
        self, document: Document, flow: Flow, step: Step, loc: Loc, *, may_do: bool = False
    ) -> Iterator[Finding]:
        yield from self._said(document, step.say, (*loc, "say"))
        if step.go:
            yield from _unknown(document, "state", step.go, flow.states, (*loc, "go"))
        if step.call:
            yield from _unknown(document, "flow", step.call, self.flows, (*loc, "call"))
        if step.do and not may_do:
            message = "'do' stands at a state, or under 'on': its outcomes are the state's"
            yield document.finding(message, (*loc, "do"))
        ways = [key for key in ("do", "call", "restart", "go") if getattr(step, key)]
        if len(ways) > 1:
            yield document.finding(f"{' and '.join(map(repr, ways))} exclude each other", loc)
        if step.at_most and not step.go:
            yield document.finding("'at_most' needs 'go': where to go after that", loc)
        for slot in step.set:
            yield from _unknown(document, "slot", slot, flow.slots, (*loc, "set", slot))
        for end, then in step.returned.items():
            at = (*loc, "returned", end)
            yield from self._step(document, flow, then, at)
            sub = self.flows.get(step.call or "")
            ends = [n for n, s in sub.states.items() if s.end] if sub else []
            yield from _unknown(document, "end state", end, ends, at)

    def _said(self, document: Document, keys: tuple[str, ...], loc: Loc) -> Iterator[Finding]:
        first = next(iter(self.replies.values()))
        for key in keys:
            yield from _unknown(document, "reply", key, list(first), loc)


def _unknown(
    document: Document, kind: str, name: str, known: Collection[str], loc: Loc
) -> Iterator[Finding]:
    if name not in known:
        yield document.finding(f"no {kind} {name!r}{meant(name, sorted(known))}", loc)
