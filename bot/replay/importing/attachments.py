"""Pictures, voice, stickers, places: what stands in an exported chat in their stead."""

from __future__ import annotations

import re
from typing import Final

from bot.replay.importing.signs import trimmed

_KINDS: Final[dict[str, str]] = {
    "sticker": "sticker|stiker|autocollant|figurinha",
    "video": r"video(?: note)?|vidéo|gif|pesan video|catatan video",
    "voice": "voice message|pesan suara|ptt|suara",
    "audio": "audio|áudio",
    "contacts": r"contact card|contact|kartu kontak|kontak|tarjeta de contacto",
    "document": r"document|dokumen|documento|dokument|[^<>\n]{1,120}(?:document|dokumen)",
    "location": r"location|lokasi|live location|lokasi terkini",
    "image": (
        "image|gambar|foto|photo|picture|media|imagen|imagem|bild|immagine|medien|multimedia"
        "|archivo|ficheiro|médias"
    ),
}
_KIND: Final = "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items())
_OMITTED: Final = (
    r"omitted|tidak disertakan|dihilangkan|omitid[oa]|omis|omess[oaie]|ausgeschlossen|weggelassen"
    r"|ausgelassen|weggelaten|oculta"
)
_WITHOUT = re.compile(
    rf"(?P<before>(?:.*\n)?|.*[\u200e\u200f]\s*)<?\u200e?(?:{_KIND}) (?:{_OMITTED})>?"
    r"(?:\n(?P<after>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_ATTACHED = re.compile(
    r"(?P<before>.*?)<\u200e?\s?(?:attached|terlampir|lampiran|adjunto|anex(?:ad)?o|anhang"
    r"|angehängt|allegato|bijgevoegd|pièce jointe)\s?: ?(?P<file>[^<>\n]{1,200})>"
    r"(?:\n(?P<after>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_FILE = re.compile(
    r"\u200e?(?P<file>[^\n<>]{1,200}\.\w{2,5}) \((?:file terlampir|file attached|archivo adjunto"
    r"|arquivo anexado|datei angehängt|fichier joint|file allegato|bestand bijgevoegd)\)"
    r"(?:\n(?P<after>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_PLACE = re.compile(
    r"\u200e?(?:location|lokasi|ubicación|localização|standort)\s?: ?https?://\S+"
    r"|(?:live location shared|lokasi (?:terkini|langsung) dibagikan)",
    re.IGNORECASE,
)
_POLL = re.compile(r"\u200e?(?:poll|polling|jajak pendapat):\n.*", re.IGNORECASE | re.DOTALL)
_ONCE = re.compile(
    r"null|\u200e?<?(?:view once (?:voice )?message omitted|pesan sekali lihat (?:tidak disertakan"
    r"|dihilangkan)|you received a view once message.*|anda menerima pesan sekali lihat.*)>?",
    re.IGNORECASE,
)
_SOME_MEDIA = re.compile(
    r"\u200e?<[^<>\n]{0,60}(?:медиа|メディア|多媒|媒体|미디어|medya|media|médi|medier|المدي|الوسائط)[^<>\n]{0,60}>"
    r"(?:\n(?P<after>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_ENDINGS: Final = {
    "image": ("jpg", "jpeg", "png", "heic", "gif"),
    "video": ("mp4", "mov", "3gp", "mkv"),
    "voice": ("opus",),
    "audio": ("m4a", "mp3", "ogg", "aac", "amr", "wav"),
    "sticker": ("webp",),
    "contacts": ("vcf",),
}


def attachment_of(text: str) -> tuple[str, str] | None:
    r"""The kind of attachment a message consists of, and its caption; ``None`` if it is words.

    >>> attachment_of("IMG-20240820-WA0001.jpg (file terlampir)\nini KTP saya")
    ('image', 'ini KTP saya')
    """
    if _ONCE.fullmatch(text) or _POLL.fullmatch(text):
        return "unsupported", ""
    if _PLACE.fullmatch(text):
        return "location", ""
    return _exported(text) or _left_behind(text)


def _exported(text: str) -> tuple[str, str] | None:
    """An attachment that was exported beside the chat: its file is named."""
    if match := _FILE.fullmatch(text):
        return _kind_of(match["file"]), (match["after"] or "").strip()
    if match := _ATTACHED.fullmatch(text):
        return _with_caption(_kind_of(match["file"]), match["before"], match["after"])
    return None


def _left_behind(text: str) -> tuple[str, str] | None:
    """An attachment that was not exported: only its kind is named, or not even that."""
    if match := _WITHOUT.fullmatch(text):
        kind = next(kind for kind in _KINDS if match[kind])
        return _with_caption(kind, match["before"], match["after"])
    if match := _SOME_MEDIA.fullmatch(text):
        return _with_caption("image", "", match["after"])
    return None


def _with_caption(kind: str, before: str, after: str | None) -> tuple[str, str]:
    """An attachment with what was written to it.

    Before a document stands its name and how many pages it has, which nobody wrote.
    """
    words = [after or ""] if kind == "document" else [before, after or ""]
    return kind, "\n".join(filter(None, map(trimmed, words)))


def _kind_of(file: str) -> str:
    name, _, ending = file.strip().lower().rpartition(".")
    if "-sticker-" in name or name.startswith("stk-"):
        return "sticker"
    return next((kind for kind, endings in _ENDINGS.items() if ending in endings), "document")
