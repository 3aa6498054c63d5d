"""How an office is reached: what people may be told of it, its chat link, its contact card.

Only what stands in ``offices.yml`` is ever said; a number or a place that is not there is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import quote

from bot.booking.office import Office
from bot.booking.opening import WEEKDAYS

HELLO: Final = "Pagi"
"""What a link or QR code writes for the applicant to send: the greeting that begins a dialogue."""

_MONDAY: Final = date(2024, 1, 1)
"""Of any week: replies make the weekday's name of a date, in their language."""


WORDS: Final[Mapping[str, Any]] = {
    "id": "jakarta_selatan",
    "name": "Kantor Imigrasi Kelas I Khusus Jakarta Selatan",
    "short_name": "Jakarta Selatan",
    "area": "Boulevard Artha Gading",
    "zone": "WITA",
    "numbers": ["+62 822 8886 2017", "+62 822 8882 2017"],
    "links": ["https://wa.me/6282288862017", "https://wa.me/6282288822017"],
    "opens": "08.00",
    "closes": "16.00",
    "weekdays": [["2024-01-01", "2024-01-02"], ["2024-01-04", "2024-01-05"]],
    "service_hours": {"from": "07.30", "until": "10.00"},
}
"""What :func:`office_words` tells, as long as it gets."""


def office_words(office: Office) -> dict[str, Any]:
    """What replies may say of how to find an office.

    Returns:
        ``id``, ``name``, ``short_name``, ``area``, ``zone``, ``numbers`` (``+62 812 9900 4406``),
        ``links`` (one a number), ``opens`` and ``closes`` (``08.00``) of an ordinary day,
        ``weekdays`` (first and last date of each run of open weekdays) and ``service_hours``
        (``from`` and ``until``; ``None`` when the number always answers).
    """
    hours = office.service_hours
    return {
        "id": office.id,
        "name": office.name,
        "short_name": office.short_name,
        "area": office.area,
        "zone": office.zone_name,
        "numbers": [spaced(number) for number in office.numbers],
        "links": [chat_link(number) for number in office.numbers],
        "opens": f"{office.sessions[0].start:%H.%M}",
        "closes": f"{office.sessions[-1].until:%H.%M}",
        "weekdays": open_weekdays(office),
        "service_hours": hours
        and {"from": f"{hours.start:%H.%M}", "until": f"{hours.until:%H.%M}"},
    }


def open_weekdays(office: Office) -> Sequence[Sequence[str]]:
    """Runs of weekdays with service, each as two ISO dates of one week: its first and last."""
    runs: list[list[str]] = []
    before = False
    for at, weekday in enumerate(WEEKDAYS):
        is_open = weekday not in office.closed_weekdays
        day = (_MONDAY + timedelta(days=at)).isoformat()
        if is_open and before:
            runs[-1][1] = day
        elif is_open:
            runs.append([day, day])
        before = is_open
    return runs


def chat_link(number: str, text: str = "") -> str:
    """The link that opens a chat with ``number`` (``6281299004406``), ``text`` already typed."""
    return f"https://wa.me/{number}" + (f"?text={quote(text)}" if text else "")


def spaced(number: str) -> str:
    """``+62 812 9900 4406`` of ``6281299004406``: groups of four from the right after the first."""
    country, rest = (number[:2], number[2:]) if number.startswith("62") else ("", number)
    groups = [rest[:3], *(rest[at : at + 4] for at in range(3, len(rest), 4))]
    return f"+{country} {' '.join(groups)}".replace("+ ", "+")


def contact_card(office: Office) -> str:
    """The office as a vCard 3.0, as telephones import it."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{_escaped(office.name)}",
        f"N:{_escaped(office.short_name)};;;;",
        f"ORG:{_escaped(office.name)}",
        *(f"TEL;TYPE=CELL;waid={number}:+{number}" for number in office.numbers),
        *(f"URL:{chat_link(number, HELLO)}" for number in office.numbers),
        *([f"NOTE:{_escaped(office.area)}"] if office.area else []),
        "END:VCARD",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")
