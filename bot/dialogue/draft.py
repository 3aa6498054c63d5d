"""Files under ``flows/`` as far as they can be read, so that one mistake hides no other.

What cannot be read is not unknown: a name that stands in it may be defined there, so nobody is
told that it does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from bot.dialogue.basing import base_of, based
from bot.dialogue.flow import Flow, Shared, Slot, State
from bot.dialogue.pictures import Gallery
from bot.dialogue.replies import Replies
from bot.document import Document, Loc, text_of, without
from bot.errors import Finding
from bot.told import tell

P = TypeVar("P", Flow, Shared, Replies)

_WORD = re.compile(r"[a-z][a-z0-9_]*")
_OF_FLOWS = frozenset({"flow", "initial", "states"})
"""Keys that tell a flow from a file that flows include."""


@dataclass(frozen=True, slots=True)
class Known(Collection[str]):
    """Names that are there, and others that may be.

    Args:
        names: what is offered to somebody who wrote another.
        perhaps: what may stand in what could not be read; ``None``: anything may.
    """

    names: Collection[str]
    perhaps: Collection[str] | None = frozenset()

    def __contains__(self, name: object) -> bool:
        return self.perhaps is None or name in self.names or name in self.perhaps

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Draft(Generic[P]):
    """A file as far as it can be read.

    Args:
        part: what is right in it. Of a state or slot that is wrong the name is there, and what
            could be read.
        broken: the first two keys of every place that is wrong, ``("states", "welcome")``.
    """

    document: Document
    part: P
    broken: frozenset[tuple[str | int, ...]] = frozenset()

    def broken_in(self, section: str) -> frozenset[str]:
        """Names in a section, as ``states``, in which something is wrong."""
        names = (str(loc[1]) for loc in self.broken if loc[0] == section and len(loc) > 1)
        return frozenset(names)

    def is_broken(self, section: str) -> bool:
        """Whether something is wrong in a section."""
        return any(loc[0] == section for loc in self.broken)


@dataclass(slots=True)
class Drafts:
    """All files of a folder.

    Attributes:
        flows: by name.
        shared: files that flows include, by name.
        replies: by language.
        unread: words of the files that could not be read at all, by name; ``None`` when not even
            those are known.
        loose: words in whatever could not be read, files or parts of them.
        findings: what was wrong so far.
    """

    flows: dict[str, Draft[Flow]] = field(default_factory=dict)
    shared: dict[str, Draft[Shared]] = field(default_factory=dict)
    replies: dict[str, Draft[Replies]] = field(default_factory=dict)
    unread: dict[str, frozenset[str] | None] = field(default_factory=dict)
    unread_replies: dict[str, frozenset[str] | None] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def read_flows(self, paths: Iterable[Path]) -> None:
        """Read flows, one of which may be based on another, and files that flows include."""
        read = {path.stem: self._document(path, self.unread) for path in paths}
        documents = {name: document for name, document in read.items() if document}
        flows = {n: d for n, d in documents.items() if not _OF_FLOWS.isdisjoint(d.data)}
        for name, document in documents.items():
            if name not in flows:
                shared = self._salvaged(document, Shared, {})
                if shared:
                    self.shared[name] = shared
            elif whole := self._whole(document, flows):
                self._read_flow(name, whole)
            if name not in self.flows and name not in self.shared:
                self._leave(name, str(document.data), self.unread)

    def _whole(self, document: Document, flows: Mapping[str, Document]) -> Document | None:
        """A flow with what it takes from the one it is based on; ``None`` if that is not there."""
        if document.data.get("based_on") in self.unread:
            return None
        try:
            base = base_of(document, flows)
            return based(document, base) if base else document
        except Finding as finding:
            self.findings.append(finding)
            return None

    def _read_flow(self, name: str, document: Document) -> None:
        if flow := self._salvaged(document, Flow, _otherwise(name, document.data)):
            self.flows[name] = flow
            if flow.part.flow != name and ("flow",) not in flow.broken:
                message = tell("a flow is named like its file: write 'flow: {name}'", name=name)
                self.findings.append(document.finding(message, ("flow",)))

    def read_replies(self, language: str, path: Path, gallery: Gallery | None = None) -> None:
        """Read the replies of a language, which may show the pictures of a gallery."""
        document = self._document(path, self.unread_replies, language)
        if document is None:
            return
        first = next((draft.part for draft in self.replies.values()), None)
        whole, broken = document, {mistake.loc[:1] for mistake in document.mistakes}
        while True:
            try:
                replies = Replies(language, document, first, gallery)
            except* Finding as group:
                found = list(_leaves(group))
                if document is whole:  # later ones may only be what the cuts have led to
                    self.findings += found
                cuts = {each.loc[:1] for each in found if each.loc}
                broken |= cuts
                replies, before = None, document
                document = document.keeping(without(document.data, cuts))
            if replies is not None or document.data == before.data:
                break
        self.loose |= _words(str({k: v for k, v in whole.data.items() if (k,) in broken}))
        if replies is None:
            self._leave(language, str(whole.data), self.unread_replies)
        else:
            self.replies[language] = Draft(whole, replies, frozenset(broken))

    def _document(
        self, path: Path, unread: dict[str, frozenset[str] | None], name: str = ""
    ) -> Document | None:
        document, text = None, None
        typed = Document.typed(path)
        try:
            text = text_of(path, typed)
            document = Document.leniently(text, typed)
        except Finding as finding:
            self.findings.append(finding)
        if document:
            self.findings += document.mistakes
            if all(len(each.loc) > 1 for each in document.mistakes) or unread is not self.unread:
                return document
        if text is None and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
        self._leave(name or path.stem, text, unread)
        return None

    def _leave(self, name: str, text: str | None, unread: dict[str, frozenset[str] | None]) -> None:
        """Note a file that cannot be read, and what may be in it."""
        unread[name] = None if text is None else _words(text)
        self.loose |= unread[name] or frozenset()

    def _salvaged(
        self, document: Document, model: type[Any], otherwise: Mapping[str, Any]
    ) -> Draft[Any] | None:
        part, found = document.salvage(model, otherwise)
        self.findings += found
        if part is None:
            return None
        wrong = [each.loc for each in (*document.mistakes, *found)]
        broken = frozenset(tuple(loc[:2]) for loc in wrong)
        for loc in broken:
            self.loose |= _words(str(_at(document.data, loc)))
        return Draft(document, _with_names(part, document.data), broken)


def _otherwise(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What counts for the keys every flow needs, should they be wrong."""
    states = data.get("states")
    names = [each for each in states if isinstance(each, str)] if isinstance(states, dict) else []
    return {"flow": name, "initial": names[0] if names else name}


def _with_names(part: Any, data: Mapping[str, Any]) -> Any:
    """The part with an empty thing for each that was left out as a whole."""
    empty = {"states": State(), "slots": Slot(type="text"), "always": ()}
    update = {}
    for section, nothing in empty.items():
        written = data.get(section)
        if isinstance(written, dict) and hasattr(part, section):
            there = getattr(part, section)
            update[section] = {n: there.get(n, nothing) for n in written if isinstance(n, str)}
    return part.model_copy(update=update)


def _at(data: Any, loc: Loc) -> Any:
    for step in loc:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


def _leaves(group: BaseExceptionGroup[Finding]) -> Iterator[Finding]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
