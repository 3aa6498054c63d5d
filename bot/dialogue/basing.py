"""Flows based on other flows: the dialogue of one office with a few states of another's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.document import Document, meant

OWN: Final = frozenset({"flow", "based_on", "without", "migrate"})
"""Keys that a flow does not take from the one it is based on."""

_BY_NAME: Final = frozenset({"slots", "always", "states", "on", "outcomes"})
"""Keys whose entries are taken one by one; under ``states`` the keys of a state are, too."""


def based(document: Document, base: Document) -> Document:
    """A flow file with all that it takes from the one it is based on.

    Raises:
        Finding: it leaves out a state that is not there, or writes one that it leaves out.
    """
    without = document.data.get("without", ())
    names = [without] if isinstance(without, str) else list(without or ())
    taken = {key: part for key, part in base.data.items() if key not in OWN}
    states = taken.get("states")
    if isinstance(states, Mapping):
        for at, name in enumerate(names):
            if name not in states:
                raise document.finding(f"no state {name!r}{meant(name, states)}", ("without", at))
        taken["states"] = {name: each for name, each in states.items() if name not in names}
    return document.over(base, _laid_over(taken, document.data))


def base_of(document: Document, flows: Mapping[str, Document]) -> Document | None:
    """The file that a flow is based on; ``None`` when it stands by itself.

    Raises:
        Finding: there is no such flow, or it is based on another itself.
    """
    name = document.data.get("based_on")
    if not isinstance(name, str):
        return None
    if name not in flows:
        raise document.finding(f"no flow {name!r}{meant(name, flows)}", ("based_on",))
    if "based_on" in flows[name].data:
        message = f"{name!r} is itself based on a flow; name that one, or write the states here"
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
