"""What `antre` says when it cannot start: one clear line a problem, and never a traceback."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.support.service import office_variables, run

GRAPH = "http://127.0.0.1:9/v26.0"


async def test_serve_names_every_missing_secret() -> None:
    """All three at once, and what to use instead without WhatsApp."""
    code, said = await run("serve")
    assert code == 1
    assert "Traceback" not in said
    for variable in ("WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_ACCESS_TOKEN"):
        assert variable in said
    assert "antre demo" in said


async def test_serve_names_the_one_that_is_missing() -> None:
    """An empty secret is a missing one; those that are set are not named, nor shown."""
    variables = office_variables(GRAPH, WHATSAPP_VERIFY_TOKEN=" ", ANTRE_REST_ENABLED="true")
    code, said = await run("serve", **variables)
    assert code == 1
    named = re.findall(r"^  (\w+)$", said, re.MULTILINE)
    assert named == ["WHATSAPP_VERIFY_TOKEN", "ANTRE_REST_TOKEN"]
    assert variables["WHATSAPP_APP_SECRET"] not in said


async def test_a_wrong_setting_is_one_line_with_its_place(tmp_path: Path) -> None:
    """File, line, column, and what was meant; the same for a variable."""
    config = tmp_path / "config.yml"
    config.write_text("server:\n  port: 8080\nstorage:\n  drivr: motor\n")
    for command in ("serve", "demo"):
        code, said = await run(command, "--config", str(config))
        assert code == 1
        (line,) = said.strip().splitlines()
        assert line.startswith(f"{config}:4:3: ")
        assert 'did you mean "driver"?' in line
    code, said = await run("demo", ANTRE_SERVER_PORT="eighty")
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("ANTRE_SERVER_PORT: ")


async def test_a_wrong_flow_is_named_with_its_place(tmp_path: Path) -> None:
    """A bot does not start on flows that cannot be used."""
    (tmp_path / "offices.yml").write_text("offices: {}\n")
    code, said = await run(
        "demo", "--data", str(tmp_path / "data"), ANTRE_FLOWS_FOLDER=str(tmp_path)
    )
    assert code == 1
    assert "Traceback" not in said
    assert f"{tmp_path / 'offices.yml'}:" in said


async def test_a_taken_port_is_said(tmp_path: Path) -> None:
    """The address and the way out, once the database is running and stopped again."""
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        code, said = await run("demo", "--port", str(port), "--data", str(tmp_path))
    assert code == 1
    assert "Traceback" not in said
    assert f"cannot listen on 127.0.0.1:{port}" in said
    assert "--port" in said


async def test_the_repositorys_own_flows_are_right() -> None:
    """`antre flows check` finds nothing to complain about."""
    code, said = await run("flows", "check")
    assert (code, "no mistakes" in said) == (0, True), said


@pytest.mark.long
async def test_a_number_is_blocked_and_let_in_again(tmp_path: Path) -> None:
    """The blacklist by command: what was done stays in the trail, in any spelling of the number."""
    data = ("--data", str(tmp_path))
    code, said = await run(
        "people", "block", "--phone", "0812 0000 0001", "--reason", "calo", "--author", "ani", *data
    )
    assert (code, "by staff:ani: calo" in said) == (0, True)
    code, said = await run("people", "unblock", "--phone", "+6281200000001", *data)
    assert (code, "blocked: no" in said) == (0, True)
    code, said = await run("people", "show", "--phone", "6281200000001", *data)
    assert re.findall(r"^trail: \S+ \S+ (\w+)", said, re.MULTILINE) == ["block", "unblock"]
    code, said = await run("people", "show", "--phone", "saya", *data)
    assert (code, said) == (1, "--phone: saya is not a telephone number; write it like 0812…\n")


async def test_workers_tell_a_mistake_once(tmp_path: Path) -> None:
    """Three processes that cannot start are one that says why; then there is nobody left."""
    (tmp_path / "offices.yml").write_text("offices: {}\n")
    variables = office_variables(GRAPH, ANTRE_FLOWS_FOLDER=str(tmp_path))
    data = str(tmp_path / "data")
    code, said = await run("serve", "--workers", "3", "--port", "9", "--data", data, **variables)
    assert (code, "Traceback" in said) == (1, False), said
    assert said.count(f"{tmp_path / 'offices.yml'}:1:1: 'defaults' is missing") == 1
    assert "worker 1 of 3 did not start (exit code 1)" in said


async def test_workers_say_at_once_that_a_port_is_taken(tmp_path: Path) -> None:
    """The address is opened before anything is started."""
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        options = ("--workers", "2", "--port", str(port), "--data", str(tmp_path))
        code, said = await run("serve", *options, **office_variables(GRAPH))
    assert (code, said.count("\n")) == (1, 1)
    assert f"cannot listen on 127.0.0.1:{port}" in said
