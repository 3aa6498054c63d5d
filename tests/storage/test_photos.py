"""Photos are kept under their hash, the same in every store, and go when their time is over."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.booking.photos import Photo, PhotoProblem, Photos, PhotoStore
from bot.errors import TryLater
from bot.picture import LARGEST_BYTES
from storage.driver import open_database
from storage.photos import MemoryPhotos, MongoPhotos

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
JPEG = b"\xff\xd8\xff" + b"a picture"


@pytest.fixture(params=["memory", "motor", "pymongo"])
async def store(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[PhotoStore]:
    """An empty store of each kind."""
    if request.param == "memory":
        yield MemoryPhotos()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    photos = MongoPhotos(database)
    await photos.prepare()
    yield photos
    await database.close()


def photo(content: bytes = JPEG, at: datetime = NOW) -> Photo:
    """A photo."""
    made = Photo.of(content, at)
    assert isinstance(made, Photo)
    return made


async def test_kept(store: PhotoStore) -> None:
    """A photo comes back as it was put, as large as one may be."""
    kept = photo(JPEG.ljust(LARGEST_BYTES, b"x"))
    assert not await store.has(kept.sha256)
    await store.put(kept)
    assert await store.has(kept.sha256)
    assert await store.get(kept.sha256) == kept
    assert await store.get("0" * 64) is None


async def test_looked_at(store: PhotoStore) -> None:
    """A photo is due some hours after it was last sent, or when somebody said; then it may go."""
    old, again = photo(JPEG + b"1"), photo(JPEG + b"2")
    for each in (old, again, photo(JPEG + b"2", NOW + timedelta(days=1))):
        await store.put(each)
    later = NOW + timedelta(hours=13)
    assert await store.due(NOW, 9) == []
    assert await store.due(later, 9) == [old.sha256]
    await store.look_again(old.sha256, NOW + timedelta(days=3))
    await store.look_again("0" * 64, NOW)
    assert await store.due(later, 9) == []
    assert await store.due(NOW + timedelta(days=2), 9) == [again.sha256]
    assert await store.due(NOW + timedelta(days=4), 9) == [again.sha256, old.sha256]
    assert await store.due(NOW + timedelta(days=4), 1) == [again.sha256]
    for _ in range(2):
        await store.drop(old.sha256)
    assert [await store.has(each.sha256) for each in (old, again)] == [False, True]
    assert await store.due(NOW + timedelta(days=4), 9) == [again.sha256]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", PhotoProblem.NOT_A_PICTURE),
        (b"%PDF-1.7", PhotoProblem.NOT_A_PICTURE),
        (b"<svg/>" + JPEG, PhotoProblem.NOT_A_PICTURE),
        (JPEG.ljust(LARGEST_BYTES + 1, b"x"), PhotoProblem.TOO_LARGE),
    ],
)
def test_refused(content: bytes, problem: PhotoProblem) -> None:
    """Whatever the channel calls it: the first bytes and the size decide."""
    assert Photo.of(content, NOW) is problem


class Source:
    """A channel that gives out one file, or fails."""

    def __init__(self, content: bytes | Exception | None) -> None:
        self.content = content
        self.asked = 0

    async def fetch(self, _: str, at_most: int) -> bytes | None:
        """See :class:`bot.booking.photos.PhotoSource`."""
        assert at_most == LARGEST_BYTES
        self.asked += 1
        if isinstance(self.content, Exception):
            raise self.content
        return self.content


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (JPEG, photo().sha256),
        (b"GIF89a", PhotoProblem.NOT_A_PICTURE),
        (None, PhotoProblem.TOO_LARGE),
        (TryLater("down"), PhotoProblem.UNREACHABLE),
    ],
)
async def test_fetched(content: bytes | Exception | None, outcome: str) -> None:
    """A photo is fetched once; one that is kept is not asked for again."""
    source = Source(content)
    photos = Photos(MemoryPhotos(), {"whatsapp": source})
    assert await photos.keep("whatsapp", "m1", NOW) == outcome
    if content is JPEG:
        assert await photos.keep("whatsapp", outcome, NOW) == outcome
    assert source.asked == 1


async def test_channel_that_gives_out_nothing() -> None:
    """A file of a channel without a source cannot be had."""
    assert await Photos(MemoryPhotos(), {}).keep("rest", "m1", NOW) is PhotoProblem.UNREACHABLE
