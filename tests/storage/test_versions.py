"""Publications: numbered, never overwritten, the last one counts."""

import asyncio
from dataclasses import replace

from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.store import NEVER, Contact, ConversationStore, Standing, Stored, TurnSave
from bot.dialogue.versions import Publication, VersionStore
from bot.picture import LARGEST_BYTES
from tests.support.talk import NOW

FILES = {"shop.yml": "flow: shop\n", "replies/id.yml": "apology: maaf\n"}
FIRST = Publication(1, "aaa", "staf", "the first", NOW)


async def test_nothing_published(versions: VersionStore) -> None:
    """An empty store has no newest, no history, no files."""
    assert await versions.newest() is None
    assert await versions.history() == []
    assert await versions.files("aaa") is None


async def test_publications(versions: VersionStore) -> None:
    """The newest counts, the history has all, and files come back as they were."""
    second = replace(FIRST, number=2, version="bbb", note="")
    third = replace(FIRST, number=3, note="back to the first")
    assert await versions.add(FIRST, FILES)
    assert await versions.add(second, {"shop.yml": "flow: store\n"})
    assert await versions.add(third, FILES)
    assert await versions.newest() == third
    assert await versions.newest(2) == third
    assert await versions.newest(3) is None
    assert await versions.history() == [third, second, FIRST]
    assert await versions.files("aaa") == FILES
    assert await versions.files("bbb") == {"shop.yml": "flow: store\n"}


async def test_at_once(versions: VersionStore) -> None:
    """Of several who publish under the same number one does, and nothing is overwritten."""
    rivals = [replace(FIRST, author=f"staf {n}", version=str(n)) for n in range(8)]
    won = await asyncio.gather(*(versions.add(rival, FILES) for rival in rivals))
    assert sum(won) == 1
    assert await versions.history() == [rivals[won.index(True)]]


async def test_pictures(versions: VersionStore) -> None:
    """A picture as large as they get comes back as it was; keeping it again changes nothing."""
    content = b"\x89PNG\r\n\x1a\n".ljust(LARGEST_BYTES, b"x")
    assert await versions.picture("a" * 64) is None
    await versions.keep_picture("a" * 64, content)
    await asyncio.gather(*(versions.keep_picture("a" * 64, content) for _ in range(3)))
    assert await versions.picture("a" * 64) == content
    assert await versions.picture("b" * 64) is None
    assert await versions.history() == []


async def test_standing(conversations: ConversationStore) -> None:
    """Conversations are counted by version and place, the whole stack of flows."""
    deep = (Frame("shop", "open", 1), Frame("help", "asking", 2))
    for number, frames in enumerate([deep, deep, deep[:1]]):
        contact = Contact("rest", str(number), "office")
        conversation = Conversation(contact.conversation_id, "shop", "aaa", frames)
        before = Stored(conversation, contact)
        saved = TurnSave(before, conversation, contact, "m", [], {"_id": "r"}, NEVER, "", NOW)
        assert await conversations.save(saved)
    assert await conversations.standing() == {
        Standing("aaa", (("shop", "open"), ("help", "asking"))): 2,
        Standing("aaa", (("shop", "open"),)): 1,
    }
