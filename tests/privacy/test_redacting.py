"""What stays of a turn's record when nobody may be recognised in it any more."""

from __future__ import annotations

from bot.dialogue.attachment import Card, Cards, Context, Referral
from bot.dialogue.events import Media, Message
from bot.privacy.redacting import redacted
from tests.support.talk import NOW

WHOLE = Message(
    "wamid.6281200000001",
    "contacts",
    "rahasia",
    NOW,
    title="rahasia",
    media=Media("1", filename="rahasia.pdf"),
    attachment=Cards((Card("Rina", ("6281200000002",)),)),
    context=Context("wamid.rahasia"),
    referral=Referral("ad", body="rahasia"),
    edits="wamid.rahasia",
)


def test_a_message_leaves_its_kind() -> None:
    """Words, files, cards, quotes and advertisements go; that there was a message stays."""
    record = {"_id": "a", "at": NOW, "message": WHOLE.as_document()}
    kept = redacted(record, "pseudonym", "id")
    assert kept["message"] == {"kind": "contacts"}
    assert not any(secret in str(kept) for secret in ("rahasia", "Rina", "62812"))


def test_a_reaction_leaves_nothing() -> None:
    """What was only noted is no turn that statistics need."""
    record = {"_id": "a", "at": NOW, "noted": WHOLE.as_document()}
    kept = redacted(record, "pseudonym", "id")
    assert "noted" not in kept
    assert not any(secret in str(kept) for secret in ("rahasia", "Rina", "62812"))
