"""What WhatsApp itself writes into an exported chat, in Indonesian and English, some in others.

Deleted and edited messages, and lines nobody sent: that chats are encrypted, who joined a group,
calls that were missed. In a language not listed here a system line is still known by having no
sender.
"""

from __future__ import annotations

import re
from typing import Final

from bot.replay.importing.signs import trimmed

_SYSTEM: Final[dict[str, str]] = {
    "id": r"""
        (?:di|ter)?enkripsi\w*\ (?:secara\ )?(?:end-to-end|ujung\ ke\ ujung)
        |\bmembuat\ (?:grup|komunitas)\b|\bmenambahkan\ (?:anda|\+?\d|~|\w+$)
        |\bditambahkan(?:\ ke\ grup)?$|\bmengeluarkan\b|\bdikeluarkan\b
        |\bkeluar(?:\ dari\ grup)?$|\bbergabung\ (?:menggunakan|melalui|dari|dengan)\b
        |\bmengubah\ (?:subjek|ikon|gambar|foto|deskripsi|nama|setelan|pengaturan|nomor)\b
        |\bmengganti\ (?:subjek|ikon|gambar|foto|deskripsi|nama|setelan|nomor|ke)\b
        |\bmengubah\ timer\b|\bberganti\ (?:ke\ )?nomor\b|\bganti\ nomor\b
        |\bkode\ keamanan\b.*\b(?:berubah|telah)\b|\bpesan\ sementara\b
        |\bpesan\ (?:yang\ |baru\ )?(?:akan\ )?hilang\b
        |\bmenyematkan\ (?:sebuah\ )?pesan|\bmenghapus\ (?:ikon|foto|deskripsi)\ grup
        |\bmemblokir\ kontak\ ini|\bkontak\ ini\ (?:di)?blokir|\bkini\ menjadi\ (?:kontak|admin)
        |\b(?:sekarang|kini)\ (?:menjadi\ )?admin\b|\bsekarang\ bukan\ lagi\ admin
        |\bakun\ bisnis\b|\blayanan\ aman\ dari\b|\bchat\ ini\ (?:dengan|dimulai)\b
        |\bpanggilan\ (?:suara|video|grup)?\ ?(?:tak|tidak)\ (?:ter)?jawab
        |\bmenunggu\ pesan\ ini\b|\bpanggilan\ (?:suara|video)[.,]?\ ?(?:tidak|tak|\d|$)
    """,
    "en": r"""
        end-to-end\ encrypt|\b(?:created|made)\ (?:this\ )?(?:group|community)\b
        |\badded\ (?:you|\+?\d|~|\w+$)|\bwas\ added$|\bwere\ added\b
        |\bremoved\ (?:you|\+?\d)
        |\b(?:was|were)\ removed$|\bleft$|\bjoined\ (?:using|from|via|this)\b
        |\bchanged\ (?:the\ |this\ |their\ |to\ |your\ )?
          (?:group|subject|phone|number|icon|description|settings|\+)
        |\bdeleted\ this\ group's|\bsecurity\ code\b.*\bchanged|\bdisappearing\ messages\b
        |\b(?:message\ timer|default\ timer)\b|\bpinned\ a\ message
        |\bblocked\ this\ (?:contact|business)
        |\byou\ (?:un)?blocked\b|\bis\ (?:now\ )?(?:a\ contact|in\ your\ contacts)
        |\b(?:now|longer)\ an\ admin\b|\bbusiness\ account\b|\bsecure\ service\ from\b
        |\bmissed\ (?:voice|video|group)\b|\bwaiting\ for\ this\ message
        |^(?:silenced\ )?(?:voice|video)\ call[.,]?(?:\ |$)|\bstarted\ a\ (?:video\ |voice\ )?call
    """,
    "": r"""
        \bcifrad[oa]s\ de\ extremo\ a\ extremo|\bcriptograf\w+\ (?:de\ ponta\ a\ ponta|end-to-end)
        |\bende-zu-ende-verschlüsselt|\bchiffrés\ de\ bout\ en\ bout|\bend-to-end\b
        |сквозн\w+\ шифрован|端到端|エンドツーエンド|종단간|\buçtan\ uca\b|رمّزة|מוצפנ
        |\b(?:creó|criou|hat|a\ créé|ha\ creato)\ .{0,12}
          \b(?:el|o|die|le|il)\ (?:grupo?|gruppe|groupe|gruppo)
        |\bheeft\ de\ groep\b|создал|\bañadió\ a\b|\badicionou\b|\bhinzugefügt$|\ba\ ajouté\b
        |\bha\ aggiunto\b|\bsalió$|\bsaiu$|\best\ parti|\bè\ uscito
    """,
}
_SYSTEMS: Final = {
    language: re.compile(words, re.IGNORECASE | re.VERBOSE) for language, words in _SYSTEM.items()
}
_SENT_BY_NOBODY: Final = re.compile(
    r"(?:pesan dan (?:panggilan|telepon)|pesan ke chat ini|messages (?:and calls|to this chat))\b"
    r".{0,40}\b(?:\w*enkripsi|encrypted|secured)\b.*"
    r"|missed (?:group )?(?:voice|video) call(?: at .*)?"
    r"|panggilan (?:grup )?(?:suara|video)(?: grup)? (?:tak|tidak) (?:ter)?jawab(?: pada .*)?",
    re.IGNORECASE | re.DOTALL,
)
_LONG: Final = 300
"""Signs of a system line that tell it."""
_GROUP: Final = re.compile(
    r"\b(?:grup|group|grupo|gruppe|groupe|gruppo|groep|komunitas|community)\b|\badded\b|\bmenambahkan\b"
    r"|\bditambahkan\b|\bleft$|\bkeluar$",
    re.IGNORECASE,
)
_DELETED: Final = re.compile(
    r"(?:\w+ )?(?:this message was deleted(?: by (?:group )?admin.*)?|you deleted this message"
    r"(?: as admin)?|pesan ini (?:telah )?dihapus(?: oleh admin.*)?"
    r"|(?:anda|kamu) (?:telah )?menghapus pesan ini|se eliminó este mensaje|mensagem apagada"
    r"|diese nachricht wurde gelöscht"
    r"|ce message a été supprimé|questo messaggio è stato eliminato)[.!]?",
    re.IGNORECASE,
)
_EDITED: Final = re.compile(
    r"<\u200e?(?:pesan ini diedit|this message was edited|se editó este mensaje"
    r"|mensagem editada|diese nachricht wurde bearbeitet|ce message a été modifié"
    r"|questo messaggio è stato modificato)\.?>\s*$",
    re.IGNORECASE,
)
_INDONESIAN: Final = re.compile(
    r"tidak disertakan|terlampir|<pesan ini|pesan ini (?:telah )?dihapus|menghapus pesan ini"
    r"|^anda ",
    re.IGNORECASE,
)
_ENGLISH: Final = re.compile(
    r"\bomitted\b|<attached:|file attached|<this message|message was deleted|deleted this message"
    r"|^you ",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"^<[^<>]*(?:omit|omes|omis|ausge|wegge|пропущ|なし|省略|생략|utel|dahil)[^<>]*>$"
    r"|\((?:archivo adjunto|arquivo anexado|datei angehängt|fichier joint|file allegato"
    r"|bestand bijgevoegd)\)|<(?:adjunto|anexado|anexo|anhang|angehängt|allegato|bijgevoegd):",
    re.IGNORECASE,
)


def system_language(text: str) -> str | None:
    """The language in which WhatsApp says this itself: ``id``, ``en``, or empty for others.

    ``None`` for what it does not say.
    """
    head = text[:_LONG]
    return next((each for each, words in _SYSTEMS.items() if words.search(head)), None)


def is_by_nobody(text: str) -> bool:
    """Whether a message that bears a name is WhatsApp's all the same: a missed call, a notice."""
    marked = text.startswith(("\u200e", "\u200f")) and system_language(text) is not None
    return marked or bool(_SENT_BY_NOBODY.fullmatch(trimmed(text)))


def is_about_a_group(text: str) -> bool:
    """Whether a system line can only stand in a group's chat."""
    return bool(_GROUP.search(text))


def is_deleted(text: str) -> bool:
    """Whether a message was deleted before the chat was exported."""
    return bool(_DELETED.fullmatch(text))


def without_edited(text: str) -> tuple[str, bool]:
    """A message without the mark that it was edited, and whether it bore one."""
    found = _EDITED.search(text)
    return (trimmed(text[: found.start()]), True) if found else (text, False)


def language_of(text: str) -> str | None:
    """The phone's language, if a message shows WhatsApp's own words: ``id``, ``en``, ``other``."""
    if _INDONESIAN.search(text):
        return "id"
    if _ENGLISH.search(text):
        return "en"
    return "other" if _OTHER.search(text) else None
