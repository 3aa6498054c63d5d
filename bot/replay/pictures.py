"""The pictures that applicants send in recordings."""

from __future__ import annotations

from bot.errors import ChannelError


class SamplePictures:
    """Gives out a picture for every image of a recording; not one to look at.

    What stands behind an image (:data:`bot.replay.said.FileKind`) is the end of its id.
    """

    async def fetch(self, media_id: str, at_most: int) -> bytes | None:
        """See :class:`bot.booking.photos.PhotoSource`."""
        match media_id.partition("/")[2]:
            case "too_large":
                return None
            case "unreachable":
                raise ChannelError("the recording says that this picture cannot be had")
            case "not_a_picture":
                return b"%PDF-1.7"[:at_most]
        return (b"\xff\xd8\xff" + media_id.encode())[:at_most]
