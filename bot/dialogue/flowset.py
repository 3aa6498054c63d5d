"""A folder of flows and replies, read, checked and made ready: what the engine runs on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.dialogue.actions import Action
from bot.dialogue.checking import FlowCheck
from bot.dialogue.draft import Drafts
from bot.dialogue.filling import entity_of
from bot.dialogue.flow import Flow
from bot.dialogue.hearing import hearing_findings
from bot.dialogue.pictures import DOCUMENTS, PICTURES, Gallery
from bot.dialogue.replies import Replies
from bot.dialogue.saying import Stage, reply_findings
from bot.dialogue.slot_type import SlotType, shipped_types
from bot.dialogue.trace import Move
from bot.dialogue.vocabulary import Vocabulary
from bot.dialogue.ways import Machine, ways_of
from bot.document import Document
from bot.errors import Finding, FlowError, Place
from bot.told import tell

NOT_FLOWS = frozenset({"offices.yml"})
"""Files in the folder that are not flows."""


@dataclass(frozen=True)
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
        gallery: the files replies may bring.
        watch: told what each decision went through; nobody is, unless coverage is asked for.
    """

    version: str
    flows: Mapping[str, Flow]
    machines: Mapping[str, Machine]
    replies: Mapping[str, Replies]
    slots: frozenset[str]
    slot_types: Mapping[str, SlotType] = field(default_factory=shipped_types)
    warnings: tuple[Finding, ...] = ()
    gallery: Gallery = field(default_factory=Gallery)
    watch: Callable[[Iterable[Move]], None] | None = None

    def replies_in(self, language: str) -> Replies:
        """The replies of a language, or of the fallback when it is no longer spoken."""
        return self.replies.get(language) or next(iter(self.replies.values()))

    @cached_property
    def unfilled(self) -> Mapping[str, None]:
        """Every slot, with nothing in it."""
        return dict.fromkeys(self.slots)

    @cached_property
    def entities(self) -> Mapping[str, Mapping[str, str]]:
        """By flow and slot, the type of the entity that fills it."""
        return {
            name: {
                slot: entity_of(slot, each, self.slot_types) for slot, each in flow.slots.items()
            }
            for name, flow in self.flows.items()
        }


def load_flows(
    folder: Path,
    languages: Iterable[str],
    actions: Mapping[str, Action],
    slot_types: Mapping[str, SlotType] | None = None,
    *,
    vocabulary: Vocabulary | None = None,
    unread_code: frozenset[str] = frozenset(),
    shape: bool = True,
    stage: Stage | None = None,
    gallery: Gallery | None = None,
) -> FlowSet:
    """Read all flows and replies of a folder.

    Args:
        languages: each needs ``replies/LANGUAGE.yml``; the first is the fallback.
        actions: what ``do`` may name.
        slot_types: what slots may be; those every bot has if not given.
        vocabulary: what messages are understood as; intents and entities are checked if given.
        unread_code: words of Python files that could not be imported; no name that stands in them
            is complained of.
        shape: refuse also what the engine can run and nobody can want: states nothing leads to
            or out of, slots nothing uses, guards that never hold, replies that speak of what is
            not known yet.
        stage: where replies are said; they are measured for it, if ``shape`` is looked at.
        gallery: files replies may bring; those of the folder if not given.

    Raises:
        FlowError: with every finding of every file. What cannot be read hides nothing else, and
            is no reason to complain of anything else.
    """
    types = shipped_types() if slot_types is None else slot_types
    drafts, digest = Drafts(), hashlib.sha256()
    paths = [path for path in sorted(folder.glob("*.yml")) if path.name not in NOT_FLOWS]
    gallery = Gallery.of_folder(folder) if gallery is None else gallery
    drafts.read_flows(paths)
    for path in paths:
        _digested(digest, path)
    for language in languages:
        path = folder / "replies" / f"{language}.yml"
        drafts.read_replies(language, path, gallery)
        _digested(digest, path)
    for path_of_file, sha256 in gallery:
        digest.update(f"{path_of_file} {sha256}".encode())
    check = FlowCheck(drafts, actions, types, unread_code)
    findings = [*drafts.findings, *check.findings(), *_passed_over(folder)]
    slots = frozenset(check.slots)
    whole = all(finding.warning for finding in findings)
    replies = {language: draft.part for language, draft in drafts.replies.items()}
    if shape:
        findings += check.shape()
        if vocabulary:
            findings += hearing_findings(drafts, check.names, vocabulary)
        if whole:
            findings += reply_findings(check.names.flows, replies, actions, types, slots, stage)
            findings += _unshown(folder, gallery, replies.values())
    if not all(finding.warning for finding in findings):
        raise FlowError(findings)
    flows = check.names.flows
    machines = {name: ways_of(flow) for name, flow in flows.items()}
    version = digest.hexdigest()[:12]
    return FlowSet(version, flows, machines, replies, slots, types, tuple(findings), gallery)


def _passed_over(folder: Path) -> Iterator[Finding]:
    """Files that staff mean as flows or replies, and that nobody reads by that name."""
    for path in sorted([*folder.glob("*"), *folder.glob("replies/*")]):
        if path.suffix.lower() in {".yaml", ".yml"} and path.suffix != ".yml":
            message = tell(
                "nobody reads a file of this name; call it '{name}'",
                name=path.with_suffix(".yml").name,
            )
            yield Finding(message, Place(Document.typed(path), 1, 1))


def _unshown(folder: Path, gallery: Gallery, replies: Iterable[Replies]) -> Iterator[Finding]:
    """Files that no reply brings and every publication would carry."""
    sentences = [each for language in replies for each in language.sentences.values()]
    brought = {f"{PICTURES}/{each.picture}" for each in sentences}
    brought |= {f"{DOCUMENTS}/{each.document}" for each in sentences}
    for path, _ in gallery:
        if path not in brought:
            message = (
                tell("no reply shows this picture; delete it")
                if path.startswith(PICTURES)
                else tell("no reply brings this document; delete it")
            )
            place = Place(Document.typed(folder / path))
            yield Finding(message, place, warning=True)


def _digested(digest: hashlib._Hash, path: Path) -> None:
    if path.is_file():
        digest.update(path.name.encode() + path.read_bytes())
