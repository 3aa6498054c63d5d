from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.booking.finding import find_offices
from bot.booking.office import Offices, load_offices

OFFICES_YML = Path(__file__).parents[2] / "flows" / "offices.yml"
JAKARTA = ["jakarta_pusat", "jakarta_timur", "jakarta_utara", "jakarta_selatan"]


@cache
def the_shipped() -> Offices:
    """The offices of the file."""
    return load_offices(OFFICES_YML)


def ids_in(text: str) -> list[str]:
    """Ids of the offices a text speaks of."""
    return [office.id for office in find_offices(the_shipped(), text)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("jakarta_timur", ["jakarta_timur"]),
        ("kantor jaktim dimana", ["jakarta_timur"]),
        ("yang di Cipinang", ["jakarta_timur"]),
        ("artha gading", ["jakarta_utara"]),
        ("KEMAYORAN", ["jakarta_pusat"]),
        ("jakpus", ["jakarta_pusat"]),
        ("sby", ["surabaya"]),
        ("jogja", ["yogyakarta"]),
        ("surabya", ["surabaya"]),
        ("jakrta timur", ["jakarta_timur"]),
        ("Kantor Imigrasi Kelas I Khusus Batam", ["batam"]),
        ("daftar di jakarta", JAKARTA),
        ("bogor atau depok?", ["bogor", "depok"]),
        ("batal", []),
        ("mau makan malam di depan", []),
        ("", []),
    ],
)
def test_offices_are_found_as_people_call_them(text: str, ids: list[str]) -> None:
    """By id, city, nickname and quarter, with slips; a name of several offices finds them all."""
    assert ids_in(text) == ids


def test_every_office_is_found_by_every_name_it_has() -> None:
    """Whatever stands in the file leads to that office alone."""
    for office in the_shipped():
        for name in (office.id, office.short_name, *office.aliases, *office.quarters):
            assert ids_in(f"kantor {name} dimana?") == [office.id], name


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    """Any text finds offices of the file, or none."""
    assert set(ids_in(text)) <= {office.id for office in the_shipped()}
