"""Choosing from a numbered list: ``3``, ``no. 2``, ``yang ketiga``, ``yg paling cepet``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nlu.phrases import FILLERS, VOCATIVES
from nlu.spelling import Token, fold, folded, word_at
from nlu.wrongness import TAKING_BACK

_CARDINALS = (
    "satu siji setunggal hiji one first 1st pertama kesatu kahiji sepisan kapisan kawitan atu",
    "dua loro kalih two second kedua kadua pindo kapindo kaloro keduax dua2",
    "tiga telu tigo tilu three third ketiga katilu katelu tiganya",
    "empat papat sekawan opat four fourth keempat kaopat kapapat",
    "lima limo gangsal five fifth kelima kalima",
    "enam nem genep six sixth keenam kagenep kanem",
    "tujuh pitu seven seventh ketujuh katujuh kapitu",
    "delapan wolu dalapan eight eighth kedelapan kadalapan kawolu",
    "sembilan sanga sangang salapan nine ninth kesembilan kasalapan kasanga",
    "sepuluh sedoso sapuluh ten tenth kesepuluh kasapuluh",
)
_NUMBERS = {fold(word): n for n, words in enumerate(_CARDINALS, 1) for word in words.split()}
_SOONEST = folded(
    "tercepat terdekat terawal teratas secepatnya earliest soonest nearest quickest fastest"
)
_LAST = folded("terakhir last latest terbawah pungkasan panungtung")
_MOST = folded("paling pang the")
_MOST_SOON = folded(
    "cepat cepet cepat2 awal dekat deket duluan dulu pertama atas gasik enggal gancang rikat "
    "caket caketna enggalna heula tiheula gancangna cerak kilat"
)
_MOST_LATE = folded("akhir lambat terakhir bawah belakang belakangan buncit tukang tungtung")
_AROUND = FILLERS | VOCATIVES | folded(
    "nomor no pilihan opsi ke ka angka pick pilih ambil option number the one choose choice ok oke "
    "okay iya "
    "saya minta boleh nomer urutan coba date pilihanku pilihane milih pilihkan ambilkan ambilin "
    "mawon wae sing nu ingkang kersa mundut pundhut pilihannya take ill i id like go with let me "
    "my prefer will would is it that lets for kula kulo abdi hoyong bade nyandak ajah lah aku no "
    "opsinya jadi kalau ada di dari list tersebut tadi "
    "gas deal fix cocok pas bisa slot available kang teh nya mah we ingin ingin suka lebih"
)  # fmt: skip
_COUNTING = folded(
    "nomor nomr no pilihan opsi ke ka option number urutan kaping angka yang pilih pick choice take"
)
_ORDINALS = frozenset(
    fold(word)
    for words in _CARDINALS
    for word in words.split()
    if word.startswith(("ke", "ka")) or word.endswith(("st", "nd", "rd", "th")) or word == "pertama"
) - folded("kalih")
_DATE_WORDS = folded("tanggal hari jadwal")
"""They make a number a date (``tanggal 3``), but not an ordinal (``tanggal yang ketiga``)."""

_NAMING = folded("nomor no pilihan opsi option number")
_ITEM_SIGNS = frozenset(".,):-")
_MAX_DIGITS: Final = 3
_MOST_TELLING: Final = 4


def read_option(words: Sequence[str], options: int) -> int | None:
    """The number chosen, if choosing is all the message does; it may be out of range.

    Args:
        words: as :func:`nlu.words.words_of` gives them.
        options: how many are on the table.
    """
    rest = [word for word in _last_said(words) if word not in _AROUND and word.isalnum()]
    if len(rest) > _MOST_TELLING:
        return None
    if any(word.isdigit() for word in rest):
        return int(rest[0]) if len(rest) == 1 and len(rest[0]) <= _MAX_DIGITS else None
    telling = [word for word in rest if word not in _DATE_WORDS]
    most = len(telling) > 1 and telling[0] in _MOST
    match telling[1:] if most else telling:
        case [word] if word in (_MOST_SOON if most else _SOONEST):
            return 1
        case [word] if word in (_MOST_LATE if most else _LAST):
            return options
        case [word] if not most:
            return _NUMBERS.get(word)
    return None


def numbered(token: Token) -> int | None:
    """The number a token is, in digits or as a word: ``2``, ``dua``, ``kedua``."""
    if token.is_number:
        return int(token.text) if len(token.text) <= _MAX_DIGITS else None
    return _NUMBERS.get(token.word)


def picked_option(tokens: Sequence[Token], options: int) -> int | None:
    """The number chosen beside other things: ``2. Rina``, ``yang ketiga ya, nama saya Rina``.

    Args:
        options: how many are on the table; a number beyond them is not meant.
    """
    for at, token in enumerate(tokens):
        before = tokens[at - 1].word if at else ""
        ordinal = token.word in _ORDINALS and before not in _DATE_WORDS
        item = token.is_number and at == 0 and word_at(tokens, 1) in _ITEM_SIGNS
        if ordinal or (token.is_number and (before in _NAMING or item)):
            number = _NUMBERS.get(token.word) or int(token.text[: _MAX_DIGITS + 1])
            return number if 1 <= number <= options else None
    return None


def _last_said(words: Sequence[str]) -> Sequence[str]:
    """What counts where something is taken back: ``nomor 2 eh 3``."""
    taken = [at for at, word in enumerate(words[:-1]) if word in TAKING_BACK]
    return words[taken[-1] + 1 :] if taken else words


def option_among(words: Sequence[str], options: int) -> int | None:
    """The number chosen in a message that is known to choose and says other things too.

    Args:
        options: how many are on the table; a number beyond them is not meant.
    """
    words = _last_said(words)
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        number = _NUMBERS.get(word)
        if word.isdigit() and before in _COUNTING and len(word) <= _MAX_DIGITS:
            number = int(word)
        elif number is not None and before not in _COUNTING and word not in _ORDINALS:
            number = None
        elif number is None and (word in _SOONEST or (word in _MOST_SOON and before in _MOST)):
            number = 1
        elif number is None and (word in _LAST or (word in _MOST_LATE and before in _MOST)):
            number = options
        if number is not None and number <= options:
            return number
    plain = (int(word) if word.isdigit() else _NUMBERS.get(word, 0) for word in words[::-1])
    return next((number for number in plain if 0 < number <= options), None)
