"""Exact forms: ``#tgllayanan``, ``#nama#DDMMYYYY#DDMMYYYY``, ``#batal`` and their misspellings.

Spaces, case, doubled or trailing ``#``, a missing first ``#``, bold stars, quotes, line breaks and
chatter before and after are forgiven. A form that cannot be read names every wrong part, keeps
the right ones as entities and shows a right example.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from rapidfuzz import fuzz, process

from bot.dialogue.events import Entity, Problem, Understood
from nlu.addresses import ADDRESS, read_address_form
from nlu.codes import booking_code, nik, phone, solid_code
from nlu.dates import parse_date
from nlu.days import DateProblem
from nlu.examples import example_form
from nlu.identity import CONFIDENCE, find_identity
from nlu.introductions import announced_name
from nlu.names import bare_name
from nlu.parts import ROLES, as_typed, is_placeholder, read_parts
from nlu.phrases import GENDER
from nlu.reading import Reading
from nlu.spelling import clean, folded, tokenise
from nlu.words import is_chatter, words_of

_COMMANDS = {
    "tgllayanan": "ask_dates",
    "tanggallayanan": "ask_dates",
    "tglkedatangan": "ask_dates",
    "tanggal": "ask_dates",
    "tgl": "ask_dates",
    "batal": "cancel",
    "batalkan": "cancel",
    "cancel": "cancel",
    "pindah": "reschedule",
    "pindahtanggal": "reschedule",
    "pindahjadwal": "reschedule",
    "gantitanggal": "reschedule",
    "gantijadwal": "reschedule",
    "reschedule": "reschedule",
    "status": "ask_status",
    "ya": "approve",
    "setuju": "approve",
    "yes": "approve",
    "tidak": "reject",
    "no": "reject",
    "kantor": "ask_location_hours",
    "alamat": "ask_location_hours",
    "office": "ask_location_hours",
    "bantuan": "help",
    "help": "help",
    "menu": "help",
    "ulang": "restart",
    "mulai": "restart",
    "restart": "restart",
    "syarat": "ask_requirements",
    "petugas": "talk_to_staff",
    "staff": "talk_to_staff",
    "biaya": "ask_fees",
    "fees": "ask_fees",
    "privasi": "ask_privacy",
    "privacy": "ask_privacy",
    "hapusdata": "erase_data",
    "tunggu": "join_waitlist",
    "daftartunggu": "join_waitlist",
    "waitlist": "join_waitlist",
}
_GENDER_LABELS = folded("l p jenis kelamin gender sex jk")
_LAYOUT = frozenset({"missing", "too_many_parts", "not_a_name", "not_a_date", "no_year"})
"""Reasons that another way to write the form may explain."""

_COMMAND_SCORE: Final = 85
_MOST_PARTS: Final = 12
"""Parts of a form that are looked at; more are too many anyway."""
_BARE_LETTERS: Final = 8
_JOINED = frozenset(command for command in _COMMANDS if len(command) >= _BARE_LETTERS) - {
    "batalkan", "reschedule", "waitlist",
}  # fmt: skip
"""Commands that are no words of their own: ``tgllayanan`` needs no ``#``."""

_FULL_FORM: Final = len(ROLES)
_AROUND = " \n*_~\"'`.,;:>•·-–"  # noqa: RUF001 - a dash as telephones type it


def read_form(reading: Reading) -> Understood | None:
    """The form in a message; ``None`` when there is none."""
    if "#" not in reading.text:
        return _bare_command(reading)
    before, *after = (part.strip(_AROUND) for part in reading.text.split("#"))
    parts = [part for part in after if part]
    if not parts:
        return None
    if _is_chatter(parts[-1]) and len(parts) > 1:
        parts.pop()
    name = _opening(before, parts, reading.today) if before else ""
    if name:
        parts.insert(0, name)
    elif before and len(parts) == 1 and not _command(parts[0]):
        return None
    told_once, numbers = _told_once(parts[:_MOST_PARTS])
    parts = told_once + parts[_MOST_PARTS:]
    command = _command(parts[0]) if 0 < len(parts) < _FULL_FORM else ""
    if command and not any(_is_birth_date(part, reading.today) for part in parts[1:]):
        return _commanded(command, parts[1:])
    if _FULL_FORM < len(parts) <= _MOST_PARTS:
        parts = _joined(parts, reading.today)
    if len(parts) + bool(numbers) == 1:
        return _single((parts or [reading.text])[0], reading)
    form = _identity(parts, reading)
    odd = len(parts) != _FULL_FORM and len(parts) < _MOST_PARTS
    if form.problems and odd and (told := _as_text(form, reading)):
        form = told
    return replace(form, entities=(*form.entities, *numbers))


def _told_once(texts: Sequence[str]) -> tuple[list[str], tuple[Entity, ...]]:
    """The parts of a form without those sent twice and without gender; and the NIK and telephone
    numbers among them.
    """
    parts: dict[str, str] = {}
    numbers: list[Entity] = []
    for text in texts:
        tokens = tokenise(text)
        number = nik(tokens, text) or phone(tokens, text)
        words = words_of(tokens)
        if number:
            numbers.append(number)
        elif not (words and set(words) <= GENDER | _GENDER_LABELS) or len(texts) == 1:
            dated = len(texts) <= _FULL_FORM and any(char.isdigit() for char in text)
            parts.setdefault(str(len(parts)) if dated else " ".join(words) or text, text)
    return [*parts.values()], (*numbers,)


def _joined(texts: Sequence[str], today: date) -> list[str]:
    """Parts with labels and places of birth that stood by themselves: ``#Budi#Solo#17-8-90``."""
    parts = [text for text in texts if not is_placeholder(text)]
    at = len(parts) > _FULL_FORM and not any(char.isdigit() for char in parts[1])
    if at and _is_birth_date(parts[2], today):
        parts[1:3] = [f"{parts[1]}, {parts[2]}"]
    return parts if len(parts) >= _FULL_FORM else [*texts]


def _as_text(form: Understood, reading: Reading) -> Understood | None:
    """A form with parts missing or joined, read as a list: ``#Budi#25-01-1987 5 Januari``."""
    reasons = {problem.reason for problem in form.problems}
    if reasons - _LAYOUT or ADDRESS in reading.expectation.takes:
        return None
    if any(token.is_number for token in reading.undated):
        return None
    lines = clean(reading.text.replace("#", "\n"))
    listed = find_identity(Reading(lines, reading.expectation, reading.today))
    told = listed.entities()
    if listed.problems() or len(told) <= len(form.entities):
        return None
    whole = {"person_name", "birth_date"} <= {entity.type for entity in told}
    return Understood("submit_identity", entities=told) if whole else None


def _opening(before: str, parts: Sequence[str], today: date) -> str:
    """The name before the first ``#`` of a form that lacks its own ``#``; empty for chatter."""
    if len(parts) >= _FULL_FORM or not any(char.isdigit() for char in parts[0]):
        return ""
    tokens = tokenise(before)
    name = announced_name(tokens, before) or bare_name(tokens, before, ())
    if len(parts) == 1 and not _is_birth_date(parts[0], today):
        return ""
    return name


def _is_birth_date(part: str, today: date) -> bool:
    return not isinstance(parse_date(part, today, kind="birth"), DateProblem)


def _command(part: str) -> str:
    """The intent of an exact command; empty for others."""
    return _COMMANDS.get("".join(char for char in part.lower() if char.isalnum()), "")


def _bare_command(reading: Reading) -> Understood | None:
    """A command without its ``#`` that is no word by itself, as the whole message."""
    if len(reading.tokens) != 1 or len(reading.text) < _BARE_LETTERS:
        return None
    intent = _near_command(reading.text, _JOINED)
    return Understood(intent) if intent else None


def _near_command(part: str, commands: Collection[str] = _COMMANDS.keys()) -> str:
    """The intent of the command a part misspells, or is."""
    near = process.extractOne(
        part.lower(), commands, scorer=fuzz.ratio, score_cutoff=_COMMAND_SCORE
    )
    return _COMMANDS[near[0]] if near else ""


def _commanded(intent: str, rest: Sequence[str]) -> Understood:
    """A command, with the code that may follow it: ``#batal#JKP-7F4Q2-M8XCK``."""
    return Understood(intent, entities=tuple(code for part in rest for code in _codes(part)))


def _single(part: str, reading: Reading) -> Understood | None:
    """One part that is no command: a code, or what would be understood without ``#`` too."""
    codes = _codes(part)
    if codes and codes[0].type == "booking_code":
        return Understood("ask_status", entities=(codes[0],))
    if codes and not (reading.dates and reading.wants_service_date):
        return Understood("give_code", entities=(codes[0],))
    words = words_of(tokenise(part))
    if reading.dates or any(word.isdigit() for word in words):
        return None
    if near := _near_command(part):
        return Understood(near)
    if " " in part and (name := bare_name(tokenise(part), part, ())):
        begins = "submit_identity" in reading.expectation.intents
        told = (Entity("person_name", name, part),)
        return Understood("submit_identity" if begins else "inform", CONFIDENCE, told)
    example = example_form((), reading.expectation.known, reading.today)
    problem = Problem("form", "unknown_command", as_typed(f"#{part}"))
    return Understood("malformed_form", problems=(problem,), example=example)


def _codes(part: str) -> list[Entity]:
    if booked := booking_code(part):
        return [booked]
    approval = solid_code(tokenise(part))
    return [Entity("approval_code", approval.text, part)] if approval else []


def _identity(texts: Sequence[str], reading: Reading) -> Understood:
    """Name and dates; the conversation keeps the right parts of a wrong form."""
    expectation = reading.expectation
    if ADDRESS in expectation.takes:
        return read_address_form(texts, reading)
    parts = read_parts(
        texts[:_FULL_FORM],
        reading.today,
        options=expectation.options,
        service_date_known="service_date" in expectation.known,
    )
    entities = tuple(part.entity for part in parts if part.entity)
    problems = tuple(part.problem for part in parts if part.reason)
    if len(texts) > _FULL_FORM:
        problems += (Problem("form", "too_many_parts", as_typed("#" + "#".join(texts))),)
    if not problems:
        return Understood("submit_identity", entities=entities)
    wrong_birth = next((p.text for p in parts if p.role == "birth_date" and p.reason), "")
    short = len(parts) < _FULL_FORM and "service_date" in expectation.known
    example = example_form(
        entities,
        expectation.known,
        reading.today,
        wrong_birth_date=wrong_birth,
        with_service_date=not short,
    )
    return Understood("malformed_form", entities=entities, problems=problems, example=example)


def _is_chatter(part: str) -> bool:
    words = words_of(tokenise(part))
    return not words or is_chatter(words)
