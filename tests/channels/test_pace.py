"""One number that writes without end costs the others nothing."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.channels import pace
from bot.channels.inbound import Inbound
from bot.channels.pace import Paced
from bot.dialogue.events import TOO_FAST, Message
from bot.dialogue.store import Contact

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass
class Ear:
    """Hears, and lets time stand still."""

    heard: list[Inbound] = field(default_factory=list)
    dropped: list[Inbound] = field(default_factory=list)
    now: float = 1000.0

    async def hear(self, inbound: Inbound) -> None:
        """See the Protocol."""
        self.heard.append(inbound)

    def paced(self, a_minute: int) -> Paced:
        """In front of this ear."""
        return Paced(self, a_minute, lambda: self.now, self.dropped.append)

    def kinds(self) -> list[str]:
        """Of all that was heard."""
        return [inbound.message.kind for inbound in self.heard]


def written(text: str = "Pagi", sender: str = "6281200000001", office: str = "bogor") -> Inbound:
    """A message."""
    return Inbound(Contact("whatsapp", sender, office), Message("wamid.1", "text", text, NOW))


@pytest.mark.parametrize("a_minute", [5, 30])
async def test_told_once_then_dropped(a_minute: int) -> None:
    """What is within measure is heard, the first beyond it is told, the others are dropped."""
    ear = Ear()
    paced = ear.paced(a_minute)
    for _ in range(a_minute + 20):
        await paced.hear(written())
    assert ear.kinds() == ["text"] * a_minute + [TOO_FAST]
    assert len(ear.dropped) == 19
    assert ear.heard[-1].message.text == ""
    assert ear.heard[-1].message.id == "wamid.1"


async def test_others_are_heard() -> None:
    """Addresses are counted apart; the offices one address writes to are not."""
    ear = Ear()
    paced = ear.paced(5)
    for _ in range(50):
        await paced.hear(written())
    ear.heard.clear()
    await paced.hear(written(office="batam"))
    assert ear.heard == []
    await paced.hear(written(sender="6281200000002"))
    assert ear.kinds() == ["text"]


async def test_after_a_pause() -> None:
    """A minute later the whole measure is there again."""
    ear = Ear()
    paced = ear.paced(5)
    for _ in range(10):
        await paced.hear(written())
    ear.now += 60 + 60 / 5
    ear.heard.clear()
    for _ in range(5):
        await paced.hear(written())
    assert ear.kinds() == ["text"] * 5


async def test_a_steady_pace_is_never_told() -> None:
    """Exactly as many a minute as allowed, for an hour."""
    ear = Ear()
    paced = ear.paced(30)
    for _ in range(30 * 60):
        await paced.hear(written())
        ear.now += 2
    assert set(ear.kinds()) == {"text"}
    assert ear.dropped == []


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was quiet longest is forgotten first."""
    monkeypatch.setattr(pace, "REMEMBERED", 10)
    ear = Ear()
    paced = ear.paced(5)
    for number in range(100):
        await paced.hear(written(sender=f"{number}"))
    assert len(paced._buckets) == 10


async def test_reactions_are_not_told() -> None:
    """Too many reactions are dropped without a word, and the next message is told all the same."""
    ear = Ear()
    paced = ear.paced(5)
    thumb = Inbound(written().contact, Message("r", "reaction", "", NOW))
    for _ in range(20):
        await paced.hear(thumb)
    assert ear.kinds() == ["reaction"] * 5
    for _ in range(3):
        await paced.hear(written())
    assert ear.kinds()[5:] == [TOO_FAST]
    ear.now += 60
    await paced.hear(written())
    assert ear.kinds()[6:] == ["text"]
