"""Changes of drafts, each made to whatever revision there is: of two editors nobody overwrites the
other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.desk.drafts import Draft, DraftStore
from bot.dialogue.versions import LIVE
from bot.drafting.texts import FLOW_FILE, NEW_FLOW, digest_of, editable, tidy, title_of
from bot.drafting.troubles import NoDraft, SavedMeanwhile
from bot.recordings import KeptRecording

TRIES: Final = 5
"""Times that a change is made anew because somebody saved another file of the draft meanwhile."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft before and after it was saved."""

    before: Draft
    after: Draft


class Edits:
    """What editors change in the drafts of one store."""

    def __init__(self, drafts: DraftStore) -> None:
        self._drafts = drafts

    async def load(self, draft_id: str) -> Draft:
        """A draft.

        Raises:
            NoDraft: there is none.
        """
        draft = await self._drafts.load(draft_id)
        if draft is None:
            raise NoDraft(f"no draft {draft_id}")
        return draft

    async def save_text(
        self, draft_id: str, name: str, text: str, was: str, author: str, now: datetime
    ) -> Saved:
        """Save one file; what others do to other files meanwhile stays.

        Args:
            was: :func:`digest_of` the text that was changed.

        Raises:
            NoDraft: draft or file are not there any more.
            SavedMeanwhile: the file is another by now.
            DraftTooLarge: nothing is saved.
        """
        text = tidy(text)

        def change(draft: Draft) -> Draft:
            there = draft.files.get(name)
            if there is None or name not in editable(draft.files):
                raise NoDraft(f"no file {name} in the draft")
            if digest_of(there) != was and there != text:
                raise SavedMeanwhile(draft)
            return replace(draft, files={**draft.files, name: text})

        return await self._saved(draft_id, change, author, now)

    async def add_flow(self, draft_id: str, name: str, author: str, now: datetime) -> Draft:
        """Add a flow file with the least it needs.

        Raises:
            ValueError: no flow can be called so, or there is one.
        """

        def change(draft: Draft) -> Draft:
            if not FLOW_FILE.fullmatch(name) or name in LIVE or name in draft.files:
                raise ValueError(name)
            include = "include: common\n" if "common.yml" in draft.files else ""
            text = NEW_FLOW.format(name=name.removesuffix(".yml"), include=include)
            return replace(draft, files={**draft.files, name: text})

        return await self._changed(draft_id, change, author, now)

    async def delete_flow(self, draft_id: str, name: str, author: str, now: datetime) -> Draft:
        """Delete a flow file.

        Raises:
            NoDraft: it is not there any more.
        """

        def change(draft: Draft) -> Draft:
            if name not in draft.files or not FLOW_FILE.fullmatch(name):
                raise NoDraft(f"no flow {name} in the draft")
            return replace(draft, files={n: t for n, t in draft.files.items() if n != name})

        return await self._changed(draft_id, change, author, now)

    async def save_recordings(
        self, draft_id: str, texts: Mapping[str, str | None], author: str, now: datetime
    ) -> Draft:
        """Have a draft bring recordings.

        Args:
            texts: by path; ``None`` leaves the one that counts already, an empty one takes it away.

        Raises:
            AntreError: no recording can be called so.
            DraftTooLarge: nothing is saved.
        """
        for path, text in texts.items():
            KeptRecording(path, text or "", author, now)  # which refuses what cannot be kept

        def change(draft: Draft) -> Draft:
            changed = {**draft.recordings, **texts}
            kept = {path: text for path, text in changed.items() if text is not None}
            return replace(draft, recordings=kept)

        return await self._changed(draft_id, change, author, now)

    async def rename(self, draft_id: str, title: str, author: str, now: datetime) -> Draft:
        """Call a draft something else."""
        return await self._changed(
            draft_id, lambda draft: replace(draft, title=title_of(title)), author, now
        )

    async def _changed(
        self, draft_id: str, change: Callable[[Draft], Draft], author: str, now: datetime
    ) -> Draft:
        return (await self._saved(draft_id, change, author, now)).after

    async def _saved(
        self, draft_id: str, change: Callable[[Draft], Draft], author: str, now: datetime
    ) -> Saved:
        """Make a change to whatever revision there is, until nobody is quicker."""
        for _ in range(TRIES):
            draft = await self.load(draft_id)
            done = replace(change(draft), saved_by=author, saved_at=now)
            if await self._drafts.save(done):
                return Saved(draft, replace(done, revision=done.revision + 1))
        raise SavedMeanwhile(await self.load(draft_id))
