import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.settings import SECRETS, VARIABLES, Secrets, Settings, load_settings

ROOT = Path(__file__).parents[1]
SERVE = ["WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_ACCESS_TOKEN"]


def problems(folder: Path, text: str, **environ: str) -> list[str]:
    """The lines of the error that these settings give, the folder's name left out."""
    file = folder / "config.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(file, environ)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def loaded(folder: Path, text: str, **environ: str) -> Settings:
    """The settings of this text and these variables."""
    file = folder / "config.yml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, environ)


class TestTheRepositorysFile:
    def test_says_the_defaults(self) -> None:
        """config.yml shows every setting with the value it has when the line is taken out."""
        settings = load_settings(ROOT / "config.yml", {})
        assert settings.flows.folder == ROOT / "flows"
        assert settings.flows.training == ROOT / "nlu" / "data"
        assert settings.nlu.models == ROOT / ".data" / "nlu"
        assert settings.storage.data == ROOT / ".data"
        folders = {"folder": Path("flows"), "training": Path("nlu/data")}
        folders |= {"recordings": Path("tests/conversations")}
        relative = settings.model_copy(
            update={
                "flows": settings.flows.model_copy(update=folders),
                "nlu": settings.nlu.model_copy(update={"models": Path(".data/nlu")}),
                "storage": settings.storage.model_copy(update={"data": Path(".data")}),
            }
        )
        assert relative == Settings()

    def test_names_every_variable(self) -> None:
        """The comment beside a setting names its variable; every secret but the URL is listed."""
        text = (ROOT / "config.yml").read_text()
        named = set(re.findall(r"[A-Z]+_[A-Z_]+", text))
        assert named == set(VARIABLES) | set(SECRETS) - {"WHATSAPP_GRAPH_URL"}


class TestTheFile:
    def test_empty_means_defaults(self, tmp_path: Path) -> None:
        """No setting must be written."""
        assert loaded(tmp_path, "").server == Settings().server
        assert loaded(tmp_path, "server:\n").server == Settings().server

    def test_values_are_read_by_type(self, tmp_path: Path) -> None:
        """Numbers, words, lists, switches and folders come out as what they are."""
        settings = loaded(
            tmp_path,
            "server: {port: 9000, host: '::1'}\n"
            "flows: {languages: [en], folder: /srv/flows}\n"
            "whatsapp: {read_receipts: no}\n"
            "outbox: {sweep_seconds: 0.5}\n"
            "storage: {database: 2017, data: here}\n",
        )
        assert (settings.server.port, settings.server.host) == (9000, "::1")
        assert settings.flows.languages == ("en",)
        assert settings.flows.folder == Path("/srv/flows")
        assert settings.whatsapp.read_receipts is False
        assert settings.outbox.sweep_seconds == 0.5
        assert settings.storage.database == "2017"
        assert settings.storage.data == tmp_path / "here"

    def test_rasas_keys_are_rasas(self, tmp_path: Path) -> None:
        """What stands under Rasa's keys is not looked at, whatever it is called."""
        loaded(tmp_path, "pipeline:\n  - {name: X, token_pattern: a}\nlanguage: id\nrecipe: r\n")

    def test_a_byte_order_mark_is_forgiven(self, tmp_path: Path) -> None:
        """Windows editors put one in front."""
        assert loaded(tmp_path, "\ufeffserver: {port: 9000}").server.port == 9000

    def test_settings_cannot_be_changed(self, tmp_path: Path) -> None:
        """Settings are values: whoever holds them may rely on them."""
        with pytest.raises(ValueError, match="frozen"):
            loaded(tmp_path, "").server.port = 1


class TestProblems:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            (
                "storage:\n  drivr: motor",
                'config.yml:2:3: storage.drivr: unknown setting; did you mean "driver"?',
            ),
            (
                "serve: {}",
                'config.yml:1:1: serve: unknown setting; did you mean "server"?',
            ),
            (
                "pipelines: []",
                'config.yml:1:1: pipelines: unknown setting; did you mean "pipeline"?',
            ),
            ("xyz: 1", "config.yml:1:1: xyz: unknown setting; take it out"),
            (
                "secrets: {}",
                "config.yml:1:1: secrets: secrets never stand in a file; take it out",
            ),
            (
                "server:\n  port: abc",
                'config.yml:2:9: server.port: must be a number from 1 to 65535, not "abc"',
            ),
            (
                "server: {port: 70000}",
                'config.yml:1:16: server.port: must be a number from 1 to 65535, not "70000"',
            ),
            (
                "server: {port: true}",
                'config.yml:1:16: server.port: must be a number from 1 to 65535, not "true"',
            ),
            (
                "server: {port: [1]}",
                "config.yml:1:16: server.port: must be a number from 1 to 65535, not a list",
            ),
            (
                "server: {port: {a: 1}}",
                "config.yml:1:16: server.port: must be a number from 1 to 65535, not a group",
            ),
            (
                "server: {port: }",
                "config.yml:1:15: server.port: must be a number from 1 to 65535, not empty",
            ),
            (
                "turn: {storage_retry_seconds: nan}",
                (
                    "config.yml:1:31: turn.storage_retry_seconds: must be a number from 0 to 60,"
                    ' not "nan"'
                ),
            ),
            (
                "storage: {driver: mongo}",
                'config.yml:1:19: storage.driver: must be motor or pymongo, not "mongo"',
            ),
            (
                "rest: {enabled: maybe}",
                'config.yml:1:17: rest.enabled: must be true or false, not "maybe"',
            ),
            (
                "flows: {languages: [id, English]}",
                (
                    "config.yml:1:20: flows.languages: must be languages of two small letters such"
                    ' as id, en, not "English"'
                ),
            ),
            (
                "flows: {languages: []}",
                (
                    "config.yml:1:20: flows.languages: must be languages of two small letters such"
                    " as id, en, not an empty list"
                ),
            ),
            ("server: 8080", "config.yml:1:9: server: must be lines like `name: value`"),
            ("- a", "config.yml:1:1: must be lines like `name: value`"),
            (
                "server:\n  port: 1\n  port: 2",
                "config.yml:3:3: server.port: stands here twice",
            ),
            ("log: {}\nlog: {}", "config.yml:2:1: log: stands here twice"),
            (
                "server:\n\tport: 1",
                "config.yml:2:1: not valid YAML: a tab; indent with spaces",
            ),
            (
                "server: {port: 1",
                "config.yml:1:17: not valid YAML: expected ',' or '}', but got '<stream end>'",
            ),
            (
                "server:\n  host: ${HOST}",
                (
                    "config.yml:2:9: Rasa, which reads this file too, would expand ${…} and fail;"
                    " write the value itself, or leave it to an environment variable"
                ),
            ),
        ],
    )
    def test_each_says_where_and_what_to_do(self, tmp_path: Path, text: str, line: str) -> None:
        """A wrong setting is one line: the place, the name, the mend."""
        assert problems(tmp_path, text) == [line]

    def test_all_are_told_at_once(self, tmp_path: Path) -> None:
        """Nobody mends a file one start at a time."""
        told = problems(
            tmp_path, "server: {port: x}\nlogg: {}\nturn: {max_actions: 0}", ANTRE_LOG_LEVEL="loud"
        )
        assert len(told) == 4

    @pytest.mark.parametrize(
        ("text", "variable"),
        [
            ("whatsapp: {access_token: EAAGsecret}", "WHATSAPP_ACCESS_TOKEN"),
            ("whatsapp: {app_secret: EAAGsecret}", "WHATSAPP_APP_SECRET"),
            ("WHATSAPP_VERIFY_TOKEN: EAAGsecret", "WHATSAPP_VERIFY_TOKEN"),
            ("rest: {token: EAAGsecret}", "ANTRE_REST_TOKEN"),
            ("storage: {mongodb_uri: EAAGsecret}", "MONGODB_URI"),
        ],
    )
    def test_a_secret_in_the_file_is_refused(
        self, tmp_path: Path, text: str, variable: str
    ) -> None:
        """The error names the variable the secret belongs into and does not repeat the secret."""
        (line,) = problems(tmp_path, text)
        assert line.endswith(
            f"secrets never stand in a file; set the environment variable {variable}"
        )
        assert "EAAGsecret" not in line

    def test_a_missing_file(self, tmp_path: Path) -> None:
        """Starting in the wrong folder is told as that."""
        with pytest.raises(ConfigError, match=r"config\.yml: no such file; start in the project's"):
            load_settings(tmp_path / "config.yml", {})

    def test_an_unreadable_file(self, tmp_path: Path) -> None:
        """A folder in place of the file, or no text in it, is told as that."""
        with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
            load_settings(tmp_path, {})
        (tmp_path / "config.yml").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(ConfigError, match="is not text in UTF-8"):
            load_settings(tmp_path / "config.yml", {})

    def test_nesting_without_end(self, tmp_path: Path) -> None:
        """A file that would exhaust the stack is an error like any other."""
        (line,) = problems(tmp_path, "[" * 5000)
        assert line.startswith("config.yml: not valid YAML")

    @given(text=st.text(alphabet="server:port{}[]-&*!|>'\"\n\t #%@`~,?0x\x00é", max_size=60))
    def test_any_text_is_settings_or_a_clear_error(
        self, tmp_path_factory: pytest.TempPathFactory, text: str
    ) -> None:
        """Whatever the file holds, nobody sees a traceback."""
        file = tmp_path_factory.getbasetemp() / "any.yml"
        file.write_text(text, encoding="utf-8")
        told = ""
        try:
            load_settings(file, {})
        except ConfigError as error:
            told = str(error)
        assert all(line.startswith(str(file)) for line in told.splitlines())


class TestTheEnvironment:
    def test_overrides_the_file(self, tmp_path: Path) -> None:
        """The variable wins, also where the file is wrong."""
        settings = loaded(
            tmp_path,
            "server: {port: abc}\nstorage: {driver: motor}",
            ANTRE_SERVER_PORT="9000",
            ANTRE_STORAGE_DRIVER="pymongo",
            ANTRE_OUTBOX_LEASE_SECONDS="60.5",
            ANTRE_FLOWS_LANGUAGES="en, id",
            ANTRE_WHATSAPP_READ_RECEIPTS="false",
            HOME="/nowhere",
        )
        assert settings.server.port == 9000
        assert settings.storage.driver == "pymongo"
        assert settings.outbox.lease_seconds == 60.5
        assert settings.flows.languages == ("en", "id")
        assert settings.whatsapp.read_receipts is False

    def test_every_setting_has_a_variable_of_its_own(self) -> None:
        """No two settings share a variable, and none is a secret's."""
        settings = [
            (section, key)
            for section, field in Settings.model_fields.items()
            if section != "secrets"
            for key in field.annotation.model_fields  # type: ignore[union-attr]  # a section
        ]
        assert sorted(VARIABLES.values()) == sorted(settings)
        assert not set(VARIABLES) & set(SECRETS)

    @pytest.mark.parametrize(
        ("variable", "value", "line"),
        [
            (
                "ANTRE_SERVER_PORT",
                "abc",
                'ANTRE_SERVER_PORT: must be a number from 1 to 65535, not "abc"',
            ),
            (
                "ANTRE_SERVER_PORT",
                "",
                "ANTRE_SERVER_PORT: must be a number from 1 to 65535, not empty",
            ),
            (
                "ANTRE_STORAGE_DRIVR",
                "motor",
                "ANTRE_STORAGE_DRIVR: unknown variable; did you mean ANTRE_STORAGE_DRIVER?",
            ),
            (
                "ANTRE_REST_TOKN",
                "geheim",
                "ANTRE_REST_TOKN: unknown variable; did you mean ANTRE_REST_TOKEN?",
            ),
            (
                "WHATSAPP_GRAPH_URL",
                "http://graph.example",
                (
                    "WHATSAPP_GRAPH_URL: must be an https address such as"
                    " https://graph.facebook.com/v26.0"
                ),
            ),
            (
                "MONGODB_URI",
                "postgres://antre:geheim@db",
                "MONGODB_URI: must be an address that starts with mongodb:// or mongodb+srv://",
            ),
        ],
    )
    def test_a_wrong_variable_is_named(
        self, tmp_path: Path, variable: str, value: str, line: str
    ) -> None:
        """A typing mistake never passes silently, and no secret is repeated."""
        assert problems(tmp_path, "", **{variable: value}) == [line]


class TestSecrets:
    def test_come_from_the_environment(self, tmp_path: Path) -> None:
        """Secrets are trimmed, for a file read into a variable ends with a newline."""
        secrets = loaded(
            tmp_path,
            "",
            WHATSAPP_APP_SECRET="geheim\n",
            MONGODB_URI="mongodb://antre:geheim@db/",
            ANTRE_REST_TOKEN="auch geheim",
        ).secrets
        assert secrets.whatsapp_app_secret.get_secret_value() == "geheim"
        assert secrets.mongodb_uri.get_secret_value() == "mongodb://antre:geheim@db/"
        assert secrets.rest_token.get_secret_value() == "auch geheim"

    def test_of_offices(self, tmp_path: Path) -> None:
        """An office may have its own token and app secret, and two while they are replaced."""
        secrets = loaded(
            tmp_path,
            "",
            WHATSAPP_ACCESS_TOKEN="all",
            WHATSAPP_ACCESS_TOKEN_JAKARTA_PUSAT="one",
            WHATSAPP_APP_SECRET_PREVIOUS="old",
            WHATSAPP_APP_SECRET_BOGOR="new",
            WHATSAPP_APP_SECRET_BOGOR_PREVIOUS="older",
            WHATSAPP_ACCESS_TOKEN_MEDAN=" ",
        ).secrets
        shown = {
            field: {office: secret.get_secret_value() for office, secret in found.items()}
            for field, found in (
                ("tokens", secrets.whatsapp_access_tokens),
                ("secrets", secrets.whatsapp_app_secrets),
                ("previous", secrets.whatsapp_app_secrets_previous),
            )
        }
        assert shown == {
            "tokens": {"jakarta_pusat": "one"},
            "secrets": {"bogor": "new"},
            "previous": {"bogor": "older"},
        }
        assert secrets.whatsapp_access_token.get_secret_value() == "all"
        assert secrets.whatsapp_app_secret_previous.get_secret_value() == "old"
        assert "older" not in repr(secrets)

    def test_in_files(self, tmp_path: Path) -> None:
        """Every secret may stand in a file, an office's own too; the settings know in which."""
        token, uri = tmp_path / "token", tmp_path / "uri"
        token.write_text("geheim\n")
        uri.write_text("mongodb://a:geheim@db")
        secrets = loaded(
            tmp_path,
            "",
            WHATSAPP_ACCESS_TOKEN_BOGOR_FILE=str(token),
            MONGODB_URI_FILE=str(uri),
            ANTRE_REST_TOKEN_FILE=str(token),
            ANTRE_RASA_TOKEN_FILE="",
        ).secrets
        assert secrets.whatsapp_access_tokens["bogor"].get_secret_value() == "geheim"
        assert secrets.mongodb_uri.get_secret_value() == "mongodb://a:geheim@db"
        assert secrets.rest_token.get_secret_value() == "geheim"
        assert secrets.files["WHATSAPP_ACCESS_TOKEN_BOGOR"] == token

    def test_are_hidden(self, tmp_path: Path) -> None:
        """Settings may be logged: neither repr nor str nor JSON shows a secret."""
        settings = loaded(
            tmp_path, "", **dict.fromkeys(SERVE, "geheim"), MONGODB_URI="mongodb://a:geheim@db"
        )
        assert "geheim" not in f"{settings!r}{settings}{settings.model_dump_json()}"

    def test_what_serve_misses(self, tmp_path: Path) -> None:
        """All that is missing is named at once; blank counts as missing."""
        assert Secrets().missing_for_serve() == SERVE
        assert Secrets().missing_for_serve(rest=True) == [*SERVE, "ANTRE_REST_TOKEN"]
        some = loaded(tmp_path, "", WHATSAPP_APP_SECRET="x", WHATSAPP_VERIFY_TOKEN=" ").secrets
        assert some.missing_for_serve() == SERVE[1:]
        every = loaded(tmp_path, "", **dict.fromkeys(SERVE, "x"), ANTRE_REST_TOKEN="y").secrets
        assert every.missing_for_serve(rest=True) == []

    @pytest.mark.parametrize(
        ("url", "kept"),
        [
            ("https://graph.facebook.com/v26.0/", "https://graph.facebook.com/v26.0"),
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
            ("http://localhost:9000/", "http://localhost:9000"),
            ("http://[::1]:9000", "http://[::1]:9000"),
        ],
    )
    def test_the_graph_address(self, tmp_path: Path, url: str, kept: str) -> None:
        """Plain http reaches only this machine: the access token goes with every call."""
        assert loaded(tmp_path, "", WHATSAPP_GRAPH_URL=url).secrets.whatsapp_graph_url == kept
