"""Names, numbers, codes, birth dates and addresses of people, replaced by invented ones.

The same by the same within one conversation, and each in the form in which it was written, so that
what is understood of it stays as it was. Days of service stay: they say nothing about anybody, and
"besok" or a holiday mean then what they meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from random import Random
from typing import Any, Final

from bot.booking.office import Offices
from bot.dialogue.store import Contact
from bot.replay.disguising import (
    birth_in,
    disguised_code,
    disguised_date,
    disguised_digits,
    email_like,
    hex_like,
    like,
    may_be_birth,
    national,
)
from bot.replay.personal import (
    ADDRESSES,
    BIRTHS,
    BORN,
    MONTHS,
    NAMES,
    WORD,
    looks_personal,
    personal_in,
)

POOL: Final = (
    *("Rina", "Budi", "Sari", "Joko", "Dewi", "Tono", "Lina", "Agung", "Wati", "Hadi", "Nina"),
    *("Yanto", "Ratna", "Bayu", "Yuli", "Slamet", "Endang", "Gunawan", "Sri", "Wawan", "Maya"),
    *("Rudi", "Tuti", "Anton", "Ika", "Darma", "Lestari", "Susanto", "Pratiwi", "Hartono"),
    *("Wijaya", "Utami", "Saputra", "Anggraini", "Nugroho", "Permata", "Kusuma", "Puspita"),
)
"""Words of invented names."""

SHORTEST: Final = 3
"""Parts of a name with fewer letters say nothing."""

LONG: Final = 5
"""Parts of a name with so many letters are found within longer words too."""

KEYS: Final = frozenset({"key", "group"})
"""Under which ids stand; those of messages hold telephone numbers."""

MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[\d:.]*(?:Z|[+-]\d{2}:\d{2})?")

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
"""What actions give: a Monday of long ago stands for all Mondays."""

STAYS: Final = frozenset(
    (
        *("pak", "bapak", "ibu", "mas", "mbak", "kak", "bang", "drs", "dra", "haji", "hajah"),
        *("jalan", "jln", "nomor", "blok", "gang", "kota", "desa", "kel", "kec", "dan", "and"),
    )
)
"""What stands beside names and in addresses, and is nobody's."""


@dataclass(slots=True)
class Anonymous:
    """Replaces what is personal, and finds what is left of it.

    Args:
        facts: what is known of the people, by kind: :func:`bot.replay.personal.facts_in`.
        offices: their numbers are public, and stay.
        told: what everybody is told; its words are no names where they stand alone.
        now: when the conversation takes place.
        seed: another one invents others.
    """

    facts: Mapping[str, Collection[str]]
    offices: Offices
    told: str = field(repr=False)
    now: datetime
    seed: int = 1
    public: frozenset[str] = field(init=False, repr=False)
    _words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.public = public_words(self.told) | MONTHS.keys()
        taken = {word for text in self._texts() for word in _words(text)}
        free = [each for each in POOL if each.casefold() not in taken | set(self.public)]
        Random(f"names {self.seed}").shuffle(free)  # noqa: S311 - invented names are no secret
        for at, word in enumerate(sorted(taken - STAYS)):
            again = "" if at < len(free) else "aeiou"[at // len(free) % 5]
            self._words[word] = free[at % len(free)] + again

    def text(
        self,
        text: str,
        names: Iterable[str] = (),
        read: Iterable[str] = (),
        stays: Collection[str] = (),
    ) -> str:
        """A text with nobody in it.

        Args:
            names: parts of it that are names or addresses, whatever else they might mean.
            read: parts of it that were read as something else: ``Senin`` in ``Joko Senin``. They
                stay if they are words that everybody is told.
            stays: telephone numbers that are invented already.
        """
        several = [each for each in self._texts() if len(list(WORD.finditer(each))) > 1]
        words = {bare for part in read if (bare := _bare(part)) in self.public}
        own = {national(each) for each in stays}
        for phrase in sorted({*several, *names}, key=len, reverse=True):
            text = _phrase(phrase).sub(lambda found: self.name(found[0], words), text)
        text = self.looks.sub(
            lambda found: found[0] if national(found[0]) in own else self._disguised(found), text
        )
        return WORD.sub(self._alone, text)

    def name(self, name: str, stays: Collection[str] = ()) -> str:
        """A name or an address: every word that is somebody's, but for those that stay."""
        found = self.looks.sub(self._disguised, name)
        others = {word: other for word, other in self._words.items() if word not in stays}
        found = WORD.sub(lambda word: like(word[0], others.get(_bare(word[0]))), found)
        return re.sub(r"\d+", lambda each: disguised_digits(each[0], self.seed), found)

    def value(self, value: Any, key: str = "") -> Any:
        """A JSON-like value, whatever is in it.

        Args:
            key: under which it stands.
        """
        match value:
            case str():
                return self._string(value, key)
            case Mapping():
                return {name: self.value(each, name) for name, each in value.items()}
            case list() | tuple():
                return [self.value(each, key) for each in value]
            case _:
                return value

    def _string(self, value: str, key: str) -> str:
        if value in self._public_names or MOMENT.fullmatch(value):
            return value
        if DAY.fullmatch(value) and key not in BORN and value not in self.facts.get("births", ()):
            return value
        if key in KEYS or _is_id(value):
            return f"recorded-{hex_like(value, self.seed)[:12]}"
        return self.name(value) if key in NAMES | ADDRESSES else self.text(value)

    def invents(self, word: str) -> bool:
        """Whether a word, in lower case, is one of the invented names."""
        return word in {each.casefold() for each in self._words.values()}

    def left(self, text: str) -> list[str]:
        """What ``text`` still gives away, each once, however it is written there."""
        small, (public, examples) = text.casefold(), _public_digits(self.told)
        digits = _joined(small)
        words = {_bare(word[0]) for word in WORD.finditer(text)} - set(self.public)
        found = {each for each in self._tellings if each in words}
        found |= {each for word in words if (each := self._within(word))}
        for kind in ("numbers", "codes", "nik", "email", "senders"):
            for each in self.facts.get(kind, ()):
                bare = national(each) if kind == "numbers" else each.casefold()
                found |= {each} if bare and (bare in digits or bare in small) else set()
        for birth in map(date.fromisoformat, self.facts.get("births", ())):
            if birth_in(small, digits, birth) and not birth_in(public, examples, birth):
                found.add(birth.isoformat())
        return sorted(each for each in found if each.casefold() not in public)

    @property
    def looks(self) -> re.Pattern[str]:
        """What tells by its looks that it may be somebody's."""
        return looks_personal(self.offices.prefixes)

    @property
    def _tellings(self) -> set[str]:
        """Words that tell who it is wherever they stand."""
        return {word for word in self._words if word not in self.public}

    @property
    def _public_names(self) -> set[str]:
        return {office.name for office in self.offices} | {o.short_name for o in self.offices}

    def _texts(self) -> Iterator[str]:
        """Names, and addresses; one that is made of what everybody is told, as ``besok``, is
        nobody's.
        """
        yield from self.facts.get("names", ())
        addresses = self.facts.get("addresses", ())
        yield from (each for each in addresses if not public_words(each) <= self.public)

    def _alone(self, word: re.Match[str]) -> str:
        bare = _bare(word[0])
        if bare in self.public:
            return word[0]
        known = self._words.get(bare) or self._words.get(self._within(bare))
        return like(word[0], known)

    def _within(self, word: str) -> str:
        """The name that a longer word is made of: ``rinawulandari``."""
        found = (each for each in self._tellings if len(each) >= LONG and each in word)
        return next(found, "")

    def _disguised(self, found: re.Match[str]) -> str:
        kind, written = str(found.lastgroup), found[0]
        if kind == "email":
            return email_like(written, self.seed)
        if kind == "hex":
            return hex_like(written, self.seed)
        if kind == "code":
            return disguised_code(written, self.offices.prefixes, self.seed)
        is_code = re.sub(r"\D", "", written) in self.facts.get("codes", ())
        births, today = self.facts.get("births", ()), self.now.date()
        # A birth date may be sent where a code is wanted, and is still one, be it told or not.
        is_date = kind in BIRTHS and (not is_code or may_be_birth(found, births, today))
        other = disguised_date(found, births, today, self.seed) if is_date else None
        if other is not None:
            return other
        if kind == "worded" or len(re.sub(r"\D", "", written)) < 8:  # noqa: PLR2004 - codes have eight
            return written
        return written if self.offices.by_number(written) else disguised_digits(written, self.seed)


def anonymous(
    records: Iterable[Mapping[str, Any]],
    people: Mapping[str, Collection[str]],
    offices: Offices,
    told: str,
    now: datetime,
    seed: int = 1,
) -> Anonymous:
    """Knows all that a conversation's records tell of people.

    Args:
        people: what is known besides, by kind.
        told: what everybody is told: :func:`bot.replay.recorder.public_text`.
    """
    facts: dict[str, set[str]] = {kind: set(each) for kind, each in people.items()}
    known = {office.name for office in offices} | {office.short_name for office in offices}
    for kind, fact in personal_in(records):
        if fact not in known:
            facts.setdefault(kind, set()).add(fact)
    return Anonymous(facts, offices, told, now, seed)


def people_in(contact: Contact) -> Mapping[str, Collection[str]]:
    """What a contact tells of its person, by kind."""
    names = contact.names
    return {
        "numbers": {each for each in (*names, contact.phone) if re.fullmatch(r"\d{8,}", each)},
        "senders": {each for each in names if not each.isdecimal() and len(each) >= LONG},
        "names": {contact.profile} - {""},
    }


@lru_cache(maxsize=4)
def public_words(text: str) -> frozenset[str]:
    """The words of a text, in lower case."""
    return frozenset(_bare(word[0]) for word in WORD.finditer(text))


@lru_cache(maxsize=4)
def _public_digits(told: str) -> tuple[str, str]:
    """What everybody is told in lower case, and the same with its groups of digits joined."""
    small = told.casefold()
    return small, _joined(small)


def _joined(text: str) -> str:
    """A text with its groups of digits joined."""
    return re.sub(r"(?<=\d)[ .()\-/]{1,2}(?=\d)", "", text)


def _words(text: str) -> set[str]:
    return {_bare(word[0]) for word in WORD.finditer(text) if len(word[0]) >= SHORTEST}


def _bare(word: str) -> str:
    return word.casefold()


def _is_id(value: str) -> bool:
    return "|" in value or "wamid." in value


def _phrase(phrase: str) -> re.Pattern[str]:
    """A name in whatever writing: with dots or without spaces."""
    words = [re.escape(word[0]) for word in re.finditer(r"\w+", phrase)]
    return re.compile(
        r"(?<!\w)" + r"[\W_]*".join(words) + r"(?!\w)" if words else r"(?!)", re.IGNORECASE
    )
