"""Typing habits levelled out, so that the rules are written once, in plain words.

``clean`` mends the characters of a whole message; ``tokenise`` cuts it up; ``fold`` reduces one
word to the form the tables use: ``Iyaaa`` → ``iya``, ``tgl`` → ``tanggal``, ``Jum'at`` → ``jumat``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

LIMIT = 4096
"""Characters of a message that are looked at; WhatsApp carries no more."""

MOST_TOKENS = 640
"""Tokens that are looked at: prose as long as a message may be has about as many. What has more is
made of single letters and signs, to keep us busy.
"""

_INVISIBLE = (
    *range(0x200B, 0x2010),  # zero width, direction marks
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),  # emoji variants
    *range(0x1F3FB, 0x1F400),  # skin tones
    0x00AD,
    0x061C,
    0x180E,
    0x20E3,  # the frame of keycap digits
    0xFEFF,
)
_CHARACTERS: dict[int, str | None] = {
    ord("_"): " ",  # budi_santoso, and what is written _aslant_
    **dict.fromkeys(_INVISIBLE),
    **dict.fromkeys(map(ord, "‘’‛`´ʻʼ′"), "'"),  # noqa: RUF001 - these are what telephones type
    **dict.fromkeys(map(ord, "“”„«»″"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),  # noqa: RUF001 - as above
}

_TOKEN = re.compile(r"[^\W\d_](?:'?[^\W\d_])*|[0-9]+|\n|\S")
_REPEATED = re.compile(r"(.)\1+")

_SHORT_FORMS = {
    "saya": "sy sya sayah aku ak gue gw",
    "yang": "yg yng",
    "tanggal": "tgl tggl tangal tgal tnggal tanggalipun kaping",
    "bagaimana": "gimana gmn gmana bgmn gmna kumaha piye pripun how",
    "berapa": "brp brapa pinten sabaraha",
    "tidak": "gak ga nggak ngga enggak engga kagak gk tdk tak ndak ora mboten teu ngak",
    "sudah": "udah udh sdh dah",
    "belum": "blm belom durung teuacan",
    "tolong": "tlg tlong",
    "bisa": "bs bisakah",
    "datang": "dtg dateng",
    "untuk": "utk",
    "dengan": "dgn dg",
    "hari": "hr dinten dina poe",
    "minggu": "mgg mggu minggon",
    "nomor": "nmr nomer",
    "saja": "aja aj ae wae doang",
    "mau": "mo pengen pengin ingin pingin kepengen kepengin kepingin hoyong bade arep pgn want",
    "apa": "ap apakah naon opo",
    "antrean": "antrian antri antre ngantri ngantre",
    "paspor": "passport pasport pasporku paspoku",
    "buat": "bikin membuat buatin buatkan bikinin pembuatan gawe ngadamel damel ndamel nyieun "
    "mambuek bikinkan",
    "perpanjang": "perpanjangan memperpanjang panjangin",
    "daftar": "mendaftar pendaftaran ndaftar dftr daptar register registrasi",
    "tersedia": "available ready",
    "kosong": "ksong",
    "batal": "batalkan batalin dibatalkan dibatalin membatalkan pembatalan "
    "batalno dibatalkeun batalkeun ngabatalkeun dibatalan dibatalno mbatalno mbatalke batalaken "
    "dibatalaken",
    "pindah": "pindahin pindahkan memindahkan mindahin dipindah dipindahkan dipindahin pindahno",
    "ganti": "gantiin mengganti diganti digantiin gentos ngganti",
    "ubah": "rubah mengubah ngubah diubah dirubah",
    "geser": "geserin digeser menggeser",
    "majukan": "majuin dimajukan dimajuin memajukan dimajukeun",
    "tunda": "ditunda menunda tundain",
    "undur": "mundurin mundur mundurkan diundur dimundurin dimundurkan",
    "reschedule": "reskedul reschedul resched rescheduled rescheduling",
    "terima": "trima",
    "kasih": "ksh",
    "jadwal": "schedule",
    "syarat": "persyaratan requirements",
    "kode": "kod code",
    "nama": "nm nami namina namane namanipun naminipun wasta wastana asmo asmane asmanipun ngaran "
    "ngaranna jeneng jenenge jenengku namaku namasaya",
    "lahir": "lhr lhir lair laire lairipun lahia lahire lahiripun lahirna lahirku",
    "depan": "dpn ngarep ngajeng payun hareup mendatang",
    "paling": "plg pling",
    "cepat": "cpt cpet",
    "besok": "bsk bsok esok sesuk isukan besuk bso benjing mbenjing benjang mbenjang ngenjing",
    "kemarin": "kemaren kmrn kmaren",
    "lagi": "lg lgi",
    "nanti": "nti ntar",
    "bulan": "bln",
    "tahun": "thn",
    "jangan": "jgn jngn",
}
_DOUBLED = ("tanggal", "minggu", "assalamualaikum", "booking", "tunggu", "ganggu")
"""Words the tables write with their double letters, which ``squeeze`` takes away."""


LONGEST_WORD = 32
"""Longer ones are looked up nowhere, so that the caches of words stay small."""

_SHORT_TEXT = 64
"""Characters of a text whose tokens are kept for the next rule."""

_SHORTEST_WITH_SUFFIX = 6
"""``tglnya`` is ``tgl``; ``tanya``, ``punya`` and Sonya are whole words."""


def squeeze(word: str) -> str:
    """Lower case, no apostrophes, every run of a letter once."""
    return _REPEATED.sub(r"\1", word.lower().replace("'", ""))


_CANONICAL = {squeeze(word): word for word in _DOUBLED} | {
    squeeze(short): word for word, shorts in _SHORT_FORMS.items() for short in shorts.split()
}


VARIANTS = frozenset(_CANONICAL)
"""Every squeezed spelling that folds to another word."""


def fold(word: str) -> str:
    """The form of a word that the tables use; a word longer than any of theirs is left alone."""
    return _folded(word) if len(word) <= LONGEST_WORD else word.lower()


@lru_cache(maxsize=8192)
def _folded(word: str) -> str:
    # Before doubled letters go: layanannya is layanan, its n no part of the ending.
    whole = word.lower()
    squeezed = squeeze(whole.removesuffix("nya") if whole.endswith("nnya") else whole)
    if squeezed.endswith("nya") and len(squeezed) >= _SHORTEST_WITH_SUFFIX:
        squeezed = squeezed[: -len("nya")]
    return _CANONICAL.get(squeezed, squeezed)


def folded(words: str) -> frozenset[str]:
    """A table of words, written naturally and separated by spaces."""
    return frozenset(fold(word) for word in words.split())


class Token(NamedTuple):
    """A word, a run of ASCII digits, a line break or one other character.

    Args:
        text: as it stands in the message.
        word: folded.
        start, end: where it stands.
        is_word: whether it is made of letters.
        is_number: whether it is a run of digits.
    """

    text: str
    word: str
    start: int
    end: int
    is_word: bool
    is_number: bool


def tokenise(text: str) -> tuple[Token, ...]:
    """Cut a cleaned text up, into ``MOST_TOKENS`` at most; spaces are dropped, line breaks stay."""
    return _short_tokens(text) if len(text) <= _SHORT_TEXT else _tokens(text)


def _tokens(text: str) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for match in islice(_TOKEN.finditer(text), MOST_TOKENS):
        found, (start, end) = match.group(), match.span()
        if found[0].isalpha():
            tokens.append(Token(found, fold(found), start, end, True, False))  # noqa: FBT003 - by name it takes twice as long
        else:
            is_number = "0" <= found[0] <= "9"
            tokens.append(Token(found, found, start, end, False, is_number))  # noqa: FBT003 - likewise
    return tuple(tokens)


_short_tokens = lru_cache(maxsize=32)(_tokens)
"""Of a part of a form, say: several rules ask the same of it, one after the other."""


def word_at(tokens: Sequence[Token], at: int) -> str:
    """The folded word at a position; empty past the end."""
    return tokens[at].word if at < len(tokens) else ""


def clean(text: str) -> str:
    """The first ``LIMIT`` characters with look-alikes and invisible characters settled.

    Full-width forms become ASCII (NFKC), curly quotes and long dashes plain ones, other spaces a
    single space; empty lines go. Cleaning twice changes nothing.
    """
    text = text[:LIMIT]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_CHARACTERS)).translate(_CHARACTERS)
    elif "`" in text or "_" in text:
        text = text.replace("`", "'").replace("_", " ")
    whole = text.splitlines()
    if len(whole) == 1:
        return " ".join(whole[0].split())[:LIMIT].rstrip()
    lines = (" ".join(line.split()) for line in whole)
    return "\n".join(line for line in lines if line)[:LIMIT].rstrip()
