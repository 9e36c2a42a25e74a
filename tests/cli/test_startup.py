"""Every line of the Procfile starts with the environment alone, or says in one line why it does not."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
GOOD = {"HOTLINE_SIMULATOR": "1", "PORT": "1"}


def start(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, run to its end in an environment that holds nothing else of ours."""
    program, *args = shlex.split(command)
    return subprocess.run(  # noqa: S603 - our own Procfile
        [Path(sys.executable).parent / program, *args],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "HOTLINE_DATA_DIR": str(folder / "data")} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", [*PROCFILE.values(), "flask doctor", "flask token add reports"])
def test_a_wrong_environment_is_one_line_and_status_2(command: str, tmp_path: Path):
    """F27: The line names the variable and the remedy; gunicorn does not start workers that refuse again and again."""
    done = start(command, tmp_path)

    assert (2, "") == (done.returncode, done.stdout)
    (line,) = done.stderr.splitlines()
    assert line.startswith("TWILIO_AUTH_TOKEN is not set: set it")


def test_release_makes_the_database(tmp_path: Path):
    done = start(PROCFILE["release"], tmp_path, **GOOD)

    assert (0, "The database is up to date.\n") == (done.returncode, done.stdout)
    assert (tmp_path / "data" / "hotline.db").exists()


def test_the_worker_refuses_a_database_that_was_not_released(tmp_path: Path):
    done = start(PROCFILE["worker"], tmp_path, **GOOD)

    assert 2 == done.returncode
    (line,) = done.stderr.splitlines()
    assert line.startswith("DATABASE_URL: ")
    assert "flask db upgrade" in line
