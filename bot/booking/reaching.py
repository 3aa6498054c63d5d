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
from bot.vcard import vcard

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
    "latitude": -12.345678,
    "longitude": 123.456789,
    "place": "Kantor Imigrasi Kelas I Khusus Jakarta Selatan",
    "address": "Jalan Boulevard Artha Gading Raya No. 123, Kelapa Gading, Jakarta Utara 12345",
}
"""What :func:`office_words` tells, as long as it gets."""


def office_words(office: Office) -> dict[str, Any]:
    """What replies may say of how to find an office.

    Returns:
        ``id``, ``name``, ``short_name``, ``area``, ``zone``, ``numbers`` (``+62 812 9900 4406``),
        ``links`` (one a number), ``opens`` and ``closes`` (``08.00``) of an ordinary day,
        ``weekdays`` (first and last date of each run of open weekdays), ``service_hours``
        (``from`` and ``until``; ``None`` when the number always answers), and of its place on the
        map ``latitude``, ``longitude``, ``place`` (its name there) and ``address``, all empty
        where none is known.
    """
    hours, location = office.service_hours, office.location
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
        "latitude": location.latitude if location else "",
        "longitude": location.longitude if location else "",
        "place": (location.name or office.name) if location else "",
        "address": location.address if location else "",
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
    """The office as a vCard, as telephones import it."""
    return vcard(
        office.name,
        office.numbers,
        short_name=office.short_name,
        organisation=office.name,
        links=[chat_link(number, HELLO) for number in office.numbers],
        note=office.area,
    )
