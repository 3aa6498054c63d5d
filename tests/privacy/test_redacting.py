"""What stays of a turn's record when its words go."""

from datetime import UTC, datetime
from typing import Any

from bot.dialogue.traffic import heard_from
from bot.privacy.redacting import redacted

RECORD: dict[str, Any] = {
    "_id": "whatsapp:bogor:6281200000001|m1",
    "conversation": "whatsapp:bogor:6281200000001",
    "turn": 2,
    "at": datetime(2026, 11, 24, tzinfo=UTC),
    "before": ["shop.open"],
    "after": ["shop.naming"],
    "trace": ["fill name", "refuse filled#1", "take filled#2", "go naming"],
    "cost": {"understanding": 120, "actions": [900]},
    "message": {"kind": "text", "text": "saya Rina"},
    "understood": {
        "intent": "inform",
        "confidence": 0.9,
        "source": "local",
        "candidates": ["inform 0.90", "greet 0.05"],
        "entities": [{"type": "person_name", "value": "Rina", "text": "Rina"}],
    },
    "actions": [{"action": "hold", "key": "k", "outcome": "held", "values": {"name": "RINA"}}],
    "replies": [{"text": "Halo Rina"}],
}


def test_how_it_went_stays() -> None:
    """Its way, its costs and how sure understanding was stay, for they are about nobody; every
    word and value goes. A record of before these were kept is redacted all the same.
    """
    kept = redacted(RECORD, "p", "r")
    assert (kept["trace"], kept["cost"]) == (RECORD["trace"], RECORD["cost"])
    assert kept["understood"] == {
        "intent": "inform",
        "confidence": 0.9,
        "source": "local",
        "candidates": ["inform 0.90", "greet 0.05"],
        "entities": [{"type": "person_name"}],
    }
    assert "rina" not in str(kept).casefold()
    assert "62812" not in str(kept)
    assert redacted(kept, "p", "r") == kept
    old = {name: part for name, part in RECORD.items() if name not in {"trace", "cost"}}
    assert redacted(old, "p", "r").keys() == kept.keys() - {"trace", "cost"}


def test_what_a_person_read() -> None:
    """That a person was there to read a message stays: it is no misunderstanding for ever."""
    unclear = {"intent": "none", "entities": []}
    found = heard_from(redacted({**RECORD, "understood": unclear, "attended": True}, "p", "r"))
    assert found is not None
    assert found.understood
