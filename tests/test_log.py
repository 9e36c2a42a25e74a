"""A log line is one line of JSON, and nobody's telephone number can be read from it."""

import json
import logging

import pytest
import structlog

from ivr import log


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize("number", ["+8613800000001", "13800000001", "0574-5550 0001", "+86 138 0000 0001"])
def test_of_a_number_the_last_four_digits_stay(capsys: pytest.CaptureFixture[str], number: str):
    """A108: However it is written, and wherever in the event it stands."""
    log.configure("INFO")
    structlog.get_logger("ivr").warning(f"{number} rang", caller=number)

    (event,) = written(capsys)
    assert "•••0001" == event["caller"]
    assert "•••0001 rang" == event["event"]


def test_a_line_break_stays_inside_its_line(capsys: pytest.CaptureFixture[str]):
    """A63: Nobody writes a second event by sending one with a line break or a terminal's escape."""
    log.configure("INFO")
    structlog.get_logger("ivr").warning("name", name='x\n{"event": "forged"}\r\x1b[2J')

    (event,) = written(capsys)
    assert 'x\n{"event": "forged"}\r\x1b[2J' == event["name"]


def test_a_librarys_record_is_masked_too(capsys: pytest.CaptureFixture[str]):
    log.configure("INFO")
    logging.getLogger("urllib3.pool").warning("calling %s", "+8613800000001")

    (event,) = written(capsys)
    assert ("calling •••0001", "urllib3.pool") == (event["event"], event["logger"])


def test_a_traceback_is_masked_too(capsys: pytest.CaptureFixture[str]):
    """A108: What an exception says went into the log as it was."""
    log.configure("INFO")
    try:
        raise ValueError("+8613800000001 is not a community")
    except ValueError as error:
        structlog.get_logger("ivr").error("failed", exc_info=error)

    (event,) = written(capsys)
    assert "+8613800000001" not in json.dumps(event)
    assert "•••0001 is not a community" in str(event["exception"])
