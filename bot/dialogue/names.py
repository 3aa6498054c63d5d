"""What flows may name: known when all files have been read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.dialogue.actions import Action
from bot.dialogue.expression import compiled
from bot.dialogue.flow import Flow
from bot.document import Document, Loc, meant
from bot.errors import Finding

HEARD = frozenset({"heard"})
"""What expressions may speak of besides slots."""


@dataclass(frozen=True, slots=True)
class Names:
    """Everything that can be named, and the complaint about what cannot.

    Args:
        flows: by name, includes resolved.
        replies: keys of the first language.
        slots: every slot a flow declares or an action gives.
    """

    flows: Mapping[str, Flow]
    replies: Collection[str]
    actions: Mapping[str, Action]
    slots: frozenset[str]

    def said(self, document: Document, keys: Collection[str], loc: Loc) -> Iterator[Finding]:
        """Replies that are not there."""
        for key in keys:
            yield from unknown(document, "reply", key, self.replies, loc)

    def condition(
        self, document: Document, source: str | None, loc: Loc, more: Collection[str] = ()
    ) -> Iterator[Finding]:
        """Names in an expression that are not there; ``more`` are known besides slots."""
        known = {*self.slots, *HEARD, *more}
        for name, column in compiled(source).names if source else ():
            if name not in known:
                message = f"no slot {name!r}{meant(name, sorted(known))}"
                yield document.finding(f"{message} (column {column} of {source!r})", loc)


def unknown(
    document: Document, kind: str, name: str, known: Collection[str], loc: Loc
) -> Iterator[Finding]:
    """The complaint about a name that is not among the known ones."""
    if name not in known:
        yield document.finding(f"no {kind} {name!r}{meant(name, sorted(known))}", loc)
