"""Findings as programs read them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Literal

from bot.errors import Finding


def written(findings: Iterable[Finding], form: Literal["json", "github"]) -> str:
    """Findings as a JSON list of ``{file, line, column, message, severity}`` (``error`` or
    ``warning``), or as GitHub's annotations. What stands in no file has an empty one.
    """
    if form == "github":
        return "\n".join(map(_annotation, findings))
    listed = [
        {
            "file": finding.place.file,
            "line": finding.place.line,
            "column": finding.place.column,
            "message": finding.message,
            "severity": _severity(finding),
        }
        for finding in findings
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2)


def _annotation(finding: Finding) -> str:
    """A line that GitHub Actions shows beside the line it complains of."""
    place = finding.place
    where = f" file={_escaped(place.file)},line={place.line or 1},col={place.column or 1}"
    message = finding.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{_severity(finding)}{where if place.file else ''}::{message}"


def _severity(finding: Finding) -> str:
    return "warning" if finding.warning else "error"


def _escaped(name: str) -> str:
    """A file's name within an annotation's properties."""
    return name.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
