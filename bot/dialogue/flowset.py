"""A folder of flows and replies, read, checked and made ready: what the engine runs on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.dialogue.actions import Action
from bot.dialogue.checking import FlowCheck
from bot.dialogue.flow import Flow, Shared
from bot.dialogue.machine import FlowMachine, machine_of
from bot.dialogue.replies import Replies
from bot.dialogue.saying import Stage, reply_findings
from bot.dialogue.slot_type import SlotType, shipped_types
from bot.document import Document
from bot.errors import Finding, FlowError

NOT_FLOWS = frozenset({"offices.yml"})
"""Files in the folder that are not flows."""


@dataclass(frozen=True, slots=True)
class FlowSet:
    """Flows and replies that belong together.

    Args:
        version: content hash of all files, 12 hex digits.
        flows: by name, includes resolved.
        machines: by flow name.
        replies: by language, the first one is the fallback.
        slots: every slot a flow declares or an action gives; replies may name them before they
            are filled.
        slot_types: what slots may be, by name.
        warnings: findings that refuse nothing.
    """

    version: str
    flows: Mapping[str, Flow]
    machines: Mapping[str, FlowMachine]
    replies: Mapping[str, Replies]
    slots: frozenset[str]
    slot_types: Mapping[str, SlotType] = field(default_factory=shipped_types)
    warnings: tuple[Finding, ...] = ()

    def replies_in(self, language: str) -> Replies:
        """The replies of a language, or of the fallback when it is no longer spoken."""
        return self.replies.get(language) or next(iter(self.replies.values()))


def load_flows(
    folder: Path,
    languages: Iterable[str],
    actions: Mapping[str, Action],
    slot_types: Mapping[str, SlotType] | None = None,
    *,
    shape: bool = True,
    stage: Stage | None = None,
) -> FlowSet:
    """Read all flows and replies of a folder.

    Args:
        languages: each needs ``replies/LANGUAGE.yml``; the first is the fallback.
        actions: what ``do`` may name.
        slot_types: what slots may be; those every bot has if not given.
        shape: refuse also what the engine can run and nobody can want: states nothing leads to
            or out of, slots nothing uses, replies that speak of what is not known yet.
        stage: where replies are said; they are measured for it, if ``shape`` is looked at.

    Raises:
        FlowError: with every finding of every file; names are followed once all can be read.
    """
    types = shipped_types() if slot_types is None else slot_types
    reading = _Reading()
    for path in sorted(folder.glob("*.yml")):
        if path.name not in NOT_FLOWS:
            reading.flow(path)
    for language in languages:
        reading.replies_of(language, folder / "replies" / f"{language}.yml")
    if reading.findings:
        raise FlowError(reading.findings)
    check = FlowCheck(
        reading.documents, reading.shared, reading.flows, reading.replies, actions, types
    )
    findings = check.findings()
    if shape and all(finding.warning for finding in findings):
        findings += check.shape()
        findings += reply_findings(
            check.names.flows, reading.replies, actions, types, check.slots, stage
        )
    if not all(finding.warning for finding in findings):
        raise FlowError(findings)
    flows = {name: check.including(flow) for name, flow in reading.flows.items()}
    machines = {name: machine_of(flow) for name, flow in flows.items()}
    version = reading.digest.hexdigest()[:12]
    return FlowSet(version, flows, machines, reading.replies, check.slots, types, tuple(findings))


_OF_FLOWS = frozenset({"flow", "initial", "states"})
"""Keys that tell a flow from a file that flows include."""


class _Reading:
    """Files read so far, and what was wrong with them."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.digest = hashlib.sha256()
        self.documents: dict[str, Document] = {}
        self.shared: dict[str, Shared] = {}
        self.flows: dict[str, Flow] = {}
        self.replies: dict[str, Replies] = {}

    def flow(self, path: Path) -> None:
        with self._noting():
            document = self.documents[path.stem] = self._read(path)
            if _OF_FLOWS.isdisjoint(document.data):
                self.shared[path.stem] = document.validate(Shared)
                return
            flow = self.flows[path.stem] = document.validate(Flow)
            if flow.flow != path.stem:
                message = f"a flow is named like its file: write 'flow: {path.stem}'"
                raise document.finding(message, ("flow",))

    def replies_of(self, language: str, path: Path) -> None:
        with self._noting():
            first = next(iter(self.replies.values()), None)
            self.replies[language] = Replies(language, self._read(path), first)

    def _read(self, path: Path) -> Document:
        document = Document.read(path)
        self.digest.update(path.name.encode() + path.read_bytes())
        return document

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except* Finding as group:
            self.findings += _leaves(group)


def _leaves(group: BaseExceptionGroup[Finding]) -> Iterator[Finding]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
