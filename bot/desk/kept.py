"""All stores of the desk's own, together; ``storage`` makes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.desk.accounts import AccountStore
from bot.desk.audit import AuditStore
from bot.desk.drafts import DraftStore
from bot.desk.handles import Handles
from bot.desk.sessions import SessionStore
from bot.desk.throttle import AttemptStore
from bot.drafting.runs import RunStore
from bot.recordings import RecordingStore


@dataclass(frozen=True, slots=True)
class DeskStores:
    """Where the desk keeps who may do what, who did it, and what editors work on.

    Args:
        handles: what stands for conversations in addresses; under a key that is kept.
    """

    accounts: AccountStore
    sessions: SessionStore
    attempts: AttemptStore
    audit: AuditStore
    drafts: DraftStore
    recordings: RecordingStore
    runs: RunStore
    handles: Handles = field(default_factory=Handles)
