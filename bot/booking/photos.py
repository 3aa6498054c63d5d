"""Photos of identity cards, where an office asks for one.

A photo comes as a reference; its bytes are fetched when the dialogue needs them, checked, and kept
under their SHA-256. The seat carries that hash; nothing of the picture is read, no NIK is parsed.
Photos go after service (``bot/privacy/keeper.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final, Protocol

from bot.errors import ChannelError
from bot.picture import LARGEST_BYTES, kind_of

LOOK_AFTER: Final = timedelta(hours=12)
"""A photo that no seat carries by then is nobody's."""


class PhotoProblem(StrEnum):
    """Why a photo cannot be kept; the values are outcomes of ``keep_photo``."""

    NOT_A_PICTURE = "not_a_picture"
    TOO_LARGE = "too_large"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it is kept.

    Args:
        sha256: of the content, hex; its id.
        mime: by the content's own first bytes.
        at: when it was last sent, aware UTC; retention counts from here.
    """

    sha256: str
    mime: str
    content: bytes = field(repr=False)
    at: datetime

    @classmethod
    def of(cls, content: bytes, at: datetime) -> Photo | PhotoProblem:
        """A photo of bytes from outside, if they are a JPEG or PNG of bearable size."""
        if len(content) > LARGEST_BYTES:
            return PhotoProblem.TOO_LARGE
        if mime := kind_of(content):
            return cls(sha256(content).hexdigest(), mime, content, at)
        return PhotoProblem.NOT_A_PICTURE


class PhotoStore(Protocol):
    """Photos in a database; every method raises ``StorageUnavailable`` when it does not answer."""

    async def put(self, photo: Photo) -> None:
        """Keep a photo; one that is there already counts as sent anew."""
        ...

    async def has(self, sha256: str) -> bool:
        """Whether there is a photo with this hash."""
        ...

    async def get(self, sha256: str) -> Photo | None:
        """The photo with this hash."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Hashes of photos to look at: :data:`LOOK_AFTER` after they were sent, or when
        :meth:`look_again` said, the most overdue first.
        """
        ...

    async def look_again(self, sha256: str, at: datetime) -> None:
        """Somebody still needs a photo; it is due again at ``at``."""
        ...

    async def drop(self, sha256: str) -> None:
        """Delete a photo; nothing happens when there is none."""
        ...


class PhotoSource(Protocol):
    """A channel that gives out the files it brought."""

    async def fetch(self, media_id: str, at_most: int) -> bytes | None:
        """The bytes of a file; ``None`` when there are more than ``at_most``.

        Raises:
            ChannelError: it cannot be had, now or ever.
        """
        ...


class Photos:
    """Fetches and keeps photos.

    Args:
        sources: by channel, or by ``channel:office`` where an office has its own. A channel
            without one has put its pictures into the store itself, and names them by their hash.
    """

    def __init__(self, store: PhotoStore, sources: Mapping[str, PhotoSource]) -> None:
        self.store = store
        self._sources = sources

    async def take(self, content: bytes, now: datetime) -> Photo | PhotoProblem:
        """Keep a picture that a channel was sent itself."""
        photo = Photo.of(content, now)
        if isinstance(photo, Photo):
            await self.store.put(photo)
        return photo

    async def keep(
        self, channel: str, media_id: str, now: datetime, *, office: str = ""
    ) -> str | PhotoProblem:
        """Keep the photo a message to an office brought, and return its hash; one that is kept
        stays.
        """
        if await self.store.has(media_id):
            return media_id
        source = self._sources.get(f"{channel}:{office}") or self._sources.get(channel)
        if source is None:
            return PhotoProblem.UNREACHABLE
        try:
            content = await source.fetch(media_id, LARGEST_BYTES)
        except ChannelError:
            return PhotoProblem.UNREACHABLE
        if content is None:
            return PhotoProblem.TOO_LARGE
        photo = await self.take(content, now)
        return photo if isinstance(photo, PhotoProblem) else photo.sha256
