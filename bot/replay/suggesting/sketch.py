"""A recording in the making: its header, and what happens, without answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.document import Document
from bot.replay.recording import Recording

Raw = Mapping[str, Any]
"""A part of a recording as it stands in the file."""

_ANSWERS: Final = frozenset({"bot", "expect", "was"})
_BARE: Final = Document.parse("{}", "suggestion")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What happens in a conversation.

    Args:
        header: as it stands in the file, without ``turns``.
        turns: likewise, without what is answered.
    """

    header: Raw
    turns: tuple[Raw, ...] = ()

    @classmethod
    def of(cls, recording: Recording) -> Sketch:
        """What happens in a recording."""
        header = {key: part for key, part in recording.document.data.items() if key != "turns"}
        bare = ({k: v for k, v in turn.items() if k not in _ANSWERS} for turn in _turns(recording))
        return cls(header, tuple(turn for turn in bare if turn))

    def then(self, *turns: Raw) -> Sketch:
        """The same, and more."""
        return replace(self, turns=(*self.turns, *turns))

    def upto(self, at: int) -> Sketch:
        """The same before the turn ``at``."""
        return replace(self, turns=self.turns[:at])

    def under(self, fixtures: Raw) -> Sketch:
        """The same in another world; ``rules`` are added to those there are."""
        own = self.header.get("fixtures") or {}
        rules = {**own.get("rules", {}), **fixtures.get("rules", {})}
        both = {**own, **fixtures, **({"rules": rules} if rules else {})}
        return replace(self, header={**self.header, "fixtures": both})

    @property
    def cost(self) -> tuple[int, int]:
        """How little it is worth: actions that are told how to end, and its length."""
        return sum("acted" in turn for turn in self.turns), len(self.turns)

    def recording(self) -> Recording:
        """To be played.

        Raises:
            ExceptionGroup: of :class:`Finding`, it makes no sense.
            RecordingError: likewise.
        """
        data = {"title": "a suggestion", **self.header, "turns": list(self.turns)}
        return Recording.of(Path("suggestion.yml"), _BARE.keeping(data))

    def text(self, title: str) -> str:
        """The file, without answers but for silence, which is written."""
        header = {key: part for key, part in self.header.items() if key != "title"}
        yaml, out = YAML(), StringIO()
        yaml.width = 2**20
        yaml.indent(mapping=2, sequence=4, offset=2)
        whole = {"title": title, **header, "turns": [*self.turns]}
        yaml.dump({key: _written(part, within=0) for key, part in whole.items()}, out)
        return out.getvalue()


def _turns(recording: Recording) -> Iterator[Raw]:
    yield from recording.document.data["turns"]


def _written(part: Any, within: int) -> Any:
    """As a person would write it: texts of several lines as such, what is short on one line.

    Args:
        within: how deep it stands; the keys of the header and of turns have lines of their own.
    """
    match part:
        case str() if "\n" in part:
            return LiteralScalarString(part)
        case Mapping():
            node = CommentedMap({k: _written(value, within + 1) for k, value in part.items()})
            if within != 1:
                node.fa.set_flow_style()
            return node
        case list() | tuple():
            return [_written(value, within + 1) for value in part]
        case _:
            return part
