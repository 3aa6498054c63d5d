"""The flows a bot runs on: those that count now, and older ones that conversations began with.

What was published last counts; before anything is, the folder does, and every save in it. A
conversation stays on a published version for its episode, on any process, until it has ended.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.acting import Acting
from bot.booking.days import CalendarStore, OfficeDays, laid_over
from bot.booking.office import Offices
from bot.definitions import Definitions, load_definitions, load_published
from bot.dialogue.checking import RESTARTED
from bot.dialogue.conversation import Conversation
from bot.dialogue.decision import Saying
from bot.dialogue.migration import begun_again, has_ended, migrated
from bot.dialogue.pictures import FOLDERS
from bot.dialogue.store import Contact
from bot.dialogue.versions import Files, Publication, VersionStore, files_in
from bot.errors import AntreError, StorageUnavailable
from bot.settings import Flows
from bot.venue import Placed, Venue

log = structlog.get_logger()

KEPT = 8
"""Older versions a process keeps ready; others are read again when somebody needs them."""

LOOK_SECONDS = 0.2
"""How often the folder is looked at."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was looked at last: the files and the code, the publication, the changed days."""

    stamp: object
    publication: Publication | None
    days: Sequence[OfficeDays] = ()


class Library:
    """Gives each turn its flows.

    Args:
        definitions: what counts until :meth:`refresh` finds something else.
        versions: what was published.
        acting: makes the part of a turn that decides and acts on some definitions.
        settings: where the definitions were read; ``None`` when they never change.
        calendar: the days staff changed; laid over the offices of the definitions.
        kept: older versions kept ready.
        read: reads what the folder has, or on top of its offices and code what was published.
    """

    def __init__(
        self,
        definitions: Definitions,
        versions: VersionStore,
        acting: Callable[[Definitions], Acting],
        settings: Flows | None = None,
        calendar: CalendarStore | None = None,
        kept: int = KEPT,
        read: Callable[[Flows, Files | None], Definitions] = load_definitions,
    ) -> None:
        self.current = definitions
        self._base = definitions
        self._calendar = calendar
        self.acting = acting(definitions)
        self.versions = versions
        self._acting_on = acting
        self._settings = settings
        self._kept = kept
        self._reads = read
        self._older: OrderedDict[str, Definitions | None] = OrderedDict()
        self._loading = asyncio.Lock()
        self._pictures: set[str] = set()
        self._seen = _Seen(_stamp(settings) if settings else None, None)

    @property
    def written_offices(self) -> Offices:
        """The offices as they are written, without the days staff changed."""
        return self._base.offices

    def venue_of(self, contact: Contact) -> Venue:
        """The office a contact talks to, as it is now."""
        return self.current.venue_of(contact)

    async def place(self, conversation: Conversation, root: str) -> Placed:
        """The flows a conversation goes on with; see :class:`bot.venue.Shelf`."""
        if not conversation.frames or conversation.version == self.current.flows.version:
            return Placed(self.acting, _rooted(conversation, root))
        older = await self._older_version(conversation.version)
        if older is self.current:
            return Placed(self.acting, _rooted(conversation, root))
        ended = older is not None and has_ended(conversation, older.flows.flows)
        if older is not None and not ended:
            here = replace(older, offices=self.current.offices)
            return Placed(self._acting_on(here).until_restart(self.acting, root), conversation)
        flows = self.current.flows
        conversation = replace(conversation, root=root, version=flows.version)
        if moved := migrated(conversation, flows.flows):
            return Placed(self.acting, moved)
        if ended:
            return Placed(self.acting, replace(conversation, frames=(), slots={}))
        says: tuple[Saying, ...] = ()
        if RESTARTED in (replies := flows.replies_in(conversation.language)):
            says = (Saying(RESTARTED, replies, {}),)
        log.warning("conversation_restarted", version=conversation.version)
        return Placed(self.acting, begun_again(conversation, flows.flows), lost=True, says=says)

    async def files_of(self, version: str) -> Files | None:
        """The texts of a version: of one that was published, or the folder's while they count."""
        files = await self.versions.files(version)
        if files is None and self._settings and version == self.current.flows.version:
            settings = self._settings
            return await asyncio.to_thread(files_in, settings.folder, settings.languages)
        return files

    async def watch(self, pause: timedelta) -> None:
        """Follow edits and publications for ever; cancel to stop.

        Args:
            pause: between two looks at what is published; the folder is looked at oftener.
        """
        loop = asyncio.get_running_loop()
        ask_at = loop.time()
        while True:
            if loop.time() >= ask_at:
                ask_at = loop.time() + pause.total_seconds()
                await _logged(self.refresh)
            elif await self._edited():
                await _logged(self.refresh)
            await asyncio.sleep(min(LOOK_SECONDS, pause.total_seconds()))

    async def refresh(self) -> None:
        """Switch to what counts now; what cannot be used is refused, and everything stays.

        Raises:
            StorageUnavailable: what is published cannot be asked for, or a picture be kept.
        """
        async with self._loading:
            await self._keep_pictures(self._base)
            seen = await self._look()
            if seen == self._seen:
                return
            base = self._base
            if self._settings and replace(seen, days=()) != replace(self._seen, days=()):
                try:
                    base = await self._read(self._settings, seen)
                except StorageUnavailable:
                    raise
                except AntreError as error:
                    version = self.current.flows.version
                    log.error("flows_refused", alarm=True, serving=version, findings=str(error))
                else:
                    await self._keep_pictures(base)
            self._switch_to(base, seen.days)
            self._seen = seen

    async def _keep_pictures(self, definitions: Definitions) -> None:
        """Put the folder's files where every process finds them, before a reply brings one."""
        for sha256, content in definitions.flows.gallery.contents.items():
            if sha256 not in self._pictures:
                await self.versions.keep_picture(sha256, content)
                self._pictures.add(sha256)

    async def _look(self) -> _Seen:
        """What counts now, unread."""
        days = tuple(await self._calendar.all()) if self._calendar else ()
        before = self._seen.publication
        if self._settings is None:
            return replace(self._seen, days=days)
        stamp = await asyncio.to_thread(_stamp, self._settings)
        newer = await self.versions.newest(before.number if before else 0)
        return _Seen(stamp, newer or before, days)

    async def _read(self, settings: Flows, seen: _Seen) -> Definitions:
        if seen.publication is None:
            return await asyncio.to_thread(self._reads, settings, None)
        version = seen.publication.version
        files = await self.versions.files(version)
        definitions = await asyncio.to_thread(self._reads, settings, files)
        return replace(definitions, flows=replace(definitions.flows, version=version))

    def _switch_to(self, base: Definitions, days: Sequence[OfficeDays]) -> None:
        if base is self._base and days == self._seen.days:
            return
        old, before = self.current, self._seen.publication
        definitions = replace(base, offices=laid_over(base.offices, days))
        self._base, self.current = base, definitions
        self.acting = self._acting_on(definitions)
        if old.flows.version == definitions.flows.version:
            return
        log.info("flows_switched", version=definitions.flows.version)
        for warning in definitions.flows.warnings:
            log.warning("flows_warning", finding=str(warning))
        if before and before.version == old.flows.version:  # what only the folder had is not kept
            self._keep(before.version, old)

    async def _older_version(self, version: str) -> Definitions | None:
        """A version that was published, ready to run; ``None`` when it cannot be had."""
        if version not in self._older:
            await self.refresh()  # perhaps it is newer, and this process has not heard of it yet
            async with self._loading:
                if version == self.current.flows.version:
                    return self.current
                if version not in self._older:
                    await self._load_older(version)
        if version not in self._older:
            return None
        self._older.move_to_end(version)
        return self._older[version]

    async def _load_older(self, version: str) -> None:
        files = await self.versions.files(version)
        if files is None or self._settings is None:
            return
        languages, code = self._settings.languages, self.current.code
        try:
            flows = await asyncio.to_thread(load_published, files, languages, code)
        except AntreError as error:
            log.error("version_unusable", alarm=True, version=version, findings=str(error))
            self._keep(version, None)
        else:
            self._keep(version, replace(self.current, flows=replace(flows, version=version)))

    def _keep(self, version: str, definitions: Definitions | None) -> None:
        self._older[version] = definitions
        self._older.move_to_end(version)
        while len(self._older) > self._kept:
            self._older.popitem(last=False)

    async def _edited(self) -> bool:
        if self._settings is None:
            return False
        return await asyncio.to_thread(_stamp, self._settings) != self._seen.stamp


async def _logged(refresh: Callable[[], Awaitable[None]]) -> None:
    """Refresh; whatever goes wrong, look again next time."""
    try:
        await refresh()
    except StorageUnavailable as error:
        log.warning("flows_not_refreshed", reason=str(error))
    except Exception:
        log.exception("flows_not_refreshed", alarm=True)


def _stamp(settings: Flows) -> object:
    """Something that changes with every save in the folder, of the project's code and examples."""
    found, folder = [], settings.folder
    written = [*folder.glob("*.yml"), *folder.glob("replies/*.yml")]
    written += [path for kind in FOLDERS for path in folder.glob(f"{kind}/*")]
    for path in sorted([*written, *settings.code, *settings.training.glob("**/*.yml")]):
        try:
            stat = path.stat()
        except FileNotFoundError:  # an editor puts another file in its place
            continue
        found.append((path, stat.st_mtime_ns, stat.st_size))
    return found


def _rooted(conversation: Conversation, root: str) -> Conversation:
    """The conversation, its next episode beginning in ``root``."""
    return conversation if conversation.root == root else replace(conversation, root=root)
