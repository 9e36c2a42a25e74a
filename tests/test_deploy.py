"""What is shipped to run the hotline, what the code demands and what docs/production.md says are one truth."""

import json
import re
import runpy
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from ivr import factory
from ivr.phone import recordings
from ivr.settings import Settings
from ivr.voice import webhooks

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
CADDY = (DEPLOY / "Caddyfile").read_text("utf-8")
PAPER = (ROOT / "docs" / "production.md").read_text("utf-8")
UNITS = {name: (DEPLOY / "systemd" / f"hotline-{name}.service").read_text("utf-8") for name in ("web", "worker")}
CARRIER_WAITS_S = 15  # https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides

BODIES = {"/voice/": webhooks.MAX_BODY_BYTES, "/phone/": recordings.MAX_BYTES, "": factory.MAX_BODY_BYTES}
UNITS_OF_BYTES = {"k": 2**10, "m": 2**20, "KiB": 2**10, "MiB": 2**20}


def gunicorn() -> dict[str, object]:
    return runpy.run_path(str(DEPLOY / "gunicorn.py"))


def in_bytes(written: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([A-Za-z]+)", written).groups()
    return int(number) * UNITS_OF_BYTES[unit]


def seconds(text: str, name: str) -> int:
    """The one value of this setting, such as ``proxy_read_timeout 14s``."""
    (found,) = set(re.findall(rf"\b{name}[ =](\d+)s?\b", text))
    return int(found)


def unit(name: str, setting: str) -> list[str]:
    return re.findall(rf"^{setting}=(.*)$", UNITS[name], re.MULTILINE)


def test_the_proxies_let_through_what_the_hotline_takes():
    """O19: no less, or a proxy would answer a caller in HTML; and no more."""
    nginx = {"": re.search(r"client_max_body_size (\w+);", NGINX)[1]}
    nginx |= dict(re.findall(r"location (/\w+/) \{\s*client_max_body_size (\w+);", NGINX))
    caddy = {"/voice/": "@voice", "/phone/": "@phone", "": "@other"}
    assert BODIES == {path: in_bytes(size) for path, size in nginx.items()}
    assert BODIES == {
        path: in_bytes(re.search(rf"request_body {name} \{{\s*max_size (\w+)", CADDY)[1])
        for path, name in caddy.items()
    }


def test_a_slow_client_is_not_waited_for_and_the_carrier_always_gets_an_answer():
    """F21, O19: both proxies wait as long, and give up before the carrier does."""
    assert seconds(NGINX, "client_header_timeout") == seconds(CADDY, "read_header") == 10
    assert seconds(NGINX, "client_body_timeout") == seconds(CADDY, "read_body") == 10
    assert seconds(NGINX, "proxy_connect_timeout") == seconds(CADDY, "dial_timeout")
    assert seconds(NGINX, "proxy_read_timeout") == seconds(CADDY, "response_header_timeout") < CARRIER_WAITS_S


def test_a_stop_leaves_time_for_what_was_begun():
    """O19"""
    for name in UNITS:
        assert int(unit(name, "TimeoutStopSec")[0]) > int(str(gunicorn()["graceful_timeout"]))
        assert ["2"] == unit(name, "RestartPreventExitStatus")


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_writes_nowhere_but_into_the_data_folder(name: str):
    """O19: made by systemd, for the hotline's user alone, and the same that the papers name."""
    assert ["hotline", "0700", "strict", "yes"] == [
        unit(name, setting)[0]
        for setting in ("StateDirectory", "StateDirectoryMode", "ProtectSystem", "NoNewPrivileges")
    ]
    assert "HOTLINE_DATA_DIR=/var/lib/hotline" in unit(name, "Environment")
    assert [] == unit(name, "ReadWritePaths")
    assert "HOTLINE_DATA_DIR=/var/lib/hotline\n" in PAPER
    papers = [path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md")]
    assert not any("/srv/hotline" in paper for paper in papers)


def test_the_web_process_upgrades_before_it_starts():
    """O19: as ``release`` does in the Procfile."""
    assert ["/opt/hotline/.venv/bin/flask db upgrade"] == unit("web", "ExecStartPre")
    procfile = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text("utf-8").splitlines() if line)
    assert "flask db upgrade" == procfile["release"]
    for name in UNITS:
        assert unit(name, "ExecStart")[0].removeprefix("/opt/hotline/.venv/bin/") == procfile[name]


def rows() -> list[str]:
    """The table of docs/production.md, from the files and the code."""
    sizes = {path: f"{size >> 20} MiB" if size >= 2**20 else f"{size >> 10} KiB" for path, size in BODIES.items()}
    served = gunicorn()
    return [
        f"| a request's body | {sizes['/voice/']} for a webhook, {sizes['/phone/']} for the browser phone, "
        f"{sizes['']} for all else |",
        f"| head and body of a request | each within {seconds(NGINX, 'client_header_timeout')} s |",
        f"| an answer | within {seconds(NGINX, 'proxy_read_timeout')} s; "
        f"the carrier gives up after {CARRIER_WAITS_S} |",
        f"| a request that takes too long for gunicorn | {served['timeout']} s |",
        f"| on a stop, what was begun has | {served['graceful_timeout']} s; "
        f"systemd waits {unit('web', 'TimeoutStopSec')[0]} s |",
        "| passwords tried from one address | 30 a minute |",
        "| the data folder | `/var/lib/hotline`, mode 0700 |",
    ]


def test_the_papers_table_is_what_the_files_and_the_code_say():
    """O19: and holds no second copy of a file's contents."""
    assert "\n".join(rows()) in PAPER
    assert "rate=30r/m" in NGINX
    for copied in ("client_max_body_size", "ExecStart=", "request_body"):
        assert copied not in PAPER


def test_gunicorn_opens_no_control_socket():
    """A118: below the home directory it would be anybody's who is that user."""
    assert gunicorn()["control_socket_disable"] is True


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_is_pinned_and_hashed(lock: str):
    """A117: to one version, with its hash, from whichever index."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 50
    assert [] == [line.split()[0] for line in lines if "==" not in line.split(";")[0] or "--hash=sha256:" not in line]


def test_numbers_are_no_business_of_the_proxys():
    """A95: /metrics is answered 404 outside, /readyz to nobody else."""
    assert re.search(r"location = /metrics \{\s*return 404;", NGINX)
    assert "respond /metrics 404" in CADDY
    assert re.search(r"location = /readyz \{[^}]*deny all;", NGINX)


COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")
OURS = ("release", "web", "worker")


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_has_no_more_rights_than_it_needs(name: str):
    service = COMPOSE["services"][name]
    assert ["no-new-privileges:true"] == service["security_opt"]
    assert not service.get("privileged")
    if name != "postgres":
        assert (True, ["ALL"]) == (service["read_only"], service["cap_drop"])
    if name in OURS:
        assert "10001:10001" == service["user"]


def test_no_secret_stands_in_a_containers_environment():
    """Each is a file, of a name that the settings know; and every variable is one of ours or the image's own."""
    known = {name.upper() for name in Settings.model_fields} | {"CREDENTIALS_DIRECTORY"}
    secret = {name for name, field in Settings.model_fields.items() if field.annotation is SecretStr} | {"database_url"}
    for name in OURS:
        service = COMPOSE["services"][name]
        assert set() == service["environment"].keys() - known
        assert set() == {variable.lower() for variable in service["environment"]} & secret
        assert set() == set(service["secrets"]) - secret
    assert all(each["file"] == f"secrets/{name}" for name, each in COMPOSE["secrets"].items())


def test_containers_run_what_the_procfile_says():
    procfile = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text("utf-8").splitlines() if line)
    said = {name: " ".join(COMPOSE["services"][name].get("command", json.loads(last("CMD")))) for name in OURS}
    assert procfile == said


def test_the_image_is_of_a_named_base_and_of_no_user_that_may_all():
    """The base comes as an argument; what is installed is pinned and hashed; every folder that is copied is there."""
    assert ["${BASE} AS build", "${BASE}"] == re.findall(r"^FROM (.*)$", CONTAINER, re.MULTILINE)
    assert "--require-hashes" in CONTAINER
    assert "10001:10001" == last("USER")
    copied = re.findall(r"^COPY (?!--from)(\S+) ", CONTAINER, re.MULTILINE)
    assert {"ivr", "prompts", "routing", "wsgi.py", "requirements.txt", "deploy/gunicorn.py"} == set(copied)
    assert [] == [path for path in copied if not (ROOT / path).exists()]


def last(instruction: str) -> str:
    """The last line of this kind in the Containerfile."""
    return re.findall(rf"^{instruction} (.*)$", CONTAINER, re.MULTILINE)[-1]
