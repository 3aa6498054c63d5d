"""What becomes of coverage: the table, the files, and whether it is enough."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.console import Console
from bot.definitions import load_definitions
from bot.errors import ConfigError
from bot.replay.coverage import Coverage
from bot.replay.coverage_page import write_pages
from bot.replay.coverage_table import coverage_document, show_coverage
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Showing:
    """How coverage is to be shown, beside the table.

    Args:
        json: a file for every point.
        html: a folder for pages.
        at_least: the percentage of states and transitions that is enough.
    """

    json: Path | None = None
    html: Path | None = None
    at_least: float | None = None


def show_and_write(
    coverage: Coverage, settings: Settings, showing: Showing, console: Console
) -> bool:
    """Print how much is exercised, write it, and say whether it is enough.

    Raises:
        ConfigError: a file cannot be written.
    """
    show_coverage(coverage, console)
    if showing.json:
        write_json(showing.json, coverage_document(coverage), "--coverage-json")
    if showing.html:
        write_pages(coverage, load_definitions(settings.flows).flows.flows, showing.html)
    if showing.at_least is None or coverage.percent() >= showing.at_least:
        return True
    console.print(f"that is less than {showing.at_least:g} %", style="red")
    return False


def write_json(file: Path, document: Any, option: str) -> None:
    """Write a document, for people too.

    Raises:
        ConfigError: it cannot be written; names the option that asked for it.
    """
    try:
        text = json.dumps(document, ensure_ascii=False, indent=2)
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{option}: {file} cannot be written: {error.strerror}") from None
