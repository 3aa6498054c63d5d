"""What flows may name: known when all files have been read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.dialogue.actions import Action
from bot.dialogue.draft import Known
from bot.dialogue.expression import CLOCK, compiled
from bot.dialogue.filling import VALUE
from bot.dialogue.flow import Flow, Slot
from bot.dialogue.slot_type import SlotType
from bot.document import Document, Loc, meant
from bot.errors import Finding
from bot.told import tell

HEARD = frozenset({"heard"}) | CLOCK
"""What expressions may speak of besides slots."""


@dataclass(frozen=True, slots=True)
class Names:
    """Everything that can be named, and the complaint about what cannot.

    Args:
        flows: by name, includes resolved.
        flow_names: theirs, and those that could not be read.
        replies: keys of the first language.
        slots: every slot a flow declares or an action gives.
        unread_code: words of Python files that could not be imported: they may declare them.
        unsure: states of a flow that may be anything; ``None``: all of them.
    """

    flows: Mapping[str, Flow]
    flow_names: Known
    replies: Collection[str]
    actions: Mapping[str, Action]
    slots: Known
    slot_types: Mapping[str, SlotType]
    unsure: Mapping[str, frozenset[str] | None]
    unread_code: frozenset[str] = frozenset()

    def said(self, document: Document, keys: Collection[str], loc: Loc) -> Iterator[Finding]:
        """Replies that are not there."""
        for key in keys:
            yield from unknown(document, tell("reply"), key, self.replies, loc)

    def slot(self, document: Document, slot: Slot, loc: Loc) -> Iterator[Finding]:
        """All that is wrong with a slot."""
        types = Known(self.slot_types, self.unread_code)
        yield from unknown(document, tell("slot type"), slot.type, types, (*loc, "type"))
        for key, reply in (("ask", slot.ask), ("wrong", slot.wrong)):
            yield from self.said(document, (reply,) if reply else (), (*loc, key))
        yield from self.condition(document, slot.check, (*loc, "check"), (VALUE,))
        if slot.check and not slot.wrong:
            message = tell("'check' needs 'wrong': what to say of a value that is refused")
            yield document.finding(message, (*loc, "check"))
        if (slot.type == "choice") != bool(slot.choices):
            message = tell(
                "'choices' stands at a slot of the type 'choice', and there it must stand"
            )
            yield document.finding(message, loc)

    def condition(
        self, document: Document, source: str | None, loc: Loc, more: Collection[str] = ()
    ) -> Iterator[Finding]:
        """Names in an expression that are not there; ``more`` are known besides slots."""
        known = Known({*self.slots, *HEARD, *more}, self.slots.perhaps)
        for name, column in compiled(source).names if source else ():
            if name not in known:
                message = tell(
                    "no slot {name!r}{meant}", name=name, meant=meant(name, sorted(known))
                )
                yield document.finding(
                    tell(
                        "{message} (column {column} of {source!r})",
                        message=message,
                        column=column,
                        source=source,
                    ),
                    loc,
                )


def unknown(
    document: Document, kind: str, name: str, known: Collection[str], loc: Loc
) -> Iterator[Finding]:
    """The complaint about a name that is not among the known ones."""
    if name not in known:
        yield document.finding(
            tell(
                "no {kind} {name!r}{meant}", kind=kind, name=name, meant=meant(name, sorted(known))
            ),
            loc,
        )
