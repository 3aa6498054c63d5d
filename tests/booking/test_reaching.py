from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.booking.office_card import write_cards
from bot.booking.reaching import chat_link, contact_card, office_words, open_weekdays, spaced

NUMBER = "0812 0000 0001"


def test_a_chat_link_types_the_greeting() -> None:
    """What is typed already goes into the link, escaped."""
    assert chat_link("6281200000001", "Pagi, Pak") == (
        "https://wa.me/6281200000001?text=Pagi%2C%20Pak"
    )
    assert chat_link("6281200000001") == "https://wa.me/6281200000001"


def test_a_number_is_written_to_be_read() -> None:
    """In groups, with the country's code."""
    assert spaced("6281200000001") == "+62 812 0000 0001"
    assert spaced("15550000001") == "+155 5000 0001"


def test_open_weekdays_are_told_in_runs(make_office: Any) -> None:
    """Monday to Friday is one run; a closed Wednesday parts it."""
    assert open_weekdays(make_office()) == [["2024-01-01", "2024-01-05"]]
    parted = make_office(closed_weekdays=["wednesday", "saturday", "sunday"])
    assert open_weekdays(parted) == [["2024-01-01", "2024-01-02"], ["2024-01-04", "2024-01-05"]]
    assert open_weekdays(make_office(closed_weekdays=["monday"])) == [["2024-01-02", "2024-01-07"]]


def test_only_what_is_known_is_told(make_office: Any) -> None:
    """An office without number and area has no link and no address."""
    words = office_words(make_office())
    assert (words["links"], words["area"], words["service_hours"]) == ([], "", None)
    assert (words["opens"], words["closes"]) == ("08.00", "15.00")
    hours = office_words(make_office(service_hours={"from": "07:30", "until": "10:00"}))
    assert hours["service_hours"] == {"from": "07.30", "until": "10.00"}


def test_a_contact_card_can_be_imported(make_office: Any) -> None:
    """VCard 3.0: lines end in CRLF, and what would part them is escaped."""
    card = contact_card(make_office(name="Kantor A; B, C", numbers=[NUMBER], area="Pasar Contoh"))
    lines = card.split("\r\n")
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert r"FN:Kantor A\; B\, C" in lines
    assert "TEL;TYPE=CELL;waid=6281200000001:+6281200000001" in lines
    assert lines[-2:] == ["END:VCARD", ""]


def test_the_card_command_writes_what_hangs_on_the_door(make_office: Any, tmp_path: Path) -> None:
    """For each number a QR code as PNG and SVG, beside one contact card."""
    lines = list(write_cards(make_office(numbers=[NUMBER]), tmp_path / "pintu"))
    assert "https://wa.me/6281200000001?text=Pagi" in lines
    written = {path.name: path.read_bytes() for path in (tmp_path / "pintu").iterdir()}
    assert written["kota_contoh-6281200000001.png"].startswith(b"\x89PNG")
    assert b"<svg" in written["kota_contoh-6281200000001.svg"]
    assert written["kota_contoh.vcf"].startswith(b"BEGIN:VCARD\r\n")


def test_an_office_without_a_number_has_a_card_and_no_link(
    make_office: Any, tmp_path: Path
) -> None:
    """The command says why nothing else is written."""
    lines = list(write_cards(make_office(), tmp_path))
    assert (
        lines[1] == "kota_contoh has no WhatsApp number in offices.yml, so there is no link to it"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["kota_contoh.vcf"]


def test_a_place_on_the_map(make_office: Any) -> None:
    """What is known of it can be said, under the office's own name if it has no other."""
    known = {"latitude": -6.2, "longitude": 106.8, "address": "Jalan Contoh No. 1"}
    words = office_words(make_office(location=known))
    assert (words["latitude"], words["longitude"]) == (-6.2, 106.8)
    assert (words["place"], words["address"]) == (words["name"], "Jalan Contoh No. 1")
    assert office_words(make_office(location={**known, "name": "Gedung B"}))["place"] == "Gedung B"
    unknown = office_words(make_office())
    assert [unknown[part] for part in ("latitude", "longitude", "place", "address")] == [""] * 4


@pytest.mark.parametrize(
    "location",
    [
        {"latitude": 91, "longitude": 0},
        {"latitude": 0, "longitude": -181},
        {"latitude": float("nan"), "longitude": 0},
        {"latitude": 0},
        {"latitude": 0, "longitude": 0, "street": "x"},
    ],
)
def test_no_place(make_office: Any, location: dict[str, Any]) -> None:
    """A place lies on earth, and has both of its degrees."""
    with pytest.raises(ValidationError):
        make_office(location=location)
