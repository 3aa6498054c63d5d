"""Rasa beside the bot, with a stand-in of what is installed: trained, served, stopped."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from nlu import rasa_server
from nlu.rasa import RasaClassifier
from nlu.rasa_home import RasaHome, RasaUnavailable, complaints_in
from nlu.rasa_server import RasaServer, run_beside
from tests.nlu.test_rasa import INSTEAD, Instead

ROOT = Path(__file__).parents[2]
CONFIG = """\
log: {level: info}
language: id
pipeline:
  - name: WhitespaceTokenizer
"""
EXAMPLES = """\
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - halo
      - pagi [Rina](person_name)
"""


@pytest.fixture
def home(tmp_path: Path) -> RasaHome:
    """A project's folder in which Rasa is installed."""
    (tmp_path / "config.yml").write_text(CONFIG)
    data = tmp_path / "nlu" / "data"
    (data / "test").mkdir(parents=True)
    (data / "talk.yml").write_text(EXAMPLES)
    (data / "test" / "held_out.yml").write_text("never learn this")
    (tmp_path / "nlu" / "requirements.lock").write_text("rasa==3.6.21")
    python = tmp_path / "nlu" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    installed = ROOT / "tests" / "support" / "installed"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}:{installed}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return RasaHome(tmp_path)


def write(home: RasaHome, line: str) -> None:
    """Add an example."""
    with (home.data / "talk.yml").open("a") as file:
        file.write(f"      - {line}\n")


class TestTraining:
    async def test_once(self, home: RasaHome) -> None:
        """A model of just these files is not made again."""
        first = await home.train()
        assert first.seconds > 0
        assert first.complaints == ()
        again = await home.train()
        assert (again.model, again.seconds) == (first.model, 0)

    async def test_on_the_training_files_alone(self, home: RasaHome) -> None:
        """What is held out is not learnt; nothing is left lying about; nothing else is written."""
        before = sorted(path for path in home.root.rglob("*") if home.models not in path.parents)
        model = (await home.train()).model
        assert model.read_text() == EXAMPLES
        assert (home.root / "config.yml").read_text() == CONFIG
        after = sorted(path for path in home.root.rglob("*") if home.models not in path.parents)
        assert after == sorted([*before, home.models])
        assert sorted(path.name for path in home.models.iterdir()) == [
            "asked.json",
            model.name,
            "tmp",
        ]
        assert list((home.models / "tmp").iterdir()) == []

    async def test_tidies_up(self, home: RasaHome) -> None:
        """Three models are kept, and nothing that a killed training left behind yesterday."""
        left = home.models / "tmp" / "workshop-left"
        left.mkdir(parents=True)
        os.utime(left, (0, 0))
        (left.parent / "model.crfsuite").touch()
        os.utime(left.parent / "model.crfsuite", (0, 0))
        made = []
        for number in range(4):
            write(home, f"halo {number}")
            made.append((await home.train()).model)
            os.utime(made[-1], (number, number))
        assert [model.exists() for model in made] == [False, True, True, True]
        assert list((home.models / "tmp").iterdir()) == []

    async def test_again_when_it_would_learn_something_else(self, home: RasaHome) -> None:
        """Examples, pipeline and Rasa's version make another model; the bot's settings do not."""
        models = [home.model]
        (home.root / "config.yml").write_text(CONFIG.replace("info", "debug"))
        assert home.model == models[0]
        (home.root / "config.yml").write_text(CONFIG + "  - name: RegexFeaturizer\n")
        models.append(home.model)
        write(home, "hai")
        models.append(home.model)
        (home.root / "nlu" / "requirements.lock").write_text("rasa==3.6.22")
        models.append(home.model)
        (home.data / "talk.yml").rename(home.data / "chat.yml")
        models.append(home.model)
        assert len(set(models)) == len(models)

    async def test_what_rasa_is_told(self, home: RasaHome, monkeypatch: pytest.MonkeyPatch) -> None:
        """No telemetry, nothing of the user's folders, none of the bot's secrets."""
        monkeypatch.setenv("MONGODB_URI", "mongodb://secret")
        await home.train()
        asked = json.loads((home.models / "asked.json").read_text())
        assert asked["arguments"][:4] == ["train", "nlu", "--config", str(home.config)]
        environment = asked["environment"]
        assert environment["RASA_TELEMETRY_ENABLED"] == "false"
        assert environment["HOME"] == str(home.models / "home")
        assert "MONGODB_URI" not in environment

    async def test_complaints(self, home: RasaHome) -> None:
        """What Rasa warns of comes along, a line each."""
        write(home, "complain")
        (complaint,) = (await home.train()).complaints
        assert complaint.startswith("Something is odd about")

    async def test_failing(self, home: RasaHome) -> None:
        """What Rasa said last is told; no model is left that is none."""
        write(home, "fail")
        with pytest.raises(RasaUnavailable, match=r"rasa train failed:\n.*nothing can"):
            await home.train()
        assert list(home.models.glob("*.tar.gz")) == []

    async def test_not_installed(self, home: RasaHome) -> None:
        """It is said what installs it."""
        home.python.unlink()
        with pytest.raises(RasaUnavailable, match="make nlu-venv"):
            await home.train()


class TestValidating:
    async def test_nothing_wrong(self, home: RasaHome) -> None:
        """Intents without stories are no mistake: the dialogue is the bot's."""
        assert await home.validate() == ()

    async def test_something_wrong(self, home: RasaHome) -> None:
        """What is wrong is told; Rasa was given a domain made of the examples."""
        write(home, "complain")
        (complaint,) = await home.validate()
        assert '{"version":"3.1","in' in complaint

    def test_complaints_of_one_kind_are_told_once(self) -> None:
        """Rasa looks at the same files several times."""
        said = "a.py:1: UserWarning: odd\n more\nINFO x\nb.py:2: UserWarning: odd\n"
        assert complaints_in(said) == ("odd",)


def command_line(process_id: int | None) -> str:
    """What everybody on this machine sees of a process, where there is a way to look."""
    command = Path(f"/proc/{process_id}/cmdline")
    return command.read_text() if command.exists() else ""


class TestServing:
    async def test_from_start_to_stop(self, home: RasaHome) -> None:
        """It answers to whoever has the token, and is gone afterwards."""
        model = (await home.train()).model
        async with RasaServer(home) as server:
            await server.start(model)
            async with RasaClassifier(server.url, server.token, Instead()) as classifier:
                assert (await classifier.rank("mau daftar"))[0].intent == "register"
            async with RasaClassifier(server.url, "guessed", Instead()) as classifier:
                assert await classifier.rank("mau daftar") == INSTEAD
            assert server.token not in command_line(server.process_id)
        async with ClientSession() as session:
            with pytest.raises(ClientError):
                await session.get(f"{server.url}/status")

    async def test_any_token(self, home: RasaHome) -> None:
        """One in 64 that are drawn begins with a dash, as options do."""
        model = (await home.train()).model
        async with RasaServer(home, token="-dashing") as server:
            await server.start(model)
            async with RasaClassifier(server.url, server.token, Instead()) as classifier:
                assert (await classifier.rank("mau daftar"))[0].intent == "register"

    async def test_one_that_ends(self, home: RasaHome) -> None:
        """Its log's last lines say why."""
        write(home, "start and end")
        model = (await home.train()).model
        async with RasaServer(home) as server:
            with pytest.raises(
                RasaUnavailable, match=r"ended with code 1; .*\nthe model is broken"
            ):
                await server.start(model)

    async def test_one_that_does_not_answer(
        self, home: RasaHome, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is not waited for for ever, and stopped."""
        monkeypatch.setattr(rasa_server, "START_SECONDS", 0.5)
        write(home, "never start")
        model = (await home.train()).model
        async with RasaServer(home) as server:
            with pytest.raises(RasaUnavailable, match="does not answer"):
                await server.start(model)
            process_id = server.process_id
        assert process_id
        with pytest.raises(ProcessLookupError):
            os.kill(process_id, 0)


class TestBeside:
    async def test_waiting_for_it(self, home: RasaHome, capfd: pytest.CaptureFixture[str]) -> None:
        """The command begins when Rasa answers, and is told where; its exit code is handed on."""
        ask = (
            "import os, sys, urllib.request\n"
            "names = 'ANTRE_NLU_PROVIDER', 'ANTRE_NLU_RASA_URL', 'ANTRE_RASA_TOKEN'\n"
            "provider, url, token = (os.environ[name] for name in names)\n"
            "urllib.request.urlopen(f'{url}/status?token={token}')\n"
            "print(provider, url, token)\n"
            "sys.exit(7)\n"
        )
        assert await run_beside(home, [sys.executable, "-c", ask], wait=True) == 7
        told, said = capfd.readouterr()
        provider, url, token = told.split()
        assert provider == "rasa"
        assert f"Rasa answers at {url}" in said
        assert token not in said

    async def test_not_waiting_for_it(
        self, home: RasaHome, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """The command begins at once, and goes on when Rasa does not come."""
        write(home, "start and end")
        log = home.models / "rasa.log"
        until_it_failed = (
            "import pathlib, time\n"
            f"log = pathlib.Path({str(log)!r})\n"
            "while not log.exists() or 'broken' not in log.read_text(): time.sleep(0.05)\n"
            "time.sleep(1)\n"
        )
        assert await run_beside(home, [sys.executable, "-c", until_it_failed], wait=False) == 0
        said = capfd.readouterr().err
        assert "the embedded classifier understands alone" in said
        assert "the model is broken" in said

    async def test_stopping(self, home: RasaHome) -> None:
        """Whoever is stopped stops the command first, then Rasa."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "nlu.rasa_server", "run", "--wait", "--"),
            *(sys.executable, "-c", "import time; print('begun', flush=True); time.sleep(60)"),
            cwd=home.root,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout
        assert process.stderr
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == b"begun\n"
            process.send_signal(signal.SIGTERM)
            said = (await process.stderr.read()).decode()
            assert await process.wait() not in (None, 0)
        url = said.partition("Rasa answers at ")[2].split()[0]
        async with ClientSession() as session:
            with pytest.raises(ClientError):
                await session.get(f"{url}/status")

    async def test_killed(self, home: RasaHome) -> None:
        """A Rasa whose owner was killed ends by itself."""
        await home.train()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "nlu.rasa_server", "serve", "--port", "0"),
            cwd=home.root,
            env=os.environ | {"PYTHONPATH": str(ROOT), "ANTRE_RASA_TOKEN": "chosen"},
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout
        async with asyncio.timeout(30):
            lines = [(await process.stdout.readline()).decode().strip() for _ in range(3)]
            told = dict(line.removeprefix("export ").split("=") for line in lines)
            assert told["ANTRE_RASA_TOKEN"] == "chosen"
            process.kill()
            await process.wait()
            async with ClientSession() as session:
                while True:
                    try:
                        await session.get(f"{told['ANTRE_NLU_RASA_URL']}/status")
                    except ClientError:
                        break
                    await asyncio.sleep(0.1)
