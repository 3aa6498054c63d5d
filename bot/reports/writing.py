"""A report as text: a table for people, CSV and JSON for machines. The figures are the same."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from bot.reports.columns import KEYS
from bot.reports.report import Report, Row
from bot.reports.tally import Column, Value

NOTHING = "-"
"""Shown where there is nothing to measure."""


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
    """Comma-separated: ``by``, the columns' names; a row each, the total last."""
    written = io.StringIO(newline="")
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow([report.by, *(column.name for column in report.columns)])
    for row in _all_rows(report):
        lines.writerow([row.key, *(row.figures[column.name] for column in report.columns)])
    return written.getvalue()


def json_of(report: Report) -> str:
    """``{office, name, zone, from, to, by, columns, rows: [{key, …}], total}``."""
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
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _table(report: Report, columns: list[Column]) -> Table:
    table = Table(title=title(report), box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_footer=True)
    key = "\n".join(KEYS[report.by])
    table.add_column(key, footer=report.total.key, no_wrap=True)
    for column in columns:
        total = shown(report.total.figures[column.name])
        table.add_column("\n".join(column.label), footer=total, justify="right", no_wrap=True)
    for row in report.rows:
        table.add_row(row.key, *(shown(row.figures[column.name]) for column in columns))
    return table


def shown(value: Value) -> str:
    """A figure as people read it."""
    return NOTHING if value is None else str(value)


def _width(column: Column) -> int:
    return max(map(len, column.label)) + 2


def _all_rows(report: Report) -> list[Row]:
    return [*report.rows, report.total]
