"""Imports go one way; which way is said here, once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "nlu", "storage")

GROUND = (
    "bot.told",
    "bot.errors",
    "bot.tree",
    "bot.document",
    "bot.picture",
    "bot.vcard",
    "bot.filelock",
    "bot.tied",
    "bot.secret_files",
    "bot.console",
)
DOMAIN = (*GROUND, "bot.dialogue", "bot.booking")
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    # The longest name that fits a module counts, and a part may always import itself.
    "bot.told": (),
    "bot.errors": ("bot.told",),
    "bot.picture": (),
    "bot.vcard": (),
    "bot.tree": ("bot.errors", "bot.told"),
    "bot.filelock": (),
    "bot.tied": (),
    "bot.secret_files": (),
    "bot.console": (),
    "bot.document": GROUND,
    "bot.settings": GROUND,
    "bot.dialogue": GROUND,
    "bot.booking": GROUND,
    "bot.booking.actions": (*GROUND, "bot.booking", "bot.dialogue.actions", "bot.dialogue.events"),
    "bot.channels": DOMAIN,
    # The shell: bot.turn, bot.outbox … and bot.definitions, which has a channel judge replies.
    "bot": (
        *(*DOMAIN, "bot.settings", "bot.channels.inbound", "bot.channels.whatsapp.judging"),
        "bot.reports.sums",  # one of the stores
    ),
    # The applicants' page is a door of the web chat's.
    "bot.desk": (
        *DOMAIN,
        "bot",
        "bot.reports",
        "bot.drafting",
        "bot.inspecting",
        "bot.channels.inbound",
        "bot.channels.address",
        "bot.channels.media",
        "bot.channels.web.crowd",
        "bot.channels.web.visitor",
    ),
    "bot.reports": (*DOMAIN, "bot"),
    "bot.inspecting": (*DOMAIN, "bot", "bot.drafting", "bot.replay"),
    "bot.drafting": (*DOMAIN, "bot", "bot.settings", "bot.desk.drafts"),
    # It judges what the connector sends, so it shares nothing with it.
    "bot.graph_stub": (*GROUND, "bot.channels.guard"),
    "bot.replay": (*DOMAIN, "bot", "bot.channels.inbound", "nlu", "storage"),
    "nlu": DOMAIN,
    "storage": (
        *DOMAIN,
        "bot.drafting.replayed",
        "bot.drafting.runs",
        "bot.recordings",
        "bot.stores",
        "bot.reports.sums",
        "bot.reports.tally",
        "bot.reports.columns",
        # Values and Protocols of what the desk keeps.
        "bot.desk.accounts",
        "bot.desk.audit",
        "bot.desk.drafts",
        "bot.desk.handles",
        "bot.desk.kept",
        "bot.desk.roles",
        "bot.desk.sessions",
        "bot.desk.throttle",
    ),
}
"""Which of our own modules each part may import; ``bot`` is the loose modules of the shell."""

TOP = (
    "bot.app",
    "bot.checked",
    "bot.classifiers",
    "bot.counting",
    "bot.doors",
    "bot.project",
    "bot.pytest_plugin",
    "bot.rehearsing",
    "bot.schemas",
    "bot.service",
    "bot.serving",
    "bot.staff_door",
    "bot.web_door",
    "bot.worker",
    "bot.workers",
    "bot.cli",
    "bot.commands",
)
"""They know every part, and nobody knows them."""

ONLY_IN: dict[str, tuple[str, ...]] = {
    "aiohttp": ("bot.channels", "bot.desk", "bot.graph_stub", "bot.health", *TOP, "nlu"),
    "motor": ("storage",),
    "pymongo": ("storage",),
    "sklearn": ("nlu.training",),  # learning needs it, answering does not
    "secantus": (),  # GPL: it is run as a process and never imported
    "secantusdb": (),
}
"""Which parts may import a library that is no everyday tool."""


@dataclass(frozen=True)
class Import:
    """One import statement's target, and where it stands."""

    module: str
    imports: str
    place: str


def imports_of(source: str, module: str, file: str) -> Iterator[Import]:
    """Every import in a module's text, those within functions too.

    ``from bot import errors`` counts as an import of ``bot.errors``.
    """
    package = module if file.endswith("__init__.py") else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                targets = [name.name for name in names]
            case ast.ImportFrom(module=origin, names=names, level=level):
                above = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                base = ".".join([*above, *([origin] if origin else [])])
                targets = [f"{base}.{name.name}" for name in names]
            case _:
                continue
        for target in targets:
            yield Import(module, target, f"{file}:{node.lineno}")


def is_in(module: str, part: str) -> bool:
    """Whether ``module`` is ``part`` or lies within it."""
    return module == part or module.startswith(f"{part}.")


def part_of(module: str) -> str:
    """The part of the house that a module belongs to."""
    return max((part for part in (*MAY_IMPORT, *TOP) if is_in(module, part)), key=len)


def broken_rule(found: Import) -> str | None:
    """The rule an import breaks, in words; ``None`` when it may stand."""
    part, library = part_of(found.module), found.imports.partition(".")[0]
    homes = ONLY_IN.get(library)
    if homes is not None and not any(is_in(found.module, home) for home in homes):
        return f"only {', '.join(homes) or 'nobody'} may import {library}"
    if library not in PACKAGES or part in TOP:
        return None
    target = part_of(found.imports)
    if target in TOP:
        return f"nobody imports {target}: it is the top of the house"
    allowed = MAY_IMPORT[part]
    if target in (part, *allowed):
        return None
    if any(is_in(found.imports, name) for name in allowed if name != "bot"):
        return None
    return f"{part} may import only {', '.join([part, *allowed])}"


def complaints() -> list[str]:
    """Every import in the house that breaks a rule."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            relative = path.relative_to(ROOT)
            if any(part.startswith(".") for part in relative.parts):
                continue  # nlu/.venv is Rasa's
            module = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
            found += [
                f"{one.place}: {one.module} imports {one.imports}; {rule}"
                for one in imports_of(path.read_text(), module, str(relative))
                if (rule := broken_rule(one))
            ]
    return found


def test_imports_go_one_way() -> None:
    """The directions of docs/architecture.md hold; a failure names file, line and rule."""
    assert complaints() == []


@pytest.mark.parametrize(
    ("module", "line", "rule"),
    [
        ("bot.dialogue.engine", "import bot.booking.seats", "bot.dialogue may import only"),
        ("bot.dialogue.engine", "from bot import booking", "bot.dialogue may import only"),
        ("bot.dialogue.engine", "from ..booking import seats", "bot.dialogue may import only"),
        ("bot.dialogue.engine", "from aiohttp import web", "only bot.channels"),
        ("bot.dialogue.engine", "def f():\n    import nlu.dates", "bot.dialogue may import only"),
        ("bot.booking.plan", "from bot.dialogue.events import Outcome", "bot.booking may import"),
        ("bot.booking.plan", "from bot.booking.actions import x", "bot.booking may import only"),
        ("bot.booking.actions.a", "from bot.dialogue.store import Contact", "bot.booking.actions"),
        ("bot.channels.rest", "from storage.memory import MemorySeats", "bot.channels may import"),
        ("bot.channels.rest", "from bot.turn import Turns", "bot.channels may import only"),
        ("bot.turn", "from bot.app import build", "nobody imports bot.app"),
        ("bot.turn", "from bot.channels.whatsapp import sender", "bot may import only"),
        ("bot.turn", "import storage.mongo", "bot may import only"),
        ("bot.app", "import motor.motor_asyncio", "only storage may import motor"),
        ("storage.embedded", "import secantus", "only nobody may import secantus"),
        ("nlu.interpreter", "from storage import memory", "nlu may import only"),
        ("bot.desk.pages", "from bot.channels.rest import rest_routes", "bot.desk may import only"),
    ],
)
def test_a_wrong_import_is_found(module: str, line: str, rule: str) -> None:
    """The rules above can fail, however the import is written."""
    (found,) = imports_of(line, module, "x.py")
    assert rule in str(broken_rule(found))


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot.app", "from storage.mongo import MongoSeats"),
        ("bot.turn", "from bot.channels.inbound import Inbound"),
        ("bot.turn", "from bot.outbox import Outbox"),
        ("bot.desk.pages", "from bot.turn import Turns"),
        ("bot.booking.actions.a", "from bot.dialogue.events import Outcome"),
        ("bot.channels.rest", "from .inbound import Hears"),
        ("bot.dialogue.engine", "from . import flow"),
        ("storage.mongo", "import pymongo.errors"),
        ("nlu.dates", "import re"),
    ],
)
def test_a_right_import_may_stand(module: str, line: str) -> None:
    """The rules above let the intended ways stand."""
    (found,) = imports_of(line, module, "x.py")
    assert broken_rule(found) is None
