"""Who of those who chat is the office, and who the applicant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.booking.finding import find_offices
from bot.booking.office import Offices
from bot.replay.importing.chat import Chat
from bot.replay.importing.conversation import ImportingError, Note
from bot.replay.importing.senders import bare

_NAMED: Final = re.compile(
    r"\b(?:imigrasi|kanim|immigration|layanan|antrian|antrean|admin|official|service|bot|law)\b",
    re.IGNORECASE,
)
_SAYS: Final = re.compile(
    r"kode (?:booking|persetujuan)\W+\w|nomor antre?an\W+\d|#nama#tanggal lahir"
    r"|konfirmasi penjadwalan"
    r"|balas dengan|ketik \W?#|silakan (?:ketik|kirim|balas|datang)|booking code\W+\w|reply with",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"#(?:tgllayanan|batal|status|[^#\n]{2,60}#[^#\n]{4,20}#?)", re.IGNORECASE
)
_SURE: Final = 3
_OUTSPOKEN: Final = 2


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is who.

    Args:
        office: every name that speaks for the office; may be empty.
        applicant: whose messages are played.
        is_guess: whether nothing tells but who writes first; offices wait to be written to.
    """

    office: frozenset[str]
    applicant: str
    is_guess: bool = False


def cast_of(chat: Chat, offices: Offices, bots: Sequence[str] = (), applicant: str = "") -> Cast:
    """Tell the two apart.

    Args:
        bots: names of the office, if somebody is sure; a part of the name will do.
        applicant: the applicant's, likewise.

    Raises:
        ImportingError: it cannot be told, or it is a group; says what to add.
    """
    senders = list(chat.senders)
    office = {_named(name, senders, "--bot") for name in bots}
    chosen = _named(applicant, senders, "--applicant") if applicant else ""
    if chosen in office:
        raise ImportingError(f"{chosen!r} cannot be both --bot and --applicant")
    if not office and not (chosen and len(senders) <= 2):  # noqa: PLR2004 - the other is the office
        office = _recognised(chat, offices, [name for name in senders if name != chosen])
    if not chosen:
        others = [name for name in senders if name not in office]
        if len(senders) == 2 and not office and not chat.is_group:  # noqa: PLR2004 - see above
            return Cast(frozenset(senders[1:]), senders[0], is_guess=True)
        if len(senders) > 1 and not office:
            message = f"who is the office? Add --bot NAME, one of: {_list(senders)}"
            raise ImportingError(message)
        others = _who_talks(chat, others)
        if len(others) != 1 or (chat.is_group and len(senders) > 2):  # noqa: PLR2004 - see above
            raise ImportingError(_whose(chat, others or senders))
        (chosen,) = others
    if not office and len(senders) == 2:  # noqa: PLR2004 - see above
        office = {name for name in senders if name != chosen}
    return Cast(frozenset(office), chosen)


def names_of(applicants: Sequence[str], chat: Chat) -> list[str]:
    """The senders that are meant by ``--applicant``.

    Raises:
        ImportingError: nobody is called so, or several are.
    """
    return list(dict.fromkeys(_named(each, chat.senders, "--applicant") for each in applicants))


def is_office(name: str, offices: Offices) -> bool:
    """Whether a name or number is an office's, and nobody's own."""
    by_number = _digits(name) and offices.by_number(name) is not None
    return by_number or bool(_NAMED.search(name))


def remarks(chat: Chat, cast: Cast) -> list[Note]:
    """How sure the cast is, and what others say in a group, which is left out."""
    guess = (
        f"nothing tells who is the office; {', '.join(sorted(cast.office))!r} is taken for it, as "
        f"the other writes first; else say --bot NAME"
    )
    notes = [Note(0, guess, left_out=False)] if cast.is_guess else []
    return notes + [
        Note(message.line, f"said by {message.sender}, who is neither --applicant nor --bot")
        for message in chat.messages
        if message.sender != cast.applicant and message.sender not in cast.office
    ]


def _who_talks(chat: Chat, names: Sequence[str]) -> list[str]:
    """The one who talks, where two chat and others come up once: parts of a text, most likely."""
    counts = Counter(each.sender for each in chat.messages if each.sender in names)
    (most, count), *rest = counts.most_common() or [("", 0)]
    is_alone = not chat.is_group and count >= _SURE and all(once == 1 for _, once in rest)
    return [most] if is_alone else list(names)


def _named(wanted: str, senders: Sequence[str], option: str) -> str:
    """The sender that is meant: the very name, else the one it is a part of."""
    folded: Mapping[str, str] = {name.casefold(): name for name in senders}
    key = bare(wanted).casefold()
    near = [name for each, name in folded.items() if key and key in each]
    found = [folded[key]] if key in folded else near
    if len(found) != 1:
        problem = "fits several" if found else "is not the name of anybody here"
        raise ImportingError(f"{option}: {wanted!r} {problem}; there are {_list(senders)}")
    return found[0]


def _recognised(chat: Chat, offices: Offices, senders: Sequence[str]) -> set[str]:
    """Who is an office by name or number, else who speaks like one, if that is one alone."""
    points = dict.fromkeys(senders, 0)
    for name in senders:
        if is_office(name, offices):
            points[name] += 2 * _SURE
        elif find_offices(offices, name):
            points[name] += _OUTSPOKEN
    for message in chat.messages:
        if message.sender in points:
            points[message.sender] += bool(_SAYS.search(message.text))
            points[message.sender] -= bool(_ASKS.match(message.text))
    best = max(points.values(), default=0)
    return {name for name, had in points.items() if had == best} if best > 0 else set()


def _digits(name: str) -> bool:
    return bool(re.fullmatch(r"\+?[\d\s()-]{8,24}", name))


def _whose(chat: Chat, others: Sequence[str]) -> str:
    if chat.is_group:
        what = "this is a group's chat"
    else:
        what = "several write to the office" if len(others) > 1 else "nobody asks here"
    return (
        f"{what}; say whose messages to play with --applicant NAME, one of: {_list(others)}; "
        "if somebody was renamed, say both names"
    )


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:20])
    return f"{shown} …" if len(names) > 20 else shown or "nobody"  # noqa: PLR2004 - as fits
