"""What is refused at start: one line, with the variable and the remedy, and never a secret."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ivr.errors import ConfigError
from ivr.factory import create_app
from ivr.settings import Settings

SECRET = "hush-hush-hush-hush-hush-hush-hush-hush"
DEMO = {"HOTLINE_SIMULATOR": "1"}
PUBLIC = {
    "PUBLIC_BASE_URL": "https://hotline.example",
    "SECRET_KEY": SECRET,
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
}


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment without any variable of ours but the data folder."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    def load(environment: dict[str, str]) -> Settings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return Settings.load()

    return load


def test_a_demo_needs_one_variable(load, folder: Path):
    """Everything else has a default, on this machine and in the data folder."""
    settings = load(DEMO)

    assert "http://127.0.0.1:8000" == settings.base_url
    assert f"sqlite+pysqlite:///{folder}/hotline.db" == settings.database
    assert f"file://{folder}/recordings" == settings.audio_url
    assert not settings.is_public


def test_the_data_folder_and_its_keys_are_nobody_elses(load, folder: Path):
    """A116: What the hotline makes for itself is the same for each of its processes, and only its user can read it."""
    assert load(DEMO).cookie_key == load(DEMO).cookie_key
    assert 0o700 == folder.stat().st_mode & 0o777
    assert 0o600 == (folder / "secret.key").stat().st_mode & 0o777


def test_a_public_hotline_is_accepted_with_good_keys(load):
    assert load(PUBLIC).is_public


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("postgres://u:p@db/hotline", "postgresql+psycopg://u:p@db/hotline"),
        ("postgresql://u:p@db/hotline", "postgresql+psycopg://u:p@db/hotline"),
        ("postgresql+psycopg://u:p@db/hotline", "postgresql+psycopg://u:p@db/hotline"),
        ("sqlite:////srv/hotline.db", "sqlite:////srv/hotline.db"),
    ],
)
def test_a_database_url_may_be_written_as_platforms_do(load, given: str, kept: str):
    assert kept == load(DEMO | {"DATABASE_URL": given}).database


def test_tokens_may_be_two_while_rotating(load):
    assert ("new-token-0123456", "old-token-0123456") == load(
        PUBLIC | {"TWILIO_AUTH_TOKEN": "new-token-0123456, old-token-0123456,"}
    ).auth_tokens


def test_keys_stand_in_the_environment_or_in_files(load, tmp_path: Path):
    """The newest first, wherever each stands; comments in a file are none."""
    path = tmp_path / "keys"
    assert () == load(DEMO).sealing_keys
    path.write_text("# made in May\nfrom-a-file\n\n  and-another \n")
    assert ("one", "from-a-file", "and-another", "two") == load(
        DEMO | {"HOTLINE_KEYS": f"one, {path}\ntwo"}
    ).sealing_keys


def test_a_key_file_that_is_not_there_is_named(load, tmp_path: Path):
    """A120: a hotline that lost its keys does not start and write in the clear."""
    with pytest.raises(ConfigError, match=r"HOTLINE_KEYS: .*/gone cannot be read"):
        _ = load(DEMO | {"HOTLINE_KEYS": str(tmp_path / "gone")}).sealing_keys


def test_a_key_file_without_a_key_is_no_file_of_keys(load, tmp_path: Path):
    """A120: nor is everything in the clear from then on."""
    path = tmp_path / "keys"
    path.write_text("# made in May\n")
    with pytest.raises(ConfigError, match="HOTLINE_KEYS: no key stands"):
        _ = load(DEMO | {"HOTLINE_KEYS": str(path)}).sealing_keys


def test_a_key_that_is_none_stops_the_start(load):
    """A120"""
    with pytest.raises(ConfigError, match="HOTLINE_KEYS"):
        create_app(load(DEMO | {"HOTLINE_KEYS": "not-a-key"}))


def test_in_public_a_key_file_is_nobody_elses(load, tmp_path: Path):
    """A116"""
    path = tmp_path / "keys"
    path.write_text("")
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="HOTLINE_KEYS: anybody may read"):
        load(PUBLIC | {"HOTLINE_KEYS": str(path)})
    path.chmod(0o640)
    assert load(PUBLIC | {"HOTLINE_KEYS": str(path)}).is_public


@pytest.mark.parametrize(
    ("wrong", "variable"),
    [
        ({}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_AUTH_TOKEN": SECRET}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_AUTH_TOKEN": " , "}, "TWILIO_AUTH_TOKEN"),
        (DEMO | {"TWILIO_API_KEY": "SK1"}, "TWILIO_API_SECRET"),
        (DEMO | {"TWILIO_API_SECRET": SECRET}, "TWILIO_API_KEY"),
        (DEMO | {"TWILIO_API_BASE_URL": "http://carrier.example"}, "TWILIO_API_BASE_URL"),
        (DEMO | {"TWILIO_API_BASE_URL": "https://[carrier"}, "TWILIO_API_BASE_URL"),
        (DEMO | {"PUBLIC_BASE_URL": "http://hotline.example"}, "PUBLIC_BASE_URL"),
        (DEMO | {"PUBLIC_BASE_URL": "hotline.example"}, "PUBLIC_BASE_URL"),
        (DEMO | {"PUBLIC_BASE_URL": "ftp://hotline.example"}, "PUBLIC_BASE_URL"),
        (DEMO | {"PUBLIC_BASE_URL": "https://hotline.example/path"}, "PUBLIC_BASE_URL"),
        (DEMO | {"PUBLIC_BASE_URL": "https://hotline.example?x=1"}, "PUBLIC_BASE_URL"),
        (DEMO | {"PUBLIC_BASE_URL": "https://[hotline"}, "PUBLIC_BASE_URL"),
        (DEMO | {"PUBLIC_BASE_URL": "https://hotline.example:port"}, "PUBLIC_BASE_URL"),
        (DEMO | {"PORT": "eighty"}, "PORT"),
        (DEMO | {"PORT": "70000"}, "PORT"),
        (DEMO | {"HOTLINE_SIMULATOR": "perhaps"}, "HOTLINE_SIMULATOR"),
        (DEMO | {"HOTLINE_TIME_ZONE": "Ningbo"}, "HOTLINE_TIME_ZONE"),
        (DEMO | {"HOTLINE_REGION": "China"}, "HOTLINE_REGION"),
        (DEMO | {"HOTLINE_LOG_LEVEL": "LOUD"}, "HOTLINE_LOG_LEVEL"),
        (DEMO | {"DATABASE_URL": f"mysql://u:{SECRET}@db/hotline"}, "DATABASE_URL"),
        (DEMO | {"DATABASE_URL": f"postgresql://u:{SECRET}@db:port/hotline"}, "DATABASE_URL"),
        (PUBLIC | {"SECRET_KEY": ""}, "SECRET_KEY"),
        (PUBLIC | {"SECRET_KEY": "short"}, "SECRET_KEY"),
        (PUBLIC | {"TWILIO_AUTH_TOKEN": "short"}, "TWILIO_AUTH_TOKEN"),
        (PUBLIC | {"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    ],
)
def test_what_is_wrong_is_one_line_with_the_variable_first(load, wrong: dict[str, str], variable: str):
    """F27"""
    with pytest.raises(ConfigError) as refused:
        load(wrong)

    assert str(refused.value).startswith(variable)
    assert "\n" not in str(refused.value)
    assert SECRET not in str(refused.value)


def test_what_only_the_application_can_tell_is_refused_too(load):
    """A language without a pack, a place for recordings that is none."""
    for wrong in ({"HOTLINE_LANGUAGE": "tlh"}, {"HOTLINE_AUDIO_URL": "nowhere://"}):
        (variable,) = wrong
        with pytest.raises(ConfigError, match=f"^{variable}"):
            create_app(load(DEMO).model_copy(update={variable.lower(): wrong[variable]}))


def test_a_folder_that_cannot_be_made_is_refused(load, folder: Path):
    folder.write_text("a file stands here")

    with pytest.raises(ConfigError, match=r"^HOTLINE_DATA_DIR"):
        load(DEMO).data_dir  # noqa: B018 - reading it makes it


def test_in_public_nobody_else_may_look_into_the_data_folder(load, folder: Path):
    """A116: Recordings and numbers lie there; a folder that was made by hand may be open."""
    folder.mkdir()
    folder.chmod(0o755)

    assert load(DEMO)
    with pytest.raises(ConfigError, match=r"^HOTLINE_DATA_DIR.*chmod"):
        load(PUBLIC)


def test_in_public_an_unsafe_sqlite_is_refused(load, monkeypatch: pytest.MonkeyPatch):
    """It can lose commits; PostgreSQL does not care."""
    monkeypatch.setitem(sys.modules, "sqlite3", SimpleNamespace(sqlite_version_info=(3, 51, 2)))

    with pytest.raises(ConfigError, match=r"^DATABASE_URL"):
        load(PUBLIC)
    assert load(PUBLIC | {"DATABASE_URL": "postgresql://u:p@db/hotline"})


def test_a_key_of_ours_that_was_never_written_is_no_key(load, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """A process that died while making it, or one that is about to write it: never an empty secret."""
    monkeypatch.setattr("ivr.settings.SECRET_TRIES", 1)
    settings = load(DEMO)
    (settings.data_dir / "channels.key").touch()
    with pytest.raises(ConfigError, match=r"channels\.key is empty"):
        settings.own_secret("channels.key")


def test_channels_keys_may_be_two_while_rotating_and_none_is_short(load):
    assert f"{SECRET},{SECRET}" == load(DEMO | {"HOTLINE_CHANNELS_KEY": f"{SECRET},{SECRET}"}).channels_key
    with pytest.raises(ConfigError, match="HOTLINE_CHANNELS_KEY: a key has 32 characters or more"):
        load(DEMO | {"HOTLINE_CHANNELS_KEY": f"{SECRET},"})


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As systemd and containers hand it over: never on a command line, in no process's environment."""
    files = tmp_path / "credentials"
    files.mkdir()
    (files / "twilio_auth_token").write_text("a-token-of-a-file\n")
    (files / "hotline_name").write_text("of a file")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(files))
    monkeypatch.setenv("HOTLINE_NAME", "of the environment")
    settings = Settings.load(hotline_data_dir=tmp_path / "data", twilio_account_sid="AC1")
    assert (("a-token-of-a-file",), "of the environment") == (settings.auth_tokens, settings.hotline_name)


def test_a_folder_of_secrets_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match=r"^CREDENTIALS_DIRECTORY"):
        Settings.load(hotline_simulator=True)
