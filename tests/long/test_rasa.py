"""Rasa, as it really is: trained from the repository's files, served, and asked."""

import asyncio
import os
import secrets
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

pytestmark = [pytest.mark.long, pytest.mark.asyncio(loop_scope="module")]

ROOT = Path(__file__).parents[2]
RASA = ROOT / "nlu" / ".venv" / "bin" / "rasa"
ENVIRON = {
    "PATH": os.environ["PATH"],
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
TRAINING_SECONDS = 300
START_SECONDS = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for Rasa to work in, with copies of what it reads."""
    if not RASA.exists():
        reason = f"{RASA.relative_to(ROOT)} is missing: `make nlu-venv` makes it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("rasa")
    shutil.copy(ROOT / "config.yml", folder)
    shutil.copytree(ROOT / "nlu" / "data", folder / "nlu" / "data")
    yield folder
    shutil.rmtree(folder)


async def run(folder: Path, *arguments: str) -> str:
    """Run Rasa to its end in ``folder``; what it said."""
    process = await asyncio.create_subprocess_exec(
        RASA,
        *arguments,
        cwd=folder,
        env={**ENVIRON, "HOME": str(folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(TRAINING_SECONDS):
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def model(folder: Path) -> Path:
    """A trained model; what the training said is in ``train.log``."""
    said = await run(
        folder,
        *("train", "nlu", "--config", "config.yml", "--nlu", "nlu/data"),
        *("--out", "models", "--fixed-model-name", "antre"),
    )
    (folder / "train.log").write_text(said)
    return folder / "models" / "antre.tar.gz"


class Server:
    """Rasa's HTTP server with our model."""

    def __init__(self, url: str, token: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.token = token
        self.session = session

    async def parse(self, text: str) -> dict[str, object]:
        """What Rasa makes of ``text``."""
        async with self.session.post(
            f"{self.url}/model/parse", params={"token": self.token}, json={"text": text}
        ) as answer:
            assert answer.status == 200, await answer.text()
            parsed: dict[str, object] = await answer.json()
            return parsed


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(folder: Path, model: Path) -> AsyncIterator[Server]:
    """Rasa on the loopback interface, ready to answer."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    token = secrets.token_urlsafe()
    log = (folder / "rasa.log").open("wb")
    process = await asyncio.create_subprocess_exec(
        RASA,
        *("run", "--enable-api", "--interface", "127.0.0.1", "--port", str(port)),
        *("--auth-token", token, "--model", str(model)),
        cwd=folder,
        env={**ENVIRON, "HOME": str(folder)},
        stdout=log,
        stderr=log,
    )
    try:
        async with aiohttp.ClientSession() as session:
            server = Server(f"http://127.0.0.1:{port}", token, session)
            async with asyncio.timeout(START_SECONDS):
                while not await is_ready(server):
                    assert process.returncode is None, (folder / "rasa.log").read_text()
                    await asyncio.sleep(0.5)
            yield server
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        log.close()


async def is_ready(server: Server) -> bool:
    """Whether the server answers and has loaded its model."""
    try:
        async with server.session.get(
            f"{server.url}/status", params={"token": server.token}
        ) as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False


@pytest.mark.usefixtures("model")
async def test_training_leaves_the_settings_alone(folder: Path) -> None:
    """Rasa trains from config.yml, the bot's own keys in it, and does not rewrite the file."""
    assert (folder / "config.yml").read_bytes() == (ROOT / "config.yml").read_bytes()


@pytest.mark.usefixtures("model")
async def test_training_warns_of_nothing(folder: Path) -> None:
    """Every marked entity begins and ends with a word, as Rasa wants it."""
    said = (folder / "train.log").read_text()
    assert "Misaligned entity" not in said, said


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("mau daftar paspor", "register"),
        ("pagi pak", "greet"),
        ("tanggal yg masih kosong kapan aja min", "ask_dates"),
        ("yang nomor 2 aja pak", "choose_option"),
        ("iya betul", "approve"),
        ("ga jadi deh", "cancel"),
        ("syarat bikin paspor apa aja", "ask_requirements"),
    ],
)
async def test_it_understands(server: Server, text: str, intent: str) -> None:
    """The served model names the intent of everyday messages."""
    parsed = await server.parse(text)
    assert parsed["intent"]["name"] == intent, parsed  # type: ignore[index]  # JSON


async def test_it_finds_entities(server: Server) -> None:
    """The served model finds a name and a birth date in one message."""
    parsed = await server.parse("nama saya Melati Umpama lahir 17 agustus 1990")
    found = {entity["entity"]: entity["value"] for entity in parsed["entities"]}  # type: ignore[attr-defined]  # JSON
    assert found == {"person_name": "Melati Umpama", "birth_date": "17 agustus 1990"}


async def test_the_api_wants_its_token(server: Server) -> None:
    """Without the token nobody parses, nor replaces the model: models are code."""
    async with server.session.post(f"{server.url}/model/parse", json={"text": "halo"}) as answer:
        assert answer.status == 401
