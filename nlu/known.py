"""What messages can be understood as: the grammar's words, and those of the training examples."""

from __future__ import annotations

from pathlib import Path

from bot.booking.notices import NoticeName
from bot.dialogue.care import CareNotice
from bot.dialogue.vocabulary import Vocabulary
from bot.errors import FlowError
from nlu.corpus import read_corpus
from nlu.taps import MAX_NAME_LENGTH
from nlu.vocabulary import ENTITY_TYPES, INTENTS, UNTAPPABLE


def vocabulary_of(folder: Path) -> Vocabulary:
    """The intents and entity types that a bot with this training data knows.

    Args:
        folder: of the training files, Rasa's format; it need not be there.

    Raises:
        FlowError: with what keeps its files from being read.
    """
    corpus = read_corpus(folder)
    if corpus.unreadable:
        raise FlowError(corpus.unreadable)
    # heard by flows, never in a message
    notices = {name.value for name in (*NoticeName, *CareNotice)}
    intents = {*INTENTS, *corpus.intents, *notices}
    marked = {each.type for example in corpus.examples for each in example.entities}
    return Vocabulary(
        frozenset(intents), ENTITY_TYPES | marked, UNTAPPABLE | notices, MAX_NAME_LENGTH
    )
