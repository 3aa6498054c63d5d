"""A project's own Python files: actions of its own, named in ``config.yml`` under ``flows.code``.

A file is imported from its path, so a project needs no package and nothing of it is installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType

from bot.dialogue.actions import Action
from bot.errors import AntreError, ConfigError, Finding, FlowError, Place


def load_code(path: Path) -> ModuleType:
    """Import the file at ``path``, anew each time.

    Raises:
        ConfigError: there is no such file, or it cannot be imported; names the line in it.
        FlowError: a YAML file that it reads has mistakes.
    """
    place = _as_typed(path)
    if not path.is_file():
        raise ConfigError(f"{place}: no such file; mend flows.code in the settings")
    name = f"antre_code_{path.stem}_{hashlib.sha256(bytes(path.absolute())).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{place}: not a Python file; mend flows.code in the settings")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pydantic look their module up
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise _explained(error, path) from error
    return module


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
        return ConfigError(f"{Place(place, error.lineno or 0)}: {error.msg}")
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 0 for frame in frames if Path(frame.filename) == path]
    at = Place(place, lines[-1] if lines else 0)
    return ConfigError(f"{at}: cannot be imported: {type(error).__name__}: {error}")


def actions_of(modules: Iterable[ModuleType], shipped: Mapping[str, Action]) -> dict[str, Action]:
    """The shipped actions and those that ``modules`` declare, by name.

    Raises:
        ConfigError: two actions have the same name.
    """
    found = dict(shipped)
    for module in modules:
        for action in vars(module).values():
            if not isinstance(action, Action):
                continue
            if action.name in found and found[action.name] is not action:
                raise ConfigError(
                    f"{_as_typed(Path(module.__file__ or module.__name__))}: there is an action"
                    f" {action.name!r} already; give this one another name"
                )
            found[action.name] = action
    return found


def _as_typed(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
