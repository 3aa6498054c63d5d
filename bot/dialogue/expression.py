"""Values a flow computes: ``"{{ heard.service_date }}"``, in a sandbox."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

from jinja2 import ChainableUndefined, TemplateSyntaxError
from jinja2.environment import TemplateExpression
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import AfterValidator, JsonValue

_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=ChainableUndefined)


def value_of(written: Any, variables: dict[str, Any]) -> Any:
    """What ``written`` comes to: an expression's value, ``None`` for a name that is not there;
    anything else is itself.
    """
    source = _source(written)
    return written if source is None else _compiled(source)(variables)


@lru_cache(maxsize=1024)
def _compiled(source: str) -> TemplateExpression:
    return _ENVIRONMENT.compile_expression(source)


def _source(written: Any) -> str | None:
    if isinstance(written, str) and written.startswith("{{") and written.endswith("}}"):
        return written[2:-2].strip()
    return None


def _readable(written: JsonValue) -> JsonValue:
    source = _source(written)
    if source is not None:
        try:
            _compiled(source)
        except (TemplateSyntaxError, RecursionError) as error:
            raise ValueError(f"the expression {written!r} cannot be read: {error}") from None
    return written


Value = Annotated[JsonValue, AfterValidator(_readable)]
"""A literal as JSON knows it, or an expression that can be read."""
