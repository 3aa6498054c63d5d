"""Finds replies that speak of what may not be known when they are said, or may say nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from bot.dialogue.actions import Action
from bot.dialogue.events import CHOOSE_OPTION, OPTION
from bot.dialogue.flow import Flow
from bot.dialogue.knowledge import (
    REFUSED,
    UNKNOWN,
    Knowledge,
    called_with,
    joined,
    unknown_in,
)
from bot.dialogue.replies import SURROUNDINGS, Replies
from bot.dialogue.slot_type import SlotType
from bot.dialogue.template_needs import Said
from bot.dialogue.walking import Walk, World
from bot.errors import Finding
from bot.told import tell

NAMED_STATES = 3
"""States named in a finding; more are counted."""


def unfilled_findings(
    flows: Mapping[str, Flow],
    replies: Mapping[str, Replies],
    actions: Mapping[str, Action],
    slot_types: Mapping[str, SlotType],
    slots: frozenset[str],
) -> Iterator[Finding]:
    """Replies that would print ``None`` or fail, at their lines.

    Args:
        flows: includes resolved, and every name in them there.
        slots: all that a flow declares or an action gives.
    """
    world = World(flows, actions, slot_types, slots | {REFUSED}, _carried(replies))
    said = _said(world)
    for language in replies.values():
        yield from _in_language(language, said)
        yield from _within_replies(language)


def _carried(replies: Mapping[str, Replies]) -> Mapping[str, frozenset[str]]:
    """Entities that an intent brings: those that every button for it sends."""
    carried: dict[str, frozenset[str]] = {CHOOSE_OPTION: frozenset({OPTION})}
    for language in replies.values():
        for intent, entities in language.taps:
            carried[intent] = carried.get(intent, entities) & entities
    return carried


def _said(world: World) -> Mapping[str, Mapping[str, Knowledge]]:
    """What may be known where a reply is said, by its key and ``flow.state``."""
    calls = {name: _calls(flow) & world.flows.keys() for name, flow in world.flows.items()}
    called = {inner for name, inners in calls.items() for inner in inners if inner != name}
    roots = frozenset(world.flows.keys() - called or world.flows)
    walks: dict[str, Walk] = {}
    due = _callees_first(calls)
    while due:
        name = due.pop(0)
        walk = walks[name] = Walk(world.flows[name], world, is_root=name in roots)
        if walk.ends != world.ends.get(name):
            world = replace(world, ends={**world.ends, name: walk.ends})
            due += [n for n, each in walks.items() if name in each.calls and n not in due]
    before = _before(walks, Knowledge.of(world.slots, UNKNOWN), roots)
    said: dict[str, dict[str, Knowledge]] = {}
    for name, walk in walks.items():
        if name in before:
            for (reply, state), known in walk.said.items():
                said.setdefault(reply, {})[f"{name}.{state}"] = called_with(known, before[name])
    return said


def _calls(flow: Flow) -> set[str]:
    """The flows that a flow calls."""
    return {
        step.called
        for state in flow.states.values()
        for steps in (*state.on.values(), *flow.always.values(), *state.outcomes.values())
        for step in steps
        if step.called
    }


def _callees_first(calls: Mapping[str, Collection[str]]) -> list[str]:
    """The flows, each after those it calls as far as they do not call each other."""
    order: dict[str, None] = {}
    met: set[str] = set()

    def put(name: str) -> None:
        if name not in met:
            met.add(name)
            for inner in sorted(calls[name]):
                put(inner)
            order[name] = None

    for name in calls:
        put(name)
    return list(order)


def _before(
    walks: Mapping[str, Walk], nothing: Knowledge, roots: frozenset[str]
) -> Mapping[str, Knowledge]:
    """What may be known where each flow begins; nothing where an episode does."""
    before: dict[str, Knowledge] = dict.fromkeys(roots, nothing)
    due = list(before)
    while due:
        name = due.pop()
        for called, known in walks[name].calls.items():
            now = joined(before.get(called), called_with(known, before[name]))
            if now != before.get(called):
                before[called] = now
                due.append(called)
    return before


def _in_language(
    language: Replies, said: Mapping[str, Mapping[str, Knowledge]]
) -> Iterator[Finding]:
    for key, needs in language.needs.items():
        for loc, needed in needs:
            states: dict[str, list[str]] = {}
            for state, known in said.get(key, {}).items():
                told_only = needed.given - known.bits.keys() - SURROUNDINGS
                for name in unknown_in(known, needed.names) | told_only:
                    states.setdefault(name, []).append(state)
            if needed.silent and loc[1:2] == ("text",) and key in said:
                message = tell(
                    "{key!r} may come out empty; say something outside {{% if %}} and {{% for "
                    "%}}, or under {{% else %}}",
                    key=key,
                )
                yield Finding(message, language.document.place(loc), loc, warning=True)
            for name, found in sorted(states.items()):
                message = tell(
                    "{name!r} may be unknown when {states} says {key!r}; write {{% if {name} %}} "
                    "… {{% endif %}} around it, or see to it that it is known",
                    name=name,
                    states=_listed(found),
                    key=key,
                )
                yield language.document.finding(message, loc)


def _within_replies(language: Replies) -> Iterator[Finding]:
    """Replies said within others that use what they are not told."""
    for key, needs in language.needs.items():
        for loc, needed in needs:
            for said in needed.said:
                for inner in language.needs:
                    if inner == said.key or (not said.whole and inner.startswith(said.key or " ")):
                        yield from _told_too_little(language, loc, key, inner, said)


def _told_too_little(
    language: Replies, loc: tuple[str | int, ...], key: str, inner: str, said: Said
) -> Iterator[Finding]:
    texts = [needed for at, needed in language.needs[inner] if at[1] == "text"]
    for name in sorted(frozenset().union(*(each.given for each in texts)) - said.told):
        message = tell(
            "{inner!r}, which {key!r} says, uses {name!r} and is not told it; write "
            "say(…, {name}=…)",
            inner=inner,
            key=key,
            name=name,
        )
        yield language.document.finding(message, loc)


def _listed(states: list[str]) -> str:
    first = ", ".join(sorted(states)[:NAMED_STATES])
    more = len(states) - NAMED_STATES
    return tell("{names} and {count} more", names=first, count=more) if more > 0 else first
