"""Finds what is wrong with flows that are well-formed one by one: names that lead nowhere,
outcomes nobody handles, questions without an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.dialogue.actions import Action
from bot.dialogue.flow import Flow, Shared
from bot.dialogue.migration import migration_findings
from bot.dialogue.names import Names, unknown
from bot.dialogue.reach import reach_findings
from bot.dialogue.replies import SURROUNDINGS, Replies
from bot.dialogue.slot_type import SlotType
from bot.dialogue.state_check import StateCheck
from bot.dialogue.usage import usage_findings
from bot.document import Document, meant
from bot.errors import Finding

APOLOGY = "apology"
"""The reply every language must have and that needs no variables: said when we failed."""

RESTARTED = "restarted"
"""The reply to somebody whose place in the flows is not there any more, where there is one."""

_SAID_WITH = {APOLOGY: frozenset[str](), RESTARTED: frozenset({"office", "contact", "now", "hour"})}
"""What replies that the bot says of itself may speak of: of no slots, there may be none."""


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
        slot_types: Mapping[str, SlotType],
    ) -> None:
        self.documents, self.shared, self.flows = documents, shared, flows
        self.replies, self.actions = replies, actions
        declared = {slot for part in (*flows.values(), *shared.values()) for slot in part.slots}
        given = {slot for action in actions.values() for slot in action.gives}
        self.slots = frozenset(declared | given)
        whole = {name: self.including(flow) for name, flow in flows.items()}
        first = next(iter(replies.values()), ())
        self.names = Names(whole, list(first), actions, self.slots, slot_types)

    def including(self, flow: Flow) -> Flow:
        """The flow with what it includes."""
        shared = self.shared.get(flow.include or "")
        return flow.including(shared) if shared else flow

    def findings(self) -> list[Finding]:
        """Names that lead nowhere and the like, in every file."""
        return _once([*self._replies(), *self._flows()])

    def shape(self) -> list[Finding]:
        """What is wrong with the shape of flows in which every name leads somewhere."""
        return _once(self._shape())

    def _shape(self) -> Iterator[Finding]:
        for name, flow in self.names.flows.items():
            yield from reach_findings(self.documents[name], flow)
        parts = {**self.shared, **self.flows}
        yield from usage_findings(
            self.documents, parts, self.names.flows, self.replies, self.names.actions
        )
        for replies in self.replies.values():
            for m in replies.mentions:
                if m.kind == "variable" and m.name not in _SAID_WITH.get(str(m.loc[0]), {m.name}):
                    message = f"{m.name!r} is not known where {m.loc[0]!r} is said; leave it out"
                    yield replies.document.finding(message, m.loc)

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
                yield from unknown(replies.document, m.kind, m.name, known[m.kind], m.loc)

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
        yield from unknown(document, "state", flow.initial, flow.states, ("initial",))
        yield from self._shared(document, written, flow)
        yield from migration_findings(document, flow, self.slots)
        if not flow.misunderstood:
            message = "no 'misunderstood' here or in the included file: say what the answer is"
            yield document.finding(message)
        check = StateCheck(document, flow, self.names)
        for name, state in flow.states.items():
            yield from check.state(state, ("states", name))

    def _shared(self, document: Document, part: Shared, flow: Flow) -> Iterator[Finding]:
        check = StateCheck(document, flow, self.names)
        for name, slot in part.slots.items():
            yield from self.names.slot(document, slot, ("slots", name))
        for intent, steps in part.always.items():
            yield from check.steps(steps, ("always", intent))
        yield from check.steps(part.misunderstood, ("misunderstood",), last=True)


def _once(found: Iterable[Finding]) -> list[Finding]:
    """The findings without repetitions: what several flows include is looked at in each."""
    return list({str(finding): finding for finding in found}.values())
