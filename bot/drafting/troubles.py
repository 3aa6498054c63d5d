"""Why nothing becomes of what an editor wants."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.drafts import Draft
from bot.drafting.checking import Checked
from bot.errors import AntreError


class NoDraft(AntreError):
    """There is no such draft, or no such file in it; somebody may have deleted it."""


class SavedMeanwhile(AntreError):
    """Somebody else saved what was to be saved; nothing was.

    Args:
        draft: as it is now.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(f"{draft.saved_by} saved this meanwhile; look at both, then save again")


class NotPublishable(AntreError):
    """A draft cannot be published as it is.

    Args:
        checked: with its mistakes; ``None`` when something else speaks against it.
        objections: what does, in a few words each.
    """

    def __init__(self, checked: Checked | None = None, objections: Sequence[str] = ()) -> None:
        self.checked = checked
        self.objections = tuple(objections)
        super().__init__("; ".join(objections) or "the draft has mistakes")
