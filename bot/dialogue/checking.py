"""Finds what is wrong with flows that are well-formed one by one: names that lead nowhere,
outcomes nobody handles, questions without an answer.

All files are looked at together, as far as each could be read (:mod:`bot.dialogue.draft`): nothing
is hidden by a mistake elsewhere, and nothing is complained of because of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dialogue.actions import Action
from bot.dialogue.care import WITH_STAFF
from bot.dialogue.draft import Draft, Drafts, Known
from bot.dialogue.flow import Flow, Shared
from bot.dialogue.guard_check import choices_in, guard_findings, self_call_findings, steps_in
from bot.dialogue.migration import migration_findings
from bot.dialogue.names import Names, unknown
from bot.dialogue.needs import need_findings
from bot.dialogue.reach import reach_findings
from bot.dialogue.replies import SURROUNDINGS, Replies
from bot.dialogue.slot_type import SlotType
from bot.dialogue.state_check import StateCheck
from bot.dialogue.usage import usage_findings
from bot.document import Document, meant
from bot.errors import Finding
from bot.told import tell

APOLOGY = "apology"
"""The reply every language must have and that needs no variables: said when we failed."""

RESTARTED = "restarted"
"""The reply to somebody whose place in the flows is not there any more, where there is one."""

PRIVACY_NOTICE = "privacy_notice"
"""Said before the first answer of a conversation, unless that answer contains it."""

_SAID_WITH = {
    PRIVACY_NOTICE: frozenset[str](),
    APOLOGY: frozenset[str](),
    WITH_STAFF: frozenset[str](),
    RESTARTED: frozenset({"office", "contact", "now", "hour"}),
}
"""What replies that the bot says of itself may speak of: of no slots, there may be none."""

_KINDS = {"variable": tell("variable"), "reply": tell("reply"), "told": tell("variable")}
"""What replies mention, in words."""


class FlowCheck:
    """Looks at all flows and replies of a folder.

    Attributes:
        slots: every slot a flow declares or an action gives.
        names: all that may be named; its flows are those that could be read, includes resolved.
    """

    def __init__(
        self,
        drafts: Drafts,
        actions: Mapping[str, Action],
        slot_types: Mapping[str, SlotType],
        unread_code: frozenset[str] = frozenset(),
    ) -> None:
        drafts.loose |= unread_code
        self.drafts, self.actions = drafts, actions
        self.parts: dict[str, Draft[Flow] | Draft[Shared]] = {**drafts.shared, **drafts.flows}
        declared = {slot for draft in self.parts.values() for slot in draft.part.slots}
        given = {slot for action in actions.values() for slot in action.gives}
        anything = None in drafts.unread.values()
        self.slots = Known(declared | given, None if anything else drafts.loose)
        whole = {name: self.including(draft.part) for name, draft in drafts.flows.items()}
        flows = Known(whole, frozenset(drafts.unread))
        unsure = {name: self.unsure(name) for name in whole}
        self.names = Names(
            whole, flows, self._keys(), actions, self.slots, slot_types, unsure, unread_code
        )

    def including(self, flow: Flow) -> Flow:
        """The flow with what it includes."""
        shared = self.drafts.shared.get(flow.include or "")
        return flow.including(shared.part) if shared else flow

    def unsure(self, name: str) -> frozenset[str] | None:
        """States of a flow that may lead anywhere for all one knows; ``None``: all of them."""
        draft = self.drafts.flows[name]
        included = draft.part.include
        shared = self.drafts.shared.get(included or "")
        open_parts: list[Draft[Flow] | Draft[Shared]] = [draft, *([shared] if shared else [])]
        if included and shared is None:
            return None
        if ("states",) in draft.broken or any(
            each.is_broken(section)
            for each in open_parts
            for section in ("always", "misunderstood", "unsure", "initial", "include", "migrate")
        ):
            return None
        return draft.broken_in("states")

    def findings(self) -> list[Finding]:
        """Names that lead nowhere and the like, in every file."""
        return [*self._replies(), *self._flows()]

    def shape(self) -> list[Finding]:
        """What nobody can want of flows in which every name leads somewhere."""
        return list(self._shape())

    def _shape(self) -> Iterator[Finding]:
        for flow_name, flow in self.names.flows.items():
            document = self.drafts.flows[flow_name].document
            yield from reach_findings(document, flow, self.unsure(flow_name))
            yield from need_findings(document, flow, self.actions, self.names)
        given = frozenset(slot for action in self.actions.values() for slot in action.gives)
        choices = choices_in(self.names.flows, given | frozenset(self.drafts.loose))
        for name, draft in self.parts.items():
            for steps, loc in steps_in(draft.part):
                yield from guard_findings(draft.document, steps, loc, choices)
                yield from self_call_findings(draft.document, steps, loc, name)
        written = {n: (draft.document, draft.part) for n, draft in self.parts.items()}
        replies = [draft.part for draft in self.drafts.replies.values()]
        anything = None in (*self.drafts.unread.values(), *self.drafts.unread_replies.values())
        yield from usage_findings(
            written,
            self.names.flows.values(),
            replies,
            self.actions,
            None if anything else self.drafts.loose,
        )
        for each in replies:
            for m in each.mentions:
                if m.kind == "variable" and m.name not in _SAID_WITH.get(str(m.loc[0]), {m.name}):
                    message = tell(
                        "{name!r} is not known where {key!r} is said; leave it out",
                        name=m.name,
                        key=m.loc[0],
                    )
                    yield each.document.finding(message, m.loc)

    def _keys(self) -> Known:
        """The replies of the first language; of another when there is no reading the first."""
        perhaps: set[str] | None = set()
        for words in self.drafts.unread_replies.values():
            perhaps = None if words is None or perhaps is None else perhaps | words
        for draft in self.drafts.replies.values():
            return Known([str(key) for key in draft.document.data], perhaps)
        return Known((), None)

    def _replies(self) -> Iterator[Finding]:
        drafts = [*self.drafts.replies.values()]
        if drafts and not (self.drafts.flows or self.drafts.unread):
            yield drafts[0].document.finding(tell("there is no flow file beside the replies"))
        for other in drafts[1:]:
            first = drafts[0].document
            for key in sorted(map(str, first.data.keys() - other.document.data.keys())):
                message = tell(
                    "{key!r} is said in {file} and missing here; until it is written, it "
                    "is said in {language!r}",
                    key=key,
                    file=first.name,
                    language=drafts[0].part.language,
                )
                yield Finding(message, other.document.place(), warning=True)
        if drafts and APOLOGY not in drafts[0].document.data:
            yield drafts[0].document.finding(tell("the reply {key!r} is missing", key=APOLOGY))
        for draft in drafts:
            yield from self._mentions(draft.document, draft.part)

    def _mentions(self, document: Document, replies: Replies) -> Iterator[Finding]:
        told = {mention.name for mention in replies.mentions if mention.kind == "told"}
        slots = self.slots
        loose = None if slots.perhaps is None else {*slots.perhaps, *self.drafts.loose}
        known = {
            "variable": Known({*slots, *SURROUNDINGS, *told}, loose),
            "reply": Known({*map(str, document.data), *self._keys()}),
            "told": Known(told),
        }
        for m in replies.mentions:
            yield from unknown(document, _KINDS[m.kind], m.name, known[m.kind], m.loc)

    def _flows(self) -> Iterator[Finding]:
        for name, draft in self.drafts.flows.items():
            included = draft.part.include
            files = Known(self.drafts.shared, frozenset(self.drafts.unread))
            if included and included not in files:
                message = tell(
                    "no file {name}.yml to include{meant}",
                    name=included,
                    meant=meant(included, sorted(files)),
                )
                yield draft.document.finding(message, ("include",))
            yield from self._flow(name, draft, self.names.flows[name])
        for name, shared in self.drafts.shared.items():
            for flow, draft in self.drafts.flows.items():
                if draft.part.include == name:
                    yield from self._shared(shared, self.names.flows[flow], draft)

    def _flow(self, name: str, draft: Draft[Flow], flow: Flow) -> Iterator[Finding]:
        document = draft.document
        if ("initial",) not in draft.broken:
            yield from unknown(
                document, tell("state"), flow.initial, self._states(draft), ("initial",)
            )
        yield from self._shared(draft, flow, draft)
        if not (draft.is_broken("migrate") or ("states",) in draft.broken):
            yield from migration_findings(document, flow, self.slots)
        if not flow.misunderstood and self.unsure(name) is not None:
            message = tell(
                "no 'misunderstood' here or in the included file: say what the answer is"
            )
            yield document.finding(message)
        check = self._checking(draft, flow, draft)
        broken = draft.broken_in("states")
        for state_name, state in flow.states.items():
            yield from check.state(state, ("states", state_name), whole=state_name not in broken)

    def _shared(
        self, draft: Draft[Flow] | Draft[Shared], flow: Flow, within: Draft[Flow]
    ) -> Iterator[Finding]:
        check = self._checking(draft, flow, within)
        part, broken = draft.part, draft.broken_in("slots")
        for name, slot in part.slots.items():
            if name not in broken:
                yield from self.names.slot(draft.document, slot, ("slots", name))
        for intent, steps in part.always.items():
            yield from check.steps(steps, ("always", intent))
        yield from check.steps(part.misunderstood, ("misunderstood",), last=True)
        yield from check.steps(part.unsure, ("unsure",))

    def _checking(
        self, draft: Draft[Flow] | Draft[Shared], flow: Flow, within: Draft[Flow]
    ) -> StateCheck:
        """Of a part that counts in a flow."""
        included = within.part.include
        slots = Known(flow.slots, self.drafts.loose)
        if included and included not in self.drafts.shared:
            slots = Known(flow.slots, None)
        return StateCheck(draft.document, flow, self.names, self._states(within), slots)

    def _states(self, draft: Draft[Flow]) -> Known:
        """The states of a flow; any, where its ``states`` are not all known."""
        return Known(draft.part.states, None if ("states",) in draft.broken else frozenset())
