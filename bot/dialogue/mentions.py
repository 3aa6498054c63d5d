"""Names that templates use, for the flow checker: a slip in one shows only when it is said."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from jinja2.meta import find_undeclared_variables
from jinja2.nodes import Call, Const, Name, Template

from bot.document import Loc

SAY = "say"
"""The function by which a template says another reply: ``say("part_name", value=…)``."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that a template uses.

    Args:
        kind: ``variable``, ``reply`` (one that is said), or ``told``: a variable given to it.
        loc: where in the file the template stands.
    """

    kind: str
    name: str
    loc: Loc


def mentions_in(tree: Template, known: Collection[str], loc: Loc) -> Iterator[Mention]:
    """The mentions of a parsed template; ``known`` names are left out."""
    for name in sorted(find_undeclared_variables(tree)):
        if name not in known and name != SAY:
            yield Mention("variable", name, loc)
    for call in tree.find_all(Call):
        if isinstance(call.node, Name) and call.node.name == SAY:
            yield from (Mention("told", told.key, loc) for told in call.kwargs)
            for said in call.args[:1]:
                if isinstance(said, Const):
                    yield Mention("reply", str(said.value), loc)
