"""The same figures in every form."""

import csv
import io
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import cli
from bot.commands import reports
from bot.commands.reports import days_asked
from bot.console import Console
from bot.errors import ConfigError
from bot.reports.columns import BYS, COLUMNS, COUNTED, By
from bot.reports.plotting import figure_of, picture
from bot.reports.ranges import Range
from bot.reports.report import Report, Row, compared
from bot.reports.writing import csv_of, excel_of, harmless, json_of, tables_of


def a_report(by: By, groups: int = 3) -> Report:
    """Figures that are all different, with gaps; groups with names as long as real ones."""
    names = {"day": "2026-11-{:02d}", "hour": "{:02d}:00", "state": "passport_one_shot.state_{}"}
    columns = COLUMNS[by]

    def row(key: str, at: int) -> Row:
        values: dict[str, Any] = {}
        for n, column in enumerate(columns):
            times = column.name.endswith(("_mean", "_median", "_p90", "_percent"))
            value = at * 100 + n
            values[column.name] = (None if at % 2 else value + 0.5) if times else value
        return Row(key, values)

    rows = tuple(row(names.get(by, "group {}").format(at), at) for at in range(1, groups + 1))
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    total = row("total", groups + 1)
    return Report("contoh", "Kantor Contoh", "WIB", first, last, by, rows, total)


@pytest.mark.parametrize("by", BYS)
def test_the_same_in_every_form(by: By) -> None:
    """CSV, JSON and table have every figure of every row, under every column."""
    report = a_report(by)
    wanted = [dict(row.figures) for row in (*report.rows, report.total)]
    lines = list(csv.DictReader(io.StringIO(csv_of(report))))
    assert [line.pop(by) for line in lines] == [*(row.key for row in report.rows), "total"]
    assert lines == [{k: "" if v is None else str(v) for k, v in row.items()} for row in wanted]
    told = json.loads(json_of(report))
    assert [{k: v for k, v in row.items() if k != "key"} for row in told["rows"]] == wanted[:-1]
    assert told["total"] == wanted[-1]
    assert [column["name"] for column in told["columns"]] == list(wanted[0])
    for width in (80, 100, 110, 125, 200):
        text = io.StringIO()
        console = Console(width=width, file=text)
        for table in tables_of(report, width):
            console.print(table)
        cells = text.getvalue().split()
        for row in wanted:
            assert all(str(value) in cells for value in row.values() if value is not None)
        for label in (part for column in report.columns for part in column.label):
            assert label in text.getvalue()  # none is cut


def test_compared_in_every_form() -> None:
    """What was before is the last row of CSV and Excel, a part of JSON, and under the tables."""
    report = compared(a_report("hour"), a_report("hour", 5))
    assert report.before
    wanted = dict(report.before.figures)
    line = list(csv.DictReader(io.StringIO(csv_of(report))))[-1]
    assert line.pop("hour") == "before"
    assert line == {name: "" if value is None else str(value) for name, value in wanted.items()}
    *_, last = csv.reader(io.StringIO(excel_of(report)), delimiter=";")
    assert last == ["before", *(cell.replace(".", ",") for cell in line.values())]
    told = json.loads(json_of(report))["before"]
    assert (told.pop("from"), told.pop("to")) == ("2026-11-01", "2026-11-30")
    assert told == wanted
    text = io.StringIO()
    for table in tables_of(report, 200):
        Console(width=200, file=text).print(table)
    assert all(str(value) in text.getvalue() for value in wanted.values() if value is not None)


@given(st.text(max_size=20))
def test_no_text_begins_a_formula(text: str) -> None:
    """Whatever a group is called, a spreadsheet takes it for text; nothing of it is lost."""
    cell = harmless(text)
    assert cell in {text, f"'{text}"}
    assert len(cell) < 2 or cell[0] not in "=+-@\t\r\n"


def test_the_command_knows_every_grouping() -> None:
    """What ``--by`` takes is what reports can be made by."""
    assert set(get_args(reports.By)) == set(BYS)


@pytest.mark.parametrize("by", COUNTED)
def test_the_picture_has_the_figures(by: By) -> None:
    """Bars are as long as the figures, lines go through them, and the legend has the totals."""
    report = a_report(by)
    drawn = set()
    for axes in figure_of(report, "light").axes:
        bars: dict[str, list[float]] = {}
        for patch in axes.patches:
            length = patch.get_width() if by in {"staff", "reason", "state"} else patch.get_height()
            bars.setdefault(patch.get_gid(), []).append(length)
        for name, lengths in bars.items():
            assert lengths == [row.figures[name] for row in report.rows]
        for line in axes.lines:
            values = line.get_xdata() if by in {"staff", "reason", "state"} else line.get_ydata()
            wanted = [row.figures[line.get_gid()] for row in report.rows]
            assert [None if value != value else value for value in values] == wanted  # noqa: PLR0124 - a gap is not equal to itself
        names = {column.label: column.name for column in report.columns}
        for text in axes.get_legend().get_texts():
            label, _, total = text.get_text().rpartition(": ")
            name = names[tuple(label.split(" / "))]
            assert total == str(report.total.figures[name] or "-")
            drawn.add(name)
        assert bars.keys() <= drawn
    assert drawn


@pytest.mark.parametrize(("theme", "groups"), [("light", 0), ("dark", 1), ("light", 90)])
def test_pictures(theme: Any, groups: int) -> None:
    """Of a season, of one group and of none."""
    assert picture(a_report("session", groups), "png", theme).startswith(b"\x89PNG")


def test_a_picture_again() -> None:
    """The same report gives the same bytes; an SVG's words are words."""
    report = a_report("reason")
    svg = picture(report, "svg", "light")
    assert b"Ditolak / Rejected" in svg
    assert svg == picture(report, "svg", "light")


def test_the_range() -> None:
    """This month when nothing is said; else to the end of the first day's month."""
    today = date(2026, 12, 5)
    assert days_asked("", "", today) == Range(date(2026, 12, 1), date(2026, 12, 31))
    assert days_asked("2027-02-10", "", today) == Range(date(2027, 2, 10), date(2027, 2, 28))
    assert days_asked("2026-01-01", "2026-12-31", today).last == date(2026, 12, 31)
    with pytest.raises(ConfigError, match="before"):
        days_asked("2026-11-02", "2026-11-01", today)
    with pytest.raises(ConfigError, match="2026-12-31"):
        days_asked("1 November", "", today)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Any]:
    """Run ``antre report`` on an empty database."""
    kept = {name: os.environ.pop(name, None) for name in ("MONGODB_URI",)}

    def running(*words: str) -> Any:
        arguments = ["report", *words, "--config", "config.yml", "--data", str(tmp_path / "data")]
        return CliRunner().invoke(cli, arguments)

    yield running
    os.environ.update({name: value for name, value in kept.items() if value})


def test_the_command(run: Any) -> None:
    """It reports on an office without bookings; a picture wants to know where it goes."""
    dates = ("--from", "2026-11-23", "--to", "2026-11-29")
    done = run("jakarta_pusat", *dates, "--format", "csv", "--compare")
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [int(row["quota"]) > 0 for row in rows] == [True] * 5 + [False] * 2 + [True] * 2
    assert "-o" in str(run("jakarta_pusat", "--format", "png").exception)
