"""`antre doctor`: what is wrong is found, with what to do about it, and no secret is said."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.checked import checked_definitions
from bot.commands.doctor.examining import examine, examined
from bot.commands.doctor.here import of_accounts, of_disk, of_secrets
from bot.commands.doctor.meta import of_meta
from bot.commands.doctor.storing import of_storage
from bot.commands.doctor.told import Told, as_json
from bot.definitions import Definitions
from bot.graph_stub.account import Account
from bot.graph_stub.server import TOKEN, GraphStandIn
from bot.settings import Settings, load_settings
from tests.support.service import ROOT, office_variables, ran
from tests.support.webhooks import APP_SECRET

CONFIG = ROOT / "config.yml"


def settings_for(url: str, **variables: str) -> Settings:
    """The repository's, with the tests' secrets."""
    return load_settings(CONFIG, office_variables(url, **variables))


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    """The repository's flows and offices."""
    return checked_definitions(load_settings(CONFIG, {}).flows)


@pytest.fixture
async def graph(definitions: Definitions) -> AsyncIterator[GraphStandIn]:
    """Meta's side, where everything is as it should be."""
    stand_in = GraphStandIn()
    account = stand_in.account
    account.app_secret = APP_SECRET
    numbers = [number for office in definitions.offices for number in office.numbers]
    for at, number in enumerate(numbers):
        account.has_number(f"10654{at}", number, "Kantor Imigrasi")
    for at in range(30):  # a page full of others before ours
        account.has_template(f"another_{at}", "id", 0, 0)
    for replies in definitions.flows.replies.values():
        for (name, language), (parameters, buttons) in replies.registered().items():
            account.has_template(name, language, parameters, buttons or 0)
    async with stand_in.serving() as serving:
        yield serving


async def asked(graph: GraphStandIn, definitions: Definitions, **variables: str) -> list[Told]:
    """What Graph's side of the check says."""
    return [each async for each in of_meta(settings_for(graph.url, **variables), definitions)]


def wrong(told: list[Told]) -> list[Told]:
    """What is not as it should be."""
    return [each for each in told if each.state != "ok"]


async def test_all_is_well(graph: GraphStandIn, definitions: Definitions) -> None:
    """Every check says so; that all needed templates were found, beyond the first page, too."""
    told = await asked(graph, definitions)
    assert wrong(told) == []
    names = {"clock", "token", "subscription", "numbers", "templates", "webhook"}
    assert {each.check for each in told} == names
    needed = sum(len(each.registered()) for each in definitions.flows.replies.values())
    (templates,) = (each.said for each in told if each.check == "templates")
    assert f" {needed} templates" in templates
    assert needed > 5


def _without(name: str, key: str) -> Callable[[Account], None]:
    def change(account: Account) -> None:
        listed = getattr(account, key)
        listed[:] = [each for each in listed if each.get("name") != name]

    return change


def _template(**changes: Any) -> Callable[[Account], None]:
    def change(account: Account) -> None:
        for at, each in enumerate(account.templates):
            if each["name"] == "booking_reminder_today" and each["language"] == "id":
                account.templates[at] = {**each, **changes}

    return change


def _set(**changes: Any) -> Callable[[Account], None]:
    def change(account: Account) -> None:
        for name, value in changes.items():
            setattr(account, name, value)

    return change


def _number(**changes: Any) -> Callable[[Account], None]:
    def change(account: Account) -> None:
        account.numbers[0] = {**account.numbers[0], **changes}

    return change


SOON = int((datetime.now(UTC) + timedelta(hours=3)).timestamp())
LATER = int((datetime.now(UTC) + timedelta(days=40)).timestamp())
SEND, MANAGE = "whatsapp_business_messaging", "whatsapp_business_management"
NO_PARAMETERS = [{"type": "BODY", "text": "Pengingat"}]


@pytest.mark.parametrize(
    ("change", "check", "state", "said"),
    [
        (_set(ahead=timedelta(seconds=45)), "clock", "error", "s off Meta's"),
        (_set(ahead=timedelta(seconds=-45)), "clock", "error", "s off Meta's"),
        (_set(expires_at=SOON), "token", "error", "ends on"),
        (_set(expires_at=LATER), "token", "warning", "ends on"),
        (_set(scopes=(MANAGE,)), "token", "error", "may not send"),
        (_set(scopes=(SEND,)), "token", "warning", "may not be looked at"),
        (_set(subscribed=False), "subscription", "error", "does not tell our app"),
        (_set(callback_url=""), "webhook", "error", "no active webhook"),
        (_set(callback_url="https://bot.example/hook"), "webhook", "error", "/hook"),
        (_set(app_secret="another"), "webhook", "error", "the app secret is not that of"),
        (_set(fields=("account_update",)), "webhook", "error", "messages is not subscribed"),
        (_set(fields=("messages",)), "webhook", "warning", "not subscribed to: account_update"),
        (_number(quality_rating="RED"), "numbers", "error", "quality is red"),
        (_number(quality_rating="YELLOW"), "numbers", "warning", "quality is yellow"),
        (_number(status="BANNED"), "numbers", "error", "is BANNED"),
        (_number(display_phone_number="+62 811-0000-0000"), "numbers", "warning", "of no office"),
        (_without("nearly_called", "templates"), "templates", "error", "nearly_called (en) is not"),
        (_template(status="PAUSED"), "templates", "error", "is PAUSED"),
        (_template(status="PENDING"), "templates", "warning", "waits for Meta"),
        (_template(components=NO_PARAMETERS), "templates", "error", "has 0 parameters"),
        (_template(components=NO_PARAMETERS), "templates", "error", "has 0 quick replies"),
    ],
)
async def test_what_is_wrong_at_metas(
    change: Callable[[Account], None],
    check: str,
    state: str,
    said: str,
    graph: GraphStandIn,
    definitions: Definitions,
) -> None:
    """Each is named, with a way to mend it."""
    change(graph.account)
    found = [each for each in wrong(await asked(graph, definitions)) if said in each.said]
    assert found
    assert {(each.check, each.state) for each in found} == {(check, state)}
    assert all(each.do for each in found)


async def test_a_dead_token_is_one_error(graph: GraphStandIn, definitions: Definitions) -> None:
    """Nothing else can be asked then, and nothing else is complained of."""
    told = wrong(await asked(graph, definitions, WHATSAPP_ACCESS_TOKEN="an-old-token-of-the-tests"))
    assert [(each.check, each.state) for each in told] == [("token", "error")]
    assert "expired, revoked or mistyped" in told[0].said


async def test_a_token_that_is_not_told_of(graph: GraphStandIn, definitions: Definitions) -> None:
    """It may well be fine: a warning, and what the settings name is looked at all the same."""
    graph.account.tells_of_token = False
    account = graph.account.id
    told = await asked(graph, definitions, ANTRE_WHATSAPP_BUSINESS_ACCOUNT_IDS=account)
    assert [(each.check, each.state) for each in wrong(told)] == [("token", "warning")]
    assert {"subscription", "numbers", "templates"} <= {each.check for each in told}


async def test_offices_with_tokens_of_their_own(
    graph: GraphStandIn, definitions: Definitions
) -> None:
    """Each token is looked at, by its variable; numbers count once, over all of them."""
    own = {"WHATSAPP_ACCESS_TOKEN_TANGERANG": "an-old-token-of-the-tests"}
    told = await asked(graph, definitions, **own)
    assert [(each.check, each.state) for each in wrong(told)] == [("token", "error")]
    assert wrong(told)[0].said.startswith("WHATSAPP_ACCESS_TOKEN_TANGERANG: ")
    numbers = [each.said for each in told if each.check == "numbers"]
    assert len(numbers) == len(set(numbers)) == len(graph.account.numbers)


def test_secrets_of_offices(definitions: Definitions) -> None:
    """A variable that names no office is told, and an office that nobody can answer for."""
    own = {"WHATSAPP_ACCESS_TOKEN_TANGRANG": "x" * 20, "WHATSAPP_ACCESS_TOKEN": ""}
    told = list(of_accounts(settings_for("http://127.0.0.1:9/v26.0", **own), definitions))
    assert told[0].said.startswith("WHATSAPP_ACCESS_TOKEN_TANGRANG: no office")
    assert any(each.said.startswith("tangerang: has no access token") for each in told)
    assert {each.state for each in told} == {"error"}


async def test_nobody_there(definitions: Definitions) -> None:
    """A Graph that cannot be reached is said, without its address or any secret."""
    told = [each async for each in of_meta(settings_for("http://127.0.0.1:9/v26.0"), definitions)]
    assert [(each.check, each.state) for each in told] == [("clock", "warning"), ("token", "error")]
    assert "could not be reached" in told[1].said


async def test_accounts_of_the_settings(graph: GraphStandIn, definitions: Definitions) -> None:
    """An account that the token does not name may be told; one that is not there is a warning."""
    told = await asked(graph, definitions, ANTRE_WHATSAPP_BUSINESS_ACCOUNT_IDS="102000000000099")
    said = {(each.check, each.state, each.said.partition(":")[0]) for each in wrong(told)}
    account = "account 102000000000099"
    assert said == {("accounts", "warning", account), ("templates", "warning", account)}


async def test_the_embedded_database(tmp_path: Path) -> None:
    """It works, and is called what it is."""
    settings = settings_for("http://127.0.0.1:9/v26.0", ANTRE_STORAGE_DATA=str(tmp_path))
    told = [each async for each in of_storage(settings)]
    assert [each.state for each in told] == ["warning", "ok", "ok", "ok"]
    assert "beta, not for an office" in told[0].said


async def test_a_database_that_is_not_there() -> None:
    """One error, within the time a person waits, and without the password of its address."""
    uri = "mongodb://antre:very-secret@127.0.0.1:9/?serverSelectionTimeoutMS=300"
    settings = settings_for("http://127.0.0.1:9/v26.0", MONGODB_URI=uri)
    told = [each async for each in of_storage(settings)]
    assert [each.state for each in told] == ["error"]
    assert "very-secret" not in as_json(told)


def test_secrets_that_are_missing_or_short() -> None:
    """Each missing one by its variable; what is easily guessed is a warning; none is shown."""
    settings = load_settings(CONFIG, {"WHATSAPP_VERIFY_TOKEN": "antre"})
    told = list(of_secrets(settings))
    assert [each.said for each in told if each.state == "error"] == [
        "WHATSAPP_APP_SECRET is not set",
        "WHATSAPP_ACCESS_TOKEN is not set",
    ]
    assert [each.said for each in told if each.state == "warning"] == [
        "the whatsapp verify token is shorter than 16 characters"
    ]
    assert "antre" not in told[-1].said


@pytest.mark.parametrize(("free", "state"), [(2**36, "ok"), (2**31, "warning"), (2**20, "error")])
def test_room_on_the_disk(
    free: int, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at where the data folder will be, though it is not there yet."""
    seen = []

    class Usage:
        def __init__(self, path: Path) -> None:
            seen.append(path)
            self.free = free

    monkeypatch.setattr("shutil.disk_usage", Usage)
    folder = tmp_path / "not" / "there"
    settings = load_settings(CONFIG, {"ANTRE_STORAGE_DATA": str(folder)})
    assert of_disk(settings).state == state
    assert seen == [tmp_path]


async def test_everything_together(graph: GraphStandIn, tmp_path: Path) -> None:
    """From settings to Meta, in the order in which it is worth mending; and no secret in it."""
    settings = settings_for(graph.url, ANTRE_STORAGE_DATA=str(tmp_path))
    told = [each async for each in examine(settings)]
    order = list(dict.fromkeys(each.check for each in told))
    assert order[:5] == ["secrets", "flows", "offices", "disk", "storage"]
    assert [each.check for each in told if each.state == "error"] == []
    for secret in (TOKEN, APP_SECRET, settings.secrets.whatsapp_verify_token.get_secret_value()):
        assert secret not in as_json(told)


async def test_settings_that_cannot_be_read(tmp_path: Path) -> None:
    """Told like any other finding; nothing else is looked at."""
    config = tmp_path / "config.yml"
    config.write_text("log: {levl: info}\nserver: {prt: 80}\n")
    told = await examined(config, None, offline=True)
    assert [(each.check, each.state) for each in told] == [("settings", "error")] * 2
    assert f"{config}:1:" in told[0].said


async def test_the_command(tmp_path: Path) -> None:
    """JSON for programs, and 1 for what is an error."""
    options = ("--offline", "--format", "json", "--data", str(tmp_path))
    code, output, errors = await ran("doctor", *options)
    told = json.loads(output)
    assert (code, errors) == (1, "")
    assert {"check", "state", "said", "do"} == set(told[0])
    failed = [each["said"] for each in told if each["state"] == "error"]
    assert len(failed) == 3
    assert all(each.endswith(" is not set") for each in failed)
    assert not any(each["check"] == "token" for each in told)
