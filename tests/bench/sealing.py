"""What does sealing cost? Of a message, of a request that waits, and as a share of the webhooks of a call.

    python -m tests.bench.sealing [--rounds 30]

One process, no network, SQLite. ``webhook`` is the hotline's own work for one of a call's six, commit included;
``fallback`` is one that keeps the request on the disk. Each is done in the clear and sealed, in turn; medians of
processor time, which waiting for the disk is none of.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from ivr.factory import create_app
from ivr.settings import Settings
from ivr.store import schema
from ivr.store.files.audio import AudioStore
from ivr.store.sealing import Keyring, keyring, new_key
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.voice.sender import CALL, ENDED, Sender, recorded

MESSAGE = os.urandom(960_000)  # a minute as telephones speak it: 8,000 samples of two bytes a second
NAME = "message.wav"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=30)
    rounds = asked.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        works = [works_of(Path(folder) / name, keys) for name, keys in (("clear", ""), ("sealed", new_key()))]
        print(f"{'cpu ms, medians of ' + str(rounds):38}{'clear':>8}{'sealed':>8}{'more':>8}")
        for name in works[0]:
            clear, sealed = pair(works[0][name], works[1][name], rounds)
            print(f"{name:38}{clear:8.3f}{sealed:8.3f}{sealed - clear:8.3f}")


def works_of(folder: Path, keys: str) -> dict[str, Callable[[], int]]:
    """What is measured, by name; each does its work and says how often."""
    settings = Settings.load(
        hotline_data_dir=folder, hotline_keys=keys, hotline_simulator=True, hotline_log_level="ERROR",
        twilio_account_sid=ACCOUNT_SID, twilio_auth_token=AUTH_TOKEN, public_base_url="http://localhost",
    )  # fmt: skip
    app = create_app(settings)
    schema.upgrade(app.sessions.engine)
    sender = Sender(app.test_client())
    store = AudioStore(f"{folder.as_uri()}/sounds", keyring([keys]) if keys else Keyring())
    store.put(NAME, MESSAGE)

    def call() -> int:
        ours = CALL | {"CallSid": f"CA{os.urandom(16).hex()}"}
        sent = [
            ("/voice/incoming", {}), ("/voice/turn/1", {"Digits": "1"}), ("/voice/turn/2", {"Digits": "201"}),
            ("/voice/turn/3", recorded(f"RE{os.urandom(16).hex()}") | {"Digits": "#"}), ("/voice/turn/4", {}),
            ("/voice/status", ENDED),
        ]  # fmt: skip
        for path, form in sent:
            sender.post(path, form | ours)
        return len(sent)

    def fallback() -> int:
        sender.post("/voice/fallback", CALL | {"SpeechResult": "我要买降压药"})
        return 1

    def keep() -> int:
        store.put(NAME, MESSAGE)
        return 1

    def play() -> int:
        store.read(NAME)
        return 1

    return {"webhook": call, "fallback": fallback, "a minute's message kept": keep, "a minute's message read": play}


def pair(clear: Callable[[], int], sealed: Callable[[], int], rounds: int) -> tuple[float, float]:
    """Milliseconds of processor time of each, done in turn."""
    spent: tuple[list[float], list[float]] = ([], [])
    for do in (clear, sealed):
        do()
    for _ in range(rounds):
        for do, times in zip((clear, sealed), spent, strict=True):
            began_s = time.process_time()
            done = do()
            times.append(1000 * (time.process_time() - began_s) / done)
    return median(spent[0]), median(spent[1])


if __name__ == "__main__":
    main()
