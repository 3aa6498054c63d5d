"""A project's own Python files, named in ``config.yml`` under ``flows.code``: actions, slot types.

A file is imported from its path, so a project needs no package and nothing of it is installed.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import CodeType, ModuleType
from typing import TypeVar

from bot.dialogue.actions import Action
from bot.dialogue.slot_type import SlotType
from bot.errors import AntreError, ConfigError, Finding, FlowError, Place
from bot.told import tell

D = TypeVar("D", Action, SlotType)


class CodeError(ConfigError):
    """A Python file cannot be used.

    Args:
        finding: the mistake in it.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Code:
    """What flows may name that is written in Python, by name.

    Args:
        actions: under ``do``.
        slot_types: under ``type``.
    """

    actions: Mapping[str, Action]
    slot_types: Mapping[str, SlotType]


def load_file(path: Path) -> ModuleType:
    """Import the file at ``path``, anew each time.

    Raises:
        CodeError: there is no such file, or it cannot be imported; names the line in it.
        FlowError: a YAML file that it reads has mistakes.
    """
    place = _as_typed(path)
    if not path.is_file():
        message = tell("no such file; mend flows.code in the settings")
        raise CodeError(Finding(message, Place(place, 1, 1)))
    name = f"antre_code_{path.stem}_{hashlib.sha256(bytes(path.absolute())).hexdigest()[:8]}"
    if path.suffix != ".py":
        message = tell("not a Python file; mend flows.code in the settings")
        raise CodeError(Finding(message, Place(place, 1, 1)))
    loader = _Afresh(name, str(path))
    module = module_from_spec(ModuleSpec(name, loader, origin=str(path)))
    module.__file__ = str(path)
    sys.modules[name] = module  # dataclasses and pydantic look their module up
    try:
        loader.exec_module(module)
    except Exception as error:
        raise _explained(error, path) from error
    return module


class _Afresh(SourceFileLoader):
    """Compiles what stands in the file now; cached bytecode is told apart by whole seconds only."""

    def get_code(self, fullname: str) -> CodeType:
        """The file's code."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def _explained(error: Exception, path: Path) -> AntreError:
    """What went wrong while the file at ``path`` was imported, as something to act on."""
    place = _as_typed(path)
    if isinstance(error, ExceptionGroup):
        mistakes = [one for one in error.exceptions if isinstance(one, Finding)]
        if len(mistakes) == len(error.exceptions):
            return FlowError(mistakes)
    if isinstance(error, AntreError):
        return error
    if isinstance(error, SyntaxError):
        return CodeError(Finding(error.msg, Place(place, error.lineno or 1, error.offset or 1)))
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 0 for frame in frames if Path(frame.filename) == path]
    at = Place(place, lines[-1] if lines else 1, 1)
    message = tell("cannot be imported: {kind}: {error}", kind=type(error).__name__, error=error)
    return CodeError(Finding(message, at))


def code_of(modules: Iterable[ModuleType], shipped: Code) -> Code:
    """What is shipped, and what ``modules`` declare besides.

    Raises:
        CodeError: two actions or two slot types have the same name.
    """
    code = shipped
    for module in modules:
        actions = _joined(tell("an action"), code.actions, module, Action)
        code = Code(actions, _joined(tell("a slot type"), code.slot_types, module, SlotType))
    return code


def _joined(kind: str, known: Mapping[str, D], module: ModuleType, of: type[D]) -> dict[str, D]:
    found = dict(known)
    for declared in vars(module).values():
        if not isinstance(declared, of):
            continue
        if found.setdefault(declared.name, declared) is not declared:
            message = tell(
                "there is {kind} {name!r} already; give this one another name",
                kind=kind,
                name=declared.name,
            )
            place = Place(_as_typed(Path(module.__file__ or module.__name__)), 1, 1)
            raise CodeError(Finding(message, place))
    return found


def _as_typed(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
