"""YAML files people edit, read so that every complaint can name its line.

The reader of everything under ``flows/`` and of recordings: safe YAML 1.2, no duplicate keys, no
tabs, and pydantic's findings turned into ``FILE:LINE:COL: message`` lines that say what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import Finding, Place
from bot.told import tell
from bot.tree import Node, tree_of

Loc = Sequence[str | int]
M = TypeVar("M", bound=BaseModel)

ROUNDS = 20
"""Times that what is wrong is cut out of a file; it gets smaller each time."""


_SHORT = (2, 3)
"""Characters of a name in which one wrong letter is much."""

_WANTED = {
    "bool_parsing": tell("true or false"),
    "bool_type": tell("true or false"),
    "string_type": tell("a text, in quotes if it looks like a number or a date"),
    "int_type": tell("a whole number"),
    "int_parsing": tell("a whole number"),
    "int_from_float": tell("a whole number"),
    "dict_type": tell("lines of the form 'key: value' under it"),
    "mapping_type": tell("lines of the form 'key: value' under it"),
    "model_type": tell("lines of the form 'key: value' under it"),
    "model_attributes_type": tell("lines of the form 'key: value' under it"),
    "tuple_type": tell("a list, as in [one, two]"),
    "list_type": tell("a list, as in [one, two]"),
}
"""What should stand where something else does, by pydantic's word for the mistake."""

_LIMITS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "greater_than": lambda limit: tell("input should be greater than {gt}", **limit),
    "greater_than_equal": lambda limit: tell(
        "input should be greater than or equal to {ge}", **limit
    ),
    "less_than": lambda limit: tell("input should be less than {lt}", **limit),
    "less_than_equal": lambda limit: tell("input should be less than or equal to {le}", **limit),
    "string_too_short": lambda limit: (
        tell("string should have at least {min_length} character", **limit)
        if limit["min_length"] == 1
        else tell("string should have at least {min_length} characters", **limit)
    ),
    "string_too_long": lambda limit: tell(
        "string should have at most {max_length} characters", **limit
    ),
    "too_short": lambda limit: tell(
        "{field_type} should have at least {min_length} item after validation, not {actual_length}",
        **limit,
    ),
    "string_pattern_mismatch": lambda limit: tell(
        "string should match pattern '{pattern}'", **limit
    ),
    "finite_number": lambda limit: tell("input should be a finite number", **limit),
    "float_parsing": lambda limit: tell(
        "input should be a valid number, unable to parse string as a number", **limit
    ),
}
"""What pydantic says of a value beyond its limits."""


class Part(BaseModel):
    """A piece of a file people edit: immutable, and unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Document:
    """A YAML file and where everything in it stands.

    Args:
        name: the path as a person would type it; findings begin with it.
        mistakes: those that did not keep the rest from being read: keys that stand twice, of
            which the first counts.

    Attributes:
        data: the content as plain dicts, lists and scalars.
    """

    def __init__(self, name: str, root: Node, mistakes: Sequence[Finding] = ()) -> None:
        self.name = name
        self.mistakes = tuple(mistakes)
        self._root = root
        self._base: Document | None = None
        self.data: dict[Any, Any] = root.data

    @classmethod
    def read(cls, path: Path, name: str = "") -> Document:
        """Read a file.

        Raises:
            Finding: the file is missing, is not UTF-8, is not YAML, or is no mapping.
        """
        name = name or Document.typed(path)
        return cls.parse(text_of(path, name), name)

    @staticmethod
    def typed(path: Path) -> str:
        """The path as somebody standing here would type it."""
        here = Path.cwd()
        return str(path.relative_to(here) if path.is_relative_to(here) else path)

    @classmethod
    def parse(cls, text: str, name: str) -> Document:
        """Read YAML text; same errors as :meth:`read`."""
        document = cls.leniently(text, name)
        for mistake in document.mistakes:
            raise mistake
        return document

    @classmethod
    def leniently(cls, text: str, name: str) -> Document:
        """Read YAML text as far as it can be, for whom all ``mistakes`` are of use.

        Raises:
            Finding: it is not YAML, or no mapping.
        """
        root, twice = tree_of(text, name)
        return cls(
            name,
            root,
            [
                Finding(
                    tell("this key stands here twice; keep one"),
                    Place(name, each.mark[0] + 1, each.mark[1] + 1),
                    each.loc,
                )
                for each in twice
            ],
        )

    def place(self, loc: Loc = ()) -> Place:
        """Where the key or list item at ``loc`` stands; the nearest known part if it is missing."""
        node, mark = self._root, (0, 0)
        for step in loc:
            if step == 0 and step not in node.parts and isinstance(node.data, dict):
                continue  # one thing where a list of them may stand
            if step not in node.parts:
                if self._base and self._base.has(loc):
                    return self._base.place(loc)
                break
            mark, node = node.parts[step]
        return Place(self.name, mark[0] + 1, mark[1] + 1)

    def keeping(self, data: dict[Any, Any]) -> Document:
        """The same file with only ``data`` as its content; everything stands where it stood."""
        kept = Document(self.name, self._root)
        kept.data = data
        return kept

    def has(self, loc: Loc) -> bool:
        """Whether something is written at ``loc``."""
        node: Any = self.data
        for step in loc:
            if isinstance(node, dict) and step == 0 and step not in node:
                continue
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                return False
        return True

    def over(self, base: Document, data: dict[str, Any]) -> Document:
        """This file laid over another: ``data`` is what both come to, and what this file does not
        write stands in ``base``.
        """
        laid = copy(self)
        laid.data, laid._base = data, base  # noqa: SLF001 - of its own class
        return laid

    def finding(self, message: str, loc: Loc = ()) -> Finding:
        """A complaint about the part at ``loc``.

        What stands in a file below, and is wrong with this one laid over it, is complained of where
        this file names the other.
        """
        place = self.place(loc)
        if self._base is None or place.file == (named := self.place(("based_on",))).file:
            return Finding(message, place, tuple(loc))
        below = Finding(message, place, tuple(loc))
        return Finding(
            tell("{message} (written in {place})", message=message, place=place),
            named,
            tuple(loc),
            below=below,
        )

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

    def salvage(
        self, model: type[M], otherwise: Mapping[str, Any]
    ) -> tuple[M | None, list[Finding]]:
        """Read what is right as ``model``, leaving out the keys that are wrong.

        Args:
            otherwise: what counts for keys of the file that are missing or left out.

        Returns:
            ``None`` when nothing is left; and a finding for each mistake, its ``loc`` the place.
        """
        data: Mapping[str, Any] = self.data
        findings: list[Finding] = []
        for _ in range(ROUNDS):
            try:
                return self.validate(model, data), findings
            except ExceptionGroup as group:
                found = [each for each in group.exceptions if isinstance(each, Finding)]
            findings = findings or found  # later ones may only be what the cuts have led to
            before, data = data, without(data, (each.loc for each in found))
            data = {**data, **{k: v for k, v in otherwise.items() if k not in data}}
            if data == before:
                break
        return None, findings

    def _explained(self, error: ErrorDetails, model: type[BaseModel], under: Loc) -> Finding:
        loc = [*under, *(step for step in error["loc"] if step != "[key]")]
        match error["type"]:
            case "extra_forbidden":
                key = str(loc[-1])
                known = sorted(_keys_at(model, error["loc"][:-1]))
                message = tell("unknown key {key!r}{meant}", key=key, meant=meant(key, known))
            case "missing":
                message = tell("{key!r} is missing here", key=str(loc[-1]))
            case "value_error":
                message = tell("{key}: {error}", key=_named(loc), error=error["ctx"]["error"])
            case "string_pattern_mismatch" if "a-z0-9_" in error["ctx"]["pattern"]:
                message = tell(
                    "{key}: a name is small letters, digits and _, a letter first, not "
                    "{value!r:.60}",
                    key=_named(loc),
                    value=error["input"],
                )
            case "invalid_key":
                message = tell(
                    "{value!r:.60}: a key is a word; put it in quotes or write a name",
                    value=error["input"],
                )
            case _ if error["input"] is None:
                message = tell(
                    "{key}: nothing stands here; write a value, or delete the key (what begins "
                    "with # wants quotes)",
                    key=_named(loc),
                )
            case kind if kind in _WANTED:
                message = tell(
                    "{key}: write {wanted}, not {written}",
                    key=_named(loc),
                    wanted=_WANTED[kind],
                    written=_written(error["input"])[:60],
                )
            case "literal_error" | "enum":
                known = re.findall(r"'([^']*)'", error["ctx"]["expected"])
                message = tell(
                    "{key}: {value!r:.60} is not one of them{meant}",
                    key=_named(loc),
                    value=error["input"],
                    meant=meant(str(error["input"]), known),
                )
            case _:
                message = tell(
                    "{key}: {said}, not {value!r:.60}",
                    key=_named(loc),
                    said=_beyond(error),
                    value=error["input"],
                )
        return self.finding(message, loc)


def _beyond(error: ErrorDetails) -> str:
    """What pydantic says of a value; a limit of 90.0 is 90, as whoever writes the file has it."""
    limit = _LIMITS.get(error["type"])
    if limit is None:
        return error["msg"][0].lower() + error["msg"][1:]
    whole = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in error.get("ctx", {}).items()
    }
    return limit(whole)


def _written(value: object) -> str:
    """A value much as it stands in the file: dates as dates, also in a list."""
    if isinstance(value, date):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return repr(value)


def meant(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` with the nearest known name, else the names there are."""
    known = list(known)
    near = get_close_matches(name, known, n=1, cutoff=0.5 if len(name) in _SHORT else 0.6)
    if near:
        return tell("; did you mean {name!r}?", name=near[0])
    listed = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")  # noqa: PLR2004 - a line
    return tell("; known are: {names}", names=listed) if known else ""


def _named(loc: Loc) -> str:
    """What a person calls the part at ``loc``: its key, also for an item of a list."""
    return next((step for step in reversed(loc) if isinstance(step, str)), "this")


def text_of(path: Path, name: str) -> str:
    """The text of a file.

    Raises:
        Finding: the file is missing, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Finding(tell("the file does not exist"), Place(name, 1, 1)) from None
    except UnicodeDecodeError as error:
        before = path.read_bytes()[: error.start].decode("utf-8", "replace").splitlines() or [""]
        message = tell("this is no UTF-8 text; save the file with the encoding UTF-8")
        raise Finding(message, Place(name, len(before), len(before[-1]) + 1)) from None
    except OSError as error:
        raise Finding(
            tell("cannot be read: {strerror}", strerror=error.strerror), Place(name, 1, 1)
        ) from None


def without(data: Any, locs: Iterable[Loc]) -> Any:
    """A copy of ``data`` without the keys that stand at ``locs`` or next above them."""
    cuts = {cut for loc in locs if (cut := _cut(data, loc))}
    return _copied(data, cuts, ())


def _cut(data: Any, loc: Loc) -> tuple[Any, ...]:
    """The way to the last key at or above ``loc`` that is there."""
    way: list[Any] = []
    to_key = 0
    for step in loc:
        if isinstance(data, Mapping):
            if step == 0 and step not in data:
                continue  # one thing where a list of them may stand
            key = next((key for key in data if key == step or str(key) == step), None)
            if key is None:
                break
            way, data = [*way, key], data[key]
            to_key = len(way)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            way, data = [*way, step], data[step]
        else:
            break
    return tuple(way[:to_key])


def _copied(data: Any, cuts: set[tuple[Any, ...]], at: tuple[Any, ...]) -> Any:
    if isinstance(data, Mapping):
        return {k: _copied(v, cuts, (*at, k)) for k, v in data.items() if (*at, k) not in cuts}
    if isinstance(data, list):
        return [_copied(v, cuts, (*at, n)) for n, v in enumerate(data)]
    return data


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
