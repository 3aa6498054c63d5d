"""Addresses: the third part of a photo office's form, and in ordinary sentences.

Only where the open flow has a slot for one; elsewhere ``alamat`` is the office's.
Source: 002_082fe9cdc2ec9bd3 (``#NAMA#TGLLahir#Alamat``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.dialogue.events import Entity, Problem, Understood
from nlu.dates import is_only_days
from nlu.examples import example_form
from nlu.identity import CONFIDENCE, read_identity
from nlu.parts import as_typed, is_placeholder, read_parts
from nlu.phrases import BIRTH_LABELS
from nlu.reading import Reading
from nlu.spelling import Token, folded, word_at
from nlu.words import word_intent
from nlu.wrongness import WRONG_ITSELF

ADDRESS: Final = "address"
SHORTEST: Final = 5
LONGEST: Final = 200
_LETTERS: Final = 3

_LABELS = folded("alamat address domisili")
_LIVES = folded("tinggal")
_AFTER_LABEL = (
    folded(
        "saya rumah di adalah is lengkap sesuai ktp my at itu harus seharusnya mestinya jadi "
        "menjadi yang benar betul bener should be correct"
    )
    | WRONG_ITSELF
    | set(":=-,.*_")
)
_BEGINNINGS = folded(
    "jl jln jalan gang gg perum perumahan komplek kompleks kampung kp dusun blok ruko apartemen"
)
_ENDS = BIRTH_LABELS | folded("nama name") | {"\n"}
_BEFORE_END = folded("tanggal tempat dan") | {","}
_OF_THE_OFFICE = folded("kantor imigrasi dimana mana where office")
_AROUND = " \n,.;:*_-\"'"


def address_in(text: str) -> str:
    """The address a text is, trimmed; empty when it cannot be one."""
    address = " ".join(text.split()).strip(_AROUND)
    letters = sum(char.isalpha() for char in address)
    fits = SHORTEST <= len(address) <= LONGEST and letters >= _LETTERS
    return address if fits and address.isprintable() and not is_placeholder(address) else ""


def read_address(reading: Reading) -> Understood | None:
    """An address, with what else the message says of the applicant."""
    expectation = reading.expectation
    if ADDRESS not in expectation.takes:
        return None
    if "?" in reading.text or _OF_THE_OFFICE & set(reading.words):
        return None
    if (span := _span(reading.tokens)) and (address := address_in(_cut(reading, *span))):
        start, end = reading.tokens[span[0]].start, reading.tokens[span[2] - 1].end
        rest = f"{reading.text[:start]}\n{reading.text[end:]}"
        about = read_identity(Reading(rest, expectation, reading.today))
        found = Entity(ADDRESS, address, address)
        if about is None:
            return Understood("inform", CONFIDENCE, (found,))
        return replace(about, entities=(*about.entities, found))
    if expectation.missing[:1] == (ADDRESS,) and (address := _bare(reading)):
        return Understood("inform", CONFIDENCE, (Entity(ADDRESS, address, address),))
    return None


def read_address_form(texts: Sequence[str], reading: Reading) -> Understood:
    """``#name#birth date#address``; an address may hold a ``#`` of its own."""
    known = reading.expectation.known
    parts = read_parts(texts[:2], reading.today, options=0, service_date_known=True)
    entities = tuple(part.entity for part in parts if part.entity)
    problems = tuple(part.problem for part in parts if part.reason)
    written = "#".join(texts[2:])
    if address := address_in(written):
        entities += (Entity(ADDRESS, address, written),)
    elif written:
        reason = "placeholder" if is_placeholder(written) else "not_an_address"
        problems += (Problem(ADDRESS, reason, as_typed(written)),)
    if not problems:
        return Understood("submit_identity", entities=entities)
    wrong_birth = next((p.text for p in parts if p.role == "birth_date" and p.reason), "")
    example = example_form(
        entities, known, reading.today, wrong_birth_date=wrong_birth, with_service_date=False
    )
    example = f"{example}#{address or known.get(ADDRESS) or 'ALAMAT ANDA'}"
    return Understood("malformed_form", entities=entities, problems=problems, example=example)


def _span(tokens: Sequence[Token]) -> tuple[int, int, int] | None:
    """Where an address is announced, begins and ends, in tokens."""
    for at, token in enumerate(tokens):
        start = at
        if token.word in _LABELS or (token.word in _LIVES and word_at(tokens, at + 1) == "di"):
            start += 1
            while word_at(tokens, start) in _AFTER_LABEL:
                start += 1
        elif token.word not in _BEGINNINGS or (at and tokens[at - 1].is_word):
            continue
        end = start
        while end < len(tokens) and tokens[end].word not in _ENDS:
            end += 1
        while end > start and tokens[end - 1].word in _BEFORE_END:
            end -= 1
        if end > start:
            return at, start, end
    return None


def _cut(reading: Reading, _: int, start: int, end: int) -> str:
    return reading.text[reading.tokens[start].start : reading.tokens[end - 1].end]


def _bare(reading: Reading) -> str:
    """A whole message that answers the question for the address; a day alone does not."""
    if is_only_days(reading.text, reading.today):
        return ""
    likely = any(word.isdigit() or word in _BEGINNINGS for word in reading.words)
    if not likely and word_intent(reading.words, approve_expected=False)[0]:
        return ""
    return address_in(reading.text)
