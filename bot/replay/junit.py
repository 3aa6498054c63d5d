"""Results as JUnit XML, which every CI system shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from bot.errors import ConfigError
from bot.replay.suite import Result


def junit_xml(results: Sequence[Result]) -> bytes:
    """One test suite with a test case for each recording."""
    failed = sum(not result.passed for result in results)
    suite = ET.Element(
        "testsuite",
        name="antre replay",
        tests=str(len(results)),
        failures=str(failed),
        errors="0",
        time=f"{sum(result.seconds for result in results):.3f}",
    )
    for result in results:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=".".join(result.path.with_suffix("").parts).strip("./"),
            name=result.title or result.path.stem,
            file=str(result.path),
            time=f"{result.seconds:.3f}",
        )
        if not result.passed:
            first, *_ = result.complaints
            failure = ET.SubElement(case, "failure", message=_allowed(first.headline))
            failure.text = _allowed("\n\n".join(str(each) for each in result.complaints))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def write_junit(path: Path, results: Sequence[Result]) -> None:
    """Write :func:`junit_xml` to a file.

    Raises:
        ConfigError: it cannot be written there.
    """
    try:
        path.write_bytes(junit_xml(results))
    except OSError as error:
        raise ConfigError(f"--junit: cannot write {path}: {error.strerror}") from None


def _allowed(text: str) -> str:
    """Without the characters XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or c >= "\ue000")
