"""Templates made ready to be rendered often.

What a text compiles to depends on it and its language alone, and is kept: a save in the reply file
compiles what was changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any, ClassVar, Protocol

import jinja2
from jinja2 import StrictUndefined, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.dialogue.wording import Wording

KEPT = 4096
"""Texts whose compiled form is kept."""

_OF_A_LOOP = frozenset({"index", "index0", "first", "last", "length"})
"""What templates ask of a loop in every round; there is nothing to be afraid of."""

_PLAIN = (nodes.Output, nodes.TemplateData)
"""What a text without anything to fill in is made of."""


class Template(Protocol):
    """A text to fill in."""

    @property
    def names(self) -> frozenset[str]:
        """What it may look up."""
        ...

    def render(self, variables: Mapping[str, Any], /) -> str:
        """The text for these variables."""
        ...


@dataclass(frozen=True, slots=True)
class Plain:
    """A text with nothing to fill in, as most titles and descriptions are."""

    text: str
    names: ClassVar[frozenset[str]] = frozenset()

    def render(self, _: Mapping[str, Any], /) -> str:
        """The text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with something to fill in.

    Args:
        names: what it may look up.
    """

    template: jinja2.Template
    names: frozenset[str]

    def render(self, variables: Mapping[str, Any], /) -> str:
        """The text for these variables.

        Raises:
            jinja2.TemplateError: it uses something that is not there.
        """
        # Jinja copies all that it is given, and a conversation knows a hundred things.
        return self.template.render(
            {name: variables[name] for name in self.names if name in variables}
        )


class _Sandbox(ImmutableSandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a mapping holds comes before its methods: that is what replies speak of."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if attribute in _OF_A_LOOP and isinstance(obj, LoopContext):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@lru_cache(maxsize=32)
def environment_of(language: str) -> ImmutableSandboxedEnvironment:
    """What the templates of a language share: the sandbox and its filters."""
    environment = _Sandbox(
        undefined=StrictUndefined,
        autoescape=False,  # replies are plain text; a channel that shows HTML escapes them
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,  # of templates by name; there are none
    )
    environment.filters |= Wording(language).filters()
    return environment


@lru_cache(maxsize=KEPT)
def parsed(language: str, source: str) -> nodes.Template:
    """The syntax tree of a text; not to be changed.

    Raises:
        TemplateSyntaxError: it is no template.
    """
    return environment_of(language).parse(source)


def template_of(language: str, source: str, known: Mapping[str, Any]) -> Template:
    """The template of a text.

    Args:
        known: what it may use besides the variables it is rendered with.

    Raises:
        TemplateSyntaxError: it is no template.
    """
    code, names = _code(language, source)
    if isinstance(code, str):
        return Plain(code)
    return Filled(ready(language, code, known), names)


def ready(language: str, code: CodeType, known: Mapping[str, Any]) -> jinja2.Template:
    """The template of compiled code; ``known`` as for :func:`template_of`."""
    environment = environment_of(language)
    # One dict: a chain of mappings is walked at every rendering.
    together = {**environment.globals, **known}
    return environment.template_class.from_code(environment, code, together)


@lru_cache(maxsize=KEPT)
def _code(language: str, source: str) -> tuple[CodeType | str, frozenset[str]]:
    """What a text compiles to, and the names it may look up; when there is nothing to fill in, the
    text itself, as it is said.
    """
    tree, environment = parsed(language, source), environment_of(language)
    if all(isinstance(part, _PLAIN) for part in tree.find_all(nodes.Node)):
        return environment.from_string(source).render(), frozenset()
    return environment.compile(tree), frozenset(find_undeclared_variables(tree))
