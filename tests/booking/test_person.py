from datetime import date

import pytest

from bot.booking.person import age_on, person_mark, plain_name

DAY, BORN = date(2026, 11, 24), date(1990, 8, 17)


@pytest.mark.parametrize(
    "written",
    [
        "RINA WULANDARI",
        "  rina   wulandari ",
        "Rína Wulandarì",
        "Rina-Wulandari",
        "Ibu Rina Wulandari",
        "Hj. Rina Wulandari, S.Kom., M.M.",
        "Dr. Hj. Rina Wulandari SH",
        "rinawulandari",
    ],
)
def test_one_person(written: str) -> None:
    """Case, accents, signs, spaces, titles and degrees make no other person."""
    assert person_mark(DAY, written, BORN) == person_mark(DAY, "Rina Wulandari", BORN)


@pytest.mark.parametrize(
    ("written", "other"),
    [("Rina Wulandari", "Rini Wulandari"), ("Budi", "Budiman"), ("Mas", "Mba"), ("H", "Hj")],
)
def test_other_people(written: str, other: str) -> None:
    """Names that differ in letters are different people; a name is never stripped to nothing."""
    assert plain_name(written) != plain_name(other)
    assert plain_name(written)


def test_apostrophes() -> None:
    """An apostrophe of any kind is none, and a name of signs alone is still something."""
    assert plain_name("Nur Ma'ruf") == plain_name("NUR MA\u2019RUF") == "nurmaruf"
    assert plain_name("--") == "--"


def test_another_birth_date_or_day() -> None:
    """A namesake with another birth date is somebody else; every day counts by itself."""
    mark = person_mark(DAY, "Budi", BORN)
    assert person_mark(DAY, "Budi", date(1990, 8, 18)) != mark
    assert person_mark(date(2026, 11, 25), "Budi", BORN) != mark


@pytest.mark.parametrize(
    ("born", "age"), [(date(2021, 11, 24), 5), (date(2021, 11, 25), 4), (date(2024, 2, 29), 2)]
)
def test_age(born: date, age: int) -> None:
    """Full years on the day."""
    assert age_on(DAY, born) == age
