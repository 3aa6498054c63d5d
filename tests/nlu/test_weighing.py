"""Grammar, classifier and the open question together: who has the last word, and when nobody."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Entity, Expectation, Message, Understood
from nlu.classifier import Guess
from nlu.interpreter import Interpreter
from nlu.vocabulary import INTENTS
from nlu.weighing import SURE
from tests.nlu.conftest import NOW, STATES

OTHERS = ("ask_requirements", "cancel", "approve", "submit_identity", "ask_dates", "out_of_scope")


class Ranking:
    """A classifier that says what it is told to."""

    def __init__(self, **confidences: float) -> None:
        self.asked: list[str] = []
        self._confidences = confidences

    async def rank(self, text: str) -> Sequence[Guess]:
        """What was handed in; the rest is spread over other intents."""
        self.asked.append(text)
        if not self._confidences:
            return ()
        others = [intent for intent in OTHERS if intent not in self._confidences]
        left = (1 - sum(self._confidences.values())) / (len(others) or 1)
        ranked = self._confidences | dict.fromkeys(others, left)
        return sorted((Guess(*each) for each in ranked.items()), key=lambda g: -g.confidence)


async def hear(text: str, ranking: Ranking, state: str = "", kind: str = "text") -> Understood:
    """A text understood in a state."""
    message = Message("wamid.1", kind, text, NOW)
    return await Interpreter(ranking).understand(message, STATES[state], NOW)


@pytest.mark.parametrize(
    ("text", "state", "intent"),
    [
        ("#rina wulandari#17081990#24112026", "welcome", "submit_identity"),
        ("00002681", "confirming", "give_code"),
        ("nomor 3", "choosing_date", "choose_option"),
        ("#batal", "booked", "cancel"),
        ("/approve", "confirming", "approve"),
    ],
)
async def test_what_is_exact_is_not_asked_about(text: str, state: str, intent: str) -> None:
    """Forms, codes, numbers of a list, commands and taps mean what they say."""
    ranking = Ranking(talk_to_staff=0.99)
    heard = await hear(text, ranking, state if state in STATES else "")
    assert (heard.intent, ranking.asked) == (intent, [])


async def test_other_words() -> None:
    """What no phrase knows is what the classifier says."""
    heard = await hear("berkas yg mesti disiapin opo ae lek", Ranking(ask_requirements=0.9))
    assert heard.intent == "ask_requirements"
    assert 0.8 < heard.confidence < 1


async def test_a_question_is_answered_anywhere() -> None:
    """What the open state waits for is a prior and no filter."""
    heard = await hear("apa ya syaratnya kalau begitu", Ranking(ask_requirements=0.9), "confirming")
    assert heard.intent == "ask_requirements"


async def test_what_is_waited_for_is_likelier() -> None:
    """The same words, the same ranking, and another state."""
    ranked = {"ask_dates": 0.45, "talk_to_staff": 0.52}
    assert (await hear("lha monggo kerso", Ranking(**ranked), "confirming")).intent == "ask_dates"
    assert (await hear("lha monggo kerso", Ranking(**ranked))).intent == "talk_to_staff"


async def test_what_was_found_stays() -> None:
    """Name and dates that the grammar found go with the meaning they were found for."""
    heard = await hear("nama saya Rina, lahir 17 agustus 1990", Ranking(submit_identity=0.6))
    assert heard.intent in {"inform", "submit_identity"}
    assert heard.values() == {"person_name": "Rina", "birth_date": "1990-08-17"}


async def test_unclear() -> None:
    """Too unlikely to act upon: the likeliest meanings, in order, are told instead."""
    heard = await hear("yang kayak tadi lho", Ranking(ask_dates=0.3, ask_requirements=0.25))
    assert (heard.intent, heard.guesses[:2]) == ("none", ("ask_dates", "ask_requirements"))
    assert heard.confidence < SURE


async def test_nothing_learnt() -> None:
    """Without training data the grammar decides alone."""
    assert (await hear("syaratnya apa aja", Ranking())).intent == "ask_requirements"
    assert (await hear("xyzzy plugh", Ranking())).intent == "none"


async def test_identity_without_an_entity() -> None:
    """Whoever says they send their data is heard where that is waited for."""
    ranking = Ranking(submit_identity=0.9)
    assert (await hear("ini data saya ya pak", ranking, "welcome")).intent == "submit_identity"
    assert (await hear("ini data saya ya pak", ranking, "identifying")).intent == "inform"


@pytest.mark.parametrize("kind", ["image", "audio", "sticker"])
async def test_other_kinds(kind: str) -> None:
    """What has no words is not ranked."""
    ranking = Ranking(cancel=0.9)
    assert (await hear("", ranking, kind=kind)).intent == "send_media"
    assert ranking.asked == []


@given(
    st.text(max_size=60),
    st.lists(st.floats(0, 1), min_size=6, max_size=6),
    st.sampled_from(sorted(STATES)),
)
async def test_anything(text: str, confidences: list[float], state: str) -> None:
    """Whatever is written and ranked, it is an intent we know, with a confidence from 0 to 1."""
    total = sum(confidences) or 1.0
    ranked = dict(zip(OTHERS, (each / total for each in confidences), strict=True))
    heard = await hear(text, Ranking(**ranked), state)
    assert heard.intent in INTENTS or text.lstrip().startswith("/")
    assert 0 <= heard.confidence <= 1
    assert all(isinstance(entity, Entity) for entity in heard.entities)


async def test_where_it_comes_from() -> None:
    """What was understood says who found it, and what else was likely, for who asks afterwards."""
    exact = await hear("#rina wulandari#17081990#24112026", Ranking())
    assert (exact.source, exact.candidates) == ("exact", ())
    told = await hear("apakah itu bisa ditunda saja", Ranking(reschedule=0.9))
    assert (told.source, told.intent) == ("local", "reschedule")
    assert told.candidates[0][0] == "reschedule"
    assert len(told.candidates) == 3
    assert told.as_document()["candidates"][0].startswith("reschedule 0.9")
    alone = await Interpreter().understand(Message("1", "text", "syarat", NOW), STATES[""], NOW)
    assert (alone.source, alone.candidates) == ("grammar", ())
    assert "candidates" not in alone.as_document()


async def test_who_is_dropped_from_a_list_is_no_data() -> None:
    """While a list of people is made, nothing that a classifier guesses erases anybody's data."""
    state = Expectation("collecting", frozenset({"family", "drop_member"}))
    message = Message("wamid.1", "text", "buang aja yg barusan itu", NOW)
    heard = await Interpreter(Ranking(erase_data=0.9)).understand(message, state, NOW)
    assert heard.intent == "none"


async def test_what_a_greeting_leads_up_to() -> None:
    """Politeness around a wish does not outweigh it."""
    text = "selamat pagi bapak ibu admin saya ingin mendaftar paspor untuk hari kamis"
    assert (await hear(text, Ranking(greet=0.8), "welcome")).intent == "choose_date"


async def test_a_greeting_alone() -> None:
    """Politeness and nothing else is just that."""
    assert (
        await hear("selamat pagi bapak ibu admin", Ranking(greet=0.8), "welcome")
    ).intent == "greet"
