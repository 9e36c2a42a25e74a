"""Every environment variable: its type, its default, its meaning, and what is refused."""

import os
import secrets
import sys
from datetime import time
from functools import cached_property
from pathlib import Path
from time import sleep
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ivr.errors import ConfigError

TWILIO_API = "https://api.twilio.com"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
WEAK_SECRET_CHARS = 32
WEAK_TOKEN_CHARS = 16
SECRET_TRIES = 40
SOUND_SQLITE = (3, 51, 3)  # the first release without the write-ahead-log race, https://sqlite.org/wal.html#walresetbug


class Settings(BaseSettings):
    """The hotline's configuration, read from the environment once, at start.

    ``Settings.load()`` raises ``ConfigError`` with one line for the operator.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    database_url: str = Field("", description="SQLAlchemy URL; default: hotline.db (SQLite) in the data folder")
    hotline_data_dir: Path = Field(Path(".data"), description="Folder for the database, recordings and keys we make")
    hotline_audio_url: str = Field("", description="Where recordings are kept (obstore URL); default: the data folder")
    hotline_time_zone: str = Field("Asia/Shanghai", description="IANA zone in which staff and callers live")
    hotline_region: str = Field(
        "CN", pattern="^[A-Z]{2}$", description="ISO country of numbers written without a country code"
    )
    hotline_area_code: str = Field(
        "", pattern="^[0-9]{0,5}$", description="Area code of numbers written without one; default: the dialled one's"
    )
    hotline_language: str = Field("zh", description="The pack a call begins in, and the pages' first language")
    hotline_name: str = Field(
        "", max_length=40, description="What the hotline is called, on the line and on paper; default: the packs'"
    )
    hotline_number: str = Field("", max_length=30, description="Number that residents ring, as sheets shall print it")
    hotline_news_number: str = Field(
        "", max_length=30, description="Our number that is rung for the bulletins alone; default: there is none"
    )
    hotline_numbers: str = Field(
        "", description="Our numbers at the carrier, comma list: calls to others are refused; default: all are taken"
    )
    hotline_simulator: bool = Field(False, description="1 turns the browser phone at /phone/ on")
    hotline_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="What is worth a line")
    hotline_keep_heard_days: int = Field(
        0, ge=0, le=3650, description="Days in which what callers said may be exported to label it; 0: never"
    )
    hotline_answer_within_s: int = Field(
        15, ge=1, le=600, description="Seconds within which a person should have taken a call, in the figures"
    )
    hotline_abandoned_min_s: int = Field(
        5, ge=0, le=600, description="Seconds from which on a call that was hung up counts as abandoned, in the figures"
    )
    hotline_calling_hours: str = Field(
        "08:00-21:00",
        pattern="^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="When residents may be called, if it is not urgent and they have not just called us; the same time"
        " twice: always",
    )
    hotline_calling_regions: str = Field(
        "", description="ISO countries whose numbers may be called, comma list; default: HOTLINE_REGION's"
    )
    hotline_detect_machines: bool = Field(
        False, description="1 has the carrier tell whether a person or an answering machine picked up, for its price"
    )
    hotline_closing_calls: bool = Field(
        False,
        description="1 has the hotline ring residents some hours after they were helped, to ask whether it was right",
    )
    hotline_closing_tries: int = Field(
        2, ge=1, le=5, description="How often they are tried, until somebody answers that question"
    )
    hotline_closing_gap_h: int = Field(
        4, ge=1, le=72, description="Hours from resolving to the first try, and from one to the next"
    )
    hotline_overdue_calls: bool = Field(
        False,
        description="1 has the hotline ring residents whose call back is overdue, to apologise and promise it anew",
    )
    hotline_overdue_tries: int = Field(
        2, ge=1, le=5, description="How often they are tried, until somebody answers that call"
    )
    hotline_overdue_gap_min: int = Field(
        30, ge=5, le=240, description="Minutes from the broken promise to the first try, and from one to the next"
    )
    hotline_counselling_number: str = Field(
        "",
        pattern="^[0-9+]{0,16}$",
        description="A counselling line's number, told to callers in despair whom nobody on shift could listen to",
    )
    hotline_rating: bool = Field(
        False, description="1 asks who spoke with a person, or says that it was right, by one key how the help was"
    )
    hotline_mail_hosts: str = Field(
        "", description="Mail servers in private networks that notices may be handed to, by name or address; comma list"
    )
    hotline_proxies: int = Field(
        1, ge=0, le=5, description="Proxies in front: so many hops of X-Forwarded-For are believed, and no more"
    )
    trusted_hosts: str = Field(
        "", description="Other names under which staff may open the pages; comma list; always: PUBLIC_BASE_URL's"
    )
    hotline_second_factor: Literal["", "required", "offered"] = Field(
        "", description="Of supervisors and administrators; default: required on a public address, else offered"
    )
    hotline_metrics_token: SecretStr = Field(
        SecretStr(""), description="Opens /metrics to a program on another machine; empty: to this machine alone"
    )
    hotline_keep_audio_days: int = Field(
        0, ge=0, le=36500, description="Days after its ticket is done that a message's sound is kept; 0: for ever"
    )
    hotline_keep_words_days: int = Field(
        0, ge=0, le=36500, description="The same for what callers said and staff wrote"
    )
    hotline_keep_numbers_days: int = Field(
        0, ge=0, le=36500, description="The same for callers' numbers, since they last rang"
    )
    hotline_keep_cards_days: int = Field(0, ge=0, le=36500, description="The same for callers' cards")
    hotline_keep_log_days: int = Field(
        0, ge=0, le=36500, description="Days that the audit's lines are kept; 0: for ever"
    )
    flask_debug: bool = Field(False, description="Flask's debugger, for developers only")
    secret_key: SecretStr = Field(SecretStr(""), description="Signs the pages' cookies; made on first start for a demo")
    hotline_channels_key: SecretStr = Field(
        SecretStr(""), description="Seals the keys of notice channels; comma list while rotating; made on first start"
    )
    hotline_keys: SecretStr = Field(
        SecretStr(""),
        description="Seals recordings, waiting requests, numbers, words and cards: keys, or absolute paths of files"
        " with keys; comma list, newest first; default: all lies in the clear",
    )
    public_base_url: str = Field("", description="How Twilio reaches us, e.g. https://hotline.example; no path")
    port: int = Field(8000, ge=1, le=65535, description="Port of the web process, on 127.0.0.1")
    twilio_account_sid: str = Field("", description="The account whose calls we take")
    twilio_auth_token: SecretStr = Field(SecretStr(""), description="Verifies signatures; comma list while rotating")
    twilio_api_key: str = Field("", description="Key for the REST API; default: account SID and auth token")
    twilio_api_secret: SecretStr = Field(SecretStr(""), description="The API key's secret")
    twilio_api_base_url: str = Field(TWILIO_API, description="REST API of Twilio, a compatible carrier or a mock")
    twilio_calls_per_s: int = Field(
        1, ge=1, le=100, description="How many calls a second we may place there, as the account's console says"
    )
    twilio_media_hosts: str = Field(
        "twilio.com, twiliocdn.com, amazonaws.com",
        description="Hosts, with all below them, to which it may redirect for a recording",
    )

    @field_validator("hotline_time_zone")
    @classmethod
    def known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # no such zone, no name of one, a folder of zones
            raise ValueError("this zone is not known; write it like Asia/Shanghai") from None
        return zone

    @field_validator("database_url")
    @classmethod
    def with_driver(cls, url: str) -> str:
        """Hosting platforms write ``postgres://``; SQLAlchemy wants to know the driver."""
        for plain in ("postgres://", "postgresql://"):
            if url.startswith(plain):
                url = "postgresql+psycopg://" + url.removeprefix(plain)
        try:
            known = not url or make_url(url).get_backend_name() in ("sqlite", "postgresql")
        except (ArgumentError, ValueError):
            known = False
        if not known:
            raise ValueError("write it like postgresql://user:password@host/hotline or sqlite:////srv/hotline.db")
        return url

    @field_validator("hotline_channels_key")
    @classmethod
    def strong(cls, keys: SecretStr) -> SecretStr:
        parts = [key.strip() for key in keys.get_secret_value().split(",")]
        if parts != [""] and any(len(key) < WEAK_SECRET_CHARS for key in parts):
            raise ValueError(f"a key has {WEAK_SECRET_CHARS} characters or more")
        return keys

    @field_validator("public_base_url", "twilio_api_base_url")
    @classmethod
    def readable(cls, url: str) -> str:
        try:
            urlsplit(url).port  # noqa: B018 - reading it is what fails
        except ValueError:
            raise ValueError("this is no URL") from None
        return url

    @classmethod
    def load(cls, **given: Any) -> Self:
        """The settings of this process: its environment, with *given* in front of it (tests, tools).

        What the environment lacks may stand in files of CREDENTIALS_DIRECTORY, named like the variables in small
        letters: systemd and container platforms hand secrets over so. https://systemd.io/CREDENTIALS
        """
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if folder and not Path(folder).is_dir():
            raise ConfigError(f"CREDENTIALS_DIRECTORY: there is no folder {folder}.")
        try:
            settings = cls(**{"_secrets_dir": folder, **given})
        except ValidationError as error:
            first = error.errors()[0]
            field = str(first["loc"][0]).lower()
            trouble = first["msg"].removeprefix("Value error, ")
            raise ConfigError(f"{field.upper()}: {trouble}. It is: {cls.model_fields[field].description}.") from None
        settings.refuse_unsafe()
        return settings

    def refuse_unsafe(self) -> None:
        """Raise ``ConfigError`` for what must not run: half a configuration anywhere, weak keys in public."""
        url = urlsplit(self.base_url)
        if url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/") or url.query:
            raise ConfigError("PUBLIC_BASE_URL must look like https://hotline.example, without a path.")
        if url.scheme == "http" and url.hostname not in LOOPBACK:
            raise ConfigError("PUBLIC_BASE_URL must begin with https:// (http is for 127.0.0.1 and localhost only).")
        if bool(self.twilio_account_sid) != bool(self.auth_tokens):
            missing = "TWILIO_AUTH_TOKEN" if self.twilio_account_sid else "TWILIO_ACCOUNT_SID"
            raise ConfigError(f"{missing} is not set: copy it from the Twilio console; both belong together.")
        if not self.twilio_account_sid and not self.hotline_simulator:
            raise ConfigError(
                "TWILIO_AUTH_TOKEN is not set: set it and TWILIO_ACCOUNT_SID, or HOTLINE_SIMULATOR=1 for a demo."
            )
        if bool(self.twilio_api_key) != bool(self.twilio_api_secret.get_secret_value()):
            missing = "TWILIO_API_SECRET" if self.twilio_api_key else "TWILIO_API_KEY"
            raise ConfigError(f"{missing} is not set: an API key and its secret belong together.")
        api = urlsplit(self.twilio_api_base_url)
        if api.scheme != "https" and api.hostname not in LOOPBACK:
            raise ConfigError("TWILIO_API_BASE_URL must begin with https://: our credentials travel there.")
        if self.is_public:
            self.refuse_weak()

    def refuse_weak(self) -> None:
        """Raise ``ConfigError`` for what must not be seen from outside."""
        if self.flask_debug:
            raise ConfigError("FLASK_DEBUG must not be set: its console runs whatever a stranger types.")
        if self.data_dir.stat().st_mode & 0o007:
            raise ConfigError(f"HOTLINE_DATA_DIR: anybody may look into {self.data_dir}; run: chmod o= {self.data_dir}")
        for path in self.key_files:
            if path.exists() and path.stat().st_mode & 0o007:
                raise ConfigError(f"HOTLINE_KEYS: anybody may read {path}; run: chmod o= {path}")
        if len(self.secret_key.get_secret_value()) < WEAK_SECRET_CHARS:
            raise ConfigError(
                f"SECRET_KEY must have {WEAK_SECRET_CHARS} characters or more: "
                "make one with python3 -c 'import secrets; print(secrets.token_urlsafe(48))'."
            )
        if any(len(token) < WEAK_TOKEN_CHARS for token in self.auth_tokens):
            raise ConfigError("TWILIO_AUTH_TOKEN is too short to be one: copy it from the Twilio console.")
        sqlite = sys.modules["sqlite3"].sqlite_version_info
        if self.sqlite and sqlite < SOUND_SQLITE:
            raise ConfigError(
                f"DATABASE_URL: this SQLite ({'.'.join(map(str, sqlite))}) can lose commits; "
                "install pysqlite3 0.6.1 or newer, or use PostgreSQL."
            )

    @property
    def base_url(self) -> str:
        """What signatures and callback URLs are made from, without a trailing slash."""
        return (self.public_base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def is_public(self) -> bool:
        """Strict rules hold: the hotline is reached over https."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+pysqlite:///{self.data_dir / 'hotline.db'}"

    @property
    def sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @property
    def audio_url(self) -> str:
        return self.hotline_audio_url or (self.data_dir / "recordings").as_uri()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.hotline_time_zone)

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        return _listed(self.twilio_auth_token.get_secret_value())

    @property
    def media_hosts(self) -> tuple[str, ...]:
        return _listed(self.twilio_media_hosts.lower())

    @property
    def mail_hosts(self) -> tuple[str, ...]:
        return _listed(self.hotline_mail_hosts.lower())

    @property
    def hosts(self) -> frozenset[str]:
        """The names, without a port, under which pages and the API answer."""
        own = urlsplit(self.base_url).hostname or ""
        return frozenset((own, *LOOPBACK, *_listed(self.trusted_hosts.lower())))

    @property
    def numbers(self) -> tuple[str, ...]:
        return _listed(self.hotline_numbers)

    @property
    def calling_regions(self) -> tuple[str, ...]:
        return _listed(self.hotline_calling_regions.upper()) or (self.hotline_region,)

    @property
    def calling_hours(self) -> tuple[time, time]:
        """When residents may be called: from, to."""
        opens, closes = map(time.fromisoformat, self.hotline_calling_hours.split("-"))
        return opens, closes

    @property
    def keep_days(self) -> dict[str, int]:
        """How long each kind of what we know of people is kept, in days."""
        return {
            "audio": self.hotline_keep_audio_days,
            "words": self.hotline_keep_words_days,
            "numbers": self.hotline_keep_numbers_days,
            "cards": self.hotline_keep_cards_days,
            "log": self.hotline_keep_log_days,
        }

    @property
    def own_words(self) -> tuple[str, ...]:
        """What this hotline is called, and so no password."""
        parts = (urlsplit(self.base_url).hostname or "").split(".")
        return tuple(filter(None, (self.hotline_name, self.hotline_number, *parts)))

    def needs_second_factor(self, role: str) -> bool:
        """Whether somebody of this role cannot go on without a second factor."""
        required = self.hotline_second_factor or ("required" if self.is_public else "offered")
        return required == "required" and role in ("supervisor", "admin")

    @cached_property
    def data_dir(self) -> Path:
        """The data folder, made when it is missing; nobody else may look inside."""
        folder = self.hotline_data_dir.absolute()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"HOTLINE_DATA_DIR: {folder} cannot be made ({error.strerror}).") from None
        if not os.access(folder, os.W_OK):
            raise ConfigError(f"HOTLINE_DATA_DIR: {folder} cannot be written; give it to the hotline's user.")
        return folder

    @cached_property
    def cookie_key(self) -> str:
        return self.secret_key.get_secret_value() or self.own_secret("secret.key")

    @cached_property
    def channels_key(self) -> str:
        return self.hotline_channels_key.get_secret_value() or self.own_secret("channels.key")

    @property
    def key_files(self) -> tuple[Path, ...]:
        """The files that HOTLINE_KEYS names."""
        return tuple(Path(part) for part in self._key_parts if part.startswith("/"))

    @cached_property
    def sealing_keys(self) -> tuple[str, ...]:
        """What HOTLINE_KEYS and the files it names hold, newest first; a key a line, and lines with # say nothing."""
        keys: list[str] = []
        for part in self._key_parts:
            if not part.startswith("/"):
                keys.append(part)
                continue
            try:
                lines = Path(part).read_text("utf-8").splitlines()
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or "it is no text"
                raise ConfigError(f"HOTLINE_KEYS: {part} cannot be read ({reason}); bring the file back.") from None
            keys += [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
        if self._key_parts and not keys:
            raise ConfigError("HOTLINE_KEYS: no key stands in what it names; flask keys new makes one.")
        return tuple(keys)

    @property
    def _key_parts(self) -> tuple[str, ...]:
        return _listed(",".join(self.hotline_keys.get_secret_value().split()))

    def own_secret(self, name: str) -> str:
        """A secret that this installation made for itself, the same for all its processes."""
        path = self.data_dir / name
        try:
            with open(path, "x", opener=lambda file, flags: os.open(file, flags, 0o600)) as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        for _ in range(SECRET_TRIES):  # another process may have made the file, and not yet written it
            if secret := path.read_text():
                return secret
            sleep(0.05)
        raise ConfigError(f"HOTLINE_DATA_DIR: {path} is empty; remove it, or bring it back from the backup.")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
