"""Settings: ``config.yml``, overridden by the environment; secrets from the environment only.

A setting is text that is read by its type, wherever it stands, so the file and the variables obey
the same rules. Everything wrong is told at once, one line a problem, each with its place:

    config.yml:12:3: storage.drivr: unknown setting; did you mean "driver"?
    ANTRE_SERVER_PORT: must be a number from 1 to 65535, not "abc"
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from textwrap import shorten
from typing import Annotated, Any, Final, Literal, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
)
from rapidfuzz import fuzz, process
from ruamel.yaml import YAML, MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.errors import ConfigError, Finding, Place
from bot.secret_files import FILE, office_secret, with_files

RASA_KEYS = frozenset(
    {"version", "assistant_id", "recipe", "language", "pipeline", "policies", "importers"}
)
"""Top-level keys that are Rasa's; the bot leaves them alone."""

SECRET_WORDS = ("secret", "token", "password", "passwd", "credential", "api_key", "mongodb_uri")
"""A key with one of these in it never belongs into a file."""

NOWHERE = Place("")
"""Where variables stand."""

SHOWN_LENGTH = 60
"""Characters of a wrong value that a message repeats."""


def _number(default: float, low: float, high: float) -> Any:
    return Field(default, ge=low, le=high, description=f"a number from {low} to {high}")


def _folder(default: str) -> Any:
    return Field(Path(default), validate_default=True, description="a folder")


def _from_the_files_folder(path: Path, info: ValidationInfo) -> Path:
    return Path(info.context or "") / path


Folder = Annotated[Path, AfterValidator(_from_the_files_folder)]
File = Folder
AccountId = Annotated[str, Field(pattern="^[0-9]{5,20}$")]
HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,253}$|^\[[0-9A-Fa-f:.]+\]$")]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]
Secret = Annotated[SecretStr, AfterValidator(lambda s: SecretStr(s.get_secret_value().strip()))]
UNSET = SecretStr("")


def _safe_address(value: str) -> str:
    """Refuse plain http except to this machine: a token travels with every call."""
    address = urlsplit(value.strip())
    host = address.hostname or ""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not host or address.scheme not in ({"http", "https"} if local else {"https"}):
        raise ValueError(value)
    return value.strip().rstrip("/")


Address = Annotated[str, AfterValidator(_safe_address)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Server(_Section):
    """Where the bot listens, the largest request it takes, and how long it goes on when it is
    stopped, so that a load balancer sees it. Requests from ``proxies`` say themselves whom they
    pass on (``X-Forwarded-For``); wrong passwords are counted by that.
    """

    host: str = Field(
        default="127.0.0.1", pattern=r"^\S+$", description="an address such as 127.0.0.1"
    )
    port: int = _number(8080, 1, 65535)
    max_body_mib: int = _number(4, 3, 64)
    leave_seconds: float = _number(0, 0, 300)
    proxies: tuple[IPv4Network | IPv6Network, ...] = Field(
        default=(IPv4Network("127.0.0.1"), IPv6Network("::1")),
        description="addresses or networks such as 127.0.0.1, 10.0.0.0/8",
    )


RECORDINGS, TRAFFIC = "recordings", "traffic"
REPLAYED: Final = (RECORDINGS, TRAFFIC)
"""What can be replayed before flows are published."""

Required = Literal["recordings", "traffic"]


class Flows(_Section):
    """The folder of the flows, the languages of their replies, the first one preferred, the
    project's own Python files (:mod:`bot.extension`), and the folder of its examples of what people
    write, which need not be there. ``publish_requires`` says what is replayed before flows are
    published, ``recordings`` where recordings are, and ``traffic_days`` how many days of
    conversations count.
    """

    folder: Folder = _folder("flows")
    languages: tuple[Language, ...] = Field(
        default=("id", "en"),
        min_length=1,
        description="languages of two small letters such as id, en",
    )
    code: tuple[File, ...] = Field(default=(), description="Python files such as actions.py")
    recordings: Folder = _folder("tests/conversations")
    publish_requires: tuple[Required, ...] = Field(
        default=(), description=f"nothing, or {RECORDINGS}, {TRAFFIC}"
    )
    traffic_days: int = _number(7, 1, 90)
    training: Folder = _folder("nlu/data")


class Nlu(_Section):
    """Who ranks what a message may mean, and where trained models are kept, by the hash of what
    they were trained on. Exact forms, dates and names are always read by the grammar.
    """

    provider: Literal["local", "rasa"] = "local"
    models: Folder = _folder(".data/nlu")
    rasa_url: Address = Field(
        default="http://127.0.0.1:5005",
        description="an https address, or one of this machine such as http://127.0.0.1:5005",
    )
    rasa_timeout_seconds: float = _number(1, 0.05, 10)


class Storage(_Section):
    """Driver and database; ``data`` is the folder of the embedded one."""

    driver: Literal["motor", "pymongo"] = "motor"
    database: str = Field(
        default="antre",
        pattern="^[A-Za-z0-9_-]{1,63}$",
        description="a name of at most 63 letters, digits, - or _",
    )
    data: Folder = _folder(".data")


class Turn(_Section):
    """Limits of one turn."""

    max_actions: int = _number(8, 1, 100)
    messages_a_minute: int = _number(30, 5, 1000)
    storage_retry_seconds: float = _number(3, 0, 60)


class Outbox(_Section):
    """How waiting messages are sent. A channel may take a bit less than half the lease for one."""

    lease_seconds: float = _number(45, 1, 600)
    sweep_seconds: float = _number(1, 0.1, 60)
    max_attempts: int = _number(12, 1, 100)
    late_seconds: float = _number(120, 5, 86_400)


class Handoff(_Section):
    """Conversations that a member of staff has: after how many minutes without a word of theirs an
    applicant waits for others again, and after how many of silence the flow goes on.
    """

    answer_minutes: float = _number(15, 1, 1440)
    silent_minutes: float = _number(60, 1, 1440)


class WhatsApp(_Section):
    """How the bot behaves on WhatsApp, the authentication template that brings a code to who has
    not written for a day (without one they are asked to write first), and the accounts that ``antre
    doctor`` looks at beside those the access token names.
    """

    read_receipts: bool = True
    record_statuses: bool = True
    messages_a_second: float = _number(80, 1, 1000)
    code_template: str = Field(
        default="",
        pattern=r"^[a-z0-9_]{0,512}$",
        description="the name of an authentication template, such as antre_code",
    )
    business_account_ids: tuple[AccountId, ...] = Field(
        default=(), description="numbers of WhatsApp Business accounts such as 102290129340398"
    )


class Web(_Section):
    """The applicants' page and its chat in ``antre serve``; the demo always has them. ``hosts`` are
    the names it is served under, any if none is named; the rest is what one network address may do.
    """

    enabled: bool = True
    hosts: tuple[HostName, ...] = Field(
        default=(), description="names without port such as antrean.example.go.id"
    )
    messages_a_minute: int = _number(240, 5, 100_000)
    visitors_an_hour: int = _number(60, 1, 100_000)


class Rest(_Section):
    """The REST channel of ``antre serve``; the demo always has it."""

    enabled: bool = False


class Retention(_Section):
    """After how many days what goes; WhatsApp delivers again for seven, so words stay for eight."""

    conversations_days: int = _number(90, 8, 3650)
    journal_days: int = _number(90, 8, 3650)
    bookings_days: int = _number(180, 1, 3650)
    photos_days: int = _number(3, 0, 365)
    people_days: int = _number(365, 1, 3650)
    audit_days: int = _number(730, 30, 3650)


class Log(_Section):
    """How much is logged, and in which shape."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


def _mongodb_address(value: SecretStr) -> SecretStr:
    if value and not value.get_secret_value().startswith(("mongodb://", "mongodb+srv://")):
        raise ValueError
    return value


class Secrets(_Section):
    """What only the environment may say, empty where it does not; ``repr`` hides the values.

    The variable is the field in capitals; the tokens of our own doors and servers begin with
    ``ANTRE_``: ``rest_token`` is ``ANTRE_REST_TOKEN``. Those of single offices stand by office id;
    ``files`` says from which file a variable was read (:mod:`bot.secret_files`).
    """

    whatsapp_app_secret: Secret = UNSET
    whatsapp_app_secret_previous: Secret = UNSET
    whatsapp_app_secrets: dict[str, Secret] = {}
    whatsapp_app_secrets_previous: dict[str, Secret] = {}
    whatsapp_verify_token: Secret = UNSET
    whatsapp_access_token: Secret = UNSET
    whatsapp_access_tokens: dict[str, Secret] = {}
    whatsapp_graph_url: Address = Field(
        default="https://graph.facebook.com/v26.0",
        description="an https address such as https://graph.facebook.com/v26.0",
    )
    mongodb_uri: Annotated[Secret, AfterValidator(_mongodb_address)] = Field(
        default=UNSET, description="an address that starts with mongodb:// or mongodb+srv://"
    )
    rest_token: Secret = UNSET
    rasa_token: Secret = UNSET
    metrics_token: Secret = UNSET
    files: dict[str, Path] = {}

    def missing_for_serve(self, *, rest: bool = False) -> list[str]:
        """Variables that ``antre serve`` needs and that are not set.

        Args:
            rest: whether the REST channel is on; it is never served without its token.
        """
        needed = ["whatsapp_verify_token"]
        if not self.whatsapp_app_secrets:  # else offices may have one each
            needed.insert(0, "whatsapp_app_secret")
        if not self.whatsapp_access_tokens:
            needed.append("whatsapp_access_token")
        if rest:
            needed.append("rest_token")
        return [_variable_of_secret(field) for field in needed if not getattr(self, field)]


_OUR_TOKENS = ("rest_token", "rasa_token", "metrics_token")


def _variable_of_secret(field: str) -> str:
    return f"ANTRE_{field}".upper() if field in _OUR_TOKENS else field.upper()


class Settings(_Section):
    """All settings, checked. Folders are absolute once loaded."""

    server: Server = Server()
    flows: Flows = Flows()
    nlu: Nlu = Nlu()
    storage: Storage = Storage()
    turn: Turn = Turn()
    outbox: Outbox = Outbox()
    handoff: Handoff = Handoff()
    whatsapp: WhatsApp = WhatsApp()
    web: Web = Web()
    rest: Rest = Rest()
    retention: Retention = Retention()
    log: Log = Log()
    secrets: Secrets = Secrets()


_PARTS: dict[str, Any] = {name: field.annotation for name, field in Settings.model_fields.items()}
_SECTIONS = [name for name in _PARTS if name != "secrets"]

VARIABLES: dict[str, tuple[str, str]] = {
    f"ANTRE_{section}_{key}".upper(): (section, key)
    for section in _SECTIONS
    for key in _PARTS[section].model_fields
}
"""Section and key of each setting, by its environment variable."""

SECRETS = {
    _variable_of_secret(key): ("secrets", key)
    for key, field in Secrets.model_fields.items()
    if get_origin(field.annotation) is not dict
}
"""The same for the secrets, but those of single offices."""


def is_secret(variable: str) -> bool:
    """Whether a variable holds a secret, or names the file of one."""
    held = variable.removesuffix(FILE)
    return held in SECRETS or office_secret(held) is not None


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read ``config.yml`` and the environment.

    Args:
        path: the settings file; relative folders are seen from where it lies.
        environ: ``os.environ``, or what of it shall count. An empty secret is one not set.

    Raises:
        ConfigError: something is wrong; one line a problem.
    """
    found = _Found(str(path))
    found.read_file(_text_of(path))
    found.read_environment(environ)
    try:
        settings = Settings.model_validate(found.values, context=path.absolute().parent)
    except ValidationError as error:
        found.add_problems_of(error)
    if found.problems:
        raise ConfigError.of(found.problems)
    return settings


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        reason = "no such file; start in the project's folder or say --config FILE"
    except UnicodeDecodeError:
        reason = "is not text in UTF-8; save it as UTF-8"
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    raise ConfigError.of([Finding(reason, Place(str(path)))])


class _Found:
    """What the file and the environment say, where each value stands, and what is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.values: dict[str, dict[str, Any]] = {name: {} for name in _PARTS}
        self.places: dict[tuple[str, str], tuple[Place, str]] = {}
        self.problems: list[Finding] = []

    def read_file(self, text: str) -> None:
        """Take the settings of a YAML text."""
        for section, key, value in self._pairs(self._compose(text)):
            if section in _SECTIONS:
                for name, name_key, setting in self._pairs(value, f"{section}."):
                    if name in _PARTS[section].model_fields:
                        where = self._at(setting), f"{section}.{name}"
                        self._take((section, name), where, _plain(setting))
                    else:
                        self._unknown(name_key, f"{section}.", _PARTS[section].model_fields)
            elif section not in RASA_KEYS:
                self._unknown(key, "", [*_SECTIONS, *RASA_KEYS])

    def read_environment(self, environ: Mapping[str, str]) -> None:
        """Let variables override what the file says."""
        values, files, problems = with_files(environ, is_secret)
        self.values["secrets"]["files"] = files
        for problem in problems:
            self._complain(NOWHERE, problem)
        for variable, text in sorted(values.items()):
            if variable in VARIABLES:
                self._take(VARIABLES[variable], (NOWHERE, variable), text)
            elif variable in SECRETS and text.strip():
                self._take(SECRETS[variable], (NOWHERE, variable), text)
            elif variable not in SECRETS and (one := office_secret(variable)) and text.strip():
                self.values["secrets"].setdefault(one[0], {})[one[1]] = text
            elif variable.startswith("ANTRE_") and variable not in SECRETS:
                near = _nearest(variable, [*VARIABLES, *SECRETS])
                advice = f"did you mean {near}?" if near else "unset it"
                self._complain(NOWHERE, f"{variable}: unknown variable; {advice}")

    def add_problems_of(self, error: ValidationError) -> None:
        """Say in plain words, with its place, what pydantic refused."""
        for detail in error.errors(include_url=False):
            section, key, *_ = (str(part) for part in detail["loc"])
            given = "" if section == "secrets" else f", not {_shown(detail['input'])}"
            place, name = self.places[section, key]
            self._complain(place, f"{name}: must be {_expected(section, key)}{given}")

    def _complain(self, place: Place, message: str) -> None:
        self.problems.append(Finding(message, place))

    def _take(self, setting: tuple[str, str], where: tuple[Place, str], value: Any) -> None:
        """Take a value.

        Args:
            where: its place, and its name there.
        """
        section, key = setting
        several = get_origin(_PARTS[section].model_fields[key].annotation) is tuple
        if several and isinstance(value, str):
            value = [part.strip() for part in value.split(",")]
        if value == "":
            self._complain(where[0], f"{where[1]}: must be {_expected(section, key)}, not empty")
            self.values[section].pop(key, None)
        else:
            self.values[section][key] = value
            self.places[setting] = where

    def _compose(self, text: str) -> Node | None:
        before, expansion, _ = text.partition("${")
        if expansion:
            place = Place(self.file, before.count("\n") + 1, len(before) - before.rfind("\n"))
            message = (
                "Rasa, which reads this file too, would expand ${…} and fail; write the value"
                " itself, or leave it to an environment variable"
            )
            raise ConfigError.of([Finding(message, place)])
        try:
            root: Node | None = YAML(typ="safe", pure=True).compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
            reason = str(error.problem or error.context)
            reason = "a tab; indent with spaces" if "\\t" in reason else reason
            raise ConfigError.of([Finding(f"not valid YAML: {reason}", place)]) from None
        except (YAMLError, RecursionError) as error:
            reason = f"{error}".partition("\n")[0]
            finding = Finding(f"not valid YAML: {reason}", Place(self.file))
            raise ConfigError.of([finding]) from None
        return root

    def _pairs(self, node: Node | None, path: str = "") -> Iterator[tuple[str, Node, Node]]:
        """Name, key and value of each setting of a mapping, each name once."""
        if node is None or _plain(node) == "":
            return
        if not isinstance(node, MappingNode):
            what = f"{path.removesuffix('.')}: " if path else ""
            self._complain(self._at(node), f"{what}must be lines like `name: value`")
            return
        seen = set()
        for key, value in node.value:
            name = str(_plain(key))
            if name in seen:
                self._complain(self._at(key), f"{path}{name}: stands here twice")
            else:
                seen.add(name)
                yield name, key, value

    def _unknown(self, key: Node, path: str, known: Iterable[str]) -> None:
        name = str(_plain(key))
        if any(word in name.lower() for word in SECRET_WORDS):
            variable = _nearest(f"{path}{name}".replace(".", "_").upper(), SECRETS)
            reason = "secrets never stand in a file; "
            reason += f"set the environment variable {variable}" if variable else "take it out"
        else:
            near = _nearest(name, known)
            reason = "unknown setting; " + (f'did you mean "{near}"?' if near else "take it out")
        self._complain(self._at(key), f"{path}{name}: {reason}")

    def _at(self, node: Node) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)


def _plain(node: Node) -> Any:
    """A node's text, a list of texts, or for anything else a value that no setting takes."""
    if isinstance(node, ScalarNode):
        return "" if node.tag == "tag:yaml.org,2002:null" else node.value
    if isinstance(node, SequenceNode):
        return [_plain(item) if isinstance(item, ScalarNode) else None for item in node.value]
    return {}


def _expected(section: str, key: str) -> str:
    field = _PARTS[section].model_fields[key]
    if field.annotation is bool:
        return "true or false"
    return field.description or " or ".join(get_args(field.annotation))


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{shorten(value, SHOWN_LENGTH, placeholder="…")}"'
    return ("a list" if value else "an empty list") if isinstance(value, list) else "a group"


def _nearest(name: str, known: Iterable[str]) -> str | None:
    best = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=60)
    return best[0] if best else None
