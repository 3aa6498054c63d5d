"""YAML files people edit, read so that every complaint can name its line.

The reader of everything under ``flows/`` and of recordings: safe YAML 1.2, no duplicate keys, no
tabs, and pydantic's findings turned into ``FILE:LINE:COL: message`` lines that say what was meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from bot.errors import Finding, Place

Loc = Sequence[str | int]
M = TypeVar("M", bound=BaseModel)

_UNREADABLE = (YAMLError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What the YAML library lets out over odd tags, numbers and nesting."""

_INTEGERS = range(-(2**63), 2**63)
"""What a database can keep."""


class Part(BaseModel):
    """A piece of a file people edit: immutable, and unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Document:
    """A YAML file and where everything in it stands.

    Args:
        name: the path as a person would type it; findings begin with it.
        data: the content as plain dicts, lists and scalars.
    """

    def __init__(self, name: str, tree: CommentedMap) -> None:
        self.name = name
        self._tree = tree
        self.data: dict[str, Any] = _plain(tree)

    @classmethod
    def read(cls, path: Path, name: str = "") -> Document:
        """Read a file.

        Raises:
            Finding: the file is missing, is not UTF-8, is not YAML, or is no mapping.
        """
        name = name or _as_typed(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise Finding("the file does not exist", Place(name)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise Finding(f"cannot be read as UTF-8 text: {error}", Place(name)) from None
        return cls.parse(text, name)

    @classmethod
    def parse(cls, text: str, name: str) -> Document:
        """Read YAML text; same errors as :meth:`read`."""
        yaml = YAML(typ="rt")
        try:
            tree = yaml.load(text)
            if isinstance(tree, CommentedMap):
                return cls(name, tree)
        except DuplicateKeyError as error:
            raise Finding("this key stands here twice; keep one", _mark(name, error)) from None
        except MarkedYAMLError as error:
            raise Finding(_syntax(text, error), _mark(name, error)) from None
        except ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            message = f"a character nobody can see stands here: {error.character:#06x}; remove it"
            raise Finding(message, Place(name, line)) from None
        except _UNREADABLE as error:
            reason = str(error).partition("\n")[0]
            raise Finding(f"not readable as YAML: {reason}", Place(name)) from None
        raise Finding('expected lines of the form "key: value"', Place(name, 1, 1))

    def place(self, loc: Loc = ()) -> Place:
        """Where the key or list item at ``loc`` stands; the nearest known part if it is missing."""
        node: Any = self._tree
        line, column = 0, 0
        for step in loc:
            if isinstance(node, CommentedMap) and step == 0 and step not in node:
                continue  # one thing where a list of them may stand
            try:
                mark = node.lc.key(step) if isinstance(node, CommentedMap) else node.lc.item(step)
                node = node[step]
            except (AttributeError, KeyError, IndexError, TypeError):
                break
            line, column = mark[0], mark[1]
        return Place(self.name, line + 1, column + 1)

    def finding(self, message: str, loc: Loc = ()) -> Finding:
        """A complaint about the part at ``loc``."""
        return Finding(message, self.place(loc))

    def validate(self, model: type[M], data: Any = None, under: Loc = ()) -> M:
        """Read the content (or ``data``, which stands ``under`` a part of it) as ``model``.

        Raises:
            ExceptionGroup: of :class:`Finding`, one for each mistake.
        """
        try:
            return model.model_validate(self.data if data is None else data)
        except ValidationError as error:
            found = [self._explained(one, model, under) for one in error.errors()]
            raise ExceptionGroup(f"{self.name} has mistakes", found) from None

    def _explained(self, error: ErrorDetails, model: type[BaseModel], under: Loc) -> Finding:
        loc = [*under, *(step for step in error["loc"] if step != "[key]")]
        match error["type"]:
            case "extra_forbidden":
                key = str(loc[-1])
                known = sorted(_keys_at(model, error["loc"][:-1]))
                message = f"unknown key {key!r}{meant(key, known)}"
            case "missing":
                message = f"{str(loc[-1])!r} is missing here"
            case "value_error":
                message = f"{_named(loc)}: {error['ctx']['error']}"
            case _:
                said = error["msg"][0].lower() + error["msg"][1:]
                message = f"{_named(loc)}: {said}, not {error['input']!r:.60}"
        return self.finding(message, loc)


def _as_typed(path: Path) -> str:
    """The path as somebody standing here would type it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def meant(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` with the nearest known name, else the names there are."""
    known = list(known)
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    listed = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")  # noqa: PLR2004 - a line
    return f"; known are: {listed}" if known else ""


def _named(loc: Loc) -> str:
    """What a person calls the part at ``loc``: its key, also for an item of a list."""
    return next((step for step in reversed(loc) if isinstance(step, str)), "this")


def _plain(node: Any) -> Any:
    if isinstance(node, CommentedMap):
        return {_plain(key): _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    if isinstance(node, str):
        return str(node)
    if isinstance(node, float):
        return float(node)
    if isinstance(node, int) and not isinstance(node, bool):
        number = int(node)  # a range looks an int up at once, but walks for a subclass
        if number not in _INTEGERS:
            raise ValueError("a number is too large")
        return number
    return node


def _keys_at(model: type[BaseModel], loc: Loc) -> set[str]:
    """Names of the fields a file may use in the model reached by following ``loc``."""
    here: Any = model
    for step in loc:
        inner = _models_in(_annotation(here, step))
        if inner:
            here = inner[0]
    return {field.alias or name for name, field in here.model_fields.items()}


def _annotation(model: type[BaseModel], step: str | int) -> Any:
    for name, field in model.model_fields.items():
        if step in (name, field.alias) or name == "root":
            return field.annotation
    return None


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for arg in getattr(annotation, "__args__", ()) for m in _models_in(arg)]


def _mark(name: str, error: MarkedYAMLError) -> Place:
    mark = error.problem_mark or error.context_mark
    if _is_open_quote(error):
        mark = error.context_mark or mark
    return Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)


def _is_open_quote(error: MarkedYAMLError) -> bool:
    """Whether a quote is opened and the file ends before another."""
    in_quotes = "quoted scalar" in (error.context or "")
    return in_quotes and "end of stream" in (error.problem or "")


def _syntax(text: str, error: MarkedYAMLError) -> str:
    mark = error.problem_mark
    lines = text.splitlines()
    if mark and mark.line < len(lines) and "\t" in lines[mark.line]:
        return "a tab stands here; YAML is indented with spaces only"
    if _is_open_quote(error):
        return "a quote is opened here and never closed"
    return f"not readable as YAML: {error.problem or error.context}"
