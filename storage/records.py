"""Records of the journal as a conversation carries them until they are copied out: encoded.

A conversation carries up to eight, of 2 kB each, and is written twice a turn. As documents within
its document they would be read, compared and copied value by value each time: with four of them
half as long again as all the rest of a write in the embedded database. Bytes are taken as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import bson
from bson.codec_options import CodecOptions

from storage.moments import milliseconds

AWARE = CodecOptions[Mapping[str, Any]](tz_aware=True, tzinfo=UTC)


class KeptRecord(Mapping[str, Any]):
    """A record of the journal; all but its id and its time is decoded when somebody asks for it.

    Args:
        encoded: as MongoDB would hold it.
    """

    __slots__ = ("_at", "_decoded", "_id", "encoded")

    def __init__(self, id_: str, at: datetime | None, encoded: bytes) -> None:
        self._id, self._at, self.encoded = id_, at, encoded
        self._decoded: Mapping[str, Any] | None = None

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> KeptRecord:
        """The inverse of :meth:`document`; also of what 0.1.0 wrote, the record as it is."""
        if "record" not in document:
            return cls.of(document)
        return cls(document["_id"], document["at"], document["record"])

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> KeptRecord:
        """A record, encoded."""
        if isinstance(record, KeptRecord):
            return record
        at = record.get("at")
        return cls(record["_id"], at and milliseconds(at), bson.encode(record))

    def __getitem__(self, name: str) -> Any:
        if name == "_id":
            return self._id
        return self._at if name == "at" and self._at else self._whole()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def __repr__(self) -> str:
        return repr(self._whole())

    def document(self) -> dict[str, Any]:
        """What a conversation's document has of it."""
        return {"_id": self._id, "at": self._at, "record": self.encoded}

    def again(self) -> KeptRecord:
        """The same, not decoded: what somebody else looks into does not stay decoded here."""
        return KeptRecord(self._id, self._at, self.encoded)

    def _whole(self) -> Mapping[str, Any]:
        if self._decoded is None:
            self._decoded = bson.decode(self.encoded, AWARE)
        return self._decoded
