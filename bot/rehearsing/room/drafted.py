"""A draft read as a bot would run on it: laid out in a folder of its own, checked, kept."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.checked import checked_definitions
from bot.definitions import Definitions, load_code
from bot.desk.room import Checked, Drawing
from bot.dialogue.checking import FlowCheck
from bot.dialogue.diagram.chart import chart_of
from bot.dialogue.diagram.svg import svg
from bot.dialogue.draft import Drafts
from bot.dialogue.flow import Flow
from bot.dialogue.pictures import FOLDERS, Gallery
from bot.dialogue.versions import LIVE, Files, lay_out
from bot.document import Document
from bot.errors import AntreError, Finding, FlowError, Place
from bot.settings import Flows

KEPT: Final = 3
"""Drafts kept ready, some 30 MB each."""

_NAME: Final = re.compile(r"(?:replies/)?[A-Za-z0-9_-]{1,64}\.yml")


@dataclass(slots=True)
class Drafted:
    """A draft that was read.

    Args:
        definitions: ``None`` while it has mistakes.
        findings: mistakes and warnings; the files' names are those of the draft.
    """

    settings: Flows
    folder: Path
    definitions: Definitions | None
    findings: tuple[Finding, ...]
    _drawn: dict[str, Drawing | None] = field(default_factory=dict)

    def checked(self, draw: str) -> Checked:
        """What there is to say of it, with the picture of the flow ``draw``."""
        version = self.definitions.flows.version if self.definitions else ""
        return Checked(self.findings, version, self._drawing(draw) if draw else None)

    def _drawing(self, name: str) -> Drawing | None:
        """The picture of a flow; ``None`` while there are mistakes in it, or no such flow."""
        if name not in self._drawn:
            flow = self._flow(name)
            self._drawn[name] = self._draw(name, flow) if flow else None
        return self._drawn[name]

    def _flow(self, name: str) -> Flow | None:
        """The flow, also while there are mistakes in others."""
        if self.definitions:
            return self.definitions.flows.flows.get(name)
        drafts = Drafts()
        drafts.read_flows(_flow_files(self.folder))
        if name not in drafts.flows or drafts.flows[name].broken:
            return None
        check = FlowCheck(drafts, load_code(self.settings).actions, {})
        return check.including(drafts.flows[name].part)

    def _draw(self, name: str, flow: Flow) -> Drawing | None:
        try:
            picture = svg(chart_of(flow))
        except KeyError:  # a transition leads to a state that is not there (yet)
            return None
        written = [Document.read(self.folder / f"{name}.yml", f"{name}.yml")]
        while base := written[-1].data.get("based_on"):
            written.append(Document.read(self.folder / f"{base}.yml", f"{base}.yml"))
        places = {
            state: document.place(("states", state))
            for document in reversed(written)
            for state in flow.states
            if document.has(("states", state))
        }
        return Drawing(picture, places)


class Shelf:
    """Drafts as they were read last, by what is in them.

    Args:
        settings: whose folder has the offices, the code and the examples; they are the office's
            own, as they are now, and belong to no draft.
    """

    def __init__(self, settings: Flows, kept: int = KEPT) -> None:
        self._settings = settings
        self._kept = kept
        self._read: OrderedDict[str, tuple[Drafted, TemporaryDirectory[str]]] = OrderedDict()

    def read(self, files: Files) -> Drafted:
        """Read a draft, unless it is here."""
        key = self._key(files)
        if key not in self._read:
            folder = TemporaryDirectory(prefix="draft-")
            self._read[key] = self._drafted(files, Path(folder.name)), folder
            while len(self._read) > self._kept:
                self._read.popitem(last=False)[1][1].cleanup()
        self._read.move_to_end(key)
        return self._read[key][0]

    def close(self) -> None:
        """Forget them all."""
        while self._read:
            self._read.popitem()[1][1].cleanup()

    def _key(self, files: Files) -> str:
        """A hash of all that decides what a draft comes to."""
        digest = hashlib.sha256()
        for name, text in sorted(files.items()):
            digest.update(f"{len(name)}:{len(text)}:{name}{text}".encode())
        settings = self._settings
        beside = [settings.folder / name for name in sorted(LIVE)]
        for path in [*beside, *settings.code, *sorted(settings.training.glob("**/*.yml"))]:
            stat = path.stat() if path.is_file() else None
            digest.update(f"{path} {(stat.st_mtime_ns, stat.st_size) if stat else ''}".encode())
        return digest.hexdigest()

    def _drafted(self, files: Files, folder: Path) -> Drafted:
        strange = [
            Finding("no file of flows or replies is called so", Place(name))
            for name in files
            if name.partition("/")[0] not in FOLDERS and not _NAME.fullmatch(name)
        ]
        known = {name: text for name, text in files.items() if name not in LIVE}
        lay_out({n: t for n, t in known.items() if _NAME.fullmatch(n)}, folder)
        for name in LIVE:
            shutil.copy(self._settings.folder / name, folder)
        settings = self._settings.model_copy(update={"folder": folder})
        definitions: Definitions | None = None
        findings: Iterable[Finding]
        try:
            definitions = checked_definitions(settings, gallery=Gallery.of_files(known))
            findings = definitions.flows.warnings
        except FlowError as error:
            findings = error.findings
        except AntreError as error:
            findings = [Finding(str(error), Place(""))]
        told = (*strange, *_in_draft(findings, folder))
        return Drafted(settings, folder, None if strange else definitions, told)


def _in_draft(findings: Iterable[Finding], folder: Path) -> Iterator[Finding]:
    """The findings with the names files have in the draft."""
    here = f"{folder}/"
    for each in findings:
        place = Place(each.place.file.removeprefix(here), each.place.line, each.place.column)
        message = each.message.replace(here, "")
        yield Finding(message, place, each.loc, warning=each.warning)


def _flow_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.yml")) if path.name not in LIVE]
