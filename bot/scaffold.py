"""A new flow to begin from: small, valid, and explained line by line.

Reply files are added to at their end, byte for byte as they were before; a mistake in any of them
is told before anything is written.
"""

from __future__ import annotations

import re
from pathlib import Path

from bot.dialogue.flowset import NOT_FLOWS
from bot.document import Document
from bot.errors import ConfigError, Finding, Place

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")

_INCLUDED = "common"
"""The file whose commands a new flow hears, if there is one."""

_FLOW = """\
# yaml-language-server: $schema=schema/flow.schema.json
# What this flow is for: say it here in one line.
# After every edit run "antre flows check"; to see the flow drawn, "antre flows draw {name}".
flow: {name}
{include}# The state a conversation begins in.
initial: asking

states:
  asking:
    # Said once, on arriving here. The sentences stand in replies/, by these names.
    say: {name}_welcome
    # The open question: asked again after every answer that stays here.
    ask: {name}_question
    # What people may want here, and where that leads.
    on:
      approve: {{go: accepted}}
      reject: {{go: declined}}
    # Not understood: say this and ask again, three times; then give up.
    misunderstood: {{say: {name}_yes_or_no, at_most: 3, go: declined}}
    # Nobody answered.
    timeout: {{after: 1 hour, go: declined}}

  accepted:
    say: {name}_accepted
    # The flow is over here.
    end: true

  declined:
    say: {name}_declined
    end: true
"""

_INCLUDE = """\
# Help, cancel and the like, which are heard in every state.
include: {file}
"""

_MISUNDERSTOOD = """
# Not understood, wherever a state says nothing better.
misunderstood: {{say: {name}_not_understood}}
"""

_REPLIES = {
    "id": {
        "welcome": "Halo! 👋",
        "question": "Mau lanjut? Jawab *ya* atau *tidak*.",
        "yes_or_no": "Maaf, saya belum mengerti.",
        "accepted": "Baik, terima kasih.",
        "declined": "Baik, kita berhenti di sini dulu.",
        "not_understood": "Maaf, saya belum mengerti.",
    },
    "en": {
        "welcome": "Hello! 👋",
        "question": "Shall we go on? Answer *yes* or *no*.",
        "yes_or_no": "Sorry, I did not understand.",
        "accepted": "All right, thank you.",
        "declined": "All right, let us stop here for now.",
        "not_understood": "Sorry, I did not understand.",
    },
}
"""What a new flow says, by language and key without the flow's name; others begin in English."""


def new_flow(name: str, folder: Path) -> list[Path]:
    """Write a flow called ``name`` and its replies in every language of ``folder``.

    Returns:
        The files written, the flow first.

    Raises:
        ConfigError: the name cannot be used, or is taken; nothing was written.
        Finding: a reply file cannot be read or added to; nothing was written.
    """
    path = folder / f"{name}.yml"
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"{name!r}: a flow's name is small letters, digits and _, like visa_extension"
        )
    if path.exists() or path.name in NOT_FLOWS:
        raise ConfigError(f"{path} is there already; choose another name or edit that file")
    included = (folder / f"{_INCLUDED}.yml").exists()
    files = {path: _flow(name, included=included)}
    languages = sorted((folder / "replies").glob("*.yml"))
    if not languages:
        raise ConfigError(f"{folder / 'replies'} has no reply files; write id.yml first")
    for each in languages:
        files[each] = _with_replies(each, name, included=included)
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    return list(files)


def _flow(name: str, *, included: bool) -> str:
    if included:
        return _FLOW.format(name=name, include=_INCLUDE.format(file=_INCLUDED))
    return (_FLOW + _MISUNDERSTOOD).format(name=name, include="")


def _with_replies(path: Path, name: str, *, included: bool) -> str:
    """The text of a reply file with a new flow's replies at its end."""
    before = Document.read(path)
    sentences = _REPLIES.get(path.stem, _REPLIES["en"])
    if included:
        sentences = {key: text for key, text in sentences.items() if key != "not_understood"}
    new = {f"{name}_{key}": text for key, text in sentences.items()}
    if taken := sorted(new.keys() & before.data):
        raise before.finding(f"{taken[0]!r} is there already; choose another name", (taken[0],))
    written = path.read_text(encoding="utf-8").rstrip("\n")
    lines = [f'{key}: "{text}"' for key, text in new.items()]
    text = "\n".join([written, "", f"# The flow {name}.", *lines, ""])
    try:
        whole = Document.parse(text, str(path)).data
    except Finding:
        whole = {}
    if whole != before.data | new:
        raise Finding(
            "its end cannot be added to; write every reply as 'key: text'", Place(str(path))
        )
    return text
