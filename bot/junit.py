"""Results as JUnit XML, which every CI system shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from bot.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was tried.

    Args:
        group: what it belongs to, as ``tests.conversations.taps``.
        failure: in a line, why it failed; empty when it passed.
        details: more about the failure.
    """

    group: str
    name: str
    file: str
    seconds: float
    failure: str = ""
    details: str = ""


def junit_xml(suite: str, cases: Sequence[Case]) -> bytes:
    """One test suite with these cases."""
    failed = sum(bool(case.failure) for case in cases)
    element = ET.Element(
        "testsuite",
        name=suite,
        tests=str(len(cases)),
        failures=str(failed),
        errors="0",
        time=f"{sum(case.seconds for case in cases):.3f}",
    )
    for case in cases:
        one = ET.SubElement(
            element,
            "testcase",
            classname=_allowed(case.group),
            name=_allowed(case.name),
            file=_allowed(case.file),
            time=f"{case.seconds:.3f}",
        )
        if case.failure:
            failure = ET.SubElement(one, "failure", message=_allowed(case.failure))
            failure.text = _allowed(case.details)
    root = ET.Element("testsuites")
    root.append(element)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def write_junit(path: Path, suite: str, cases: Sequence[Case]) -> None:
    """Write :func:`junit_xml` to a file.

    Raises:
        ConfigError: it cannot be written there.
    """
    try:
        path.write_bytes(junit_xml(suite, cases))
    except OSError as error:
        raise ConfigError(f"--junit: cannot write {path}: {error.strerror}") from None


def _allowed(text: str) -> str:
    """Without the characters XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or c >= "\ue000")
