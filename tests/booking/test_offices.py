from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest

from bot.booking.codes import booking_code, read_booking_code
from bot.booking.office import Cancel, Offices, load_offices
from bot.booking.plan import seats_of
from bot.errors import FlowError

OFFICES_YML = Path(__file__).parents[2] / "flows" / "offices.yml"

DEFAULTS = """\
defaults:
  time_zone: Asia/Jakarta
  flow: passport_guided
  closed: {2026-12-30: Stok opname, 2026-12-31: Tutup buku}
  opened: [2027-01-02, 2027-01-03]
  sessions:
    - {id: pagi, name: {id: Pagi}, from: "08:00", until: "12:00", seats: 20}
"""


@pytest.fixture(scope="module")
def shipped() -> Offices:
    """The offices of the file that is delivered."""
    return load_offices(OFFICES_YML)


def read(folder: Path, text: str) -> Offices:
    """The offices of a file that says ``text``."""
    file = folder / "offices.yml"
    file.write_text(text, encoding="utf-8")
    return load_offices(file)


def mistakes(folder: Path, text: str) -> list[str]:
    """The complaints about a file that says ``text``, one a line."""
    with pytest.raises(FlowError) as error:
        read(folder, text)
    return [line.removeprefix(f"{folder}/") for line in str(error.value).splitlines()]


class TestShippedOffices:
    def test_every_named_office_is_there(self, shipped: Offices) -> None:
        """The fifteen offices the press reports name, in the order of the file."""
        assert [office.id for office in shipped] == [
            "jakarta_pusat", "tangerang", "bogor", "batam", "jakarta_timur", "jakarta_utara",
            "jakarta_selatan", "depok", "karawang", "makassar", "medan", "bandung", "surabaya",
            "denpasar", "yogyakarta",
        ]  # fmt: skip
        assert len(shipped) == 15

    @pytest.mark.parametrize(
        ("number", "office_id"),
        [
            ("0812 9900 4406", "jakarta_pusat"),
            ("6281299004406", "jakarta_pusat"),
            ("+62 811-8119-000", "tangerang"),
            ("08 1111 00 333", "bogor"),
            ("0822 8886 2017", "batam"),
            ("0822 8882 2017", "batam"),
        ],
    )
    def test_an_office_is_found_by_its_number(
        self, shipped: Offices, number: str, office_id: str
    ) -> None:
        """Every number of the reports leads to its office, however it is written."""
        office = shipped.by_number(number)
        assert office is not None
        assert office.id == office_id

    def test_no_other_number_is_claimed(self, shipped: Offices) -> None:
        """Only the five published numbers stand in the file; a stranger's number is nobody's."""
        assert sum(len(office.numbers) for office in shipped) == 5
        assert shipped.by_number("6281200000001") is None
        assert shipped.by_number("no number") is None

    @pytest.mark.parametrize(
        ("office_id", "quota", "cancel", "zone"),
        [
            ("jakarta_pusat", 250, Cancel.UNTIL_DAY_BEFORE, "Asia/Jakarta"),
            ("tangerang", 250, Cancel.UNTIL_DAY_BEFORE, "Asia/Jakarta"),
            ("bogor", 150, Cancel.NEVER, "Asia/Jakarta"),
            ("batam", 150, Cancel.UNTIL_DAY_BEFORE, "Asia/Jakarta"),
            ("makassar", 150, Cancel.UNTIL_DAY_BEFORE, "Asia/Makassar"),
            ("denpasar", 150, Cancel.UNTIL_DAY_BEFORE, "Asia/Makassar"),
        ],
    )
    def test_rules_are_those_of_the_reports(
        self, shipped: Offices, office_id: str, quota: int, cancel: Cancel, zone: str
    ) -> None:
        """Quotas, cancelling and time zones, where the reports tell or geography does."""
        office = shipped.get(office_id)
        assert office is not None
        assert (office.quota, office.cancel, office.time_zone) == (quota, cancel, zone)

    def test_tangerang_calls_at_the_hours_tempo_saw(self, shipped: Offices) -> None:
        """Tempo met a family called at 11.00, 12.00 and 13.00 (Source: 000_…)."""
        tangerang = shipped.get("tangerang")
        assert tangerang is not None
        hours = {f"{seat.hour:%H.%M}" for seat in seats_of(tangerang, date(2017, 8, 8))}
        assert {"11.00", "12.00", "13.00"} <= hours

    def test_session_names_are_in_both_languages(self, shipped: Offices) -> None:
        """What applicants read is there in Indonesian and English."""
        names = {(s.called("id"), s.called("en")) for office in shipped for s in office.sessions}
        assert names == {("Pagi", "Morning"), ("Siang", "Afternoon")}

    def test_an_office_more_is_data_only(self, tmp_path: Path) -> None:
        """Four lines in the file make an office with a number, seats and codes of its own."""
        text = OFFICES_YML.read_text(encoding="utf-8") + (
            "\n  kota_contoh:\n    name: Kantor Contoh\n    short_name: Kota Contoh\n"
            '    prefix: KCN\n    numbers: ["+62 812 0000 0001"]\n'
        )
        offices = read(tmp_path, text)
        office = offices.by_number("6281200000001")
        assert office is not None
        assert office.id == "kota_contoh"
        assert len(seats_of(office, date(2026, 11, 24))) == office.quota == 150
        code = booking_code(office.prefix, Random(1))
        assert read_booking_code(code, offices.prefixes) == code


class TestLoadOffices:
    def test_an_offices_own_rule_replaces_the_default(self, tmp_path: Path) -> None:
        """What stands under an office wins; the rest comes from ``defaults``."""
        offices = read(
            tmp_path,
            DEFAULTS + "offices:\n"
            "  a: {name: A, short_name: A, prefix: AAA, hold_minutes: 5}\n"
            "  b: {name: B, short_name: B, prefix: BBB}\n",
        )
        a, b = offices
        assert (a.hold_minutes, b.hold_minutes) == (5, 15)
        assert a.sessions == b.sessions

    def test_dates_of_an_office_are_added_and_have_the_last_word(self, tmp_path: Path) -> None:
        """Closed and opened dates add up; where both speak of a date, the office decides."""
        offices = read(
            tmp_path,
            DEFAULTS + "offices:\n"
            "  a: {name: A, short_name: A, prefix: AAA, closed: {2027-01-02: Banjir},"
            " opened: [2026-12-31]}\n",
        )
        (a,) = offices
        assert a.closed == {date(2026, 12, 30): "Stok opname", date(2027, 1, 2): "Banjir"}
        assert a.opened == {date(2026, 12, 31), date(2027, 1, 3)}

    def test_every_mistake_is_named_with_its_place(self, tmp_path: Path) -> None:
        """One line a mistake, in reading order, with what was probably meant."""
        found = mistakes(
            tmp_path,
            DEFAULTS + "offices:\n"
            "  a: {name: A, short_name: A, prefix: AAA, hold_minuts: 5}\n"
            "  b:\n"
            "    id: b\n"
            "    short_name: B\n"
            "    prefix: BOB\n"
            "    slot_minutes: 50\n",
        )
        assert found == [
            "offices.yml:9:44: unknown key 'hold_minuts'; did you mean 'hold_minutes'?",
            (
                "offices.yml:10:3: sessions: session pagi (08:00 to 12:00) "
                "cannot be cut into hours of 50 minutes (slot_minutes)"
            ),
            "offices.yml:10:3: 'name' is missing here",
            "offices.yml:11:5: the id is 'b'; delete this",
            (
                "offices.yml:13:5: prefix: a prefix is three capital letters without I, L and O, "
                "which people read as digits, not 'BOB'"
            ),
        ]

    def test_a_mistake_in_defaults_is_named_once(self, tmp_path: Path) -> None:
        """Eight offices under a wrong default make one complaint, at the default."""
        offices = "".join(
            f"  a{n}: {{name: A{n}, short_name: A{n}, prefix: AA{prefix}}}\n"
            for n, prefix in enumerate("ABCDEFGH")
        )
        text = DEFAULTS.replace("flow:", "prefix: AAA\n  lead_day: 1\n  hold_minutes: 0\n  flow:")
        unknown, *others = mistakes(tmp_path, text + "offices:\n" + offices)
        assert unknown.startswith("offices.yml:3:3: unknown key 'prefix'; known are: ")
        assert others == [
            "offices.yml:4:3: unknown key 'lead_day'; did you mean 'lead_days'?",
            "offices.yml:5:3: hold_minutes: input should be greater than or equal to 1, not 0",
        ]

    def test_what_tells_offices_apart_is_theirs_alone(self, tmp_path: Path) -> None:
        """A prefix, number or name of two offices would send applicants to the wrong one."""
        found = mistakes(
            tmp_path,
            DEFAULTS + "offices:\n"
            '  a: {name: A, short_name: Kota, prefix: AAA, numbers: ["0812 0000 0001"]}\n'
            '  b: {name: B, short_name: B, prefix: AAA, numbers: ["+6281200000001"],'
            " aliases: [kota]}\n",
        )
        assert found == [
            "offices.yml:10:31: prefix: 'AAA' already belongs to a",
            "offices.yml:10:44: numbers: '6281200000001' already belongs to a",
            "offices.yml:10:73: aliases: 'kota' already belongs to a",
        ]

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("", "offices.yml:1:1: "),
            ("- a", "offices.yml:1:1: "),
            (DEFAULTS, "offices.yml:1:1: 'offices' is missing"),
            (DEFAULTS + "offices: {}\n", "offices.yml:8:1: offices: "),
            (DEFAULTS + "offices:\n  a:\n", "offices.yml:9:3: a: "),
            (DEFAULTS + "offices:\n  A b: {}\n", "offices.yml:9:3: A b: an id is small letters"),
            (DEFAULTS + "offices:\n  a: {}\n  a: {}\n", "offices.yml:10:3: this key stands"),
            (DEFAULTS + "offices:\n\ta: {}\n", "offices.yml:9:1: a tab"),
        ],
    )
    def test_no_file_ends_in_a_traceback(self, tmp_path: Path, text: str, line: str) -> None:
        """Whatever stands in the file, the answer is a place and a sentence."""
        assert mistakes(tmp_path, text)[0].startswith(line)

    def test_a_missing_file_is_a_finding_too(self, tmp_path: Path) -> None:
        """The file that is not there is named."""
        with pytest.raises(FlowError, match=r"nowhere\.yml:1:1: the file does not exist"):
            load_offices(tmp_path / "nowhere.yml")
