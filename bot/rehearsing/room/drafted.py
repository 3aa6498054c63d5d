"""Drafts as they were read last, so that what is typed is not read anew to be talked to."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from typing import Final

from bot.definitions import Definitions
from bot.dialogue.pictures import FOLDERS
from bot.dialogue.versions import LIVE, Files
from bot.dialogue.vocabulary import Vocabulary
from bot.drafting.checking import Checked, check, definitions_of
from bot.errors import AntreError, FlowError
from bot.settings import Flows
from nlu.known import vocabulary_of

KEPT: Final = 3
"""Drafts kept ready, some 30 MB each."""

_NAME: Final = re.compile(rf"(?:replies/)?[A-Za-z0-9_-]{{1,64}}\.yml|(?:{'|'.join(FOLDERS)})/[^/]+")


class Shelf:
    """Drafts by what is in them.

    Args:
        settings: whose folder has the offices, the code and the examples; they are the office's
            own, as they are now, and belong to no draft.
    """

    def __init__(self, settings: Flows, kept: int = KEPT) -> None:
        self._settings = settings
        self._kept = kept
        self._read: OrderedDict[str, Definitions | FlowError] = OrderedDict()

    def check(self, files: Files, drawn: str = "") -> Checked:
        """What is wrong with a draft; see :func:`bot.drafting.checking.check`.

        Raises:
            AntreError: one of its files has a name that no file of flows can have.
        """
        _refuse_strange(files)
        return check(files, self._settings, None, drawn, lambda *_: self.read(files))

    def read(self, files: Files) -> Definitions:
        """A draft as a bot would run on it.

        Raises:
            FlowError: it has mistakes.
            AntreError: as for :meth:`check`.
        """
        _refuse_strange(files)
        key = self._key(files)
        if key not in self._read:
            self._read[key] = self._definitions(files)
            while len(self._read) > self._kept:
                self._read.popitem(last=False)
        self._read.move_to_end(key)
        found = self._read[key]
        if isinstance(found, FlowError):
            raise found
        return found

    def _definitions(self, files: Files) -> Definitions | FlowError:
        vocabulary: Vocabulary | None = None
        try:
            vocabulary = vocabulary_of(self._settings.training)
        except FlowError as error:
            return error
        try:
            return definitions_of(files, self._settings, vocabulary)
        except FlowError as error:
            return error

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


def _refuse_strange(files: Files) -> None:
    """Nothing is written elsewhere than into the draft's own folder."""
    for name in files:
        if not _NAME.fullmatch(name):
            raise AntreError(f"{name}: no file of flows or replies is called so")
