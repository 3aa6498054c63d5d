"""Hearing single messages as the bot does, without a conversation."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from bot.booking.finding import find_offices
from bot.booking.office import Office, Offices, load_offices
from bot.commands.understanding.states import OPEN, States
from bot.console import Console
from bot.dialogue.events import Entity, Expectation, Interpreter, Message, Scalar, Understood
from bot.document import meant
from bot.errors import ConfigError
from bot.settings import Settings
from nlu.interpreter import Interpreter as WeighingInterpreter
from nlu.local import LocalClassifier, ready
from nlu.vocabulary import REPORTED, kind_of

Provider = Literal["local", "rasa", "grammar"]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it was understood.

    Args:
        understood: as flows hear it.
        seconds: that it took.
    """

    text: str
    understood: Understood
    seconds: float

    @property
    def finer(self) -> str:
        """The likeliest intent, also of a message that the bot would ask back about."""
        understood = self.understood
        return understood.guesses[0] if understood.guesses else understood.intent

    @property
    def intent(self) -> str:
        """The same, as others know it."""
        return kind_of(self.finer)

    @property
    def entities(self) -> tuple[tuple[str, Scalar], ...]:
        """Types and values that others know, each once, in order."""
        found = (each for each in self.understood.entities if each.type in REPORTED)
        return tuple(dict.fromkeys((each.type, value_of(each)) for each in found))


def value_of(entity: Entity) -> Scalar:
    """An entity's value as others know it: telephone numbers are E.164 with their plus."""
    return f"+{entity.value}" if entity.type == "phone" else entity.value


class Ears:
    """Hears messages at any office, in any state.

    Args:
        settings: whose offices and flows count; flows are read only when a state is named.
        interpreter: by what messages are understood.
    """

    def __init__(self, settings: Settings, offices: Offices, interpreter: Interpreter) -> None:
        self._settings, self._offices, self._interpreter = settings, offices, interpreter

    @cached_property
    def _states(self) -> States:
        return States(self._settings.flows)

    def office(self, office_id: str) -> Office:
        """An office; the first one if none is named.

        Raises:
            ConfigError: there is no such office.
        """
        office = self._offices.get(office_id) if office_id else next(iter(self._offices))
        if office is None:
            known = [each.id for each in self._offices]
            raise ConfigError(f"no office {office_id!r}{meant(office_id, known)}")
        return office

    def expectation(self, office_id: str, state: str) -> Expectation:
        """What is waited for; everything is possible where no state is named.

        Raises:
            ConfigError: there is no such office or state.
        """
        office = self.office(office_id)
        return self._states.expectation(office, state) if state else OPEN

    async def hear(self, text: str, now: datetime, *, office: str = "", state: str = "") -> Heard:
        """Understand one message.

        Args:
            now: aware; dates as said are seen from the office's day.

        Raises:
            ConfigError: there is no such office or state.
        """
        local = self.office(office).local(now)
        expectation = self.expectation(office, state)
        message = Message("nlu", "text", text, now)
        began = time.perf_counter()
        understood = await self._interpreter.understand(message, expectation, local)
        return Heard(text, understood, time.perf_counter() - began)


@asynccontextmanager
async def ears(settings: Settings, provider: Provider, say: Console) -> AsyncIterator[Ears]:
    """Ears that understand with a provider.

    Raises:
        ConfigError: Rasa is asked for and does not answer.
        FlowError: the offices have mistakes.
    """
    offices = load_offices(settings.flows.folder / "offices.yml")

    def find_places(text: str) -> list[str]:
        return [office.id for office in find_offices(offices, text)]

    def tell(line: str) -> None:
        say.print(line, markup=False, highlight=False)

    if provider == "grammar":
        yield Ears(settings, offices, WeighingInterpreter(find_places=find_places))
    elif provider == "local":
        classifier = await ready(settings.flows.training, settings.nlu.models, tell)
        yield Ears(settings, offices, WeighingInterpreter(classifier, find_places))
    else:
        from nlu.rasa import RasaClassifier  # noqa: PLC0415 - aiohttp: 0.2 s

        url, token = settings.nlu.rasa_url, settings.secrets.rasa_token.get_secret_value()
        nobody, seconds = LocalClassifier.ignorant(), settings.nlu.rasa_timeout_seconds
        async with RasaClassifier(url, token, nobody, timeout=seconds) as rasa:
            if error := await rasa.check():
                raise ConfigError(f"Rasa at {url} does not answer ({error}); start it first")
            yield Ears(settings, offices, WeighingInterpreter(rasa, find_places))
