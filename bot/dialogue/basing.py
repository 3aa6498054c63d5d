"""Flows based on other flows: the dialogue of one office with a few states of another's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.document import Document, Loc, meant
from bot.told import tell

OWN: Final = frozenset({"flow", "based_on", "without", "migrate"})
"""Keys that a flow does not take from the one it is based on."""

_BY_NAME: Final = frozenset({"slots", "always", "states", "on", "outcomes"})
"""Keys whose entries are taken one by one; under ``states`` the keys of a state are, too."""


def based(document: Document, base: Document) -> Document:
    """A flow file with all that it takes from the one it is based on.

    Raises:
        Finding: it leaves out a state, or something a state hears, that is not there.
    """
    without = document.data.get("without", ())
    names = [without] if isinstance(without, str) else list(without or ())
    taken = {key: part for key, part in base.data.items() if key not in OWN}
    for at, name in enumerate(names):
        if isinstance(taken.get("states"), Mapping):
            taken["states"] = _without(taken["states"], str(name), document, ("without", at))
    return document.over(base, _laid_over(taken, document.data))


def _without(
    states: Mapping[str, Any], named: str, document: Document, loc: Loc
) -> Mapping[str, Any]:
    """The states but for one, or for what one of them hears: ``confirming.choose_option``."""
    name, _, intent = named.partition(".")
    if name not in states:
        raise document.finding(
            tell("no state {name!r}{meant}", name=name, meant=meant(name, states)), loc
        )
    if not intent:
        return {each: state for each, state in states.items() if each != name}
    state = states[name]
    heard = state.get("on") if isinstance(state, Mapping) else None
    if not isinstance(heard, Mapping) or intent not in heard:
        message = tell(
            "the state {name!r} does not hear {intent!r}{meant}",
            name=name,
            intent=intent,
            meant=meant(intent, heard or ()),
        )
        raise document.finding(message, loc)
    kept = {each: steps for each, steps in heard.items() if each != intent}
    return {**states, name: {**state, "on": kept}}


def base_of(document: Document, flows: Mapping[str, Document]) -> Document | None:
    """The file that a flow is based on; ``None`` when it stands by itself.

    Raises:
        Finding: there is no such flow, or it is based on another itself.
    """
    name = document.data.get("based_on")
    if not isinstance(name, str):
        return None
    if name not in flows:
        raise document.finding(
            tell("no flow {name!r}{meant}", name=name, meant=meant(name, flows)), ("based_on",)
        )
    if "based_on" in flows[name].data:
        message = tell(
            "{name!r} is itself based on a flow; name that one, or write the states here", name=name
        )
        raise document.finding(message, ("based_on",))
    return flows[name]


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both together; where both speak, ``above`` wins."""
    return {**below, **{key: _entry(key, below.get(key), part) for key, part in above.items()}}


def _entry(key: str, below: Any, above: Any) -> Any:
    if key not in _BY_NAME or not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    if key != "states":
        return {**below, **above}
    return {
        **below,
        **{
            name: _laid_over(below[name], state)
            if isinstance(below.get(name), Mapping) and isinstance(state, Mapping)
            else state
            for name, state in above.items()
        },
    }
