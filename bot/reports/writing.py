"""A report as text: a table for people, CSV and JSON for machines. The figures are the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.table import Table

from bot.reports.columns import KEYS
from bot.reports.report import Report, Row
from bot.reports.tally import Column, Value

NOTHING: Final = "-"
"""Shown where there is nothing to measure."""

BEFORE: Final = "before"
"""The last row, of what it is compared with."""

FORMULA: Final = (*"=+-@\t\r\n＝＋－＠",)  # noqa: RUF001 - wide ones count as well
"""What a formula may begin with."""


def title(report: Report) -> str:
    """What it is about, in one line."""
    days = f"{report.first} … {report.last}"
    return f"{report.name} · {days} · {report.zone}"


def tables_of(report: Report, width: int) -> list[Table]:
    """Tables no wider than ``width`` where one would be: its columns, Indonesian over English."""
    tables, columns = [], list(report.columns)
    first = max([*(len(row.key) for row in report.rows), *map(len, KEYS[report.by]), 5])
    while columns:
        taken, used = 0, first + 5
        while taken < len(columns) and (not taken or used + _width(columns[taken]) <= width):
            used += _width(columns[taken])
            taken += 1
        tables.append(_table(report, columns[:taken]))
        columns = columns[taken:]
    return tables


def csv_of(report: Report) -> str:
    """Comma-separated: ``by``, the columns' names; a row each, then the total, and last, if it is
    compared, the one of ``before``.
    """
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(_lines(report))
    return written.getvalue()


def excel_of(report: Report) -> str:
    """The same as Excel opens it where commas are decimal, as in Indonesia: a byte order mark,
    semicolons, decimal commas, and lines that end as Windows has it.
    """
    written = io.StringIO(newline="")
    written.write("\N{BYTE ORDER MARK}")
    lines = csv.writer(written, delimiter=";", lineterminator="\r\n")
    for line in _lines(report):
        lines.writerow(
            [str(cell).replace(".", ",") if isinstance(cell, float) else cell for cell in line]
        )
    return written.getvalue()


def json_of(report: Report) -> str:
    """``{office, name, zone, from, to, by, columns, rows: [{key, …}], total}``, and ``before:
    {from, to, …}`` if it is compared.
    """
    return json.dumps(document_of(report), ensure_ascii=False, indent=2) + "\n"


def document_of(report: Report) -> dict[str, Any]:
    """What :func:`json_of` writes."""
    document: dict[str, Any] = {
        "office": report.office,
        "name": report.name,
        "zone": report.zone,
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        "by": report.by,
        "columns": [
            {"name": column.name, "id": column.label[0], "en": column.label[1]}
            for column in report.columns
        ],
        "rows": [{"key": row.key, **row.figures} for row in report.rows],
        "total": dict(report.total.figures),
    }
    if report.before:
        days = {"from": report.before.first.isoformat(), "to": report.before.last.isoformat()}
        document["before"] = {**days, **report.before.figures}
    return document


def _table(report: Report, columns: list[Column]) -> Table:
    table = Table(title=title(report), box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_footer=True)
    key = "\n".join(KEYS[report.by])
    feet = _all_rows(report)[len(report.rows) :]
    table.add_column(key, footer="\n".join(row.key for row in feet), no_wrap=True)
    for column in columns:
        totals = "\n".join(shown(row.figures[column.name]) for row in feet)
        table.add_column("\n".join(column.label), footer=totals, justify="right", no_wrap=True)
    for row in report.rows:
        table.add_row(row.key, *(shown(row.figures[column.name]) for column in columns))
    return table


def shown(value: Value) -> str:
    """A figure as people read it."""
    return NOTHING if value is None else str(value)


def _width(column: Column) -> int:
    return max(map(len, column.label)) + 2


def _lines(report: Report) -> Iterator[list[Value]]:
    yield [report.by, *(column.name for column in report.columns)]
    for row in _all_rows(report):
        figures = (row.figures[column.name] for column in report.columns)
        yield [harmless(row.key), *figures]


def _all_rows(report: Report) -> list[Row]:
    before = [Row(BEFORE, report.before.figures)] if report.before else []
    return [*report.rows, report.total, *before]


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what may begin one gets an apostrophe."""
    return f"'{text}" if len(text) > 1 and text.startswith(FORMULA) else text
