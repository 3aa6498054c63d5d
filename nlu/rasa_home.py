"""Rasa's folders: what it learns from, the models it makes, how its command is run.

Rasa itself lives in ``nlu/.venv`` (``make nlu-venv``), Python 3.10, and writes into ``nlu/models``
only: models, its cache, its log, and what it takes for its user's home.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from ruamel.yaml import YAML

from bot.errors import AntreError
from nlu.corpus import read_corpus, training_files
from nlu.rasa_main import OWNER

TRAIN_SECONDS: Final = 600.0
STOP_SECONDS: Final = 10.0
LOG_LINES: Final = 20

MODELS_KEPT: Final = 3
LEFT_SECONDS: Final = 24 * 3600.0
"""After so long nobody works in a temporary folder any more."""

LEARNT_FROM: Final = ("recipe", "language", "pipeline")
"""Keys of ``config.yml`` that a model depends on."""

ALWAYS: Final = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}


_WARNING: Final = re.compile(r"UserWarning: (.+)")
_NO_STORY: Final = "is not used in any story or rule"


class RasaUnavailable(AntreError):
    """Rasa is not installed, does not train or does not start; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model.

    Args:
        seconds: it took to train; none, if it was there.
        complaints: Rasa's, of the training data.
    """

    model: Path
    seconds: float = 0.0
    complaints: tuple[str, ...] = ()


class RasaHome:
    """The folders Rasa works with.

    Args:
        root: of the project, with ``config.yml`` and ``nlu/data``.
        models: where models, and all else that Rasa writes, are kept.
    """

    def __init__(self, root: Path, models: Path | None = None) -> None:
        self.root = root.absolute()
        self.config = self.root / "config.yml"
        self.data = self.root / "nlu" / "data"
        self.models = models or self.root / "nlu" / "models"
        self.python = self.root / "nlu" / ".venv" / "bin" / "python"

    @property
    def model(self) -> Path:
        """The model of what stands in the files now, whether it is there or not."""
        written = YAML(typ="safe", pure=True).load(self.config.read_text(encoding="utf-8"))
        learnt = hashlib.sha256(orjson.dumps([written.get(key) for key in LEARNT_FROM]))
        for path in [*training_files(self.data), self.root / "nlu" / "requirements.lock"]:
            learnt.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return self.models / f"rasa-{learnt.hexdigest()[:16]}.tar.gz"

    def environment(self, **more: str) -> dict[str, str]:
        """Of a Rasa process: it finds nothing of the user's, and writes into ``models``."""
        folders = {"HOME": "home", "TMPDIR": "tmp", "RASA_CACHE_DIRECTORY": "cache"}
        own = {name: str(self.models / folder) for name, folder in folders.items()}
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | ALWAYS | own | more

    def snapshot(self, folder: Path) -> Path:
        """Copy the training files, and none of the test files beside them, into ``folder``."""
        copies = folder / "data"
        copies.mkdir()
        for path in training_files(self.data):
            shutil.copy(path, copies / path.name)
        return copies

    async def train(self) -> Trained:
        """Train, unless the model is there.

        Raises:
            RasaUnavailable: the text ends with what Rasa said last.
        """
        model, began = self.model, time.monotonic()
        if model.exists():
            return Trained(model)
        with self._workshop() as name:
            workshop = Path(name)
            said = await self.rasa(
                *("train", "nlu", "--config", self.config, "--nlu", self.snapshot(workshop)),
                *("--out", workshop, "--fixed-model-name", "model"),
            )
            (workshop / "model.tar.gz").replace(model)
        self._tidy()
        return Trained(model, time.monotonic() - began, complaints_in(said))

    async def validate(self) -> tuple[str, ...]:
        """Have Rasa check settings and training data; what it complains of.

        Raises:
            RasaUnavailable: it could not.
        """
        with self._workshop() as name:
            # Rasa wants a domain beside the examples; ours is what the examples are of.
            domain = Path(name) / "domain.yml"
            domain.write_bytes(orjson.dumps(self._domain()))
            data = self.snapshot(Path(name))
            return complaints_in(
                await self.rasa(
                    *("data", "validate", "--config", self.config),
                    *("--domain", domain, "--data", data),
                )
            )

    def _domain(self) -> dict[str, Any]:
        corpus = read_corpus(self.data)
        kinds = {entity.type for example in corpus.examples for entity in example.entities}
        return {"version": "3.1", "intents": list(corpus.intents), "entities": sorted(kinds)}

    async def rasa(self, *arguments: str | Path) -> str:
        """Run Rasa's command to its end; what it said.

        Raises:
            RasaUnavailable: it is not there, takes too long, or fails.
        """
        process = await self.start(*arguments, output=PIPE)
        try:
            async with asyncio.timeout(TRAIN_SECONDS):
                said = (await process.communicate())[0].decode(errors="replace")
        except TimeoutError:
            raise RasaUnavailable(
                f"rasa {arguments[0]} took more than {TRAIN_SECONDS:.0f} s and was stopped"
            ) from None
        finally:
            await end(process)
        if process.returncode:
            raise RasaUnavailable(f"rasa {arguments[0]} failed:\n{last_lines(said)}")
        return said

    async def start(self, *arguments: str | Path, output: Any, **variables: str) -> Process:
        """Start Rasa's command.

        Args:
            output: where it writes to, as subprocesses take it.
            variables: of its environment.

        Raises:
            RasaUnavailable: it is not installed.
        """
        self._tmp()
        try:
            return await asyncio.create_subprocess_exec(
                *(self.python, "-m", "nlu.rasa_main", *arguments),
                cwd=self.root,
                env=self.environment(**{OWNER: str(os.getpid())}, **variables),
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
                start_new_session=True,  # Ctrl-C is for the bot; Rasa is stopped after it
            )
        except FileNotFoundError:
            raise RasaUnavailable(
                f"{self.python} is missing: `make nlu-venv` installs Rasa (2.7 GB, Python 3.10)"
            ) from None

    def _workshop(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="workshop-", dir=self._tmp())

    def _tmp(self) -> Path:
        tmp = self.models / "tmp"
        tmp.mkdir(parents=True, exist_ok=True)
        return tmp

    def _tidy(self) -> None:
        """Let go of older models, and of what killed processes left behind."""
        models = sorted(self.models.glob("rasa-*.tar.gz"), key=lambda path: path.stat().st_mtime)
        for model in models[:-MODELS_KEPT]:
            model.unlink(missing_ok=True)
        for left in self._tmp().iterdir():
            if time.time() - left.stat().st_mtime <= LEFT_SECONDS:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)  # the CRF leaves one of each training


def complaints_in(said: str) -> tuple[str, ...]:
    """Rasa's warnings of its user, by the first line of each.

    That no story tells of an intent is none: the dialogue is the bot's.
    """
    found = (match[1].strip() for match in _WARNING.finditer(said))
    return tuple(line for line in dict.fromkeys(found) if _NO_STORY not in line)


async def end(process: Process) -> None:
    """Ask a process to stop, and see to it that it does."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def last_lines(said: str) -> str:
    """The end of what a process wrote."""
    return "\n".join(said.splitlines()[-LOG_LINES:])
