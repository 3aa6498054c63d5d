"""What a person is told, in the language they read: a sentence in English and what it speaks of.

The English sentence is the text itself, so whoever only passes it on, compares or prints it need
not know of other languages. Those stand in ``bot/locale/LANGUAGE.po``, by the English sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Final, Self, TypeAlias

from babel.messages.pofile import read_po
from pydantic import PlainSerializer, PlainValidator

FOLDER: Final = Path(__file__).parent / "locale"

WRITTEN: Final = "en"
"""The language of the sentences in the code."""

_FORMATTER: Final = Formatter()


class Told(str):
    """A text that can be said in another language.

    Args:
        sentence: in English, with ``{name}`` where a value stands, as of :meth:`str.format`.
        values: what each of the braces comes to, by what is in them: ``name!r``.
    """

    __slots__ = ("sentence", "values")

    sentence: str
    values: Mapping[str, str]

    def __new__(cls, sentence: str, values: Mapping[str, str]) -> Self:
        """The sentence with its values filled in."""
        text = super().__new__(cls, _filled(sentence, values))
        text.sentence, text.values = sentence, values
        return text

    def __str__(self) -> str:
        """Itself: an error that was raised with it can be asked for it."""
        return self

    def __reduce__(self) -> tuple[type[Told], tuple[str, Mapping[str, str]]]:
        """It goes to other processes, and comes back, with all it knows."""
        return Told, (self.sentence, self.values)

    def replacing(self, old: str, new: str) -> Told:
        """The same with another text within its values."""
        return Told(self.sentence, {k: replaced(v, old, new) for k, v in self.values.items()})


def tell(sentence: str, /, **values: object) -> Told:
    """A sentence of which other languages know how they say it.

    Args:
        values: by name; one may be such a text itself, or an error that tells one.
    """
    return Told(sentence, {key: _shown(key, values) for _, key in _parts(sentence) if key})


def in_language(text: str, language: str) -> str:
    """A text as somebody who reads ``language`` should read it; as it is, if nobody wrote that."""
    if not isinstance(text, Told) or language == WRITTEN:
        return text
    values = {key: in_language(value, language) for key, value in text.values.items()}
    return _filled(sentences_of(language).get(text.sentence, text.sentence), values)


@lru_cache
def sentences_of(language: str) -> Mapping[str, str]:
    """The sentences of a language, by the English one; none of a language that has no file."""
    path = FOLDER / f"{language}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file) if each.id and each.string}


def replaced(text: str, old: str, new: str) -> str:
    """``text`` with ``new`` for ``old``; of one that can be told, within its values."""
    return text.replacing(old, new) if isinstance(text, Told) else text.replace(old, new)


def as_json(text: str) -> Any:
    """A text as processes pass it on: as it is, or ``[sentence, values]``."""
    if not isinstance(text, Told):
        return text
    return [text.sentence, {key: as_json(value) for key, value in text.values.items()}]


def of_json(written: Any) -> str:
    """The text again."""
    if isinstance(written, str):
        return written
    sentence, values = written
    return Told(sentence, {key: of_json(value) for key, value in values.items()})


Telling: TypeAlias = Annotated[str, PlainValidator(of_json), PlainSerializer(as_json)]
"""A field of a value that processes pass on: a text that keeps its other languages."""


def _parts(sentence: str) -> Iterator[tuple[str, str]]:
    """Its words, each with what is in the braces after them."""
    for words, name, form, conversion in _FORMATTER.parse(sentence):
        yield (
            words,
            f"{name or ''}{f'!{conversion}' if conversion else ''}{(form and f':{form}') or ''}",
        )


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    return "".join(words + (values[key] if key else "") for words, key in _parts(sentence))


def _shown(key: str, values: Mapping[str, object]) -> str:
    """What ``name!r:.60`` comes to."""
    value = values.get(key)
    if isinstance(value, str | Exception):
        return str(value)  # which is the one told, if there is one
    return f"{{{key}}}".format_map(values)
