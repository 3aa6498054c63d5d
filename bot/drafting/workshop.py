"""What editors do with drafts: begin one, compare it, publish it, and take that back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeAlias

import structlog

from bot.desk.drafts import Draft, DraftStore, new_draft_id
from bot.dialogue.pictures import Gallery
from bot.dialogue.versions import Files, Publication, VersionStore, files_in
from bot.drafting.checking import Checked, Found
from bot.drafting.completing import Lexicon, Offer, complete
from bot.drafting.edits import Edits
from bot.drafting.merging import Merged, merge
from bot.drafting.open_count import OpenCount
from bot.drafting.texts import title_of
from bot.drafting.troubles import NoDraft, NotPublishable, SavedMeanwhile
from bot.errors import StorageUnavailable
from bot.publishing import PublishedMeanwhile, files_of, publish_texts, roll_back
from bot.recordings import KeptRecording, RecordingStore, overlaid, paths_for, texts_in
from bot.settings import Flows

log = structlog.get_logger(__name__)


class Checks(Protocol):
    """Looks at drafts, in a process beside the one that serves."""

    async def check(self, files: Files, *, drawn: str = "", key: str = "") -> Checked:
        """What is wrong with a draft.

        Args:
            drawn: the file whose flow is drawn.
            key: whoever asks again under it has no use for the earlier answer.

        Raises:
            AntreError: nothing can be said of it, or a newer question has come.
        """
        ...


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What a draft is compared with.

    Args:
        newest: what counts; ``None`` when nothing is published.
        published: its files; the folder's when nothing is.
        behind: whether something else was published since the draft began.
    """

    newest: Publication | None
    published: Files
    behind: bool

    @property
    def number(self) -> int:
        """Of what counts; 0 when nothing is published."""
        return self.newest.number if self.newest else 0


Objections: TypeAlias = Callable[
    [Draft, Mapping[str, str], Collection[str]], Awaitable[Sequence[str]]
]
"""What speaks against publishing a draft, with the recordings that count over the folder's, where
something must agree first: what of :data:`bot.settings.REPLAYED` must.
"""


class Workshop:
    """Drafts and publications of one bot.

    Args:
        serving: the version that counts now in this process.
        recordings: that editors keep; those a draft brings are put there when it is published.
        refresh: has this process look at once at what is published.
        words: what the bot knows besides its flows, for who types.
        objections: what else speaks against publishing a draft that has no mistakes, in a few
            words each; asked where the settings say what must be replayed.
    """

    def __init__(
        self,
        *,
        versions: VersionStore,
        drafts: DraftStore,
        settings: Flows,
        checks: Checks,
        open_on: OpenCount,
        serving: Callable[[], str],
        refresh: Callable[[], Awaitable[None]],
        recordings: RecordingStore,
        objections: Objections,
        words: Callable[[], Awaitable[Lexicon]],
    ) -> None:
        self.versions = versions
        self.drafts = drafts
        self.edits = Edits(drafts)
        self.settings = settings
        self.checks = checks
        self.open_on = open_on
        self.recordings = recordings
        self._serving = serving
        self._refresh = refresh
        self._objections = objections
        self._words = words

    async def begin(self, title: str, author: str, now: datetime, source: str = "") -> Draft:
        """A new draft.

        Args:
            source: the number of a publication; what counts now if empty, and the folder if
                nothing is published.

        Raises:
            AntreError: nobody published that, or its files are gone.
        """
        newest = await self.versions.newest()
        if source:
            history = await self.versions.history()
            version = next((each.version for each in history if str(each.number) == source), None)
            if version is None:
                raise NoDraft(f"nobody published number {source}")
            files = await files_of(self.versions, version)
        else:
            files = await self._published(newest)
        draft = Draft(
            new_draft_id(),
            title_of(title),
            author,
            newest.version if newest else self._serving(),
            saved_by=author,
            saved_at=now,
            files=files,
        )
        await self.drafts.save(draft)
        return replace(draft, revision=1)

    async def over(self, draft: Draft) -> dict[str, str]:
        """The recordings that count with a draft over those of the folder, by path: what is kept,
        and over it what the draft brings.
        """
        kept = {each.path: each.text for each in await self.recordings.all()}
        return {**kept, **draft.recordings}

    async def recording_texts(
        self, paths: Sequence[str], over: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Recordings as they count, by path; those that are not there are left out."""
        folder = self.settings.recordings
        texts = await asyncio.to_thread(texts_in, folder) if set(paths) - over.keys() else {}
        counting = overlaid(texts, over)
        return {path: counting[path] for path in paths if path in counting}

    async def add_recording(
        self, draft_id: str, name: str, text: str, author: str, now: datetime
    ) -> str:
        """Have a draft bring a new recording; its path.

        Args:
            name: what it is called, in words.
        """
        taken = await self.over(await self.edits.load(draft_id))
        folder = self.settings.recordings
        path = next(
            each for each in paths_for(name) if each not in taken and not (folder / each).exists()
        )
        await self.edits.save_recordings(draft_id, {path: text}, author, now)
        return path

    async def delete_recording(self, draft_id: str, path: str, author: str, now: datetime) -> bool:
        """Have a draft take a recording away when it is published; one that the draft alone brings
        is gone at once. ``False`` when there is none.
        """
        draft = await self.edits.load(draft_id)
        if not (await self.recording_texts([path], await self.over(draft))):
            return False
        without = replace(draft, recordings={})
        stays = await self.recording_texts([path], await self.over(without))
        await self.edits.save_recordings(draft_id, {path: "" if stays else None}, author, now)
        return True

    async def offers(self, files: Files, name: str, line: int, column: int) -> Offer:
        """What may be typed at a line and column of a file, both 1-based."""
        return complete(files, name, line, column, await self._words())

    async def referring(self, draft: Draft, name: str) -> Sequence[Found]:
        """What would be wrong with a draft without one of its files, and is not now."""
        without = {other: text for other, text in draft.files.items() if other != name}
        now = await self.checks.check(draft.files)
        then = await self.checks.check(without)
        known = {(each.file, each.message) for each in now.findings}
        return [each for each in then.findings if (each.file, each.message) not in known]

    async def standpoint(self, draft: Draft) -> Standpoint:
        """What a draft is compared with before it is published."""
        newest = await self.versions.newest()
        behind = newest is not None and newest.version != draft.base
        return Standpoint(newest, await self._published(newest), behind)

    async def merged(self, draft: Draft, there: Standpoint) -> Merged:
        """What becomes of a draft that begins anew from what is published."""
        base = await self.versions.files(draft.base)
        if base is None:  # it began from the folder
            base = await self._folder()
        return merge(base, draft.files, there.published)

    async def renew(self, draft_id: str, author: str, now: datetime) -> Merged:
        """Lay a draft's changes over what is published by now; see :mod:`bot.drafting.merging`.

        Raises:
            SavedMeanwhile: somebody saved the draft while this was done.
        """
        draft = await self.edits.load(draft_id)
        there = await self.standpoint(draft)
        merged = await self.merged(draft, there)
        base = there.newest.version if there.newest else draft.base
        renewed = replace(draft, files=merged.files, base=base, saved_by=author, saved_at=now)
        if not await self.drafts.save(renewed):
            raise SavedMeanwhile(await self.edits.load(draft_id))
        return merged

    async def objections(self, draft: Draft) -> Sequence[str]:
        """What must be replayed and was not, or differs; none where nothing must be."""
        required = self.settings.publish_requires
        return await self._objections(draft, await self.over(draft), required) if required else ()

    async def publish(
        self,
        draft: Draft,
        *,
        author: str,
        note: str,
        now: datetime,
        over: int,
        force: bool = False,
    ) -> Publication:
        """Publish a draft as it was shown, and delete it.

        Args:
            over: the number of the publication it was compared with.
            force: pass over the objections; they are kept in the history.

        Raises:
            NotPublishable: it has mistakes, or something speaks against it and is not passed over.
            PublishedMeanwhile: it was compared with what counts no more.
            AlreadyPublished: nothing differs from what counts.
        """
        checked = await self.checks.check(draft.files)
        if not checked.is_right:
            raise NotPublishable(checked)
        newest = await self.versions.newest()
        if newest and newest.version not in (draft.base, checked.version):
            raise PublishedMeanwhile(newest)
        told = await self.objections(draft)
        if told and not force:
            raise NotPublishable(objections=told)
        about = Publication(0, checked.version, author, note, now, "; ".join(told))
        # Recordings first: who dies in between publishes the draft, which is still there, again;
        # the other way round it would be what is published already, and they would be lost.
        await self.recordings.put(
            KeptRecording(path, text, author, now, note) for path, text in draft.recordings.items()
        )
        done = await publish_texts(self.versions, draft.files, about, over)
        await self.drafts.delete(draft.id, draft.revision)
        await self._follow()
        return done

    async def roll_back(
        self, number: int, *, author: str, note: str, now: datetime, over: int
    ) -> Publication:
        """Publish again what was published under a number.

        Raises:
            AntreError: as :func:`bot.publishing.roll_back` says.
        """
        done = await roll_back(
            self.versions,
            self.settings,
            str(number),
            author=author,
            note=note,
            now=now,
            over=over,
        )
        await self._follow()
        return done

    async def _follow(self) -> None:
        """Have this process follow at once; others do when they look next."""
        try:
            await self._refresh()
        except StorageUnavailable as down:
            log.warning("flows_not_followed_at_once", reason=str(down))

    async def _published(self, newest: Publication | None) -> Files:
        if newest is None:
            return await self._folder()
        return await files_of(self.versions, newest.version)

    async def _folder(self) -> Files:
        """What stands in the folder; its pictures are kept for whoever publishes it."""
        folder, languages = self.settings.folder, self.settings.languages
        gallery = await asyncio.to_thread(Gallery.of_folder, folder)
        for sha, content in gallery.contents.items():
            await self.versions.keep_picture(sha, content)
        return await asyncio.to_thread(files_in, folder, languages, gallery)
