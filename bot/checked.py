"""All that staff write, read and checked as ``antre flows check`` does: with the words messages are
understood as.
"""

from __future__ import annotations

from bot.definitions import Definitions, load_definitions
from bot.dialogue.versions import Files
from bot.errors import Finding, FlowError
from bot.settings import Flows
from nlu.known import vocabulary_of


def checked_definitions(settings: Flows, published: Files | None = None) -> Definitions:
    """Read the folder and its training examples, which flows may name intents and entities of.

    Args:
        published: see :func:`bot.definitions.load_definitions`; the words of these are not looked
            at, for the examples may have changed since.

    Raises:
        FlowError: with every finding of every file.
    """
    findings: list[Finding] = []
    vocabulary = None
    if published is None:
        try:
            vocabulary = vocabulary_of(settings.training)
        except FlowError as error:
            findings += error.findings
    try:
        definitions = load_definitions(settings, published, vocabulary)
    except FlowError as error:
        raise FlowError([*findings, *error.findings]) from None
    if findings:
        raise FlowError([*findings, *definitions.flows.warnings])
    return definitions
