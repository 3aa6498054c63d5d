"""A card for one's contacts, as telephones import it: vCard 3.0."""

from __future__ import annotations

from collections.abc import Iterable


def vcard(
    name: str,
    numbers: Iterable[str],
    *,
    short_name: str = "",
    organisation: str = "",
    links: Iterable[str] = (),
    note: str = "",
) -> str:
    """Write a card; lines end as the standard wants them, in CRLF.

    Args:
        numbers: with WhatsApp, with their country, written in any way: ``+62 812 9900 4406``.
        short_name: what it is sorted by; ``name`` if empty.
    """
    digits = ["".join(filter(str.isdecimal, number)) for number in numbers]
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{_escaped(name)}",
        f"N:{_escaped(short_name or name)};;;;",
        *([f"ORG:{_escaped(organisation)}"] if organisation else []),
        *(f"TEL;TYPE=CELL;waid={number}:+{number}" for number in digits),
        *(f"URL:{link}" for link in links),
        *([f"NOTE:{_escaped(note)}"] if note else []),
        "END:VCARD",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.replace("\n", "\\n").split("\r"))
