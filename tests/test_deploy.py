"""``deploy/``: linters take it, and it says nothing that this program does not know.

``make lint`` has hadolint and the compose schema look at it as well.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from bot.channels.whatsapp.webhook import PATH
from bot.cli import cli
from bot.desk.pages.applicants import ROUTES as FOR_APPLICANTS
from bot.metrics import Metrics
from bot.settings import VARIABLES, is_secret

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
KNOWN = {*VARIABLES, "ANTRE_NAME"}
"""Settings; ``ANTRE_NAME`` is Caddy's."""


def read(name: str) -> str:
    """A file's text."""
    return (DEPLOY / name).read_text(encoding="utf-8")


def yaml(name: str) -> Any:
    """A file's YAML."""
    return YAML(typ="safe", pure=True).load(read(name))


def needs(program: str) -> Any:
    """Left out on a machine without a linter; continuous integration installs all of them."""
    there = shutil.which(program)
    return pytest.mark.skipif(there is None, reason=f"no {program} here; apt-get install it")


def run(*command: str | Path) -> tuple[str, str]:
    """Run a linter; what it says, and what it complains of. All of it stands in a failure."""
    done = subprocess.run(  # noqa: S603 - linters, and files of ours
        command, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, done.stderr


@needs("systemd-analyze")
def test_units(tmp_path: Path) -> None:
    """Systemd takes the units without a word; only the program's place is not there here."""
    for unit in UNITS:
        text = re.sub(r"/srv/antre/\S+/antre\b", "/bin/true", unit.read_text())
        (tmp_path / unit.name).write_text(text)
    _, complaints = run("systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir()))
    assert [line for line in complaints.splitlines() if "antre" in line] == []


@needs("caddy")
def test_caddy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Caddy takes its file, as it is and formatted so."""
    monkeypatch.setenv("HOME", str(tmp_path))
    run("caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")
    assert run("caddy", "fmt", DEPLOY / "Caddyfile")[0] == read("Caddyfile")


@needs("nginx")
def test_nginx(tmp_path: Path) -> None:
    """Nginx takes its file, with certificates made for it."""
    key, chain = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=antre.test")
    run(*made, "-keyout", key, "-out", chain)
    text = read("nginx.conf").replace("/etc/ssl/antre", str(tmp_path))
    (tmp_path / "antre.conf").write_text(text)
    whole = tmp_path / "nginx.conf"
    places = "".join(
        f"{kind}_temp_path {tmp_path}/{kind}; "
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} "
        f"http {{ access_log off; {places} include {tmp_path}/antre.conf; }}"
    )
    run("nginx", "-t", "-c", whole, "-p", tmp_path)


def test_only_what_is_for_everybody_is_public() -> None:
    """Both proxies pass on the webhook, bodies of Meta's size included, the applicants' page, and
    to private networks staff's desk; nothing else.
    """
    places = dict(
        re.findall(r"location (\S+(?: \S+)?) \{(.*?)\n    \}", read("nginx.conf"), re.DOTALL)
    )
    applicants = "~ ^/($|(offices|booking|phone|language|chat|media)(/|$)|desk/static/)"
    assert list(places) == [f"= {PATH}", applicants, "~ ^/(desk|display)(/|$)", "/"]
    pages = re.compile(applicants.removeprefix("~ "))
    ours = [route.path for route in FOR_APPLICANTS]
    for path in (*ours, "/chat", "/chat/socket", "/media/barcode/X.png", "/desk/static/desk.css"):
        assert pages.search(path), path
    for path in ("/desk", "/desk/queue", "/display/bogor", "/metrics", "/readyz", "/webhooks/rest"):
        assert not pages.search(path), path
    [passed] = re.findall(r"@applicants path (.+)", read("Caddyfile"))
    assert {each.split("/")[1] for each in (*ours, "/chat", "/media/x", "/desk/static")} == {
        each.split("/")[1] for each in passed.split()
    }
    assert "/desk/static/*" in passed.split()
    assert not {"/desk", "/desk/*"} & set(passed.split())
    assert "deny all;" in places["~ ^/(desk|display)(/|$)"]
    assert "return 404;" in places["/"]
    assert "client_max_body_size 4m;" in read("nginx.conf")
    assert re.findall(r"@meta path (.+)", read("Caddyfile")) == [PATH]
    assert "max_size 4MB" in read("Caddyfile")
    staff = re.search(r"@staff \{(.*?)\}", read("Caddyfile"), re.DOTALL)
    assert staff
    assert staff[1].split() == [
        *("path", "/desk", "/desk/*", "/display/*"),
        *("remote_ip", "10.0.0.0/8", "192.168.0.0/16"),
    ]
    assert len(re.findall("reverse_proxy", read("Caddyfile"))) == 3
    services = yaml("compose.yml")["services"]
    assert [name for name, each in services.items() if "ports" in each] == ["caddy"]


def test_every_variable_is_known() -> None:
    """Whatever is set for Antre is a setting or a secret it has; no secret stands in a file."""
    texts = [read("compose.yml"), read("Dockerfile"), *(unit.read_text() for unit in UNITS)]
    named = re.findall(r"\b(?:ANTRE|WHATSAPP|MONGODB)_[A-Z_]+\b", "\n".join(texts))
    secrets = {name for name in named if is_secret(name)}
    assert set(named) - secrets <= KNOWN
    assert all(name.endswith("_FILE") for name in secrets)
    for path in (*DEPLOY.rglob("*"),):
        assert "secrets" not in path.parts, "secrets are not committed"


def test_secrets_are_declared_where_they_are_used() -> None:
    """Each secret file a service is told of is one that it is handed."""
    compose = yaml("compose.yml")
    for name, service in compose["services"].items():
        told = {
            str(value).rpartition("/")[2]
            for key, value in service.get("environment", {}).items()
            if str(key).endswith("_FILE")
        }
        assert told <= set(service.get("secrets", ())), name
        assert set(service.get("secrets", ())) <= set(compose["secrets"])
    for unit in UNITS:
        text = unit.read_text()
        told = set(re.findall(r"_FILE=%d/(\w+)", text))
        assert told == set(re.findall(r"LoadCredential=(\w+):", text)), unit.name


def test_every_command_is_one() -> None:
    """What is started there is a command of ours, with options it has."""
    compose = yaml("compose.yml")["services"]
    commands = [compose["bot"]["command"], compose["backup"]["command"]]
    commands += [
        shlex.split(found)[1:]
        for unit in UNITS
        for found in re.findall(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE)
    ]
    assert len(commands) == 4
    for command in commands:
        told = CliRunner(env={"COLUMNS": "200"}).invoke(cli, [command[0], "--help"])
        assert told.exit_code == 0, command
        for option in command[1:]:
            assert not option.startswith("--") or option in told.output, command


def test_the_image_gets_what_is_there() -> None:
    """Every path the Dockerfile copies is in the project, and let in by the ignore file."""
    let_in = read("Dockerfile.dockerignore").splitlines()
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", read("Dockerfile"), re.MULTILINE):
        for path in line.split():
            assert (ROOT / path).exists(), path
            assert f"!{Path(path).parts[0]}" in let_in, path


def test_alerts_watch_what_is_counted() -> None:
    """Every metric an alert looks at is one of ours, with labels it has; each says what to do."""
    registry = Metrics().registry
    there = {sample for family in registry.collect() for sample in _names(family)}
    rules = yaml("alerts.yml")["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(re.findall(r"antre_\w+", rule["expr"])) <= there, rule["alert"]
        assert {"summary", "action"} <= rule["annotations"].keys(), rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket", "info"}


def _names(family: Any) -> list[str]:
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}
    return [family.name + ending for ending in endings.get(family.type, [""])]
