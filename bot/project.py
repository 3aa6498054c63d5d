"""A new bot project: a folder that can be served, checked and replayed as soon as it is there.

Its files are those of ``bot/template/``, with the project's name put in. The editors' schemas are
made anew, so that they know the project's own actions too.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from pathlib import Path

from bot.definitions import load_code
from bot.errors import ConfigError
from bot.schemas import schemas, write_schemas
from bot.settings import load_settings

TEMPLATE = Path(__file__).parent / "template"
"""What a project begins as; ``gitignore`` gets its dot on the way."""

NAME_LENGTH = 60
"""Characters of a project's name; it stands in greetings and list rows."""

_NOT_IN_A_PREFIX = re.compile(r"[^A-HJKMNP-Z]")
_NOT_IN_AN_ID = re.compile(r"[^a-z0-9]+")
_PREFIX_LENGTH = 3
_ID_LENGTH = 40


def new_project(folder: Path, name: str = "", intents: Collection[str] = ()) -> list[Path]:
    """Write a new project into ``folder``, which is made unless it is there and empty.

    Args:
        name: as people should read it; the folder's own, if none is given.
        intents: what editors suggest under ``on``.

    Returns:
        The files written.

    Raises:
        ConfigError: the folder is not empty, cannot be written, or the name cannot be used;
            nothing was written in the first and last case.
    """
    name = " ".join((name or _name_of(folder)).split())
    if not name or not name.isprintable() or len(name) > NAME_LENGTH:
        raise ConfigError(f"--name: write a name of 1 to {NAME_LENGTH} characters on one line")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ConfigError(f"{folder} is there already and not empty; choose another folder")
        written = [_write(path, folder, _words(name)) for path in _template_files()]
        flows = load_settings(folder / "config.yml", {}).flows
        code = load_code(flows)
        texts = schemas(code.actions, intents, code.slot_types)
        return written + write_schemas(flows.folder, texts)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written: {error.strerror}") from None


def _template_files() -> list[Path]:
    files = sorted(path for path in TEMPLATE.rglob("*") if path.is_file())
    return [path for path in files if path.suffix != ".pyc"]


def _write(source: Path, folder: Path, words: Mapping[str, str]) -> Path:
    """Write one file of the template into the project; its path there."""
    relative = source.relative_to(TEMPLATE)
    path = folder / relative.with_name(relative.name.replace("gitignore", ".gitignore"))
    text = source.read_text(encoding="utf-8")
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _words(name: str) -> Mapping[str, str]:
    """What the template's ``@WORDS@`` mean for a project called ``name``."""
    plain = unicodedata.normalize("NFKD", name)
    prefix = _NOT_IN_A_PREFIX.sub("", plain.upper())[:_PREFIX_LENGTH]
    database = _NOT_IN_AN_ID.sub("_", plain.lower().encode("ascii", "ignore").decode())
    return {
        "@NAME@": json.dumps(name, ensure_ascii=False),  # which is a YAML scalar too
        "@PREFIX@": prefix.ljust(_PREFIX_LENGTH, "A"),
        "@DATABASE@": database[:_ID_LENGTH].strip("_") or "bot",
        "@TITLE@": name,
    }


def _name_of(folder: Path) -> str:
    return folder.absolute().resolve().name.replace("_", " ").replace("-", " ").title()
