"""What an office hangs on its door: chat links, their QR codes, and a contact card."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.booking.office import Office
from bot.booking.reaching import HELLO, chat_link, contact_card

SCALE: Final = 12
"""Pixels a module of a QR picture: some 500 across, sharp on a printed page."""


def write_cards(office: Office, folder: Path) -> Iterator[str]:
    """Write a vCard, and for each number a QR code of its chat link as PNG and SVG.

    Yields:
        A line for each link and each file written.
    """
    import segno  # noqa: PLC0415 - only here

    folder.mkdir(parents=True, exist_ok=True)
    card = folder / f"{office.id}.vcf"
    card.write_text(contact_card(office), encoding="utf-8", newline="")
    yield f"{card}: written"
    if not office.numbers:
        yield f"{office.id} has no WhatsApp number in offices.yml, so there is no link to it"
    for number in office.numbers:
        link = chat_link(number, HELLO)
        yield link
        code = segno.make(link, error="m", micro=False)
        for kind in ("png", "svg"):
            path = folder / f"{office.id}-{number}.{kind}"
            code.save(str(path), scale=SCALE)
            yield f"{path}: written"
