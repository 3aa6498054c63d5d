"""What is logged, and what never is."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import LibraryLines, configure_logs, pseudonyms


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Logging is configured for the process: put it back."""
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("shape", ["console", "json"])
def test_an_exception_keeps_its_words_to_itself(
    shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log line names an error's type and places, never its text or the values around it."""
    configure_logs("info", shape)  # type: ignore[arg-type]  # parametrised
    name = "RINA " + "WULANDARI"
    try:
        int(name)
    except ValueError:
        structlog.get_logger().exception("turn_failed", alarm=True)
    logged = capsys.readouterr().err
    assert "turn_failed" in logged
    assert "ValueError" in logged
    assert "test_logs.py" in logged
    assert name not in logged


@pytest.mark.parametrize(
    ("message", "arguments", "said"),
    [
        ("Error handling request from %s", ("6281200000001",), "Error handling request from"),
        ("Exception in callback greet('RINA')", (), "Exception in callback greet"),
        ("Task exception was never retrieved\nfuture: <RINA>", (), "Task exception was never"),
    ],
)
def test_libraries_keep_values_to_themselves(
    message: str, arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of what a library logs there are its first words, its name and the error's type."""
    configure_logs("warning", "json")
    library = logging.Logger("aiohttp.server")  # noqa: LOG001 - one that has no other handlers
    library.addHandler(LibraryLines())
    library.error(message, *arguments, exc_info=ValueError("62812 RINA"))
    logged = capsys.readouterr().err
    line = json.loads(logged)
    assert (line["event"], line["library"], line["level"]) == (
        "library_logged",
        "aiohttp.server",
        "error",
    )
    assert line["said"].startswith(said)
    assert line["error"] == "ValueError"
    assert [each for each in ("RINA", "62812") if each in logged] == []


def test_json_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    """In the shape for machines every line is an object with event and level."""
    configure_logs("info", "json")
    structlog.get_logger().warning("outbox_left_for_sweeper", reason="down")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"]) == ("outbox_left_for_sweeper", "warning")


def test_a_level_leaves_out_what_lies_below(capsys: pytest.CaptureFixture[str]) -> None:
    """At ``warning`` nothing is told of what is only information."""
    configure_logs("warning", "json")
    structlog.get_logger().info("message_postponed")
    assert capsys.readouterr().err == ""


def test_pseudonyms_are_steady_and_tell_nothing() -> None:
    """One id has one name within a process, another in the next, and no digit run of the id."""
    name, again = pseudonyms(), pseudonyms()
    sender = "whatsapp:jakarta_pusat:6281200000001"
    assert name(sender) == name(sender)
    assert name(sender) != again(sender)
    assert name(sender) != name(sender + "0")
    assert "62812" not in name(sender)
