"""Templates made ready to be rendered often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from jinja2 import Environment, nodes

_PLAIN = (nodes.Output, nodes.TemplateData)
"""What a text without anything to fill in is made of."""


class Template(Protocol):
    """A text to fill in."""

    def render(self, variables: Mapping[str, Any], /) -> str:
        """The text for these variables."""
        ...


@dataclass(frozen=True, slots=True)
class Plain:
    """A text with nothing to fill in, as most titles and descriptions are."""

    text: str

    def render(self, _: Mapping[str, Any], /) -> str:
        """The text."""
        return self.text


def template_of(environment: Environment, source: str, tree: nodes.Template) -> Template:
    """The template of ``source``, which was parsed to ``tree``.

    Raises:
        TemplateSyntaxError: the environment cannot compile it.
    """
    template = environment.from_string(source)
    if all(isinstance(part, _PLAIN) for part in tree.find_all(nodes.Node)):
        return Plain(template.render())
    template.globals = dict(template.globals)  # a chain of mappings is walked at every rendering
    return template
